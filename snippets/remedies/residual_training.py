import numpy as np
import matplotlib.pyplot as plt

L, n, points, updates, seeds, rate = 30, 16, 40, 200, 5, 0.003
np.seterr(over="ignore")
y = np.repeat([[0.0], [1.0]], points, axis=0)  # (2P, 1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def spirals(rng):
    t = np.sqrt(rng.random(points)) * 3 * np.pi
    arm = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / 5
    return np.concatenate([arm, -arm]) + 0.03 * rng.standard_normal((2 * points, 2))


def train(keep, scale, gain):
    # one network for each seed, all at once: arrays begin with S
    #zh 每个种子一个网络，同时训练：数组的第一维是 S
    rng = np.random.default_rng(0)
    x = np.array([spirals(rng) for seed in range(seeds)])  # (S, 2P, 2)
    V = rng.standard_normal((seeds, 2, n)) / np.sqrt(2)
    w = rng.standard_normal((seeds, n, 1)) / np.sqrt(n)
    W = rng.standard_normal((seeds, L, n, n)) * np.sqrt(gain / n)
    p = [V, w, W, np.zeros((seeds, L, 1, n))]
    m, s, losses = [0 * q for q in p], [0 * q for q in p], []
    for update in range(1, updates + 1):
        V, w, W, b = p
        h, r = [x @ V], []
        for k in range(L):
            r.append(np.maximum(h[k], 0))
            h.append(keep * h[k] + scale * (r[k] @ W[:, k] + b[:, k]))
        z = h[L] @ w
        losses.append(np.mean(np.logaddexp(0, z) - y * z, axis=(1, 2)))
        error = (sigmoid(z) - y) / len(y)
        g, dW, db = error @ w.swapaxes(1, 2), 0 * W, 0 * b
        for k in range(L - 1, -1, -1):
            dW[:, k] = scale * r[k].swapaxes(1, 2) @ g
            db[:, k] = scale * g.sum(axis=1, keepdims=True)
            g = keep * g + scale * (g @ W[:, k].swapaxes(1, 2)) * (h[k] > 0)
        grads = x.swapaxes(1, 2) @ g, h[L].swapaxes(1, 2) @ error, dW, db
        for k, g in enumerate(grads):
            m[k] = 0.9 * m[k] + 0.1 * g
            s[k] = 0.99 * s[k] + 0.01 * g**2
            size = np.sqrt(s[k] / (1 - 0.99**update)) + 1e-8
            p[k] = p[k] - rate * m[k] / (1 - 0.9**update) / size
    return np.array(losses), np.mean((z > 0) == (y > 0.5), axis=(1, 2))


gains = {"1/(3n)": 1 / 3, "2/n (He)": 2}
kinds = {"plain": (0, 1), "shortcuts": (1, 1), "scaled": (1, 1 / np.sqrt(L))}
runs = {}
print("all seeds classify over 90 % of the points: plain, shortcuts, scaled")
for name, gain in gains.items():
    for kind, branch in kinds.items():
        runs[name, kind] = train(*branch, gain)
    print(name.ljust(8), *(min(runs[name, kind][1]) > 0.9 for kind in kinds))

fig, axes = plt.subplots(2, 1, figsize=(4.95, 5.6), sharey=True)
for axis, name in zip(axes, gains):
    for kind, look in (("plain", "C3--"), ("shortcuts", "C1:"), ("scaled", "C2-")):
        axis.semilogy(runs[name, kind][0], look, lw=1)
    axis.set_xlabel(f"update; variance {name}")  #zh f"更新次数；方差 {name}"

axes[0].plot([], [], "C3--", lw=1, label="plain")  #zh "普通"
axes[0].plot([], [], "C1:", lw=1, label="shortcuts")  #zh "残差连接"
axes[0].plot([], [], "C2-", lw=1, label="shortcuts, branch × 1/√L")  #zh "残差连接，支路 × 1/√L"
axes[0].set(ylim=(1e-5, 5), ylabel="loss")  #zh "损失"
axes[0].legend()
plt.show()

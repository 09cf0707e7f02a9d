import numpy as np
import matplotlib.pyplot as plt

L, n, points, updates, seeds, rate = 30, 16, 40, 200, 3, 0.003
np.seterr(over="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def spirals(rng):
    # two arms, one and a half turns each
    #zh 两条旋臂，各转一圈半
    t = np.sqrt(rng.random(points)) * 3 * np.pi
    arm = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / 5
    x = np.concatenate([arm, -arm]) + 0.03 * rng.standard_normal((2 * points, 2))
    return x, np.repeat([[0.0], [1.0]], points, axis=0)


def train(keep, scale, gain, seeds):
    # one network for each seed, all at once: arrays begin with S
    #zh 每个种子一个网络，同时训练：数组的第一维是 S
    x, p = [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x.append(spirals(rng)[0])
        V, w, W = (rng.standard_normal(s) for s in ((2, n), (n, 1), (L, n, n)))
        V, w, W = V / np.sqrt(2), w / np.sqrt(n), W * np.sqrt(gain / n)
        p.append([V, w, W, np.zeros((L, 1, n))])
    x, y = np.array(x), np.repeat([[0.0], [1.0]], points, axis=0)  # (S, 2P, 2), (2P, 1)
    p = [np.array(parts) for parts in zip(*p)]
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
        g, dW, db = error @ w.swapaxes(1, 2), np.empty_like(W), np.empty_like(b)
        for k in range(L - 1, -1, -1):
            dW[:, k] = scale * r[k].swapaxes(1, 2) @ g
            db[:, k] = scale * g.sum(axis=1, keepdims=True)
            g = keep * g + scale * (g @ W[:, k].swapaxes(1, 2)) * (h[k] > 0)
        grads = x.swapaxes(1, 2) @ g, h[L].swapaxes(1, 2) @ error, dW, db
        for k, g in enumerate(grads):
            # Adam
            #zh Adam 优化器
            m[k] = 0.9 * m[k] + 0.1 * g
            s[k] = 0.99 * s[k] + 0.01 * g**2
            size = np.sqrt(s[k] / (1 - 0.99**update)) + 1e-8
            p[k] = p[k] - rate * m[k] / (1 - 0.9**update) / size
    return np.array(losses), np.mean((z > 0) == (y > 0.5), axis=(1, 2))


gains = ("1/(3n)", 1 / 3), ("1/n", 1), ("2/n (He)", 2)
kinds = (0, 1, "C3", "--"), (1, 1, "C1", ":"), (1, 1 / np.sqrt(L), "C2", "-")
labels = (
    "plain",  #zh "普通"
    "shortcuts",  #zh "残差连接"
    "shortcuts, branch × 1/√L",  #zh "残差连接，支路 × 1/√L"
)
fig, axes = plt.subplots(1, 3, figsize=(6.5, 3.2), sharey=True)
ends, right = {}, {}
print("all seeds classify over 90 % of the points: plain, shortcuts, scaled")
for axis, (name, gain) in zip(axes, gains):
    for (keep, scale, color, style), label in zip(kinds, labels):
        losses, shares = train(keep, scale, gain, range(seeds))
        right[name, color] = shares
        ends[name, color] = losses[-1]
        for seed in range(seeds):
            name_once = None if seed else label
            axis.semilogy(losses[:, seed], color, ls=style, lw=1, label=name_once)
    print(name.ljust(8), *(min(right[name, color]) > 0.9 for _, _, color, _ in kinds))
    axis.set_title(name, fontsize=10)
    axis.set_xlabel("update")  #zh "更新次数"

stalled = min(ends["1/(3n)", "C3"])
axes[0].set_ylim(1e-5, 5)
axes[0].set_ylabel("loss")  #zh "损失"
axes[0].legend(fontsize=7)
plt.show()

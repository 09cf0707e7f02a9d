import numpy as np
import matplotlib.pyplot as plt

L, n, points, updates, seeds, rate = 30, 16, 60, 250, 3, 0.003


def spirals(rng):
    # two arms, one and a half turns each
    #zh 两条旋臂，各转一圈半
    t = np.sqrt(rng.random(points)) * 3 * np.pi
    arm = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / 5
    x = np.concatenate([arm, -arm]) + 0.03 * rng.standard_normal((2 * points, 2))
    return x, np.repeat([[0.0], [1.0]], points, axis=0)


def train(keep, gain, seed):
    rng = np.random.default_rng(seed)
    x, y = spirals(rng)
    V, w, W = (rng.standard_normal(s) for s in ((2, n), (n, 1), (L, n, n)))
    p = [V / np.sqrt(2), w / np.sqrt(n), W * np.sqrt(gain / n), np.zeros((L, 1, n))]
    m, s, losses = [0 * q for q in p], [0 * q for q in p], []
    scale = 1 / np.sqrt(L) if keep else 1
    for update in range(1, updates + 1):
        V, w, W, b = p
        h, r = [x @ V], []
        for k in range(L):
            r.append(np.maximum(h[k], 0))
            h.append(keep * h[k] + scale * (r[k] @ W[k] + b[k]))
        z = h[L] @ w
        losses.append(np.mean(np.logaddexp(0, z) - y * z))
        error = (0.5 * (1 + np.tanh(0.5 * z)) - y) / len(x)
        g, dW, db = error @ w.T, np.empty_like(W), np.empty_like(b)
        for k in range(L - 1, -1, -1):
            dW[k], db[k] = scale * r[k].T @ g, scale * g.sum(axis=0)
            g = keep * g + scale * (g @ W[k].T) * (h[k] > 0)
        for k, g in enumerate((x.T @ g, h[L].T @ error, dW, db)):
            # Adam
            #zh Adam 优化器
            m[k], s[k] = 0.9 * m[k] + 0.1 * g, 0.99 * s[k] + 0.01 * g**2
            size = np.sqrt(s[k] / (1 - 0.99**update)) + 1e-8
            p[k] = p[k] - rate * m[k] / (1 - 0.9**update) / size
    return np.array(losses), np.mean((z > 0) == (y > 0.5))


gains = (("1/(3n)", 1 / 3), ("1/n", 1), ("2/n (He)", 2))
fig, axes = plt.subplots(1, 3, figsize=(6.5, 3.2), sharey=True)
ends, right = {}, {}
for axis, (name, gain) in zip(axes, gains):
    for keep, color, style, label in (
        (0, "C3", "--", "plain"),  #zh "普通"
        (1, "C2", "-", "shortcuts"),  #zh "残差连接"
    ):
        runs = [train(keep, gain, seed) for seed in range(seeds)]
        ends[keep, name] = [losses[-1] for losses, _ in runs]
        right[keep, name] = [share for _, share in runs]
        for seed, (losses, _) in enumerate(runs):
            axis.semilogy(losses, color, ls=style, lw=1, label=None if seed else label)
        print(name.ljust(8), "keep", keep, *(f"{r:4.0%}" for r in right[keep, name]))
    axis.set_title(name, fontsize=10)
    axis.set_xlabel("update")  #zh "更新次数"

stalled = min(ends[0, "1/(3n)"])
plain_he = max(ends[0, "2/n (He)"])
shortcut_worst = max(max(ends[1, name]) for name, _ in gains)
middle_best, middle_worst = min(right[0, "1/n"]), max(right[0, "1/n"])
axes[0].set_ylim(1e-5, 5)
axes[0].set_ylabel("loss")  #zh "损失"
axes[0].legend()
plt.show()

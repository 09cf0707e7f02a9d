import numpy as np
import matplotlib.pyplot as plt

L, n, points, updates, seeds, rates = 4, 32, 100, 150, 3, (0.03, 0.1, 0.3, 1.0, 4.0)
np.seterr(all="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def spirals(rng):
    t = np.sqrt(rng.random(points)) * 3 * np.pi
    arm = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / 5
    return np.concatenate([arm, -arm]), np.repeat([[0.0], [1.0]], points, axis=0)


def forward(x, p, running, training):
    h, scales = [x], []
    for k, (W, beta) in enumerate(zip(p[:-1:2], p[1:-1:2])):
        z, scale = h[-1] @ W, 1.0
        if len(running):
            # training: the batch's own statistics; later: their running averages
            #zh 训练时用本批的统计量，之后用它们的滑动平均
            now = np.stack([z.mean(axis=0), z.var(axis=0)]) if training else running[k]
            running[k] += 0.1 * (now - running[k])
            scale = 1 / np.sqrt(now[1] + 1e-5)
            z = (z - now[0]) * scale
        h.append(np.maximum(z + beta, 0))
        scales.append((z, scale))
    return h, scales, sigmoid(h[-1] @ p[-1])


def train(normalize, rate, seed):
    rng = np.random.default_rng(seed)
    x, y = spirals(rng)
    p = []
    for m in [2] + [n] * (L - 1):
        p += [np.sqrt(2 / m) * rng.standard_normal((m, n)), np.zeros(n)]
    p, running = p + [np.zeros((n, 1))], np.zeros((L, 2, n))[: L * normalize]
    for update in range(updates):
        h, saved, out = forward(x, p, running, True)
        error = (out - y) / len(x)
        g, grads = error @ p[-1].T, [h[L].T @ error]
        for k in range(L - 1, -1, -1):
            z, scale = saved[k]
            g = g * (h[k + 1] > 0)
            dbeta = g.sum(axis=0)
            if normalize:
                g = scale * (g - g.mean(axis=0) - z * (g * z).mean(axis=0))
            grads = [h[k].T @ g, dbeta] + grads
            g = g @ p[2 * k].T
        p = [q - rate * d for q, d in zip(p, grads)]
    x, y = spirals(rng)
    out = forward(x, p, running, False)[2]
    # the same data one by one, each with the statistics of a "batch" of 1
    #zh 同样的数据逐个预测，统计量取自“一个样本的批”
    alone = np.concatenate([forward(row[None], p, running, True)[2] for row in x])
    return [np.mean((q > 0.5) == (y > 0.5)) for q in (out, alone)]


# the shares classified right: of fresh points, and of the same one by one
#zh 正确率：新数据上的，以及同样的数据逐个预测的
right = {}
for normalize in (False, True):
    runs = [[train(normalize, rate, seed) for seed in range(seeds)] for rate in rates]
    right[normalize] = np.mean(runs, axis=1)  # (rates, 2)
    print("BN:", normalize, *(f"{share:4.0%}" for share, _ in right[normalize]))

plt.semilogx(rates, right[False][:, 0], "C0o-", label="without BN")  #zh "无 BN"
plt.semilogx(rates, right[True][:, 0], "C4D-", label="with BN")  #zh "有 BN"
plt.xlabel("learning rate")  #zh "学习率"
plt.ylabel("fresh points classified right")  #zh "新数据上的正确率"
plt.legend()
plt.show()

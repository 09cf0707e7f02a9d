import numpy as np
import matplotlib.pyplot as plt

n, seeds = 64, 5
depths = [1, 2, 5, 10, 20, 50]
# inputs on a line through the space: a turn from one random direction to another
#zh 输入排成一条线：从一个随机方向转到另一个
angles = np.linspace(0, np.pi / 2, 65)


def gradients(L, keep, scale, seed):
    # of a random linear output by the first layer, at every input: (65, n)
    #zh 随机线性输出对第一层的梯度，每个输入一个：(65, n)
    rng = np.random.default_rng(seed)
    start, end, v = rng.standard_normal((3, n))
    h, layers = np.outer(np.cos(angles), start) + np.outer(np.sin(angles), end), []
    for l in range(L):
        W = np.sqrt(2 / n) * rng.standard_normal((n, n))
        layers.append((W, h > 0))
        h = keep * h + scale * np.maximum(h, 0) @ W
    g = np.tile(v, (len(angles), 1))
    for W, on in layers[::-1]:
        g = keep * g + scale * (g @ W.T) * on
    return g


def likeness(L, keep, scale, seed, lag=4):
    # mean cosine between the gradients at inputs 5.6 degrees apart
    #zh 相隔 5.6 度的两个输入，梯度夹角余弦的平均
    g = gradients(L, keep, scale, seed)
    g = g / np.linalg.norm(g, axis=1, keepdims=True)
    return np.mean(np.sum(g[lag:] * g[:-lag], axis=1))


curves = []
for keep, scaled in ((0, False), (1, False), (1, True)):
    curve = []
    for L in depths:
        scale = 1 / np.sqrt(L) if scaled else 1
        runs = [likeness(L, keep, scale, seed) for seed in range(seeds)]
        curve.append(np.median(runs))
    curves.append(curve)
    print(*(f"{value:.1f}" for value in curve))

plt.semilogx(depths, curves[0], "C0o-", label="plain, He")  #zh "普通，He"
plt.semilogx(depths, curves[1], "C2^-", label="residual")  #zh "残差"
plt.semilogx(depths, curves[2], "C2s--", label="residual, branch × 1/√L")  #zh "残差，支路 × 1/√L"
plt.xlabel("layers L")  #zh "层数 L"
plt.ylabel("cosine of neighbouring gradients")  #zh "相邻输入的梯度之间的余弦"
plt.ylim(-0.1, 1.05)
plt.legend()
plt.show()

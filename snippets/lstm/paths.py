import numpy as np
import matplotlib.pyplot as plt

H, T, seeds = 32, 100, 5
biases = np.arange(-2, 9)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def left(bias, seed, by_cell=1, by_h=1, scale=1, inputs=1):
    # what is left of ∂c_T/∂c_0 where the cell's own path, or that through h, counts 0
    #zh ∂c_T/∂c_0 还剩多少：细胞自己的路、经过 h 的路，各算（1）或不算（0）
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    U = scale * rng.uniform(-k, k, (H, 4 * H))
    h, c = np.zeros(H), np.zeros(H)
    dc, dh = np.eye(H), np.zeros((H, H))  # ∂c_t/∂c_0, ∂h_t/∂c_0
    for t in range(T):
        i, f, g, o = np.split(h @ U + inputs * k * rng.standard_normal(4 * H), 4)
        i, f, g, o = sigmoid(i), sigmoid(f + bias), np.tanh(g), sigmoid(o)
        di, df, dg, do = np.split(by_h * dh @ U, 4, axis=1)
        di, df = di * i * (1 - i), df * f * (1 - f)
        dg, do = dg * (1 - g**2), do * o * (1 - o)
        keep = f if t == 0 else by_cell * f
        dc = dc * keep + di * g + df * c + dg * i
        c = f * c + i * g
        dh = dc * o * (1 - np.tanh(c) ** 2) + do * np.tanh(c)
        h = o * np.tanh(c)
    # the largest singular value
    #zh 最大奇异值
    return np.linalg.norm(dc, 2)


def median(bias, **cut):
    return np.median([left(bias, seed, **cut) for seed in range(seeds)])


full = np.array([median(bias) for bias in biases])
cell = np.array([median(bias, by_h=0) for bias in biases])
no_cell, half = median(2, by_cell=0), median(2, scale=0.5)
loud = median(2, inputs=np.sqrt(H))
print(f"b = 2, all paths:           {full[4]:.1f}")
print(f"without the way through h:  {cell[4]:.0e}")
print(f"without the cell's own way: below 1e-50 {no_cell < 1e-50}")
print(f"weights U halved:           {half:.0e}")
print(f"inputs of size 1:           {loud:.0e}")

plt.semilogy(biases, full, "C1s-", label="all paths")  #zh "所有的路"
plt.semilogy(biases, cell, "C1--", label="the cell alone: ∏ f")  #zh "只走细胞：∏ f"
plt.semilogy(biases, sigmoid(biases) ** T, "k.", label="σ(b)^100")
plt.xlabel("forget-gate bias b")  #zh "遗忘门偏置 b"
plt.ylim(1e-20, 1e4)
plt.ylabel("gradient left after 100 steps")  #zh "100 步之后剩下的梯度"
plt.legend(loc="lower right")
plt.show()

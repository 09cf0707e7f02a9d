import numpy as np
import matplotlib.pyplot as plt

H, seeds = 64, 5
lags = [10, 30, 100, 300, 1000]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def kept(T, b_f, b_i, rng):
    # one LSTM at initialization reads T steps of noise; what is left of ∂c_T/∂c_0
    #zh 刚初始化的 LSTM 读 T 步噪声；∂c_T/∂c_0 还剩多少（沿细胞路径）
    k = 1 / np.sqrt(H)
    W, U = rng.uniform(-k, k, (1, 4 * H)), rng.uniform(-k, k, (H, 4 * H))
    h, c, product = np.zeros(H), np.zeros(H), np.ones(H)
    for t in range(T):
        i, f, g, o = np.split(rng.standard_normal(1) @ W + h @ U, 4)
        i, f, g, o = sigmoid(i + b_i), sigmoid(f + b_f), np.tanh(g), sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        product = product * f
    return product.mean()


curves = {"b_f = 1": [], "b_f = 4": [], "chrono": []}
for T in lags:
    runs = {name: [] for name in curves}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        b = np.log(rng.uniform(1, T - 1, H))
        runs["b_f = 1"].append(kept(T, 1.0, 0.0, rng))
        runs["b_f = 4"].append(kept(T, 4.0, 0.0, rng))
        runs["chrono"].append(kept(T, b, -b, rng))
    for name in curves:
        curves[name].append(np.mean(runs[name]))

# for large T the mean over u = e^b of (1 + 1/u)⁻ᵀ tends to ∫₀¹ exp(−1/s) ds
#zh T 很大时，(1 + 1/u)⁻ᵀ 对 u = e^b 的均值趋于 ∫₀¹ exp(−1/s) ds
s = (np.arange(10000) + 0.5) / 10000
expected = np.exp(-1 / s).mean()
for name in curves:
    print(f"{name:8}", *(f"{value:8.0e}" for value in curves[name]))

plt.loglog(lags, curves["b_f = 1"], "C0o-", label="b_f = 1")
plt.loglog(lags, curves["b_f = 4"], "C2^-", label="b_f = 4")
plt.loglog(lags, curves["chrono"], "C1s-", label="chrono: b_f = log U[1, T-1]")  #zh "chrono 初始化：b_f = log U[1, T-1]"
plt.axhline(expected, color="black", ls="--", lw=1)
plt.ylim(1e-12, 2)
plt.xlabel("lag T")  #zh "时滞 T"
plt.ylabel("∏ f")
plt.legend()
plt.show()

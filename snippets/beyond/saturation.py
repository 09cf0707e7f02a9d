import numpy as np
import matplotlib.pyplot as plt

T, queries, sizes = 64, 400, np.array([4, 16, 64, 256, 1024])


def softmax(s):
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def slope(d, divisor):
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((queries, d)), rng.standard_normal((T, d))
    a = softmax(q @ k.T / divisor)  # (queries, T)
    # the softmax's Jacobian is diag(a) - aᵀa; its trace is 1 - Σ a^2
    #zh softmax 的雅可比矩阵是 diag(a) - aᵀa，迹是 1 - Σ a^2
    return np.median(1 - (a**2).sum(axis=1))


plain = [slope(d, 1) for d in sizes]
scaled = [slope(d, np.sqrt(d)) for d in sizes]
for d, one, other in zip(sizes, plain, scaled):
    print(f"d = {d:4}: slope {one:.4f}, with 1/sqrt(d) {other:.2f}")

plt.loglog(sizes, plain, "C3o-", label="q·k")
plt.loglog(sizes, scaled, "C2o-", label="q·k / √d")
plt.xlabel("size d of query and key")  #zh "查询和键的维数 d"
plt.ylabel("slope of the softmax")  #zh "softmax 的斜率"
plt.legend()
plt.show()

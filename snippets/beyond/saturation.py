import numpy as np
import matplotlib.pyplot as plt

T, queries, sizes = 64, 400, np.array([4, 16, 64, 256, 1024])


def softmax(s):
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def measured(d, divisor):
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((queries, d)), rng.standard_normal((T, d))
    a = softmax(q @ k.T / divisor)  # (queries, T)
    # the softmax's Jacobian is diag(a) - aᵀa; its trace is 1 - Σ a^2
    #zh softmax 的雅可比矩阵是 diag(a) - aᵀa，迹是 1 - Σ a^2
    return np.median(a.max(axis=1)), np.median(1 - (a**2).sum(axis=1))


plain = np.array([measured(d, 1) for d in sizes])
scaled = np.array([measured(d, np.sqrt(d)) for d in sizes])
for d, one, other in zip(sizes, plain, scaled):
    print(f"d = {d:4}: slope {one[1]:.4f}, with 1/sqrt(d) {other[1]:.2f}")

fig, (left, right) = plt.subplots(1, 2, figsize=(6.5, 3.3))
left.semilogx(sizes, plain[:, 0], "C3o-", label="q·k")
left.semilogx(sizes, scaled[:, 0], "C2o-", label="q·k / √d")
left.set_ylabel("largest weight")  #zh "最大的权重"
right.loglog(sizes, plain[:, 1], "C3o-")
right.loglog(sizes, scaled[:, 1], "C2o-")
right.set_ylabel("slope of the softmax, 1 - Σ a^2")  #zh "softmax 的斜率，1 - Σ a^2"
for axis in (left, right):
    axis.set_xlabel("size d of query and key")  #zh "查询和键的维数 d"

left.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T, queries, sizes = 200, 300, np.array([4, 16, 64, 256])


def weight_of_one(d, divisor, rng):
    # normal queries and keys: q·k has a deviation of √d
    #zh 查询和键都服从正态分布：q·k 的标准差是 √d
    q, k = rng.standard_normal((queries, d)), rng.standard_normal((queries, T, d))
    scores = (k * q[:, None]).sum(axis=2) / divisor  # (queries, T)
    a = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.median(a / a.sum(axis=1, keepdims=True))


plain = [weight_of_one(d, 1, np.random.default_rng(0)) for d in sizes]
scaled = [weight_of_one(d, np.sqrt(d), np.random.default_rng(0)) for d in sizes]
for d, one, other in zip(sizes, plain, scaled):
    print(f"d = {d:3}: median weight {one:.0e}, with 1/sqrt(d) {other:.4f}")

plt.loglog(sizes, scaled, "C2o-", label="scores q·k / √d")  #zh "打分 q·k / √d"
plt.loglog(sizes, plain, "C3o-", label="scores q·k")  #zh "打分 q·k"
plt.axhline(1 / T, color="black", ls="--", lw=1, label="1/T")
plt.xlabel("dimension d")  #zh "维数 d"
plt.ylabel("median weight of a state")  #zh "一个状态的权重（中位数）"
plt.legend()
plt.show()

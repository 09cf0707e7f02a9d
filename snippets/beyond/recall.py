import numpy as np
import matplotlib.pyplot as plt

d, seeds = 32, 5
counts = np.array([1, 2, 4, 8, 16, 32, 64, 128, 256, 512])


def errors(n, seed):
    # n pairs of key and value; asked for the value of each key in turn
    #zh n 对键和值；逐个问每个键的值
    rng = np.random.default_rng(seed)
    k, v = rng.standard_normal((2, n, d))
    # attention keeps all pairs and decides when asked; the query is 4 keys long
    #zh 注意力留着每一对，问到了才决定；查询是键的 4 倍
    s = 4 * k @ k.T / np.sqrt(d)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    by_attention = e / e.sum(axis=1, keepdims=True) @ v
    # a state of d × d numbers: the sum of kᵀv, and the best matrix there is
    #zh 只有 d × d 个数的状态：kᵀv 之和，以及最好的矩阵
    unit = k / np.linalg.norm(k, axis=1, keepdims=True)
    by_sum = unit @ (unit.T @ v)
    by_best = k @ np.linalg.lstsq(k, v, rcond=None)[0]
    return [((y - v) ** 2).mean() for y in (by_attention, by_sum, by_best)]


found = np.array([[errors(n, seed) for seed in range(seeds)] for n in counts])
attention, summed, best = np.median(found, axis=1).T
print("          attention     sum    best")
for n, one, other, third in zip(counts, attention, summed, best):
    print(f"{n:3} pairs  {one:9.3f}  {other:6.3f}  {third:6.3f}")

plt.semilogx(counts, attention, "C4^-", label="attention: all pairs kept")  #zh "注意力：每一对都留着"
plt.semilogx(counts, summed, "C3o-", label="d × d state: sum")  #zh "d × d 的状态：求和"
plt.semilogx(counts, best, "C2o-", label="d × d state: the best")  #zh "d × d 的状态：最好的"
plt.axvline(d, color="black", ls="--", lw=1)
plt.xlabel("pairs n (dashed: n = d)")  #zh "对数 n（虚线：n = d）"
plt.ylabel("mean squared error")  #zh "均方误差"
plt.ylim(-0.1, 2)
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

n, season, longest = 20000, 4, 8

# each value resembles the one of four steps ago, not its neighbour
#zh 每个值像四步之前的那个，不像邻居
rng = np.random.default_rng(0)
a = list(rng.standard_normal(season))
for e in rng.standard_normal(n):
    a.append(0.95 * a[-season] + np.sqrt(1 - 0.95**2) * e)

# the best linear forecast from the last T values, on values it has not seen;
# of a Gaussian series no network's is better
#zh 用最后 T 个值所能做的最好的线性预测，在没见过的值上评估；
#zh 序列是高斯的，换什么网络也好不过它
a, best = np.array(a), {}
for T in range(1, longest + 1):
    x = np.stack([a[t : len(a) - T + t] for t in range(T)], axis=1)
    y = a[T:]
    seen, new = slice(0, n // 2), slice(n // 2, n - T)
    w = np.linalg.lstsq(x[seen], y[seen], rcond=None)[0]
    best[T] = ((x[new] @ w - y[new]) ** 2).mean() / y[new].var()
    print(f"window {T}: error {best[T]:.1f} of the variance")

# baselines: the last value, and the one a season ago
#zh 基线：最后一个值，以及一个周期之前的值
last = ((a[season:] - a[season - 1 : -1]) ** 2).mean() / a.var()
seasonal = ((a[season:] - a[:-season]) ** 2).mean() / a.var()

plt.semilogy(best.keys(), best.values(), "C1s-", label="best forecast")  #zh "最好的预测"
plt.axhline(last, color="gray", ls=":", label="last value")  #zh "最后一个值"
plt.axhline(1, color="black", ls="--", lw=1, label="mean")  #zh "均值"
plt.axhline(seasonal, color="gray", ls="-.", label="a season ago")  #zh "一个周期之前"
plt.xlabel("values in the window")  #zh "窗口里有几个值"
plt.ylabel("squared error, of the variance")  #zh "平方误差（以方差为单位）"
plt.legend()
plt.show()

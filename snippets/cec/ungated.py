import numpy as np
import matplotlib.pyplot as plt


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gate(x, m):
    # a product: the gate of the program above, w = 1.8, u = 5.6, b = -5.4
    #zh 乘法：上面程序里的门，w = 1.8，u = 5.6，b = -5.4
    return sigmoid(5.6 * m - 5.4) * 1.8 * x


def pair(x, m):
    # only sums: without the marker -4 is added and both units are shut
    #zh 只有加法：没有标记就加上 -4，两个单元都关着
    push = 4 * m - 4
    return np.maximum(x + push, 0) - np.maximum(-x + push, 0)


def error(enter, T, scale):
    # a carousel adds up what enters; wanted: the marked input
    #zh 传送带把进来的都加起来；目标：标记处的输入
    rng = np.random.default_rng(0)
    x = scale * rng.standard_normal((20000, T))  # (B, T)
    m = np.eye(T)[rng.integers(T, size=len(x))]  # (B, T)
    return ((enter(x, m).sum(axis=1) - (m * x).sum(axis=1)) ** 2).mean() / scale**2


settings = ((20, 1), (80, 1), (20, 3))
gated = [error(gate, T, scale) for T, scale in settings]
summed = [error(pair, T, scale) for T, scale in settings]
for (T, scale), one, other in zip(settings, gated, summed):
    print(f"T = {T}, inputs × {scale}: gate {one:.4f}, two units {other:.4f}")

x = np.linspace(-12, 12, 49)
plt.plot(x, gate(x, 1), "C1", lw=5, alpha=0.4, label="gate, at the marker")  #zh "门，标记处"
plt.plot(x, gate(x, 0), "C1", lw=5, alpha=0.4, ls=":", label="gate, elsewhere")  #zh "门，别处"
plt.plot(x, pair(x, 1), "C0", label="two units, at the marker")  #zh "两个单元，标记处"
plt.plot(x, pair(x, 0), "C0--", label="two units, elsewhere")  #zh "两个单元，别处"
plt.axvspan(-3, 3, color="gray", alpha=0.15, lw=0)
plt.xlabel("input x (gray: the range in training)")  #zh "输入 x（灰：训练时的范围）"
plt.ylabel("what enters the cell")  #zh "进入细胞的量"
plt.legend()
plt.show()

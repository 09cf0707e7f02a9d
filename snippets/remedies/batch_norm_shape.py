import numpy as np
import matplotlib.pyplot as plt

rng = np.random.default_rng(0)
B = 200_000


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


def skew(z):
    return (((z - z.mean()) / z.std()) ** 3).mean()


# decidedly not Gaussian: exponential data
#zh 明显不是高斯分布的数据：指数分布
x = 3 * rng.exponential(size=B)
y = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
mean, variance, skewness = abs(y.mean()), y.var(), skew(y)
print(f"after BN: mean {mean:.2f}, variance {variance:.2f}, skew {skewness:.1f}")

# what BN is good for with a sigmoid: the slope at large and at small pre-activations
#zh BN 对 sigmoid 的好处：预激活大和小时的斜率
z = rng.standard_normal(B)
slope_10, slope_1 = sigmoid_slope(10 * z).mean(), sigmoid_slope(z).mean()
print(f"mean slope of the sigmoid: {slope_10:.3f} at scale 10, {slope_1:.3f} at 1")

fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
grid = np.linspace(-4, 4, 200)
top.hist(y, bins=np.linspace(-4, 4, 81), density=True, color="C4", alpha=0.6)
top.plot(grid, np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi), "k--", lw=1)
top.text(0.3, 0.75, "batch-normalized", color="C4")  #zh "批归一化之后"
top.text(1.2, 0.3, "N(0, 1)")
top.set_xlabel("value")  #zh "取值"
top.set_ylabel("density")  #zh "概率密度"
scales = np.geomspace(0.1, 100, 40)
bottom.loglog(scales, [sigmoid_slope(s * z).mean() for s in scales], "C4")
bottom.plot([10, 1], [slope_10, slope_1], "C4D")
bottom.axhline(0.25, color="black", ls="--", lw=1)
bottom.set_xlabel("standard deviation of z")  #zh "z 的标准差"
bottom.set_ylabel("mean of σ′(z)")  #zh "σ′(z) 的均值"
plt.show()

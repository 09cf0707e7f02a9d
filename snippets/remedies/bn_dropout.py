import numpy as np
import matplotlib.pyplot as plt

rng = np.random.default_rng(0)
B, n = 4000, 64
drops = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
h = np.maximum(rng.standard_normal((B, n)), 0)
W = rng.standard_normal((n, n)) / np.sqrt(n)


def dropout(x, p):
    # what is kept is divided by 1 - p: the mean stays, the variance does not
    #zh 留下的除以 1 - p：均值不变，方差变了
    return x * (rng.random(x.shape) >= p) / (1 - p)


def batch_norm(x, mean, variance):
    return (x - mean) / np.sqrt(variance)


shift = {"dropout, then BN": [], "BN, then dropout": []}
for p in drops:
    # in training BN sees dropped values; in evaluation it uses their variance
    #zh 训练时 BN 看到的是 dropout 之后的值；评估时仍用它们的方差
    z = dropout(h, p) @ W
    known = z.mean(axis=0), z.var(axis=0)
    shift["dropout, then BN"].append(batch_norm(h @ W, *known).var(axis=0).mean())
    z = h @ W
    known = z.mean(axis=0), z.var(axis=0)
    shift["BN, then dropout"].append(batch_norm(z, *known).var(axis=0).mean())

# E[x²] and Var[x] of a ReLU's output: p adds p / (1 - p) E[x²] to the variance
#zh ReLU 输出的 E[x²] 和 Var[x]：p 让方差多出 p / (1 - p) E[x²]
square, variance = (h**2).mean(), h.var()
expected = variance / (variance + drops / (1 - drops) * square)
half = shift["dropout, then BN"][5]
print(f"p = 0.5: variance in evaluation {half:.2f}, expected {expected[5]:.2f}")

first, last = shift["dropout, then BN"], shift["BN, then dropout"]
plt.plot(drops, first, "C4D-", label="dropout, then BN")  #zh "先丢弃，后 BN"
plt.plot(drops, last, "C2^-", label="BN, then dropout")  #zh "先 BN，后丢弃"
plt.plot(drops, expected, "k:", label="expected")  #zh "理论值"
plt.ylim(0, 1.1)
plt.xlabel("share dropped p")  #zh "丢弃率 p"
plt.ylabel("variance after BN, in evaluation")  #zh "评估时 BN 之后的方差"
plt.legend()
plt.show()

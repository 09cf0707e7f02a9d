import numpy as np
import matplotlib.pyplot as plt

n, hidden, updates, seeds, rate = 128, 50, 200, 10, 1.0


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def train(learn_below, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 2))
    y = 1.0 * ((x**2).sum(axis=1, keepdims=True) < 1)  # (n, 1)
    A, a = rng.standard_normal((2, hidden)), np.zeros(hidden)
    W, b = rng.standard_normal((hidden, hidden)) / 5, np.full(hidden, -3.0)
    v, highest = rng.standard_normal((hidden, 1)) / np.sqrt(hidden), []
    for update in range(updates + 1):
        low = np.maximum(x @ A + a, 0)
        z = low @ W + b  # (n, hidden)
        high = np.maximum(z, 0)
        # a unit whose highest z is not above 0 is off for every example: dead
        #zh 单元最大的 z 都不大于 0，就对每个样本都关着，也就是死了
        highest.append(z.max(axis=0))
        error = (sigmoid(high @ v) - y) / n
        dz = error @ v.T * (z > 0)
        dlow = dz @ W.T * (low > 0)
        v = v - rate * high.T @ error
        W = W - rate * low.T @ dz
        b = b - rate * dz.sum(axis=0)
        if learn_below:
            A = A - rate * x.T @ dlow
            a = a - rate * dlow.sum(axis=0)
    return np.array(highest)


dead, revived, at_end, curves = {}, {}, {}, {}
for learn_below, words in ((True, "trained"), (False, "frozen")):
    runs = np.array([train(learn_below, seed) for seed in range(seeds)])
    off = runs <= 0
    dead[words] = off[:, 0].sum()
    revived[words] = (off[:, 0] & ~off.all(axis=1)).sum()
    at_end[words] = (off[:, 0] & ~off[:, -1]).sum()
    curves[words] = runs[5][:, off[5, 0]]
    print(f"layer below {words}: {dead[words]} units dead at the start,")
    print(f"  {revived[words]} of them revived, {at_end[words]} alive at the end")

some = np.arange(0, updates + 1, 5)
plt.plot(some, curves["frozen"][some], "gray", lw=1)
plt.plot(some, curves["trained"][some], "C1", lw=1)
plt.axhline(0, color="black", ls="--", lw=1)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("highest net input of a dead unit")  #zh "死亡神经元预激活的最大值"
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T, d, layers, seeds = 16, 32, 24, 5
future = np.triu(np.ones((T, T), bool), k=1)


def differences(add, seed):
    # how far the steps still differ from their mean, relative to their size
    #zh 各步与平均相差多少，相对于自身的大小
    rng = np.random.default_rng(seed)
    x, left = rng.standard_normal((T, d)), []
    for n in range(layers):
        Wq, Wk, Wv = rng.standard_normal((3, d, d)) / np.sqrt(d)
        # as pre-norm does it: each step at size 1 before it enters
        #zh 照前归一化的做法：进入之前，每一步的大小都调到 1
        u = x / np.sqrt((x**2).mean(axis=1, keepdims=True))
        s = np.where(future, -np.inf, u @ Wq @ (u @ Wk).T / np.sqrt(d))
        e = np.exp(s - s.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True) @ u @ Wv
        x = x + y if add else y
        left.append(np.linalg.norm(x - x.mean(axis=0)) / np.linalg.norm(x))
    return left


replaced = np.median([differences(False, seed) for seed in range(seeds)], axis=0)
added = np.median([differences(True, seed) for seed in range(seeds)], axis=0)
print(f"after {layers} layers: x = attention(x) {replaced[-1]:.0e}")
print(f"                 x = x + attention(x) {added[-1]:.2f}")

depth = np.arange(1, layers + 1)
plt.semilogy(depth, replaced, "C3o-", label="x ← attention(x)")  #zh "x ← 注意力(x)"
plt.semilogy(depth, added, "C2o-", label="x ← x + attention(x)")  #zh "x ← x + 注意力(x)"
plt.xlabel("layer")  #zh "层"
plt.ylabel("how far the steps differ")  #zh "各步相差多少"
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

lengths = np.arange(1, 10)
grid = np.linspace(-1, 1, 9)


def accuracy(T, factors):
    # all strings of T bits, and every unit h ← a(x) h + b(x) of a grid
    #zh 所有 T 位的串，以及网格上的每一个单元 h ← a(x) h + b(x)
    bits = np.arange(2**T) >> np.arange(T)[:, None] & 1  # (T, 2^T)
    odd = bits.sum(axis=0) % 2
    a0, a1, b0, b1 = np.meshgrid(factors, factors, grid[::2], grid[::2])
    a, b = np.array([a0.ravel(), a1.ravel()]), np.array([b0.ravel(), b1.ravel()])
    h = np.ones((a.shape[1], 2**T))
    for x in bits:
        h = a[x].T * h + b[x].T
    # the best threshold of each unit: all cuts between sorted states
    #zh 每个单元最好的阈值：在排好序的状态之间逐处切开
    order = np.argsort(h, axis=1, kind="stable")
    states = np.take_along_axis(h, order, axis=1)
    right = np.cumsum(2 * odd[order] - 1, axis=1)
    # equal states cannot be told apart
    #zh 相等的状态切不开
    right[:, :-1][states[:, 1:] == states[:, :-1]] = 0
    return 0.5 + np.abs(right).max() / 2**T


gates = [accuracy(T, grid[grid >= 0]) for T in lengths]
signed = [accuracy(T, grid) for T in lengths]
for T, one, other in zip(lengths, gates, signed):
    print(f"T = {T}: gates {one:.3f}, signed {other:.3f}")

plt.plot(lengths, signed, "C2o-", label="factors in [-1, 1]")  #zh "因子在 [-1, 1] 里"
plt.plot(lengths, gates, "C3s-", label="factors in [0, 1]")  #zh "因子在 [0, 1] 里"
plt.axhline(0.5, color="black", ls="--", lw=1)
plt.xlabel("bits in the string")  #zh "串的位数"
plt.ylabel("parity told right")  #zh "奇偶判断对的比例"
plt.ylim(0.45, 1.05)
plt.legend()
plt.show()

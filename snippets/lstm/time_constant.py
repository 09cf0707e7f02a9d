import numpy as np
import matplotlib.pyplot as plt

T = 60
steps = np.arange(T + 1)
taus, curves = {}, {}
for f in (0.5, 0.731, 0.9, 0.99):
    # a pulse of size 1 at step 0, nothing afterwards
    #zh 第 0 步输入大小为 1 的脉冲，此后什么也不输入
    c = [1.0]
    for t in range(T):
        c.append(f * c[t])
    # measured: the time constant of the exponential that c follows
    #zh 实测：c 所遵循的指数曲线的时间常数
    curves[f] = c
    taus[f] = -T / np.log(c[T])
    print(f"f = {f}: tau = {taus[f]:.2f}, -1/ln f = {-1 / np.log(f):.2f}")

# the gate that has half left after 100 steps, f^100 = 1/2, and its bias
#zh 走 100 步还剩一半的门：f^100 = 1/2，以及相应的偏置
half = 0.5 ** (1 / 100)
bias = np.log(half / (1 - half))
print(f"half of it after 100 steps: f = {half:.4f}, a bias of {bias:.2f}")

for f, color in zip(taus, ("C0", "C2", "C4", "C1")):
    plt.plot(steps, curves[f], color=color, label=f"f = {f}, τ = {taus[f]:.2f}")
    plt.plot(taus[f], np.exp(-1), "o", color=color)

plt.axhline(np.exp(-1), color="black", ls="--", lw=1)
plt.text(T, np.exp(-1), "1/e ", ha="right", va="bottom")
plt.xlim(-1, T + 1)
plt.xlabel("steps since the pulse")  #zh "脉冲之后的步数"
plt.ylabel("cell state c")  #zh "细胞状态 c"
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

beta1, before, after, spike, limit = 0.9, 20_000, 9000, 1000.0, 10.0


def steps(beta2, clip):
    # gradients of size 1, one of size 1000 among them: how long are Adam's steps?
    #zh 梯度一直是 1，中间有一次 1000：Adam 的步子有多长？
    m = v = 0.0
    lengths = []
    for t in range(1, before + after):
        g = spike if t == before else 1.0
        if clip:
            g = min(g, limit)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        lengths.append(m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t)))
    return np.array(lengths[before - 1 :])


def back(lengths):
    # the last update, counted from the spike, whose step is shorter than half the usual one
    #zh 从尖峰数起，最后一次步长不到平常一半的更新
    return int(np.max(np.flatnonzero(lengths < 0.5), initial=0))


short, long = steps(0.99, False), steps(0.999, False)
back_short, back_long = back(short), back(long)
lowest_short, lowest_long = short.min(), long.min()
clipped = steps(0.999, True)
lowest_clipped = clipped.min()
print(f"β₂ = 0.99 : half the usual step after {back_short} updates")
print(f"β₂ = 0.999: half the usual step after {back_long} updates")
print(f"β₂ = 0.999, clipped at {limit:.0f}: never below {lowest_clipped:.2f} of it")
for lengths, look, label in (
    (short, "C1", "β₂ = 0.99"),
    (long, "C3", "β₂ = 0.999"),
    (clipped, "C0--", "β₂ = 0.999, clipped"),  #zh "β₂ = 0.999，裁剪"
):
    plt.semilogy(np.arange(0, after, 50), lengths[::50], look, label=label)
plt.xlabel("updates since the spike")  #zh "尖峰之后的更新次数"
plt.ylabel("Adam's step over the usual one")  #zh "Adam 的步长与平常之比"
plt.legend()
plt.show()

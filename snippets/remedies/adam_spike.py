import numpy as np

beta1, before, after, spike, limit = 0.9, 20_000, 9000, 1000.0, 10.0


def steps(beta2, clip):
    # gradients of size 1, one of size 1000 among them: how long are Adam's steps?
    #zh 梯度一直是 1，中间有一次 1000：Adam 的步子有多长？
    m, v, lengths = 0.0, 0.0, []
    for t in range(1, before + after):
        g = spike if t == before else 1.0
        if clip:
            g = min(g, limit)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        lengths.append(m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t)))
    return np.array(lengths[before - 1 :])


def back(lengths):
    # the last update, counted from the spike, whose step is below half the usual one
    #zh 从尖峰数起，最后一次步长不到平常一半的更新
    return int(np.max(np.flatnonzero(lengths < 0.5), initial=0))


short, long = steps(0.99, False), steps(0.999, False)
back_short, back_long = back(short), back(long)
lowest_clipped = steps(0.999, True).min()
print(f"beta2 = 0.99 : half the usual step after {back_short} updates")
print(f"beta2 = 0.999: half the usual step after {back_long} updates")
print(f"beta2 = 0.999, clipped at {limit:.0f}: never below {lowest_clipped:.2f} of it")

import numpy as np
import matplotlib.pyplot as plt


def loop(a, b):
    h, states = 0, []
    for t in range(len(b)):
        h = a[t] * h + b[t]
        states.append(h)
    return np.array(states)


def scan(a, b):
    # (a, b) stands for the map h → a h + b. Each round puts two maps together,
    # one after the other, and reaches twice as far back
    #zh (a, b) 代表映射 h → a h + b。每轮把先后两个映射合成一个，
    #zh 往回够到的距离加倍
    a, b, reach, rounds, work = a.copy(), b.copy(), 1, 0, 0
    while reach < len(b):
        b[reach:] = a[reach:] * b[:-reach] + b[reach:]
        a[reach:] = a[reach:] * a[:-reach]
        work += 2 * (len(b) - reach)
        reach, rounds = 2 * reach, rounds + 1
    return b, rounds, work


T = 4096
rng = np.random.default_rng(0)
a = rng.uniform(0.3, 1, T)
b, dh = rng.standard_normal((2, T))
h = loop(a, b)
at_once, rounds, work = scan(a, b)
same = np.abs(at_once - h).max()

# backward: δ_t = dh_t + a_{t+1} δ_{t+1}, the same recurrence from the end
#zh 反向：δ_t = dh_t + a_{t+1} δ_{t+1}，同样的递推，从结尾走起
later = np.append(a[1:], 0)
delta = scan(later[::-1], dh[::-1])[0][::-1]
da, db = delta * np.append(0, h[:-1]), delta
by_loop = loop(later[::-1], dh[::-1])[::-1]
same_back = np.abs(delta - by_loop).max()
print(f"loop {T} steps, scan {rounds} rounds")
print(f"same to 1e-12: forward {same < 1e-12}, backward {same_back < 1e-12}")

# the closed form, a running sum divided by a running product
#zh 闭式：累加除以连乘
with np.errstate(all="ignore"):
    share = np.cumprod(a)
    closed = share * np.cumsum(b / share)

until = int((~np.isfinite(closed)).argmax())
print(f"running product: NaN from step {until} on")

lengths = 2 ** np.arange(4, 15)
counted = np.array([scan(np.ones(n), np.ones(n))[1:] for n in lengths])
fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
top.loglog(lengths, lengths, "C0o-", label="loop")  #zh "循环"
top.loglog(lengths, counted[:, 0], "C2s-", label="scan")  #zh "扫描"
top.set_ylabel("rounds, one after the other")  #zh "先后的轮数"
bottom.loglog(lengths, lengths, "C0o-")
bottom.loglog(lengths, counted[:, 1], "C2s-")
bottom.set_ylabel("multiplications in all")  #zh "乘法总数"
for axis in (top, bottom):
    axis.set_xlabel("length T")  #zh "序列长度 T"

top.legend()
plt.show()

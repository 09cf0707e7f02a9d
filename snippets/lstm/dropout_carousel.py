import numpy as np
import matplotlib.pyplot as plt

p, steps, N = 0.2, 30, 100_000
q = 1 - p
rng = np.random.default_rng(0)


def kept(shape):
    # 1 with probability q, else 0
    #zh 以概率 q 取 1，否则取 0
    return (rng.random(shape) < q).astype(float)


def each_step(c, first):
    return kept(N) * c / q


def one_mask(c, first):
    return first * c / q


def zoneout(c, first):
    # the new state is c, too: f = 1 and nothing is written
    #zh 新状态也是 c：f = 1，什么也不写
    old, new = c, c
    return np.where(rng.random(N) < p, old, new)


def candidate(c, first):
    # the mask meets what is written, not what is kept
    #zh 掩码乘的是要写的东西，不是要保持的东西
    i, g = 0, 1
    return c + i * kept(N) * g / q


share, size = {}, {}
for way in (each_step, one_mask, zoneout, candidate):
    c, first = np.ones(N), kept(N)
    name, holding, value = way.__name__, [1.0], [1.0]
    for k in range(steps):
        c = way(c, first)
        holding.append(np.mean(c > 0))
        value.append(c.max())
    share[name] = np.array(holding)
    size[name] = np.array(value)
    print(f"{name:9}  still hold it: {holding[-1]:.1%}, {value[-1]:.0f} times as large")

theory = q ** np.arange(steps + 1)

fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6), layout="tight")
looks = {"each_step": "C3v", "one_mask": "C0o", "zoneout": "C2^", "candidate": "C1s"}
labels = (
    "new mask each step",  #zh "每步换掩码"
    "one mask",  #zh "一个掩码"
    "zoneout",  #zh "照抄旧值"
    "candidate only",  #zh "只丢候选状态"
)
for (name, look), label in zip(looks.items(), labels):
    marks = range(list(looks).index(name), steps + 1, 6)
    top.semilogy(share[name], look + "-", markevery=marks, label=label)
    bottom.semilogy(size[name], look + "-", markevery=marks)

top.semilogy(theory, "k:", label="q^k")
top.set_title("share of units that hold c")  #zh "还存着 c 的单元"
bottom.set_title("size of what they hold")  #zh "存着的值放大了多少倍"
top.set_xlabel("steps k")  #zh "步数 k"
bottom.set_xlabel("steps k")  #zh "步数 k"
top.legend()
plt.show()

# %% [markdown] en
# # Who can add two numbers that lie far apart?
#
# The adding problem of the LSTM paper (Hochreiter & Schmidhuber 1997): a sequence of random numbers, two of them
# marked; at the end, name their sum. Nothing is hard about it but the distance. RNN, IRNN, LSTM and GRU at several
# lengths, each with the learning rate that suits it: who needs how many updates to leave behind the one number that
# anybody gets for free?
#
# **What you need:** NumPy and Matplotlib.
# %% [markdown] zh
# # 相隔很远的两个数，谁能加起来？
#
# LSTM 论文里的加法任务（Hochreiter & Schmidhuber 1997）：一串随机数，其中两个做了标记，读完之后说出两者之和。除了隔得远，
# 没有别的难处。RNN、IRNN、LSTM、GRU，几种长度，学习率各用最合适的。永远回答同一个数，谁都会；要明显胜过它，各要更新多少次？
#
# **需要：** NumPy 和 Matplotlib。
# %%
#seconds 600
import numpy as np
import matplotlib.pyplot as plt

B, most = 16, 1200
lengths = (10, 20, 80)
# units and learning rate: one that suits each network, of those tried
#zh 单元数和学习率：从试过的里面选适合每个网络的
networks = {
    "RNN 24": (24, 0.006),
    "RNN 48": (48, 0.002),
    "IRNN 24": (24, 0.006),
    "LSTM 24": (24, 0.06),
    "GRU 24": (24, 0.02),
}


def task(T, rng, size=B):
    x = np.zeros((T, size, 2), np.float32)
    x[:, :, 0] = rng.random((T, size))
    first, second = rng.integers(0, T // 2, size), rng.integers(T // 2, T, size)
    x[first, range(size), 1] = 1
    x[second, range(size), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=0)[:, None]


# %% [markdown] en
# ## The baseline, in closed form
#
# Two numbers, uniform between 0 and 1, have a sum of mean 1 and variance $\tfrac{2}{12} = \tfrac16$. Whoever always
# answers 1 has that as squared error. Le et al. (2015) print 0.1767; it is 0.1667.
# %% [markdown] zh
# ## 基线，闭式解
#
# 两个 0 到 1 之间均匀分布的数，和的均值是 1，方差是 $\tfrac{2}{12} = \tfrac16$。永远回答 1，平方误差就是它。
# Le 等人（2015）印的是 0.1767，其实是 0.1667。
# %%
baseline = 1 / 6
_, sums = task(10, np.random.default_rng(0), 200_000)
measured = ((sums - 1) ** 2).mean()
print(f"always answering 1: {measured:.4f}, in theory {baseline:.4f}")
# %% [markdown] en
# ## Five networks
#
# An RNN with 48 units has about as many parameters as the LSTM with 24.
# [LSTM](../lstm/backward.md), [RNN](../rnn/chain-rule.md) and [GRU](../remedies/gru.md) are the programs of this
# site, checked against PyTorch. The IRNN is the RNN with ReLU for tanh, started at the identity
# ([why](../remedies/activations.md)).
# %% [markdown] zh
# ## 五个网络
#
# 48 个单元的 RNN，参数和 24 个单元的 LSTM 差不多一样多。[LSTM](../lstm/backward.md)、[RNN](../rnn/chain-rule.md)、[GRU](../remedies/gru.md) 都是本站的程序，与 PyTorch 核对过。
# IRNN 就是把 RNN 的 tanh 换成 ReLU，从单位矩阵出发（[为什么](../remedies/activations.md)）。
# %%
# include lstm/backward: sigmoid, forward as lstm_forward, backward as lstm_backward
# include rnn/bptt: forward as rnn_forward, backward as rnn_backward
# include remedies/gru: forward as gru_forward, backward as gru_backward


def irnn_forward(x, h, W, U, b):
    hs = [h]
    for x_t in x:
        hs.append(np.maximum(x_t @ W + hs[-1] @ U + b, 0))
    return np.array(hs)


def irnn_backward(x, hs, U, dhs):
    dz, dh = np.zeros_like(hs[1:]), 0
    for t in range(len(x) - 1, -1, -1):
        dz[t] = (dh + dhs[t]) * (hs[t + 1] > 0)
        dh = dz[t] @ U.T
    dW, dU = (np.tensordot(a, dz, ((0, 1), (0, 1))) for a in (x, hs[:-1]))
    return dW, dU, dz.sum(axis=(0, 1)), dh


# %% [markdown] en
# ## Training
#
# Orthogonal recurrent matrices, the LSTM's forget gates and the GRU's update gates open with a bias of 2, Adam after
# clipping the norm to 1. A network has learned when the mean of twenty losses is below a tenth of the baseline; then it
# stops, and its time is the number of updates. One line a length: the networks that learned.
#
# No times are printed: after hundreds of updates, another version of NumPy, which rounds differently in the last
# digit, needs a few more or less. What is printed is the same on all.
# %% [markdown] zh
# ## 训练
#
# 循环矩阵从正交出发，LSTM 的遗忘门和 GRU 的更新门偏置取 2，一开始就开着；范数裁剪到 1，再用 Adam。连续二十次损失的平均
# 低于基线的十分之一，就算学会，训练停止，成绩是用掉的更新次数。每种长度打印一行：学会了的有哪些网络。
#
# 这里不打印次数：NumPy 换个版本，最后一位的舍入就不同，训练几百步之后，次数会差几次。打印出来的，在哪个版本上都一样。
# %%
blocks = {"RNN": 1, "IRNN": 1, "LSTM": 4, "GRU": 3}


def start(kind, H, rng):
    n = blocks[kind]
    W, b = 1.5 * rng.standard_normal((2, n * H)), np.zeros(n * H)
    U = np.concatenate([np.linalg.qr(rng.standard_normal((H, H)))[0] for block in range(n)], axis=1)
    if kind == "IRNN":
        U = np.eye(H)
    if n > 1:
        b[H : 2 * H] = 2
    return [p.astype(np.float32) for p in (W, U, b, rng.standard_normal((H, 1)) / np.sqrt(H), np.ones(1))]


def loss_and_gradients(kind, x, y, p):
    W, U, b, v, mean = p
    zero, dhs = np.zeros((x.shape[1], len(U)), np.float32), np.zeros((len(x), x.shape[1], len(U)), np.float32)
    if kind == "LSTM":
        hs, cs, gates = lstm_forward(x, zero, zero, W, U, b)
    elif kind == "GRU":
        hs, saved = gru_forward(x, zero, W, U, b)
    else:
        hs = np.array((rnn_forward if kind == "RNN" else irnn_forward)(x, zero, W, U, b))
    error = hs[-1] @ v + mean - y
    dhs[-1] = 2 * error @ v.T / len(y)
    if kind == "LSTM":
        dx, dh, dc, dW, dU, db = lstm_backward(dhs, x, hs, cs, gates, W, U)
    elif kind == "GRU":
        dx, dh, dW, dU, db = gru_backward(dhs, x, hs, saved, W, U)
    else:
        dW, dU, db, dh = (rnn_backward if kind == "RNN" else irnn_backward)(x, hs, U, dhs)
    return (error**2).mean(), [dW, dU, db, 2 * hs[-1].T @ error / len(y), 2 * error.mean(axis=0)]


def train(name, T, seed):
    kind = name.split()[0]
    H, rate = networks[name]
    rng = np.random.default_rng(seed)
    p = start(kind, H, rng)
    m, s, losses = [0 * q for q in p], [0 * q for q in p], []
    for step in range(1, most + 1):
        loss, grads = loss_and_gradients(kind, *task(T, rng), p)
        losses.append(loss)
        if step >= 20 and np.mean(losses[-20:]) < baseline / 10:
            break
        norm = np.sqrt(sum((g**2).sum() for g in grads))
        for k, g in enumerate(grads):
            g = g * min(1, 1 / norm)
            m[k] = 0.9 * m[k] + 0.1 * g
            s[k] = 0.99 * s[k] + 0.01 * g**2
            size = np.sqrt(s[k] / (1 - 0.99**step)) + 1e-8
            p[k] = (p[k] - rate * m[k] / (1 - 0.9**step) / size).astype(np.float32)
    return np.array(losses)


curves, times = {}, {}
for T in lengths:
    for name in networks:
        curves[name, T] = train(name, T, 0)
        times[name, T] = len(curves[name, T])
    learned = [name for name in networks if times[name, T] < most]
    print(f"T = {T:2}: {', '.join(learned)}")
# %% [markdown] en
# ## The result
# %% [markdown] zh
# ## 结果
# %%
# The figure: on the left the updates that each network needed at each length, on the right how the loss falls at
# the middle length; the dashed line is the baseline
#zh 图：左边是每种长度上每个网络用了多少次更新，右边是中间那种长度上损失下降的过程；虚线是基线
looks = {"RNN 24": "C0o-", "RNN 48": "C5v-", "IRNN 24": "C2^-", "LSTM 24": "C1s-", "GRU 24": "C4D-"}
fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
for name, look in looks.items():
    top.loglog(lengths, [times[name, T] for T in lengths], look)
    smooth = np.convolve(curves[name, lengths[1]], np.full(20, 1 / 20), "valid")
    bottom.semilogy(range(20, 20 + len(smooth)), smooth, look[:2], label=name)
bottom.axhline(baseline, color="black", ls="--", lw=1)
top.set_xticks(lengths, lengths)
top.minorticks_off()
top.set_xlabel("length T")  #zh "长度 T"
top.set_ylabel(f"updates (at most {most})")  #zh f"更新次数（最多 {most}）"
bottom.set_xlabel(f"update, T = {lengths[1]}")  #zh f"更新次数，T = {lengths[1]}"
bottom.legend()
bottom.set_ylabel("mean of 20 losses")  #zh "20 次损失的平均"
for T in lengths:
    rnn, wide, irnn, lstm, gru = (times[name, T] for name in networks)
    ordered = max(lstm, gru) < irnn and irnn < min(rnn, wide)
    print(f"T = {T:2}: gated before IRNN, IRNN before RNN: {ordered}")
rnn_shortest, wide_shortest = times["RNN 24", lengths[0]], times["RNN 48", lengths[0]]
plt.show()
# %% [markdown] en
# ## What it shows, and what not
#
# All of them can learn it, and at short lengths all do. What differs is how long it takes, and how that grows with the
# length: over eight times the length the gated networks need a few times as many updates, the RNNs more than they were
# given. Twice the units, which is about as many parameters as the LSTM has, do not change the order: gated networks,
# then the IRNN, then the RNN. One seed here, to keep the lab short; the order stayed with five seeds, other widths and
# inputs, and rates and input weights of their own ([what was tried](../reference/verified.md)).
#
# Which of the gated two is first, and whether the RNN would get there in tens of thousands of updates, is not shown.
#
# **Try:** forget bias 0; lengths of 200; [every remedy on one task](remedies_race.ipynb).
# %% [markdown] zh
# ## 说明了什么，没有说明什么
#
# 个个都有本事学会，短的长度上也个个都学会了。差别在于要多久，以及长度增加时多花多少：长度到了八倍，带门的网络多用几倍
# 更新，RNN 则超出了给它的次数。单元数加倍，参数和 LSTM 差不多，先后也不变：带门的最先，IRNN 其次，RNN 最后。为了省时间，
# 这里只用了一个种子；换成五个种子，再换宽度、输入的大小，学习率和输入权重各用最合适的，先后依然如此
# （[试过哪些](../reference/verified.md)）。
#
# 带门的两个谁先谁后，RNN 更新几万次能不能学会，这里都没有回答。
#
# **试试看：** 遗忘门偏置取 0；长度取 200；[各种对策同场竞赛](remedies_race.ipynb)。

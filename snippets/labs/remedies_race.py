# %% [markdown] en
# # Which remedy learns a long lag first?
#
# One task with a lag, one optimizer; every remedy of [the comparison](../remedies/compare.md) that applies to time gets
# its own lane, with a learning rate of its own. The finish is a loss of a tenth of the baseline. Who crosses the line, after how many
# updates, and who never does?
#
# **What you need:** NumPy and Matplotlib.
# %% [markdown] zh
# # 哪种对策最先学会长时滞？
#
# 同一个有时滞的任务，同一种优化器；[比较](../remedies/compare.md)里凡是能用于时间的对策，各占一条跑道，学习率各用
# 最合适的。
# 损失降到基线的十分之一，就算到达终点。谁能冲线，用了多少次更新，谁永远到不了？
#
# **需要：** NumPy 和 Matplotlib。
# %%
#seconds 600
import numpy as np
import matplotlib.pyplot as plt

T, B, H, most, seeds = 50, 32, 24, 600, 2
baseline, finish = 1 / 6, 1 / 60


def task(rng):
    # the adding problem: the sum of the two marked numbers
    #zh 加法任务：两个做了标记的数之和
    x = np.zeros((T, B, 2), np.float32)
    x[:, :, 0] = rng.random((T, B))
    first, second = rng.integers(0, T // 2, B), rng.integers(T // 2, T, B)
    x[first, range(B), 1] = 1
    x[second, range(B), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=0)[:, None]


# %% [markdown] en
# ## The networks
#
# [LSTM](../lstm/backward.md), [GRU](../remedies/gru.md) and [layer normalization](../remedies/layer-norm.md) are the
# programs of this site, checked against PyTorch. One function does all the networks without gates:
#
# $$
# h_t = k\, h_{t-1} + w\, \varphi\big(\text{LN?}(x_t W + h_{t-1} U + b)\big)
# $$
#
# with $k = 0$, $w = 1$ for an RNN and $k = 1$, $w = 1/\sqrt{T}$ for a residual connection through time.
# %% [markdown] zh
# ## 网络
#
# [LSTM](../lstm/backward.md)、[GRU](../remedies/gru.md)、[层归一化](../remedies/layer-norm.md)都是本站的程序，
# 与 PyTorch 核对过。不带门的网络由一个函数包办：
#
# $$
# h_t = k\, h_{t-1} + w\, \varphi\big(\text{LN?}(x_t W + h_{t-1} U + b)\big)
# $$
#
# RNN 取 $k = 0$、$w = 1$；沿时间的残差连接取 $k = 1$、$w = 1/\sqrt{T}$。
# %%
# include lstm/backward: sigmoid, forward as lstm_forward, backward as lstm_backward
# include remedies/gru: forward as gru_forward, backward as gru_backward
# include remedies/layer_norm: layer_norm, backward as layer_norm_backward


def plain_forward(x, W, U, b, keep, write, relu, norm):
    hs, saved = [np.zeros((B, H), np.float32)], []
    for x_t in x:
        z, held = x_t @ W + hs[-1] @ U + b, None
        if norm:
            z, held = layer_norm(z, 1, 0)
        a = np.maximum(z, 0) if relu else np.tanh(z)
        saved.append((a, held))
        hs.append(keep * hs[-1] + write * a)
    return np.array(hs), saved


def plain_backward(dhs, x, hs, saved, U, keep, write, relu):
    dz, dh = np.zeros_like(hs[1:]), 0
    for t in range(T - 1, -1, -1):
        a, held = saved[t]
        dh = dh + dhs[t]
        dz[t] = write * dh * ((a > 0) if relu else 1 - a**2)
        if held:
            dz[t] = layer_norm_backward(dz[t], 1, *held)[0]
        dh = keep * dh + dz[t] @ U.T
    return *(np.tensordot(a, dz, ((0, 1), (0, 1))) for a in (x, hs[:-1])), dz.sum(axis=(0, 1))


# %% [markdown] en
# ## One run
#
# The readout is the last state. Two lanes look at all states instead, so that every step has a path of length one: by
# their mean, or by attention with one learned query $q$, $\sum_t \text{softmax}_t(h_t q)\, h_t$.
# %% [markdown] zh
# ## 跑一次
#
# 读出用最后一个状态。有两条跑道改看所有状态，每一步到损失的路径长度都是一：一条取平均，一条用注意力，带一个学出来的
# 查询 $q$：$\sum_t \text{softmax}_t(h_t q)\, h_t$。
# %%
def start(kind, matrix, bias, scale, rng):
    n = {"LSTM": 4, "GRU": 3}.get(kind, 1)
    W, b = scale * rng.standard_normal((2, n * H)), np.zeros(n * H)
    draw = {
        "default": lambda: rng.uniform(-1, 1, (H, H)) / np.sqrt(H),
        "orthogonal": lambda: np.linalg.qr(rng.standard_normal((H, H)))[0],
        "identity": lambda: np.eye(H),
    }[matrix]
    U = np.concatenate([draw() for block in range(n)], axis=1)
    if n > 1:
        b[H : 2 * H] = bias
    readout = rng.standard_normal((H, 1)) / np.sqrt(H), np.ones(1), np.zeros((H, 1))
    return [p.astype(np.float32) for p in (W, U, b, *readout)]


def run(
    seed, rate, scale, kind="plain", matrix="default", bias=0, clip=1.0, relu=False, norm=False, shortcut=False, look="last"
):
    rng = np.random.default_rng(seed)
    p, keep, write = start(kind, matrix, bias, scale, rng), *((1, 1 / np.sqrt(T)) if shortcut else (0, 1))
    m, s, losses, zero = [0 * q for q in p], [0 * q for q in p], [], np.zeros((B, H), np.float32)
    for step in range(1, most + 1):
        x, y = task(rng)
        W, U, b, v, a, q = p
        if kind == "LSTM":
            hs, cs, gates = lstm_forward(x, zero, zero, W, U, b)
        elif kind == "GRU":
            hs, saved = gru_forward(x, zero, W, U, b)
        else:
            hs, saved = plain_forward(x, W, U, b, keep, write, relu, norm)
        if look == "last":
            weight = (np.arange(1, T + 1) == T)[:, None, None]
        else:
            score = np.exp(hs[1:] @ q - (hs[1:] @ q).max(axis=0))
            weight = score / score.sum(axis=0)  # (T, B, 1)
        out = (weight * hs[1:]).sum(axis=0)
        error = out @ v + a - y
        losses.append((error**2).mean())
        if step >= 20 and np.mean(losses[-20:]) < finish:
            return losses, step
        dout, dq = 2 * error @ v.T / B, np.zeros_like(q)
        dhs = (weight * dout).astype(np.float32)
        if look == "query":
            dscore = weight * ((hs[1:] - out) * dout).sum(axis=2, keepdims=True)  # (T, B, 1)
            dhs, dq = dhs + (dscore @ q.T).astype(np.float32), np.tensordot(hs[1:], dscore, ((0, 1), (0, 1)))
        if kind == "LSTM":
            dW, dU, db = lstm_backward(dhs, x, hs, cs, gates, W, U)[3:]
        elif kind == "GRU":
            dW, dU, db = gru_backward(dhs, x, hs, saved, W, U)[2:]
        else:
            dW, dU, db = plain_backward(dhs, x, hs, saved, U, keep, write, relu)
        grads = [dW, dU, db, 2 * out.T @ error / B, 2 * error.mean(axis=0), dq]
        size = np.sqrt(sum((g**2).sum() for g in grads))
        for k, g in enumerate(grads):
            g = g * min(1, clip / size)
            m[k] = 0.9 * m[k] + 0.1 * g
            s[k] = 0.99 * s[k] + 0.01 * g**2
            p[k] = p[k] - rate * m[k] / (1 - 0.9**step) / (np.sqrt(s[k] / (1 - 0.99**step)) + 1e-8)
            p[k] = p[k].astype(np.float32)
    return losses, None


# %% [markdown] en
# ## The race
#
# Two seeds a lane; a lane counts as finished only if both cross the line, and its time is the slower one's. A lane that
# finishes has the rate that suited it best of those tried; the others have one of them.
# %% [markdown] zh
# ## 比赛
#
# 每条跑道两个种子；两个都冲线才算到达，成绩取较慢的那个。到得了的跑道，学习率用试过的里面最快的；
# 到不了的，用其中一个。
# %%
options = (
    dict(rate=0.005, scale=0.7, clip=np.inf),
    dict(rate=0.005, scale=0.7),
    dict(rate=0.005, scale=0.7, matrix="orthogonal"),
    dict(rate=0.005, scale=0.7, matrix="orthogonal", norm=True),
    dict(rate=0.005, scale=0.7, matrix="orthogonal", shortcut=True),
    dict(rate=0.005, scale=0.7, matrix="orthogonal", look="mean"),
    dict(rate=0.02, scale=0.7, matrix="orthogonal", look="query"),
    dict(rate=0.005, scale=0.7, matrix="identity", relu=True),
    dict(rate=0.06, scale=0.7, kind="LSTM", matrix="orthogonal"),
    dict(rate=0.02, scale=0.7, kind="LSTM", matrix="orthogonal", bias=2),
    dict(rate=0.06, scale=0.7, kind="GRU", matrix="orthogonal", bias=2),
)
names = (
    "RNN, no clipping",  #zh "RNN，不裁剪"
    "RNN + clipping",  #zh "RNN + 裁剪"
    "RNN + orthogonal start",  #zh "RNN + 正交初始化"
    "RNN + layer norm",  #zh "RNN + 层归一化"
    "RNN + residual",  #zh "RNN + 残差"
    "RNN, mean of all states",  #zh "RNN，所有状态取平均"
    "RNN + attention",  #zh "RNN + 注意力"
    "IRNN",
    "LSTM, bias 0",  #zh "LSTM，偏置 0"
    "LSTM, bias 2",  #zh "LSTM，偏置 2"
    "GRU, bias 2",  #zh "GRU，偏置 2"
)
times, last = [], []
for lane, chosen in enumerate(options):
    runs = [run(seed, **chosen) for seed in range(seeds)]
    steps = [step for losses, step in runs]
    times.append(None if None in steps else max(steps))
    last.append(max(np.mean(losses[-20:]) for losses, step in runs))
    print(f"lane {lane}: {'finishes' if times[-1] else 'never'}")
# %%
# The figure: one bar for each lane, as long as the updates it needed; an empty bar never got there
#zh 图：每条跑道一根横条，长度是用掉的更新次数；空心的始终没有到达
plt.figure(figsize=(4.95, 4))
for lane, steps in enumerate(times):
    plt.barh(lane, steps or most, color="C1" if steps else "none", edgecolor="C1" if steps else "gray")
    never = "never"  #zh "永远到不了"
    ink = "#222222" if steps else "gray"
    plt.text((steps or most) - 8, lane, steps or never, ha="right", va="center", color=ink)
plt.yticks(range(len(names)), names)
plt.gca().invert_yaxis()
plt.grid(False)
plt.xlabel("updates until a tenth of the baseline")  #zh "损失降到基线十分之一的更新次数"
finished = sum(steps is not None for steps in times)
print(f"{finished} of {len(names)} lanes finish within {most} updates")
plt.show()
# %% [markdown] en
# ## What it shows, and what not
#
# What finishes, finishes for different reasons: gates learn what to keep, the identity keeps everything from the start,
# and attention with a *learned* query picks the marked steps out of all states. Take its query away and read the mean,
# and it never gets there: a short path is not enough, one has to find the step. Clipping bounds, orthogonality keeps,
# normalization and a residual path steady the size; in this race none of them got there. With an orthogonal start,
# normalization, a residual path and the mean we tried three rates for 300 updates, and most of five seeds learned at
# none of them. Nor is it a matter of parameters: LSTM and GRU finish with 12 units, too, which is about as many
# parameters as an RNN has with 24. The IRNN finishes with 24 units and did not with 12.
#
# The order of those that finish is another matter: it changes with the rate, which was tried in coarse steps. Read who
# gets there, not who is first. ([What was tried](../reference/verified.md).) And "never" means within so many updates:
# over [shorter lags](adding_problem.ipynb) a plain RNN learns the task too, later.
#
# **Try:** the length 100; three thousand updates; a rate of 0.005 for the GRU.
# %% [markdown] zh
# ## 说明了什么，没有说明什么
#
# 到得了的，各有各的原因：门学会了该留什么；单位矩阵一开始就什么都留；注意力带着*学出来的*查询，从所有状态里挑出做了
# 标记的那几步。把查询拿掉、改成取平均，就永远到不了：路短还不够，还得找得到是哪一步。裁剪限制大小，正交保持长度，
# 归一化和残差稳住尺度；可是在这场比赛里，它们都没到终点。正交初始化、归一化、残差、取平均，
# 我们各试了三个学习率，每个都更新 300 次：不论哪个，五个种子都有大半没学会。这也不是参数多少的问题：LSTM 和 GRU
# 用 12 个单元同样到得了，参数和 24 个单元的 RNN 差不多。IRNN 用 24 个单元到得了，用 12 个没到。
#
# 到得了的谁先谁后，是另一回事：换个学习率就会变，而学习率只粗略试了几个。看谁到了，别看谁第一
# （[试过哪些](../reference/verified.md)）。“永远到不了”也只是说这么多次更新之内：时滞[短一些](adding_problem.ipynb)，
# 普通 RNN 也学得会，只是晚些。
#
# **试试看：** 长度取 100；更新三千次；GRU 的学习率取 0.005。

# %% [markdown] en
# # Can an LSTM read a digit pixel by pixel?
#
# Real data: 1797 handwritten digits of the UCI repository, 8 × 8 pixels each, as scikit-learn brings them. The
# network sees one pixel at a time, 64 steps, and names the digit at the end. What it saw first, the top row, it
# must still know 56 steps later. An LSTM and two plain RNNs, one with as many units and one with about as many
# parameters, each with the rate and the input weights that suit it, three seeds.
#
# **What you need:** NumPy, Matplotlib and scikit-learn (for the data only).
# %% [markdown] zh
# # LSTM 能一个像素一个像素地认数字吗？
#
# 真实数据：UCI 的 1797 个手写数字，每个 8 × 8 像素，由 scikit-learn 提供。网络每次只看一个像素，看完 64 步，
# 说出是几。最先看到的是最上面一行，56 步之后还得记得。一个 LSTM，两个普通 RNN：一个单元数与它相同，一个参数与它
# 差不多；学习率和输入权重各用最合适的，三个种子。
#
# **需要：** NumPy、Matplotlib 和 scikit-learn（只用来取数据）。
# %%
#seconds 600
import numpy as np
import matplotlib.pyplot as plt
from sklearn.datasets import load_digits

B, epochs, seeds = 50, 30, 3
# units, learning rate and size of the input weights: each network's own best of those tried
#zh 单元数、学习率、输入权重的大小：每个网络都用试过的里面最好的
networks = {"RNN 32": (32, 0.003, 0.3), "RNN 64": (64, 0.003, 0.3), "LSTM 32": (32, 0.03, 1.0)}
digits = load_digits()
images, labels = (digits.data / 16 - 0.3).astype(np.float32), digits.target
# one fifth is held out: never trained on
#zh 留出五分之一，从不参与训练
order = np.random.default_rng(0).permutation(len(images))
held, kept = order[: len(order) // 5], order[len(order) // 5 :]
print(f"{len(kept)} digits to learn from, {len(held)} held out")
# %% [markdown] en
# ## The two networks
#
# Both are the programs of this site, taken in by name: [the LSTM with its backward pass](../lstm/backward.md) and
# [the RNN with its own](../rnn/chain-rule.md), each checked against PyTorch.
# %% [markdown] zh
# ## 两个网络
#
# 都是本站的程序，按名字取来：[LSTM 及其反向传播](../lstm/backward.md)、[RNN 及其反向传播](../rnn/chain-rule.md)，
# 都与 PyTorch 核对过。
# %%
# include lstm/backward: sigmoid, forward as lstm_forward, backward as lstm_backward
# include rnn/bptt: forward as rnn_forward, backward as rnn_backward
# %% [markdown] en
# ## Start, loss, optimizer
#
# Recurrent matrices start orthogonal, the LSTM's forget gates open with a bias of 2. The gradient's norm is clipped
# to 1, then Adam takes the step.
# %% [markdown] zh
# ## 初始化、损失、优化器
#
# 循环矩阵从正交出发，LSTM 的遗忘门偏置取 2，一开始就开着。先把梯度的范数裁剪到 1，再由 Adam 走一步。
# %%
def start(kind, H, scale, rng):
    def orthogonal():
        return np.linalg.qr(rng.standard_normal((H, H)))[0]

    blocks = 4 if kind == "LSTM" else 1
    W = scale * rng.standard_normal((1, blocks * H))
    U = np.concatenate([orthogonal() for block in range(blocks)], axis=1)
    b = np.zeros(blocks * H)
    if kind == "LSTM":
        b[H : 2 * H] = 2
    V = rng.standard_normal((H, 10)) / np.sqrt(H)
    return [p.astype(np.float32) for p in (W, U, b, V, np.zeros(10))]


def states(kind, x, W, U, b):
    zero = np.zeros((x.shape[1], len(U)), np.float32)
    if kind == "LSTM":
        return lstm_forward(x, zero, zero, W, U, b)
    return np.array(rnn_forward(x, zero, W, U, b)), None, None


def loss_and_gradients(kind, x, y, p):
    W, U, b, V, a = p
    hs, cs, gates = states(kind, x, W, U, b)
    scores = hs[-1] @ V + a
    q = np.exp(scores - scores.max(axis=1, keepdims=True))
    q /= q.sum(axis=1, keepdims=True)
    loss = -np.log(q[range(len(y)), y]).mean()
    q[range(len(y)), y] -= 1
    q /= len(y)
    dhs = np.zeros_like(hs[1:])
    dhs[-1] = q @ V.T
    if kind == "LSTM":
        dx, dh, dc, dW, dU, db = lstm_backward(dhs, x, hs, cs, gates, W, U)
    else:
        dW, dU, db, dh = rnn_backward(x, hs, U, dhs)
    return loss, [dW, dU, db, hs[-1].T @ q, q.sum(axis=0)]


def adam(p, grads, m, s, step, rate):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    for k, g in enumerate(grads):
        g = g * min(1, 1 / norm)
        m[k] = 0.9 * m[k] + 0.1 * g
        s[k] = 0.999 * s[k] + 0.001 * g**2
        size = np.sqrt(s[k] / (1 - 0.999**step)) + 1e-8
        p[k] = (p[k] - rate * m[k] / (1 - 0.9**step) / size).astype(np.float32)


# %% [markdown] en
# ## Training
#
# One line a network, which says no more than what comes out the same on every machine and version of NumPy. Steps come first, then the batch, then the single pixel: `(T, B, 1)`.
# %% [markdown] zh
# ## 训练
#
# 每个网络打印一行，只说在哪台机器、哪个版本的 NumPy 上都一样的话。形状依次是时间步、批、单个像素：`(T, B, 1)`。
# %%
def right(kind, which, p):
    x = images[which].T[:, :, None]
    hs = states(kind, x, *p[:3])[0]
    return (hs[-1] @ p[3] + p[4]).argmax(axis=1) == labels[which]


def train(name, seed):
    kind, rng = name.split()[0], np.random.default_rng(seed)
    H, rate, scale = networks[name]
    p = start(kind, H, scale, rng)
    m, s, step, curve = [0 * q for q in p], [0 * q for q in p], 0, []
    for epoch in range(1, epochs + 1):
        for batch in np.split(rng.permutation(kept)[: len(kept) // B * B], len(kept) // B):
            step += 1
            loss, grads = loss_and_gradients(kind, images[batch].T[:, :, None], labels[batch], p)
            adam(p, grads, m, s, step, rate)
        curve.append((right(kind, kept[:400], p).mean(), right(kind, held, p).mean()))
    compared = "more" if curve[-1][1] > 0.8 else "less"
    print(f"{name:7} seed {seed}: {compared} than 80 % right")
    return p, np.array(curve)


trained = {name: [train(name, seed) for seed in range(seeds)] for name in networks}
# %% [markdown] en
# ## Who reads better?
# %% [markdown] zh
# ## 谁认得更准？
# %%
final = {name: np.array([curve[-1, 1] for p, curve in runs]) for name, runs in trained.items()}
means = [final[name].mean() for name in networks]
print(f"the three means within ten points: {max(means) - min(means) < 0.1}")
# The figure: share of held-out digits read right after each pass, three networks with three seeds each
#zh 图：每过一遍数据之后，留出的数字认对的比例，三种网络，各三个种子
for name, color in zip(networks, ("C0", "C2", "C1")):
    for seed, (p, curve) in enumerate(trained[name]):
        plt.plot(range(1, epochs + 1), curve[:, 1], color, label=name if seed == 0 else None)
plt.ylim(0, 1.02)
plt.xlabel("passes over the data")  #zh "过了几遍数据"
plt.ylabel("held-out digits read right")  #zh "留出的数字认对的比例"
plt.legend()
plt.show()
# %% [markdown] en
# ## Which digits are mistaken for which?
#
# The LSTM of the last seed on the held-out digits; rows are what it was, columns what it said.
# %% [markdown] zh
# ## 哪些数字会认错？
#
# 最后一个种子的 LSTM，看留出的数字。行是真正的数字，列是它说的。
# %%
p = trained["LSTM 32"][-1][0]
x = images[held].T[:, :, None]
said = (lstm_forward(x, *np.zeros((2, len(held), 32), np.float32), *p[:3])[0][-1] @ p[3] + p[4]).argmax(axis=1)
confusion = np.zeros((10, 10), int)
np.add.at(confusion, (labels[held], said), 1)
mistakes = int(len(held) - np.trace(confusion))
print(f"fewer than one in five mistaken: {mistakes < 0.2 * len(held)}")
# The figure: how often each true digit, by row, was read as each digit, by column
#zh 图：每个真正的数字（行）被认成各个数字（列）的次数
plt.figure(figsize=(4.95, 4.7))
plt.grid(False)
plt.imshow(confusion, cmap="Blues")
for row in range(10):
    for column in range(10):
        if confusion[row, column]:
            ink = "#fafafa" if confusion[row, column] > 20 else "#333333"
            plt.text(column, row, confusion[row, column], ha="center", va="center", color=ink)
plt.xticks(range(10))
plt.yticks(range(10))
plt.xlabel("said")  #zh "网络说的"
plt.ylabel("was")  #zh "真正的"
plt.show()
# %% [markdown] en
# ## The gates while it reads a 3
#
# The mean over all units at each pixel. Under the gates, the pixels themselves, row after row.
# %% [markdown] zh
# ## 认一个 3 的时候，门在做什么
#
# 每个像素处，全部单元的平均。门的下面是像素本身，一行接一行。
# %%
three = held[labels[held] == 3][:1]
x = images[three].T[:, :, None]
gates = lstm_forward(x, *np.zeros((2, 1, 32), np.float32), *p[:3])[2]
gates = np.array(gates)[:, :, 0]  # (T, 4, H)
# The figure: mean input, forget and output gate at each of the 64 pixels, above the pixels themselves
#zh 图：64 个像素处输入门、遗忘门、输出门的平均值，下面是像素本身
fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 4), sharex=True, height_ratios=(3, 1))
for row, color, name in (
    (0, "C2", "input gate"),  #zh "输入门"
    (1, "C1", "forget gate"),  #zh "遗忘门"
    (3, "C0", "output gate"),  #zh "输出门"
):
    top.plot(range(1, 65), gates[:, row].mean(axis=1), color, label=name)
top.set_ylim(0, 1)
top.set_ylabel("mean over units")  #zh "各单元平均"
top.legend(loc="lower right", ncols=3)
bottom.bar(range(1, 65), x[:, 0, 0] + 0.3, width=1, color="gray")
bottom.set_xlabel("pixel")  #zh "像素"
bottom.set_ylabel("ink")  #zh "墨迹"
forget_mean = gates[:, 1].mean()
print(f"mean forget gate above 0.75: {forget_mean > 0.75}")
plt.show()
# %% [markdown] en
# ## The networks, to be tried in the page
#
# [An LSTM at work](digits-live.md) reads a digit that you draw with the networks of the last seed. They go there in half
# precision, 16 bits a number, which changes next to none of their answers.
# %% [markdown] zh
# ## 把网络放进网页
#
# [看 LSTM 认数字](digits-live.md)：你写一个数字，由最后一个种子的三个网络来认。它们以半精度放进网页，每个数 16 位，
# 答案几乎不变。
# %%
import base64

# each pixel is a character, 0 to 9, then A to G for 10 to 16
#zh 每个像素一个字符，0 到 9，接着 A 到 G 是 10 到 16
inks = [[np.base_repr(int(ink), 36) for ink in image] for image in digits.data[held]]
explorable = {"weights": {}, "images": ["".join(image) for image in inks], "labels": labels[held]}
changed = {}
for name, runs in trained.items():
    p = [q.astype("<f2") for q in runs[-1][0]]
    kind, halved = name.split()[0], [q.astype(np.float32) for q in p]
    explorable["weights"][name] = base64.b64encode(b"".join(q.tobytes() for q in p)).decode()
    changed[name] = (right(kind, held, halved) != right(kind, held, runs[-1][0])).mean()
print(f"fewer than one answer in a hundred changes: {max(changed.values()) < 0.01}")
# %% [markdown] en
# ## What it shows, and what not
#
# The LSTM is ahead of an RNN of as many units. An RNN of about as many parameters is level with it, a few points more or
# less: with five seeds, half the passes and also half the width, each network with a rate and input weights of its own
# ([what was tried](../reference/verified.md)). How easily such a comparison goes wrong, this lab has shown twice. At
# first the RNN had been given the LSTM's rate, and input weights that saturate a tanh, and was far behind. Then the rates
# that were tried ended below the one that suits the LSTM. And 64 steps are short: the
# [adding problem](adding_problem.ipynb) makes them longer.
#
# **Try:** set the forget bias to 0; shuffle the pixels (the same order for all images); give the RNN a rate of 0.03 and
# input weights of size 1.
# %% [markdown] zh
# ## 说明了什么，没有说明什么
#
# LSTM 比单元数相同的 RNN 认得准；参数差不多的 RNN 和它不相上下，差不了几个百分点。用五个种子、一半的遍数、再把宽度
# 减半来量，每个网络的学习率和输入权重各用最合适的，也是这样（[试过哪些](../reference/verified.md)）。这样的比较有多容易出错，
# 这个实验自己就演过两回。头一回，给 RNN 用的是 LSTM 的学习率，输入权重又大得让 tanh 饱和，它就远远落后。第二回，试过的学习率里
# 最大的，对 LSTM 还是太小。而且 64 步不算长；更长的，见[加法任务](adding_problem.ipynb)。
#
# **试试看：** 把遗忘门偏置改成 0；打乱像素顺序（所有图用同一种顺序）；给 RNN 用 0.03 的学习率、大小为 1 的输入权重。

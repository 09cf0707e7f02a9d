import numpy as np
import matplotlib.pyplot as plt

batch, steps, seeds, tiny = 8, 50, 5, 1e-100


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def norm(z, axis):
    z = z - z.mean(axis=axis, keepdims=True)
    return z / np.sqrt((z**2).mean(axis=axis, keepdims=True) + 1e-5)


def step(kind, h, c, W, x):
    z = h @ W[0] + x
    if kind == "residual":
        return h + np.tanh(z) / np.sqrt(steps), c
    if kind == "BN":
        return np.tanh(norm(z, 0)), c
    if kind == "LN":
        return np.tanh(norm(z, 1)), c
    if kind == "ReLU":
        return np.where(z.real > 0, z, 0), c
    if kind == "GRU":
        keep, r = sigmoid(h @ W[1] + x + 3), sigmoid(h @ W[2] + x)
        return keep * h + (1 - keep) * np.tanh(x + r * (h @ W[0])), c
    if kind == "LSTM":
        i, f = sigmoid(h @ W[1] + x), sigmoid(h @ W[2] + x + 3)
        o = sigmoid(h @ W[3] + x)
        c = f * c + i * np.tanh(z)
        return o * np.tanh(c), c
    return np.tanh(z), c


def signal(kind, gain, n, inputs, seed):
    # how much a small change of the first state changes the last one
    #zh 最初的状态变一点点，最后的状态变多少
    rng = np.random.default_rng(seed)
    h, d = rng.standard_normal((2, batch, n))
    c = h if kind == "LSTM" else np.zeros((batch, n))
    # complex step: the imaginary part carries the derivative, exactly
    #zh 复数步：虚部携带导数，没有误差
    h = h + 1j * tiny * d / np.linalg.norm(d)
    gain = {"ReLU": np.sqrt(2), "tanh": 1}.get(kind, gain)
    matrices = 4 if kind in ("LSTM", "GRU") else 1
    W = gain * rng.standard_normal((matrices, n, n)) / np.sqrt(n)
    if kind == "orthogonal":
        W[0] = np.linalg.qr(W[0])[0]
    for t in range(steps):
        x = inputs * rng.standard_normal((batch, n))
        h, c = step(kind, h, c, W, x)
    return np.linalg.norm([h.imag, c.imag]) / tiny


def mark(found):
    inside = (found > 1e-3) & (found < 1e3)
    return "+" if inside.all() else "~" if inside.any() else "-"


kinds = "none tanh ReLU orthogonal residual BN LN LSTM GRU".split()
gains, cell = (0.5, 3.0), {}
for kind in kinds:
    line = kind.ljust(10)
    for gain in gains:
        # two widths, three sizes of input, several seeds
        #zh 两种宽度，三种大小的输入，几个种子
        found = np.sort([
            signal(kind, gain, n, inputs, seed)
            for n in (16, 32)
            for inputs in (0.1, 0.3, 1.0)
            for seed in range(seeds)
        ])
        cell[kind, gain] = found
        low, high = round(np.log10(found[0])), round(np.log10(found[-1]))
        line += f"{low:6} to {high:3} {mark(found)}"
    print(line)

names = (
    "no remedy",  #zh "不作处理"
    "tanh, variance 1/n",  #zh "tanh，方差 1/n"
    "ReLU + He",
    "orthogonal start",  #zh "正交初始化"
    "residual × 1/√L",  #zh "残差 × 1/√L"
    "batch normalization",  #zh "批归一化"
    "layer normalization",  #zh "层归一化"
    "LSTM, forget bias 3",  #zh "LSTM，遗忘门偏置 3"
    "GRU, update bias 3",  #zh "GRU，更新门偏置 3"
)
heads = (
    "vanishing, time",  #zh "消失，时间"
    "exploding, time",  #zh "爆炸，时间"
)
styles = {"+": "C2o-", "~": "C1s-", "-": "C3v-"}
fig, axes = plt.subplots(1, 2, figsize=(6.5, 3.4), sharey=True)
for ax, head, gain in zip(axes, heads, gains):
    ax.axvspan(1e-3, 1e3, color="C2", alpha=0.15, lw=0)
    for row, kind in enumerate(kinds):
        found = cell[kind, gain]
        ends = np.clip([found[0], np.median(found), found[-1]], 1e-13, 1e13)
        ax.semilogx(ends, [row] * 3, styles[mark(found)], ms=4, markevery=[1])
    ax.set_xlim(1e-14, 1e14)
    ax.set_title(head, fontsize=10)
    ax.set_xlabel("signal after 50 steps")  #zh "50 步之后的信号"

axes[0].set_yticks(range(len(names)), names, fontsize=9)
axes[0].invert_yaxis()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

batch, steps, seeds, tiny = 8, 50, 5, 1e-100
# made for one kind of network only: True stands for time
#zh 只用于一种网络：True 表示时间
only = {"highway": False, "LSTM": True, "GRU": True}


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


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
    if kind == "highway":
        keep = sigmoid(h @ W[1] + 3)
        return keep * h + (1 - keep) * np.tanh(z), c
    if kind == "GRU":
        keep, r = sigmoid(h @ W[1] + x + 3), sigmoid(h @ W[2] + x)
        return keep * h + (1 - keep) * np.tanh(x + r * (h @ W[0])), c
    if kind == "LSTM":
        i, f = sigmoid(h @ W[1] + x), sigmoid(h @ W[2] + x + 3)
        o = sigmoid(h @ W[3] + x)
        c = f * c + i * np.tanh(z)
        return o * np.tanh(c), c
    return np.tanh(z), c


def signal(kind, shared, gain, n, inputs, seed):
    # how much a small change of the first state changes the last one
    #zh 最初的状态变一点点，最后的状态变多少
    rng = np.random.default_rng(seed)
    h = rng.standard_normal((batch, n))
    c = h if kind == "LSTM" else np.zeros((batch, n))
    # complex step: the imaginary part carries the derivative, exactly
    #zh 复数步：虚部携带导数，没有误差
    d = rng.standard_normal((batch, n))
    h = h + 1j * tiny * d / np.linalg.norm(d)
    gain = {"ReLU": np.sqrt(2), "tanh": 1}.get(kind, gain)
    for t in range(steps):
        if t == 0 or not shared:
            matrices = 4 if kind in only else 1
            W = gain * rng.standard_normal((matrices, n, n)) / np.sqrt(n)
            if kind == "orthogonal":
                W[0] = np.linalg.qr(W[0])[0]
        x = inputs * rng.standard_normal((batch, n)) if shared else 0
        h, c = step(kind, h, c, W, x)
    return np.linalg.norm([h.imag, c.imag]) / tiny


kinds = "none tanh ReLU orthogonal residual BN LN highway LSTM GRU".split()
names = (
    "no remedy",  #zh "不作处理"
    "tanh, variance 1/n",  #zh "tanh，方差 1/n"
    "ReLU + He",
    "orthogonal start",  #zh "正交初始化"
    "residual × 1/√L",  #zh "残差 × 1/√L"
    "batch normalization",  #zh "批归一化"
    "layer normalization",  #zh "层归一化"
    "highway, bias 3",  #zh "高速公路网络，偏置 3"
    "LSTM, forget bias 3",  #zh "LSTM，遗忘门偏置 3"
    "GRU, update bias 3",  #zh "GRU，更新门偏置 3"
)
columns = (False, 0.5), (True, 0.5), (False, 3.0), (True, 3.0)
heads = (
    "vanishing, depth",  #zh "消失，深度"
    "vanishing, time",  #zh "消失，时间"
    "exploding, depth",  #zh "爆炸，深度"
    "exploding, time",  #zh "爆炸，时间"
)
cell = {}
for kind in kinds:
    line = kind.ljust(10)
    for shared, gain in columns:
        if only.get(kind, shared) != shared:
            line += " " * 15
            continue
        # two widths, several seeds, and in time three sizes of input
        #zh 两种宽度，几个种子，沿时间还有三种大小的输入
        found = [
            signal(kind, shared, gain, n, inputs, seed)
            for n in (16, 32)
            for inputs in ((0.1, 0.3, 1.0) if shared else (0,))
            for seed in range(seeds)
        ]
        inside = [1e-3 <= value <= 1e3 for value in found]
        mark = "+" if all(inside) else "~" if any(inside) else "-"
        cell[kind, shared, gain] = found, mark
        ends = round(np.log10(min(found))), round(np.log10(max(found)))
        line += f"{ends[0]:6} to {ends[1]:3} {mark}"
    print(line)

low = {key: min(found) for key, (found, mark) in cell.items()}
high = {key: max(found) for key, (found, mark) in cell.items()}
none_time = high["none", True, 0.5]
relu_low, relu_high = low["ReLU", True, 0.5], high["ReLU", True, 0.5]
orthogonal_low = low["orthogonal", True, 0.5]
orthogonal_high = high["orthogonal", True, 0.5]
ln_low, ln_high = low["LN", True, 0.5], high["LN", True, 0.5]
lstm_low, lstm_high = low["LSTM", True, 0.5], high["LSTM", True, 3.0]
gru_low, gru_high = low["GRU", True, 0.5], high["GRU", True, 3.0]
fig, axes = plt.subplots(2, 2, figsize=(6.5, 6), sharex=True, sharey=True)
for ax, head, (shared, gain) in zip(axes.flat, heads, columns):
    ax.axvspan(1e-3, 1e3, color="C2", alpha=0.15, lw=0)
    ax.set_title(head, fontsize=10)
    for row, kind in enumerate(kinds):
        if (kind, shared, gain) in cell:
            found, mark = cell[kind, shared, gain]
            style = {"+": "C2o-", "~": "C1s-", "-": "C3v-"}[mark]
            ends = np.clip([min(found), np.median(found), max(found)], 1e-13, 1e13)
            ax.plot(ends, [row] * 3, style, ms=4, markevery=[1])
axes[0, 0].set_xscale("log")
axes[0, 0].set_yticks(range(len(names)), names, fontsize=9)
axes[0, 0].invert_yaxis()
for ax in axes[1]:
    ax.set_xlabel("signal after 50 steps")  #zh "50 步之后的信号"
plt.show()

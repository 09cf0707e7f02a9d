import numpy as np
import matplotlib.pyplot as plt

# made for one kind of network only: True stands for time
#zh 只用于一种网络：True 表示时间
only = {"truncated": True, "highway": False, "LSTM": True, "GRU": True}
n, batch, steps, seeds, tiny = 48, 24, 50, 3, 1e-100


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
        i, f, o = (sigmoid(h @ W[k] + x + 3 * (k == 2)) for k in (1, 2, 3))
        c = f * c + i * np.tanh(z)
        return o * np.tanh(c), c
    return np.tanh(z), c


def reach(kind, shared, gain, seed, start=0):
    # how much a small change of the state after `start` steps changes the last state
    #zh 第 start 步后的状态变一点点，最后的状态变多少
    rng = np.random.default_rng(seed)
    h = rng.standard_normal((batch, n)) + 0j
    c = h.copy() if kind == "LSTM" else None
    for t in range(steps):
        if t == start:
            # complex step: the imaginary part carries the derivative, exactly
            #zh 复数步：虚部携带导数，没有误差
            d = rng.standard_normal((batch, n))
            h = h + 1j * tiny * d / np.linalg.norm(d)
        if t == 0 or not shared:
            matrices = 4 if kind in only else 1
            W = gain * rng.standard_normal((matrices, n, n)) / np.sqrt(n)
            if kind == "orthogonal":
                W[0] = np.linalg.qr(W[0])[0]
            if kind == "ReLU":
                W = W / gain * np.sqrt(2)
        x = 0.1 * rng.standard_normal((batch, n)) if shared else 0
        h, c = step(kind, h, c, W, x)
    return np.linalg.norm(h.imag if c is None else np.hstack([h.imag, c.imag])) / tiny


def signal(kind, shared, gain, seed):
    if kind == "clipping":
        # one factor makes the norm of all steps' signals together at most 1
        #zh 一个系数，使所有步的信号合起来范数不超过 1
        every = [reach("none", shared, gain, seed, start) for start in range(steps)]
        return every[0] / max(1, np.sqrt(1 + np.sum(np.square(every))))
    if kind == "truncated":
        return reach("none", shared, gain, seed, steps - 10) if gain > 1 else 0.0
    return reach(kind, shared, gain, seed)


kinds = "none clipping truncated ReLU orthogonal residual BN LN highway LSTM GRU"
names = (
    "no remedy",  #zh "不作处理"
    "clipping to norm 1",  #zh "范数裁剪到 1"
    "truncated BPTT, 10 steps",  #zh "截断 BPTT，10 步"
    "ReLU + He",
    "orthogonal start",  #zh "正交初始化"
    "residual × 1/√L",  #zh "残差 × 1/√L"
    "batch normalization",  #zh "批归一化"
    "layer normalization",  #zh "层归一化"
    "highway, bias 3",  #zh "高速公路网络，偏置 3"
    "LSTM, forget bias 3",  #zh "LSTM，遗忘门偏置 3"
    "GRU, update bias 3",  #zh "GRU，更新门偏置 3"
)
columns = [(0.5, False), (0.5, True), (3.0, False), (3.0, True)]
heads = (
    "vanish\ndepth",  #zh "消失\n深度"
    "vanish\ntime",  #zh "消失\n时间"
    "explode\ndepth",  #zh "爆炸\n深度"
    "explode\ntime",  #zh "爆炸\n时间"
)
plt.figure(figsize=(4.6, 5))
plt.axis("off")
plt.xlim(-2.4, 4)
plt.ylim(len(names) - 0.4, -1.2)
cell = {}
for column, head in enumerate(heads):
    plt.text(column + 0.5, -0.8, head, ha="center", va="center", fontsize=8)
for row, (kind, name) in enumerate(zip(kinds.split(), names)):
    plt.text(-2.4, row, name, va="center", fontsize=8)
    line = kind.ljust(10)
    for column, (gain, shared) in enumerate(columns):
        text, color = "–", "gray"
        if only.get(kind, shared) == shared:
            value = np.mean([signal(kind, shared, gain, seed) for seed in range(seeds)])
            cell[kind, gain, shared] = value
            held = 1e-3 <= value <= 1e3
            text = f"{value:.0e}" if 0 < value < 1e-3 or value > 1e3 else f"{value:.2g}"
            text = f"{value:.0f}" if 10 <= value <= 1e3 else text
            text, color = (text + " ✓", "C2") if held else (text + " ✗", "C3")
        plt.text(column + 0.5, row, text, ha="center", va="center", color=color, size=8)
        line += text.rjust(10)
    print(line)

none_depth, none_time = cell["none", 0.5, False], cell["none", 0.5, True]
burst_depth, burst_time = cell["none", 3.0, False], cell["none", 3.0, True]
clip_vanish, clip_burst = cell["clipping", 0.5, True], cell["clipping", 3.0, True]
relu_depth, relu_time = cell["ReLU", 0.5, False], cell["ReLU", 0.5, True]
orthogonal_time = cell["orthogonal", 0.5, True]
residual_depth = cell["residual", 0.5, False]
bn_depth, highway_depth = cell["BN", 0.5, False], cell["highway", 0.5, False]
ln_time, residual_burst = cell["LN", 0.5, True], cell["residual", 3.0, True]
lstm_time, lstm_burst = cell["LSTM", 0.5, True], cell["LSTM", 3.0, True]
gru_time, gru_burst = cell["GRU", 0.5, True], cell["GRU", 3.0, True]
plt.show()

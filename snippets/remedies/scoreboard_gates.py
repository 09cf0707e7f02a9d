import numpy as np
import matplotlib.pyplot as plt

batch, steps, seeds, tiny = 8, 50, 5, 1e-100


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def rnn(h, c, x, W):
    return np.tanh(h @ W[0] + x), c


def lstm(h, c, x, W):
    # the forget gate's bias is 3
    #zh 遗忘门偏置为 3
    i, f, o = sigmoid(h @ W[1] + x), sigmoid(h @ W[2] + x + 3), sigmoid(h @ W[3] + x)
    c = f * c + i * np.tanh(h @ W[0] + x)
    return o * np.tanh(c), c


def gru(h, c, x, W):
    # the update gate's bias is 3
    #zh 更新门偏置为 3
    keep, r = sigmoid(h @ W[1] + x + 3), sigmoid(h @ W[2] + x)
    return keep * h + (1 - keep) * np.tanh(r * (h @ W[0]) + x), c


def signal(step, gain, n, inputs, seed):
    # how much a small change of the first state (and cell) changes the last one
    #zh 最初的状态（和细胞）变一点点，最后的状态变多少
    rng = np.random.default_rng(seed)
    h, d = rng.standard_normal((2, batch, n))
    c = h if step is lstm else np.zeros((batch, n))
    # complex step: the imaginary part carries the derivative, exactly
    #zh 复数步：虚部携带导数，没有误差
    h = h + 1j * tiny * d / np.linalg.norm(d)
    W = gain * rng.standard_normal((4, n, n)) / np.sqrt(n)
    for t in range(steps):
        x = inputs * rng.standard_normal((batch, n))
        h, c = step(h, c, x, W)
    return np.linalg.norm([h.imag, c.imag]) / tiny


gains, cell = (0.5, 3.0), {}
cells = {"RNN": rnn, "LSTM": lstm, "GRU": gru}
for kind, step in cells.items():
    for gain in gains:
        # two widths, three sizes of input, several seeds
        #zh 两种宽度，三种大小的输入，几个种子
        found = [
            signal(step, gain, n, inputs, seed)
            for n in (16, 32)
            for inputs in (0.1, 0.3, 1.0)
            for seed in range(seeds)
        ]
        cell[kind, gain] = np.sort(found)
        low, high = np.round(np.log10(cell[kind, gain][[0, -1]])) + 0.0
        print(f"{kind:4} {gain}: {low:4.0f} to {high:3.0f}")

plt.axvspan(1e-3, 1e3, color="C2", alpha=0.15, lw=0)
for row, kind in enumerate(cells):
    weak, strong = (np.clip(cell[kind, gain][[0, -1]], 1e-13, 1e13) for gain in gains)
    plt.semilogx(weak, [row - 0.15] * 2, "C0o-", ms=4)
    plt.semilogx(strong, [row + 0.15] * 2, "C3s-", ms=4)

plt.yticks(range(3), cells)
plt.gca().invert_yaxis()
plt.xlabel("signal after 50 steps")  #zh "50 步之后的信号"
plt.show()

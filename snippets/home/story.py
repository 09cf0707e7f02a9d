import numpy as np
import matplotlib.pyplot as plt

H, T, seeds = 32, 100, 5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def drawn(seed, width, scale):
    # U, inputs, a gradient, uniform: hashed, so that the picture can draw the same
    #zh U、输入和一个梯度，均匀分布；用散列生成，页面上的图才抽得出同样的数
    x = np.arange((H + T) * width + H, dtype=np.uint32) + np.uint32(seed << 16)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ x >> shift) * np.uint32(factor)
    u = (x ^ x >> 16) / 2**31 - 1
    U, X = np.split(u[:-H].reshape(-1, width) / np.sqrt(H), [H])
    return scale * U, np.sqrt(3) * X, u[-H:]


def lstm(bias, scale, seed):
    U, X, dc = drawn(seed, 4 * H, scale)
    h, c, tape = np.zeros(H), np.zeros(H), []
    for x in X:
        i, f, g, o = np.split(h @ U + x, 4)
        i, f, g, o = sigmoid(i), sigmoid(f + bias), np.tanh(g), sigmoid(o)
        tape.append((i, f, g, o, c, f * c + i * g))
        c = tape[-1][-1]
        h = o * np.tanh(c)
    dh, alone, left = np.zeros(H), dc, []
    for i, f, g, o, c_prev, c in reversed(tape):
        # what reaches c_t: along the cell, and through h_t
        #zh 传到 c_t 的梯度：沿细胞来的，加上经 h_t 来的
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        left.append((dc, alone))
        di, df = dc * g * i * (1 - i), dc * c_prev * f * (1 - f)
        dg, do = dc * i * (1 - g**2), dh * np.tanh(c) * o * (1 - o)
        dh = np.concatenate((di, df, dg, do)) @ U.T
        dc, alone = dc * f, alone * f
    left.append((dc, alone))
    return np.linalg.norm(left, axis=-1).T / np.linalg.norm(left[0][0])


def rnn(scale, seed):
    U, X, g = drawn(seed, H, scale)
    h, slopes = np.zeros(H), []
    for x in X:
        h = np.tanh(h @ U + x)
        slopes.append(1 - h**2)
    left = [g]
    for slope in reversed(slopes):
        g = (g * slope) @ U.T
        left.append(g)
    return np.linalg.norm(left, axis=-1) / np.linalg.norm(left[0])


def median(run, *settings):
    return np.median([run(*settings, seed) for seed in range(seeds)], axis=0)


closed, opened = median(lstm, 0, 1), median(lstm, 2, 1)
runs = {"RNN": median(rnn, 1), "LSTM, b_f = 0": closed[0], "LSTM, b_f = 2": opened[0]}
ends = {name: run[-1] for name, run in runs.items()}
cell, half = opened[1], median(lstm, 2, 0.5)[0][-1]
for name, end in ends.items():
    print(f"{name}: {end:.0e} left after {T} steps")

print(f"b_f = 2, the cell alone: {cell[-1]:.0e}; with U halved: {half:.0e}")

for name, look in zip(runs, ("C0o-", "C4v-", "C1s-")):
    plt.semilogy(runs[name], look, markevery=10, label=name)

plt.semilogy(cell, "C1--", label="b_f = 2, the cell alone: ∏ f")  #zh "b_f = 2，只走细胞：∏ f"
plt.xlabel("steps back in time, k")  #zh "回溯的时间步数 k"
plt.ylabel("gradient left")  #zh "剩下的梯度"
plt.legend()
plt.show()

#seconds 120
import numpy as np
import matplotlib.pyplot as plt

S, T, B, H, q, updates, rates = 5, 20, 16, 16, 0.75, 150, (0.01, 0.03)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def network(x, y, W, V, mask_h, mask_c, mask_g):
    h, c, tape = np.zeros((S, B, H)), np.zeros((S, B, H)), []
    for t in range(T):
        a, old = np.concatenate([x[t], mask_h[t] * h], axis=2), mask_c[t] * c
        i, f, g, o = np.split(a @ W, 4, axis=2)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = f * old + i * mask_g[t] * g
        tape.append((a, old, i, f, g, o, c))
        h = o * np.tanh(c)
    error = h @ V - y
    dh, dc, dW = 2 / B * error @ V.swapaxes(1, 2), 0, 0
    for t in range(T - 1, -1, -1):
        a, old, i, f, g, o, c = tape[t]
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        dzi, dzf = dc * mask_g[t] * g * i * (1 - i), dc * old * f * (1 - f)
        dzg, dzo = dc * i * mask_g[t] * (1 - g**2), dh * np.tanh(c) * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=2)
        dW = dW + a.swapaxes(1, 2) @ dz
        dh = mask_h[t] * (dz @ W.swapaxes(1, 2))[..., -H:]
        dc = mask_c[t] * dc * f
    return (error**2).mean(axis=(1, 2)), [dW, 2 / B * h.swapaxes(1, 2) @ error]


def train(place, rate):
    rng, k = np.random.default_rng(0), 1 / np.sqrt(H)
    w = [rng.uniform(-k, k, (S, 3 + H, 4 * H)), rng.uniform(-k, k, (S, H, 1))]
    w[0][:, 0, H : 2 * H] += 3
    m, s, errors = [0, 0], [0, 0], []
    for n in range(1, updates + 1):
        # S networks at once; a 1 for the biases; wanted: the first number, then noise
        #zh S 个网络同时训练；一个 1，管偏置；目标：第一个数，后面全是噪声
        x, y = 0.3 * rng.standard_normal((T, S, B, 3)), rng.standard_normal((S, B, 1))
        x[0, ..., 1:2] = y
        x[..., 0] = 1
        x[..., 2] = np.arange(T)[:, None, None] == 0
        ones, mask = np.ones((T, S, B, H)), (rng.random((T, S, B, H)) < q) / q
        mask = ones * mask[0] if place.startswith("m ") else mask
        masks = [mask if place[-1] == where else ones for where in "hcg"]
        loss, grads = network(x, y, *w, *masks)
        if n > updates - 20:
            errors.append([loss, network(x, y, *w, ones, ones, ones)[0]])
        for j, g in enumerate(grads):
            m[j] = 0.9 * m[j] + 0.1 * g
            s[j] = 0.99 * s[j] + 0.01 * g**2
            size = np.sqrt(s[j] / (1 - 0.99**n)) + 1e-8
            w[j] = w[j] - rate * m[j] / (1 - 0.9**n) / size
    return np.mean(errors, axis=0)


# m: one mask for the sequence; m_t: a new one at each step; at the better of two rates
#zh m：整个序列一个掩码；m_t：每步换一个；两个学习率里取较好的
finals, medians = {}, {}
for place in ("m = 1", "m h", "m_t h", "m_t g", "m c", "m_t c"):
    runs = [train(place, rate) for rate in rates]
    finals[place] = min(runs, key=lambda run: np.median(run[1]))
    medians[place] = np.median(finals[place], axis=1)
    print(f"{place:5} error below 0.05, dropout off: {medians[place][1] < 0.05}")

plt.semilogx([off for on, off in finals.values()], list(finals), "C1o", alpha=0.5)
plt.axvline(1, color="black", ls="--", lw=1)
plt.xlabel("squared error, dropout off (5 seeds)")  #zh "关掉后的平方误差（5 个种子）"
plt.show()

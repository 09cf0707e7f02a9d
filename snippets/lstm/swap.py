#seconds 120
import numpy as np
import matplotlib.pyplot as plt

S, T, B, H, rate, updates = 5, 20, 32, 8, 0.03, 150


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# every gate with its derivative; S networks (seeds) at once
#zh 每个门连同导数；S 个网络（种子）同时训练
smooth = sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))
hard = lambda z: np.clip(z / 4 + 0.5, 0, 1), lambda z: 0.25 * (abs(z) < 2)
same = lambda z: z, np.ones_like
one = np.ones_like, np.zeros_like


def network(x, y, W, V, gate, forget):
    h, c, tape = np.zeros((S, B, H)), np.zeros((S, B, H)), []
    for x_t in x:
        a = np.concatenate([x_t, h], axis=2)
        zi, zf, zg, zo = np.split(a @ W, 4, axis=2)
        i, f, g, o = gate[0](zi), forget[0](zf), np.tanh(zg), gate[0](zo)
        tape.append((a, c, zi, zf, zo, i, f, g, o))
        c = f * c + i * g
        h = o * np.tanh(c)
    error = h @ V - y
    dh, dc, dW = 2 / B * error @ V.swapaxes(1, 2), 0, 0
    for a, before, zi, zf, zo, i, f, g, o in reversed(tape):
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        dzi, dzf = dc * g * gate[1](zi), dc * before * forget[1](zf)
        dzg, dzo = dc * i * (1 - g**2), dh * np.tanh(c) * gate[1](zo)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=2)
        dW = dW + a.swapaxes(1, 2) @ dz
        dh = (dz @ W.swapaxes(1, 2))[..., -H:]
        dc, c = dc * f, before
    return (error**2).mean(axis=(1, 2)), [dW, 2 / B * h.swapaxes(1, 2) @ error]


def train(gate, forget):
    rng, k, losses = np.random.default_rng(0), 1 / np.sqrt(H), []
    w = [rng.uniform(-k, k, (S, 3 + H, 4 * H)), rng.uniform(-k, k, (S, H, 1))]
    w[0][:, 0, H : 2 * H] += 1
    m, s = [0, 0], [0, 0]
    for n in range(1, updates + 1):
        # a 1 for the biases, a number, its mark; wanted: the last marked number
        #zh 一个 1（管偏置），一个数，它的标记；目标：最后一个带标记的数
        x, y = np.ones((T, S, B, 3)), 0
        x[..., 1] = rng.standard_normal((T, S, B))
        x[1:, ..., 2] = rng.random((T - 1, S, B)) < 0.2
        for x_t in x:
            y = np.where(x_t[..., 2:] == 1, x_t[..., 1:2], y)
        loss, grads = network(x, y, *w, gate, forget)
        losses.append(loss)
        for j, g in enumerate(grads):
            m[j] = 0.9 * m[j] + 0.1 * g
            s[j] = 0.99 * s[j] + 0.01 * g**2
            size = np.sqrt(s[j] / (1 - 0.99**n)) + 1e-8
            w[j] = w[j] - rate * m[j] / (1 - 0.9**n) / size
    return np.mean(losses[-30:], axis=0)


cases = {"1/(1+exp(-z))": (smooth, smooth), "z/4 + 1/2": (hard, hard)}
cases |= {"f = z": (smooth, same), "f = 1": (smooth, one)}
finals, median = {}, {}
for name, gates in cases.items():
    finals[name] = train(*gates)
    median[name] = np.median(finals[name])
    print(f"{name:13} median {median[name]:.1g}")

plt.semilogx(list(finals.values()), list(finals), "C1o", alpha=0.5)
plt.xlabel("mean squared error (5 seeds)")  #zh "均方误差（5 个种子）"
plt.show()

#seconds 120
import numpy as np
import matplotlib.pyplot as plt

n, T, B, H, updates, rates, seeds = 20_000, 4, 64, 8, 300, (0.003, 0.01, 0.03, 0.1), 3


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def network(x, y, W, v):
    h, c, tape = np.zeros((len(y), H)), np.zeros((len(y), H)), []
    for x_t in x:
        z = np.concatenate([x_t, h], axis=1)
        i, f, g, o = np.split(z @ W, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        tape.append((z, c, i, f, g, o))
        c = f * c + i * g
        h = o * np.tanh(c)
    error = h @ v - y
    dh, dc, dW = 2 / len(y) * error @ v.T, 0, 0
    for z, before, i, f, g, o in reversed(tape):
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        dzi, dzf = dc * g * i * (1 - i), dc * before * f * (1 - f)
        dzg, dzo = dc * i * (1 - g**2), dh * np.tanh(c) * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1)
        dW = dW + z.T @ dz
        dh = (dz @ W.T)[:, -H:]
        dc = dc * f
        c = before
    return error, [dW, 2 / len(y) * h.T @ error]


def errors(series, rate, rng):
    # the inputs of step t, with a 1 for the biases; what follows is wanted
    #zh 第 t 步的输入，外加一个 1，管偏置；要预测的是接下来的一个
    x, k = np.array([series[t : n - T - 1 + t] for t in range(T)]), 1 / np.sqrt(H)
    x, y = np.stack([np.ones_like(x), x], axis=2), series[T : n - 1, None]
    w = [rng.uniform(-k, k, (2 + H, 4 * H)), rng.uniform(-k, k, (H, 1))]
    m, s = [0, 0], [0, 0]
    for update in range(1, updates + 1):
        rows = rng.integers(0, n // 2, B)
        for j, g in enumerate(network(x[:, rows], y[rows], *w)[1]):
            m[j] = 0.9 * m[j] + 0.1 * g
            s[j] = 0.99 * s[j] + 0.01 * g**2
            size = np.sqrt(s[j] / (1 - 0.99**update)) + 1e-8
            w[j] = w[j] - rate * m[j] / (1 - 0.9**update) / size
    return network(x[:, n // 2 :], y[n // 2 :], *w)[0]


skill = {"level": np.zeros((seeds, 4)), "change": np.zeros((seeds, 4))}
for seed in range(seeds):
    # a slow series; each move repeats 0.6 of the one before
    #zh 一条慢慢走的序列；每一步重复上一步的 0.6
    rng, a, move = np.random.default_rng(seed), [0.0], 0.0
    for e in rng.standard_normal(n - 1):
        move = 0.6 * move + e
        a.append(0.98 * a[-1] + move)
    for wanted, series in {"level": np.array(a), "change": np.diff(a)}.items():
        for k, rate in enumerate(rates):
            error = series.std() * errors(series / series.std(), rate, rng)
            skill[wanted][seed, k] = 1 - (error**2).mean() / np.diff(a).var()

middle = np.median(skill["level"], axis=0)
for wanted, found in skill.items():
    print(f"{wanted:6} best {found.max():.1f}, worst {found.min():.0f}")

plt.semilogx(rates, skill["level"].T, "C1s-")
plt.semilogx(rates, skill["change"].T, "C0o-")
plt.axhline(0, color="black", lw=1)
plt.xlabel("learning rate")  #zh "学习率"
plt.ylabel("skill over the last value")  #zh "比最后一个值好多少"
plt.show()

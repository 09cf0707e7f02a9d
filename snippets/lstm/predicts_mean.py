import numpy as np
import matplotlib.pyplot as plt

n, T, B, H, rate, updates, season = 20000, 6, 64, 8, 0.03, 500, 4


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
    gates = np.array([[i, f, o] for z, before, i, f, g, o in tape])
    return error, gates, [dW, 2 / len(y) * h.T @ error]


# degrees, about 20; each resembles the one of four steps ago, not its neighbour
#zh 气温，20 度上下；每个值像四步之前的那个，不像邻居
rng, k = np.random.default_rng(0), 1 / np.sqrt(H)
a = list(rng.standard_normal(season))
for e in rng.standard_normal(n):
    a.append(0.95 * a[-season] + np.sqrt(1 - 0.95**2) * e)

a, curves, spread, stuck = np.array(a), {}, {}, {}
for name, series in {"raw": 20 + 5 * a, "scaled": a}.items():
    # the inputs of step t, with a 1 for the biases; what follows is wanted
    #zh 第 t 步的输入，外加一个 1，管偏置；要预测的是接下来的一个
    x = np.array([series[t : len(series) - T + t] for t in range(T)])
    x, y = np.stack([np.ones_like(x), x], axis=2), series[T:, None]
    w = [rng.uniform(-k, k, (2 + H, 4 * H)), rng.uniform(-k, k, (H, 1))]
    m, s, errors = [0, 0], [0, 0], []
    for update in range(1, updates + 1):
        rows = rng.integers(0, n // 2, B)
        for j, g in enumerate(network(x[:, rows], y[rows], *w)[2]):
            m[j] = 0.9 * m[j] + 0.1 * g
            s[j] = 0.99 * s[j] + 0.01 * g**2
            size = np.sqrt(s[j] / (1 - 0.99**update)) + 1e-8
            w[j] = w[j] - rate * m[j] / (1 - 0.9**update) / size
        if update % 10 == 0:
            error, gates, grads = network(x[:, -5000:], y[-5000:], *w)
            errors.append((error**2).mean() / y[-5000:].var())
    curves[name] = errors
    spread[name] = (error + y[-5000:]).std() / y[-5000:].std()
    stuck[name] = np.mean((gates < 0.01) | (gates > 0.99))
    print(f"{name:6} error {curves[name][-1]:.1f}, saturated {stuck[name]:.1f}")

plt.semilogy(curves["raw"], "C3v-", ms=4, label="raw degrees")  #zh "原样的度数"
plt.semilogy(curves["scaled"], "C1s-", ms=4, label="standardized")  #zh "标准化"
plt.axhline(1, color="black", ls="--", lw=1)
plt.xlabel("updates / 10")  #zh "更新次数 / 10"
plt.ylabel("squared error, of the variance")  #zh "平方误差（以方差为单位）"
plt.legend()
plt.show()

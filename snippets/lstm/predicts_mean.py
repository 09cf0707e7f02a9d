import numpy as np
import matplotlib.pyplot as plt

n, B, H, rate, updates, season, seeds = 20000, 64, 8, 0.03, 300, 4, 3
np.seterr(over="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W, U, b):
    h, c, tape = np.zeros((x.shape[1], H)), np.zeros((x.shape[1], H)), []
    for t in range(len(x)):
        i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        tape.append((h, c, i, f, g, o))
        c = f * c + i * g
        h = o * np.tanh(c)
    return h, c, tape


def backward(dh, x, c, tape, U):
    dW, dU, db, dc = 0, 0, 0, 0
    for t in range(len(x) - 1, -1, -1):
        before, old, i, f, g, o = tape[t]
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        dzi, dzf = dc * g * i * (1 - i), dc * old * f * (1 - f)
        dzg, dzo = dc * i * (1 - g**2), dh * np.tanh(c) * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1)
        dW = dW + x[t].T @ dz
        dU = dU + before.T @ dz
        db = db + dz.sum(axis=0)
        dh = dz @ U.T
        dc = dc * f
        c = old
    return [dW, dU, db]


def windows(a, T):
    # column k holds a[k], a[k + 1], …; what follows is wanted
    #zh 第 k 列是 a[k]、a[k + 1]……，要预测的是接下来的一个
    return np.array([a[t : len(a) - T + t] for t in range(T)])[..., None], a[T:, None]


def train(x, y, x_test, y_test, seed):
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    sizes = ((1, 4 * H), (H, 4 * H), (4 * H,), (H, 1), (1,))
    w = [rng.uniform(-k, k, size) for size in sizes]
    m, s, errors = [0 * a for a in w], [0 * a for a in w], []
    for n in range(1, updates + 1):
        rows = rng.integers(0, len(y), B)
        W, U, b, v, d = w
        h, c, tape = forward(x[:, rows], W, U, b)
        error = 2 / B * (h @ v + d - y[rows])
        grads = backward(error @ v.T, x[:, rows], c, tape, U)
        grads = grads + [h.T @ error, error.sum(axis=0)]
        for j, g in enumerate(grads):
            m[j] = 0.9 * m[j] + 0.1 * g
            s[j] = 0.99 * s[j] + 0.01 * g**2
            size = np.sqrt(s[j] / (1 - 0.99**n)) + 1e-8
            w[j] = w[j] - rate * m[j] / (1 - 0.9**n) / size
        if n % 10 == 0:
            W, U, b, v, d = w
            h, c, tape = forward(x_test, W, U, b)
            guess = h @ v + d
            errors.append(((guess - y_test) ** 2).mean() / y_test.var())
    # saturated: a gate below 0.01 or above 0.99
    #zh 饱和：门小于 0.01 或大于 0.99
    gates = np.array([[i, f, o] for before, old, i, f, g, o in tape])
    stuck = np.mean(abs(gates - 0.5) > 0.49)
    return errors, guess.std() / y_test.std(), stuck


# degrees, about 20; each resembles the one of four steps ago, not its neighbour
#zh 气温，20 度上下；每个值像四步之前的那个，不像邻居
a = list(np.random.default_rng(0).standard_normal(season))
for e in np.random.default_rng(1).standard_normal(n):
    a.append(0.95 * a[-season] + np.sqrt(1 - 0.95**2) * e)

a = 20 + 5 * np.array(a)
half = len(a) // 2
mean, size = a[:half].mean(), a[:half].std()
cases = {
    "raw": (a, 6, "C3v-"),
    "too short": ((a - mean) / size, season - 1, "C4D-"),
    "scaled": ((a - mean) / size, 6, "C1s-"),
}
curves, spread, stuck = {}, {}, {}
for name, (series, T, look) in cases.items():
    x, y = windows(series, T)
    test = x[:, -1000:], y[-1000:]
    runs = [train(x[:, :half], y[:half], *test, seed) for seed in range(seeds)]
    curves[name] = np.median([errors for errors, wide, full in runs], axis=0)
    spread[name] = np.median([wide for errors, wide, full in runs])
    stuck[name] = np.median([full for errors, wide, full in runs])
    print(f"{name:9} error {curves[name][-1]:.1f} of the variance,", end=" ")
    print(f"spread {spread[name]:.1f}, saturated {stuck[name]:.1f}")

# baselines, on the same last thousand: the last value, and the one a season ago
#zh 基线，用同样的最后一千个：最后一个值，以及一个周期之前的值
true = a[-1000:]
persistence = ((true - a[-1001:-1]) ** 2).mean() / true.var()
seasonal = ((true - a[-1000 - season : -season]) ** 2).mean() / true.var()
print(f"last value {persistence:.1f}, a season ago {seasonal:.2f}")

labels = (
    "raw, window 6",  #zh "未标准化，窗口 6"
    "scaled, window 3",  #zh "标准化，窗口 3"
    "scaled, window 6",  #zh "标准化，窗口 6"
)
for (series, T, look), curve, label in zip(cases.values(), curves.values(), labels):
    plt.semilogy(range(10, updates + 1, 10), curve, look, ms=4, label=label)

plt.axhline(persistence, color="gray", ls=":", label="last value")  #zh "最后一个值"
plt.axhline(1, color="black", ls="--", lw=1, label="mean")  #zh "均值"
plt.axhline(seasonal, color="gray", ls="-.", label="a season ago")  #zh "一个周期之前"
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("squared error, of the variance")  #zh "平方误差（以方差为单位）"
plt.legend(fontsize=8)
plt.show()

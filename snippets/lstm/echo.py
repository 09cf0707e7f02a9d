import numpy as np
import matplotlib.pyplot as plt

seeds, n, T, B, H, rate, updates = 3, 20_000, 4, 64, 8, 0.01, 300


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W, U, b):
    h, c, tape = np.zeros((x.shape[1], H)), np.zeros((x.shape[1], H)), []
    for t in range(T):
        i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        tape.append((h, c, i, f, g, o))
        c = f * c + i * g
        h = o * np.tanh(c)
    return h, c, tape


def backward(dh, x, c, tape, U):
    dW, dU, db, dc = 0, 0, 0, 0
    for t in range(T - 1, -1, -1):
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


def windows(a):
    # column k holds a[k], a[k + 1], …, and then comes the one that is wanted
    #zh 第 k 列是 a[k]、a[k + 1]……，再下一个就是要预测的
    return np.array([a[t : len(a) - T + t] for t in range(T)])[..., None], a[T:, None]


def train(x, y, rng):
    k = 1 / np.sqrt(H)
    sizes = ((1, 4 * H), (H, 4 * H), (4 * H,), (H, 1), (1,))
    w = [rng.uniform(-k, k, size) for size in sizes]
    m, s = [0 * a for a in w], [0 * a for a in w]
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
    return w


def prices(momentum, rng):
    # a slow series; a move repeats this share of the move before
    #zh 一条慢慢走的序列；每一步重复上一步的这么一部分
    level, move, a = 0.0, 0.0, []
    for e in rng.standard_normal(n):
        move = momentum * move + e
        level = 0.98 * level + move
        a.append(level)
    return np.array(a)


half = n // 2
skill, fit, shift = {}, {}, {}
for momentum in (0.0, 0.6):
    for wanted in ("level", "change"):
        skills, fits, shifts = [], [], []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            a = prices(momentum, rng)
            series = a if wanted == "level" else np.diff(a)
            mean, size = series[:half].mean(), series[:half].std()
            x, y = windows((series - mean) / size)
            W, U, b, v, d = train(x[:, :half], y[:half], rng)
            guess = (forward(x[:, half:], W, U, b)[0] @ v + d)[:, 0] * size + mean
            truth, last = a[-len(guess) :], a[-len(guess) - 1 : -1]
            if wanted == "change":
                guess = last + guess
            # beside the mean, beside the last value; and which shift fits best
            #zh 与均值比，与最后一个值比；再看错开几步最吻合
            error = ((guess - truth) ** 2).mean()
            fits.append(1 - error / truth.var())
            skills.append(1 - error / ((last - truth) ** 2).mean())
            off = [guess[9:] - truth[9 - k : len(truth) - k] for k in range(9)]
            shifts.append(int(np.argmin(np.mean(np.square(off), axis=1))))
            if wanted == "level" and momentum == 0 and seed == 0:
                shown = truth[:60], guess[:60]
        case = f"{wanted}, {momentum}"
        skill[case] = np.median(skills)
        fit[case] = min(fits)
        shift[case] = set(shifts)
        rounded = round(skill[case], 1) + 0.0
        fine = fit[case] > 0.95
        print(f"{case:11}: R2 above 0.95: {fine}, skill {rounded}, shift {shifts}")

# the moves' own noise has variance 1: nobody gets below
#zh 每一步自带方差为 1 的噪声，谁也低不过它
best = 1 - 1 / ((last - truth) ** 2).mean()
print(f"best possible skill with momentum: {best:.2f}")

fig, (left, right) = plt.subplots(1, 2, figsize=(6.5, 3.4), layout="tight")
left.plot(shown[0], "k", lw=1, label="truth")  #zh "真值"
left.plot(shown[1], "C1", label="forecast")  #zh "预测"
left.set_xlabel("step")  #zh "步"
left.legend()
names = (
    "level, no momentum",  #zh "学水平，无惯性"
    "change, no momentum",  #zh "学变化，无惯性"
    "level, momentum",  #zh "学水平，有惯性"
    "change, momentum",  #zh "学变化，有惯性"
)
right.barh(names, list(skill.values()), color="C1")
right.axvline(0, color="black", lw=1)
right.axvline(best, color="black", ls="--", lw=1)
right.invert_yaxis()
right.set_xlabel("skill over the last value")  #zh "比最后一个值好多少"
plt.show()

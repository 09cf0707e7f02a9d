#seconds 120
import numpy as np
import matplotlib.pyplot as plt

S, T, B, H, p, updates, rates = 5, 20, 16, 16, 0.25, 150, (0.01, 0.03)
q = 1 - p


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def masks(way, rng):
    # factors of h, c and g at each step, and where zoneout keeps the old c
    #zh 每一步 h、c、g 各乘的因子，以及 zoneout 在哪里照抄旧的 c
    ones = np.ones((T, S, B, H))
    new = (rng.random((T, S, B, H)) < q) / q
    one = np.repeat(new[:1], T, axis=0)
    return {
        "none": (ones, ones, ones, 0 * ones),
        "h, each step": (new, ones, ones, 0 * ones),
        "h, one mask": (one, ones, ones, 0 * ones),
        "c, each step": (ones, new, ones, 0 * ones),
        "c, one mask": (ones, one, ones, 0 * ones),
        "g": (ones, ones, new, 0 * ones),
        "zoneout": (ones, ones, ones, (new == 0) * 1.0),
    }[way]


def forward(x, W, U, b, mask_h, mask_c, mask_g, keep):
    h, c, tape = np.zeros((S, B, H)), np.zeros((S, B, H)), []
    for t in range(T):
        seen, old = mask_h[t] * h, mask_c[t] * c
        i, f, g, o = np.split(x[t] @ W + seen @ U + b, 4, axis=-1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = keep[t] * old + (1 - keep[t]) * (f * old + i * mask_g[t] * g)
        h = o * np.tanh(c)
        tape.append((seen, old, i, f, g, o, c))
    return h, tape


def backward(dh, x, tape, U, mask_h, mask_c, mask_g, keep):
    dW, dU, db, dc = 0, 0, 0, 0
    for t in range(T - 1, -1, -1):
        seen, old, i, f, g, o, c = tape[t]
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        new = (1 - keep[t]) * dc
        dzi = new * mask_g[t] * g * i * (1 - i)
        dzf = new * old * f * (1 - f)
        dzg = new * i * mask_g[t] * (1 - g**2)
        dzo = dh * np.tanh(c) * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=-1)
        dW = dW + x[t].swapaxes(1, 2) @ dz
        dU = dU + seen.swapaxes(1, 2) @ dz
        db = db + dz.sum(axis=1, keepdims=True)
        dh = mask_h[t] * (dz @ U.swapaxes(1, 2))
        dc = mask_c[t] * (keep[t] * dc + new * f)
    return [dW, dU, db]


def train(way, rate):
    rng, k = np.random.default_rng(0), 1 / np.sqrt(H)
    sizes = ((2, 4 * H), (H, 4 * H), (1, 4 * H), (H, 1))
    w = [rng.uniform(-k, k, (S,) + size) for size in sizes]
    w[2][..., H : 2 * H] += 3
    m, s, losses, tests = [0 * a for a in w], [0 * a for a in w], [], []
    for n in range(1, updates + 1):
        # wanted: the first number; then comes noise
        #zh 目标：第一个数；后面全是噪声
        x, y = 0.3 * rng.standard_normal((T, S, B, 2)), rng.standard_normal((S, B, 1))
        x[..., 1] = 0
        x[0] = np.concatenate([y, np.ones_like(y)], axis=-1)
        W, U, b, v = w
        drop = masks(way, rng)
        h, tape = forward(x, W, U, b, *drop)
        error = h @ v - y
        losses.append((error**2).mean(axis=(1, 2)))
        if n > updates - 20:
            plain = forward(x, W, U, b, *masks("none", rng))[0] @ v
            tests.append(((plain - y) ** 2).mean(axis=(1, 2)))
        grads = backward(2 / B * error @ v.swapaxes(1, 2), x, tape, U, *drop)
        grads = grads + [2 / B * h.swapaxes(1, 2) @ error]
        for j, g in enumerate(grads):
            m[j] = 0.9 * m[j] + 0.1 * g
            s[j] = 0.99 * s[j] + 0.01 * g**2
            size = np.sqrt(s[j] / (1 - 0.99**n)) + 1e-8
            w[j] = w[j] - rate * m[j] / (1 - 0.9**n) / size
    return np.mean(losses[-20:], axis=0), np.mean(tests, axis=0)


ways = ["none", "h, one mask", "h, each step", "g", "zoneout"]
ways = ways + ["c, one mask", "c, each step"]
with_it, without, finals = {}, {}, {}
for way in ways:
    # at the better of two rates
    #zh 两个学习率，取较好的一个
    runs = [train(way, rate) for rate in rates]
    losses, tests = min(runs, key=lambda run: np.median(run[1]))
    finals[way] = tests
    with_it[way] = np.median(losses)
    without[way] = np.median(tests)
    print(f"{way:12} error below 0.05, dropout off: {without[way] < 0.05}")

labels = (
    "no dropout",  #zh "不丢"
    "h, one mask",  #zh "h，一个掩码"
    "h, each step",  #zh "h，每步换掩码"
    "candidate g",  #zh "候选状态 g"
    "zoneout of c",  #zh "c，照抄旧值"
    "c, one mask",  #zh "c，一个掩码"
    "c, each step",  #zh "c，每步换掩码"
)
for row, way in enumerate(ways):
    plt.semilogx(finals[way], [row] * S, "C1o", alpha=0.4)
    plt.semilogx(without[way], row, "C1|", ms=14, mew=3)

plt.axvline(1, color="black", ls="--", lw=1)
plt.yticks(range(len(labels)), labels)
plt.gca().invert_yaxis()
plt.xlabel("squared error, dropout off (5 seeds; bar: median)")  #zh "关掉后的平方误差（5 个种子，竖线为中位数）"
plt.show()

"""An LSTM whose backward pass ends after eight steps still learns to add two numbers from up to 64 steps, while some
of the marks fall into those eight; if none ever does, the full gradient learns and the truncated one does not."""

import numpy as np
from sweep import around

CENTRE = dict(width=10, length=32, inputs=1.0)
SETTINGS = around(CENTRE, width=(20,), length=(16, 64), inputs=(0.5, 2.0))
SEEDS = 5
RATES = (0.005, 0.01, 0.03)
STEPS, BATCH, UPDATES = 8, 16, 600
# two tasks at once: the second mark may be anywhere, or never among the last nine steps
TASKS = ("anywhere", "early")


def task(rng, length, early):
    x, y = np.zeros((length, BATCH, 2), np.float32), np.zeros((BATCH, 1), np.float32)
    last = length - (STEPS + 1 if early else 0)
    first, second = rng.integers(0, last // 2, BATCH), rng.integers(last // 2, last, BATCH)
    x[:, :, 0] = rng.random((length, BATCH))
    for place in (first, second):
        x[place, range(BATCH), 1] = 1
        y[:, 0] += x[place, range(BATCH), 0]
    return x, y


def start(rng, H):
    b = np.zeros((1, 4 * H))
    b[:, H : 2 * H] = 2
    U = np.concatenate([np.linalg.qr(rng.standard_normal((H, H)))[0] for _ in range(4)], axis=1)
    return rng.standard_normal((2, 4 * H)) / np.sqrt(2), U, b, rng.standard_normal((H, 1)) / np.sqrt(H), np.ones((1, 1))


def gradients(x, y, p, steps):
    """Of N networks: x (T, N, B, 2), y (N, B, 1), gates i, f, g, o; only the last `steps` are gone back."""
    (W, U, b, v, mean), H = p, p[1].shape[1]
    i, f, g, o = (slice(k * H, (k + 1) * H) for k in range(4))
    inner = x @ W + b
    h = c = np.zeros((*y.shape[:2], H), np.float32)
    saved = []
    for t in range(len(x)):
        z = inner[t] + h @ U
        a = 1 / (1 + np.exp(-z))
        a[..., g] = np.tanh(z[..., g])
        before, c = c, a[..., f] * c + a[..., i] * a[..., g]
        saved.append((h, before, a, np.tanh(c)))
        h = a[..., o] * saved[-1][3]
    error = h @ v + mean - y
    d = 2 * error / y.shape[1]
    dW, dU, db, dc = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b), 0
    dv, dmean, dh = h.swapaxes(1, 2) @ d, d.sum(axis=1, keepdims=True), d @ v.swapaxes(1, 2)
    for t in range(len(x) - 1, max(len(x) - 1 - steps, -1), -1):
        h, before, a, squashed = saved[t]
        dc = dc + dh * a[..., o] * (1 - squashed**2)
        dz = a * (1 - a)
        dz[..., i] *= dc * a[..., g]
        dz[..., f] *= dc * before
        dz[..., g] = dc * a[..., i] * (1 - a[..., g] ** 2)
        dz[..., o] *= dh * squashed
        dW, dU, db = dW + x[t].swapaxes(1, 2) @ dz, dU + h.swapaxes(1, 2) @ dz, db + dz.sum(axis=1, keepdims=True)
        dh, dc = dz @ U.swapaxes(1, 2), dc * a[..., f]
    return (error**2).mean(axis=(1, 2)), (dW, dU, db, dv, dmean)


def train(steps, width, length, inputs):
    """The loss, as a share of that of always answering 1, at each update: (updates, tasks, rates, seeds)."""
    rngs = [np.random.default_rng(seed) for seed in range(SEEDS)]
    many = len(TASKS) * len(RATES)
    p = [np.tile(np.array(q, np.float32), (many, 1, 1)) for q in zip(*[start(rng, width) for rng in rngs], strict=True)]
    rate = np.tile(np.repeat(np.array(RATES, np.float32), SEEDS), len(TASKS))[:, None, None]
    m, s, losses = [0 * q for q in p], [0 * q for q in p], []
    for update in range(1, UPDATES + 1):
        drawn = [[task(rng, length, early) for rng in rngs] for early in (False, True)]
        x = np.concatenate([np.tile(np.stack([x for x, _ in of], 1), (1, len(RATES), 1, 1)) for of in drawn], axis=1)
        y = np.concatenate([np.tile(np.stack([y for _, y in of]), (len(RATES), 1, 1)) for of in drawn])
        loss, grads = gradients(np.float32(inputs) * x, y, p, steps)
        losses.append(loss * 6)  # the sum of two uniform numbers has variance 1/6
        norm = np.sqrt(sum((g**2).sum(axis=(1, 2), keepdims=True) for g in grads))
        for k, g in enumerate(grads):
            g = g * np.minimum(1, 1 / norm)
            m[k], s[k] = 0.9 * m[k] + 0.1 * g, 0.99 * s[k] + 0.01 * g**2
            size = np.sqrt(s[k] / (1 - 0.99**update)) + 1e-8
            p[k] = p[k] - rate * m[k] / np.float32(1 - 0.9**update) / size
    return np.reshape(losses, (UPDATES, len(TASKS), len(RATES), SEEDS))


def measure(width, length, inputs):
    row = {}
    for name, steps in (("full", length), ("truncated", STEPS)):
        losses = train(steps, width, length, inputs)
        ends = np.median(losses[-50:].mean(axis=0), axis=2)  # (tasks, rates)
        smooth = losses.reshape(-1, 20, len(TASKS), len(RATES), SEEDS).mean(axis=1)
        learned = np.median(np.where((smooth < 0.2).any(axis=0), np.argmax(smooth < 0.2, axis=0) + 1, 999), axis=2)
        for k, of in enumerate(TASKS):
            row[f"{name}_{of}"] = ends[k].min()
        row[f"{name}_updates"] = 20 * learned[0].min()
    return row


def holds(row):
    learned = max(row["full_anywhere"], row["truncated_anywhere"], row["full_early"]) < 0.3
    return learned and row["truncated_early"] > max(0.2, 5 * row["full_early"])


def values(rows):
    slower = [row["truncated_updates"] / row["full_updates"] for row in rows]
    cut, worst = (f([row[key] for row in rows]) for f, key in ((min, "truncated_early"), (max, "truncated_anywhere")))
    full = max(row["full_early"] for row in rows)
    return {"worst": worst, "cut": cut, "full": full, "least": min(slower), "most": max(slower)}

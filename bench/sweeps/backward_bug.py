"""On the adding problem an LSTM learns with the wrong gradient (dh overwritten before dc has used it) what it
learns with the right one; only when the first of twenty numbers has to be recalled does it fall behind."""

import numpy as np
from sweep import around

ADD = dict(task="add", length=20, width=16, inputs=1.0)
SETTINGS = around(ADD, length=(5,), width=(32,), inputs=(0.3, 3.0)) + around({**ADD, "task": "recall"}, length=(5,))
SEEDS, RATES, UPDATES = 5, (0.003, 0.01, 0.03), 300
FIXED = {"batch": "16 sequences; the length is varied instead"}
B = 16


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def draw(task, T, inputs, rng):
    """x (T, seeds, B, 2): numbers, and marks; what is wanted has variance 1."""
    x, some = np.zeros((T, SEEDS, B, 2)), np.meshgrid(range(SEEDS), range(B), indexing="ij")
    x[..., 0] = rng.standard_normal((T, SEEDS, B))
    if task == "recall":
        wanted = x[0, ..., :1].copy()
    else:
        half = (T + 1) // 2
        first, second = rng.integers(0, half, (SEEDS, B)), rng.integers(half, T, (SEEDS, B))
        x[first, *some, 1] = x[second, *some, 1] = 1
        wanted = (x[..., 0] * x[..., 1]).sum(axis=0)[..., None] / np.sqrt(2)
    x[..., 0] *= inputs
    return x, wanted


def loss_and_gradients(q, x, wanted, bug):
    W, U, b, V, a = q
    (T, R, _, _), H = x.shape, len(U[0])
    driven, gates = x @ W + b, []
    h, c = np.zeros((T + 1, R, B, H)), np.zeros((T + 1, R, B, H))
    for t in range(T):
        i, f, g, o = np.split(driven[t] + h[t] @ U, 4, -1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c[t + 1] = f * c[t] + i * g
        h[t + 1] = o * np.tanh(c[t + 1])
        gates.append((i, f, g, o))
    error = h[T] @ V + a - wanted
    dy, dc, dz = 2 * error / B, 0, np.zeros_like(driven)
    dh = dy @ V.swapaxes(-1, -2)
    for t in range(T - 1, -1, -1):
        (i, f, g, o), tanh_c = gates[t], np.tanh(c[t + 1])
        slope = o * (1 - tanh_c**2)
        d = dc + dh * slope
        parts = d * g * i * (1 - i), d * c[t] * f * (1 - f), d * i * (1 - g**2), dh * tanh_c * o * (1 - o)
        dz[t] = np.concatenate(parts, -1)
        before, dh = dh, dz[t] @ U.swapaxes(-1, -2)
        dc = (dc + (dh if bug else before) * slope) * f

    def flat(array):
        return array.transpose(1, 0, 2, 3).reshape(R, -1, array.shape[-1])

    grads = [flat(one).swapaxes(-1, -2) @ flat(dz) for one in (x, h[:-1])] + [flat(dz).sum(1)[:, None]]
    return (error**2).mean((1, 2)), grads + [h[T].swapaxes(-1, -2) @ dy, dy.sum(1)[:, None]]


def final(task, T, H, inputs, bug):
    """The mean of each seed's last thirty losses, at the rate that is best for the median. Adam, clipped to norm 1."""
    rng, many = np.random.default_rng(0), len(RATES)
    sizes = ((2, 4 * H), (H, 4 * H), (1, 4 * H), (H, 1), (1, 1))
    q = [rng.standard_normal((SEEDS, *size)) / np.sqrt(size[0]) for size in sizes]
    q[2], q[4] = 0 * q[2], 0 * q[4]
    q[2][..., H : 2 * H] = 1
    q = [np.tile(one, (many, 1, 1)) for one in q]
    rate = np.repeat(RATES, SEEDS)[:, None, None]
    m, s, losses = [0 * one for one in q], [0 * one for one in q], []
    for update in range(1, UPDATES + 1):
        x, wanted = draw(task, T, inputs, rng)
        loss, grads = loss_and_gradients(q, np.tile(x, (1, many, 1, 1)), np.tile(wanted, (many, 1, 1)), bug)
        losses.append(loss)
        norm = np.sqrt(sum((g**2).sum((1, 2), keepdims=True) for g in grads))
        for k, g in enumerate(grads):
            g = g / np.maximum(1, norm)
            m[k] = 0.9 * m[k] + 0.1 * g
            s[k] = 0.99 * s[k] + 0.01 * g**2
            q[k] = q[k] - rate * m[k] / (1 - 0.9**update) / (np.sqrt(s[k] / (1 - 0.99**update)) + 1e-8)
    ends = np.mean(losses[-30:], axis=0).reshape(many, SEEDS)
    return ends[np.median(ends, axis=1).argmin()]


def measure(task, length, width, inputs):
    right, wrong = (final(task, length, width, inputs, bug) for bug in (False, True))
    told = {"right": np.median(right), "wrong": np.median(wrong), "right_worst": right.max()}
    return {**told, "wrong_best": wrong.min(), "wrong_worst": wrong.max()}


def holds(row):
    if row["task"] == "recall" and row["length"] == 20:
        return row["right"] < row["wrong"]
    return row["wrong"] < 2 * row["right"] and row["wrong"] < 0.15


def values(rows):
    alike = [row for row in rows if not (row["task"] == "recall" and row["length"] == 20)]
    recall = next(row for row in rows if row["task"] == "recall" and row["length"] == 20)
    told = {"wrong_ahead": sum(row["wrong"] < row["right"] for row in alike), "alike": len(alike)}
    times = [row["wrong"] / row["right"] for row in alike]
    told |= {"lowest": min(times), "highest": max(times), "updates": UPDATES}
    return {**told, "recall_right": recall["right"], "recall_wrong": recall["wrong"]}

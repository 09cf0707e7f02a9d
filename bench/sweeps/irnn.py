"""On the adding problem a ReLU network that starts at the identity ends ahead of one that starts as PyTorch draws
it, each at its own best rate, wherever either of them leaves the baseline."""

import numpy as np
from sweep import around

SETTINGS = around(dict(width=16, length=80, inputs=1.0), width=(32,), length=(40, 160), inputs=(0.3, 3.0))
SEEDS, RATES, UPDATES, B = 5, (0.001, 0.003, 0.01), 400, 16
FIXED = {"batch": "16 sequences; the length is varied by 4"}
T2 = (0, 2, 1)


def task(T, lanes, rng, inputs):
    x, each = np.zeros((T, lanes, B, 2), np.float32), np.arange(B)
    x[..., 0] = rng.random((T, 1, B))
    first, second = rng.integers(0, T // 2, B), rng.integers(T // 2, T, B)
    y = x[first, :, each, 0] + x[second, :, each, 0]
    x[..., 0] *= inputs
    x[first, :, each, 1] = x[second, :, each, 1] = 1
    return x, y.T[..., None]


def train(start, H, T, inputs):
    """The mean of the last 40 losses, (rates, seeds)."""
    lanes = [(rate, seed) for rate in RATES for seed in range(SEEDS)]
    parts = []
    for _, seed in lanes:
        rng = np.random.default_rng(seed)
        W, U = rng.standard_normal((2, H)) / np.sqrt(2), rng.uniform(-1, 1, (H, H)) / np.sqrt(H)
        U = {"identity": np.eye(H), "random": U, "orthogonal": np.linalg.qr(rng.standard_normal((H, H)))[0]}[start]
        parts.append([W, U, np.zeros((1, H)), rng.standard_normal((H, 1)) / np.sqrt(H), np.ones((1, 1))])
    p = [np.array(one, np.float32) for one in zip(*parts, strict=True)]
    m, s, losses = [0 * q for q in p], [0 * q for q in p], []
    rate = np.array([rate for rate, _ in lanes], np.float32)[:, None, None]
    rng = np.random.default_rng(7)
    for n in range(1, UPDATES + 1):
        W, U, b, v, a = p
        x, y = task(T, len(lanes), rng, inputs)
        h = [np.zeros((len(lanes), B, H), np.float32)]
        for x_t in x:
            h.append(np.maximum(x_t @ W + h[-1] @ U + b, 0))
        error = h[T] @ v + a - y
        losses.append((error**2).mean(axis=(1, 2)))
        d = 2 * error / B
        grads = [0, 0, 0, h[T].transpose(T2) @ d, d.sum(axis=1, keepdims=True)]
        dh = d @ v.transpose(T2)
        for t in range(T - 1, -1, -1):
            dz = dh * (h[t + 1] > 0)
            grads[0] = grads[0] + x[t].transpose(T2) @ dz
            grads[1] = grads[1] + h[t].transpose(T2) @ dz
            grads[2] = grads[2] + dz.sum(axis=1, keepdims=True)
            dh = dz @ U.transpose(T2)
        grads = [np.nan_to_num(g) for g in grads]
        norm = np.maximum(1, np.sqrt(sum((g.astype(np.float64) ** 2).sum(axis=(1, 2)) for g in grads)))[:, None, None]
        for k, g in enumerate(grads):
            g = g / norm
            m[k], s[k] = 0.9 * m[k] + 0.1 * g, 0.99 * s[k] + 0.01 * g**2
            p[k] = (p[k] - rate * m[k] / (1 - 0.9**n) / (np.sqrt(s[k] / (1 - 0.99**n)) + 1e-8)).astype(np.float32)
    return np.nan_to_num(np.mean(losses[-40:], axis=0), nan=9.0, posinf=9.0).reshape(len(RATES), SEEDS)


def measure(width, length, inputs):
    found = {}
    with np.errstate(all="ignore"):
        for start in ("identity", "random", "orthogonal"):
            ends = train(start, width, length, inputs)
            found[start] = np.median(ends, axis=1).min() / (1 / 6)
    return found


def holds(row):
    return row["identity"] < row["random"] or min(row["identity"], row["random"]) > 0.9


def values(rows):
    return {
        f"{name}_{end}": f(row[name] for row in rows)
        for name in ("identity", "random", "orthogonal")
        for end, f in (("low", min), ("high", max))
    }

"""With a branch × 1/√L, or × a learned factor that starts at 0, a deep network learns two spirals under each of
three variances of its weights; a plain one of thirty layers or more does not under the small one. Every side at its
best rate."""

import numpy as np
from sweep import around

SETTINGS = around(dict(width=16, depth=30, inputs=1.0), width=(32,), depth=(15, 60), inputs=(0.3, 3.0))
SEEDS, RATES, UPDATES = 5, (0.001, 0.003, 0.01), 250
FIXED = {"batch": "all points at once; the depth is varied by 4"}
GAINS = {"small": 1 / 3, "middle": 1.0, "he": 2.0}
POINTS = 40


def spirals(rng):
    t = np.sqrt(rng.random(POINTS)) * 3 * np.pi
    arm = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / 5
    return np.concatenate([arm, -arm]) + 0.03 * rng.standard_normal((2 * POINTS, 2))


def train(kind, gain, width, depth, inputs):
    """The share of points classified right at the end, (rates, seeds): all of them at once."""
    lanes, L, n = [(rate, seed) for rate in RATES for seed in range(SEEDS)], depth, width
    x, parameters = [], []
    for _, seed in lanes:
        rng = np.random.default_rng(seed)
        x.append(inputs * spirals(rng))
        V, w, W = (rng.standard_normal(s) for s in ((2, n), (n, 1), (L, n, n)))
        parameters.append([V / np.sqrt(2), w / np.sqrt(n), W * np.sqrt(gain / n)])
    x = np.array(x, np.float32)
    V, w, W = (np.array(part, np.float32) for part in zip(*parameters, strict=True))
    y = np.repeat([[0.0], [1.0]], POINTS, axis=0).astype(np.float32)
    keep = float(kind != "plain")
    a = np.full((len(lanes), L, 1, 1), {"plain": 1, "unscaled": 1, "scaled": L**-0.5, "rezero": 0}[kind], np.float32)
    p = [V, w, W, np.zeros((len(lanes), L, 1, n), np.float32), a]
    m, s = [0 * q for q in p], [0 * q for q in p]
    rate = np.array([rate for rate, _ in lanes], np.float32)
    T = (0, 2, 1)
    for update in range(1, UPDATES + 1):
        V, w, W, b, a = p
        h, r, f = [x @ V], [], []
        for k in range(L):
            r.append(np.maximum(h[k], 0))
            f.append(r[k] @ W[:, k] + b[:, k])
            h.append(keep * h[k] + a[:, k] * f[k])
        z = h[L] @ w
        error = (0.5 * (1 + np.tanh(0.5 * z)) - y) / x.shape[1]
        g, dW, db, da = error @ w.transpose(T), np.empty_like(W), np.empty_like(b), np.zeros_like(a)
        for k in range(L - 1, -1, -1):
            if kind == "rezero":
                da[:, k, 0, 0] = (g * f[k]).sum(axis=(1, 2))
            d = a[:, k] * g
            dW[:, k], db[:, k] = r[k].transpose(T) @ d, d.sum(axis=1, keepdims=True)
            g = keep * g + (d @ W[:, k].transpose(T)) * (h[k] > 0)
        grads = [x.transpose(T) @ g, h[L].transpose(T) @ error, dW, db, da]
        for k, g in enumerate(grads):
            g = np.nan_to_num(g)
            m[k], s[k] = 0.9 * m[k] + 0.1 * g, 0.99 * s[k] + 0.01 * g**2
            step = m[k] / (1 - 0.9**update) / (np.sqrt(s[k] / (1 - 0.99**update)) + 1e-8)
            p[k] = (p[k] - rate.reshape(-1, *[1] * (g.ndim - 1)) * step).astype(np.float32)
    return ((z > 0) == (y > 0.5)).mean(axis=(1, 2)).reshape(len(RATES), SEEDS)


def measure(width, depth, inputs):
    found = {}
    with np.errstate(all="ignore"):
        for kind in ("plain", "unscaled", "scaled", "rezero"):
            for name, gain in GAINS.items():
                right = train(kind, gain, width, depth, inputs)
                best = np.median(right, axis=1).argmax()
                found[f"{kind}_{name}"], found[f"{kind}_{name}_worst"] = np.median(right[best]), right[best].min()
                found[f"{kind}_{name}_rate"] = RATES[best]
    return found


def holds(row):
    steady = all(row[f"{kind}_{gain}"] > 0.85 for kind in ("scaled", "rezero") for gain in GAINS)
    return steady and (row["plain_small"] < 0.75 or row["depth"] < 30)


def values(rows):
    ends = {}
    for kind in ("plain", "unscaled", "scaled", "rezero"):
        for gain in GAINS:
            ends[f"{kind}_{gain}_low"] = min(row[f"{kind}_{gain}"] for row in rows)
            ends[f"{kind}_{gain}_high"] = max(row[f"{kind}_{gain}"] for row in rows)
    return ends

"""Linear units that start orthogonal learn to copy over a lag, whether they are kept orthogonal or not; tanh units that
are kept orthogonal, and an LSTM of as many units or parameters, are far from it after as many updates."""

import numpy as np
from sweep import around, take

p = take("remedies/kept_orthogonal", "A", "S", "retract")
SETTINGS = around(dict(width=32, lag=30, inputs=1.0), width=(16,), lag=(15, 60), inputs=(0.3, 3.0))
SEEDS, RATES, UPDATES = 5, (0.001, 0.003, 0.01, 0.03), 150
FIXED = {"batch": "16 sequences; the lag is varied instead"}
B = 16


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def start(kind, H, lag, rng):
    """W, U, b, V, a of every seed. An LSTM's gates are orthogonal too, its biases those of chrono initialization."""
    D, gates = p.A + 1, 4 if kind == "lstm" else 1
    W = rng.standard_normal((SEEDS, D, gates * H)) / np.sqrt(D)
    U = [p.retract(rng.standard_normal((SEEDS, H, H))) for _ in range(gates)]
    b = np.zeros((SEEDS, 1, gates * H))
    if kind == "lstm":
        b[..., H : 2 * H] = np.log(rng.uniform(1, lag - 1, (SEEDS, 1, H)))
        b[..., :H] = -b[..., H : 2 * H]
    return W, np.concatenate(U, -1), b, rng.standard_normal((SEEDS, H, p.A)) / np.sqrt(H), np.zeros((SEEDS, 1, p.A))


def loss_and_gradients(kind, q, x, wanted):
    """x (T, R, B, D), wanted (S, R, B): the cross-entropy of each run's S answers, and its gradients."""
    W, U, b, V, a = q
    (T, R, B, _), H = x.shape, len(U[0])
    driven = x @ W + b
    h, c, gates = np.zeros((T + 1, R, B, H), x.dtype), np.zeros((T + 1, R, B, H), x.dtype), np.zeros_like(driven)
    for t in range(T):
        z = driven[t] + h[t] @ U
        if kind == "lstm":
            i, f, g, o = np.split(z, 4, -1)
            i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
            gates[t] = np.concatenate((i, f, g, o), -1)
            c[t + 1] = f * c[t] + i * g
            h[t + 1] = o * np.tanh(c[t + 1])
        else:
            h[t + 1] = np.tanh(z) if "tanh" in kind else z
    y = h[-p.S :] @ V + a
    y = y - y.max(-1, keepdims=True)
    shares = np.exp(y) / np.exp(y).sum(-1, keepdims=True)
    hit = np.eye(p.A, dtype=x.dtype)[wanted]
    loss = -(np.log((shares * hit).sum(-1) + 1e-30)).mean((0, 2))
    dy = (shares - hit) / (B * p.S)
    direct, dh, dc, dz = dy @ V.swapaxes(-1, -2), 0, 0, np.zeros_like(driven)
    back = U.swapaxes(-1, -2)
    for t in range(T - 1, -1, -1):
        if t >= T - p.S:
            dh = dh + direct[t - T + p.S]
        if kind == "lstm":
            i, f, g, o = np.split(gates[t], 4, -1)
            tanh_c = np.tanh(c[t + 1])
            dc = dc + dh * o * (1 - tanh_c**2)
            parts = dc * g * i * (1 - i), dc * c[t] * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)
            dz[t], dc = np.concatenate(parts, -1), dc * f
        else:
            dz[t] = dh * (1 - h[t + 1] ** 2) if "tanh" in kind else dh
        dh = dz[t] @ back

    def flat(array):
        return array.transpose(1, 0, 2, 3).reshape(R, -1, array.shape[-1])

    grads = [flat(one).swapaxes(-1, -2) @ flat(dz) for one in (x, h[:-1])] + [flat(dz).sum(1)[:, None]]
    return loss, grads + [flat(h[-p.S :]).swapaxes(-1, -2) @ flat(dy), flat(dy).sum(1)[:, None]]


def final(kind, H, lag, inputs):
    """Median over the seeds of the last twenty losses, at the best rate. Adam, after clipping to norm 1."""
    rng, many = np.random.default_rng(0), len(RATES)
    q = [np.tile(one, (many, 1, 1)).astype(np.float32) for one in start(kind, H, lag, rng)]
    rate = np.repeat(np.array(RATES, np.float32), SEEDS)[:, None, None]
    m, s, losses = [0 * one for one in q], [0 * one for one in q], []
    for update in range(1, UPDATES + 1):
        wanted = rng.integers(0, p.A, (p.S, SEEDS, B))
        x = np.zeros((p.S + lag + p.S, SEEDS, B, p.A + 1), np.float32)
        x[: p.S, ..., : p.A] = inputs * np.eye(p.A)[wanted]
        x[p.S + lag :, ..., p.A] = inputs
        loss, grads = loss_and_gradients(kind, q, np.tile(x, (1, many, 1, 1)), np.tile(wanted, (1, many, 1)))
        losses.append(loss)
        norm = np.sqrt(sum((g**2).sum((1, 2), keepdims=True) for g in grads))
        for k, g in enumerate(grads):
            g = g / np.maximum(1, norm)
            m[k] = 0.9 * m[k] + 0.1 * g
            s[k] = 0.99 * s[k] + 0.01 * g**2
            step = m[k] / (1 - 0.9**update) / (np.sqrt(s[k] / (1 - 0.99**update)) + 1e-8)
            q[k] = q[k] - rate * step.astype(np.float32)
        if "kept" in kind:
            q[1] = p.retract(q[1])
    ends = np.mean(losses[-20:], axis=0).reshape(many, SEEDS)
    return np.median(np.where(np.isfinite(ends), ends, 1e3), axis=1).min()


def measure(width, lag, inputs):
    told = {kind: final(kind, width, lag, inputs) for kind in ("kept", "free", "kept_tanh")}
    # as many units, or as many parameters: (5 + n + 1) · n · 4 for n about half the width
    both = [final("lstm", units, lag, inputs) for units in (width, round(0.46 * width))]
    return {**told, "lstm": min(both)}


def holds(row):
    return max(row["kept"], row["free"]) < 0.5 * min(row["kept_tanh"], row["lstm"])


def values(rows):
    worst = {f"{name}_worst": max(row[name] for row in rows) for name in ("kept", "free")}
    best = {f"{name}_best": min(row[name] for row in rows) for name in ("lstm", "kept_tanh")}
    ahead = sum(row["kept"] < row["free"] for row in rows)
    return {**worst, **best, "kept_ahead": ahead, "updates": UPDATES, "guess": np.log(p.A)}

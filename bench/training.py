"""Many small LSTMs trained at once, for sweeps: every combination of forget bias, learning rate and seed is a lane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Run:
    """One lane: what it was given, the update at which it had learned (infinite if it never did), its parameters
    (W, U, b, V, a) then and at the start."""

    bias: float | str
    rate: float
    seed: int
    learned: float
    begun: list[np.ndarray]
    ended: list[np.ndarray]


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def adding(T, lanes, B, rng, inputs):
    """Of T numbers in [0, 1) two are marked, one in each half; wanted is their sum. Always saying 1 costs 1/6."""
    x = np.zeros((T, lanes, B, 2), np.float32)
    x[..., 0] = rng.random((T, 1, B))
    first, second, each = rng.integers(0, T // 2, B), rng.integers(T // 2, T, B), np.arange(B)
    y = x[first, :, each, 0] + x[second, :, each, 0]
    x[..., 0] *= inputs
    x[first, :, each, 1] = x[second, :, each, 1] = 1
    return x, y.T[..., None], 1 / 6


def first_value(T, lanes, B, rng, inputs):
    """Of T numbers in (-1, 1) the first one, marked, is wanted at the end; nothing on the way says more of it."""
    x = np.zeros((T, lanes, B, 2), np.float32)
    x[..., 0] = rng.uniform(-1, 1, (T, 1, B))
    y = x[0, ..., :1].copy()
    x[..., 0] *= inputs
    x[0, ..., 1] = 1
    return x, y, 1 / 3


def start(bias, seed, H, T):
    """Weights as PyTorch draws them; the forget bias, or chrono initialization for lags up to T."""
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    W, U, V = rng.uniform(-k, k, (2, 4 * H)), rng.uniform(-k, k, (H, 4 * H)), rng.uniform(-k, k, (H, 1))
    b = np.zeros((1, 4 * H))
    b[0, H : 2 * H] = np.log(rng.uniform(1, T - 1, H)) if bias == "chrono" else bias
    if bias == "chrono":
        b[0, :H] = -b[0, H : 2 * H]
    return [p.astype(np.float32) for p in (W, U, b, V, np.zeros((1, 1)))]


def forward(x, W, U, b):
    """(last h, what `gradients` needs of each step) for x (T, lanes, B, 2)."""
    H = U.shape[1]
    h = c = np.zeros((*x.shape[1:3], H), np.float32)
    tape = []
    for x_t in x:
        z = x_t @ W + h @ U + b
        i, f, g, o = (z[..., k * H : (k + 1) * H] for k in range(4))
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        tape.append((i, f, g, o, c, h, f * c + i * g))
        c = tape[-1][-1]
        h = o * np.tanh(c)
    return h, tape


def gradients(x, tape, dh, U):
    dW = dU = db = dc = 0
    for x_t, (i, f, g, o, c_prev, h_prev, c) in zip(x[::-1], tape[::-1], strict=True):
        tanh_c = np.tanh(c)
        dc = dc + dh * o * (1 - tanh_c**2)
        dz = [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)]
        dz = np.concatenate(dz, axis=-1)
        dW = dW + x_t.transpose(0, 2, 1) @ dz
        dU = dU + h_prev.transpose(0, 2, 1) @ dz
        db = db + dz.sum(axis=1, keepdims=True)
        dh, dc = dz @ U.transpose(0, 2, 1), dc * f
    return dW, dU, db


def train(task, T, biases, rates, seeds, *, H=16, B=20, updates=600, inputs=1.0, share=0.1) -> list[Run]:
    """Adam on the gradient clipped to norm 1. A lane has learned when the mean of its last 20 losses is below `share`
    of what the best answer without memory costs; it then stops."""
    asked = [(bias, rate, seed) for bias in biases for rate in rates for seed in range(seeds)]
    begun = [start(bias, seed, H, T) for bias, _, seed in asked]
    P = [np.stack(parts) for parts in zip(*begun, strict=True)]
    m, v, ended = [0 * p for p in P], [0 * p for p in P], list(begun)
    rate = np.array([rate for _, rate, _ in asked], np.float32)[:, None, None]
    learned, recent, lane = np.full(len(asked), np.inf), np.full((len(asked), 20), np.inf), np.arange(len(asked))
    rng = np.random.default_rng(99)
    for n in range(1, updates + 1):
        W, U, b, V, a = P
        x, y, baseline = task(T, len(lane), B, rng, inputs)
        h, tape = forward(x, W, U, b)
        error = h @ V + a - y
        recent[lane, n % 20] = (error**2).mean(axis=(1, 2))
        d = 2 * error / B
        grads = [*gradients(x, tape, d @ V.transpose(0, 2, 1), U), h.transpose(0, 2, 1) @ d, d.sum(1, keepdims=True)]
        size = np.sqrt(sum((g**2).sum(axis=(1, 2)) for g in grads))[:, None, None]
        for k, g in enumerate(grads):
            g = g * np.minimum(1, 1 / (size + 1e-12))
            m[k], v[k] = 0.9 * m[k] + 0.1 * g, 0.999 * v[k] + 0.001 * g**2
            step = m[k] / (1 - 0.9**n) / (np.sqrt(v[k] / (1 - 0.999**n)) + 1e-8)
            P[k] = (P[k] - rate * step).astype(np.float32)
        now = recent[lane].mean(axis=1) < share * baseline
        learned[lane[now]] = n
        for at, which in enumerate(lane):
            if now[at] or n == updates:
                ended[which] = [p[at] for p in P]
        P, m, v = ([p[~now] for p in parts] for parts in (P, m, v))
        rate, lane = rate[~now], lane[~now]
        if not len(lane):
            break
    return [Run(*one, *more) for one, *more in zip(asked, learned, begun, ended, strict=True)]


def best(runs: list[Run], bias) -> float:
    """The median over seeds of when a bias had learned, at the rate that suits it best."""
    rates = {run.rate for run in runs}
    return min(np.median([run.learned for run in runs if (run.bias, run.rate) == (bias, rate)]) for rate in rates)

"""One ungated unit does not dissolve the conflict, four or eight nonlinear ones in front of the cell do, and so does a
gate; only the gate goes on to work for inputs three times as large as those of the training."""

import numpy as np
from sweep import around, grid

CENTRE = dict(task="input", kind="tanh", width=4, length=20, inputs=1.0)
SETTINGS = [
    {**setting, **sides}
    for sides in grid(task=("input", "output"), kind=("tanh", "relu"))
    for setting in around(CENTRE, width=(1, 2, 8), length=(80,), inputs=(0.3, 3.0))
]
SEEDS = 5
RATES = (0.01, 0.03, 0.1)
UPDATES = 2500
FIXED = {"batch": "the expected loss itself is descended, by quadrature: nothing is drawn but the start"}
GRID = np.linspace(-5, 5, 61)
P = np.exp(-(GRID**2) / 2) / np.exp(-(GRID**2) / 2).sum()


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def gate(params, x, m):
    """What enters (or leaves) the cell, σ(u m + b) w x, and its gradient by w, u, b."""
    w, u, b = params
    i = sigmoid(u * m + b)
    slope = i * (1 - i) * w * x
    return i * w * x, (i * x, slope * m, slope)


def units(kind):
    """Σ_k v_k φ(w_k x + a_k m + d_k), and its gradient by w, a, d, v."""

    def enter(params, x, m):
        w, a, d, v = params
        z = w * x + a * m + d
        h = np.tanh(z) if kind == "tanh" else np.maximum(z, 0)
        slope = v * (1 - h**2 if kind == "tanh" else (z > 0))
        return (v * h).sum(axis=-2, keepdims=True), (slope * x, slope * m, slope, h)

    return enter


def misses(enter, params, x, task):
    (at, by_at), (off, by_off) = enter(params, x, 1), enter(params, x, 0)
    return at - x, off, by_at, by_off


def expected(e, r, length, task):
    """The mean squared error, of c_T for "input", summed over the steps for "output", and its pulls at e and r.

    At the input the steps' misses are added up in the cell, their means too."""
    e_mean, r_mean = ((P * q).sum(axis=-1, keepdims=True) for q in (e, r))
    if task == "output":
        e_mean = r_mean = 0 * e_mean
    drift = e_mean + (length - 1) * r_mean
    spread = P * ((e - e_mean) ** 2 + (length - 1) * (r - r_mean) ** 2)
    pulls = P * (e - e_mean + drift), (length - 1) * P * (r - r_mean + drift)
    return spread.sum(axis=-1) + drift[..., 0] ** 2, pulls


def learned(enter, starts, task, length, inputs):
    """Medians over the seeds at the side's own best rate: the error in training, on sequences four times as long, with
    inputs three times as large; relative to the variance of the inputs. And the worst seed in training."""
    x = inputs * GRID
    params = [np.repeat(part[None], len(RATES), axis=0) for part in starts]  # (rates, seeds, units, 1)
    rate = np.array(RATES)[:, None, None, None]
    mean, square = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    for k in range(1, UPDATES + 1):
        e, r, by_at, by_off = misses(enter, params, x, task)
        _, (pull_at, pull_off) = expected(e, r, length, task)
        for n, (at, off) in enumerate(zip(by_at, by_off, strict=True)):
            g = (pull_at * at + pull_off * off).sum(axis=-1, keepdims=True)
            mean[n], square[n] = 0.9 * mean[n] + 0.1 * g, 0.999 * square[n] + 0.001 * g * g
            step = mean[n] / (1 - 0.9**k) / (np.sqrt(square[n] / (1 - 0.999**k)) + 1e-8)
            params[n] = params[n] - rate * min(1, 2 - 2 * k / UPDATES) * step

    def error(length, scale):
        e, r, *_ = misses(enter, params, scale * x, task)
        return expected(e, r, length, task)[0][..., 0] / (scale * inputs) ** 2  # (rates, seeds)

    best = np.argmin(np.median(error(length, 1), axis=1))
    told = [error(*setting)[best] for setting in ((length, 1), (4 * length, 1), (length, 3))]
    return [*(np.median(one) for one in told), told[0].max()]


def measure(task, kind, width, length, inputs):
    rngs = [np.random.default_rng(seed) for seed in range(SEEDS)]
    start = np.array([rng.uniform(-0.5, 0.5, 3) for rng in rngs]).T[..., None, None]
    names = ("", "_longer", "_larger", "_worst")
    gated = learned(gate, list(start), task, length, inputs)
    rngs = [np.random.default_rng(seed) for seed in range(SEEDS)]
    scales = np.array([0.7, 0.7, 0.7, width**-0.5]) / np.array([inputs, 1, 1, 1 / inputs])
    draws = np.array([rng.uniform(-1, 1, (4, width, 1)) for rng in rngs]).swapaxes(0, 1)
    plain = learned(units(kind), list(scales[:, None, None, None] * draws), task, length, inputs)
    both = {f"gate{name}": value for name, value in zip(names, gated, strict=True)}
    return both | {f"units{name}": value for name, value in zip(names, plain, strict=True)}


def holds(row):
    gate = row["gate_worst"] < 1e-3 and row["gate_longer"] < 1e-3 and row["gate_larger"] < 1e-3
    if row["width"] == 1:
        return gate and row["units"] > 0.4
    return gate and row["units_larger"] > 30 * row["gate_larger"] and (row["width"] == 2 or row["units"] < 0.1)


def values(rows):
    several = [row for row in rows if row["width"] >= 4]
    told = {"gate_worst": max(row["gate_worst"] for row in rows)}
    told["gate_longer"] = max(row["gate_longer"] for row in rows)
    told["one"] = min(row["units"] for row in rows if row["width"] == 1)
    told["two_low"] = min(row["units"] for row in rows if row["width"] == 2)
    told["two_high"] = max(row["units"] for row in rows if row["width"] == 2)
    told["low"], told["high"] = min(row["units"] for row in several), max(row["units"] for row in several)
    told["larger"] = min(row["units_larger"] for row in several)
    told["longer"] = min(row["units_longer"] for row in several if row["task"] == "input")
    told["longer_high"] = max(row["units_longer"] for row in several if row["task"] == "input")
    told["longer_output"] = max(row["units_longer"] for row in several if row["task"] == "output")
    told["better"] = sum(row["units"] < row["gate"] for row in several)
    told["several"] = len(several)
    return told

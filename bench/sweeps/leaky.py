"""After a start in which about half of the units are dead LeakyReLU ends with a smaller loss than ReLU, by gradient
descent and by Adam, each at its own best rate."""

import numpy as np
from sweep import around

SETTINGS = around(
    dict(width=100, batch=128, inputs=1.0, kind="SGD"),
    width=(50, 200),
    batch=(64, 256),
    inputs=(0.5, 2.0),
    kind=("Adam",),
)
SEEDS, RATES, UPDATES, BIAS = 5, (0.01, 0.03, 0.1, 0.3, 1.0, 3.0), 150, -3.0
FIXED = {"length": "one layer, no time; the batch is varied by 4"}


def loss_at_the_end(slope, rate, width, batch, inputs, kind, seed):
    """The logistic loss of the network of remedies/dying_relu: inside or outside of a circle."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((batch, 2))
    y = 1.0 * ((x**2).sum(axis=1, keepdims=True) < 1)
    x = inputs * x
    p = [
        rng.standard_normal((2, width)),
        np.full(width, BIAS * inputs),
        rng.standard_normal((width, 1)) / np.sqrt(width),
    ]
    m, s = [0 * q for q in p], [0 * q for q in p]
    for update in range(1, UPDATES + 1):
        W, b, v = p
        z = x @ W + b
        d = np.where(z > 0, 1.0, slope)
        out = (z * d) @ v
        loss = np.mean(np.logaddexp(0, out) - y * out)
        error = (0.5 * (1 + np.tanh(0.5 * out)) - y) / batch
        dz = error @ v.T * d
        for k, g in enumerate((x.T @ dz, dz.sum(axis=0), (z * d).T @ error)):
            m[k], s[k] = 0.9 * m[k] + 0.1 * g, 0.999 * s[k] + 0.001 * g**2
            step = m[k] / (1 - 0.9**update) / (np.sqrt(s[k] / (1 - 0.999**update)) + 1e-8) if kind == "Adam" else g
            p[k] = p[k] - rate * step
    return loss


def measure(width, batch, inputs, kind):
    found = {}
    for name, slope in (("relu", 0.0), ("leaky", 0.01)):
        runs = [
            [loss_at_the_end(slope, rate, width, batch, inputs, kind, seed) for seed in range(SEEDS)] for rate in RATES
        ]
        found[name] = np.nanmin(np.nanmedian(runs, axis=1))
    return found


def holds(row):
    return row["leaky"] < row["relu"]


def values(rows):
    of = {kind: [row for row in rows if row["kind"] == kind] for kind in ("SGD", "Adam")}
    return {
        "relu_sgd": of["SGD"][0]["relu"],
        "leaky_sgd": of["SGD"][0]["leaky"],
        "relu_adam": of["Adam"][0]["relu"],
        "leaky_adam": of["Adam"][0]["leaky"],
        "adam_bound": 0.001 if of["Adam"][0]["leaky"] < 0.001 else 1.0,
    }

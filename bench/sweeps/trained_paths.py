"""An LSTM that starts with a forget bias of 0 and learns the adding problem ends with a full gradient of about 1
over the whole sequence; and some cell alone then keeps a good share of it: training has opened a forget gate."""

import numpy as np
from sweep import around
from training import adding, sigmoid, train

SETTINGS = around(dict(width=16, length=50, inputs=1.0), width=(8, 32), length=(25, 100), inputs=(0.3, 3.0))
SEEDS, RATES, UPDATES = 5, (0.01, 0.03, 0.06), 1000
FIXED = {"batch": "20 sequences; the length is varied instead"}


def left(parameters, x):
    """(by all paths, by the cell alone) of ∂c_T/∂c_0 while the network reads x (T, 2)"""
    W, U, b = (np.float64(p) for p in parameters[:3])
    H = len(U)
    h, c, Jc, Jh, cell = np.zeros(H), np.zeros(H), np.eye(H), np.zeros((H, H)), np.ones(H)
    for x_t in x:
        i, f, g, o = np.split(x_t @ W + h @ U + b[0], 4)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        Ji, Jf, Jg, Jo = np.split(Jh @ U, 4, axis=1)
        Jc = Jc * f + Ji * (g * i * (1 - i)) + Jf * (c * f * (1 - f)) + Jg * (i * (1 - g**2))
        c = f * c + i * g
        Jh = Jc * (o * (1 - np.tanh(c) ** 2)) + Jo * (np.tanh(c) * o * (1 - o))
        h, cell = o * np.tanh(c), cell * f
    return np.linalg.norm(Jc, 2), cell.max()


def measure(width, length, inputs):
    runs = train(adding, length, (0,), RATES, SEEDS, H=width, updates=UPDATES, inputs=inputs)
    runs = [min((r for r in runs if r.seed == seed), key=lambda r: r.learned) for seed in range(SEEDS)]
    runs = [r for r in runs if np.isfinite(r.learned)]
    x = adding(length, 1, 10, np.random.default_rng(5), inputs)[0][:, 0]  # (T, 10, 2)
    found = {"learned": len(runs)}
    for when in ("begun", "ended"):
        both = [[left(getattr(r, when), x[:, n]) for n in range(10)] for r in runs]  # (seeds, 10, 2)
        found[f"full_{when}"], found[f"cell_{when}"] = np.exp(np.median(np.log(np.array(both) + 1e-300), axis=(0, 1)))
    return found


def holds(row):
    return row["full_begun"] < 1e-4 and row["full_ended"] > 0.3 and row["cell_begun"] < 1e-6 and row["cell_ended"] > 0.1


def values(rows):
    centre = {f"centre_{key}": rows[0][key] for key in ("full_begun", "full_ended", "cell_begun", "cell_ended")}
    ends = {"lowest": min(row["full_ended"] for row in rows), "lowest_cell": min(row["cell_ended"] for row in rows)}
    return {**centre, **ends, "highest_cell": max(row["cell_ended"] for row in rows)}

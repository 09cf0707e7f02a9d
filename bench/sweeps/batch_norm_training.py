"""In a short training by plain gradient descent batch normalization is ahead at its own best rate of the network
without it at its own."""

import numpy as np
from sweep import around, take

p = take("remedies/batch_norm_training", "L", "n", "points", "updates", "sigmoid", "spirals", "forward", "train")
SETTINGS = around(dict(width=32, depth=4, inputs=1.0), width=(16, 64), depth=(2, 8), inputs=(0.3, 3.0))
SEEDS, RATES = 5, (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
FIXED = {"batch": "all points at once, as in the program; the depth is varied by 4"}
spirals = p.spirals


def scaled(rng, inputs):
    x, y = spirals(rng)
    return inputs * x, y


def measure(width, depth, inputs):
    p.n, p.L = width, depth
    p.spirals = lambda rng: scaled(rng, inputs)
    found = {}
    with np.errstate(all="ignore"):
        for name, normalize in (("plain", False), ("bn", True)):
            right = [[p.train(normalize, rate, seed)[0] for seed in range(SEEDS)] for rate in RATES]
            medians = np.median(right, axis=1)
            found[f"{name}_best"] = medians.max()
            found[f"{name}_range"] = (medians > medians.max() - 0.05).sum()
    return found


def holds(row):
    return row["bn_best"] > row["plain_best"] + 0.05


def values(rows):
    ends = {}
    for name in ("plain", "bn"):
        for what in ("best", "range"):
            ends[f"{name}_{what}_low"] = min(row[f"{name}_{what}"] for row in rows)
            ends[f"{name}_{what}_high"] = max(row[f"{name}_{what}"] for row in rows)
    return ends

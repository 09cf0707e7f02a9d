"""In deep ReLU networks the gradients of neighbouring inputs stay alike with a residual branch × 1/√L, and much
less so without its scale or without the shortcut."""

import numpy as np
from sweep import grid, take

p = take("remedies/shattered", "gradients", "likeness", "angles", "n")
SETTINGS = grid(width=(32, 64, 128), depth=(20, 40, 80))
SEEDS = 5
FIXED = {
    "rates": "nothing is trained",
    "batch": "the arc has 65 inputs; the depth is varied by 4",
    "inputs": "without biases a ReLU network turns every size of input into the same gradient",
}


def measure(width, depth):
    p.n = width

    def median(keep, scale):
        return np.median([p.likeness(depth, keep, scale, seed) for seed in range(SEEDS)])

    return {"plain": median(0, 1), "residual": median(1, 1), "scaled": median(1, depth**-0.5)}


def holds(row):
    return row["scaled"] > 0.9 and max(row["plain"], row["residual"]) < row["scaled"] - 0.1

"""Over depth, tanh with orthogonal matrices keeps more directions than tanh with Gaussian ones, and ReLU keeps few
with either."""

import numpy as np
from sweep import around, take

p = take("remedies/isometry", "orthogonal", "gaussian", "singular_values", "n", "L", "seeds")
SETTINGS = around(dict(width=100, depth=30, inputs=0.1), width=(50, 200), depth=(15, 60), inputs=(0.01, 1.0))
SEEDS = 5
FIXED = {"rates": "nothing is trained", "batch": "the Jacobian is that of one input"}


def share(draw, gain, relu, inputs):
    """The share of singular values above a tenth; all would be 1 in an isometry."""
    values = [p.singular_values(draw, gain, relu, seed, inputs) for seed in range(SEEDS)]
    return np.median([(s > 0.1).mean() for s in values])


def measure(width, depth, inputs):
    p.n, p.L = width, depth
    return {
        "tanh_orthogonal": share(p.orthogonal, 1.0, False, inputs),
        "tanh_gaussian": share(p.gaussian, 1.0, False, inputs),
        "relu_orthogonal": share(p.orthogonal, np.sqrt(2), True, inputs),
        "relu_he": share(p.gaussian, np.sqrt(2), True, inputs),
    }


def holds(row):
    few = max(row["relu_orthogonal"], row["relu_he"])
    return row["tanh_orthogonal"] > 2 * row["tanh_gaussian"] and row["tanh_orthogonal"] > 2 * few and few < 0.35

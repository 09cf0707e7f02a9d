"""At initialization a ReLU layer with batch normalization multiplies the gradient by more than 1, and the smaller
the batch the more; a linear layer does so, too, but less. With a shortcut around each layer it is nearly 1."""

import numpy as np
from sweep import grid

SETTINGS = grid(width=(64, 128, 256), batch=(4, 8, 32, 128), inputs=(0.1, 1.0, 10.0))
SEEDS, DEPTH = 5, 30
FIXED = {"rates": "nothing is trained: the factor is that of the start"}


def factor(relu, shortcut, width, batch, inputs, seed):
    """What one of the inner layers multiplies the norm of the gradient by. `shortcut`: 1 adds its input, 0 does not."""
    rng = np.random.default_rng(seed)
    h, layers = inputs * rng.standard_normal((batch, width)), []
    for _ in range(DEPTH):
        W = np.sqrt(2 / width) * rng.standard_normal((width, width))
        z = h @ W
        scale = 1 / np.sqrt(z.var(axis=0) + 1e-5)
        z = (z - z.mean(axis=0)) * scale
        h = shortcut * h + (np.maximum(z, 0) if relu else z)
        layers.append((W, z, scale, 1.0 * (z > 0) if relu else np.ones_like(z)))
    g, norms = rng.standard_normal((batch, width)), []
    for W, z, scale, slope in layers[::-1]:
        norms.append(np.linalg.norm(g))
        dz = g * slope
        g = shortcut * g + scale * (dz - dz.mean(axis=0) - z * (dz * z).mean(axis=0)) @ W.T
    return (norms[-5] / norms[4]) ** (1 / (DEPTH - 9))


def measure(width, batch, inputs):
    kinds = {"relu": (True, 0), "linear": (False, 0), "shortcut": (True, 1)}
    return {
        kind: np.median([factor(*how, width, batch, inputs, seed) for seed in range(SEEDS)])
        for kind, how in kinds.items()
    }


def holds(row):
    return row["relu"] > 1.15 and 1 < row["linear"] < row["relu"] and 1 < row["shortcut"] < 1.15


def together(rows):
    of = {batch: [row["relu"] for row in rows if row["batch"] == batch] for batch in (4, 8, 32, 128)}
    return min(of[4]) > max(of[8]) > min(of[8]) > max(of[32]) > min(of[32]) > max(of[128])


def values(rows):
    ends = {}
    for kind in ("relu", "linear"):
        for batch in (4, 8, 32, 128):
            ends[f"{kind}_{batch}"] = np.median([row[kind] for row in rows if row["batch"] == batch])
    ends["shortcut_most"] = max(row["shortcut"] for row in rows)
    return ends

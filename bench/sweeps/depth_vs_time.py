"""Powers of one Gaussian matrix of variance 1/n scatter from seed to seed several times as far as products of
independent ones; both scatter less as the matrices grow wider. And once inputs drive tanh, the start matters
little: with inputs of size 1 a Gaussian and an orthogonal matrix vanish alike."""

import numpy as np
from sweep import around, take

p = take("rnn/depth_vs_time", "norms")
SETTINGS = around(dict(width=96, length=100, inputs=0.1), width=(24, 384), length=(25, 200), inputs=(0.01, 1.0))
SEEDS = 20
FIXED = {"rates": "nothing is trained", "batch": "each sequence by itself; the length is varied instead"}


def through_tanh(orthogonal, n, T, inputs, seed):
    """log₁₀ of what T steps of a tanh network leave of a gradient."""
    rng = np.random.default_rng(seed)
    U = rng.standard_normal((n, n)) / np.sqrt(n)
    if orthogonal:
        q, r = np.linalg.qr(U)
        U = q * np.sign(np.diag(r))
    h, slopes = np.zeros(n), []
    for _ in range(T):
        h = np.tanh(h @ U + inputs * rng.standard_normal(n))
        slopes.append(1 - h**2)
    g = rng.standard_normal(n)
    before = np.linalg.norm(g)
    for slope in reversed(slopes):
        g = (g * slope) @ U.T
    return np.log10(np.linalg.norm(g) / before)


def measure(width, length, inputs):
    time = [p.norms(True, width, length, seed)[-1] for seed in range(SEEDS)]
    # a Gaussian matrix turns any vector into one of independent normal entries: each factor is χ_n/√n
    rng = np.random.default_rng(0)
    depth = np.log10(rng.chisquare(width, (1000, length)) / width).sum(axis=1) / 2
    gauss, orthogonal = ([through_tanh(o, width, length, inputs, s) for s in range(SEEDS)] for o in (False, True))
    told = {"time": np.std(time), "depth": np.std(depth)}
    return {**told, "gauss": np.median(gauss), "orthogonal": np.median(orthogonal)}


def holds(row):
    alike = row["inputs"] < 1 or max(row["gauss"], row["orthogonal"]) < 0.9 * min(row["gauss"], row["orthogonal"]) < -15
    return row["time"] > 2 * row["depth"] and alike


def together(rows):
    at = {row["width"]: row for row in rows if row["length"] == 100 and row["inputs"] == 0.1}
    return all(at[24][kind] > 2 * at[384][kind] for kind in ("time", "depth"))


def values(rows):
    times = [row["time"] / row["depth"] for row in rows]
    driven = next(row for row in rows if row["inputs"] == 1)
    wide = np.std([p.norms(True, 1536, 100, seed)[-1] for seed in range(SEEDS)])
    told = {"least": min(times), "most": max(times), "wide": wide}
    return {**told, "driven_gauss": driven["gauss"], "driven_orthogonal": driven["orthogonal"]}

"""Along the cell of a fresh LSTM, a constant forget bias loses the gradient at lags beyond e^b_f; chrono
initialization keeps the same share at every lag."""

import numpy as np
from sweep import around, take

p = take("lstm/chrono", "sigmoid", "kept", "H")
SETTINGS = around(dict(width=64, lag=300, inputs=1.0), width=(32, 128), lag=(100, 1000), inputs=(0.1, 0.3))
SEEDS = 5
FIXED = {"rates": "nothing is trained", "batch": "each sequence by itself; the lag is varied instead"}


class Inputs:
    """A generator whose normal draws have another deviation."""

    def __init__(self, seed, deviation):
        self.rng, self.deviation = np.random.default_rng(seed), deviation

    def uniform(self, *size):
        return self.rng.uniform(*size)

    def standard_normal(self, size):
        return self.deviation * self.rng.standard_normal(size)


def measure(width, lag, inputs):
    p.H = width
    constant, chrono = [], []
    for seed in range(SEEDS):
        rng = Inputs(seed, inputs)
        b = np.log(rng.uniform(1, lag - 1, width))
        constant.append(p.kept(lag, 1.0, 0.0, rng))
        chrono.append(p.kept(lag, b, -b, rng))
    return {"constant": np.median(constant), "chrono": np.median(chrono)}


def holds(row):
    return row["constant"] < 1e-6 and 0.05 < row["chrono"] < 0.5


def values(rows):
    return {"lowest": min(row["chrono"] for row in rows), "highest": max(row["chrono"] for row in rows)}

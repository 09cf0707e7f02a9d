"""Where nothing nearer teaches (the first of many values is wanted at the end), an LSTM that starts with a forget
bias of 0 or 1 learns nothing within 300 updates at any rate, one with chrono initialization always does."""

import numpy as np
from sweep import around
from training import best, first_value, train

SETTINGS = around(dict(width=16, lag=100, inputs=1.0), width=(8, 32), lag=(50, 200), inputs=(0.3, 3.0))
SEEDS, RATES, UPDATES = 5, (0.003, 0.01, 0.03), 300
FIXED = {"batch": "20 sequences; the lag is varied instead"}


def measure(width, lag, inputs):
    runs = train(first_value, lag, (0, 1, 4, "chrono"), RATES, SEEDS, H=width, updates=UPDATES, inputs=inputs)
    found = {f"bias_{bias}": min(best(runs, bias), UPDATES + 1) for bias in (0, 1, 4, "chrono")}
    most = {bias: max(sum(r.learned < np.inf for r in runs if (r.bias, r.rate) == (bias, rate)) for rate in RATES)
            for bias in (0, 1, 4, "chrono")}  # fmt: skip
    return {**found, **{f"seeds_{bias}": count for bias, count in most.items()}}


def holds(row):
    return row["seeds_0"] == row["seeds_1"] == 0 and row["seeds_chrono"] == SEEDS


def values(rows):
    return {
        "updates": UPDATES,
        "slowest": max(row["bias_chrono"] for row in rows),
        "fastest": min(row["bias_chrono"] for row in rows),
        "fewest_4": min(row["seeds_4"] for row in rows),
        "most_4": max(row["seeds_4"] for row in rows),
        "seeds": SEEDS,
    }

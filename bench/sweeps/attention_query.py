"""A recurrence that forgets sends the first state nothing, attention with a zero query about 1/T, with a learned query
nearly all."""

import numpy as np
from sweep import around, take

p = take("remedies/attention", "H", "run", "weights", "learn", "first")
SETTINGS = around(dict(width=32, length=100, inputs=0.3), width=(16, 64), length=(50, 200), inputs=(0.1, 1.0))
SEEDS = 5
RATES = (3, 10, 30)
FIXED = {"batch": "the length is varied instead"}


def measure(width, length, inputs):
    p.H, p.size = width, inputs
    runs = [p.run(length, np.random.default_rng(seed)) for seed in range(SEEDS)]
    last = np.median([p.first(*one) for one in runs])
    mean = np.median([p.first(*one, np.zeros(width)) for one in runs])
    learned = []
    for p.rate in RATES:
        ends = [p.first(h, U, v, p.learn(h, v)) for h, U, v in runs]
        learned.append((np.median(ends), min(ends)))
    best, worst = max(learned)
    return {"last": last, "mean": mean * length, "learned": best, "learned_worst": worst}


def holds(row):
    return row["last"] < 1e-3 and 0.5 < row["mean"] < 5 and row["learned"] > 0.9


def values(rows):
    ends = {"mean_low": min(row["mean"] for row in rows), "mean_high": max(row["mean"] for row in rows)}
    ends |= {"learned": min(row["learned"] for row in rows), "last": max(row["last"] for row in rows)}
    return ends | {"worst": min(row["learned_worst"] for row in rows)}

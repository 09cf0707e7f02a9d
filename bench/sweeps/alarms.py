"""A gradient norm of a hundred times its recent median comes before every NaN and on hardly any healthy run; ten times
the median comes on many healthy runs, too."""

import numpy as np
from sweep import around, take

p = take("rnn/detect", "train", "alarm", "T", "B", "H")
CENTRE = dict(width=16, length=50, batch=32)
SETTINGS = around(CENTRE, width=(8, 32), length=(25, 100), batch=(8, 128))
SEEDS = 5
LADDER = (3e-4, 1e-3, 2e-3, 3e-3, 6e-3, 0.02)
FIXED = {
    "rates": "six from too low to far too high, a run at each; runs that learn and runs that explode are told apart",
    "inputs": "the six rates do what larger inputs would: steps grow with both",
}


def measure(width, length, batch):
    p.H, p.T, p.B = width, length, batch
    healthy, exploded, false_10, false_100, missed = 0, 0, 0, 0, 0
    with np.errstate(all="ignore"):
        for losses, norms, _ in (p.train(seed, rate, 150) for rate in LADDER for seed in range(SEEDS)):
            at = p.alarm(norms, 100)
            if not np.isfinite(losses).all():
                exploded += 1
                missed += at is None or at >= np.argmin(np.isfinite(losses))
            elif losses[-10:].mean() < 0.3:
                healthy += 1
                false_10 += p.alarm(norms, 10) is not None
                false_100 += at is not None
    return dict(healthy=healthy, exploded=exploded, false_10=false_10, false_100=false_100, missed=missed)


def holds(row):
    return row["missed"] == 0 and row["false_100"] <= 1


def together(rows):
    told = values(rows)
    return told["false_100"] < 0.05 * told["healthy"] < 0.1 * told["healthy"] < told["false_10"]


def values(rows):
    return {key: sum(row[key] for row in rows) for key in ("healthy", "exploded", "false_10", "false_100", "missed")}

"""Clipping widens the range of rates at which a network learns at least nine times, and there it is descent with steps
of one length; which side ends lower, each at its own best rate, changes with the setting."""

import numpy as np
from sweep import around, take

p = take("remedies/clip_training", "train", "T", "B", "H", "size", "seeds", "updates")
CENTRE = dict(width=16, length=50, batch=32, inputs=1.0)
SETTINGS = around(CENTRE, width=(8, 32), length=(25, 100), batch=(8, 128), inputs=(0.3, 3.0))
SEEDS = 5
RATES = tuple(np.geomspace(1e-4, 0.1, 13))


def measure(width, length, batch, inputs):
    p.H, p.T, p.B, p.size, p.seeds = width, length, batch, inputs, SEEDS
    row = {}
    with np.errstate(all="ignore"):
        for how in ("plain", "clipped", "normalized"):
            ends = np.nan_to_num(p.train(how, np.array(RATES))[-10:].mean(axis=0), nan=np.inf)
            row[how] = np.median(ends, axis=1).min()
            row[f"{how}_to"] = np.array(RATES)[ends.max(axis=1) < 0.3].max()  # every seed learns
    return row


def holds(row):
    wider, same = row["clipped_to"] / row["plain_to"], row["normalized"] / row["clipped"]
    return wider > 9 and 0.7 < same < 1.4 and max(row["plain"], row["clipped"]) < 0.1


def values(rows):
    wider = [row["clipped_to"] / row["plain_to"] for row in rows]
    ratio = [row["clipped"] / row["plain"] for row in rows]
    return {"least": min(wider), "most": max(wider), "plain_lower": sum(one > 1 for one in ratio),
            "clipped_lower": sum(one < 1 for one in ratio)}  # fmt: skip

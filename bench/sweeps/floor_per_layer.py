"""In deep sigmoid networks, a floor for each layer's gradient norm learns what plain descent and, from ten layers on, a
floor for the norm of the whole do not."""

import numpy as np
from sweep import around, take

names = ("sigmoid", "train", "depth", "H", "B", "size", "circle", "seeds", "updates", "delta")
p = take("remedies/floor_per_layer", *names)
CENTRE = dict(width=16, depth=10, batch=32, inputs=1.0, task="line")
SETTINGS = around(CENTRE, width=(8, 32), depth=(8, 20), batch=(128,), inputs=(0.3, 3.0), task=("circle",))
SEEDS = 5
RATES = tuple(np.geomspace(0.01, 10, 7))


def measure(width, depth, batch, inputs, task):
    p.H, p.depth, p.B, p.size, p.circle, p.seeds = width, depth, batch, inputs, task == "circle", SEEDS
    ends = {how: p.train(how, np.array(RATES))[0] for how in ("plain", "whole", "layer")}
    return {how: np.median(right, axis=1).max() for how, right in ends.items()}


def holds(row):
    learned = row["layer"] > (0.65 if row["task"] == "circle" else 0.95)
    return learned and row["plain"] < row["layer"] - 0.1 and (row["whole"] < row["layer"] - 0.1 or row["depth"] < 10)


def values(rows):
    lines = [row for row in rows if row["task"] == "line"]
    deep = [row["whole"] for row in rows if row["depth"] >= 10]
    (eight,), (circle,) = ([row for row in rows if row[axis] == v] for axis, v in (("depth", 8), ("task", "circle")))
    return {"least": min(row["layer"] for row in lines), "plain": max(row["plain"] for row in rows), "whole": max(deep),
            "eight": eight["whole"], "circle": circle["layer"]}  # fmt: skip

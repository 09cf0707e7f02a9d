"""After fifty steps the signal stays between 0.001 and 1000, whatever width, batch and input: in depth with a
residual branch × 1/√L, a highway, tanh at variance 1/n, ReLU + He and orthogonal matrices; in time with a residual
branch, and with an LSTM or a GRU whose gate is open. In time, inputs of size 1 put out all others but ReLU, which
scatters."""

import numpy as np
from sweep import grid, take

names = ("signal", "batch", "steps", "seeds", "tiny")
depth = take("remedies/scoreboard_depth", *names, "layer", "sigmoid", "norm")
time = take("remedies/scoreboard_time", *names, "step", "norm")
gates = take("remedies/scoreboard_gates", *names, "sigmoid", "lstm", "gru")
GATED = {"LSTM": gates.lstm, "GRU": gates.gru}
SETTINGS = grid(width=(16, 32, 64), batch=(8, 32), inputs=(0.1, 0.3, 1.0))
SEEDS = 5
FIXED = {"rates": "nothing is trained"}
DEPTH, TIME = ("tanh", "ReLU", "orthogonal", "residual", "highway"), ("residual", *GATED)
OTHERS = ("tanh", "orthogonal", "LN", "BN")


def measure(width, batch, inputs):
    depth.batch = time.batch = gates.batch = batch
    runs = {}
    for gain in (0.5, 3.0):
        for kind in DEPTH:
            runs[f"{kind}_depth_{gain}"] = [depth.signal(kind, gain, width, seed) for seed in range(SEEDS)]
        for kind in (*TIME, *OTHERS, "ReLU"):
            signal, name = (gates.signal, GATED[kind]) if kind in GATED else (time.signal, kind)
            runs[f"{kind}_time_{gain}"] = [signal(name, gain, width, inputs, seed) for seed in range(SEEDS)]
    return {f"{name}_{end}": f(run) for name, run in runs.items() for end, f in (("low", min), ("high", max))}


def within(row, kind, where):
    ends = [row[f"{kind}_{where}_{gain}_{end}"] for gain in (0.5, 3.0) for end in ("low", "high")]
    return min(ends) > 1e-3 and max(ends) < 1e3


def holds(row):
    kept = all(within(row, kind, "depth") for kind in DEPTH) and all(within(row, kind, "time") for kind in TIME)
    lost = all(row[f"{kind}_time_0.5_high"] < 1e-3 for kind in OTHERS) if row["inputs"] == 1 else True
    return kept and lost


def together(rows):
    low, high = (f(row[f"ReLU_time_0.5_{end}"] for row in rows) for f, end in ((min, "low"), (max, "high")))
    return high / low > 1e6


def values(rows):
    loud = [row for row in rows if row["inputs"] == 1]
    ends = {}
    for kind in (*TIME, "ReLU"):
        ends[f"{kind}_low".lower()] = min(row[f"{kind}_time_{gain}_low"] for row in rows for gain in (0.5, 3.0))
        ends[f"{kind}_high".lower()] = max(row[f"{kind}_time_{gain}_high"] for row in rows for gain in (0.5, 3.0))
    for kind in OTHERS:
        ends[f"{kind}_loud".lower()] = max(row[f"{kind}_time_0.5_high"] for row in loud)
    return {**ends, "quiet_ln": np.median([row["LN_time_0.5_low"] for row in rows if row["inputs"] == 0.1])}

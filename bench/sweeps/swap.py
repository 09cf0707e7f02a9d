"""At its own best rate an LSTM without a forget gate ends with a larger loss than the standard one on a task that
has to erase. Where the other variants stand changes from setting to setting: no more is said of them."""

import numpy as np
from sweep import around, take

names = ("S", "T", "B", "D", "H", "rate", "updates", "sigmoid", "draw", "forward", "backward", "train")
p = take("lstm/swap", *names, "sigm", "hard", "tanh", "same", "one")
SETTINGS = around(dict(width=8, length=20, updates=150), width=(16,), length=(10, 40), updates=(300,))
SEEDS, RATES = 5, (0.01, 0.03, 0.1)
FIXED = {
    "batch": "32 sequences; the length is varied by 4",
    "inputs": "the wanted value is one of the inputs: another size of them is another task",
}
CASES = {
    "standard": (p.sigm, p.sigm, p.tanh, p.tanh),
    "hard_gates": (p.hard, p.hard, p.tanh, p.tanh),
    "identity": (p.sigm, p.sigm, p.same, p.same),
    "no_output": (p.sigm, p.sigm, p.tanh, p.same),
    "raw_forget": (p.sigm, p.same, p.tanh, p.tanh),
    "no_forget": (p.sigm, p.one, p.tanh, p.tanh),
}


def measure(width, length, updates):
    p.S, p.H, p.T, p.updates = SEEDS, width, length, updates
    found = {}
    with np.errstate(all="ignore"):
        for name, case in CASES.items():
            medians = []
            for rate in RATES:
                p.rate = rate
                medians.append(np.median(np.nan_to_num(p.train(case), nan=9.0)))
            found[name] = min(medians)
    return found


def holds(row):
    return row["no_forget"] > 1.2 * row["standard"]


def values(rows):
    ratio = {name: [row[name] / row["standard"] for row in rows] for name in CASES if name != "standard"}
    ends = {f"{name}_{end}": f(found) for name, found in ratio.items() for end, f in (("low", min), ("high", max))}
    return {**ends, "raw_worse": sum(row["raw_forget"] > row["no_forget"] for row in rows)}

"""With scores divided by √d the median weight of a state depends on the length, not on d; undivided it falls with d."""

import numpy as np
from sweep import around, take

p = take("remedies/attention_scale", "weight_of_one", "T", "queries", "sizes")
SETTINGS = around(
    dict(width=64, length=200, inputs=1.0), width=(16, 256), length=(50, 800), inputs=(0.5, 1.5)
)  # inputs: the deviation of queries and keys
SEEDS = 5
FIXED = {"rates": "nothing is trained", "batch": "each query by itself; the length is varied instead"}


def measure(width, length, inputs):
    p.T, p.queries = length, 100
    rngs = [[np.random.default_rng(seed) for seed in range(SEEDS)] for _ in range(4)]

    def weight(d, divisor, rngs):
        return length * np.median([p.weight_of_one(d, divisor / inputs**2, rng) for rng in rngs])

    return {
        "plain": weight(width, 1, rngs[0]),
        "scaled": weight(width, width**0.5, rngs[1]),
        "plain_double": weight(2 * width, 1, rngs[2]),
        "scaled_double": weight(2 * width, (2 * width) ** 0.5, rngs[3]),
    }


def holds(row):
    return row["plain_double"] < row["plain"] / 2 and 0.75 < row["scaled_double"] / row["scaled"] < 1.33


def values(rows):
    told = {f"{side}_{end}": pick(row[side] for row in rows) for side in ("plain", "scaled") for end, pick in ENDS}
    return told | {"wide": next(row["plain"] for row in rows if row["width"] == 256)}


ENDS = (("low", min), ("high", max))

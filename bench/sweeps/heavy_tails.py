"""With heavy-tailed gradient noise clipping ends well below plain descent, each at its own best rate; with normal noise
it does not."""

import numpy as np
from sweep import around, take

p = take("remedies/clip_tails", "noise", "descend", "n", "B", "seeds", "updates", "tail", "c")
CENTRE = dict(width=10, length=1000, batch=1, kind="tail 1.5")
SETTINGS = around(CENTRE, width=(5, 40), length=(250, 2000), batch=(4, 16), kind=("tail 1.2", "tail 1.8"))
SEEDS = 40
RATES = tuple(np.geomspace(1e-4, 1, 17))
FIXED = {"inputs": "descent on a quadratic has none: three tails of the noise instead"}


def measure(width, length, batch, kind):
    p.n, p.updates, p.B, p.seeds, p.tail = width, length, batch, SEEDS, float(kind.split()[1])
    return {
        f"{how}_{noise}": p.descend(how, heavy, np.array(RATES)).min()
        for how in ("plain", "clipped")
        for heavy, noise in enumerate(("normal", "heavy"))
    }


def holds(row):
    return row["plain_heavy"] > 1.5 * row["clipped_heavy"] and row["plain_normal"] < 1.1 * row["clipped_normal"]


def values(rows):
    gain = [row["plain_heavy"] / row["clipped_heavy"] for row in rows]
    return {"least": min(gain), "most": max(gain)}

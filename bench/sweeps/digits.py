"""Reading the digits pixel by pixel, an LSTM is ahead of a plain RNN of as many units, by at most fifteen points, and
within six points of one of about as many parameters, each with its own best rate and size of input weights."""

import contextlib
import io
import sys
from pathlib import Path

import numpy as np
from sweep import SNIPPETS

sys.path.insert(0, str(Path(SNIPPETS).parent))
from sitebuild.sources.project import Project, survey  # noqa: E402

LAB, END = "labs/sequential_digits", "trained = {"  # what is run of it stands above END
SETTINGS = [{"width": 32}, {"width": 16}]
SEEDS, RATES, SCALES, EPOCHS = 5, (0.001, 0.003, 0.01, 0.03, 0.06), (0.1, 0.3, 1.0), 15
FIXED = {
    "inputs": "each side's own best of three sizes of input weights",
    "length": "the digits have 64 pixels",
}


def lab():
    """The functions of the lab, without its trainings."""
    text = survey(Project(Path(SNIPPETS).parent))[0].labs[LAB].program.source("en")
    space = {"__name__": "lab"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text[: text.index(END)], LAB, "exec"), space)
    return space


def measure(width):
    space = lab()
    space["epochs"] = EPOCHS

    def right(kind, units, rate, scale, seed):
        """The share of held-out digits that are read right at the end."""
        space["networks"] = {kind: (units, rate, scale)}
        with contextlib.redirect_stdout(io.StringIO()):
            return space["train"](kind, seed)[1][-1, 1]

    found = {}
    for name, kind, units in (("lstm", "LSTM", width), ("rnn", "RNN", width), ("rnn_wide", "RNN", 2 * width)):
        # every rate and scale with the first seed; the best two of them with all
        first = {(rate, scale): right(kind, units, rate, scale, 0) for rate in RATES for scale in SCALES}
        means = {}
        for chosen in sorted(first, key=first.get)[-2:]:
            more = [right(kind, units, *chosen, seed) for seed in range(1, SEEDS)]
            means[chosen] = np.mean([first[chosen], *more])
        found[f"{name}_rate"], found[f"{name}_scale"] = best = max(means, key=means.get)
        found[name] = means[best]
    return found


def holds(row):
    return 0 < row["lstm"] - row["rnn"] < 0.15 and abs(row["lstm"] - row["rnn_wide"]) < 0.06


def values(rows):
    told = {f"{name}_{row['width']}": row[name] for row in rows for name in ("lstm", "rnn", "rnn_wide")}
    gaps = {name: [row["lstm"] - row[name] for row in rows] for name in ("rnn", "rnn_wide")}
    return told | {f"{name}_{end}": f(gap) for name, gap in gaps.items() for end, f in (("low", min), ("high", max))}

"""Reading the digits pixel by pixel, an LSTM is at most ten points ahead of a plain RNN of as many units, and not
ahead of one of about as many parameters, each with its own best rate and size of input weights."""

import contextlib
import io
import sys
from pathlib import Path

import numpy as np
from sweep import SNIPPETS

sys.path.insert(0, str(Path(SNIPPETS).parent))
from sitebuild.build import Project, survey  # noqa: E402

LAB = "labs/sequential_digits"
SETTINGS = [{"width": 32}, {"width": 16}]
SEEDS, RATES, EPOCHS = 3, (0.001, 0.003, 0.01), 15
FIXED = {
    "seeds": "three: a network takes half a minute",
    "inputs": "each side's own best of two sizes of input weights",
    "length": "the digits have 64 pixels",
}


def lab():
    """The functions of the lab, without its trainings."""
    text = survey(Project(Path(SNIPPETS).parent))[0].labs[LAB].program.source("en")
    space = {"__name__": "lab"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text[: text.index("trained = {")], LAB, "exec"), space)
    return space


def measure(width):
    space = lab()
    space["epochs"] = EPOCHS
    found = {}
    for name, kind, units in (("lstm", "LSTM", width), ("rnn", "RNN", width), ("rnn_wide", "RNN", 2 * width)):
        best = 0.0
        for rate in RATES:
            for scale in (0.1, 1.0):
                space["networks"] = {kind: (units, rate, scale)}
                with contextlib.redirect_stdout(io.StringIO()):
                    best = max(best, np.mean([space["train"](kind, seed)[1][-1, 1] for seed in range(SEEDS)]))
        found[name] = best
    return found


def holds(row):
    return -0.02 < row["lstm"] - row["rnn"] < 0.1 and -0.1 < row["lstm"] - row["rnn_wide"] < 0.02


def values(rows):
    return {**{f"{name}_here": rows[0][name] for name in ("lstm", "rnn", "rnn_wide")},
            "rnn_gap": max(row["lstm"] - row["rnn"] for row in rows),
            "wide_gap": max(row["lstm"] - row["rnn_wide"] for row in rows)}  # fmt: skip

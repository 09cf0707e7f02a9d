"""What the gradient's way back computes in a browser is what its program computes, wherever the sliders may stand."""

import numpy as np
from in_node import computed

CLOSE = {"rtol": 1e-10, "atol": 0}
BIASES, SCALES = (-2, 0, 0.7, 2, 5, 8), (0, 0.5, 1, 2.4, 2.8)  # the sliders' ends, and between


def test_the_lstm_by_all_paths_and_by_its_cell(program):
    p = program("home/story")
    asked = [(bias, scale, seed) for bias in BIASES for scale in SCALES for seed in range(p.seeds)]
    for setting, found in zip(asked, computed("story.core.js", [("lstm", *one) for one in asked]), strict=True):
        np.testing.assert_allclose(found, p.lstm(*setting), **CLOSE, err_msg=str(setting))


def test_the_rnn(program):
    p = program("home/story")
    asked = [(scale, seed) for scale in SCALES for seed in range(p.seeds)]
    for setting, found in zip(asked, computed("story.core.js", [("rnn", *one) for one in asked]), strict=True):
        np.testing.assert_allclose(found, p.rnn(*setting), **CLOSE, err_msg=str(setting))


def test_the_numbers_on_the_page_are_those_of_the_picture(program):
    p = program("home/story")
    runs = [
        computed("story.core.js", [(*what, seed) for seed in range(p.seeds)]) for what in (("rnn", 1), ("lstm", 2, 1))
    ]
    rnn, lstm = (
        computed("story.core.js", [("median", curves)])[0] for curves in (runs[0], [run[0] for run in runs[1]])
    )
    np.testing.assert_allclose([rnn[-1], lstm[-1]], [p.ends["RNN"], p.ends["LSTM, b_f = 2"]], **CLOSE)


def test_what_is_said_fits_what_is_left():
    """(RNN, LSTM by all paths, its cell alone) -> the sentence."""
    said = {
        (1e-24, 1e-21, 1e-30): "lost", (1e-4, 1e-21, 1e-30): "faint", (1e-24, 0.08, 3e-6): "detour",
        (1e-90, 3, 0.8): "carousel", (1, 2e-11, 1e-30): "rival", (0.5, 0.9, 0.6): "all", (0, 0.8, 0.8): "carousel",
        (100, 110, 0.04): "grown", (400, 1, 1e-3): "grownRnn", (1e-24, 20, 0.8): "more", (1e-3, 0.08, 0.03): "both",
    }  # fmt: skip
    assert computed("story.js", [("verdict", *left) for left in said]) == list(said.values())

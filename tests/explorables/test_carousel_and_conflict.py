"""What the carousel's explorable computes is what NumPy computes, on all that its sliders can be set to."""

import numpy as np
import pytest
from in_node import computed
from numeric import with_setting

CLOSE = {"rtol": 1e-10, "atol": 0}
WEIGHTS = np.linspace(0.9, 1.1, 41)
LAGS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@pytest.mark.parametrize("unit", ["z", "tanh z"])
def test_value_and_gradient_after_each_step(program, unit):
    """At each weight and lag, what the page's program finds; it counts the error's steps backward, from the end."""
    asked = [(w, lag) for w in WEIGHTS for lag in LAGS]
    answers = computed("carousel.core.js", [("carry", w, lag, unit == "z") for w, lag in asked])
    ends = computed("carousel.core.js", [("arrives", w, lag, unit == "z") for w, lag in asked])
    np.testing.assert_allclose(ends, [answer["gradient"][0] for answer in answers], **CLOSE)
    for (w, lag), answer in zip(asked, answers, strict=True):
        state, error = with_setting(program("cec/carousel").carry, T=lag)(w, unit)
        np.testing.assert_allclose(answer["gradient"][::-1], error, **CLOSE)
        np.testing.assert_allclose(answer["value"][-1], state / 0.5, **CLOSE)
        if unit == "z":
            np.testing.assert_allclose(answer["value"], w ** np.arange(lag + 1), **CLOSE)
        elif lag > 1:
            np.testing.assert_allclose(answer["value"][2], np.tanh(w * np.tanh(w * 0.5)) / 0.5, **CLOSE)


def test_the_weights_that_keep_a_factor_of_e():
    for lag, (low, high) in zip(LAGS, computed("carousel.core.js", [("tolerance", lag) for lag in LAGS]), strict=True):
        np.testing.assert_allclose([low**lag, high**lag], [1 / np.e, np.e], **CLOSE)


SETTINGS = [(w, steps, gate) for w in (0, 0.05, 0.4, 1, 1.2) for steps in (2, 20, 40) for gate in (0, 0.01, 0.5, 1)]


def pulls(w, steps, gate):
    """As snippets/cec/input_conflict.py has it, over a batch whose covariance is the identity: its means are exact."""
    x = np.sqrt(steps) * np.eye(steps)  # (B, T)
    gates = np.where(np.arange(steps) == 0, 1.0, gate)
    error = (gates * w * x).sum(axis=1) - x[:, 0]
    store = (error * x[:, 0]).mean()
    ignore = (error * (gates * x)[:, 1:].sum(axis=1)).mean()
    return store, ignore, (error**2).mean()


def test_the_two_pulls_and_the_weight_at_which_they_cancel():
    answers = computed("carousel.core.js", [("pulls", *setting) for setting in SETTINGS])
    for (w, steps, gate), answer in zip(SETTINGS, answers, strict=True):
        store, ignore, error = pulls(w, steps, gate)
        np.testing.assert_allclose([answer["store"], answer["ignore"]], [store, ignore], rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(answer["error"], error, rtol=1e-10, atol=1e-14)
        at_best = pulls(answer["best"], steps, gate)
        assert abs(at_best[0] + at_best[1]) < 1e-12
        if gate == 1:
            np.testing.assert_allclose(answer["best"], 1 / steps, **CLOSE)


def test_the_pulls_are_those_that_the_page_s_program_has_sampled(program):
    p = program("cec/input_conflict")
    (answer,) = computed("carousel.core.js", [("pulls", p.w, p.T, 1)])
    sampled = [p.pull, p.push, p.loss, p.w]
    np.testing.assert_allclose([answer[name] for name in ("store", "ignore", "error", "best")], sampled, atol=0.02)


def test_learning_goes_down_its_gradient():
    answers = computed("carousel.core.js", [("learn", *setting) for setting in SETTINGS])
    for (w, steps, gate), answer in zip(SETTINGS, answers, strict=True):
        store, ignore, _ = pulls(w, steps, gate)
        rate = 0.2 / (1 + (steps - 1) * gate**2)
        np.testing.assert_allclose(answer, w - rate * (store + ignore), rtol=1e-10, atol=1e-14)


def test_what_the_cell_holds_after_each_input():
    x = np.random.default_rng(0).standard_normal(20)
    for gate in (0, 0.3, 1):
        gates = np.where(np.arange(20) == 0, 1.0, gate)
        (answer,) = computed("carousel.core.js", [("held", 0.7, list(x), gate)])
        np.testing.assert_allclose(answer, np.cumsum(gates * 0.7 * x), rtol=1e-10)


def drawn(seed, count):
    x = np.arange(count, dtype=np.uint32) + np.uint32(seed << 18)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ x >> shift) * np.uint32(factor)
    return np.sqrt(3) * ((x ^ x >> 16) / 2**31 - 1)


def test_the_numbers_drawn_are_the_same():
    for seed in (0, 7, 999):
        (found,) = computed("drawn.js", [("drawn", seed, 20_000)])
        np.testing.assert_array_equal(found, drawn(seed, 20_000))
        assert abs(np.mean(found)) < 0.03 and abs(np.var(found) - 1) < 0.02

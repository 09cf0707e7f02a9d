"""The input and the output weight conflict against their closed forms (claim C8)."""

import numpy as np
import pytest

# name of the weight, its course, the two voices and their sum
CONFLICTS = {
    "cec/input_conflict": ("w", "ws", "stores", "ignores"),
    "cec/output_conflict": ("v", "vs", "reads", "silences"),
}


@pytest.fixture(params=CONFLICTS)
def conflict(program, request):
    found = program(request.param)
    weight, course, keep, drop = CONFLICTS[request.param]
    return found, getattr(found, weight), getattr(found, course), getattr(found, keep), getattr(found, drop)


def test_training_ends_at_one_over_t_with_a_loss_of_one_minus_one_over_t(conflict):
    found, weight, *_ = conflict
    assert found.T == 20
    assert weight == pytest.approx(1 / 20, abs=0.001)
    assert found.loss == pytest.approx(1 - 1 / 20, abs=0.01)
    assert found.loss_best == 1 - 1 / 20
    assert getattr(found, "w_best", getattr(found, "v_best", None)) == 1 / 20


def test_the_two_voices_are_large_opposite_and_cancel(conflict):
    found, _, _, keep, drop = conflict
    assert found.pull == pytest.approx(-(1 - 1 / 20), abs=0.01)
    assert found.push == pytest.approx(+(1 - 1 / 20), abs=0.01)
    assert abs(found.pull + found.push) < 0.01 * abs(found.pull)
    assert found.pull == pytest.approx(keep[:, 30:].mean()) and found.push == pytest.approx(drop[:, 30:].mean())


def test_the_weight_takes_the_course_of_gradient_descent_on_the_expected_loss(conflict):
    found, _, course, keep, drop = conflict
    assert course.shape == (5, 60) == (found.seeds, found.updates)
    # w ← w − η ((w − 1) + (T − 1) w) from w = 0
    expected, w = [], 0.0
    for _ in range(60):
        w -= 0.01 * ((w - 1) + 19 * w)
        expected.append(w)
    np.testing.assert_allclose(course, np.tile(expected, (5, 1)), atol=0.006)
    before = np.array([0, *expected[:-1]])
    np.testing.assert_allclose(keep.mean(axis=0), before - 1, atol=0.06)
    np.testing.assert_allclose(drop.mean(axis=0), 19 * before, atol=0.15)
    loss = (before - 1) ** 2 + 19 * before**2
    np.testing.assert_allclose(found.losses.mean(axis=0), loss, atol=0.05)


def test_both_voices_of_the_output_see_the_same_c_so_their_sum_is_smoother(program):
    into, out = program("cec/input_conflict"), program("cec/output_conflict")
    sums = (into.stores + into.ignores)[:, 30:], (out.reads + out.silences)[:, 30:]
    assert sums[1].std() < sums[0].std() / 10

"""The scan against the loop and autograd; the selective step, fixed filters and parity against closed forms."""

import math

import numpy as np
import pytest


@pytest.mark.parametrize("T", [1, 2, 3, 7, 64, 1000])
def test_the_scan_gives_the_states_of_the_loop_in_log2_t_rounds(program, T):
    p, rng = program("beyond/scan"), np.random.default_rng(T)
    a, b = rng.uniform(-1, 1, (T, 5)), rng.standard_normal((T, 5))
    states, rounds, _ = p.scan(a, b)
    np.testing.assert_allclose(states, p.loop(a, b), rtol=0, atol=1e-12)
    assert rounds == math.ceil(math.log2(T))


def test_the_scans_gradients_are_autograds(program, torch):
    p, T = program("beyond/scan"), 200
    a, b = (torch.tensor(part[:T], requires_grad=True) for part in (p.a, p.b))
    h = [a[0] * 0 + b[0]]
    for t in range(1, T):
        h.append(a[t] * h[-1] + b[t])
    dh = torch.tensor(p.dh[:T])
    # what comes later than T is shut off: the gate there is 0
    ours = p.scan(np.append(p.a[1:T], 0)[::-1], p.dh[:T][::-1])[0][::-1]
    da, db = torch.autograd.grad((torch.stack(h) * dh).sum(), (a, b))
    np.testing.assert_allclose(ours, db.numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(ours * np.append(0, p.h[: T - 1]), da.numpy(), rtol=1e-10, atol=1e-12)


def test_scan_and_loop_agree_forward_and_backward_and_the_closed_form_underflows(program):
    p = program("beyond/scan")
    assert p.same < 1e-12 and p.same_back < 1e-12 and p.rounds == math.log2(p.T)
    np.testing.assert_array_equal(p.db, p.delta)
    np.testing.assert_array_equal(p.da, p.delta * np.append(0, p.h[:-1]))
    np.testing.assert_allclose(p.closed[: p.until // 2], p.h[: p.until // 2], rtol=1e-9, atol=1e-12)
    # the product of T numbers from U(0.3, 1) falls by the mean of their logarithm a step
    fall = -1 - 0.3 * math.log(0.3) / 0.7
    assert p.until == pytest.approx(-745 / fall, rel=0.1)
    for n, (rounds, work) in zip(p.lengths, p.counted, strict=True):
        assert (rounds, work) == (math.log2(n), 2 * sum(n - 2**k for k in range(int(math.log2(n)))))


def test_the_selective_step_is_a_gated_leaky_unit_and_its_gradient_the_product(program, torch):
    p = program("beyond/selective")
    assert p.same < 1e-12 and p.agree < 1e-12
    z = torch.tensor(p.w * p.marks[:, 0] + p.bias)
    torch.testing.assert_close(torch.exp(-torch.nn.functional.softplus(z)), 1 - torch.sigmoid(z), rtol=0, atol=1e-12)
    h0 = torch.zeros((), dtype=torch.float64, requires_grad=True)
    h = h0
    for t in range(p.T):
        h = torch.exp(-torch.nn.functional.softplus(z[t])) * (h - p.x[t, 0]) + p.x[t, 0]
    assert p.h[-1, 0] == pytest.approx(h.item(), abs=1e-12)
    assert p.whole[-1, 0] == pytest.approx(torch.autograd.grad(h, h0)[0].item(), abs=1e-12)


@pytest.mark.parametrize("T", [5, 20, 50])
def test_the_best_filter_leaves_one_minus_one_over_t(T):
    """Also cec/conflict: w = 1/T, and 1 - 1/T of the variance is left."""
    rng = np.random.default_rng(3)
    N = 40000
    x, at = rng.standard_normal((N, T)), rng.integers(T, size=N)
    wanted = x[np.arange(N), at]
    w = np.linalg.lstsq(x, wanted, rcond=None)[0]
    np.testing.assert_allclose(w, 1 / T, atol=0.03)
    assert ((x @ w - wanted) ** 2).mean() == pytest.approx(1 - 1 / T, abs=0.02)


def test_the_programs_filter_is_that_one_and_the_selective_unit_has_it_right(program):
    p = program("beyond/selective")
    assert p.fixed == pytest.approx(1 - 1 / p.T, abs=0.01) and p.error < 1e-3


def test_gates_tell_parity_no_better_than_a_count_and_a_factor_of_minus_one_tells_it_always(program):
    p = program("beyond/parity")
    assert p.signed == [1] * len(p.lengths)
    # the best cut through the number of ones
    count = [0.5 + max(math.comb(T - 1, c) for c in range(T)) / 2**T for T in p.lengths]
    np.testing.assert_allclose(p.gates, count, rtol=1e-12)


def test_minus_one_needs_no_other_unit(program):
    p = program("beyond/parity")
    assert p.accuracy(8, np.array([-1.0, 1.0])) == 1 and p.accuracy(8, np.array([0.0, 1.0])) < 0.65

"""The gate's fair rival, the learned query and the linear recurrence against PyTorch, closed forms and brute force."""

import math
import sys

import numpy as np
import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "bench"))
import sweep  # noqa: E402


def normal_tail(a):
    return math.erfc(a / math.sqrt(2)) / 2


# -- cec/ungated and bench/sweeps/gates_resolve.py -----------------------------------------------------------


def test_two_relus_leak_what_a_normal_input_has_beyond_four(program):
    p = program("cec/ungated")
    for (T, scale), other in zip(p.settings, p.summed, strict=True):
        a = 4 / scale  # E[max(|x| − a, 0)²] of a normal x, twice one side's
        density = math.exp(-a * a / 2) / math.sqrt(2 * math.pi)
        leak = 2 * ((1 + a * a) * normal_tail(a) - a * density)
        assert other == pytest.approx((T - 1) * leak, rel=0.35 if scale == 1 else 0.02)
    assert (p.here, p.longer, p.larger) == tuple(p.summed)


def test_the_gate_has_no_range_and_the_pair_none_of_the_gates_leak(program):
    p = program("cec/ungated")
    x = np.linspace(-50, 50, 101)
    for m in (0, 1):
        np.testing.assert_allclose(p.gate(3 * x, m), 3 * p.gate(x, m))
    np.testing.assert_array_equal(p.pair(x, 1), x)
    inside = np.abs(x) <= 4
    assert np.all(p.pair(x[inside], 0) == 0) and np.all(p.pair(x[~inside], 0) != 0)
    at, off = p.gate(1, 1), p.gate(1, 0)
    for (T, _), one in zip(p.settings, p.gated, strict=True):
        assert one == pytest.approx((at - 1) ** 2 + (T - 1) * off**2, rel=0.03)
    learned = program("cec/input_gate")
    np.testing.assert_allclose((learned.w, learned.u, learned.b), (1.8, 5.6, -5.4), atol=0.06)


@pytest.mark.parametrize("task", ["input", "output"])
@pytest.mark.parametrize("side", ["gate", "tanh", "relu"])
def test_the_sweeps_expected_loss_is_that_of_drawn_sequences_and_its_gradient_autograds(torch, task, side):
    s, rng = sweep.read("gates_resolve"), np.random.default_rng(3)
    enter = s.gate if side == "gate" else s.units(side)
    count, K = (3, 1) if side == "gate" else (4, 3)
    params = [rng.standard_normal((1, K, 1)) for _ in range(count)]
    length = 6
    e, r, by_at, by_off = s.misses(enter, params, s.GRID, task)
    loss, pulls = s.expected(e, r, length, task)

    x = rng.standard_normal((length if task == "input" else 1, 400_000))
    at, off = enter(params, x[:1], 1)[0][0], [enter(params, row[None], 0)[0][0] for row in x[1:]]
    if task == "input":
        drawn = ((at - x[:1] + sum(off)) ** 2).mean()
    else:
        drawn = ((at - x) ** 2 + (length - 1) * enter(params, x, 0)[0][0] ** 2).mean()
    assert loss.item() == pytest.approx(drawn, rel=0.02)

    tensors = [torch.tensor(p, requires_grad=True) for p in params]
    grid, p = torch.from_numpy(s.GRID), torch.from_numpy(s.P)

    def entering(m):
        if side == "gate":
            w, u, b = tensors
            return (torch.sigmoid(u * m + b) * w * grid)[0]
        w, a, d, v = tensors
        z = w * grid + a * m + d
        return (v * (torch.tanh(z) if side == "tanh" else torch.relu(z))).sum(1)

    miss, leak = entering(1.0) - grid, entering(0.0)
    if task == "input":
        total = ((p * miss).sum() + (length - 1) * (p * leak).sum()) ** 2
        for part, many in ((miss, 1), (leak, length - 1)):
            total = total + many * ((p * part**2).sum() - (p * part).sum() ** 2)
    else:
        total = (p * miss**2).sum() + (length - 1) * (p * leak**2).sum()
    assert loss.item() == pytest.approx(total.item(), rel=1e-10)
    for expected, one, other in zip(torch.autograd.grad(total / 2, tensors), by_at, by_off, strict=True):
        ours = (pulls[0] * one + pulls[1] * other).sum(axis=-1, keepdims=True)
        np.testing.assert_allclose(ours, expected.numpy(), rtol=1e-9, atol=1e-12)

"""Failures made on purpose: that they fail as the page says, that their gradients are right, and the closed forms."""

import numpy as np
import pytest


def lstm_gradients(torch, x, W, U, b, dhs):
    """autograd's gradients of W, U, b for Σ dhs·h, x (T, B, D)."""
    W, U, b = (torch.tensor(one, requires_grad=True) for one in (W, U, b))
    h = c = torch.zeros(x.shape[1], U.shape[0], dtype=torch.float64)
    loss = 0
    for x_t, dh in zip(x, dhs, strict=True):
        i, f, g, o = torch.chunk(torch.tensor(x_t) @ W + h @ U + b, 4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        loss = loss + (h * torch.tensor(dh)).sum()
    loss.backward()
    return [one.grad.numpy() for one in (W, U, b)]


@pytest.mark.parametrize("name", ["lstm/predicts_mean", "lstm/echo", "lstm/one_batch"])
def test_the_backward_passes_are_autograds(program, torch, name):
    p, rng = program(name), np.random.default_rng(1)
    T, B, D = (p.T if name == "lstm/echo" else 5), 3, 2
    x, (W, U, b) = rng.standard_normal((T, B, D)), (rng.standard_normal((n, 4 * p.H)) / 2 for n in (D, p.H, 1))
    dhs = np.zeros((T, B, p.H))
    dhs[-1] = rng.standard_normal((B, p.H))
    if name == "lstm/one_batch":
        dhs = rng.standard_normal((T, B, p.H))
        ours = p.backward(dhs, x, *p.forward(x, W, U, b), U)
    else:
        _, c, tape = p.forward(x, W, U, b)
        ours = p.backward(dhs[-1], x, c, tape, U)
    for mine, theirs in zip(ours, lstm_gradients(torch, x, W, U, b, dhs), strict=True):
        np.testing.assert_allclose(mine, theirs.reshape(mine.shape), rtol=1e-9, atol=1e-11)


def test_raw_input_and_a_short_window_end_at_the_mean_for_different_reasons(program):
    p = program("lstm/predicts_mean")
    for case in ("raw", "too short"):
        assert p.curves[case][-1] == pytest.approx(1, abs=0.1) and p.spread[case] < 0.3
    assert p.stuck["raw"] > 0.5 and p.stuck["too short"] < 0.01
    assert p.curves["scaled"][-1] < 0.2 and p.spread["scaled"] > 0.8


def test_the_baselines_are_those_of_theory(program):
    """Neighbours are independent: 2. A season ago: (1 - 0.95)² + 1 - 0.95² = 0.1. Of a thousand values."""
    p = program("lstm/predicts_mean")
    assert p.persistence == pytest.approx(2, abs=0.15) and p.seasonal == pytest.approx(0.1, abs=0.02)
    assert np.corrcoef(p.a[1:], p.a[:-1])[0, 1] == pytest.approx(0, abs=0.1)


def test_every_forecast_has_a_fine_fit_and_lags_and_only_the_skill_tells_them_apart(program):
    p = program("lstm/echo")
    assert min(p.fit.values()) > 0.95 and all(one == {1} for one in p.shift.values())
    assert p.skill["level, 0.0"] < 0.005 and abs(p.skill["change, 0.0"]) < 0.005
    assert p.skill["level, 0.6"] + 0.05 < p.skill["change, 0.6"] <= p.best


def test_the_best_skill_is_that_of_the_known_part(program):
    """The last value misses 0.6 m_t - 0.02 a_t + e; nobody can know e, of variance 1."""
    p = program("lstm/echo")
    a = p.prices(0.6, np.random.default_rng(0))
    known = np.var(np.diff(a)) - 1
    assert p.best == pytest.approx(known / (known + 1), abs=0.02)


def test_softmax_twice_has_a_floor_and_pytorchs_loss_has_the_same(program, torch):
    p = program("lstm/one_batch")
    perfect = torch.eye(p.K, dtype=torch.float64)
    theirs = torch.nn.CrossEntropyLoss()(perfect, torch.arange(p.K)).item()
    assert p.floor == pytest.approx(theirs, rel=1e-12)
    assert p.floor <= p.lowest["softmax twice"] and p.lowest["none"] < 0.01


def test_one_batch_finds_three_mistakes_and_its_order_the_fourth(program):
    p = program("lstm/one_batch")
    assert p.curves["none"][0] == pytest.approx(p.start, abs=0.1)
    for case in ("rate", "not zeroed", "softmax twice"):
        assert p.curves[case][-1] > 0.1 and p.moved[case] < 1e-9
    assert p.curves["axes"][-1] < 0.05 and p.moved["axes"] > 1
    assert p.right["axes"] < 0.35 and p.right["none"] > 0.5


def test_the_batch_taken_for_time_is_what_pytorch_computes_without_batch_first(program, torch):
    p, rng = program("lstm/one_batch"), np.random.default_rng(2)
    W, U, b = (rng.standard_normal((n, 4 * p.H)) / 4 for n in (p.K, p.H, 1))
    v, d = np.eye(p.H), np.zeros(p.H)
    x = rng.standard_normal((p.B, p.T, p.K))
    for mistake, batch_first in (("axes", False), ("none", True)):
        net = torch.nn.LSTM(p.K, p.H, batch_first=batch_first).double()
        with torch.no_grad():
            for parameter, value in zip(net.parameters(), (W.T, U.T, b[0], 0 * b[0]), strict=True):
                parameter.copy_(torch.tensor(value))
        theirs = net(torch.tensor(x))[0][:, -1].detach().numpy()
        np.testing.assert_allclose(p.logits(x, [W, U, b, v, d], mistake)[0], theirs, rtol=1e-10, atol=1e-12)


def test_every_naive_formula_is_nan_where_its_cure_is_right(program, torch):
    p = program("lstm/nan")
    assert p.failed == len(p.naive) == len(p.cured)
    assert all(np.isnan(np.sum(value)) for value in p.naive.values())
    assert all(np.isfinite(value).all() for value in p.cured.values())
    assert p.soon, "inf comes before NaN"
    logits = torch.tensor([1000.0, 0.0, -1000.0], dtype=torch.float64)
    np.testing.assert_allclose(p.cured["softmax"], torch.softmax(logits, 0).numpy(), atol=1e-15)
    z = torch.tensor(-800.0, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.logsigmoid(z).backward()
    assert p.cured["log sigmoid"] == z.grad.item() == 1

"""Failures made on purpose: that they fail as the page says, that their gradients are right, and the closed forms."""

import numpy as np
import pytest


def lstm(torch, x, W, H):
    """PyTorch's own cell over x (T, B, D), which has W[:D] of `W`, the rest being those of h: every h (T, B, H)."""
    cell = torch.nn.LSTM(x.shape[2], H, bias=False).double()
    with torch.no_grad():
        cell.weight_ih_l0.copy_(W[: x.shape[2]].T)
        cell.weight_hh_l0.copy_(W[x.shape[2] :].T)
    return cell, cell(x)[0]


def gradients(torch, loss, cell):
    loss.backward()
    return torch.cat([cell.weight_ih_l0.grad.T, cell.weight_hh_l0.grad.T]).numpy()


@pytest.mark.parametrize("name", ["lstm/predicts_mean", "lstm/echo"])
def test_the_gradients_of_a_forecast_are_autograds(program, torch, name):
    p, rng = program(name), np.random.default_rng(1)
    x, y = rng.standard_normal((5, 3, 2)), rng.standard_normal((3, 1))
    W, v = rng.standard_normal((2 + p.H, 4 * p.H)) / 2, rng.standard_normal((p.H, 1))
    readout = torch.tensor(v, requires_grad=True)
    cell, hs = lstm(torch, torch.tensor(x), torch.tensor(W), p.H)
    error = hs[-1] @ readout - torch.tensor(y)
    theirs = gradients(torch, (error**2).mean(), cell), readout.grad.numpy()
    ours = p.network(x, y, W, v)
    np.testing.assert_allclose(ours[0], error.detach().numpy(), rtol=1e-10, atol=1e-12)
    for mine, autograd in zip(ours[-1], theirs, strict=True):
        np.testing.assert_allclose(mine, autograd, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("mistake", ["none", "softmax twice", "axes"])
def test_the_gradients_of_a_mistake_are_autograds(program, torch, mistake):
    """Taken for time, the batch's axis is what PyTorch takes for time without batch_first."""
    p = program("lstm/axes" if mistake == "axes" else "lstm/one_batch")
    rng = np.random.default_rng(2)
    W, V = rng.standard_normal((p.K + p.H, 4 * p.H)) / 4, rng.standard_normal((p.H, p.K))
    x = np.eye(p.K)[rng.integers(0, p.K, (p.B, p.T))]  # a data set's own order: (B, T, K)
    readout = torch.tensor(V, requires_grad=True)
    first = torch.tensor(x[:, 0].argmax(axis=1))
    if mistake == "axes":
        cell, hs = lstm(torch, torch.tensor(x), torch.tensor(W), p.H)
        z = hs[:, -1] @ readout
        ours, grads = p.network(x, x[:, 0], W, V)
    else:
        cell, hs = lstm(torch, torch.tensor(x.swapaxes(0, 1)), torch.tensor(W), p.H)
        z = hs[-1] @ readout
        z = torch.softmax(z, dim=1) if mistake == "softmax twice" else z
        ours, grads = p.network(x.swapaxes(0, 1), x[:, 0], W, V, mistake == "softmax twice")
    np.testing.assert_allclose(ours, torch.softmax(z, dim=1).detach().numpy(), rtol=1e-10, atol=1e-12)
    theirs = gradients(torch, torch.nn.functional.cross_entropy(z, first), cell), readout.grad.numpy()
    for mine, autograd in zip(grads, theirs, strict=True):
        np.testing.assert_allclose(mine, autograd, rtol=1e-9, atol=1e-11)


def test_raw_input_ends_at_the_mean_with_its_gates_saturated(program):
    p = program("lstm/predicts_mean")
    assert p.curves["raw"][-1] == pytest.approx(1, abs=0.05) and p.spread["raw"] < 0.01
    assert p.stuck["raw"] > 0.5 and p.stuck["scaled"] < 0.01
    assert p.curves["scaled"][-1] < 0.2 and p.spread["scaled"] > 0.8


def test_a_window_shorter_than_the_season_knows_nothing(program):
    """Theory: error 1 below the season, 1 - 0.95² from it on; neighbours 2, a season ago (1 - 0.95)² + 1 - 0.95²."""
    p = program("lstm/window")
    for T, error in p.best.items():
        assert error == pytest.approx(1 if p.season > T else 1 - 0.95**2, rel=0.05)
    assert p.last == pytest.approx(2, abs=0.1) and p.seasonal == pytest.approx(0.1, abs=0.01)


def test_the_best_forecast_lags_too_and_has_the_skill_of_what_is_known(program):
    """The last value misses momentum · m - 0.02 a + e. By theory: of e, whose variance is 1, nobody knows anything."""
    p, n = program("lstm/late"), 400_000
    assert p.shift == {0.6: 1, 0.0: 1} and min(p.r2.values()) > 0.95
    for momentum in (0.6, 0.0):
        moves = levels = np.zeros(1)
        e = np.random.default_rng(5).standard_normal((100, n // 100))
        moves, levels, steps = 0 * e[0], 0 * e[0], []
        for noise in e:  # 4,000 series side by side, 100 steps each
            moves = momentum * moves + noise
            steps.append(moves - 0.02 * levels)
            levels = 0.98 * levels + moves
        assert p.skill[momentum] == pytest.approx(1 - 1 / np.mean(np.square(steps[60:])), abs=0.02)


def test_the_change_is_learned_at_every_rate_and_the_level_at_none_as_well(program):
    p, best = program("lstm/echo"), program("lstm/late").skill[0.6]
    level, change = p.skill["level"], p.skill["change"]
    assert np.all(change > 0.3) and np.all(change < best + 0.02)
    assert np.all(level < change) and level.min() < 0 < level.max()


def test_softmax_twice_has_a_floor_and_pytorchs_loss_has_the_same(program, torch):
    p = program("lstm/one_batch")
    perfect = torch.eye(p.K, dtype=torch.float64)
    theirs = torch.nn.CrossEntropyLoss()(perfect, torch.arange(p.K)).item()
    assert p.floor == pytest.approx(theirs, rel=1e-12)
    assert p.floor <= min(p.curves["softmax twice"]) and p.curves["none"][-1] < 0.02


def test_one_batch_finds_three_mistakes_and_another_order_the_fourth(program):
    p = program("lstm/one_batch")
    assert p.curves["none"][0] == pytest.approx(np.log(p.K), abs=0.1)
    assert p.curves["rate"][-1] > 1 and p.curves["softmax twice"][-1] > 0.8
    assert p.curves["not zeroed"][-1] > np.log(p.K), "worse than guessing"
    right = program("lstm/axes").right
    assert min(right["this batch"]) == 1 and max(right["reversed"]) < 0.6 and max(right["fresh"]) < 0.3


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

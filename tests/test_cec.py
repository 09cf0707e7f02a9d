"""Chapter cec/: what must come out, against closed forms and PyTorch."""

import numpy as np
import pytest
from numeric import lines_of


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_only_a_self_weight_of_one_carries_the_error(program):
    p = program("cec/carousel")
    assert p.shrunk == pytest.approx(0.99**1000) == pytest.approx(4.3e-5, rel=0.01)
    assert p.kept == 1
    assert p.grown == pytest.approx(1.01**1000) == pytest.approx(2.1e4, rel=0.01)
    for label, (x, y) in lines_of(p.figures[0]).items():
        np.testing.assert_allclose(y, float(label.removeprefix("w = ")) ** x)


def conflict_gradients(w, T):
    """∂L/∂w of both tasks, L = ½·(squared error): the step that matters and the others."""
    return w - 1, (T - 1) * w


@pytest.mark.parametrize("name, weight", [("cec/input_conflict", "w"), ("cec/output_conflict", "v")])
def test_the_conflict_settles_at_the_closed_form(program, name, weight):
    p = program(name)
    learned = getattr(p, weight)
    assert learned == pytest.approx(1 / p.T, abs=0.005) and getattr(p, f"{weight}_best") == 1 / p.T
    assert p.loss == pytest.approx(1 - 1 / p.T, abs=0.01) and p.loss_best == 1 - 1 / p.T
    store, ignore = conflict_gradients(1 / p.T, p.T)
    assert p.pull == pytest.approx(store, abs=0.02) and p.push == pytest.approx(ignore, abs=0.02)
    assert abs(p.pull + p.push) < 0.02 * abs(p.pull), "large gradients that cancel"


def test_input_conflict_gradients_are_right_along_the_way(program):
    """At each update the expected gradients are known: w − 1 for the step to keep, (T − 1)·w for the others."""
    p = program("cec/input_conflict")
    ws = np.array([0.0, *p.ws[:-1]])
    noise = 4 * np.sqrt(p.T) / np.sqrt(p.batch)
    for part, expected in zip((p.store, p.ignore), conflict_gradients(ws, p.T), strict=True):
        difference = np.array(part) - expected
        assert np.abs(difference.mean()) < noise / np.sqrt(p.updates) * 2
        assert np.abs(difference).max() < noise * (1 + np.abs(ws).max() * np.sqrt(p.T))


def test_output_conflict_gradients_are_exact_in_the_sample(program):
    """Reading and silence see the same c, so their ratio is (v − 1) : (T − 1)·v without any noise."""
    p = program("cec/output_conflict")
    vs = np.array([0.0, *p.vs[:-1]])
    store, ignore = conflict_gradients(vs, p.T)
    np.testing.assert_allclose(np.array(p.read) * ignore, np.array(p.silence) * store, atol=1e-9)


@pytest.mark.parametrize("name", ["cec/input_gate", "cec/output_gate"])
def test_a_learned_gate_dissolves_the_conflict(program, name):
    p = program(name)
    assert p.without == 1 - 1 / p.T and len(p.finals) == p.seeds >= 5
    assert p.worst == max(p.finals) and p.gain == p.without / p.worst
    assert p.gain > 100, "two orders of magnitude and more, on every seed"
    np.testing.assert_allclose(p.at_marker, 1, atol=0.02)
    assert np.abs(p.elsewhere).max() < 0.02 and p.ratio == min(p.opening) > 50


@pytest.mark.parametrize("name", ["cec/input_gate", "cec/output_gate"])
def test_a_gates_effective_weight_opens_at_the_marker_only(program, name):
    p = program(name)
    at = 0 if name.endswith("input_gate") else p.T - 1
    lines = [y for y in (line.get_ydata() for line in p.figures[0].axes[1].get_lines()) if len(y) == p.T]
    assert len(lines) == p.seeds
    for y in lines:
        assert np.argmax(y) == at and np.abs(np.delete(y, at)).max() < 0.02


def test_input_gate_loss_is_the_closed_form_of_its_weights(program):
    """With effective weights a at the marker and e elsewhere the expected loss is (a − 1)² + (T − 1)·e²."""
    p = program("cec/input_gate")
    for loss, a, e in zip(p.finals, p.at_marker, p.elsewhere, strict=True):
        assert loss == pytest.approx((a - 1) ** 2 + (p.T - 1) * e**2, rel=0.1)


def test_input_gate_gradients_against_pytorch(program, torch):
    """One update of the program's own kind, from its own start, by autograd."""
    p, rng = program("cec/input_gate"), np.random.default_rng(0)
    w, u, b = (torch.tensor(value, requires_grad=True) for value in rng.uniform(-0.5, 0.5, 3))
    m = torch.zeros(p.T, dtype=torch.float64)
    m[0] = 1
    for _ in range(p.updates):
        x = torch.tensor(rng.standard_normal((p.batch, p.T)))
        loss = 0.5 * ((w * (x @ torch.sigmoid(u * m + b)) - x[:, 0]) ** 2).mean()
        grads = torch.autograd.grad(loss, (w, u, b))
        with torch.no_grad():
            for parameter, grad in zip((w, u, b), grads, strict=True):
                parameter -= p.rate * grad
    assert p.at_marker[0] == pytest.approx((w * torch.sigmoid(u + b)).item(), abs=1e-6)
    assert p.elsewhere[0] == pytest.approx((w * torch.sigmoid(b)).item(), abs=1e-6)


def test_output_gate_gradients_against_pytorch(program, torch):
    p, rng = program("cec/output_gate"), np.random.default_rng(0)
    v, u, b = (torch.tensor(value, requires_grad=True) for value in rng.uniform(-0.5, 0.5, 3))
    m = torch.zeros(p.T, dtype=torch.float64)
    m[-1] = 1
    for _ in range(p.updates):
        c = torch.tensor(rng.standard_normal(p.batch))
        loss = 0.5 * (torch.outer(torch.sigmoid(u * m + b) * v - m, c) ** 2).mean(1).sum()
        grads = torch.autograd.grad(loss, (v, u, b))
        with torch.no_grad():
            for parameter, grad in zip((v, u, b), grads, strict=True):
                parameter -= p.rate * grad
    assert p.at_marker[0] == pytest.approx((v * torch.sigmoid(u + b)).item(), abs=1e-6)
    assert p.elsewhere[0] == pytest.approx((v * torch.sigmoid(b)).item(), abs=1e-6)


def test_the_forget_gate_keeps_an_endless_stream_bounded(program):
    p = program("cec/forget_gate")
    # without: a sum of `long` numbers of mean ½; with: the largest sum between two markers, plus what leaks
    assert p.grown == pytest.approx(p.long / 2, rel=0.05) and p.grown == p.without[-1]
    assert p.peak == max(p.peaks) < 0.1 * p.grown
    assert p.keep == min(p.keeps) > 0.99 and p.reset == max(p.resets) < 0.05


def test_the_streams_target_is_the_sum_since_the_marker(program):
    p = program("cec/forget_gate")
    x, m, y = p.stream(50, 3, np.random.default_rng(1))
    for column in range(3):
        for t in range(50):
            start = max([s for s in range(t + 1) if m[s, column]], default=0)
            assert y[t, column] == pytest.approx(x[start : t + 1, column].sum())
    f, c = p.run(x, m, -20.0, 10.0)
    np.testing.assert_allclose(f, sigmoid(-20 * m + 10))
    np.testing.assert_allclose(c[1:], y, atol=0.1)


def test_forget_gate_gradients_against_pytorch(program, torch):
    p, rng = program("cec/forget_gate"), np.random.default_rng(0)
    u, b = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (0.0, 1.0))
    for _ in range(p.updates):
        x, m, y = (torch.tensor(a) for a in p.stream(p.T, p.batch, rng))
        c, loss = torch.zeros(p.batch, dtype=torch.float64), 0.0
        for t in range(p.T):
            c = torch.sigmoid(u * m[t] + b) * c + x[t]
            loss = loss + 0.5 * ((c - y[t]) ** 2).mean()
        du, db = torch.autograd.grad(loss, (u, b))
        norm = max(1.0, torch.hypot(du, db).item())
        with torch.no_grad():
            u -= p.rate * du / norm
            b -= p.rate * db / norm
    assert p.keeps[0] == pytest.approx(torch.sigmoid(b).item(), abs=1e-6)
    assert p.resets[0] == pytest.approx(torch.sigmoid(u + b).item(), abs=1e-6)

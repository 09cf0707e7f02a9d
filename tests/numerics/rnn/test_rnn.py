"""Chapter rnn/: what must come out, against closed forms, central differences and PyTorch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numeric import central_difference, filled, lines_of, relative, rounding

sizes = st.integers(1, 5)


# -- chain-rule.md -----------------------------------------------------------------------------------------


def test_scalar_chain_is_the_power_of_the_weight(program):
    p = program("rnn/scalar_chain")
    for w, g in p.grads.items():
        np.testing.assert_allclose(g, w ** np.arange(101), rtol=1e-12)
    np.testing.assert_allclose(p.h, 1.1 ** np.arange(p.T + 1), rtol=1e-12)  # forward, as the last weight has it
    assert p.grads[0.9][-1] == pytest.approx(2.66e-5, rel=2e-3)
    assert p.grads[1.0][-1] == 1
    assert p.grads[1.1][-1] == pytest.approx(1.38e4, rel=2e-3)


@settings(deadline=None, max_examples=25)
@given(T=st.integers(1, 6), B=sizes, D=sizes, H=sizes, seed=st.integers(0, 99))
def test_bptt_equals_central_differences(program, T, B, D, H, seed):
    p, rng = program("rnn/bptt"), np.random.default_rng(seed)
    x, h0, readout = (rng.standard_normal(s) for s in ((T, B, D), (B, H), (T, B, H)))
    W, U, b = (0.5 * rng.standard_normal(s) for s in ((D, H), (H, H), (H,)))

    def terms():
        h, parts = h0, np.zeros_like(readout)
        for t in range(T):
            h = np.tanh(x[t] @ W + h @ U + b)
            parts[t] = readout[t] * h
        return parts

    grads = p.backward(x, p.forward(x, h0, W, U, b), U, readout)
    for array, gradient in zip((W, U, b, h0), grads, strict=True):
        numeric = central_difference(lambda: terms().sum(), array)
        # where saturated units leave a tiny gradient, the quotient's own rounding is larger than 1e-7 of it
        assert np.abs(gradient - numeric).max() <= 1e-7 * np.abs(numeric).max() + rounding(terms())


@settings(deadline=None, max_examples=25)
@given(T=st.integers(1, 9), B=sizes, D=sizes, H=sizes, seed=st.integers(0, 99))
def test_bptt_equals_pytorch(program, torch, T, B, D, H, seed):
    p, rng = program("rnn/bptt"), np.random.default_rng(seed)
    x, h0, readout = (rng.standard_normal(s) for s in ((T, B, D), (B, H), (T, B, H)))
    W, U, b = (rng.standard_normal(s) for s in ((D, H), (H, H), (H,)))
    net = filled(torch, torch.nn.RNN(D, H).double(), W.T, U.T, b, 0 * b)
    start = torch.tensor(h0[None], requires_grad=True)
    out, _ = net(torch.tensor(x), start)
    (out * torch.tensor(readout)).sum().backward()
    h = p.forward(x, h0, W, U, b)
    assert relative(np.array(h[1:]), out.detach().numpy()) < 1e-10
    dW, dU, db, dh0 = p.backward(x, h, U, readout)
    expected = [q.grad.numpy() for q in net.parameters()]
    for ours, theirs in ((dW, expected[0].T), (dU, expected[1].T), (db, expected[2]), (dh0, start.grad.numpy()[0])):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10 * max(1, np.abs(theirs).max()))


# -- recurrence.md -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("radius", [0.5, 0.9, 1.0, 1.1, 1.5])
def test_gradient_follows_the_spectral_radius_while_tanh_is_linear(program, radius):
    fit = program("rnn/spectral").fit
    assert fit[radius, 1e-12] == pytest.approx(radius, rel=0.03)
    assert fit[radius, 1.0] < 0.75 * fit[radius, 1e-12], "saturation makes it steeper"
    assert fit[radius, 1.0] < 1, "and in this regime every radius vanishes"


def test_gradient_norms_are_those_of_the_jacobian_product(program):
    """Once more by forward accumulation of the whole Jacobian, for the same random numbers."""
    p = program("rnn/spectral")
    for radius, scale in ((0.9, 1e-12), (1.5, 1.0)):
        rng = np.random.default_rng(3)
        ours = p.gradient_norms(radius, scale, np.random.default_rng(3))
        U = rng.standard_normal((p.H, p.H))
        U *= radius / max(abs(np.linalg.eigvals(U)))
        h, jacobians = np.zeros(p.H), []
        for _ in range(p.T):
            h = np.tanh(h @ U + scale * rng.standard_normal(p.H))
            jacobians.append(U @ np.diag(1 - h**2))  # ∂h_t/∂h_{t-1}, row vectors
        g = rng.standard_normal(p.H)
        expected = [np.linalg.norm(g)]
        product = np.eye(p.H)
        for jacobian in reversed(jacobians):
            product = jacobian @ product
            expected.append(np.linalg.norm(product @ g))
        np.testing.assert_allclose(ours, np.array(expected) / expected[0], rtol=1e-8)


def test_a_non_normal_matrix_grows_before_it_decays(program):
    p = program("rnn/singular")
    U = np.array([[0.9, 3.0], [0.0, 0.9]])
    assert p.radius == pytest.approx(0.9)
    assert p.sigma == pytest.approx(np.sqrt(np.linalg.eigvalsh(U @ U.T).max()))
    # U = 0.9 I + 3 N with N² = 0, so Uᵏ = 0.9ᵏ I + 3 k 0.9ᵏ⁻¹ N
    gains = [np.linalg.svd([[0.9**k, 3 * k * 0.9 ** (k - 1)], [0, 0.9**k]])[1][0] for k in range(61)]
    np.testing.assert_allclose(p.grown, gains, rtol=1e-10)
    assert p.peak == pytest.approx(max(gains)) and p.peak > 10 and p.peak_step == int(np.argmax(gains))
    assert p.last == pytest.approx(gains[-1]) and p.last < 1
    # Gelfand: the rate tends to the radius, from above
    assert 0.9 < p.grown[-1] / p.grown[-2] < 0.92


def test_sigma_below_one_never_grows(program):
    p = program("rnn/singular")
    assert max(p.shrunk) == 1 and np.all(np.diff(p.shrunk) < 0)
    assert np.all(np.array(p.shrunk) <= 0.9 ** np.arange(61) + 1e-12)
    assert np.linalg.norm(p.skewed * p.sure, 2) == pytest.approx(0.9)
    np.testing.assert_allclose(lines_of(p.figures[0])["σ_1 = ρ = 0.9"][1], 0.9 ** np.arange(61))


def test_depth_keeps_the_norm_and_time_does_not(program):
    p = program("rnn/depth_vs_time")
    # Independent layers: each adds log₁₀‖g‖ a term of mean −1/(2n ln 10)·… and variance ≈ 1/(2n)/ln²10
    spread = np.sqrt(p.T / (2 * p.H)) / np.log(10)
    assert p.depth_spread == pytest.approx(spread, rel=0.5)
    assert abs(p.depth_mean) < 4 * spread
    assert p.time_spread > 3 * p.depth_spread


def test_shared_weights_are_one_matrix_to_a_power(program):
    p, rng = program("rnn/depth_vs_time"), np.random.default_rng(5)
    U = rng.standard_normal((p.H, p.H)) / np.sqrt(p.H)
    g = rng.standard_normal(p.H)
    expected = np.log10(np.linalg.norm(g @ np.linalg.matrix_power(U.T, 20)) / np.linalg.norm(g))
    assert p.norms(True, p.H, 20, 5)[20] == pytest.approx(expected)
    fresh = np.random.default_rng(5)
    fresh.standard_normal((p.H, p.H))
    h = fresh.standard_normal(p.H)
    first = h
    for _ in range(3):
        h = h @ (fresh.standard_normal((p.H, p.H)) / np.sqrt(p.H)).T
    assert p.norms(False, p.H, 3, 5)[3] == pytest.approx(np.log10(np.linalg.norm(h) / np.linalg.norm(first)))


# -- detect.md ---------------------------------------------------------------------------------------------


def test_the_alarm_precedes_the_end_on_every_seed(program):
    p = program("rnn/detect")
    assert len(p.leads) == p.seeds == 7 and p.leads[0] >= 1 and p.leads[-1] <= 2
    assert p.best < 0.2 * p.losses[0], "training works before it explodes"
    assert p.losses[34] < 10 and p.at == 34, "the loss itself still looks unremarkable"
    # an equal share of ten steps of fifty would be 0.2
    assert p.early[0] < 0.05 and p.early[p.at] > 0.2


def test_detect_measures_the_true_gradient(program, torch):
    """The first update's loss and norm against autograd, with the program's own random numbers."""
    p, rng = program("rnn/detect"), np.random.default_rng(2)
    losses, norms, early = p.train(2, p.rate, 1)
    W, v = rng.standard_normal((1, p.H)) / 4, rng.standard_normal((p.H, 1)) / 4
    U = 0.9 * np.eye(p.H) + 0.05 * rng.standard_normal((p.H, p.H)) / np.sqrt(p.H)
    x = rng.standard_normal((p.T, p.B, 1))
    W, U, v, x = (torch.tensor(a, requires_grad=True) for a in (W, U, v, x))
    h, states = torch.zeros(p.B, p.H, dtype=torch.float64), []
    for t in range(p.T):
        h = x[t] @ W + h @ U
        h.retain_grad()
        states.append(h)
    loss = ((h @ v - x.detach().sum(0) / p.T**0.5) ** 2).mean()
    loss.backward()
    norm = np.sqrt(sum((q.grad**2).sum().item() for q in (W, U, v)))
    parts = [s.grad.norm().item() for s in states]
    assert losses[0] == pytest.approx(loss.item()) and norms[0] == pytest.approx(norm)
    assert early[0] == pytest.approx(sum(parts[:10]) / sum(parts))

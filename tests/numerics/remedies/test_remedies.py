"""The remedies chapter against closed forms, PyTorch, finite differences and plain readings of the theory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numeric import central_difference, lines_of, relative, tensors

sizes = st.integers(1, 6)


# -- clipping.md -------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 999), scale=st.floats(1e-3, 1e3), limit=st.floats(1e-2, 1e2))
def test_clipping_equals_pytorch(program, torch, seed, scale, limit):
    p, rng = program("remedies/clip_norm_value"), np.random.default_rng(seed)
    grads = [scale * rng.standard_normal(shape) for shape in ((3, 4), (4,), (2, 2, 2))]
    for ours, theirs in (
        (p.clip_by_norm, torch.nn.utils.clip_grad_norm_),
        (p.clip_by_value, torch.nn.utils.clip_grad_value_),
    ):
        parameters = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in grads]
        for parameter, g in zip(parameters, grads, strict=True):
            parameter.grad = torch.tensor(g)
        theirs(parameters, limit)
        for mine, parameter in zip(ours(grads, limit), parameters, strict=True):
            assert relative(mine, parameter.grad.numpy()) < 1e-10


def test_norm_keeps_the_direction_and_value_turns_it(program):
    p = program("remedies/clip_norm_value")
    assert p.cosine_norm == pytest.approx(1, abs=1e-12)
    assert p.cosine_value == pytest.approx(11 / np.sqrt(101) / np.sqrt(2)) and round(p.cosine_value, 2) == 0.77
    assert np.linalg.norm(p.by_norm) == pytest.approx(1, rel=1e-6)
    # a tiny threshold leaves the signs: cos(sign g, g) = E|g| / √E g² = √(2/π)
    assert p.lowest == pytest.approx(np.sqrt(2 / np.pi), rel=0.01)


def test_scaling_leaves_the_shares_and_a_floor_never_rests(program):
    p = program("remedies/clip_floor")
    assert p.share_after == pytest.approx(p.share_before, rel=1e-12) and p.share_before < 1e-3
    assert np.linalg.norm(p.factor * p.parts.sum(axis=0)) == pytest.approx(p.delta)
    # two points ηδ apart on a line through the optimum: the farther is at least ηδ/2 away, at most ηδ
    assert p.half == pytest.approx(0.05)
    assert p.half * (1 - 1e-9) <= p.nearest < 1.1 * p.half and p.farthest <= 2 * p.half * (1 + 1e-9)
    steps = np.array(p.lifted[-6:])
    np.testing.assert_allclose(steps[2:], steps[:-2], rtol=1e-6)  # an orbit of two points
    assert steps[0] + steps[1] == pytest.approx(2 * p.half)
    assert p.plain[-1] == pytest.approx(p.plain[0] * (1 - p.rate) ** p.updates)


def test_truncation_loses_what_survives(program):
    p = program("remedies/truncated_bptt")
    for curve in p.kept.values():
        assert curve[-1] == pytest.approx(1, abs=1e-14)
    assert p.short_10 > 0.95 > p.long_10 and p.need > 3 * p.need_short
    assert np.all(p.kept[0.8] >= p.kept[0.95] - 1e-9) and np.all(p.kept[0.95] >= p.kept[1.0] - 1e-9)


def test_truncated_gradients_against_pytorch(program, torch):
    """Detach the state k steps before the end: that is truncation."""
    p, seed, radius = program("remedies/truncated_bptt"), 4, 0.95
    ours = p.gradients(radius, seed)
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.standard_normal((p.H, p.H)))
    inputs = [0.05 * rng.standard_normal(p.H) for _ in range(p.T)]
    readout = torch.tensor(rng.standard_normal(p.H))
    for k in (1, 7, p.T):
        (U,) = tensors(torch, radius * q)
        h = torch.zeros(p.H, dtype=torch.float64)
        for t, x in enumerate(inputs):
            if t == p.T - k:
                h = h.detach()
            h = torch.tanh(torch.tensor(x) + h @ U)
        (h @ readout).backward()
        assert relative(ours[k - 1], U.grad.numpy()) < 1e-10


# -- activations.md ----------------------------------------------------------------------------------------


def test_each_activation_follows_the_factor_of_its_initialization(program):
    p = program("remedies/activation_depth")
    # ReLU: each layer multiplies the squared norm by n v / 2
    assert p.left["ReLU", "He"] == pytest.approx(0, abs=1)
    assert p.left["ReLU", "Xavier"] == pytest.approx(p.L * np.log10(np.sqrt(1 / 2)), abs=1)
    assert p.left["ReLU", "N(0, 1)"] == pytest.approx(p.L * np.log10(np.sqrt(p.n / 2)), abs=1)
    # LeakyReLU: (1 + 0.01²) / 2 instead of 1/2
    assert p.left["LeakyReLU", "He"] == pytest.approx(p.left["ReLU", "He"], abs=0.3)
    assert p.left["sigmoid", "Xavier"] < -29 and p.left["sigmoid", "He"] < -20
    assert p.left["tanh", "N(0, 1)"] > 10 and abs(p.left["tanh", "Xavier"]) < 2
    # slope at most 1/4: an upper bound for the sigmoid, with a margin for the random matrices' own gain
    assert p.left["sigmoid", "Xavier"] < p.L * np.log10(1 / 4) + 2


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "ReLU", "LeakyReLU"])
def test_slopes_are_derivatives(program, name):
    function, slope = program("remedies/activation_depth").functions[name]
    z = np.linspace(-3, 3, 41) + 0.01
    np.testing.assert_allclose(slope(z), (function(z + 1e-6) - function(z - 1e-6)) / 2e-6, atol=1e-8)


def norms_by_autograd(torch, p, seed, L, layer):
    """The norm of the gradient at each layer over that at the last; `layer(h, rng)` draws its weights."""
    rng = np.random.default_rng(seed)
    states = [torch.tensor(rng.standard_normal((p.batch, p.n)), requires_grad=True)]
    for _ in range(L):
        states.append(layer(states[-1], rng))
        states[-1].retain_grad()
    (states[-1] * torch.tensor(rng.standard_normal((p.batch, p.n)))).sum().backward()
    norms = np.array([state.grad.norm().item() for state in states])
    return norms / norms[-1]


def test_gradient_by_layer_is_that_of_autograd(program, torch):
    p, seed = program("remedies/activation_depth"), 2
    deviation = p.deviations["He"]

    def layer(h, rng):
        return torch.tanh(h @ torch.tensor(deviation * rng.standard_normal((p.n, p.n))))

    expected = np.log10(norms_by_autograd(torch, p, seed, p.L, layer))
    np.testing.assert_allclose(p.gradient_by_layer(*p.functions["tanh"], deviation, seed), expected, atol=1e-9)


def test_dead_units_stay_dead_and_leaky_ones_hear_little(program):
    p = program("remedies/dying_relu")
    assert p.relu_signal == 0 and 0 < p.leaky_signal < 0.5
    # not one ReLU unit that was dead at the start lives at the end
    for seed in range(p.seeds):
        dead, _ = p.train(-3.0, 1.0, 0.0, seed)
        assert np.all(dead[-1][dead[0]])
    assert p.dead_end >= p.dead_start > 0.3
    assert p.dead_by_rate > 0.5 and p.by_rate[1.0, 0.0] < 0.05
    assert p.leaky_by_rate > 0.5, "LeakyReLU does not keep units switched on"


def test_dead_units_come_back_only_when_the_layer_below_moves(program, torch):
    p = program("remedies/revived_units")
    assert p.revived["frozen"] == p.at_end["frozen"] == 0 < p.at_end["trained"] <= p.revived["trained"] < 30
    frozen = p.train(False, 1)
    dead = frozen[0] <= 0
    assert np.all(frozen[:, dead] == frozen[0, dead]) and not np.all(frozen == frozen[0])
    # both layers by autograd, for three updates
    rng = np.random.default_rng(1)
    x = torch.tensor(rng.standard_normal((p.n, 2)))
    y = ((x**2).sum(dim=1, keepdim=True) < 1).double()
    A, a = torch.tensor(rng.standard_normal((2, p.hidden))), torch.zeros(p.hidden, dtype=torch.float64)
    W, b = torch.tensor(rng.standard_normal((p.hidden, p.hidden)) / 5), torch.full_like(a, -3.0)
    v = torch.tensor(rng.standard_normal((p.hidden, 1)) / np.sqrt(p.hidden))
    weights = [A, a, W, b, v]
    for highest in p.train(True, 1)[:3]:
        A, a, W, b, v = weights = [weight.requires_grad_(True) for weight in weights]
        z = torch.relu(x @ A + a) @ W + b
        np.testing.assert_allclose(z.max(dim=0).values.detach().numpy(), highest, rtol=1e-9, atol=1e-12)
        torch.nn.functional.binary_cross_entropy_with_logits(torch.relu(z) @ v, y).backward()
        weights = [(weight - p.rate * weight.grad).detach() for weight in weights]


def test_identity_learns_what_the_random_start_does_not(program):
    p = program("remedies/irnn")
    assert p.baseline == pytest.approx(2 / 12, rel=0.02)  # variance of the sum of two uniform numbers
    assert max(p.share["identity"]) < 2 / 3 and p.stuck == sum(p.share["random"] > 0.9) >= 2


def test_irnn_task_is_the_adding_problem(program):
    p = program("remedies/irnn")
    x, y = p.task(np.random.default_rng(1))
    assert x.shape == (p.T, p.B, 2) and y.shape == (p.B, 1)
    assert set(np.unique(x[:, :, 1])) == {0.0, 1.0} and np.all(x[:, :, 1].sum(axis=0) == 2)
    for b in range(p.B):
        first, second = np.flatnonzero(x[:, b, 1])
        assert first < p.T // 2 <= second and y[b, 0] == pytest.approx(x[first, b, 0] + x[second, b, 0])


# -- residual.md -------------------------------------------------------------------------------------------


def test_residual_depth_follows_theory(program):
    p = program("remedies/residual_depth")
    # variance 1/(3n), half the units on: 1/√6 a layer
    assert np.log10(p.default) == pytest.approx(-p.L / 2 * np.log10(6), abs=1)
    assert 0.05 < p.he < 20 and p.lowest < p.he < p.highest
    assert np.log10(p.residual) == pytest.approx(p.L / 2 * np.log10(2), abs=1)  # (1 + 1)^L
    assert p.scaled == pytest.approx(np.sqrt((1 + 1 / p.L) ** p.L), rel=0.2)  # (1 + 1/L)^L
    # highway with gate t: (1 − t)² + t² a layer, the cross term averages out
    assert p.highway == pytest.approx(np.sqrt(0.95**2 + 0.05**2) ** p.L, rel=0.25)
    for curve in lines_of(p.figures[0]).values():
        assert curve[1][-1] == pytest.approx(1)


@pytest.mark.parametrize("keep, scale, gain", [(1, None, 2), (0, 1, 2), (0.95, 0.05, 2)])
def test_residual_gradient_is_that_of_autograd(program, torch, keep, scale, gain):
    p, seed = program("remedies/residual_depth"), 1
    scale = scale or 1 / np.sqrt(p.L)

    def layer(h, rng):
        W = torch.tensor(np.sqrt(gain / p.n) * rng.standard_normal((p.n, p.n)))
        return keep * h + scale * torch.relu(h) @ W

    expected = norms_by_autograd(torch, p, seed, p.L, layer)
    np.testing.assert_allclose(p.gradient_by_layer(keep, scale, gain, seed), expected, rtol=1e-9)


def test_the_identity_is_a_term_of_the_jacobian(program):
    p = program("remedies/residual_jacobian")
    assert p.zeros > p.n // 3 and p.branch.min() < 1e-12
    assert 0.05 < p.lowest < 0.9 and 1.5 < p.highest < 3
    assert np.all(p.carousel == 1)
    # Weyl: no singular value of I + J is farther from 1 than σ₁(J)
    assert np.all(np.abs(p.shortcut - 1) <= p.branch.max() + 1e-12)
    assert p.deep_highest > 50 and p.deep_lowest < 0.01
    assert 0.1 < p.scaled_lowest < 1 < p.scaled_highest < 10


def test_scaled_shortcuts_train_under_every_variance(program):
    p = program("remedies/residual_training")
    right = {key: shares for key, (_, shares) in p.runs.items()}
    stalled = p.runs["1/(3n)", "plain"][0][-1]
    assert stalled == pytest.approx(np.full(p.seeds, np.log(2)), abs=0.01) and max(right["1/(3n)", "plain"]) < 0.6
    assert all(min(right[name, "scaled"]) > 0.9 for name in p.gains)
    assert np.median(right["2/n (He)", "plain"]) > 0.9, "with the fitting variance the plain network learns, too"
    assert min(right["2/n (He)", "shortcuts"]) < 0.9, "and shortcuts without a scale do not always"
    shown = [line.split()[-3:] for line in p.stdout.splitlines()[1:]]
    assert shown == [[str(min(right[name, kind]) > 0.9) for kind in p.kinds] for name in p.gains]


# -- batch-norm.md -----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(B=st.integers(2, 9), D=sizes, seed=st.integers(0, 99))
def test_batch_norm_equals_pytorch(program, torch, B, D, seed):
    p, rng = program("remedies/batch_norm"), np.random.default_rng(seed)
    x, weight = 3 + 5 * rng.standard_normal((B, D)), rng.standard_normal((B, D))
    gamma, beta = rng.standard_normal(D), rng.standard_normal(D)
    net = torch.nn.BatchNorm1d(D).double()
    with torch.no_grad():
        net.weight.copy_(torch.tensor(gamma))
        net.bias.copy_(torch.tensor(beta))
    (tx,) = tensors(torch, x)
    out = net(tx)
    (out * torch.tensor(weight)).sum().backward()
    y, saved = p.batch_norm(x, gamma, beta)
    np.testing.assert_allclose(y, out.detach().numpy(), atol=1e-10)
    dx, dgamma, dbeta = p.backward(weight, gamma, *saved)
    for ours, theirs in ((dx, tx.grad), (dgamma, net.weight.grad), (dbeta, net.bias.grad)):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=0, atol=1e-10 * max(1, np.abs(theirs.numpy()).max()))
    running = p.Running(D)
    running.update(x)
    np.testing.assert_allclose(running.mean, net.running_mean.numpy(), atol=1e-10)
    np.testing.assert_allclose(running.variance, net.running_var.numpy(), atol=1e-10)
    net(torch.tensor(weight))
    running.update(weight)
    np.testing.assert_allclose(running.mean, net.running_mean.numpy(), atol=1e-10)
    np.testing.assert_allclose(running.variance, net.running_var.numpy(), atol=1e-10)
    net.eval()
    np.testing.assert_allclose(running.normalize(x, gamma, beta), net(tx).detach().numpy(), atol=1e-10)


@settings(deadline=None, max_examples=20)
@given(B=st.integers(3, 8), D=sizes, seed=st.integers(0, 99))
def test_batch_norm_equals_central_differences(program, B, D, seed):
    p, rng = program("remedies/batch_norm"), np.random.default_rng(seed)
    x, weight = rng.standard_normal((B, D)), rng.standard_normal((B, D))
    gamma, beta = rng.standard_normal(D), rng.standard_normal(D)
    grads = p.backward(weight, gamma, *p.batch_norm(x, gamma, beta)[1])

    def loss():
        return (weight * (gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5) + beta)).sum()

    for array, gradient in zip((x, gamma, beta), grads, strict=True):
        numeric = central_difference(loss, array)
        assert np.abs(gradient - numeric).max() < 1e-7 * max(1, np.abs(numeric).max())


def test_standardized_is_not_gaussian(program):
    p = program("remedies/batch_norm_shape")
    assert p.mean < 1e-10 and p.variance == pytest.approx(1, abs=1e-4)
    assert p.skewness == pytest.approx(2, abs=0.05)  # of any exponential distribution
    z = np.linspace(-12, 12, 200_001)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    for scale, measured in ((10, p.slope_10), (1, p.slope_1)):
        s = 1 / (1 + np.exp(-scale * z))
        assert measured == pytest.approx((density * s * (1 - s)).sum() * (z[1] - z[0]), rel=0.01)


def test_batch_norm_rescues_sigmoid_and_explodes_relu(program):
    p = program("remedies/batch_norm_depth")
    assert p.rate[50, "sigmoid", False] < 0.26
    assert p.rate[50, "sigmoid", True] == pytest.approx(p.limit_sigmoid, abs=0.03)
    assert p.rate[50, "ReLU", False] == pytest.approx(1, abs=0.05)
    assert p.rate[50, "ReLU", True] == pytest.approx(p.limit_relu, abs=0.02)
    assert p.middle[50, "ReLU", True][0] > 1000
    # the first layer's inputs have variance 1, so its factor is the sigmoid's slope alone, not divided by a deviation
    whole, inner = np.array([p.gradient_by_layer("sigmoid", True, 50, seed) for seed in range(p.seeds)]).T[:2]
    assert np.exp(np.log(whole).mean()) == pytest.approx(p.middle[50, "sigmoid", True][0])
    assert (whole / inner).mean() == pytest.approx(p.limit_sigmoid * np.sqrt(p.variance), rel=0.05)
    # Gauss–Hermite quadrature instead of the program's sum; and Poincaré: never below 1
    z, w = np.polynomial.hermite_e.hermegauss(80)
    w = w / w.sum()
    for f, d, limit in (
        (1 / (1 + np.exp(-z)), np.exp(-z) / (1 + np.exp(-z)) ** 2, p.limit_sigmoid),
        (np.tanh(z), 1 - np.tanh(z) ** 2, None),
        (np.sin(3 * z), 3 * np.cos(3 * z), None),
    ):
        factor = np.sqrt(w @ d**2 / (w @ f**2 - (w @ f) ** 2))
        assert factor > 1
        if limit:
            assert limit == pytest.approx(factor, rel=1e-6)


@pytest.mark.parametrize("name", ["sigmoid", "ReLU"])
def test_gradient_through_batch_norm_is_that_of_autograd(program, torch, name):
    p, seed, L = program("remedies/batch_norm_depth"), 1, 10
    function = {"sigmoid": torch.sigmoid, "ReLU": torch.relu}[name]

    def layer(h, rng):
        W = torch.tensor(p.functions[name][2] * rng.standard_normal((p.n, p.n)))
        return function(torch.nn.functional.batch_norm(h @ W, None, None, training=True))

    expected = norms_by_autograd(torch, p, seed, L, layer)
    np.testing.assert_allclose(p.gradient_by_layer(name, True, L, seed), expected, rtol=1e-8)


def test_batch_norm_makes_larger_rates_usable(program):
    p = program("remedies/batch_norm_training")
    plain, normalized = p.right[False][:, 0], p.right[True][:, 0]
    assert max(plain) == plain[3] < 0.95 < normalized[1] == min(normalized[1:]) and plain[4] < 0.6
    assert p.right[True][1, 1] == pytest.approx(0.5, abs=0.02), "a batch of one, minus its mean, is zero"


# -- initialization.md -------------------------------------------------------------------------------------


def test_variance_factors_are_those_of_theory(program):
    p = program("remedies/initialization")
    expected = {"Xavier": (1, 0.5), "He": (2, 1), "orthogonal": (1, 0.5)}
    for scheme, (tanh, relu) in expected.items():
        for direction in (0, 1):
            assert p.factor["tanh", scheme][direction] == pytest.approx(tanh, rel=0.03)
            assert p.factor["ReLU", scheme][direction] == pytest.approx(relu, rel=0.05)


def test_orthogonal_matrices_are_orthogonal_and_fair(program):
    p, rng = program("remedies/initialization"), np.random.default_rng(3)
    q = p.draw("orthogonal", rng)
    np.testing.assert_allclose(q @ q.T, np.eye(p.n), atol=1e-12)
    assert (
        p.products["orthogonal"][-1] == pytest.approx(1, abs=1e-10)
        and p.products["Xavier"][0] > 3
        and p.products["Xavier"][64] < 1e-3
    )
    # uniform over the group: the trace has mean 0 and variance 1 (without the signs its mean is far from 0)
    traces = [np.trace(p.draw("orthogonal", rng)) for _ in range(200)]
    assert abs(np.mean(traces)) < 0.3 and np.var(traces) == pytest.approx(1, rel=0.4)


# -- layer-norm.md -----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(B=sizes, D=st.integers(2, 8), seed=st.integers(0, 99))
def test_layer_norm_equals_pytorch(program, torch, B, D, seed):
    p, rng = program("remedies/layer_norm"), np.random.default_rng(seed)
    x, weight = 3 + 5 * rng.standard_normal((B, D)), rng.standard_normal((B, D))
    gamma, beta = rng.standard_normal(D), rng.standard_normal(D)
    tx, tg, tb = tensors(torch, x, gamma, beta)
    out = torch.nn.functional.layer_norm(tx, (D,), tg, tb)
    (out * torch.tensor(weight)).sum().backward()
    y, saved = p.layer_norm(x, gamma, beta)
    np.testing.assert_allclose(y, out.detach().numpy(), atol=1e-10)
    for ours, theirs in zip(p.backward(weight, gamma, *saved), (tx, tg, tb), strict=True):
        expected = theirs.grad.numpy()
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-10 * max(1, np.abs(expected).max()))


def test_layer_norm_fits_every_step_and_needs_no_batch(program):
    p = program("remedies/layer_norm")
    assert p.worst < 1e-7 and p.difference == 0
    assert p.layer[-1] == pytest.approx(1, abs=1e-3) and p.none[-1] > 3 and p.batch[-1] > 3
    assert p.sizes["batch"][0] == pytest.approx(1)


def test_pre_norm_gradients_shrink_with_depth(program):
    p = program("remedies/pre_norm")
    assert 0.8 < p.post_change < 1.25
    np.testing.assert_allclose(p.last[True], p.theory, rtol=0.15)
    assert p.expected == pytest.approx(np.sqrt(33 / 1.5)) and p.ratio == pytest.approx(p.expected, rel=0.15)
    assert 0.5 < p.post_even < 2, "no vanishing on the way down: the page says so"


def test_pre_and_post_norm_gradients_are_those_of_autograd(program, torch):
    p, seed, L = program("remedies/pre_norm"), 2, 5
    norm = torch.nn.functional.layer_norm
    for pre in (True, False):
        rng = np.random.default_rng(seed)
        x, Vs = torch.tensor(rng.standard_normal((p.batch, p.n))), []
        for _ in range(L):
            W = torch.tensor(rng.standard_normal((p.n, 4 * p.n)) / np.sqrt(p.n))
            (V,) = tensors(torch, rng.standard_normal((4 * p.n, p.n)) / np.sqrt(4 * p.n))
            Vs.append(V)
            inside = norm(x, (p.n,)) if pre else x
            x = x + torch.relu(inside @ W) @ V
            x = x if pre else norm(x, (p.n,))
        x = norm(x, (p.n,)) if pre else x
        (x * torch.tensor(rng.standard_normal((p.batch, p.n)))).sum().backward()
        np.testing.assert_allclose(p.weight_gradients(pre, L, seed), [V.grad.norm().item() for V in Vs], rtol=1e-9)


# -- gru.md ------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(T=st.integers(1, 8), B=sizes, D=sizes, H=sizes, seed=st.integers(0, 99))
def test_gru_equals_pytorch(program, torch, T, B, D, H, seed):
    p, rng = program("remedies/gru"), np.random.default_rng(seed)
    x, h0, readout = (rng.standard_normal(s) for s in ((T, B, D), (B, H), (T, B, H)))
    W, U, b = (rng.standard_normal(s) for s in ((D, 3 * H), (H, 3 * H), (3 * H,)))
    net = torch.nn.GRU(D, H).double()
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), (W.T, U.T, b, 0 * b), strict=True):
            parameter.copy_(torch.tensor(value))
    tx, start = tensors(torch, x, h0[None])
    out, _ = net(tx, start)
    (out * torch.tensor(readout)).sum().backward()
    hs, saved = p.forward(x, h0, W, U, b)
    np.testing.assert_allclose(hs[1:], out.detach().numpy(), atol=1e-10)
    dx, dh0, dW, dU, db = p.backward(readout, x, hs, saved, W, U)
    gW, gU, gb, _ = (q.grad.numpy() for q in net.parameters())
    pairs = ((dx, tx.grad.numpy()), (dh0, start.grad.numpy()[0]), (dW, gW.T), (dU, gU.T), (db, gb))
    for ours, theirs in pairs:
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10 * max(1, np.abs(theirs).max()))


def test_gru_counts_its_parameters(program, torch):
    p = program("remedies/gru")
    n, m = p.H, p.D
    assert p.count == 3 * (n * m + n * n + n) and p.lstm_count == 4 * (n * m + n * n + n)
    assert sum(q.numel() for q in torch.nn.GRU(m, n).parameters()) == 3 * (n * m + n * n + 2 * n)
    assert p.worst < 1e-7


def test_exponential_gates_are_stable_and_revise(program):
    p = program("remedies/exponential_gate")
    assert p.worst < 1e-12 and 100 < p.agree < p.T
    rng = np.random.default_rng(0)
    z, i, f = rng.standard_normal(30), rng.standard_normal(30), np.log(rng.random(30))
    # the cell is a weighted mean: weight of step s is exp(i_s + f_{s+1} + … + f_t)
    weights = [np.exp(i[: t + 1] + np.array([f[s + 1 : t + 1].sum() for s in range(t + 1)])) for t in range(30)]
    expected = [w @ z[: t + 1] / w.sum() for t, w in enumerate(weights)]
    np.testing.assert_allclose(p.stable(i, f, z), expected, rtol=1e-12)
    np.testing.assert_allclose(p.naive(i, f, z), expected, rtol=1e-12)
    # a logit 5 higher: at most a share of 1/(1 + e⁵) is not the newest, of a difference of at most 2
    assert p.miss_exp < 2 / (np.exp(5) - 1) < p.miss_sigmoid


# -- compare.md --------------------------------------------------------------------------------------------


def test_the_boards_agree_with_theory(program):
    depth, time, gates = (program(f"remedies/scoreboard_{name}") for name in ("depth", "time", "gates"))
    for p, runs in ((depth, 2), (time, 6), (gates, 6)):
        for found in p.cell.values():
            assert len(found) == runs * p.seeds and list(found) == sorted(found)
    for p in (depth, time):
        for found in p.cell.values():
            inside = [1e-3 < value < 1e3 for value in found]
            assert p.mark(found) == ("+" if all(inside) else "~" if any(inside) else "-")
        assert p.mark(p.cell["none", 0.5]) == "-"
    for gain in depth.gains:  # a residual branch of slope at most `gain`: √(1 + gain²/L) a block
        found = depth.cell["residual", gain]
        assert min(found) >= 1 and max(found) < 2 * np.exp(gain**2 / 2)
    # the highway's keep gates are at σ(3) where nothing pushes them
    kept = (1 / (1 + np.exp(-3))) ** depth.steps
    assert depth.cell["highway", 0.5] == pytest.approx([kept] * 2 * depth.seeds, rel=0.7)
    for kind in ("tanh", "ReLU", "orthogonal", "LN", "highway"):
        assert depth.mark(depth.cell[kind, 0.5]) == "+"
    for kind in ("tanh", "ReLU", "orthogonal", "LN", "BN"):
        assert time.mark(time.cell[kind, 0.5]) == "~"
    open_gates = [gates.cell[kind, gain] for kind in ("LSTM", "GRU") for gain in gates.gains]
    for found in [*open_gates, *(time.cell["residual", gain] for gain in time.gains)]:
        assert time.mark(found) == "+"
    assert max(gates.cell["RNN", 0.5]) < 1e-10


def test_isometry_is_that_of_autograd_and_of_theory(program, torch):
    p, seed = program("remedies/isometry"), 4
    for draw, gain, relu in ((p.orthogonal, 1.0, False), (p.gaussian, np.sqrt(2), True)):
        rng = np.random.default_rng(seed)
        h0 = torch.tensor(0.1 * rng.standard_normal(p.n))
        matrices = [torch.tensor(gain * draw(rng)) for _ in range(p.L)]

        def last(h, matrices=matrices, relu=relu):
            for W in matrices:
                h = torch.relu(h @ W) if relu else torch.tanh(h @ W)
            return h

        expected = torch.linalg.svdvals(torch.autograd.functional.jacobian(last, h0)).numpy()
        np.testing.assert_allclose(p.singular_values(draw, gain, relu, seed), expected, rtol=1e-6, atol=1e-12)
    # tanh is nearly linear at this size: the product of orthogonal matrices is one
    assert p.shares[0] == 1 and p.singular_values(p.orthogonal, 1.0, False, 0, size=1e-6) == pytest.approx(1)
    assert max(p.shares[1], p.shares[2], p.shares[3]) < 0.3
    assert p.stdout.splitlines()[1].split() == [f"{share:.2f}" for share in p.shares]

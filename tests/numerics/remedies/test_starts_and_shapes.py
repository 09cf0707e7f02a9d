"""Starts that break no symmetry, inputs with a mean, smooth activations: against PyTorch, closed forms, theory."""

import numpy as np
import pytest
from numeric import relative, tensors, with_setting


@pytest.mark.parametrize("start", ["zeros", "equal", "nearly", "random"])
def test_descent_from_each_start_is_pytorchs(program, torch, start):
    p, rate, updates = program("remedies/symmetry"), 0.1, 5
    W, v = weights = tensors(torch, *p.starts[start])
    b = torch.zeros(p.H, dtype=torch.float64, requires_grad=True)
    sgd, losses = torch.optim.SGD([*weights, b], lr=rate), []
    for _ in range(updates):
        loss = ((torch.tanh(torch.tensor(p.x) @ W + b) @ v - torch.tensor(p.y)) ** 2).mean()
        losses.append(loss.item())
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    ours, left = with_setting(p.train, updates=updates)(*p.starts[start], rate)
    np.testing.assert_allclose(ours, losses, rtol=1e-10)
    np.testing.assert_allclose(left, W.detach().numpy(), rtol=0, atol=1e-12)


def test_equal_units_stay_one_unit_and_a_small_difference_frees_them(program):
    p = program("remedies/symmetry")
    assert p.units == {"zeros": 1, "equal": 1, "nearly": p.H, "random": p.H}
    assert p.best["zeros"] == pytest.approx((p.y**2).mean(), rel=1e-9), "no better than 0, as the sine has no mean"
    assert p.best["zeros"] > p.best["equal"] > 10 * max(p.best["nearly"], p.best["random"])


def test_positive_inputs_pull_all_weights_one_way_and_need_more_updates(program):
    p = program("remedies/zero_centred")
    assert p.same["positive"] == 1 and p.same["centred"] < 0.05
    assert p.needed["positive"] > 10 * p.needed["centred"] and max(p.needed.values()) < p.most


def test_the_ratio_of_curvatures_is_one_and_three_n(program):
    """Of many uniform inputs."""
    n = program("remedies/zero_centred").n
    x = np.random.default_rng(1).random((100_000, n))
    curvatures = np.linalg.eigvalsh(x.T @ x / len(x))
    assert curvatures[-1] / curvatures[0] == pytest.approx(1 + 3 * n, rel=0.05)


@pytest.mark.parametrize("name", ["ReLU", "PReLU", "ELU", "SiLU", "GELU"])
def test_the_smooth_functions_and_their_slopes_are_pytorchs(program, torch, name):
    f, F = program("remedies/smooth_relus").functions[name], torch.nn.functional
    z = torch.linspace(-4, 4, 34, dtype=torch.float64, requires_grad=True)
    theirs = {
        "ReLU": F.relu, "ELU": F.elu, "SiLU": F.silu, "GELU": lambda z: F.gelu(z, approximate="tanh"),
        "PReLU": lambda z: F.prelu(z, torch.tensor(0.25, dtype=torch.float64)),
    }[name](z)  # fmt: skip
    theirs.sum().backward()
    ours = f(z.detach().numpy() + 1e-100j)
    assert relative(ours.real, theirs.detach()) < 1e-12
    assert relative(ours.imag / 1e-100, z.grad) < 1e-12


@pytest.mark.parametrize("n, L", [(64, 20), (128, 50), (256, 20)])
@pytest.mark.parametrize("name", ["ReLU", "PReLU", "ELU", "SiLU", "GELU"])
def test_normalized_the_gradient_follows_its_factor_and_plain_the_smooth_ones_lose_it(program, name, n, L):
    """The factor of a layer: E φ'² / E φ², for normal net inputs."""
    p = program("remedies/smooth_relus")
    runs = {
        normalize: [
            np.log10(with_setting(p.measure, n=n, L=L)(p.functions[name], normalize, seed)[1]) for seed in (0, 1, 2)
        ]
        for normalize in (False, True)
    }
    z = p.functions[name](np.random.default_rng(0).standard_normal(1_000_000) + 1e-100j)
    factor = ((z.imag / 1e-100) ** 2).mean() / (z.real**2).mean()
    assert np.median(runs[True]) == pytest.approx(L / 2 * np.log10(factor), abs=0.4)
    lost = np.median(runs[False])
    assert lost < -L / 50 if name in ("SiLU",) or (name == "GELU" and L == 50) else lost > -1


def test_the_whole_gradient_of_the_normalized_network_is_autograds(program, torch):
    p, n, L, batch = program("remedies/smooth_relus"), 8, 4, 3
    _, left = with_setting(p.measure, n=n, L=L, batch=batch)(p.functions["SiLU"], True, 5)
    rng = np.random.default_rng(5)
    start = torch.tensor(rng.standard_normal((batch, n)), requires_grad=True)
    h = start
    for _ in range(L):
        z = h @ torch.tensor(rng.standard_normal((n, n)) * np.sqrt(2 / n))
        h = torch.nn.functional.silu(torch.nn.functional.rms_norm(z, (n,), eps=0.0))
    g = torch.tensor(rng.standard_normal((batch, n)))
    (dh,) = torch.autograd.grad(h, start, g)
    assert left == pytest.approx((dh.norm() / g.norm()).item(), rel=1e-10)


@pytest.mark.parametrize("name", ["layer_norm", "rms_norm"])
def test_the_norms_and_their_jacobians_are_pytorchs(program, torch, name):
    p, x = program("remedies/rms_norm"), np.random.default_rng(1).standard_normal(12) + 1
    their = {"layer_norm": torch.nn.functional.layer_norm, "rms_norm": torch.nn.functional.rms_norm}[name]
    function = lambda z: their(z, (12,), eps=0.0)  # noqa: E731
    np.testing.assert_allclose(getattr(p, name)(x), function(torch.tensor(x)).numpy(), rtol=1e-12)
    jacobian = torch.autograd.functional.jacobian(function, torch.tensor(x)).numpy()
    ours = with_setting(p.jacobian, n=12)(getattr(p, name), x)
    np.testing.assert_allclose(ours, jacobian.T, rtol=0, atol=1e-12)
    assert p.blocked == {"layer_norm": 2, "rms_norm": 1}


def test_the_mean_of_the_stream_is_that_of_chance(program):
    p = program("remedies/rms_norm")
    assert p.largest < 2 / np.sqrt(p.n)


@pytest.mark.parametrize("update, reset", [(True, True), (True, False), (False, True), (False, False)])
def test_what_a_gru_without_a_gate_keeps_is_what_autograd_says(program, torch, update, reset):
    p, T, H, seed = program("remedies/gru_gates"), 6, 5, 3
    ours = with_setting(p.signal, T=T, H=H)(update, reset, 3, seed)
    rng = np.random.default_rng(seed)
    U_z, U_r, U_n = (torch.tensor(U) for U in rng.standard_normal((3, H, H)) / np.sqrt(H))
    h, d = (torch.tensor(a) for a in rng.standard_normal((2, H)))
    x = torch.tensor(np.array([p.inputs * rng.standard_normal((3, H)) for _ in range(T)]))

    def run(h):
        for x_z, x_r, x_n in x:
            z = torch.sigmoid(x_z + h @ U_z + 3) if update else 0
            r = torch.sigmoid(x_r + h @ U_r) if reset else 1
            h = z * h + (1 - z) * torch.tanh(x_n + r * (h @ U_n))
        return h

    moved = torch.autograd.functional.jvp(run, h, d / d.norm())[1]
    assert ours[-1] == pytest.approx(moved.norm().item(), rel=1e-10)


@pytest.mark.parametrize("H, inputs, T", [(16, 0.1, 50), (64, 0.1, 50), (32, 1.0, 50), (32, 0.3, 25), (16, 1.0, 100)])
def test_the_update_gate_carries_the_signal_and_the_reset_gate_only_costs(program, H, inputs, T):
    p = program("remedies/gru_gates")
    signal = with_setting(p.signal, H=H, inputs=inputs, T=T)
    left = {name: np.median([signal(*case, seed)[-1] for seed in range(5)]) for name, case in p.cases.items()}
    without, rnn = left["no update gate"], left["neither: an RNN"]
    assert left["no reset gate, bias 3"] > 0.9 * left["both gates, bias 3"] > rnn > without


@pytest.mark.parametrize("keep", [0, 1])
def test_a_deep_network_with_batch_norm_trains_as_pytorchs(program, torch, keep):
    p, L, rate, updates = program("remedies/degradation"), 4, 0.3, 3
    ours, grown = with_setting(p.train, updates=updates)(L, keep, rate)
    rng = np.random.default_rng(0)
    x = torch.tensor(rng.standard_normal((p.S, p.points, 2)))
    y = (torch.cos(3 * x).prod(2, keepdim=True) > 0).double()
    draws = rng.standard_normal((p.S, 2, p.n)) / np.sqrt(2), rng.standard_normal((L, p.S, p.n, p.n)) * np.sqrt(2 / p.n)
    V, W, w = weights = tensors(torch, *draws, rng.standard_normal((p.S, p.n, 1)) / np.sqrt(p.n))
    sgd, losses, sizes = torch.optim.SGD(weights, lr=rate), [], []
    for _ in range(updates):
        h = x @ V
        for k in range(L):
            z = h @ W[k]
            z = (z - z.mean(1, keepdim=True)) / torch.sqrt(z.var(1, unbiased=False, keepdim=True) + 1e-5)
            h = keep * h + torch.relu(z)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(h @ w, y, reduction="none").mean((1, 2))
        losses.append(loss.median().item())
        sgd.zero_grad()
        loss.sum().backward()
        sizes.append(W.grad.flatten(2).norm(dim=2))
        sgd.step()
    np.testing.assert_allclose(ours, losses, rtol=1e-9)
    assert grown == pytest.approx((sizes[0][0] / sizes[0][-1]).median().item(), rel=1e-7)


def test_deeper_is_worse_in_training_but_with_shortcuts(program):
    p = program("remedies/degradation")
    best = {case: losses[-10:].mean() for case, losses in p.curves.items()}
    assert best["plain", 30] > 0.5 > 0.3 > best["shortcuts", 6] > best["shortcuts", 30] and best["plain", 6] < 0.1
    assert min(p.ratio.values()) > 1, "no gradient has vanished"

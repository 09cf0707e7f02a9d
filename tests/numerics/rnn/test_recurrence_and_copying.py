"""What the pages on recurrence, the backward pass and orthogonal matrices claim beyond one setting, measured otherwise."""

import numpy as np
import pytest
import sweep
from numeric import lstm_step, with_setting


def test_unequal_slopes_explode_below_a_radius_of_one(program):
    p = program("rnn/singular")
    # trace and determinant give the eigenvalues: λ² − tr λ + det
    for M, name in ((p.U, "small"), (p.D @ p.U.T, "driven")):
        tr, det = np.trace(M), np.linalg.det(M)
        root = np.sqrt(complex(tr**2 / 4 - det))
        radius = max(abs(tr / 2 + root), abs(tr / 2 - root))
        if name == "small":
            assert p.small == pytest.approx(radius) == pytest.approx(np.sqrt(0.4)) and radius < 1
        else:
            # the product of 50 such steps is that eigenvalue to the power of 50, but for a constant
            assert radius > 1 and 0.1 < p.slopes / radius**50 < 10
    assert p.strong == pytest.approx(np.sqrt(np.linalg.eigvalsh(p.U @ p.U.T).max()))
    assert p.linear < 1e-8 < 1e14 < p.slopes
    assert p.slopes <= p.strong**50, "the bound holds"
    assert p.shrunk[-1] <= 0.9**60


def test_scatter_shrinks_with_the_width_as_theory_says(program):
    p = program("rnn/depth_vs_time")
    for n, spread in zip((16, 32, 64, 128), p.spreads[False], strict=True):
        assert spread == pytest.approx(np.sqrt(p.T / (2 * n)) / np.log(10), rel=0.6)
    assert p.narrow == p.spreads[True][0] and p.wide == p.spreads[True][-1]
    assert p.wide < 0.5 * p.narrow


def test_the_shortcut_of_the_sweep_scatters_like_independent_matrices():
    one = sweep.read("depth_vs_time")
    ends = [one.p.norms(False, 24, 50, seed)[-1] for seed in range(200)]
    rng = np.random.default_rng(1)
    short = np.log10(rng.chisquare(24, (1000, 50)) / 24).sum(axis=1) / 2
    assert np.std(ends) == pytest.approx(np.std(short), rel=0.2)
    assert np.mean(ends) == pytest.approx(np.mean(short), abs=0.1)


@pytest.mark.parametrize("orthogonal", [False, True])
def test_what_tanh_leaves_is_the_jacobian_of_autograd(torch, orthogonal):
    one, n, T = sweep.read("depth_vs_time"), 6, 9
    rng = np.random.default_rng(4)
    U = rng.standard_normal((n, n)) / np.sqrt(n)
    if orthogonal:
        q, r = np.linalg.qr(U)
        U = q * np.sign(np.diag(r))
    start = h = torch.zeros(n, dtype=torch.float64, requires_grad=True)
    for _ in range(T):
        h = torch.tanh(h @ torch.tensor(U) + torch.tensor(0.5 * rng.standard_normal(n)))
    g = rng.standard_normal(n)
    (back,) = torch.autograd.grad(h, start, torch.tensor(g))
    expected = np.log10(back.norm().item() / np.linalg.norm(g))
    assert one.through_tanh(orthogonal, n, T, 0.5, 4) == pytest.approx(expected)


def test_the_right_gradient_of_the_bugs_sweep_is_autograds_and_the_wrong_one_the_programs(torch, program):
    one, rng = sweep.read("backward_bug"), np.random.default_rng(0)
    R, T, H, B = 2, 4, 3, one.B
    sizes = ((2, 4 * H), (H, 4 * H), (1, 4 * H), (H, 1), (1, 1))
    q = [rng.standard_normal((R, *size)) for size in sizes]
    x, wanted = rng.standard_normal((T, R, B, 2)), rng.standard_normal((R, B, 1))
    loss, grads = one.loss_and_gradients(q, x, wanted, False)
    W, U, b, V, a = tensors = [torch.tensor(array, requires_grad=True) for array in q]
    h = c = torch.zeros(R, B, H, dtype=torch.float64)
    for t in range(T):
        h, c = lstm_step(torch, torch.tensor(x[t]) @ W + h @ U + b, c)
    squares = ((h @ V + a - torch.tensor(wanted)) ** 2).mean((1, 2))
    squares.sum().backward()
    np.testing.assert_allclose(loss, squares.detach().numpy(), rtol=1e-12)
    for ours, theirs in zip(grads, tensors, strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), rtol=1e-9, atol=1e-11)
    _, bugged = one.loss_and_gradients(q, x[:1], wanted, True)
    for ours, theirs in zip(one.loss_and_gradients(q, x[:1], wanted, False)[1], bugged, strict=True):
        np.testing.assert_array_equal(ours, theirs)  # one step: nobody notices
    assert not np.allclose(one.loss_and_gradients(q, x, wanted, True)[1][1], grads[1], rtol=0.01)


def test_both_tasks_of_the_bugs_sweep_are_what_they_say():
    one, rng = sweep.read("backward_bug"), np.random.default_rng(0)
    x, wanted = one.draw("add", 20, 1.0, rng)
    assert (x[..., 1].sum(axis=0) == 2).all() and (x[:10, ..., 1].sum(axis=0) == 1).all()
    np.testing.assert_allclose(wanted[..., 0], (x[..., 0] * x[..., 1]).sum(axis=0) / np.sqrt(2))
    x, wanted = one.draw("recall", 5, 3.0, rng)
    np.testing.assert_allclose(3 * wanted[..., 0], x[0, ..., 0])
    assert (x[..., 1] == 0).all()


@pytest.mark.parametrize("kind", ["kept", "kept_tanh", "lstm"])
def test_the_gradients_of_the_copying_sweep_are_autograds(torch, kind):
    one, rng = sweep.read("kept_orthogonal"), np.random.default_rng(0)
    H, B, T, R, A, S = 3, one.B, 8, one.SEEDS, one.p.A, one.p.S
    q = list(one.start(kind, H, 20, rng))
    x, wanted = rng.standard_normal((T, R, B, A + 1)), rng.integers(0, A, (S, R, B))
    loss, grads = one.loss_and_gradients(kind, q, x, wanted)
    W, U, b, V, a = tensors = [torch.tensor(array, requires_grad=True) for array in q]
    h = c = torch.zeros(R, B, H, dtype=torch.float64)
    answers = []
    for t in range(T):
        z = torch.tensor(x[t]) @ W + h @ U + b
        if kind == "lstm":
            h, c = lstm_step(torch, z, c)
        else:
            h = torch.tanh(z) if kind == "kept_tanh" else z
        if t >= T - S:
            answers.append(h @ V + a)
    logs = torch.log_softmax(torch.stack(answers), -1)
    losses = -torch.gather(logs, -1, torch.tensor(wanted)[..., None]).mean((0, 2, 3))
    losses.sum().backward()
    np.testing.assert_allclose(loss, losses.detach().numpy(), rtol=1e-10)
    for ours, theirs in zip(grads, tensors, strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), rtol=1e-9, atol=1e-11)


def test_the_retraction_is_the_orthogonal_factor_and_leaves_what_is_orthogonal(program):
    p, rng = program("remedies/kept_orthogonal"), np.random.default_rng(3)
    M = rng.standard_normal((5, 5))
    Q = p.retract(M)
    np.testing.assert_allclose(Q.T @ Q, np.eye(5), atol=1e-12)
    R = Q.T @ M
    np.testing.assert_allclose(np.tril(R, -1), 0, atol=1e-12)
    assert (np.diag(R) > 0).all()
    np.testing.assert_allclose(p.retract(Q), Q, atol=1e-12)


def test_copying_is_learned_by_linear_units_kept_orthogonal_or_not(program):
    p = program("remedies/kept_orthogonal")
    for ends in p.ends.values():
        assert len(ends) == p.seeds and np.all(np.diff(ends) >= 0), "the best seed first, the worst last"
    assert p.ends["kept"][-1] < 0.02 and p.ends["free"][-1] < 0.05 and p.ends["tanh"][0] > 0.1
    np.testing.assert_allclose(p.spread["kept"], 1, atol=1e-10)
    low, high = p.spread["free"]
    assert low < 0.97 and high > 1.05


@pytest.mark.parametrize("tanh", [False, True])
def test_the_copying_programs_first_updates_are_pytorchs(program, torch, tanh):
    """Two updates from the same draws: autograd, clipping and Adam by PyTorch, then its QR."""
    p, seed, rate = program("remedies/kept_orthogonal"), 1, 0.01
    losses, values = with_setting(p.train, updates=2)(False, tanh, rate, seed)
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((p.A + 1, p.H)) / np.sqrt(p.A + 1)
    U, V = p.retract(rng.standard_normal((p.H, p.H))), rng.standard_normal((p.H, p.A)) / np.sqrt(p.H)
    W, U, V = weights = [torch.tensor(a, requires_grad=True) for a in (W, U, V)]
    adam, T = torch.optim.Adam(weights, lr=rate, betas=(0.9, 0.99)), p.S + p.lag + p.S
    for told in losses:
        symbols = rng.integers(0, p.A, (p.S, p.B))
        x = torch.zeros(T, p.B, p.A + 1, dtype=torch.float64)
        x[: p.S, :, : p.A] = torch.tensor(np.eye(p.A)[symbols])
        x[p.S + p.lag :, :, p.A] = 1
        h, answers = torch.zeros(p.B, p.H, dtype=torch.float64), []
        for t in range(T):
            h = x[t] @ W + h @ U
            h = torch.tanh(h) if tanh else h
            answers.append(h @ V)
        logits = torch.stack(answers[-p.S :])
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, p.A), torch.tensor(symbols.reshape(-1)))
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        adam.step()
        assert told == pytest.approx(loss.item(), rel=1e-6)
    np.testing.assert_allclose(values, np.linalg.svd(U.detach().numpy(), compute_uv=False), rtol=1e-5)

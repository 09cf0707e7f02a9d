"""The backward pass that the page takes apart by layer, held against PyTorch's."""

import numpy as np
import pytest


@pytest.mark.parametrize("kind", ["1/(3n)", "1/(3n), BN", "1/(3n), h + 0.14 F", "layer normalization"])
def test_depth_is_what_autograd_finds(program, torch, kind):
    p, seed = program("remedies/depth"), 4
    kind = p.kinds.get(kind, (2, 1, 1, 1))
    gain, axis, keep, scale = kind
    numbers = torch.tensor(p.drawn(seed, (2 * p.batch + p.L * p.n) * p.n)).reshape(-1, p.n)
    h, g, W = torch.split(numbers, [p.batch, p.batch, p.L * p.n])
    states = [h.requires_grad_()]
    for layer in range(p.L):
        z = states[-1]
        if axis is not None:
            z = (z - z.mean(axis, keepdim=True)) / (z.var(axis, keepdim=True, correction=0) + 1e-5).sqrt()
        step = torch.relu(z) @ (W[p.n * layer :][: p.n] * np.sqrt(gain / p.n))
        states.append(keep * states[-1] + scale * step)
        states[-1].retain_grad()
    states[-1].backward(g)
    norms = [(state.grad.norm() / g.norm()).item() for state in states]
    np.testing.assert_allclose(p.gradient_by_layer(p.relu, kind, seed), norms, rtol=1e-9)


def test_depth_draws_numbers_of_variance_1_and_no_two_networks_alike(program):
    p = program("remedies/depth")
    numbers = np.array([p.drawn(seed, 50_000) for seed in range(p.seeds)])
    assert abs(numbers.mean()) < 0.01 and numbers.var() == pytest.approx(1, rel=0.01)
    assert np.abs(np.corrcoef(numbers) - np.eye(p.seeds)).max() < 0.03


def test_depth_begins_with_what_vanishes_and_one_remedy_overshoots(program):
    p = program("remedies/depth")
    assert p.left["1/(3n)"] < 1e-15 and p.left["1/(3n), BN"] > 1e3
    assert all(1e-3 < p.left[name] < 1e3 for name in ("2/n (He)", "1/(3n), h + F", "1/(3n), h + 0.14 F"))

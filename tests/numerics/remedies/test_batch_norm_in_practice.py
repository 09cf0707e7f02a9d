"""The page remedies/batch-norm-in-practice against PyTorch, closed forms and finite differences."""

import numpy as np
import pytest
from numeric import central_difference, relative


def normalized(torch, layer, x):
    return layer.double()(torch.tensor(x)).detach().numpy()


# -- small batches ---------------------------------------------------------------------------------------------


def test_a_batch_of_one_gives_beta_and_no_gradient(program, torch):
    p = program("remedies/bn_small_batch")
    assert p.in_eval == 1 and p.middle[0] == p.spread[0] == p.gradient[0] == 0
    for x in (3.0, -70.0):
        assert p.batch_norm(np.array([x])) == 0 == p.backward(np.ones(1), np.array([x]))
    # PyTorch refuses it, unless there are several pixels: then it is instance normalization
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        torch.nn.BatchNorm1d(3)(torch.ones(1, 3))
    image = np.random.default_rng(0).standard_normal((1, 3, 4, 4))
    alone = normalized(torch, torch.nn.BatchNorm2d(3), image)
    assert relative(alone, normalized(torch, torch.nn.InstanceNorm2d(3), image)) < 1e-12
    # what is computed where it refuses: β, and a zero gradient
    value, beta = torch.tensor([[5.0]], requires_grad=True), torch.tensor([0.7])
    centred = value - value.mean(dim=0)
    (centred / torch.sqrt(value.var(dim=0, unbiased=False) + 1e-5) + beta).sum().backward()
    assert value.grad.item() == 0


def test_a_batch_of_two_gives_signs(program):
    p = program("remedies/bn_small_batch")
    np.testing.assert_allclose(p.batch_norm(np.array([[1.0, 3.0], [9.0, 2.0]]), eps=0), [[-1, 1], [1, -1]])
    assert abs(p.gradient[1]) < 1e-3
    # an example one deviation above the mean is the larger one with probability Φ(1)
    assert p.middle[1] == pytest.approx(2 * 0.8413 - 1, abs=0.05)


def test_the_noise_falls_with_the_root_of_the_batch(program):
    p = program("remedies/bn_small_batch")
    assert list(p.spread[1:]) == sorted(p.spread[1:], reverse=True)
    scaled = np.array(p.spread[2:]) * np.sqrt(p.sizes[2:])
    assert scaled.max() < 1.3 * scaled.min()
    assert p.middle[-1] == pytest.approx(p.in_eval, abs=0.02) and p.gradient[-1] == pytest.approx(1, abs=0.05)


def test_the_small_batchs_gradient_is_the_derivative(program):
    p, rng = program("remedies/bn_small_batch"), np.random.default_rng(0)
    x, dy = rng.standard_normal(5), rng.standard_normal(5)
    assert relative(p.backward(dy, x), central_difference(lambda: dy @ p.batch_norm(x), x)) < 1e-7


# -- momentum --------------------------------------------------------------------------------------------------


def test_both_conventions_are_one(program, torch):
    p = program("remedies/bn_momentum")
    assert p.apart < 1e-12
    layer = torch.nn.BatchNorm1d(1, momentum=0.1).double()
    for k, batch in enumerate(p.batches[:50], 1):
        layer(torch.tensor(batch[:, None]))
        assert float(layer.running_mean) == pytest.approx(p.curves["0.1"][k], rel=1e-12)
    for name, k in p.needed.items():
        left = (1 - float(name)) ** np.array([k - 1, k])
        assert left[0] > 0.05 >= left[1] - 1e-12


def test_what_is_said_of_freezing_and_resetting(torch):
    layer, batches = torch.nn.BatchNorm1d(1).double(), torch.arange(12.0).reshape(3, 4, 1).double()
    layer.requires_grad_(False)
    layer(batches[1])
    assert layer.running_mean != 0, "requires_grad does not stop the averages"
    layer.eval()
    kept = layer.running_mean.clone()
    layer(batches[2])
    assert torch.equal(layer.running_mean, kept), "evaluation mode does"
    layer = torch.nn.BatchNorm1d(1, momentum=None).double()
    for batch in batches:
        layer(batch)
    assert layer.running_mean.item() == pytest.approx(batches.mean().item())


# -- undoing, redundancy, ε ----------------------------------------------------------------------------------


def test_gamma_and_beta_undo_it_and_the_bias_is_redundant(program, torch):
    p = program("remedies/bn_undo")
    assert p.undone < 1e-14 and p.shifted < 1e-12 and np.abs(p.db).max() < 1e-7
    linear, norm = torch.nn.Linear(p.D, p.H).double(), torch.nn.BatchNorm1d(p.H).double()
    (torch.tensor(p.weight) * norm(linear(torch.tensor(p.x)))).sum().backward()
    assert linear.bias.grad.abs().max() < 1e-12 < linear.weight.grad.abs().max()


def test_epsilon_decides_what_becomes_of_a_constant_feature(program):
    for (deviation, eps), kept in program("remedies/bn_undo").kept.items():
        assert kept == pytest.approx(deviation / np.sqrt(deviation**2 + eps), rel=1e-9)


def test_units_are_dead_only_where_the_activation_comes_first(program):
    p = program("remedies/bn_undo")
    assert p.dead_before == 0 and p.dead_after == 1


# -- before or after -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_forward_pass_of_the_placement_program_is_pytorchs(program, torch, place):
    p, rng = program("remedies/bn_placement"), np.random.default_rng(0)
    x, y = (torch.tensor(a) for a in p.spirals(rng))
    sizes = [2] + [p.n] * p.L
    Ws = [np.sqrt(2 / m) * rng.standard_normal((m, k)) for m, k in zip(sizes, sizes[1:], strict=False)]
    bs, v = [rng.standard_normal(p.n) for _ in Ws], rng.standard_normal((p.n, 1))
    h, _, out = p.forward(x.numpy(), Ws, bs, v, place, [None] * p.L)

    def norm(z):
        return torch.nn.functional.batch_norm(z, None, None, training=True)

    expected = x
    for W, b in zip(Ws, bs, strict=True):
        z = expected @ torch.tensor(W)
        b = torch.tensor(b)
        expected = torch.relu(norm(z) + b) if place == "before" else norm(torch.relu(z + b))
    assert relative(h, expected.numpy()) < 1e-10
    assert relative(out, torch.sigmoid(expected @ torch.tensor(v)).numpy()) < 1e-10


def test_the_gradient_through_the_normalization(program):
    p, rng = program("remedies/bn_placement"), np.random.default_rng(0)
    z, g = rng.standard_normal((6, 3)), rng.standard_normal((6, 3))
    hat, (_, deviation) = p.normalize(z, None)
    numeric = central_difference(lambda: (g * p.normalize(z, None)[0]).sum(), z)
    assert relative(p.through(g, hat, deviation), numeric) < 1e-7


def test_both_places_learn_the_spirals(program):
    p = program("remedies/bn_placement")
    assert min(p.best.values()) > 0.97 and min(p.right["before"].min(), p.right["after"].min()) > 0.7


# -- dropout ---------------------------------------------------------------------------------------------------


def test_dropout_before_it_shifts_the_variance(program, torch):
    p = program("remedies/bn_dropout")
    np.testing.assert_allclose(p.shift["dropout, then BN"], p.expected, atol=0.02)
    np.testing.assert_allclose(p.shift["BN, then dropout"], 1, atol=1e-9)
    assert p.half == pytest.approx(p.expected[5], abs=0.02)
    # of a normal variable behind ReLU: E[x²] = 1/2, Var[x] = (1 - 1/π) / 2
    variance = (1 - 1 / np.pi) / 2
    assert p.expected[5] == pytest.approx(variance / (variance + 1 / 2), abs=0.01)
    # and PyTorch's own layers
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.BatchNorm1d(p.n, momentum=1.0, affine=False)).double()
    net(torch.tensor(p.h))
    assert float(net.eval()(torch.tensor(p.h)).var(dim=0).mean()) == pytest.approx(p.expected[5], abs=0.02)


# -- axes ------------------------------------------------------------------------------------------------------


def test_the_four_normalizations_are_pytorchs(program, torch):
    p, nn = program("remedies/norm_axes"), torch.nn
    layers = {
        "BN": nn.BatchNorm2d(p.C),
        "LN": nn.LayerNorm((p.C, p.H, p.W)),
        "GN": nn.GroupNorm(p.groups, p.C),
        "IN": nn.InstanceNorm2d(p.C),
    }
    for name, layer in layers.items():
        assert relative(p.outputs[name][0], normalized(torch, layer, p.x)) < 1e-10, name
    counts = [count for _, count in p.outputs.values()]
    assert counts == [p.C, p.N, p.N * p.groups, p.N * p.C]
    assert max(p.one_group, p.all_groups) < 1e-12


def test_a_transformers_layer_norm_is_another(program, torch):
    """Over the last axis alone: neither GroupNorm with one group, nor LN of the picture."""
    p = program("remedies/norm_axes")
    last = normalized(torch, torch.nn.LayerNorm(p.C), p.x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    assert relative(last, p.normalize(p.x, 1)[0]) < 1e-10
    assert relative(last, p.outputs["LN"][0]) > 0.1


def test_who_is_normalized_together(program):
    p = program("remedies/norm_axes")
    image, channel = np.indices((p.N, p.C))
    together = {
        "BN": channel == 0,
        "LN": image == 0,
        "GN": (image == 0) & (channel < p.C // p.groups),
        "IN": (image == 0) & (channel == 0),
    }
    for name, shares in p.shares.items():
        np.testing.assert_array_equal(shares, together[name], err_msg=name)

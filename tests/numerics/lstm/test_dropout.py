"""Where dropout stands in a recurrent network: against closed forms, PyTorch's own dropout and autograd."""

import numpy as np
import pytest


def test_fresh_masks_on_the_memory_leave_q_to_the_k_and_one_mask_leaves_q(program):
    p = program("lstm/dropout_carousel")
    noise = 5 * np.sqrt(p.theory * (1 - p.theory) / p.N)  # five standard deviations
    assert np.all(np.abs(p.share["each_step"] - p.theory) <= noise)
    assert np.all(np.abs(p.share["one_mask"][1:] - p.q) <= noise[1])
    for way in ("each_step", "one_mask"):
        np.testing.assert_allclose(p.size[way], 1 / p.theory, rtol=1e-10)
    for way in ("zoneout", "candidate"):
        assert set(p.share[way]) == set(p.size[way]) == {1.0}


def test_the_mean_is_kept_by_units_that_are_nearly_all_empty(program):
    p = program("lstm/dropout_carousel")
    mean = p.share["each_step"] * p.size["each_step"]
    assert mean[:10] == pytest.approx(1, abs=0.05)


@pytest.fixture
def theirs(program, torch):
    """nn.LSTM of three layers with our weights and dropout between them, and the masks that a seed of it draws."""
    p = program("lstm/dropout_layers")
    net = torch.nn.LSTM(p.D, p.H, num_layers=3, dropout=p.p).double().train()
    with torch.no_grad():
        for n, (W, U, b) in enumerate(p.layers):
            for name, value in (("ih", W.T), ("hh", U.T)):
                getattr(net, f"weight_{name}_l{n}").copy_(torch.tensor(value))
            getattr(net, f"bias_ih_l{n}").copy_(torch.tensor(b))
            getattr(net, f"bias_hh_l{n}").zero_()
    return p, net


def test_pytorchs_dropout_stands_between_layers_and_nowhere_else(theirs, torch):
    p, net = theirs
    torch.manual_seed(3)
    out, (h, _) = net(torch.tensor(p.x))
    torch.manual_seed(3)
    ones = torch.ones(p.T, p.B, p.H, dtype=torch.float64)
    masks = np.array([torch.nn.functional.dropout(ones, p.p).numpy() for _ in range(2)])
    assert 0.3 < np.mean(masks == 0) < 0.7
    assert np.any(masks[0, 1:] != masks[0, :-1]), "a new mask at each step"
    ours = p.stack(p.x, p.layers, masks)
    np.testing.assert_allclose(ours[2], out.detach().numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose([one[-1] for one in ours], h.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_in_evaluation_nothing_is_dropped(theirs, torch):
    p, net = theirs
    out, _ = net.eval()(torch.tensor(p.x))
    np.testing.assert_allclose(p.off[2], out.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_one_layer_has_no_dropout_and_pytorch_says_so(program, torch):
    p = program("lstm/dropout_layers")
    with pytest.warns(UserWarning, match="dropout"):
        net = torch.nn.LSTM(p.D, p.H, dropout=0.9).double().train()
    x = torch.tensor(p.x)
    assert torch.equal(net(x)[0], net(x)[0])
    assert p.alone and p.first_same and not p.last_same and p.zeros[2] == 0


@pytest.mark.parametrize("way", ["none", "h, one mask", "h, each step", "g", "zoneout", "c, one mask", "c, each step"])
def test_the_gradients_of_every_way_are_autograds(program, torch, way):
    p = program("lstm/dropout_training")
    rng = np.random.default_rng(5)
    x = rng.standard_normal((p.T, p.S, p.B, 2))
    w = [rng.standard_normal((p.S, n, 4 * p.H)) / 4 for n in (2, p.H, 1)]
    dh = rng.standard_normal((p.S, p.B, p.H))
    masks = p.masks(way, rng)
    h, tape = p.forward(x, *w, *masks)
    W, U, b = (torch.tensor(one, requires_grad=True) for one in w)
    mask_h, mask_c, mask_g, keep = (torch.tensor(one) for one in masks)
    state = cell = torch.zeros(p.S, p.B, p.H, dtype=torch.float64)
    for t in range(p.T):
        z = torch.tensor(x[t]) @ W + (mask_h[t] * state) @ U + b
        i, f, g, o = torch.chunk(z, 4, dim=-1)
        old = mask_c[t] * cell
        fresh = torch.sigmoid(f) * old + torch.sigmoid(i) * mask_g[t] * torch.tanh(g)
        cell = torch.where(keep[t] == 1, old, fresh)
        state = torch.sigmoid(o) * torch.tanh(cell)
    np.testing.assert_allclose(h, state.detach().numpy(), rtol=1e-10, atol=1e-12)
    (state * torch.tensor(dh)).sum().backward()
    for ours, theirs in zip(p.backward(dh, x, tape, w[1], *masks), (W, U, b), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), rtol=1e-8, atol=1e-10)


def test_each_way_drops_a_share_of_p_and_a_mask_for_the_sequence_is_the_same_at_each_step(program):
    p = program("lstm/dropout_training")
    for place, fresh, same in ((0, "h, each step", "h, one mask"), (1, "c, each step", "c, one mask")):
        new, one = p.masks(fresh, np.random.default_rng(0))[place], p.masks(same, np.random.default_rng(0))[place]
        assert np.mean(new == 0) == pytest.approx(p.p, abs=0.01)
        assert np.all(one == one[0]) and np.any(new != new[0])


def test_only_a_mask_on_the_memory_empties_it(program):
    p = program("lstm/dropout_training")
    elsewhere = ("none", "h, one mask", "h, each step", "g", "zoneout")
    assert max(p.without[way] for way in elsewhere) < 0.05
    assert p.without["c, each step"] > 0.3 and p.without["c, one mask"] > 0.2
    assert p.without["c, one mask"] > p.with_it["c, one mask"], "worse when it is off"
    assert p.without["none"] < 0.01 and max(p.without["h, one mask"], p.without["h, each step"]) < 0.03
    assert p.with_it["h, one mask"] > 1.5 * p.without["h, one mask"], "validation better than training"

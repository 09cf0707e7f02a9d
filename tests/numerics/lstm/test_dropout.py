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


@pytest.mark.parametrize("where", [None, 0, 1, 2])
def test_the_gradients_under_a_mask_are_autograds(program, torch, where):
    p, rng = program("lstm/dropout_training"), np.random.default_rng(5)
    x, y = rng.standard_normal((p.T, p.S, p.B, 3)), rng.standard_normal((p.S, p.B, 1))
    w = rng.standard_normal((p.S, 3 + p.H, 4 * p.H)) / 4, rng.standard_normal((p.S, p.H, 1))
    masks = np.ones((3, p.T, p.S, p.B, p.H))
    if where is not None:
        masks[where] = (rng.random((p.T, p.S, p.B, p.H)) < p.q) / p.q
    ours, grads = p.network(x, y, *w, *masks)
    W, V = (torch.tensor(one, requires_grad=True) for one in w)
    mask_h, mask_c, mask_g = torch.tensor(masks)
    h = c = torch.zeros(p.S, p.B, p.H, dtype=torch.float64)
    for t in range(p.T):
        z = torch.cat([torch.tensor(x[t]), mask_h[t] * h], dim=-1) @ W
        i, f, g, o = torch.chunk(z, 4, dim=-1)
        c = torch.sigmoid(f) * mask_c[t] * c + torch.sigmoid(i) * mask_g[t] * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
    loss = ((h @ V - torch.tensor(y)) ** 2).mean(dim=(1, 2))
    np.testing.assert_allclose(ours, loss.detach().numpy(), rtol=1e-10)
    loss.sum().backward()
    for mine, theirs in zip(grads, (W, V), strict=True):
        np.testing.assert_allclose(mine, theirs.grad.numpy(), rtol=1e-8, atol=1e-10)


def test_only_a_mask_on_the_memory_empties_it(program):
    on, off = ({place: median[n] for place, median in program("lstm/dropout_training").medians.items()} for n in (0, 1))
    assert max(off[place] for place in ("m = 1", "m h", "m_t h", "m_t g")) < 0.03 and off["m = 1"] < 0.02
    assert off["m_t c"] > 0.3 and off["m c"] > 0.2
    assert on["m h"] > 1.5 * off["m h"], "validation better than training"

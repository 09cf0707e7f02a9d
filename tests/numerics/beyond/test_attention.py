"""Attention by hand against PyTorch; what it costs, recalls and has of a cell against closed forms."""

import math

import numpy as np
import pytest
from numeric import tensors, with_setting


@pytest.mark.parametrize("T, D, heads, d", [(8, 6, 2, 3), (5, 4, 1, 7), (1, 3, 3, 2)])
def test_attention_forward_and_backward_are_pytorchs(program, torch, T, D, heads, d):
    p, rng = program("beyond/causal_attention"), np.random.default_rng(1)
    x, dy = rng.standard_normal((2, T, D))
    weights = [*rng.standard_normal((3, heads, D, d)), rng.standard_normal((heads, d, D))]
    setting = {"d": d, "future": np.triu(np.ones((T, T), bool), k=1)}
    q, k, v, a, o, y = with_setting(p.forward, **setting)(x, *weights)
    names = ("x", "Wq", "Wk", "Wv", "Wo")
    values = dict(zip(names, (x, *weights), strict=True)) | {"q": q, "k": k, "v": v, "a": a, "o": o}
    ours = with_setting(p.backward, d=d, **values)(dy)

    tx, tq, tk, tv, to = leaves = tensors(torch, x, *weights)
    theirs = torch.nn.functional.scaled_dot_product_attention(tx @ tq, tx @ tk, tx @ tv, is_causal=True)
    out = (theirs @ to).sum(0)
    np.testing.assert_allclose(o, theirs.detach().numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(y, out.detach().numpy(), rtol=1e-10, atol=1e-12)
    for one, other in zip(ours, torch.autograd.grad((out * torch.tensor(dy)).sum(), leaves), strict=True):
        np.testing.assert_allclose(one, other.numpy(), rtol=1e-10, atol=1e-12)


def test_the_heads_are_those_of_pytorchs_multi_head_layer(program, torch):
    p = program("beyond/causal_attention")
    D = p.heads * p.d
    layer = torch.nn.MultiheadAttention(D, p.heads, bias=False, dtype=torch.float64)
    parts = layer.in_proj_weight.detach().numpy().T.reshape(D, 3, p.heads, p.d).transpose(1, 2, 0, 3)
    Wo = layer.out_proj.weight.detach().numpy().T.reshape(p.heads, p.d, D)
    x = torch.tensor(p.x)
    theirs = layer(x, x, x, attn_mask=torch.tensor(p.future), need_weights=False)[0]
    np.testing.assert_allclose(p.forward(p.x, *parts, Wo)[-1], theirs.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_the_effect_of_each_step_is_the_jacobians_and_none_comes_from_later(program, torch):
    p = program("beyond/causal_attention")
    Wq, Wk, Wv, Wo = (torch.tensor(w) for w in (p.Wq, p.Wk, p.Wv, p.Wo))

    def layer(x):
        return (torch.nn.functional.scaled_dot_product_attention(x @ Wq, x @ Wk, x @ Wv, is_causal=True) @ Wo).sum(0)

    jacobian = torch.autograd.functional.jacobian(layer, torch.tensor(p.x)).numpy()  # (T, D, T, D)
    np.testing.assert_allclose(p.moves, (jacobian**2).sum(axis=(1, 3)), rtol=1e-9, atol=1e-12)
    assert p.ahead == 0 and p.worst < 1e-7


def test_undivided_scores_saturate_the_softmax_and_divided_ones_do_not(program, torch):
    p = program("beyond/saturation")
    s = torch.randn(5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    slope = torch.autograd.functional.jacobian(lambda s: torch.softmax(s, 0), s).trace()
    assert slope.item() == pytest.approx(1 - (p.softmax(s.numpy()[None]) ** 2).sum())
    assert np.all(np.diff(p.plain) < 0) and p.plain[-1] < 1e-3
    # scores of deviation 1: Σ a² is about e / T
    assert p.scaled[-1] == pytest.approx(1 - math.e / p.T, abs=0.01)
    assert np.ptp(p.scaled) < 0.01


def test_what_each_layer_costs_is_what_its_shapes_say(program):
    p = program("beyond/cost")
    for j, T in enumerate(p.lengths):
        np.testing.assert_array_equal(p.bill[0, j], (T + 1, 8 * p.H**2, 2 * p.H))
        np.testing.assert_array_equal(p.bill[1, j], (4, 4 * p.d**2 + 2 * T * p.d, 2 * T * p.d))
    assert p.equal == 2 * p.d


def test_a_matrix_recalls_as_many_pairs_as_it_has_rows_and_attention_more(program):
    p = program("beyond/recall")
    within = p.counts <= p.d
    assert p.best[within].max() < 1e-12
    np.testing.assert_allclose(p.best[~within], 1 - p.d / p.counts[~within], rtol=0.05)
    np.testing.assert_allclose(p.summed[3:], (p.counts[3:] - 1) / p.d, rtol=0.15)
    assert p.attention.max() < 0.01


@pytest.mark.parametrize("d", [16, 64])
def test_at_other_sizes_the_matrix_ends_at_d_pairs_too(program, d):
    errors = with_setting(program("beyond/recall").errors, d=d)
    attention, _, best = errors(d, 0)
    assert attention < 0.15 and best < 1e-12 and errors(2 * d, 0)[2] > 0.4


def test_a_softmax_with_forget_gates_is_a_cell_and_a_constant_gate_a_slope_in_the_scores(program, torch):
    p = program("beyond/softmax_cell")
    assert max(p.differ.values()) < 1e-12
    s, v, steps = (torch.tensor(a, dtype=torch.float64) for a in (p.s, p.v, np.arange(p.T)))
    # ALiBi: the farther, the less, by log 0.9 a step
    theirs = torch.softmax(s + math.log(0.9) * (p.T - 1 - steps), 0)
    np.testing.assert_allclose(p.weights["f = 0.9"], theirs.numpy(), rtol=1e-10)
    f = p.gates["f_t, shut once"]
    assert p.cell(p.s, p.v, f)[-1] == pytest.approx((torch.tensor(p.weights["f_t, shut once"]) * v).sum().item())
    assert p.older == [p.weights[name][:20].sum() for name in p.gates]


SETTINGS = [{}, {"T": 64}, {"T": 8}, {"d": 16}, {"d": 64}, {"layers": 48}]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_without_the_added_path_the_steps_become_one_and_with_it_they_differ(program, setting):
    differences = with_setting(program("beyond/attention_depth").differences, **future_of(setting))
    ends = np.array([[differences(add, seed)[-1] for seed in range(5)] for add in (False, True)])
    replaced, added = np.median(ends, axis=1)
    assert replaced < 1e-5 and added > 0.2


def future_of(setting):
    T = setting.get("T", 16)
    return setting | {"future": np.triu(np.ones((T, T), bool), k=1)}


def test_a_layer_of_the_stack_is_pytorchs(program, torch):
    p = program("beyond/attention_depth")
    (ours,) = with_setting(p.differences, layers=1)(True, 7)
    rng = np.random.default_rng(7)
    x = torch.tensor(rng.standard_normal((p.T, p.d)))
    Wq, Wk, Wv = torch.tensor(rng.standard_normal((3, p.d, p.d)) / np.sqrt(p.d))
    u = torch.nn.functional.rms_norm(x, (p.d,), eps=0.0)
    x = x + torch.nn.functional.scaled_dot_product_attention(u @ Wq, u @ Wk, u @ Wv, is_causal=True)
    assert ours == pytest.approx(((x - x.mean(0)).norm() / x.norm()).item(), rel=1e-10)

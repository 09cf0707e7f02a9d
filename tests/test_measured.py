"""What the programs say they measured, measured once more: from their own parts, or by PyTorch from the same draws.

`make mutation` told which of them no other test would have noticed.
"""

import numpy as np
import pytest
from numeric import central_difference, relative

# -- lstm --------------------------------------------------------------------------------------------------


def test_the_bugs_errors_are_the_medians_of_their_lengths(program):
    p = program("lstm/backward_bug")
    for T, value in ((1, p.error_1), (2, p.error_2), (5, p.error_5), (10, p.error_10)):
        errors = []
        for seed in range(p.trials):
            right, wrong = p.gradient(T, False, seed), p.gradient(T, True, seed)
            errors.append(np.sqrt(((right - wrong) ** 2).sum() / (right**2).sum()))
        assert value == pytest.approx(np.median(errors), abs=1e-12)
    assert p.stdout.count("%") == 5


def test_chrono_multiplies_the_forget_gates_of_pytorchs_lstm(program, torch):
    p, T = program("lstm/chrono"), 30
    b = np.log(np.random.default_rng(1).uniform(1, 29, p.H))
    rng = np.random.default_rng(2)
    k = 1 / np.sqrt(p.H)
    W, U = rng.uniform(-k, k, (1, 4 * p.H)), rng.uniform(-k, k, (p.H, 4 * p.H))
    inputs = [rng.standard_normal(1) for _ in range(T)]
    cell = torch.nn.LSTMCell(1, p.H).double()
    bias = np.concatenate([-b, b, np.zeros(2 * p.H)])
    with torch.no_grad():
        for parameter, value in zip(cell.parameters(), (W.T, U.T, bias, 0 * bias), strict=True):
            parameter.copy_(torch.tensor(value))
        h = c = torch.zeros(1, p.H, dtype=torch.float64)
        product = 1
        for x in inputs:
            row = torch.tensor(x[None])
            z = row @ cell.weight_ih.T + h @ cell.weight_hh.T + cell.bias_ih
            product = product * torch.sigmoid(z[:, p.H : 2 * p.H])
            h, c = cell(row, (h, c))
    assert p.kept(T, b, -b, np.random.default_rng(2)) == pytest.approx(product.mean().item(), rel=1e-10)


def test_chrono_quotes_the_lags_it_names(program):
    p = program("lstm/chrono")
    for name, curve in (("one", "b_f = 1"), ("four", "b_f = 4"), ("chrono", "chrono")):
        for lag, value in zip(p.lags, p.curves[curve], strict=True):
            assert getattr(p, f"{name}_{lag}", value) == value
    assert all(np.diff(p.curves["b_f = 1"]) < 0) and len(p.stdout.splitlines()) == 3


def test_time_constants_of_one_cell_and_their_ratio(program):
    p = program("lstm/dynamic_scale")
    assert p.ratio == pytest.approx(np.log1p(np.exp(1)) / np.log1p(np.exp(-5)))  # 1/τ = −ln σ(z) = ln(1 + e⁻ᶻ)


def test_forget_bias_and_cell_path_begin_at_one_and_end_where_they_say(program):
    p = program("lstm/forget_bias")
    assert p.lstm_norms(1, 0)[0] == p.rnn_norms(0)[0] == 1
    for bias, end in ((0, p.end_0), (1, p.end_1), (2, p.end_2), (4, p.end_4)):
        assert end == np.median([p.lstm_norms(bias, seed)[-1] for seed in range(p.seeds)])
    assert p.end_rnn == np.median([p.rnn_norms(seed)[-1] for seed in range(p.seeds)])
    p = program("lstm/cell_path")
    for scale, (full, cell, gap) in p.result.items():
        runs = [p.both_paths(scale, seed) for seed in range(p.seeds)]
        assert full == np.median([one[-1] for one, _ in runs]) and cell == np.median([one[-1] for _, one in runs])
        assert gap == max(np.abs(one - other).max() for one, other in runs)


def test_candidates_of_the_hand_set_gates_have_both_signs(program):
    p = program("lstm/gates")
    assert p.x.min() < -0.5 and p.x.max() > 0.5 and p.c[0] == p.h[0] == 0


@pytest.mark.parametrize("case", ["standard", "ReLU", "forget gate not squashed", "no output activation"])
def test_swap_trains_as_autograd_and_pytorchs_adam_do(program, torch, case):
    """Three updates of all seeds, from the same draws."""
    p, updates = program("lstm/swap"), 3
    S, T, B, D, H = p.S, p.T, p.B, p.D, p.H
    gate, forget, candidate, output = p.cases[case]
    named = {id(p.tanh): torch.tanh, id(p.relu): torch.relu, id(p.sigm): torch.sigmoid, id(p.same): lambda z: z}
    phis = [named[id(part)] for part in (gate, forget, candidate, gate)]
    rng, k = np.random.default_rng(0), 1 / np.sqrt(H)
    shapes = ((D, 4 * H), (H, 4 * H), (1, 4 * H), (H, 1))
    weights = [torch.tensor(rng.uniform(-k, k, (S, *shape)), requires_grad=True) for shape in shapes]
    with torch.no_grad():
        weights[2][..., H : 2 * H] += 1
    adam = torch.optim.Adam(weights, lr=p.rate, betas=(0.9, 0.99), eps=1e-8)
    losses = []
    for _ in range(updates):
        x = rng.standard_normal((T, S, B, D))
        x[..., 1] = rng.random((T, S, B)) < 0.2
        x[0, ..., 1] = 1
        last = np.zeros((S, B, 1))
        for t in range(T):  # the last marked value
            marked = x[t, ..., 1] == 1
            last[marked, 0] = x[t, ..., 0][marked]
        h = c = torch.zeros(S, B, H, dtype=torch.float64)
        for t in range(T):
            z = torch.chunk(torch.tensor(x[t]) @ weights[0] + h @ weights[1] + weights[2], 4, dim=-1)
            i, f, g, o = (phi(part) for phi, part in zip(phis, z, strict=True))
            c = f * c + i * g
            h = o * named[id(output)](c)
        per_seed = ((h @ weights[3] - torch.tensor(last)) ** 2).mean(dim=(1, 2))
        losses.append(per_seed.detach().numpy())
        adam.zero_grad()
        per_seed.sum().backward()
        torch.nn.utils.clip_grad_value_(weights, 1.0)
        adam.step()
    settings = p.train.__globals__
    kept = settings["updates"]
    try:
        settings["updates"] = updates
        ours = p.train(*p.cases[case])
    finally:
        settings["updates"] = kept
    np.testing.assert_allclose(ours, np.sort(np.mean(losses, axis=0)), rtol=1e-8)


def test_swap_averages_the_last_thirty_losses_of_every_variant(program):
    p = program("lstm/swap")
    assert p.finals.shape == (len(p.cases), p.S) and np.all(np.diff(p.finals, axis=1) >= 0)
    np.testing.assert_array_equal(p.median, [np.median(row) for row in p.finals])
    assert p.worst_standard == p.finals[0].max() and p.worst_no_f == p.finals[-1].max()


# -- remedies ----------------------------------------------------------------------------------------------


def test_the_sigmoid_of_activation_depth_is_the_logistic_function(program, torch):
    function, _ = program("remedies/activation_depth").functions["sigmoid"]
    z = torch.linspace(-6, 6, 25, dtype=torch.float64)
    np.testing.assert_allclose(function(z.numpy()), torch.sigmoid(z).numpy(), rtol=1e-12)


def test_batch_norm_checks_itself_honestly(program):
    p = program("remedies/batch_norm")
    assert 0 < p.worst < 1e-7 and p.stdout.count("True") == 4 and "False" not in p.stdout
    assert p.shift == np.abs(p.grads[0].sum(axis=0)).max() < 1e-12
    numeric = central_difference(lambda: p.loss(), p.beta)
    assert relative(p.grads[2], numeric) < 1e-7


def test_the_rate_of_a_layer_leaves_out_the_four_at_each_end(program):
    p = program("remedies/batch_norm_depth")
    for (name, normalize), rate in p.rate.items():
        runs = [p.gradient_by_layer(name, normalize, p.deepest, seed) for seed in range(p.seeds)]
        logs = np.log(runs).mean(axis=0)
        layers = p.deepest - 8
        assert rate == pytest.approx(np.exp((logs[4] - logs[4 + layers]) / layers))
        assert p.left[name, normalize] == pytest.approx(np.exp(logs[0]))


def test_batch_norm_training_quotes_the_rates_it_names(program):
    p = program("remedies/batch_norm_training")
    by_rate = dict(zip(p.rates, p.right[True], strict=True))
    assert p.bn_at_10 == by_rate[10.0] and p.plain_at_3 == dict(zip(p.rates, p.right[False], strict=True))[3.0]
    assert p.bn_lowest == min(share for rate, share in by_rate.items() if 0.03 < rate < 10)


def test_clipping_from_below_starts_where_it_says_and_shares_by_halves(program):
    p = program("remedies/clip_floor")
    assert p.plain[0] == p.lifted[0] == pytest.approx(np.sqrt(10))
    sizes = [np.sqrt((part**2).sum()) for part in p.parts]
    assert p.share_before == pytest.approx(sum(sizes[:30]) / sum(sizes))
    assert len(p.ends) == p.starts and p.nearest == min(p.ends) and p.farthest == max(p.ends)


def test_clipping_by_norm_never_turns_and_by_value_the_more_the_lower(program):
    p = program("remedies/clip_norm_value")
    np.testing.assert_allclose(p.kept_norm, 1)
    assert len(p.kept_norm) == len(p.kept_value) == len(p.limits)
    assert p.lowest == p.kept_value[int(np.argmin(p.limits))] == min(p.kept_value)


def test_dying_relu_trains_as_autograd_does(program, torch):
    """The gradient that reaches each unit, and which units are off, over four updates."""
    p, seed, rate = program("remedies/dying_relu"), 1, 3.0
    for slope in (0.0, p.leak):
        rng = np.random.default_rng(seed)
        x = torch.tensor(rng.standard_normal((p.n, 2)))
        y = ((x**2).sum(dim=1, keepdim=True) < 1).double()
        W, b = torch.tensor(rng.standard_normal((2, p.hidden))), torch.full((p.hidden,), -1.0, dtype=torch.float64)
        v = torch.tensor(rng.standard_normal((p.hidden, 1)) / np.sqrt(p.hidden))
        dead, signals = p.train(-1.0, rate, slope, seed)
        assert len(dead) == len(signals) == p.updates + 1
        for update in range(4):
            for weight in (W, b, v):
                weight.requires_grad_(True)
            z = x @ W + b
            z.retain_grad()
            out = torch.nn.functional.leaky_relu(z, slope) @ v
            torch.nn.functional.binary_cross_entropy_with_logits(out, y).backward()
            np.testing.assert_array_equal(dead[update], (z.detach().numpy() <= 0).all(axis=0))
            np.testing.assert_allclose(signals[update], z.grad.abs().mean(dim=0).numpy(), rtol=1e-9, atol=1e-15)
            with torch.no_grad():
                W, b, v = W - rate * W.grad, b - rate * b.grad, v - rate * v.grad


def test_dying_relu_counts_the_dead_before_and_after(program):
    p = program("remedies/dying_relu")
    for (bias, slope), share in p.at_end.items():
        runs = [p.train(bias, 1.0, slope, seed) for seed in range(p.seeds)]
        assert share == pytest.approx(np.mean([dead[-1] for dead, _ in runs]))
        assert p.at_start[bias, slope] == pytest.approx(np.mean([dead[0] for dead, _ in runs]))
        if bias < 0:
            ratios = [signal[0][dead[0]].mean() / signal[0][~dead[0]].mean() for dead, signal in runs]
            assert p.signal[bias, slope] == pytest.approx(np.mean(ratios))
    for (rate, slope), share in p.by_rate.items():
        assert share == pytest.approx(np.mean([p.train(0.0, rate, slope, seed)[0][-1] for seed in range(p.seeds)]))
    assert (p.dead_start, p.dead_end) == (p.at_start[-3.0, 0.0], p.at_end[-3.0, 0.0])


@pytest.mark.parametrize("name", ["tanh", "ReLU"])
def test_initialization_measures_the_variances_that_autograd_sees(program, torch, name):
    p, seed = program("remedies/initialization"), 1
    forward, back = p.ratios("He", name, seed)
    rng = np.random.default_rng(seed)
    h = torch.tensor(1e-6 * rng.standard_normal((p.batch, p.n)), requires_grad=True)
    states, squares = [h], [(h**2).mean().item()]
    for _ in range(p.L):
        z = h @ torch.tensor(np.sqrt(2 / p.n) * rng.standard_normal((p.n, p.n)))
        h = torch.relu(z) if name == "ReLU" else torch.tanh(z)
        h.retain_grad()
        states.append(h)
        squares.append((z**2).mean().item())
    (h * torch.tensor(rng.standard_normal((p.batch, p.n)))).sum().backward()
    grads = np.array([(state.grad**2).mean().item() for state in states])
    np.testing.assert_allclose(forward, np.array(squares) / squares[0], rtol=1e-8)
    np.testing.assert_allclose(back, grads / grads[-1], rtol=1e-8)


def test_initialization_takes_the_root_over_all_layers(program):
    p = program("remedies/initialization")
    for (name, scheme), (onward, backward) in p.factor.items():
        runs = [p.ratios(scheme, name, seed) for seed in range(p.seeds)]
        assert onward == pytest.approx(np.exp(np.mean([np.log(one[-1]) for one, _ in runs]) / p.L))
        assert backward == pytest.approx(np.exp(np.mean([np.log(one[0]) for _, one in runs]) / p.L))
    for scheme, values in p.products.items():
        rng = np.random.default_rng(0)
        product = np.linalg.multi_dot([p.draw(scheme, rng) for _ in range(p.L)])
        np.testing.assert_allclose(values[:40], np.linalg.svd(product, compute_uv=False)[:40], rtol=1e-6)


def test_the_sigmoid_gate_can_only_add(program):
    p = program("remedies/exponential_gate")
    assert p.z.min() < -0.8 and p.z.max() > 0.8
    np.testing.assert_allclose(p.sigmoid_cell, np.cumsum(p.z / (1 + np.exp(-p.i))))
    assert p.miss_sigmoid == np.abs(np.cumsum(p.z / (1 + np.exp(-p.i))) - p.z).max()


def test_the_marks_of_the_adding_problem_lie_anywhere_in_their_halves(program):
    p = program("remedies/irnn")
    rng = np.random.default_rng(0)
    marks = np.concatenate([p.task(rng)[0][:, :, 1] for _ in range(50)], axis=1)  # (T, 50 B)
    often = marks.mean(axis=1)
    assert np.all(often > 0), "every step is marked now and then"
    np.testing.assert_allclose(often[: p.T // 2].mean(), 2 / p.T, rtol=1e-9)
    assert often.max() < 3 * 2 / p.T

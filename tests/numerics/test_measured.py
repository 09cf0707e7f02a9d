"""What the programs say they measured, measured once more: from their own parts, or by PyTorch from the same draws.

`make mutation` told which of them no other test would have noticed.
"""

import numpy as np
import pytest
from numeric import central_difference, relative

# -- lstm --------------------------------------------------------------------------------------------------


def test_the_bugs_errors_are_the_medians_of_their_lengths(program):
    p = program("lstm/backward_bug")
    for T, value in ((1, p.median[0]), (2, p.median[1]), (5, p.median[4]), (10, p.median[9])):
        errors = []
        for seed in range(p.trials):
            right, wrong = p.gradient(T, False, seed), p.gradient(T, True, seed)
            errors.append(np.sqrt(((right - wrong) ** 2).sum() / (right**2).sum()))
        assert value == pytest.approx(np.median(errors), abs=1e-12)
    assert p.stdout.count("%") == 5


@pytest.mark.parametrize("seed", [0, 7])
def test_the_bug_gives_c1_the_cotangent_of_the_wrong_step(program, torch, seed):
    """T = 2, by vector-Jacobian products of autograd: right but for what c_1 is given, ∂L/∂h_1 in place of ∂L/∂h_2."""
    p, T = program("lstm/backward_bug"), 2
    rng = np.random.default_rng(seed)
    x, U = rng.standard_normal((T, 4 * p.H)), rng.standard_normal((p.H, 4 * p.H)) / np.sqrt(p.H)
    h, c = (torch.tensor(rng.standard_normal(p.H), requires_grad=True) for _ in range(2))
    states, weights = [], []
    for t in range(T):
        weights.append(torch.tensor(U, requires_grad=True))  # one for each step: ∂L/∂U is their sum
        i, f, g, o = torch.chunk(torch.tensor(x[t]) + h @ weights[t], 4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        states.append((h, c))
    (h_1, c_1), (h_2, c_2) = states

    def pulled(outputs, to, cotangents=None):
        return torch.autograd.grad(outputs, to, cotangents, retain_graph=True)

    slope, dU_2, dh_1 = (pulled(h_2.sum(), to)[0] for to in (c_2, weights[1], h_1))
    f_2 = torch.sigmoid(torch.chunk(torch.tensor(x[1]) + h_1 @ weights[1], 4)[1])
    for bug, dh in ((False, torch.ones(p.H)), (True, dh_1)):
        (dU_1,) = pulled([h_1, c_1], weights[0], [dh_1, dh * slope * f_2])
        expected = (dU_1 + dU_2).detach().numpy()
        np.testing.assert_allclose(p.gradient(T, bug, seed), expected, rtol=1e-9, atol=1e-12)


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
    for bias, end in ((0, p.ends[0]), (1, p.ends[1]), (2, p.ends[2]), (4, p.ends[4])):
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


@pytest.mark.parametrize("case", ["standard", "hard gates", "no output", "raw forget"])
def test_swap_trains_as_autograd_and_pytorchs_adam_do(program, torch, case):
    """Three updates of all seeds, from the same draws."""
    p, updates = program("lstm/swap"), 3
    S, T, B, D, H = p.S, p.T, p.B, p.D, p.H
    known = {"tanh": torch.tanh, "hard": lambda z: torch.clamp(z / 4 + 0.5, 0, 1), "sigm": torch.sigmoid}
    known["same"] = lambda z: z
    named = {id(getattr(p, name)): function for name, function in known.items()}
    gate, forget, candidate, output = (named[id(part)] for part in p.cases[case])
    phis = [gate, forget, candidate, gate]
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
            h = o * output(c)
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
        ours = p.train(p.cases[case])
    finally:
        settings["updates"] = kept
    np.testing.assert_allclose(ours, np.sort(np.mean(losses, axis=0)), rtol=1e-8)


def test_swap_averages_the_last_thirty_losses_of_every_variant(program):
    p = program("lstm/swap")
    assert set(p.finals) == set(p.cases) and len(p.labels) == len(p.cases)
    for name, finals in p.finals.items():
        assert finals.shape == (p.S,) and np.all(np.diff(finals) >= 0) and p.median[name] == np.median(finals)


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


@pytest.mark.parametrize("name, count", [("remedies/gru", 5), ("lstm/backward", 6)])
def test_a_gradient_checks_itself_honestly(program, name, count):
    """Each array of gradients once more against central differences, and the worst of the errors is not nothing."""
    p = program(name)
    assert 0 < p.worst < 1e-7 and p.stdout.count("True") == count and "False" not in p.stdout
    if count == 6:
        arrays, states = (p.x, p.h0, p.c0, p.W, p.U, p.b), lambda: p.forward(p.x, p.h0, p.c0, p.W, p.U, p.b)[0]
    else:
        arrays, states = (p.x, p.h0, p.W, p.U, p.b), lambda: p.forward(p.x, p.h0, p.W, p.U, p.b)[0]
    assert len(p.grads) == count == len(arrays)
    for gradient, array in zip(p.grads, arrays, strict=True):
        assert relative(gradient, central_difference(lambda: (p.weight * states()[1:]).sum(), array)) < 1e-7


def test_the_limit_of_a_sigmoid_layer_is_gausss_quadrature(program, torch):
    """√(E φ′² / Var φ) for standard normal z, by 60 nodes of Hermite polynomials."""
    p = program("remedies/batch_norm_depth")
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    phi = torch.sigmoid(torch.tensor(nodes)).numpy()
    variance = weights @ phi**2 - (weights @ phi) ** 2
    assert p.limit_sigmoid == pytest.approx(np.sqrt(weights @ (phi * (1 - phi)) ** 2 / variance), rel=1e-9)


def test_normalized_exponential_data_still_have_their_edge(program):
    """(x − 1) of an exponential never falls below −1, of a Gaussian every sixth value does."""
    p = program("remedies/batch_norm_shape")
    assert (
        (p.y < -1.001).mean() == 0 and (p.y < -0.99).any() and (p.y > 3).mean() == pytest.approx(np.exp(-4), rel=0.05)
    )


def test_what_each_step_adds_makes_up_autograds_gradient(program, torch):
    p = program("remedies/clip_floor")
    rng = np.random.default_rng(0)
    rng.standard_normal((p.H, p.H))
    noise = torch.tensor(np.array([0.3 * rng.standard_normal(p.H) for _ in range(p.T)]))
    U, h = torch.tensor(p.U, requires_grad=True), torch.zeros(p.H, dtype=torch.float64)
    for t in range(p.T):
        h = torch.tanh(h @ U + noise[t])
    (h * torch.tensor(1e-3 * rng.standard_normal(p.H))).sum().backward()
    whole = U.grad.numpy()
    np.testing.assert_allclose(p.parts.sum(axis=0), whole, rtol=0, atol=1e-13 * np.abs(whole).max())
    assert p.whole == pytest.approx(np.linalg.norm(whole), rel=1e-12)


@pytest.mark.parametrize("normalize", [False, True])
def test_batch_norm_training_is_pytorchs(program, torch, normalize):
    """One run: the same draws, PyTorch's gradients and descent, running means for what comes later."""
    p, seed, rate = program("remedies/batch_norm_training"), 1, 0.1
    rng = np.random.default_rng(seed)

    def spirals():
        t = np.sqrt(rng.random(p.points)) * 3 * np.pi
        arm = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / 5
        return torch.tensor(np.concatenate([arm, -arm])), torch.tensor(np.repeat([[0.0], [1.0]], p.points, axis=0))

    x, y = spirals()
    widths = [2] + [p.n] * (p.L - 1)
    weights = [torch.tensor(np.sqrt(2 / m) * rng.standard_normal((m, p.n)), requires_grad=True) for m in widths]
    shifts = [torch.zeros(p.n, dtype=torch.float64, requires_grad=True) for _ in widths]
    last = torch.zeros((p.n, 1), dtype=torch.float64, requires_grad=True)
    kept = [[torch.zeros(p.n, dtype=torch.float64)] * 2 for _ in widths]

    def output(h, training):
        for k, (W, shift) in enumerate(zip(weights, shifts, strict=True)):
            z = h @ W
            if normalize:
                now = [z.mean(dim=0), z.var(dim=0, unbiased=False)] if training else kept[k]
                if training:
                    kept[k] = [0.9 * old + 0.1 * new.detach() for old, new in zip(kept[k], now, strict=True)]
                z = (z - now[0]) / torch.sqrt(now[1] + 1e-5)
            h = torch.relu(z + shift)
        return h @ last

    descent = torch.optim.SGD([*weights, *shifts, last], lr=rate)
    for _ in range(p.updates):
        descent.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(output(x, True), y).backward()
        descent.step()
    x, y = spirals()
    with torch.no_grad():
        right = ((output(x, False) > 0) == (y > 0.5)).double().mean().item()
    assert p.train(normalize, rate, seed)[0] == pytest.approx(right, abs=0.011), "one point of 200 may fall elsewhere"


def test_chrono_averages_over_its_seeds_each_with_draws_of_its_own(program):
    p = program("lstm/chrono")
    for k, T in enumerate(p.lags[:2]):
        kept = {name: [] for name in p.curves}
        for seed in range(p.seeds):
            rng = np.random.default_rng(seed)
            b = np.log(rng.uniform(1, T - 1, p.H))
            for name, forget, enter in (("b_f = 1", 1.0, 0.0), ("b_f = 4", 4.0, 0.0), ("chrono", b, -b)):
                kept[name].append(p.kept(T, forget, enter, rng))
        for name, values in kept.items():
            assert p.curves[name][k] == pytest.approx(np.mean(values), rel=1e-12)


def test_the_rate_of_a_layer_leaves_out_the_four_at_each_end(program):
    p = program("remedies/batch_norm_depth")
    for (L, name, normalize), rate in p.rate.items():
        runs = [p.gradient_by_layer(name, normalize, L, seed) for seed in range(p.seeds)]
        logs, layers = np.log(runs).mean(axis=0), L - 8
        assert rate == pytest.approx(np.exp((logs[4] - logs[4 + layers]) / layers))
        np.testing.assert_allclose(p.middle[L, name, normalize], np.exp(logs))


def test_batch_norm_training_quotes_the_rates_it_names(program):
    p = program("remedies/batch_norm_training")
    by_rate = dict(zip(p.rates, p.right[True], strict=True))
    assert p.right[False][4] == dict(zip(p.rates, p.right[False], strict=True))[4.0]
    assert p.bn_lowest == min(share for rate, share in by_rate.items() if rate > 0.03)


def test_clipping_from_below_starts_where_it_says_and_shares_by_halves(program):
    p = program("remedies/clip_floor")
    assert p.plain[0] == p.lifted[0] == pytest.approx(np.sqrt(10))
    sizes = [np.sqrt((part**2).sum()) for part in p.parts]
    assert p.share_before == pytest.approx(sum(sizes[:30]) / sum(sizes))
    farther, nearer = p.ends.max(axis=1), p.ends.min(axis=1)
    assert len(p.ends) == p.starts and p.nearest == min(farther) and p.farthest == max(farther)
    assert p.closest == min(nearer) and p.largest_near == max(nearer) < p.nearest


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
    assert p.leaky_end == p.at_end[-3.0, p.leak]
    assert (p.relu_signal, p.leaky_signal) == (p.signal[-3.0, 0.0], p.signal[-3.0, p.leak])
    assert (p.relu_signal, p.leaky_signal) == (p.signal[-3.0, 0.0], p.signal[-3.0, p.leak])


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


def with_setting(function, **settings):
    """Call `function` of a program with other module-level constants; put them back."""
    kept = {name: function.__globals__[name] for name in settings}

    def called(*arguments):
        function.__globals__.update(settings)
        try:
            return function(*arguments)
        finally:
            function.__globals__.update(kept)

    return called


def adam_steps(torch, weights, loss_of, updates, rate, betas, clip=None):
    """The losses of `updates` steps of PyTorch's Adam; `loss_of()` builds the graph anew each time."""
    adam, losses = torch.optim.Adam(weights, lr=rate, betas=betas, eps=1e-8), []
    for _ in range(updates):
        loss = loss_of()
        losses.append(loss.item())
        adam.zero_grad()
        loss.backward()
        if clip:
            norm = torch.sqrt(sum((w.grad**2).sum() for w in weights))
            for weight in weights:
                weight.grad /= max(1, norm.item() / clip)
        adam.step()
    return losses


@pytest.mark.parametrize("start", ["identity", "random"])
def test_the_irnn_trains_as_autograd_and_pytorchs_adam_do(program, torch, start):
    p, seed, updates = program("remedies/irnn"), 1, 4
    rng = np.random.default_rng(seed)
    begin = {"identity": lambda rng: np.eye(p.H), "random": lambda rng: rng.uniform(-1, 1, (p.H, p.H)) / np.sqrt(p.H)}
    draws = [rng.standard_normal((2, p.H)) / np.sqrt(2), begin[start](rng), np.zeros(p.H)]
    draws += [rng.standard_normal((p.H, 1)) / np.sqrt(p.H), np.ones(1)]
    W, U, b, v, mean = weights = [torch.tensor(draw, requires_grad=True) for draw in draws]

    def loss():
        x, y = p.task(rng)
        h = torch.zeros(p.B, p.H, dtype=torch.float64)
        for t in range(p.T):
            h = torch.relu(torch.tensor(x[t]) @ W + h @ U + b)
        return ((h @ v + mean - torch.tensor(y)) ** 2).mean()

    expected = adam_steps(torch, weights, loss, updates, 0.003, (0.9, 0.99), clip=1)
    ours = with_setting(p.train, updates=updates)(begin[start], seed)
    np.testing.assert_allclose(ours, expected, rtol=1e-7)


def test_the_ends_of_the_irnn_are_those_of_its_two_starts(program):
    p = program("remedies/irnn")
    for name, start in (
        ("identity", lambda rng: np.eye(p.H)),
        ("random", lambda rng: rng.uniform(-1, 1, (p.H, p.H)) / np.sqrt(p.H)),
    ):
        assert p.share[name][0] == pytest.approx(np.mean(p.train(start, 0)[-50:]) / p.baseline)


@pytest.mark.parametrize("keep, scale", [(0, 1), (1, 1), (1, 0.2)])
def test_residual_training_is_that_of_autograd_and_pytorchs_adam(program, torch, keep, scale):
    p, gain, updates = program("remedies/residual_training"), 2, 4
    rng, seeds = np.random.default_rng(0), 2
    x, y = torch.tensor(np.array([p.spirals(rng) for _ in range(seeds)])), torch.tensor(p.y)
    V, w, W = (rng.standard_normal((seeds, *s)) for s in ((2, p.n), (p.n, 1), (p.L, p.n, p.n)))
    draws = [V / np.sqrt(2), w / np.sqrt(p.n), W * np.sqrt(gain / p.n), np.zeros((seeds, p.L, 1, p.n))]
    V, w, W, b = (draw[1] for draw in draws)
    V, w, W, b = weights = [torch.tensor(draw, requires_grad=True) for draw in (V, w, W, b)]

    def loss():
        h = x[1] @ V
        for k in range(p.L):
            branch = torch.relu(h) @ W[k] + b[k]
            h = keep * h + scale * branch
        return torch.nn.functional.binary_cross_entropy_with_logits(h @ w, y)

    expected = adam_steps(torch, weights, loss, updates, p.rate, (0.9, 0.99))
    ours, _ = with_setting(p.train, updates=updates, seeds=seeds)(keep, scale, gain)
    np.testing.assert_allclose(ours[:, 1], expected, rtol=1e-6)


def test_residual_training_names_its_variances_and_quotes_the_ends(program):
    p = program("remedies/residual_training")
    assert p.gains == {"1/(3n)": pytest.approx(1 / 3), "2/n (He)": 2}
    losses, right = p.runs["1/(3n)", "plain"]
    assert losses.shape == (p.updates, p.seeds) and right.shape == (p.seeds,) and p.stalled == min(losses[-1])
    assert p.kinds == {"plain": (0, 1), "shortcuts": (1, 1), "scaled": (1, pytest.approx(p.L**-0.5))}
    x, y = p.spirals(np.random.default_rng(0)), p.y
    radius, angle = np.hypot(*x[: p.points].T), np.arctan2(*x[: p.points].T[::-1])
    turns = (5 * radius - angle) / (2 * np.pi)  # an arm of Archimedes: the radius is a fifth of the angle
    assert np.abs(turns - turns.round()).max() < 0.2
    np.testing.assert_allclose(x[: p.points], -x[p.points :], atol=0.3)
    assert y[:, 0].tolist() == [0.0] * p.points + [1.0] * p.points


def test_pre_norm_doubles_its_depths_and_quotes_their_ends(program):
    p = program("remedies/pre_norm")
    assert np.all(p.depths[1:] == 2 * p.depths[:-1]) and p.deepest == p.depths[-1]
    for pre in (False, True):
        for L, value in zip(p.depths, p.last[pre], strict=True):
            assert value == pytest.approx(np.mean([p.weight_gradients(pre, L, seed)[-1] for seed in range(p.seeds)]))
    assert p.post_change == pytest.approx(p.last[False][-1] / p.last[False][0])
    assert p.ratio == pytest.approx(p.last[False][-1] / p.last[True][-1])


def test_pre_norm_compares_its_first_block_with_its_last(program):
    p = program("remedies/pre_norm")
    for pre, ratio in p.even.items():
        runs = [p.weight_gradients(pre, p.depths[-1], seed) for seed in range(p.seeds)]
        assert ratio == pytest.approx(np.mean([norms[0] / norms[-1] for norms in runs]), rel=1e-12)
    assert p.post_even == p.even[False]


def test_the_spread_of_plain_networks_is_that_of_its_seeds(program):
    p = program("remedies/residual_depth")
    firsts = [p.gradient_by_layer(0, 1, 2, seed)[0] for seed in range(p.seeds)]
    assert (p.lowest, p.highest) == (pytest.approx(min(firsts)), pytest.approx(max(firsts)))


def test_residual_depth_reaches_the_first_layer(program):
    p = program("remedies/residual_depth")
    for value, (keep, scale, gain, _, _) in zip(p.reach, p.kinds.values(), strict=True):
        runs = [p.gradient_by_layer(keep, scale, gain, seed) for seed in range(p.seeds)]
        assert value == pytest.approx(np.exp(np.mean([np.log(run[0]) for run in runs])))


def test_the_products_of_residual_jacobians_are_those_of_the_same_blocks(program):
    p = program("remedies/residual_jacobian")
    rng = np.random.default_rng(0)
    blocks = [p.block(rng) for _ in range(p.L + 1)][1:]  # the first is shown alone
    for scale, product in p.products.items():
        factors = [block if scale == 0 else np.eye(p.n) + scale * block for block in blocks]
        np.testing.assert_allclose(product, np.linalg.multi_dot(factors), rtol=1e-6, atol=1e-9)


def reached_by_pytorch(torch, p, kind, shared, gain, n, inputs, seed):
    """The scoreboard's signal by PyTorch's cells and normalizations and its forward-mode derivative."""
    rng, F = np.random.default_rng(seed), torch.nn.functional
    first, drawn = (torch.tensor(rng.standard_normal((p.batch, n))) for _ in range(2))
    gain = {"ReLU": 2**0.5, "tanh": 1}.get(kind, gain)
    matrices, xs = [], []
    for t in range(p.steps):
        if t == 0 or not shared:
            W = torch.tensor(
                gain * rng.standard_normal(({"highway": 2, "LSTM": 4, "GRU": 4}.get(kind, 1), n, n)) / np.sqrt(n)
            )
            W = torch.linalg.qr(W).Q if kind == "orthogonal" else W
        matrices.append(W)
        xs.append(torch.tensor(inputs * rng.standard_normal((p.batch, n))) if shared else torch.zeros_like(first))
    unit, biases = torch.eye(n, dtype=torch.float64), torch.zeros(4, n, dtype=torch.float64)
    biases[1] = 3.0  # of the forget gate of the LSTM and of the update gate of the GRU

    def moved(h, z, W):
        if kind == "residual":
            return h + torch.tanh(z) / p.steps**0.5
        if kind == "highway":
            return torch.lerp(torch.tanh(z), h, torch.sigmoid(h @ W[1] + biases[1]))
        if kind == "BN":
            z = F.batch_norm(z, None, None, training=True)
        if kind == "LN":
            z = F.layer_norm(z, (n,))
        return torch.relu(z) if kind == "ReLU" else torch.tanh(z)

    def last(h):
        c = first
        for W, x in zip(matrices, xs, strict=True):
            if kind == "LSTM":
                rows = torch.cat([W[1].T, W[2].T, W[0].T, W[3].T])
                h, c = torch.lstm_cell(
                    x, (h, c), unit.repeat(4, 1), rows, biases.flatten(), torch.zeros_like(rows[:, 0])
                )
            elif kind == "GRU":
                rows = torch.cat([W[2].T, W[1].T, W[0].T])
                h = torch.gru_cell(x, h, unit.repeat(3, 1), rows, biases[:3].flatten(), torch.zeros_like(rows[:, 0]))
            else:
                h = moved(h, h @ W[0] + x, W)
        return torch.cat([h, c]) if kind == "LSTM" else h

    return torch.func.jvp(last, (first,), (drawn / drawn.norm(),))[1].norm().item()


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("gain", [0.5, 3.0])
def test_every_kind_of_the_scoreboard_is_pytorchs(program, torch, shared, gain):
    p, n, inputs = program(f"remedies/scoreboard_{'time' if shared else 'depth'}"), 16, 0.3
    for kind in p.kinds:
        found = [reached_by_pytorch(torch, p, kind, shared, gain, n, inputs, seed) for seed in range(2)]
        ours = [p.signal(kind, gain, n, *([inputs] if shared else []), seed) for seed in range(2)]
        assert ours == pytest.approx(found, rel=1e-6, abs=0), kind
        # the cells hold these runs
        assert set(ours) <= set(p.cell[kind, gain]), kind


def test_truncation_quotes_ten_steps_and_the_first_that_is_enough(program):
    p = program("remedies/truncated_bptt")
    assert p.short_10 == dict(zip(p.steps, p.kept[0.8], strict=True))[10]
    assert p.long_10 == dict(zip(p.steps, p.kept[1.0], strict=True))[10]
    for need, radius in ((p.need_short, 0.8), (p.need, 1.0)):
        assert p.kept[radius][need - 1] > 0.9 and np.all(p.kept[radius][: need - 1] <= 0.9)


# -- rnn ---------------------------------------------------------------------------------------------------


def test_bptt_checks_itself_by_the_largest_relative_error(program):
    p = program("rnn/bptt")
    assert p.worst < 1e-7
    assert len(p.errors) == 4 and p.worst == max(p.errors) > 0
    numeric = central_difference(p.loss, p.params[1])
    assert p.errors[1] == pytest.approx(np.abs(p.grads[1] - numeric).max() / np.abs(numeric).max(), rel=0.5)
    assert all(len(np.unique(param.round(6))) == param.size for param in p.params), "numbers like any others"
    assert p.params[0].min() < 0 < p.params[0].max()


def test_the_weights_of_one_step_are_drawn_as_the_page_says(program):
    p = program("lstm/step")
    for weights in (p.W, p.U):
        bound = 1 / np.sqrt(p.H)
        assert np.abs(weights).max() <= bound and weights.max() > 0.6 * bound and weights.min() < -0.6 * bound


def test_the_fitted_factor_leaves_out_the_first_ten_steps(program):
    p = program("rnn/spectral")
    for (radius, scale), factor in p.fit.items():
        runs = [p.gradient_norms(radius, scale, np.random.default_rng(seed)) for seed in range(p.seeds)]
        assert factor == pytest.approx(np.exp(np.mean([np.log(run[-1] / run[10]) for run in runs]) / (p.T - 10)))
    told = [
        f"radius {radius}: per step {p.fit[radius, 1e-12]:.2f} linear, {p.fit[radius, 1.0]:.2f} saturating"
        for radius in p.radii
    ]
    assert p.stdout.splitlines() == told and len(told) > 1


def test_the_lead_is_the_updates_between_the_alarm_and_the_end(program):
    p = program("rnn/detect")
    for seed, lead in enumerate(p.leads):
        losses, norms, _ = p.train(seed, p.rate, 40)
        alarm = next(k for k in range(1, 40) if norms[k] > 100 * np.median(norms[max(0, k - 50) : k]))
        end = next(k for k, loss in enumerate(losses) if not np.isfinite(loss))
        assert lead == end - alarm


def test_depth_and_time_multiply_as_many_matrices_as_they_say(program):
    p = program("rnn/depth_vs_time")
    assert p.steps[-1] == p.T and len(p.norms(True, p.H, p.T, 0)) == p.T + 1
    for shared, (mean, spread) in p.rates.items():
        ends = [p.norms(shared, p.H, p.T, seed)[-1] for seed in range(p.seeds)]
        assert (mean, spread) == (pytest.approx(np.mean(ends)), pytest.approx(np.std(ends)))


def test_layer_norm_checks_itself_honestly(program, torch):
    p = program("remedies/layer_norm")
    assert 0 < p.worst < 1e-7
    x = torch.tensor(p.x, requires_grad=True)
    out = torch.nn.functional.layer_norm(x, (5,), torch.tensor(p.gamma), torch.tensor(p.beta))
    (torch.tensor(p.weight) * out).sum().backward()
    np.testing.assert_allclose(p.grads[0], x.grad.numpy(), atol=1e-10)


def test_the_pre_activations_of_layer_norm_are_pytorchs(program, torch):
    """The same network and inputs by PyTorch: left alone, normalized by the first step's statistics, by each example."""
    p = program("remedies/layer_norm")
    W, U = torch.tensor(p.W), torch.tensor(p.U)
    assert p.W.std() == pytest.approx(1 / np.sqrt(8), rel=0.1) and p.U.std() == pytest.approx(1 / np.sqrt(p.H), rel=0.1)
    for kind, deviations in p.sizes.items():
        rng, h = np.random.default_rng(1), torch.zeros((p.B, p.H), dtype=torch.float64)
        for t, deviation in enumerate(deviations):
            z = torch.tensor(rng.standard_normal((p.B, 8)) * (1 + t / 10)) @ W + h @ U
            if t == 0:
                first = z.mean(dim=0), z.std(dim=0, unbiased=False)
            if kind == "batch":
                z = (z - first[0]) / first[1]
            if kind == "layer":
                z = torch.nn.functional.layer_norm(z, (p.H,))
            assert deviation == pytest.approx(z.std(unbiased=False).item(), rel=1e-9)
            h = torch.tanh(z)
        assert len(deviations) == p.T


def test_initialization_quotes_forward_for_tanh_and_backward_for_relu(program):
    p = program("remedies/initialization")
    assert list(p.products["Xavier"]) == sorted(p.products["Xavier"], reverse=True)


@pytest.mark.parametrize("keep, scale", [(0, 1), (1, 1), (1, 0.3)])
def test_shattered_compares_the_gradients_of_autograd(program, torch, keep, scale):
    p, L, seed, lag = program("remedies/shattered"), 7, 3, 4
    rng = np.random.default_rng(seed)
    start, end, v = (torch.tensor(one) for one in rng.standard_normal((3, p.n)))
    angles = torch.tensor(p.angles)[:, None]
    first = (torch.cos(angles) * start + torch.sin(angles) * end).requires_grad_(True)
    h = first
    for _ in range(L):
        h = keep * h + scale * torch.relu(h) @ torch.tensor(np.sqrt(2 / p.n) * rng.standard_normal((p.n, p.n)))
    (h @ v).sum().backward()
    expected = torch.nn.functional.cosine_similarity(first.grad[lag:], first.grad[:-lag]).mean().item()
    assert p.likeness(L, keep, scale, seed) == pytest.approx(expected, rel=1e-9)
    assert p.curves[0][-1] < p.curves[1][-1] < p.curves[2][-1] and p.curves[0][0] > 0.9


def test_a_branch_has_as_many_zeros_as_units_that_are_off(program):
    p = program("remedies/residual_jacobian")
    first = p.block(np.random.default_rng(0))
    off = int((first == 0).all(axis=1).sum())
    assert p.zeros == off == p.n - np.linalg.matrix_rank(first) and 0 < off < p.n


# -- home --------------------------------------------------------------------------------------------------


def test_the_story_runs_the_biases_that_its_labels_name(program):
    p = program("home/story")
    for name, end in p.ends.items():
        bias = None if name == "RNN" else float(name.partition("= ")[2])
        rngs = [np.random.default_rng(seed) for seed in range(p.seeds)]
        runs = [p.rnn(rng) if bias is None else p.lstm(bias, rng) for rng in rngs]
        assert end == np.median([run[-1] for run in runs]), name

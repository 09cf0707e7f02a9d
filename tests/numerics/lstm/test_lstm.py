"""Chapter lstm/: what must come out, against closed forms, central differences and PyTorch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numeric import central_difference, lines_of, relative

sizes = st.integers(1, 5)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def torch_lstm(torch, W, U, b):
    """torch.nn.LSTM in float64 with our weights; its second bias is 0."""
    net = torch.nn.LSTM(W.shape[0], U.shape[0]).double()
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), (W.T, U.T, b, 0 * b), strict=True):
            parameter.copy_(torch.tensor(value))
    return net


def random_lstm(T, B, D, H, seed):
    rng = np.random.default_rng(seed)
    x, h, c, readout = (rng.standard_normal(s) for s in ((T, B, D), (B, H), (B, H), (T, B, H)))
    W, U, b = (rng.standard_normal(s) for s in ((D, 4 * H), (H, 4 * H), (4 * H,)))
    return x, h, c, W, U, b, readout


# -- gates.md ----------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(B=sizes, D=sizes, H=sizes, seed=st.integers(0, 99))
def test_one_step_equals_pytorch(program, torch, B, D, H, seed):
    x, h, c, W, U, b, _ = random_lstm(1, B, D, H, seed)
    new_h, new_c, gates = program("lstm/step").lstm_step(x[0], h, c, W, U, b)
    _, (h_torch, c_torch) = torch_lstm(torch, W, U, b)(torch.tensor(x), (torch.tensor(h[None]), torch.tensor(c[None])))
    assert relative(new_h, h_torch[0].detach().numpy()) < 1e-10
    assert relative(new_c, c_torch[0].detach().numpy()) < 1e-10
    assert [g.shape for g in gates] == [(B, H)] * 4


def test_parameter_count(program, torch):
    p = program("lstm/step")
    count = sum(q.numel() for q in torch.nn.LSTM(p.D, p.H).parameters())
    assert p.pytorch == count
    assert p.params == p.formula == count - 4 * p.H == p.W.size + p.U.size + p.b.size


def test_hand_set_gates_hold_the_value_exactly(program):
    p = program("lstm/gates")
    assert p.drift == 0 and p.first == np.tanh(p.x[5]) and p.c[30] == np.tanh(p.x[30])
    assert np.all(p.c[:5] == 0) and np.all(p.c[5:25] == p.first)
    assert np.all(p.c[25:30] == 0) and np.all(p.c[30:] == p.c[30])
    shown = np.zeros(41)
    shown[20], shown[38] = np.tanh(p.first), np.tanh(p.c[30])
    np.testing.assert_array_equal(p.h, shown)
    assert p.read == np.tanh(np.tanh(p.x[5]))


def test_two_biases_move_as_one_at_twice_the_rate(program, torch):
    p = program("lstm/two_biases")
    assert p.apart < 1e-9 and p.moved_two == pytest.approx(2 * p.moved)
    assert p.both == pytest.approx(1 / (1 + np.exp(-2)))
    assert sigmoid(p.two[-1]) == pytest.approx(p.wanted, abs=0.02)
    # the same by autograd
    rng, biases = np.random.default_rng(0), [torch.tensor(0.5, dtype=torch.float64) for _ in range(2)]
    for update in range(3):
        for bias in biases:
            bias.requires_grad_(True)
        c = target = torch.zeros(p.B, dtype=torch.float64)
        for _ in range(p.T):
            x = torch.tensor(rng.standard_normal(p.B))
            c, target = torch.sigmoid(sum(biases)) * c + x, p.wanted * target + x
        (((c - target) ** 2).mean() / 2).backward()
        with torch.no_grad():
            biases = [bias - p.rate * bias.grad for bias in biases]
        assert p.two[update + 1] == pytest.approx(float(sum(biases)), rel=1e-12)
    # and PyTorch's own two biases
    net = torch.nn.LSTM(2, 3)
    net(torch.ones(4, 1, 2))[0].square().sum().backward()
    assert torch.equal(net.bias_ih_l0.grad, net.bias_hh_l0.grad) and net.bias_ih_l0.grad.abs().min() > 0


# -- activations.md ----------------------------------------------------------------------------------------


def test_bounds_of_candidate_and_output(program):
    p = program("lstm/bounded")
    assert (p.states["relu"][9], p.states["relu"][99], p.states["relu"][999]) == (5, 50, 500)
    assert p.states["tanh"][999] == pytest.approx(1000 * np.tanh(0.5))
    assert 0.99 < p.bounded <= 1 and p.unbounded == 500
    for (_, output), h in p.outputs.items():
        assert (max(h) <= 1) == (output == "tanh")
    np.testing.assert_allclose(p.states["relu"], 0.5 * np.arange(1, 1001))


def test_swap_learns_and_the_forget_gate_matters_most(program):
    median = program("lstm/swap").median
    # predicting 0 has error 1; every variant has learned something
    assert max(median.values()) < 0.5
    assert median["z/4 + 1/2"] < 1.5 * median["1/(1+exp(-z))"] < median["f = z"]
    assert median["f = 1"] > 2 * median["1/(1+exp(-z))"]


@pytest.mark.parametrize("name", ["smooth", "hard", "same", "one"])
def test_the_derivatives_in_swap_are_those_of_the_functions(program, name):
    function, slope = getattr(program("lstm/swap"), name)
    z = np.array([-2.7, -1.3, -0.4, 0.3, 0.9, 1.6, 3.2])
    np.testing.assert_allclose(slope(z), (function(z + 1e-6) - function(z - 1e-6)) / 2e-6, atol=1e-8)


def test_the_functions_in_swap_are_the_usual_ones(program, torch):
    p, z = program("lstm/swap"), torch.linspace(-4, 4, 17, dtype=torch.float64)
    np.testing.assert_allclose(p.smooth[0](z.numpy()), torch.sigmoid(z).numpy(), atol=1e-12)
    np.testing.assert_allclose(p.hard[0](z.numpy()), np.clip(0.25 * z.numpy() + 0.5, 0, 1))
    assert np.all(p.one[0](z.numpy()) == 1) and np.all(p.same[0](z.numpy()) == z.numpy())


# -- backward.md -------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=15)
@given(T=st.integers(1, 5), B=st.integers(1, 3), D=st.integers(1, 3), H=st.integers(1, 3), seed=st.integers(0, 99))
def test_backward_equals_central_differences(program, T, B, D, H, seed):
    p = program("lstm/backward")
    x, h0, c0, W, U, b, readout = random_lstm(T, B, D, H, seed)

    def loss():
        h, c, total = h0, c0, 0.0
        for t in range(T):
            i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            total += (readout[t] * h).sum()
        return total

    grads = p.backward(readout, x, *p.forward(x, h0, c0, W, U, b), W, U)
    for array, gradient in zip((x, h0, c0, W, U, b), grads, strict=True):
        numeric = central_difference(loss, array)
        np.testing.assert_allclose(gradient, numeric, rtol=0, atol=1e-7 * max(1, np.abs(numeric).max()))


@settings(deadline=None, max_examples=30)
@given(T=st.integers(1, 9), B=sizes, D=sizes, H=sizes, seed=st.integers(0, 999))
def test_forward_and_backward_equal_pytorch(program, torch, T, B, D, H, seed):
    p = program("lstm/backward")
    x, h0, c0, W, U, b, readout = random_lstm(T, B, D, H, seed)
    net = torch_lstm(torch, W, U, b)
    inputs = [torch.tensor(a, requires_grad=True) for a in (x, h0[None], c0[None])]
    out, (_, c_last) = net(inputs[0], (inputs[1], inputs[2]))
    (out * torch.tensor(readout)).sum().backward()
    hs, cs, gates = p.forward(x, h0, c0, W, U, b)
    np.testing.assert_allclose(hs[1:], out.detach().numpy(), rtol=0, atol=1e-10)
    np.testing.assert_allclose(cs[-1], c_last[0].detach().numpy(), rtol=0, atol=1e-10)
    dx, dh, dc, dW, dU, db = p.backward(readout, x, hs, cs, gates, W, U)
    weights = [q.grad.numpy() for q in net.parameters()]
    expected = (inputs[0].grad, inputs[1].grad[0], inputs[2].grad[0], weights[0].T, weights[1].T, weights[2])
    for ours, theirs in zip((dx, dh, dc, dW, dU, db), expected, strict=True):
        theirs = np.asarray(theirs)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10 * max(1, np.abs(theirs).max()))


def test_forward_keeps_float32(program):
    p = program("lstm/backward")
    arrays = [a.astype(np.float32) for a in random_lstm(3, 2, 2, 3, 0)]
    hs, cs, gates = p.forward(*arrays[:6])
    grads = p.backward(arrays[6], arrays[0], hs, cs, gates, arrays[3], arrays[4])
    assert {a.dtype for a in (hs, cs, *gates[0], *grads)} == {np.dtype("float32")}


def test_the_published_bug_is_right_for_one_step_and_wrong_for_more(program, torch):
    p = program("lstm/backward_bug")
    assert p.median[0] == 0 and np.all(p.errors[:, 0] == 0)
    assert np.all(p.errors[:, 1:] > 0.1), "10 % and more from two steps on"
    assert p.smallest_5 == p.errors[:, 4].min() and p.median[4] == np.median(p.errors[:, 4])
    for T in (1, 4):  # and "right" is right
        rng = np.random.default_rng(7)
        x, U = rng.standard_normal((T, 4 * p.H)), rng.standard_normal((p.H, 4 * p.H)) / np.sqrt(p.H)
        h, c = (torch.tensor(rng.standard_normal(p.H)) for _ in range(2))
        weights = torch.tensor(U, requires_grad=True)
        for t in range(T):
            i, f, g, o = torch.chunk(torch.tensor(x[t]) + h @ weights, 4)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        h.sum().backward()
        np.testing.assert_allclose(p.gradient(T, False, 7), weights.grad.numpy(), atol=1e-12)


# -- time-scale.md -----------------------------------------------------------------------------------------


def test_time_constants(program):
    p = program("lstm/time_constant")
    for f, tau in ((0.5, 1.44), (0.731, 3.19), (0.9, 9.49), (0.99, 99.5)):
        assert p.taus[f] == pytest.approx(-1 / np.log(f)) == pytest.approx(tau, rel=2e-3)
    for label, (x, y) in lines_of(p.figures[0]).items():
        np.testing.assert_allclose(y, float(label.split(",")[0].removeprefix("f = ")) ** x)
    assert sigmoid(p.bias) ** 100 == pytest.approx(1 / 2) == pytest.approx(p.half**100)


def test_the_time_scale_changes_with_the_input(program):
    p = program("lstm/dynamic_scale")
    for x, tau in ((0.0, p.tau[0.0]), (1.0, p.tau[1.0])):
        assert tau == pytest.approx(-1 / np.log(sigmoid(-6 * x + 5)))
    assert p.ratio > 10, "more than an order of magnitude"
    assert p.c[30] == pytest.approx(sigmoid(5) ** 30)
    assert p.c[33] == pytest.approx(sigmoid(5) ** 30 * sigmoid(-1) ** 3)


def test_chrono_initialization_spans_every_lag(program):
    p = program("lstm/chrono")
    # ∫₀¹ exp(−1/s) ds = e⁻¹ − E₁(1)
    euler, terms, total = 0.5772156649015329, 1.0, 0.0
    for k in range(1, 30):
        terms *= -1.0 / k
        total -= terms / k
    assert p.expected == pytest.approx(np.exp(-1) - (total - euler), abs=1e-6)
    for value in p.curves["chrono"]:
        assert value == pytest.approx(p.expected, rel=0.25)
    assert p.curves["b_f = 1"][2] < 1e-10 and p.curves["b_f = 4"][4] < 1e-4
    for T, value in zip(p.lags, p.curves["b_f = 4"], strict=True):
        # gates wander around σ(4) as inputs come in; over T steps their logarithms add up
        assert np.log(value) == pytest.approx(T * np.log(sigmoid(4)), rel=0.35)


# -- vs-rnn.md ---------------------------------------------------------------------------------------------


def full_jacobian(torch, step, c0, H, T):
    c = c0.clone().requires_grad_(True)
    h, state = torch.zeros(H, dtype=torch.float64), c
    for t in range(T):
        h, state = step(t, h, state)
    rows = [torch.autograd.grad(state[k], c, retain_graph=True)[0] for k in range(H)]
    return torch.stack(rows).detach().numpy()  # [k, j] = ∂c_T[k]/∂c_0[j]


@pytest.mark.parametrize("bias", [0, 4])
def test_forget_bias_measures_the_full_jacobian(program, torch, bias):
    p, rng = program("lstm/forget_bias"), np.random.default_rng(1)
    k = 1 / np.sqrt(p.H)
    U = torch.tensor(rng.uniform(-k, k, (p.H, 4 * p.H)))
    inputs = torch.tensor(np.array([rng.standard_normal(4 * p.H) * k for _ in range(8)]))
    shift = torch.zeros(4 * p.H, dtype=torch.float64)
    shift[p.H : 2 * p.H] = bias  # the program lays out f, i, g, o; torch.chunk below follows it
    shift = torch.cat([shift[p.H : 2 * p.H], shift[: p.H], shift[2 * p.H :]])

    def step(t, h, c):
        f, i, g, o = torch.chunk(inputs[t] + h @ U + shift, 4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    expected = np.linalg.norm(full_jacobian(torch, step, torch.zeros(p.H, dtype=torch.float64), p.H, 8), 2)
    assert p.lstm_norms(bias, 1)[8] == pytest.approx(expected)


def test_bias_zero_vanishes_and_an_open_gate_holds_as_an_rnn_of_fitting_gain_does(program):
    p = program("lstm/forget_bias")
    assert p.ends[0] < 1e-10 * p.end_rnn
    assert p.ends[0] < p.ends[1] < p.end_rnn and p.ends[1] < p.ends[2] < p.ends[4]
    assert 0.1 < p.ends[2] < 10 and 0.1 < p.end_rnn < 10 and p.ends[4] > 1
    assert [f.get_label() for f in p.figures] == [f"b_f = {b}" for b in (0, 1, 2, 4)]
    assert len({f.axes[0].get_ylim() for f in p.figures}) == 1


def test_the_rnn_beside_it_has_an_orthogonal_start_and_is_measured_whole(program, torch):
    p, rng = program("lstm/forget_bias"), np.random.default_rng(2)
    U = torch.tensor(p.gain * np.linalg.qr(rng.standard_normal((p.H, p.H)))[0])
    inputs = [torch.tensor(rng.standard_normal(p.H) / np.sqrt(p.H)) for _ in range(p.T)]

    def last(h):
        for x in inputs:
            h = torch.tanh(h @ U + x)
        return h

    jacobian = torch.autograd.functional.jacobian(last, torch.zeros(p.H, dtype=torch.float64))
    assert p.rnn_norms(2)[-1] == pytest.approx(torch.linalg.matrix_norm(jacobian, 2).item())


@pytest.mark.parametrize("bias", [0, 2])
@pytest.mark.parametrize("cut", ["nothing", "h", "cell"])
def test_paths_are_cut_where_they_say(program, torch, bias, cut):
    """By autograd, with the cut path detached; from the program's own draws."""
    p, rng = program("lstm/paths"), np.random.default_rng(3)
    k = 1 / np.sqrt(p.H)
    U = torch.tensor(rng.uniform(-k, k, (p.H, 4 * p.H)))
    inputs = torch.tensor(np.array([k * rng.standard_normal(4 * p.H) for _ in range(p.T)]))

    def last(c0):
        h, c = torch.zeros(p.H, dtype=torch.float64), c0
        for t in range(p.T):
            i, f, g, o = torch.chunk((h.detach() if cut == "h" else h) @ U + inputs[t], 4)
            before = c.detach() if cut == "cell" and t else c
            gate = torch.sigmoid(f + bias)
            # the gate's own derivative multiplies the value of c, which is no path of c's gradient
            c = gate * before + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        return c

    expected = torch.autograd.functional.jacobian(last, torch.zeros(p.H, dtype=torch.float64))
    options = {"nothing": {}, "h": {"by_h": 0}, "cell": {"by_cell": 0}}[cut]
    assert p.left(bias, 3, **options) == pytest.approx(torch.linalg.matrix_norm(expected, 2).item(), rel=1e-6)


def test_the_paths_quoted_are_medians_and_neither_alone_is_the_whole(program):
    p = program("lstm/paths")
    for bias, whole, alone in ((0, p.full[2], p.cell[2]), (2, p.full[4], p.cell[4]), (4, p.full[6], p.cell[6])):
        assert whole == np.median([p.left(bias, seed) for seed in range(p.seeds)])
        assert alone == np.median([p.left(bias, seed, by_h=0) for seed in range(p.seeds)])
    assert p.half == np.median([p.left(2, seed, scale=0.5) for seed in range(p.seeds)])
    # without recurrent weights nothing but the cell is left, whatever is cut
    assert p.left(2, 0, scale=0) == pytest.approx(p.left(2, 0, scale=0, by_h=0))
    assert max(p.no_cell, p.cell[4]) < 1e-4 * p.full[4]


@pytest.mark.parametrize("scale", [0, 1, 8])
def test_cell_path_measures_both_products(program, torch, scale):
    p, rng = program("lstm/cell_path"), np.random.default_rng(4)
    U = torch.tensor(scale * rng.standard_normal((p.H, 4 * p.H)) / np.sqrt(p.H))
    inputs = torch.tensor(np.array([rng.standard_normal(4 * p.H) for _ in range(6)]))
    kept = torch.ones(p.H, dtype=torch.float64)

    def step(t, h, c):
        nonlocal kept
        i, f, g, o = torch.chunk(inputs[t] + h @ U, 4)
        forget = torch.sigmoid(f + p.bias)
        kept = kept * forget.detach()
        c = forget * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    expected = np.linalg.norm(full_jacobian(torch, step, torch.zeros(p.H, dtype=torch.float64), p.H, 6), 2)
    full, cell = p.both_paths(scale, 4)
    assert full[6] == pytest.approx(expected) and cell[6] == pytest.approx(kept.max().item())


def test_full_gradient_equals_the_gates_without_recurrence_and_explodes_with_it(program):
    p = program("lstm/cell_path")
    assert p.result[0][2] < 1e-15
    assert p.result[8][0] > 1e6 and p.result[8][1] < 1e-8, "the full gradient explodes while ∏f vanishes"
    assert p.result[1][0] > 100 * p.result[1][1]


# -- home --------------------------------------------------------------------------------------------------


def test_story_measures_the_true_gradient(program, torch):
    p, bias, scale = program("home/story"), 2.0, 1.5
    U, inputs, end = (torch.tensor(one) for one in p.drawn(3, 4 * p.H, scale))
    h = c = torch.zeros(p.H, dtype=torch.float64)
    states, kept = [], torch.ones(p.H, dtype=torch.float64)
    for t in range(p.T):
        i, f, g, o = torch.chunk(inputs[t] + h @ U, 4)
        c = torch.sigmoid(f + bias) * c + torch.sigmoid(i) * torch.tanh(g)
        if t in (p.T - 21, p.T - 1):
            c.requires_grad_(True)
            states.append(c)
        if t > p.T - 21:
            kept = kept * torch.sigmoid(f + bias).detach()
        h = torch.sigmoid(o) * torch.tanh(c)
    (back,) = torch.autograd.grad((states[1] * end).sum(), states[0])
    full, cell = p.lstm(bias, scale, 3)
    assert full[20] == pytest.approx((back.norm() / end.norm()).item())
    assert cell[20] == pytest.approx(((kept * end).norm() / end.norm()).item())


def test_story_tells_both_lessons(program):
    p = program("home/story")
    assert p.ends["RNN"] < 1e-15 and p.ends["LSTM, b_f = 0"] < 1e-15 and 0.05 < p.ends["LSTM, b_f = 2"] < 5
    assert p.cell[-1] < 1e-4 and p.half < p.ends["LSTM, b_f = 2"] / 50


def test_story_rnn_is_the_plain_product(program):
    p = program("home/story")
    U, inputs, g = p.drawn(1, p.H, 2.0)
    h, jacobians = np.zeros(p.H), []
    for x in inputs:
        h = np.tanh(h @ U + x)
        jacobians.append(U * (1 - h**2))
    back = g
    for jacobian in reversed(jacobians[-10:]):
        back = jacobian @ back
    assert p.rnn(2.0, 1)[10] == pytest.approx(np.linalg.norm(back) / np.linalg.norm(g))


def test_story_draws_as_pytorch_does(program):
    """Weights uniform in ±1/√H, inputs of the same variance, and no two networks alike."""
    p = program("home/story")
    U, inputs, _ = (np.array(one) for one in zip(*(p.drawn(seed, 4 * p.H, 1) for seed in range(p.seeds)), strict=True))
    assert np.abs(U).max() * np.sqrt(p.H) == pytest.approx(1, abs=1e-3)
    assert U.std() == pytest.approx(1 / np.sqrt(3 * p.H), rel=0.01) and abs(U.mean()) < 0.003
    assert inputs.std() == pytest.approx(1 / np.sqrt(p.H), rel=0.01)
    alike = np.corrcoef(U.reshape(p.seeds, -1)) - np.eye(p.seeds)
    assert np.abs(alike).max() < 0.05

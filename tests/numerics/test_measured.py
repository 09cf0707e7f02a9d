"""What the programs say they measured, measured once more: from their own parts, or by PyTorch from the same draws.

`make mutation` told which of them no other test would have noticed.
"""

import numpy as np
import pytest
from numeric import filled, lstm_step, with_setting

# -- lstm --------------------------------------------------------------------------------------------------


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
        h, c = lstm_step(torch, torch.tensor(x[t]) + h @ weights[t], c)
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
    bias = np.concatenate([-b, b, np.zeros(2 * p.H)])
    cell = filled(torch, torch.nn.LSTMCell(1, p.H).double(), W.T, U.T, bias, 0 * bias)
    with torch.no_grad():
        h = c = torch.zeros(1, p.H, dtype=torch.float64)
        product = 1
        for x in inputs:
            row = torch.tensor(x[None])
            z = row @ cell.weight_ih.T + h @ cell.weight_hh.T + cell.bias_ih
            product = product * torch.sigmoid(z[:, p.H : 2 * p.H])
            h, c = cell(row, (h, c))
    assert p.kept(T, b, -b, np.random.default_rng(2)) == pytest.approx(product.mean().item(), rel=1e-10)


@pytest.mark.parametrize("case", ["1/(1+exp(-z))", "z/4 + 1/2", "f = z", "f = 1"])
def test_swap_trains_as_autograd_and_pytorchs_adam_do(program, torch, case):
    """Three updates of all seeds, from the same draws."""
    p, updates = program("lstm/swap"), 3
    S, T, B, H = p.S, p.T, p.B, p.H
    known = {"smooth": torch.sigmoid, "hard": lambda z: torch.clamp(z / 4 + 0.5, 0, 1), "one": torch.ones_like}
    known["same"] = lambda z: z
    named = {id(getattr(p, name)): function for name, function in known.items()}
    gate, forget = (named[id(part)] for part in p.cases[case])
    rng, k = np.random.default_rng(0), 1 / np.sqrt(H)
    shapes = ((3 + H, 4 * H), (H, 1))
    weights = [torch.tensor(rng.uniform(-k, k, (S, *shape)), requires_grad=True) for shape in shapes]
    with torch.no_grad():
        weights[0][:, 0, H : 2 * H] += 1
    adam = torch.optim.Adam(weights, lr=p.rate, betas=(0.9, 0.99), eps=1e-8)
    losses = []
    for _ in range(updates):
        number = rng.standard_normal((T, S, B))
        mark = np.concatenate([np.ones((1, S, B), bool), rng.random((T - 1, S, B)) < 0.2])
        x = torch.tensor(np.stack([np.ones_like(number), number, mark], axis=-1))
        newest = T - 1 - np.argmax(mark[::-1], axis=0)  # where the last mark is
        wanted = np.take_along_axis(number, newest[None], axis=0)[0]
        h = c = torch.zeros(S, B, H, dtype=torch.float64)
        for x_t in x:
            i, f, g, o = torch.chunk(torch.cat([x_t, h], dim=-1) @ weights[0], 4, dim=-1)
            c = forget(f) * c + gate(i) * torch.tanh(g)
            h = gate(o) * torch.tanh(c)
        per_seed = ((h @ weights[1] - torch.tensor(wanted)[..., None]) ** 2).mean(dim=(1, 2))
        losses.append(per_seed.detach().numpy())
        adam.zero_grad()
        per_seed.sum().backward()
        adam.step()
    ours = with_setting(p.train, updates=updates)(*p.cases[case])
    np.testing.assert_allclose(ours, np.mean(losses, axis=0), rtol=1e-8)


# -- remedies ----------------------------------------------------------------------------------------------


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


def reached_by_pytorch(torch, p, kind, board, gain, n, inputs, seed):
    """The scoreboard's signal by PyTorch's cells and normalizations and its forward-mode derivative."""
    rng, F = np.random.default_rng(seed), torch.nn.functional
    first, drawn = (torch.tensor(rng.standard_normal((p.batch, n))) for _ in range(2))
    gain = {"ReLU": 2**0.5, "tanh": 1}.get(kind, gain)
    matrices, xs, shared = [], [], board != "depth"
    many = {"depth": 2, "time": 1, "gates": 4}[board]
    for t in range(p.steps):
        if t == 0 or not shared:
            W = torch.tensor(gain * rng.standard_normal((many, n, n)) / np.sqrt(n))
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


@pytest.mark.parametrize("board", ["depth", "time", "gates"])
@pytest.mark.parametrize("gain", [0.5, 3.0])
def test_every_kind_of_the_scoreboards_is_pytorchs(program, torch, board, gain):
    p, n, inputs, shared = program(f"remedies/scoreboard_{board}"), 16, 0.3, board != "depth"
    kinds = {"depth": "layer", "time": "step", "gates": "cells"}[board]
    for kind, step in getattr(p, kinds).items():
        found = [reached_by_pytorch(torch, p, kind, board, gain, n, inputs, seed) for seed in range(2)]
        which = step if board == "gates" else kind
        ours = [p.signal(which, gain, n, *([inputs] if shared else []), seed) for seed in range(2)]
        assert ours == pytest.approx(found, rel=1e-6, abs=0), kind
        # the cells hold these runs
        assert set(ours) <= set(p.cell[kind, gain]), kind


# -- rnn ---------------------------------------------------------------------------------------------------


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


# -- home --------------------------------------------------------------------------------------------------


def test_the_story_runs_the_biases_that_its_labels_name(program):
    p = program("home/story")
    for name, end in p.ends.items():
        bias = None if name == "RNN" else float(name.partition("= ")[2])
        runs = [p.rnn(1, seed) if bias is None else p.lstm(bias, 1, seed)[0] for seed in range(p.seeds)]
        assert end == np.median([run[-1] for run in runs]), name


# -- programs that check themselves ------------------------------------------------------------------------

CHECKED = ["rnn/bptt", "lstm/backward", "remedies/gru", "remedies/batch_norm", "remedies/layer_norm"]


@pytest.mark.parametrize("name", CHECKED)
def test_a_program_that_checks_its_gradient_finds_the_error_of_rounding_and_no_more(program, name):
    p = program(name)
    assert 0 < p.worst < 1e-7 and "False" not in p.stdout

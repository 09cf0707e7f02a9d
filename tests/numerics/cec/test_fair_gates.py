"""The gate's fair rival, the learned query and the linear recurrence against PyTorch, closed forms and brute force."""

import math

import numpy as np
import pytest
import sweep


def normal_tail(a):
    return math.erfc(a / math.sqrt(2)) / 2


# -- cec/ungated and bench/sweeps/gates_resolve.py -----------------------------------------------------------


def test_two_relus_leak_what_a_normal_input_has_beyond_four(program):
    p = program("cec/ungated")
    for (T, scale), other in zip(p.settings, p.summed, strict=True):
        a = 4 / scale  # E[max(|x| − a, 0)²] of a normal x, twice one side's
        density = math.exp(-a * a / 2) / math.sqrt(2 * math.pi)
        leak = 2 * ((1 + a * a) * normal_tail(a) - a * density)
        assert other == pytest.approx((T - 1) * leak, rel=0.35 if scale == 1 else 0.02)


def test_the_gate_has_no_range_and_the_pair_none_of_the_gates_leak(program):
    p = program("cec/ungated")
    x = np.linspace(-50, 50, 101)
    for m in (0, 1):
        np.testing.assert_allclose(p.gate(3 * x, m), 3 * p.gate(x, m))
    np.testing.assert_array_equal(p.pair(x, 1), x)
    inside = np.abs(x) <= 4
    assert np.all(p.pair(x[inside], 0) == 0) and np.all(p.pair(x[~inside], 0) != 0)
    at, off = p.gate(1, 1), p.gate(1, 0)
    for (T, _), one in zip(p.settings, p.gated, strict=True):
        assert one == pytest.approx((at - 1) ** 2 + (T - 1) * off**2, rel=0.03)
    learned = program("cec/input_gate")
    np.testing.assert_allclose((learned.w, learned.u, learned.b), (1.8, 5.6, -5.4), atol=0.06)


@pytest.mark.parametrize("task", ["input", "output"])
@pytest.mark.parametrize("side", ["gate", "tanh", "relu"])
def test_the_sweeps_expected_loss_is_that_of_drawn_sequences_and_its_gradient_autograds(torch, task, side):
    s, rng = sweep.read("gates_resolve"), np.random.default_rng(3)
    enter = s.gate if side == "gate" else s.units(side)
    count, K = (3, 1) if side == "gate" else (4, 3)
    params = [rng.standard_normal((1, K, 1)) for _ in range(count)]
    length = 6
    e, r, by_at, by_off = s.misses(enter, params, s.GRID, task)
    loss, pulls = s.expected(e, r, length, task)

    x = rng.standard_normal((length if task == "input" else 1, 400_000))
    at, off = enter(params, x[:1], 1)[0][0], [enter(params, row[None], 0)[0][0] for row in x[1:]]
    if task == "input":
        drawn = ((at - x[:1] + sum(off)) ** 2).mean()
    else:
        drawn = ((at - x) ** 2 + (length - 1) * enter(params, x, 0)[0][0] ** 2).mean()
    assert loss.item() == pytest.approx(drawn, rel=0.02)

    tensors = [torch.tensor(p, requires_grad=True) for p in params]
    grid, p = torch.from_numpy(s.GRID), torch.from_numpy(s.P)

    def entering(m):
        if side == "gate":
            w, u, b = tensors
            return (torch.sigmoid(u * m + b) * w * grid)[0]
        w, a, d, v = tensors
        z = w * grid + a * m + d
        return (v * (torch.tanh(z) if side == "tanh" else torch.relu(z))).sum(1)

    miss, leak = entering(1.0) - grid, entering(0.0)
    if task == "input":
        total = ((p * miss).sum() + (length - 1) * (p * leak).sum()) ** 2
        for part, many in ((miss, 1), (leak, length - 1)):
            total = total + many * ((p * part**2).sum() - (p * part).sum() ** 2)
    else:
        total = (p * miss**2).sum() + (length - 1) * (p * leak**2).sum()
    assert loss.item() == pytest.approx(total.item(), rel=1e-10)
    for expected, one, other in zip(torch.autograd.grad(total / 2, tensors), by_at, by_off, strict=True):
        ours = (pulls[0] * one + pulls[1] * other).sum(axis=-1, keepdims=True)
        np.testing.assert_allclose(ours, expected.numpy(), rtol=1e-9, atol=1e-12)


# -- remedies/attention and attention_scale ------------------------------------------------------------------


def attend(torch, h, q, v):
    a = torch.softmax(h @ q / np.sqrt(h.shape[-1]), 0)
    return (a * (h @ v)).sum(0)


@pytest.mark.parametrize("kind", ["last", "mean", "query"])
def test_the_gradient_at_the_first_state_is_autograds(program, torch, kind):
    p, T = program("remedies/attention"), 7
    h, U, v = p.run(T, np.random.default_rng(1))
    q = {"last": None, "mean": np.zeros(p.H), "query": np.random.default_rng(2).standard_normal(p.H)}[kind]
    drive = np.arctanh(h) - np.concatenate([np.zeros((1, p.N, p.H)), h[:-1]]) @ U
    states = [torch.tensor(h[0], requires_grad=True)]
    for t in range(1, T):
        states.append(torch.tanh(torch.from_numpy(drive[t]) + states[-1] @ torch.from_numpy(U)))
    tv = torch.from_numpy(v)
    y = states[-1] @ tv if q is None else attend(torch, torch.stack(states), torch.from_numpy(q), tv)
    (g,) = torch.autograd.grad(y.sum(), states[0])
    expected = np.median(np.linalg.norm(g.numpy(), axis=1)) / np.linalg.norm(v)
    assert p.first(h, U, v, q) == pytest.approx(expected, rel=1e-6)


def test_the_query_is_learned_as_pytorch_would_learn_it(program, torch):
    p = program("remedies/attention")
    h, _, v = p.run(20, np.random.default_rng(4))
    q, th, tv = torch.zeros(p.H, dtype=torch.float64, requires_grad=True), torch.from_numpy(h), torch.from_numpy(v)
    descent = torch.optim.SGD([q], lr=p.rate)
    for _ in range(p.updates):
        descent.zero_grad()
        (((attend(torch, th, q, tv) - th[0] @ tv) ** 2).mean() / 2).backward()
        descent.step()
    np.testing.assert_allclose(p.learn(h, v), q.detach().numpy(), rtol=1e-6, atol=1e-8)


def test_the_last_state_forgets_the_mean_gives_one_over_t_and_a_learned_query_nearly_all(program):
    p = program("remedies/attention")
    assert (p.longest, p.without, p.with_attention) == (200, p.last[-1], p.mean[-1])
    assert p.without < 1e-15 and p.at_end == p.learned[-1] > 0.95
    assert p.times_T == pytest.approx(200 * p.with_attention) and 0.8 < p.times_T < 3
    assert np.all(np.diff(p.last) < 0) and np.all(p.learned > 0.9)
    assert [len(line.get_xdata()) for line in p.figures[0].axes[0].lines] == [5, 5, 5]


def test_weights_of_normal_scores_are_those_of_the_log_normal_law(program):
    """T weights of scores s·N(0, 1): the median is about 1 over the sum of the e^(s z), for s = 1 about e^(−1/2)/T."""
    p = program("remedies/attention_scale")
    rng = np.random.default_rng(8)
    for d, plain, scaled in zip(p.sizes, p.plain, p.scaled, strict=True):
        for s, told in ((np.sqrt(d), plain), (1, scaled)):
            z = s * rng.standard_normal((4000, p.T))
            expected = np.median(1 / np.exp(z).sum(axis=1))
            if d >= 64:  # the product of few normal numbers is not normal
                assert np.log(told) == pytest.approx(np.log(expected), abs=0.1 * s + 0.1)
    assert p.scaled[-1] * p.T == pytest.approx(np.exp(-0.5), rel=0.05)


# -- remedies/min_gru and bench/sweeps/min_gru.py ------------------------------------------------------------


def test_the_minimal_grus_gradient_through_time_is_the_product_and_the_scan_its_states(program, torch):
    p = program("remedies/min_gru")
    z, g = torch.from_numpy(p.z), torch.from_numpy(p.g)
    states = [torch.zeros(p.B, p.H, dtype=torch.float64, requires_grad=True)]
    for t in range(p.T):
        states.append((1 - z[t]) * states[-1] + z[t] * g[t])
    grads = torch.autograd.grad(states[-1].sum(), states)
    np.testing.assert_allclose(p.keep, torch.stack(grads).numpy(), rtol=1e-9)
    np.testing.assert_allclose(p.h, torch.stack(states).detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(p.at_once, p.h[1:], rtol=1e-6, atol=1e-9)
    assert p.keep.min() > 0 and p.keep.max() <= 1


def test_the_minimal_grus_gradients_are_autograds(program, torch):
    p = program("remedies/min_gru")
    x, wanted = torch.from_numpy(p.x), torch.from_numpy(p.x[p.p, p.n, 0])
    # the parameters of the last gradient, before its step
    z = np.log(p.z / (1 - p.z))
    features = np.concatenate([p.x.reshape(-1, 2), np.ones((p.T * p.B, 1))], axis=1)
    fitted = np.linalg.lstsq(features, z.reshape(-1, p.H), rcond=None)[0]
    Wz, b = (torch.tensor(part, requires_grad=True) for part in (fitted[:2], fitted[2]))
    Wn = torch.tensor(np.linalg.lstsq(features[:, :2], p.g.reshape(-1, p.H), rcond=None)[0], requires_grad=True)
    v = torch.tensor(np.linalg.lstsq(p.h[-1], p.error + wanted.numpy(), rcond=None)[0], requires_grad=True)
    h = 0
    for t in range(p.T):
        gate = torch.sigmoid(x[t] @ Wz + b)
        h = (1 - gate) * h + gate * (x[t] @ Wn)
    ((h @ v - wanted) ** 2).mean().backward()
    for ours, theirs in zip(p.grads, (Wz, Wn, b, v), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), rtol=1e-4, atol=1e-7)
    assert p.losses.shape == (3, 200) and p.losses[:, :10].mean() == pytest.approx(1, abs=0.2)
    assert p.end == p.losses[:, -20:].mean(axis=1).max() < 0.05


@pytest.mark.parametrize("kind", ["min", "gru", "lstm"])
def test_the_sweeps_recurrences_are_pytorchs(torch, kind):
    s, T, H = sweep.read("min_gru"), 6, 4
    rng = np.random.default_rng(5)
    params = {k: p[None] for k, p in s.start(kind, H, 50, rng).items()}
    x, wanted = s.draw("first", T + 3, 0.7, rng)
    loss, found = s.gradients(kind, params, x[:, None], wanted[None])

    tensors = {k: torch.tensor(p[0], requires_grad=True) for k, p in params.items()}
    W, b, U = tensors["W"], tensors["b"], tensors.get("U")
    h = c = torch.zeros(s.BATCH, H, dtype=torch.float64)
    none = torch.zeros_like(b)
    for x_t in torch.from_numpy(x):
        if kind == "gru":
            h = torch.gru_cell(x_t, h, W.T, U.T, b, none)
        elif kind == "lstm":  # PyTorch's order is i, f, g, o
            i, f, o, g = (slice(k * H, k * H + H) for k in range(4))
            order = torch.cat([torch.arange(12 + 4)[part] for part in (i, f, g, o)])
            h, c = torch.lstm_cell(x_t, (h, c), W.T[order], U.T[order], b[order], none)
        else:
            a = x_t @ W + b
            z = torch.sigmoid(a[:, :H])
            h = (1 - z) * h + z * a[:, H:]
    expected = ((h @ tensors["v"] - torch.from_numpy(wanted)) ** 2).mean()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-10)
    expected.backward()
    assert found.keys() == tensors.keys()
    for name, g in found.items():
        np.testing.assert_allclose(g[0], tensors[name].grad.numpy(), rtol=1e-9, atol=1e-12)


def test_the_sweeps_task_wants_the_value_at_the_first_marker():
    s = sweep.read("min_gru")
    for task in ("recall", "first"):
        x, wanted = s.draw(task, 40, 0.5, np.random.default_rng(6))
        for n in range(s.BATCH):
            marked = np.flatnonzero(x[:, n, 1])
            assert 1 <= len(marked) <= (1 if task == "recall" else 4) and marked.max() < (4 if task == "recall" else 39)
            assert wanted[n, 0] == pytest.approx(x[marked[0], n, 0] / 0.5)
    assert [3 * (H * H + 3 * H) for H in map(s.alike, (8, 16))] == [54, 84]  # beside 48 and 96

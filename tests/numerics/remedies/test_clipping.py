"""Clipping and its rivals: the programs against PyTorch from the same draws, closed forms, and the theory of each."""

import numpy as np
import pytest
import sweep
from hypothesis import given, settings
from hypothesis import strategies as st
from numeric import relative, tensors, with_setting

# -- the direction -----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=200)
@given(
    entries=st.lists(st.floats(-1e3, 1e3).filter(lambda x: abs(x) > 1e-6), min_size=1, max_size=8),
    c=st.floats(1e-4, 1e3),
)
def test_by_value_turns_by_no_more_than_the_arc_cosine_of_one_over_root_n(program, entries, c):
    p, g = program("remedies/clip_norm_value"), np.array(entries)
    assert p.cosine(g, p.clip_by_value([g], c)[0]) >= (1 - 1e-12) / np.sqrt(len(g))


def test_the_bound_is_reached_in_the_limit(program):
    p, n = program("remedies/clip_norm_value"), 50
    g = np.array([1.0] + [1e-9] * (n - 1))
    assert p.cosine(g, p.clip_by_value([g], 1e-9)[0]) == pytest.approx(1 / np.sqrt(n), rel=1e-6)


# -- the network at every rate -----------------------------------------------------------------------------


@pytest.mark.parametrize("how, size", [("plain", 1.0), ("clipped", 1.0), ("clipped", 0.02), ("normalized", 1.0)])
def test_every_update_of_the_three_ways_is_pytorchs(torch, how, size):
    """Unrolled step by step, with autograd and PyTorch's own clipping, from the same draws. Small inputs: nothing to clip."""
    p, rates, seeds = (
        sweep.take("remedies/clip_training", "train", *"TBH", "size", "seeds", "updates"),
        [0.0003, 0.001],
        (0, 3),
    )
    p.updates = updates = 4
    p.size = size
    ours, norms = p.train(how, rates), []
    for r, rate in enumerate(rates):
        for seed in seeds:
            rng = np.random.default_rng(seed)
            draws = [rng.standard_normal((1, p.H)) / 4, rng.standard_normal((p.H, 1)) / 4]
            draws.append(0.9 * np.eye(p.H) + 0.05 * rng.standard_normal((p.H, p.H)) / np.sqrt(p.H))
            W, v, U = weights = tensors(torch, *draws)
            sgd, losses = torch.optim.SGD(weights, lr=rate), []
            for _ in range(updates):
                x = torch.tensor(size * rng.standard_normal((p.T, p.B, 1)))
                h = torch.zeros(p.B, p.H, dtype=torch.float64)
                for t in range(p.T):
                    h = x[t] @ W + h @ U
                loss = ((h @ v - x.sum(0) / p.T**0.5 / size) ** 2).mean()
                losses.append(loss.item())
                sgd.zero_grad()
                loss.backward()
                norm = torch.nn.utils.clip_grad_norm_(weights, 1.0 if how == "clipped" else np.inf)
                norms.append(norm.item())
                if how == "normalized":
                    for weight in weights:
                        weight.grad /= norm
                sgd.step()
            np.testing.assert_allclose(ours[:, r, seed], losses, rtol=1e-5)
    if how == "clipped":
        assert min(norms) > 1 if size == 1 else max(norms) < 1, norms


def test_a_lower_rate_does_as_well_and_clipping_widens_the_range(program):
    p = program("remedies/clip_training")
    learned = {how: p.rates[p.ends[how].max(axis=1) < 0.3] for how in p.ends}
    assert p.highest["plain"] == learned["plain"].max() and p.highest["clipped"] == learned["clipped"].max()
    assert p.highest["normalized"] == p.highest["clipped"] > 10 * p.highest["plain"]
    assert np.isinf(p.ends["plain"][p.rates > 0.005]).all(), "the rate of the page on detection explodes on every seed"
    medians = {how: np.median(ends, axis=1).min() for how, ends in p.ends.items()}
    assert [p.best["plain"], p.best["clipped"], p.best["normalized"]] == list(medians.values())
    assert p.best["plain"] < p.best["clipped"] < 0.02
    # at the clipped side's own best rate and above, it is descent with steps of one length
    apart = np.median(p.ends["clipped"], axis=1) / np.median(p.ends["normalized"], axis=1)
    assert np.abs(apart - 1).max() < 0.3


def test_the_network_at_every_rate_is_that_of_the_detect_page(program):
    p, detect = program("remedies/clip_training"), program("rnn/detect")
    ours = p.train("plain", [detect.rate])[:3, 0, 3]
    np.testing.assert_allclose(ours, detect.train(3, detect.rate, 3)[0], rtol=1e-6)


# -- heavy tails -------------------------------------------------------------------------------------------


def test_the_noise_has_the_tail_that_the_page_names(program):
    p = program("remedies/clip_tails")
    rng = np.random.default_rng(1)
    lengths = np.concatenate([np.linalg.norm(p.noise(1, rng), axis=1) for _ in range(2500)])
    assert lengths.min() >= 1
    for r in (2, 5, 20):
        assert np.mean(lengths > r) == pytest.approx(r**-p.tail, rel=0.1)
    rng = np.random.default_rng(1)
    normal = np.concatenate([p.noise(0, rng) for _ in range(500)])
    assert np.mean((normal**2).sum(axis=1)) == pytest.approx(1, rel=0.05) and abs(normal.mean()) < 0.01


def test_plain_descent_under_normal_noise_ends_where_the_closed_form_says(program):
    """θ ← (1 − η) θ − η ξ: the variance of each entry settles at η / (2 − η) times the noise's 1/n."""
    p = program("remedies/clip_tails")
    ends = p.descend("plain", 0, p.rates)
    for k, rate in enumerate(p.rates):
        if 0.01 < rate < 0.9:  # forgets the start, and averages over enough
            assert ends[k] == pytest.approx(rate / (2 - rate) / 2, rel=0.15)


def test_clipping_wins_under_heavy_tails_only(program):
    p = program("remedies/clip_tails")
    assert p.best["plain", 1] > 4 * p.best["clipped", 1] and p.best["plain", 0] < p.best["clipped", 0]
    for (how, heavy), best in p.best.items():
        assert best == p.descend(how, heavy, p.rates).min()


# -- one spike in Adam -------------------------------------------------------------------------------------


@pytest.mark.parametrize("beta2, name", [(0.99, "short"), (0.999, "long")])
def test_the_spike_is_forgotten_as_the_closed_form_says(program, beta2, name):
    p = program("remedies/adam_spike")
    back, lengths = getattr(p, f"back_{name}"), getattr(p, name)
    # v = 1 + (1 − β₂) (s² − 1) β₂^k; half the step at v = 4, when the first moment has forgotten it
    k = np.log(3 / ((1 - beta2) * (p.spike**2 - 1))) / np.log(beta2)
    assert back == int(k) and lengths[back] < 0.5 <= lengths[back + 1]
    late = np.arange(400, p.after)
    expected = 1 / np.sqrt(1 + (1 - beta2) * (p.spike**2 - 1) * beta2**late)
    np.testing.assert_allclose(lengths[late], expected, rtol=1e-3)
    assert 0.95 < p.lowest_clipped < 1


def test_the_spike_against_pytorchs_adam(program, torch):
    p = program("remedies/adam_spike")
    steps = with_setting(p.steps, before=50, after=40)
    ours = {clip: steps(0.99, clip) for clip in (False, True)}
    for clip in (False, True):
        (theta,) = tensors(torch, np.zeros(1))
        adam, path = torch.optim.Adam([theta], lr=1.0, betas=(0.9, 0.99), eps=0), [0.0]
        for t in range(1, 90):
            theta.grad = torch.tensor([p.spike if t == 50 else 1.0], dtype=torch.float64)
            if clip:
                torch.nn.utils.clip_grad_norm_([theta], p.limit)
            adam.step()
            path.append(theta.item())
        np.testing.assert_allclose(ours[clip], -np.diff(path)[49:], rtol=1e-6)


# -- a floor for each layer --------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["plain", "whole", "layer"])
def test_the_layers_are_trained_as_autograd_does(program, torch, how):
    p = sweep.take(
        "remedies/floor_per_layer", "sigmoid", "train", "depth", "H", "B", "size", "circle", "seeds", "updates", "delta"
    )
    p.depth, p.seeds, p.updates, seed, rate = 3, 2, 25, 1, 0.5
    ours, _ = p.train(how, [0.1, rate])
    rng = np.random.default_rng(seed)
    shapes = [(p.B, 2), (2, p.H), (p.H, p.H), (p.H, p.H), (p.H, 1)]
    x, *draws = (rng.standard_normal(shape) for shape in shapes)
    W = tensors(torch, *[draw / np.sqrt(len(draw)) for draw in draws])
    b = tensors(torch, *[np.zeros(draw.shape[1]) for draw in draws])
    y = torch.tensor(np.where(x.sum(axis=1) > np.median(x.sum(axis=1)), 1.0, -1.0))
    for update in range(p.updates):
        h = torch.tensor(x)
        for w, bias in zip(W[:-1], b[:-1], strict=True):
            h = torch.sigmoid(h @ w + bias)
        out = (h @ W[-1] + b[-1])[:, 0]
        right = ((out > 0) == (y > 0)).double().mean().item()
        grads = torch.autograd.grad(torch.nn.functional.softplus(-y * out).mean(), W + b)
        pairs = list(zip(W, b, grads[: len(W)], grads[len(W) :], strict=True))
        layers = [((dw**2).sum() + (db**2).sum()).sqrt().item() for _, _, dw, db in pairs]
        whole = np.sqrt(np.sum(np.square(layers)))
        for (w, bias, dw, db), norm in zip(pairs, layers, strict=True):
            factor = {"plain": 1, "whole": max(1, p.delta / whole), "layer": max(1, p.delta / norm)}[how]
            with torch.no_grad():
                w -= rate * (1 - update / p.updates) * factor * dw
                bias -= rate * (1 - update / p.updates) * factor * db
    assert ours[1, seed] == pytest.approx(right)


def test_only_a_floor_for_each_layer_learns_ten_layers(program):
    p = program("remedies/floor_per_layer")
    assert p.best["plain"] < 0.7 and p.best["whole"] < 0.6 and p.best["layer"] > 0.95 and p.worst["layer"] > 0.9
    assert p.share < 1e-5 and p.depth == 10
    # the slope of a sigmoid is at most 1/4, and the weights' norm is of order one: (1/4)^9 and less is left
    assert p.share < 0.25**9 * 10


# -- truncated, trained ------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [8, 15])
def test_the_truncated_lstm_goes_back_as_pytorchs_with_a_detached_state(torch, steps):
    p, H, T, B = sweep.read("truncated"), 3, 15, 4
    rng = np.random.default_rng(2)
    weights = [np.array(q, np.float64)[None] for q in p.start(rng, H)]
    x, y = rng.standard_normal((T, 1, B, 2)), rng.standard_normal((1, B, 1))
    losses, ours = p.gradients(x, y, weights, steps)
    lstm, readout = torch.nn.LSTM(2, H).double(), tensors(torch, weights[3][0], weights[4][0])
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(torch.tensor(weights[0][0].T))
        lstm.weight_hh_l0.copy_(torch.tensor(weights[1][0].T))
        lstm.bias_ih_l0.copy_(torch.tensor(weights[2][0, 0]))
        lstm.bias_hh_l0.zero_()
    state, inputs = None, torch.tensor(x[:, 0])
    if steps < T:
        _, state = lstm(inputs[: T - steps])
        state = tuple(s.detach() for s in state)
    out, _ = lstm(inputs[T - steps :], state)
    loss = ((out[-1] @ readout[0] + readout[1] - torch.tensor(y[0])) ** 2).mean()
    loss.backward()
    theirs = [
        lstm.weight_ih_l0.grad.T,
        lstm.weight_hh_l0.grad.T,
        lstm.bias_ih_l0.grad[None],
        *(r.grad for r in readout),
    ]
    assert losses[0] == pytest.approx(loss.item(), rel=1e-6)
    for mine, other in zip(ours, theirs, strict=True):
        assert relative(mine[0], other.numpy()) < 1e-6


def test_marks_that_never_fall_into_the_window_get_no_gradient_from_it():
    p = sweep.read("truncated")
    for early, least in ((True, p.STEPS + 1), (False, 0)):
        drawn = [p.task(np.random.default_rng(seed), 20, early) for seed in range(50)]
        places = np.concatenate([np.argwhere(x[:, :, 1])[:, 0] for x, _ in drawn])
        assert places.max() == 19 - least
        for x, y in drawn[:5]:
            np.testing.assert_allclose((x[:, :, 0] * x[:, :, 1]).sum(axis=0), y[:, 0], rtol=1e-6)
    x, y = p.task(np.random.default_rng(0), 20, True)
    weights = [np.array(q)[None] for q in p.start(np.random.default_rng(1), 5)]
    _, grads = p.gradients(x[:, None], y[None], weights, p.STEPS)
    assert np.all(grads[0][0, 1] == 0) and np.any(grads[0][0, 0] != 0), "the row that reads the mark learns nothing"
    _, grads = p.gradients(x[:, None], y[None], weights, 20)
    assert np.all(grads[0][0, 1] != 0)


# -- alarms ------------------------------------------------------------------------------------------------


def test_the_alarm_compares_with_the_median_of_the_fifty_before(program):
    alarm = program("rnn/detect").alarm
    norms = np.ones(200)
    assert alarm(norms, 100) is None
    norms[150], norms[160] = 50, 101
    assert alarm(norms, 100) == 160 and alarm(norms, 10) == 150
    slow = 1.05 ** np.arange(200)  # grows by 1.05^25.5 ≈ 3.5 over its median: no leap
    assert alarm(slow, 10) is None and alarm(slow, 3) is not None


def test_healthy_runs_learn_and_still_reach_ten_times_the_median(program):
    p = program("rnn/detect")
    runs = [p.train(seed, p.healthy_rate, 200) for seed in range(p.seeds)]
    leaps = [max(n[u] / np.median(n[max(0, u - 50) : u]) for u in range(1, len(n))) for _, n, _ in runs]
    assert p.false[10] == sum(leap > 10 for leap in leaps) > 0
    assert p.false[100] == sum(leap > 100 for leap in leaps) == 0
    assert p.healthy_worst == max(losses[-10:].mean() for losses, _, _ in runs) < 0.1


def test_the_floors_two_points_lie_a_step_apart(program):
    """One of the two may be at the optimum, the other is at least half a step away."""
    p = program("remedies/clip_floor")
    np.testing.assert_allclose(p.nearer + p.farther, p.rate * p.delta, rtol=1e-6)
    assert p.closest < 0.1 * p.half and p.nearest >= p.half * (1 - 1e-9)


# -- the order ---------------------------------------------------------------------------------------------


def test_only_the_right_order_gives_pytorchs_step(program, torch):
    """16-bit gradients of a scaled loss, added up, unscaled, clipped by PyTorch."""
    p = program("remedies/clip_order")
    halves = torch.tensor((p.scale * p.grads).astype(np.float16)).double()
    parameter = torch.zeros(p.n, dtype=torch.float64, requires_grad=True)
    parameter.grad = halves.sum(dim=0) / p.scale
    norm = torch.nn.utils.clip_grad_norm_([parameter], p.c).item()
    theirs = parameter.grad * (norm + 1e-6) / norm  # PyTorch adds 1e-6 to the norm
    assert relative(p.steps["scale, add, unscale, clip"], theirs) < 1e-10
    assert p.length["clip, then unscale"] == pytest.approx(1 / p.scale)
    assert p.turned["clip each part, then add"] > 45 > 1 > p.turned["scale, add, unscale, clip"]
    assert p.lost > 0.2 and p.lost_scaled == 0
    assert p.lost == np.mean(np.abs(p.grads) < 2.0**-25), "half of the smallest number of 16 bits"

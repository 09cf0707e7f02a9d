"""The learned gates against autograd, closed forms and brute force (claim C9)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

GATES = ("cec/input_gate", "cec/output_gate")
shapes = st.tuples(st.integers(1, 7), st.integers(1, 9), st.integers(0, 2**32 - 1))


@pytest.fixture(params=GATES)
def gate(program, request):
    return program(request.param)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss_step_by_step(torch, name, weight, u, b, given_, m, wanted):
    """Twice the loss whose gradient `learn` takes: the recurrence, written out step by step."""
    batch, steps = m.shape
    total, c = 0, torch.zeros(batch, dtype=torch.float64)
    for t in range(steps):
        opened = torch.sigmoid(u * m[:, t] + b)
        if name == "cec/input_gate":
            c = c + opened * weight * given_[:, t]
        else:
            total = total + (opened * weight * given_[:, 0] - wanted[:, t]) ** 2
    return (((c - wanted) ** 2) if name == "cec/input_gate" else total).mean()


@pytest.mark.parametrize("name", GATES)
@given(shapes)
@settings(max_examples=15, deadline=None)
def test_the_hand_written_gradients_equal_autograd(program, torch, name, shape):
    batch, steps, seed = shape
    rng = np.random.default_rng(seed)
    weight, u, b = rng.standard_normal(3)
    m = rng.standard_normal((batch, steps))
    given_ = rng.standard_normal((batch, steps if name == "cec/input_gate" else 1))
    wanted = rng.standard_normal(batch) if name == "cec/input_gate" else rng.standard_normal((batch, steps))
    loss, *gradients = program(name).learn(weight, u, b, given_, m, wanted)

    parameters = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in (weight, u, b)]
    twice = loss_step_by_step(torch, name, *parameters, *map(torch.from_numpy, (given_, m, wanted)))
    expected = torch.autograd.grad(twice / 2, parameters)
    assert loss == pytest.approx(float(twice.detach()), rel=1e-10, abs=1e-10)
    np.testing.assert_allclose(gradients, [float(g) for g in expected], rtol=1e-10, atol=1e-10)


def test_each_sequence_has_one_marker_and_it_may_stand_anywhere(gate):
    values, m, wanted = gate.draw(2000, np.random.default_rng(1))
    assert m.shape == (2000, 20)
    np.testing.assert_array_equal(np.sort(m, axis=1), np.eye(20)[[19] * 2000])
    assert np.all(m.sum(axis=0) > 50), "every step is marked in some sequences"
    position = m.argmax(axis=1)
    if values.shape == (2000, 20):
        np.testing.assert_array_equal(wanted, values[np.arange(2000), position])
    else:
        expected = np.zeros((2000, 20))
        expected[np.arange(2000), position] = values[:, 0]
        np.testing.assert_array_equal(wanted, expected)
    assert values.mean() == pytest.approx(0, abs=0.08) and values.std() == pytest.approx(1, abs=0.08)


def test_without_a_gate_the_marker_as_an_input_is_of_no_use(gate):
    assert gate.plain == pytest.approx(1 - 1 / 20, abs=0.01)
    weight = getattr(gate, "w_plain", None) or gate.v_plain
    assert weight == pytest.approx(1 / 20, abs=0.003)
    assert gate.a_plain == pytest.approx(0, abs=0.01)


def test_the_best_gateless_cell_on_other_data_is_no_better(program):
    x, m, wanted = program("cec/input_gate").draw(50000, np.random.default_rng(77))
    # more than the program grants: a weight of its own for the marker at every step
    inputs = np.hstack([x.sum(axis=1, keepdims=True), m])
    fitted = inputs @ np.linalg.lstsq(inputs, wanted, rcond=None)[0]
    assert ((fitted - wanted) ** 2).mean() == pytest.approx(1 - 1 / 20, abs=0.02)


def test_with_a_gate_every_seed_falls_by_more_than_two_orders_of_magnitude(gate):
    assert len(gate.finals) == gate.seeds == 5
    assert gate.worst == max(gate.finals)
    assert all(gate.plain / final > 100 for final in gate.finals)
    assert gate.gain == gate.plain / gate.worst > 100


def test_every_learned_gate_is_open_at_the_marker_and_nowhere_else(gate):
    assert len(gate.opened) == len(gate.closed) == len(gate.products) == 5
    assert gate.at_marker == min(gate.opened) > 0.5
    assert gate.elsewhere == max(gate.closed) < 0.01
    np.testing.assert_allclose(gate.products, 1, atol=0.01)
    assert gate.product == pytest.approx(1, abs=0.005)
    # the last seed's parameters are still there
    weight = gate.w if hasattr(gate, "w") else gate.v
    assert gate.opened[-1] == pytest.approx(sigmoid(gate.u + gate.b))
    assert gate.closed[-1] == pytest.approx(sigmoid(gate.b))
    assert gate.products[-1] == pytest.approx(weight * gate.opened[-1])


def test_the_learned_gate_serves_on_sequences_it_has_not_seen(gate, torch):
    name = "cec/input_gate" if hasattr(gate, "w") else "cec/output_gate"
    weight = gate.w if hasattr(gate, "w") else gate.v
    fresh = [torch.from_numpy(a) for a in gate.draw(4000, np.random.default_rng(4321))]
    loss = float(loss_step_by_step(torch, name, weight, torch.tensor(gate.u), torch.tensor(gate.b), *fresh))
    assert loss < gate.plain / 300
    assert loss == pytest.approx(gate.finals[-1], rel=0.2)


def test_first_a_plateau_then_a_loss_like_one_over_the_number_of_updates(gate):
    losses = np.array(gate.losses)
    assert len(losses) == gate.updates
    assert losses[20:60].mean() > 0.8
    early, late = losses[1400:1600].mean(), losses[2800:].mean()
    assert early / late == pytest.approx(2900 / 1500, rel=0.1)


def test_a_shut_step_has_no_say_in_the_weight(program):
    learn, rng = program("cec/input_gate").learn, np.random.default_rng(5)
    x, m = rng.standard_normal((40, 20)), np.zeros((40, 20))
    loss, dw, _, _ = learn(1.0, 0.0, -40.0, x, m, x[:, 0])
    assert abs(dw) < 1e-12 and loss == pytest.approx((x[:, 0] ** 2).mean()), "the error is there and has no effect"
    # in expectation: ∂L/∂w = i_p (w_p − 1) + Σ i_t w_t, effective weights w_t = i_t w
    w, u, b = 0.8, 1.5, -0.5
    x, m, wanted = program("cec/input_gate").draw(100000, rng)
    at, off = sigmoid(u + b), sigmoid(b)
    expected = at * (at * w - 1) + 19 * off * off * w
    assert learn(w, u, b, x, m, wanted)[1] == pytest.approx(expected, abs=0.03)


# -- the forget gate ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forget(program):
    return program("cec/forget_gate")


def test_the_cell_with_f_one_is_the_carousel_and_with_any_f_the_recurrence(forget):
    rng = np.random.default_rng(2)
    x, f = rng.standard_normal((30, 4)), rng.random((30, 4))
    np.testing.assert_allclose(forget.cell(np.ones((30, 4)), x)[1:], np.cumsum(x, axis=0))
    c = forget.cell(f, x)
    assert np.all(c[0] == 0)
    # c_t = Σ_s x_s ∏_{s<r≤t} f_r
    for t in (1, 2, 30):
        expected = sum(x[s] * np.prod(f[s + 1 : t], axis=0) for s in range(t))
        np.testing.assert_allclose(c[t], expected)


def test_wanted_is_the_sum_since_the_last_marker(forget):
    x, m, wanted = forget.stream(200, 3, np.random.default_rng(3))
    assert set(np.unique(m)) == {0, 1} and x.min() >= 0 and x.max() < 1
    assert m.mean() == pytest.approx(0.1, abs=0.04)
    for column in range(3):
        for t in range(200):
            marks = np.flatnonzero(m[: t + 1, column])
            start = marks[-1] if len(marks) else 0
            assert wanted[t + 1, column] == pytest.approx(x[start : t + 1, column].sum())


@given(shapes)
@settings(max_examples=15, deadline=None)
def test_backpropagation_through_the_forget_gate_equals_autograd(program, torch, shape):
    batch, steps, seed = shape
    rng = np.random.default_rng(seed)
    u, b = rng.standard_normal(2)
    x, m, wanted = (rng.standard_normal((n, batch)) for n in (steps, steps, steps + 1))
    gradients = program("cec/forget_gate").learn(u, b, x, m, wanted)

    tu, tb = (torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in (u, b))
    loss, c = 0, torch.zeros(batch, dtype=torch.float64)
    for t in range(steps):
        c = torch.sigmoid(tu * torch.from_numpy(m[t]) + tb) * c + torch.from_numpy(x[t])
        loss = loss + ((c - torch.from_numpy(wanted[t + 1])) ** 2).mean() / 2
    expected = torch.autograd.grad(loss, (tu, tb))
    np.testing.assert_allclose(gradients, [float(g) for g in expected], rtol=1e-10, atol=1e-10)


def test_the_forget_gate_is_learned_as_pytorch_would_learn_it(forget, torch):
    """The last seed's training, with PyTorch's gradients, clipping and descent on the same streams."""
    rng = np.random.default_rng(forget.seeds - 1)
    u, b = (torch.tensor(start, dtype=torch.float64, requires_grad=True) for start in (0.0, 1.0))
    descent = torch.optim.SGD((u, b), lr=forget.rate)
    for _ in range(forget.updates):
        x, m, wanted = (torch.from_numpy(part) for part in forget.stream(forget.T, forget.batch, rng))
        f, c, loss = torch.sigmoid(u * m + b), torch.zeros(forget.batch, dtype=torch.float64), 0
        for t in range(forget.T):
            c = f[t] * c + x[t]
            loss = loss + ((c - wanted[t + 1]) ** 2).mean() / 2
        descent.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_((u, b), 1.0)
        descent.step()
    np.testing.assert_allclose((forget.u, forget.b), (u.item(), b.item()), rtol=1e-4)  # its 1e-6 in the norm adds up
    np.testing.assert_allclose(forget.keeps[-1], torch.sigmoid(b).item(), rtol=1e-4)
    np.testing.assert_allclose(forget.resets[-1], torch.sigmoid(u + b).item(), rtol=1e-3)


def test_without_a_forget_gate_the_state_grows_without_bound(forget):
    without = forget.without[:, 0]
    assert len(without) == forget.long + 1 == 2001
    assert forget.grown == without[-1] == pytest.approx(2000 / 2, rel=0.05), "inputs have a mean of 1/2"
    assert np.all(np.diff(without) >= 0)
    assert without[2000] / without[1000] == pytest.approx(2, rel=0.05)


def test_with_a_learned_forget_gate_it_stays_bounded_and_follows_what_is_wanted(forget):
    assert len(forget.peaks) == len(forget.misses) == len(forget.keeps) == len(forget.resets) == forget.seeds == 5
    np.testing.assert_allclose(forget.peaks, forget.wanted_peaks, rtol=0.05)
    assert forget.peak == max(forget.peaks) < forget.grown / 10
    assert forget.wanted_peak == max(forget.wanted_peaks)
    assert forget.miss == max(forget.misses) < 0.2
    assert forget.keep == min(forget.keeps) > 0.99
    assert forget.reset == max(forget.resets) < 0.02
    c = forget.c[:, 0]
    assert c[1001:].max() < 2 * c[:1001].max(), "no growth in the second half"
    np.testing.assert_allclose(forget.misses[-1], np.mean(np.abs(forget.c - forget.wanted)))


def test_an_exact_bound_holds_for_the_learned_gate(forget):
    # c ≤ 1 / (1 − f) whatever comes, for inputs below 1
    assert forget.peak < 1 / (1 - forget.keep)
    f = np.full((20000, 1), forget.keep)
    assert forget.cell(f, np.ones((20000, 1))).max() <= 1 / (1 - forget.keep) * (1 + 1e-9)

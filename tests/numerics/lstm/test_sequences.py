"""lstm/sequences.md: masks, two directions, layers and borders, against PyTorch."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numeric import relative

sizes = st.integers(1, 4)
few = settings(deadline=None, max_examples=20)


def filled(torch, net, sets):
    """`net` in float64 with our W, U, b of each layer or direction; its second biases are 0."""
    values = [value for W, U, b in sets for value in (W.T, U.T, np.ravel(b), 0 * np.ravel(b))]
    with torch.no_grad():
        for parameter, value in zip(net.double().parameters(), values, strict=True):
            parameter.copy_(torch.tensor(value))
    return net


def drawn(rng, D, H):
    return [rng.standard_normal(shape) for shape in ((D, 4 * H), (H, 4 * H), (1, 4 * H))]


def derivative(torch, outputs, x, direction):
    """How `outputs`, a function of x, change along `direction`, by PyTorch."""
    return torch.func.jvp(outputs, (torch.tensor(x),), (torch.tensor(direction),))[1].detach().numpy()


# -- padding -----------------------------------------------------------------------------------------------


@few
@given(lengths=st.lists(st.integers(1, 6), min_size=1, max_size=4), D=sizes, H=sizes, seed=st.integers(0, 99))
def test_a_masked_lstm_equals_a_packed_one(program, torch, lengths, D, H, seed):
    p, rng, B, T = program("lstm/masked"), np.random.default_rng(seed), len(lengths), max(lengths)
    x, asked = rng.standard_normal((T, B, D)), rng.standard_normal((T + 1, B, H))
    h0, c0, asked_c = rng.standard_normal((3, B, H))
    W, U, b = drawn(rng, D, H)
    mask = (np.arange(T)[:, None] < lengths)[:, :, None] * 1.0
    # the loss: every real output, and the last h; what stands on padding is PyTorch's 0
    dhs = asked[:T] * mask
    hs, cs, gates = p.forward(x, h0, c0, mask, W, U, b)
    dhs[-1] += asked[T]
    dx, dh0, _, dW, dU, db, _ = p.backward(dhs, x, hs, cs, gates, mask, W, U)

    net = filled(torch, torch.nn.LSTM(D, H), [(W, U, b)])
    tx, th0 = (torch.tensor(array, requires_grad=True) for array in (x, h0[None]))
    packed = torch.nn.utils.rnn.pack_padded_sequence(tx, torch.tensor(lengths), enforce_sorted=False)
    packed_out, (h_n, c_n) = net(packed, (th0, torch.tensor(c0[None])))
    out, _ = torch.nn.utils.rnn.pad_packed_sequence(packed_out)
    ((out * torch.tensor(asked[:T])).sum() + (h_n[0] * torch.tensor(asked[T])).sum()).backward()
    assert relative(np.array(hs[1:]) * mask, out.detach().numpy()) < 1e-10
    assert relative(hs[-1], h_n[0].detach().numpy()) < 1e-10
    assert relative(cs[-1], c_n[0].detach().numpy()) < 1e-10
    theirs = [q.grad.numpy() for q in net.parameters()]
    pairs = ((dx, tx.grad.numpy()), (dh0, th0.grad.numpy()[0]), (dW, theirs[0].T), (dU, theirs[1].T), (db, theirs[2]))
    for ours, expected in pairs:
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-10 * max(1, np.abs(expected).max()))


def test_a_masked_step_passes_state_and_gradient_unchanged(program):
    p, rng = program("lstm/masked"), np.random.default_rng(0)
    x, (h, c, dh) = rng.standard_normal((1, 2, 3)), rng.standard_normal((3, 2, 4))
    W, U, b = drawn(rng, 3, 4)
    for mask, same in ((np.zeros((1, 2, 1)), True), (np.ones((1, 2, 1)), False)):
        hs, cs, gates = p.forward(x, h, c, mask, W, U, b)
        dx, dh0, dc0, dW, *_ = p.backward(dh[None], x, hs, cs, gates, mask, W, U)
        assert np.array_equal(hs[1], h) == np.array_equal(cs[1], c) == np.array_equal(dh0, dh) == same
        assert np.all(dx == 0) == np.all(dc0 == 0) == np.all(dW == 0) == same


def test_a_masked_step_is_as_if_it_were_not_there(program):
    """Wherever it stands: in front, between, behind."""
    p, rng, T, H = program("lstm/masked"), np.random.default_rng(1), 9, 3
    x, asked, (h, c) = rng.standard_normal((T, 1, 2)), rng.standard_normal((T, 1, H)), rng.standard_normal((2, 1, H))
    W, U, b = drawn(rng, 2, H)
    there = np.array([0, 1, 1, 0, 0, 1, 0, 1, 0], dtype=bool)
    found = []
    for steps, mask in ((np.arange(T), there[:, None, None] * 1.0), (np.flatnonzero(there), np.ones((4, 1, 1)))):
        hs, cs, gates = p.forward(x[steps], h, c, mask, W, U, b)
        dhs = asked[steps] * mask
        found.append([hs[-1], cs[-1], *p.backward(dhs, x[steps], hs, cs, gates, mask, W, U)[1:6]])
    for with_gaps, without in zip(*found, strict=True):
        np.testing.assert_allclose(with_gaps, without, rtol=1e-12, atol=1e-14)


def test_padding_without_a_mask_forgets(program):
    p = program("lstm/masked")
    assert p.masked.shape == p.unmasked.shape == (2, p.T - p.real + 1)
    assert np.all(p.masked == 1)
    assert p.unmasked[0, 0] == 1 and p.unmasked[0, -1] < 1e-3
    assert p.unmasked[1, -1] == 1 and p.unmasked[1, 0] < 1e-3


# -- two directions ----------------------------------------------------------------------------------------


@few
@given(T=st.integers(1, 6), B=sizes, D=sizes, H=sizes, seed=st.integers(0, 99))
def test_both_ways_equal_pytorchs_two_directions(program, torch, T, B, D, H, seed):
    p, rng = program("lstm/bidirectional"), np.random.default_rng(seed)
    ahead, back = drawn(rng, D, H), drawn(rng, D, H)
    x, direction = rng.standard_normal((2, T, B, D))
    net = filled(torch, torch.nn.LSTM(D, H, bidirectional=True), [ahead, back])
    out, (h_n, _) = net(torch.tensor(x))
    ours = np.concatenate(p.both_ways(x, ahead, back), axis=-1)
    assert relative(ours, out.detach().numpy()) < 1e-10
    # where each of the two has finished is what PyTorch calls the last state
    assert relative(np.array([ours[-1, :, :H], ours[0, :, H:]]), h_n.detach().numpy()) < 1e-10
    stepped = np.concatenate(p.both_ways(x + 1e-100j * direction, ahead, back), axis=-1).imag / 1e-100
    assert relative(stepped, derivative(torch, lambda x: net(x)[0], x, direction)) < 1e-10


def test_each_half_feels_its_own_side(program):
    p = program("lstm/bidirectional")
    at = np.arange(p.T)
    assert np.array_equal(p.ahead > 0, at <= at[:, None]) and np.array_equal(p.back > 0, at >= at[:, None])
    assert p.read == 1 and p.last[0] < 1e-4 < 0.01 < p.ends[0]
    assert 8 < int(np.argmin(p.ends)) < 22, "of both ends together, the middle is felt least"


# -- layers ------------------------------------------------------------------------------------------------


@few
@given(T=st.integers(1, 6), B=sizes, H=sizes, seed=st.integers(0, 99))
def test_a_stack_equals_pytorchs_two_layers(program, torch, T, B, H, seed):
    p, rng = program("lstm/stacked"), np.random.default_rng(seed)
    layers = [drawn(rng, H, H), drawn(rng, H, H)]
    x, direction = rng.standard_normal((2, T, B, H))
    net = filled(torch, torch.nn.LSTM(H, H, num_layers=2), layers)
    assert relative(p.stack(x, layers), net(torch.tensor(x))[0].detach().numpy()) < 1e-10
    stepped = p.stack(x + 1e-100j * direction, layers).imag / 1e-100
    assert relative(stepped, derivative(torch, lambda x: net(x)[0], x, direction)) < 1e-10


def test_each_layer_costs_a_factor_straight_down_and_not_further_back(program):
    curves = program("lstm/stacked").curves
    one, two, four, short = (curves[key] for key in ((1, 0), (2, 0), (4, 0), (4, 1)))
    assert one[0] > 5 * two[0] > 5 * 5 * four[0] and 0.5 < short[0] < 2
    assert four[20] > four[0] and two[20] > two[0] and one[20] < one[0]


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_a_stack_of_leaky_cells_counts_the_ways_down(depth):
    f, T = 0.9, 30
    x = np.zeros(T)
    x[0] = 1
    for _ in range(depth):
        c, out = 0.0, []
        for x_t in x:
            c = f * c + x_t
            out.append(c)
        x = np.array(out)
    np.testing.assert_allclose(x, [comb(k + depth - 1, depth - 1) * f**k for k in range(T)], rtol=1e-12)


# -- borders -----------------------------------------------------------------------------------------------


def test_the_borders_are_pytorchs_with_and_without_detach(program, torch):
    p, rng = program("lstm/stateful"), np.random.default_rng(7)
    W, U, b = (array / 4 for array in drawn(rng, p.D, p.H))
    x, direction = rng.standard_normal((2, p.T, 1, p.D))
    bias = b + 2 * (np.arange(4 * p.H) // p.H == 1)  # the program adds 2 at the forget gate
    net = filled(torch, torch.nn.LSTM(p.D, p.H), [(W, U, bias)])
    passed = {"whole": lambda s: s, "detach": lambda s: s.detach(), "reset": lambda s: 0 * s}

    for name, border in passed.items():

        def outputs(x, border=border):
            state, parts = None, []
            for part in x.split(p.chunk):
                out, state = net(part, state)
                parts.append(out)
                state = tuple(border(s) for s in state)
            return torch.cat(parts)

        ours = p.lstm(x + 1e-100j * direction, W, U, b, getattr(p, name))
        assert relative(ours.real, outputs(torch.tensor(x)).detach().numpy()) < 1e-10
        tx = torch.tensor(x, requires_grad=True)
        (gradient,) = torch.autograd.grad(outputs(tx)[-1].sum(), tx)
        assert (gradient.numpy() * direction).sum() == pytest.approx(ours[-1].imag.sum() / 1e-100, rel=1e-8)


def test_detach_keeps_the_value_and_drops_the_credit(program):
    p = program("lstm/stateful")
    assert p.away["detach"] < 1e-12 and p.away["reset"] > 0.1
    assert p.reach["whole"][-1] == p.T and p.credit["detach"] == (p.chunk + 1) / 2
    np.testing.assert_array_equal(p.reach["detach"], np.arange(p.T) % p.chunk + 1)
    before = p.T - p.chunk
    assert np.all(p.last["detach"][:before] == 0) and np.all(p.last["whole"][:before] > 0)
    np.testing.assert_allclose(p.last["detach"][before:], p.last["whole"][before:], rtol=1e-9)


def test_teacher_forcing_cuts_the_way_through_the_output(program):
    p = program("lstm/teacher_forcing")

    def free(a, steps):
        x = 0.3
        for _ in range(steps):
            x = a * x * (1 - x)
        return x

    for steps in (1, 5, 20):  # by complex step: exact to rounding
        exact = free(p.learned + 1e-30j, steps).imag / 1e-30
        assert abs(p.slopes["free"][steps] - abs(exact)) < 1e-9 * abs(exact)
    # begun at the truth, an output feels a only in its own step
    assert np.allclose(p.slopes["forced"][1:], np.multiply(p.truth[:-1], np.subtract(1, p.truth[:-1])))
    assert np.allclose(p.errors["forced"][1:], 1e-6 * p.slopes["forced"][1:], rtol=1e-3)
    # chaos: what is fed back grows until it is as large as the values themselves
    assert p.errors["free"].max() > 0.1 > p.errors["free"][p.apart - 1] and p.slopes["free"][-1] > 1e6

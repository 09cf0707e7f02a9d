"""The constant error carousel against closed forms, PyTorch and the cell of 1997 (claim C7)."""

import math

import numpy as np
import pytest


@pytest.fixture(scope="module")
def carousel(program):
    return program("cec/carousel")


@pytest.mark.parametrize("w", [0.97, 0.99, 1.0, 1.01])
def test_a_linear_unit_multiplies_the_error_by_its_weight_at_each_step(carousel, w):
    state, error = carousel.carry(w, "z")
    np.testing.assert_allclose(error, [w**k for k in range(1001)], rtol=1e-12)
    assert state == pytest.approx(0.5 * w**1000), "and its memory in the same measure"


def test_a_thousand_steps_at_one_percent_less_exactly_one_and_one_percent_more(carousel):
    assert carousel.T == 1000
    assert carousel.arrived["z", 0.99] == pytest.approx(4.3e-5, rel=0.01)
    assert carousel.arrived["z", 1.0] == 1
    assert carousel.arrived["z", 1.01] == pytest.approx(2.1e4, rel=0.01)


def test_the_error_keeps_its_size_only_within_one_over_k_of_weight_one(carousel):
    for w in (1 - 1 / carousel.T, 1 + 1 / carousel.T):
        assert abs(math.log(carousel.carry(w, "z")[1][-1])) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("w", [0.9, 1.0, 1.01, 1.1])
def test_the_error_of_a_tanh_unit_is_what_autograd_says_at_every_step(carousel, torch, w):
    states = [torch.tensor(0.5, dtype=torch.float64, requires_grad=True)]
    for _ in range(carousel.T):
        states.append(torch.tanh(w * states[-1]))
    expected = [float(g) for g in torch.autograd.grad(states[-1], states[::-1])]
    state, error = carousel.carry(w, "tanh z")
    assert state == pytest.approx(float(states[-1].detach()), rel=1e-12)
    np.testing.assert_allclose(error, expected, rtol=1e-9)


def test_the_latched_unit_keeps_its_state_for_good_and_loses_the_error(carousel):
    assert carousel.state == pytest.approx(math.tanh(1.01 * carousel.state), abs=1e-9)
    assert 0.1 < carousel.state < 0.2
    # it attracts: from elsewhere with the same sign it ends at the same place
    other = 0.9
    for _ in range(carousel.T):
        other = math.tanh(1.01 * other)
    assert other == pytest.approx(carousel.state, abs=1e-8)
    assert carousel.arrived["tanh z", 1.01] == pytest.approx(carousel.carry(1.01, "tanh z")[1][-1])
    assert carousel.arrived["tanh z", 1.01] < 1e-5 * carousel.arrived["z", 0.99], "of all four it vanishes fastest"
    error = carousel.carry(1.01, "tanh z")[1]
    assert error[100] / error[99] == pytest.approx(1 - 2 * 0.01, abs=1e-3), "f′w = 1 − 2 (w − 1) at the fixed point"


def test_a_weight_of_one_does_not_make_a_tanh_unit_a_carousel(carousel):
    error = carousel.carry(1.0, "tanh z")[1]
    assert np.all(np.diff(error) < 0)
    assert error[-1] < 1e-2


def cell_of_1997(torch, truncated, h_size=4, steps=50):
    """∂c_T/∂c_0 of an LSTM without forget gate; truncated: nothing flows back through the net inputs."""
    generator = torch.Generator().manual_seed(0)

    def draw(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    u_i, u_o, u_g = (draw(h_size, h_size) for _ in range(3))

    def run(c):
        h = torch.zeros_like(c)
        xs = draw(steps, 3, h_size)
        for x_i, x_o, x_g in xs:
            back = h.detach() if truncated else h
            i, o = torch.sigmoid(x_i + back @ u_i), torch.sigmoid(x_o + back @ u_o)
            c = c + i * (4 * torch.sigmoid(x_g + back @ u_g) - 2)
            h = o * (2 * torch.sigmoid(c) - 1)
        return c

    return torch.autograd.functional.jacobian(run, draw(h_size)).numpy()


def test_in_the_truncated_cell_of_1997_the_error_passes_unchanged_and_in_the_full_one_not(torch):
    np.testing.assert_array_equal(cell_of_1997(torch, truncated=True), np.eye(4))
    assert np.abs(cell_of_1997(torch, truncated=False) - np.eye(4)).max() > 0.1


def test_noise_on_the_carousel_is_a_random_walk_and_a_latched_tanh_unit_pulls_it_back(carousel):
    noise = 0.001 * np.random.default_rng(0).standard_normal((400, 4000))
    walk = noise.sum(axis=0)
    assert walk.var() == pytest.approx(400 * 0.001**2, rel=0.1)
    c = np.full(4000, carousel.state)
    for step in noise:
        c = np.tanh(1.01 * c + step)
    assert c.var() < walk.var() / 5

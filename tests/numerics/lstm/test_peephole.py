"""Peepholes and coupled gates: the factor along the cell by autograd, what the coupling bounds, what each costs."""

import numpy as np
import pytest
from numeric import with_setting


@pytest.mark.parametrize("kind", ["standard", "peepholes", "coupled"])
def test_the_factor_along_the_cell_is_autograds(program, torch, kind):
    p, D, H = program("lstm/peephole"), 3, 5
    rng = np.random.default_rng(2)
    shapes = ((D,), (H,), (H,), (D, 4 * H), (H, 4 * H), (4 * H,), (3, H))
    x, h, c, W, U, b, looks = (rng.standard_normal(shape) for shape in shapes)
    gates = torch.tensor(x @ W + h @ U + b)

    def cell(c):
        z_i, z_f, z_g, _ = torch.chunk(gates, 4)
        if kind == "peepholes":
            z_i, z_f = z_i + torch.tensor(looks[0]) * c, z_f + torch.tensor(looks[1]) * c
        f = torch.sigmoid(z_f)
        i = 1 - f if kind == "coupled" else torch.sigmoid(z_i)
        return f * c + i * torch.tanh(z_g)

    jacobian = torch.autograd.functional.jacobian(cell, torch.tensor(c)).numpy()
    new_h, new_c, f = p.step(kind, x, h, c + 1e-100j, W, U, b, looks)
    np.testing.assert_allclose(np.diag(new_c.imag / 1e-100), jacobian, rtol=0, atol=1e-14)
    np.testing.assert_allclose(new_c.real, cell(torch.tensor(c)).numpy(), rtol=1e-13)
    o = 1 / (1 + np.exp(-(gates.numpy()[3 * H :] + (looks[2] * new_c.real if kind == "peepholes" else 0))))
    np.testing.assert_allclose(new_h.real, o * np.tanh(new_c.real), rtol=1e-13)
    assert (abs(np.diag(jacobian) - f.real).max() < 1e-13) == (kind != "peepholes")


def test_a_coupled_cell_stays_below_1_and_the_others_do_not(program):
    p = program("lstm/peephole")
    longer = with_setting(p.run, T=1000)
    assert longer("coupled", 7)[1] < 1 < min(longer("standard", 7)[1], longer("peepholes", 7)[1])
    assert max(p.off["standard"], p.off["coupled"]) < 1e-12 < 1e-3 < p.off["peepholes"]


def test_the_parameters_are_those_of_pytorchs_lstm_and_what_the_variants_add(program, torch):
    p = program("lstm/peephole")
    one = torch.nn.LSTM(p.D, p.H)
    counted = sum(q.numel() for q in one.parameters()) - 4 * p.H  # PyTorch has two biases
    assert p.parameters == {"standard": counted, "peepholes": counted + 3 * p.H, "coupled": 0.75 * counted}

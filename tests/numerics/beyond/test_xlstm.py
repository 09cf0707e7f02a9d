"""sLSTM and mLSTM: against the plain recurrences in PyTorch, autograd, and closed forms."""

import numpy as np
import pytest
from numeric import with_setting


@pytest.mark.parametrize("stabilized", [True, False])
def test_slstm_and_its_gradient_are_those_of_the_plain_equations(program, torch, stabilized):
    p, T, H = program("beyond/slstm"), 6, 4
    rng = np.random.default_rng(3)
    z, R, d = (rng.standard_normal(shape) for shape in ((T, 4 * H), (H, 4 * H), (T, 4 * H)))

    def plain(z):
        h = c = n = torch.zeros(H, dtype=torch.float64)
        outputs = []
        for row in z:
            i, f, g, o = torch.chunk(row + h @ torch.tensor(R), 4)
            c = torch.sigmoid(f) * c + torch.exp(i) * torch.tanh(g)
            n = torch.sigmoid(f) * n + torch.exp(i)
            h = torch.sigmoid(o) * c / n
            outputs.append(h)
        return torch.stack(outputs)

    theirs, moved = torch.autograd.functional.jvp(plain, torch.tensor(z), torch.tensor(d))
    ours, _ = with_setting(p.slstm, T=T, H=H)(z + 1e-100j * d, R, stabilized)
    np.testing.assert_allclose(ours.real, theirs.numpy(), rtol=1e-11)
    np.testing.assert_allclose(ours.imag / 1e-100, moved.numpy(), rtol=1e-9, atol=1e-13)


def test_only_the_stabilized_cell_outlives_large_exponents(program):
    p = program("beyond/slstm")
    assert p.same and abs(p.fixed - p.moving) < 1e-6
    assert p.lost == 15, "50 a step: e^709 is the last, and step 0 has 0"
    assert np.isfinite(p.held[0]).all() and p.held[1].max() < 2


def test_mlstm_is_the_plain_recurrence_in_both_forms(program, torch):
    p = program("beyond/mlstm")
    q, k, v, z_i, log_f = map(torch.tensor, (p.q, p.k, p.v, p.z_i, p.log_f))
    C, n, plain = torch.zeros(p.d, p.d, dtype=torch.float64), torch.zeros(p.d, dtype=torch.float64), []
    for t in range(p.T):
        C = torch.exp(log_f[t]) * C + torch.exp(z_i[t]) * torch.outer(k[t], v[t])
        n = torch.exp(log_f[t]) * n + torch.exp(z_i[t]) * k[t]
        plain.append(q[t] @ C / torch.clamp((q[t] @ n).abs(), min=1))
    plain = torch.stack(plain).numpy()
    np.testing.assert_allclose(p.recurrent(), plain, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(p.parallel()[0], plain, rtol=1e-10, atol=1e-13)


def test_the_shut_gate_cuts_by_its_own_factor(program):
    p = program("beyond/mlstm")
    for j in (5, 20, 29):
        ratio = p.weights[40, j] / p.weights[40, 35]
        expected = np.exp(p.z_i[j] - p.z_i[35] + p.log_f[j + 1 : 36].sum())
        assert ratio == pytest.approx(expected, rel=1e-9)
    assert p.before > 0.99 and p.after < 0.01

"""rnn/what.md: an RNN step by step, its copies, and where the gradient enters."""

import itertools

import numpy as np
import pytest
from numeric import filled, relative


def test_the_lamp_is_on_after_an_odd_number_of_presses(program):
    p = program("rnn/unrolled")
    for presses in itertools.product((0, 1), repeat=6):
        h = p.h0
        for t, pressed in enumerate(presses):
            h, y = p.step(np.array([[float(pressed)]]), h)
            assert y.item() == pytest.approx(sum(presses[: t + 1]) % 2, abs=1e-3)
    assert p.wrong == 0 and p.T == 10_000
    assert [round(y.item()) for y in (p.y1, p.y2, p.y3, p.y4)] == [1, 1, 0, 1]


def test_rolled_and_unrolled_equal_pytorch(program, torch):
    p = program("rnn/unrolled")
    net = filled(torch, torch.nn.RNN(*p.W.shape).double(), p.W.T, p.U.T, p.b, 0 * p.b)
    out, last = net(torch.tensor(p.x), torch.tensor(p.h0[None]))
    assert p.apart == 0
    assert relative(np.array([p.h1, p.h2, p.h3, p.h4]), out.detach().numpy()) < 1e-10
    assert relative(p.h4, last[0].detach().numpy()) < 1e-10


def test_no_step_back_multiplies_a_gradient_by_more_than_is_said(program, torch):
    """The Jacobian of every step that the lamp can take, by autograd: both states it can be in, both inputs."""
    p, norms = program("rnn/unrolled"), []
    on, off = p.h1, p.h3
    for h, pressed in itertools.product((on, off, p.h0), (0.0, 1.0)):
        state = torch.tensor(h, requires_grad=True)
        new = torch.tanh(torch.tensor([[pressed]] @ p.W + p.b) + state @ torch.tensor(p.U))
        jacobian = [torch.autograd.grad(unit, state, retain_graph=True)[0][0].numpy() for unit in new[0]]
        norms.append(np.linalg.norm(jacobian, 2))
    assert p.largest == pytest.approx(max(norms), rel=0.05) and p.largest < 0.01


def test_each_copys_part_is_that_of_autograd(program, torch):
    p = program("rnn/copies")
    own = torch.full((p.T,), p.u, dtype=torch.float64, requires_grad=True)
    for column in (0, p.B - 1):
        h = torch.zeros((), dtype=torch.float64)
        for t in range(p.T):
            h = torch.tanh(p.w * p.x[t, column] + own[t] * h)
        (parts,) = torch.autograd.grad(h, own)
        np.testing.assert_allclose(p.copies[:, column], parts.numpy(), atol=1e-9)
        assert p.shared[column] == pytest.approx(parts.sum().item(), abs=1e-9)
    assert p.apart < 1e-8 and p.size[0] == 0 and np.all(np.diff(p.size) > 0)


@pytest.mark.parametrize("reads", ["last", "every"])
def test_what_arrives_at_each_state_is_what_autograd_says(program, torch, reads):
    p = program("rnn/many")
    sizes = p.signals(getattr(p, reads), 3)
    rng, k = np.random.default_rng(3), 1 / np.sqrt(p.H)
    W, U = rng.uniform(-k, k, (p.D, p.H)), rng.uniform(-k, k, (p.H, p.H))
    x, asked = rng.standard_normal((p.T, p.D)), torch.tensor(rng.standard_normal((p.T, p.H)))
    h, states = torch.zeros(p.H, dtype=torch.float64), []
    for t in range(p.T):
        h = torch.tanh(torch.tensor(x[t] @ W) + h @ torch.tensor(U)).requires_grad_(True)
        h.retain_grad()
        states.append(h)
    sum((asked[t] * states[t]).sum() for t in getattr(p, reads)).backward()
    np.testing.assert_allclose(sizes, [state.grad.norm().item() for state in states], rtol=1e-9)


def test_a_loss_at_every_step_hides_the_fading_and_does_not_cure_it(program):
    p = program("rnn/many")
    assert p.share_one < 1e-5 and 0.5 < p.share_many < 2
    assert np.all(np.diff(p.one) > 0)
    assert p.many.max() < 2 * p.many.min()

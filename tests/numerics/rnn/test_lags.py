"""The gradient by layer and lag, against autograd."""

import numpy as np
import pytest


def test_every_states_gradient_and_every_weights_is_autograds(program, torch):
    p = program("rnn/lags")
    W, U = (torch.tensor(a, requires_grad=True) for a in (p.W, p.U))
    below = list(torch.tensor(p.h[0]))
    states = []
    for layer in range(p.L):
        h = [torch.zeros(p.B, p.H, dtype=torch.float64)]
        for t in range(1, p.T + 1):
            h.append(torch.tanh(below[t] @ W[layer] + h[t - 1] @ U[layer]))
            h[t].retain_grad()
        states.append(h)
        below = h
    (states[-1][-1] * torch.tensor(p.dh[p.L, p.T])).sum().backward()
    for layer in range(p.L):
        theirs = [one.grad.norm().item() for one in states[layer][1:]]
        np.testing.assert_allclose(p.norms[layer + 1, 1:] * np.linalg.norm(p.dh[p.L, p.T]), theirs, rtol=1e-9)
    np.testing.assert_allclose(p.dU, U.grad.numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(p.dW, W.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_the_lag_costs_what_the_weights_do_not_show(program):
    p = program("rnn/lags")
    assert max(p.norms[1:, p.T - 30]) < 1e-4 < 0.1 < min(p.norms[1:, p.T])
    assert max(p.weights) < 1.5 * min(p.weights)
    assert p.weights == pytest.approx([np.linalg.norm(one) for one in p.dU])

"""Cross-entropy and its rivals, and Adam: against PyTorch and closed forms."""

import numpy as np
import pytest
from numeric import with_setting


@pytest.mark.parametrize("name", ["cross-entropy", "squared error", "softmax twice"])
@pytest.mark.parametrize("size", [1, 30])
def test_each_loss_and_its_gradient_are_pytorchs(program, torch, name, size):
    p = program("beyond/cross_entropy")
    F, right = torch.nn.functional, torch.tensor(p.right)
    z = torch.tensor(size * np.random.default_rng(1).standard_normal(p.K), requires_grad=True)
    loss = {
        "cross-entropy": lambda z: F.cross_entropy(z, right),
        "squared error": lambda z: F.mse_loss(z.softmax(0), F.one_hot(right, p.K).double(), reduction="sum") / 2,
        "softmax twice": lambda z: F.cross_entropy(z.softmax(0), right),
    }[name](z)
    loss.backward()
    ours = z.detach().numpy()
    assert p.losses[name](ours) == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(p.gradient(p.losses[name], ours), z.grad.numpy(), rtol=1e-9, atol=1e-14)


def test_scores_of_a_thousand_do_not_overflow(program):
    p = program("beyond/cross_entropy")
    assert p.cross_entropy(1000.0 - 1000 * np.eye(p.K)[0]) == pytest.approx(1000 + np.log(p.K - 1))


def test_the_floor_of_the_double_softmax_is_its_closed_form(program):
    p = program("beyond/cross_entropy")
    assert p.lowest == pytest.approx(np.log(1 + (p.K - 1) / np.e))
    assert p.pull["cross-entropy"][0] > 0.999 > 1e-4 > max(p.pull["squared error"][0], p.pull["softmax twice"][0])
    assert p.pull["softmax twice"][-1] < 1e-2 and p.pull["cross-entropy"][-1] < 1e-3


def test_the_steps_of_adam_are_pytorchs(program, torch):
    p, gradients = program("beyond/adam"), np.random.default_rng(2).standard_normal(50)
    theta = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    adam, places = torch.optim.Adam([theta], lr=1.0), [0.0]
    for g in gradients:
        theta.grad = torch.tensor([g])
        adam.step()
        places.append(theta.item())
    np.testing.assert_allclose(p.adam(gradients, True), -np.diff(places), rtol=1e-9)


def test_the_length_of_a_step_follows_its_closed_forms(program):
    p = program("beyond/adam")
    assert list(p.first.values()) == pytest.approx([1, 1, 1], abs=1e-4)
    assert p.plain[0] == pytest.approx((1 - p.beta1) / np.sqrt(1 - p.beta2), rel=1e-6)
    t = np.arange(1, p.updates + 1)
    np.testing.assert_allclose(p.plain, (1 - p.beta1**t) / np.sqrt(1 - p.beta2**t), rtol=1e-6)
    assert p.typical == pytest.approx(np.sqrt((1 - p.beta1) / (1 + p.beta1)), rel=0.05)
    longer = with_setting(p.adam, beta2=0.99)(np.ones(500), False)
    assert longer.max() < p.longest

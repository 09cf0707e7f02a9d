"""What the explorable on depth computes is what its program computes, for every choice that a reader can make."""

from itertools import product

import numpy as np
import pytest
from in_node import computed

FUNCTIONS = {
    "sigmoid": lambda z: (1 / (1 + np.exp(-z)), np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": lambda z: (np.tanh(z), 1 - np.tanh(z) ** 2),
    "relu": lambda z: (np.maximum(z, 0), 1.0 * (z > 0)),
}
VARIANCES = {"default": 1 / 3, "xavier": 1, "he": 2, "large": 4}
AXES = {"none": None, "batch": 0, "layer": 1}
SHORTCUTS = {"none": (0, 1), "added": (1, 1), "scaled": (1, 1 / np.sqrt(50))}
NAMES = ("activation", "initialization", "normalization", "shortcut")


@pytest.mark.parametrize("activation", FUNCTIONS)
def test_the_gradient_by_layer_for_every_choice(program, activation):
    p = program("remedies/depth")
    choices = list(product(VARIANCES, AXES, SHORTCUTS))
    asked = [
        ("gradientByLayer", dict(zip(NAMES, (activation, *choice), strict=True)), seed)
        for seed, choice in enumerate(choices)
    ]
    for seed, choice, found in zip(range(99), choices, computed("depth.core.js", asked), strict=False):
        gain, axis, (keep, scale) = (of[one] for of, one in zip((VARIANCES, AXES, SHORTCUTS), choice, strict=True))
        expected = p.gradient_by_layer(FUNCTIONS[activation], (gain, axis, keep, scale), seed)
        assert expected.shape == (p.L + 1,)
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=0, err_msg=str(choice))


def test_its_first_setting_gives_the_number_of_the_page(program):
    p = program("remedies/depth")
    first = dict(zip(NAMES, ("relu", "default", "none", "none"), strict=True))
    runs = computed("depth.core.js", [("gradientByLayer", first, seed) for seed in range(p.seeds)])
    assert np.exp(np.mean(np.log([run[0] for run in runs]))) == pytest.approx(p.left["1/(3n)"], rel=1e-10)

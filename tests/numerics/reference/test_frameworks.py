"""The page reference/frameworks: every entry of its tables is what the installed framework does, every line of it runs.

PyTorch's each time; those of Keras, Flax and ONNX weekly, in an environment of their own, which takes minutes to install
(tests/other_frameworks.py).
"""

import json
import math
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from environments import ROOT, python_with
from numeric import filled, lstm_step, relative, with_setting

PAGES = {lang: (ROOT / f"docs/{lang}/reference/frameworks.md").read_text(encoding="utf-8") for lang in ("en", "zh")}
T, B, D, H = 7, 2, 3, 5
# the rows of the page, in its order, by what they are about
ROWS = [
    "input", "the other way", "order of the blocks", "input weights", "recurrent weights", "biases", "numbers",
    "forget bias", "input weights, start", "recurrent weights, start", "what is returned", "states", "dropout", "padding",
    "GRU: order of the blocks", "GRU: reset gate", "GRU: biases", "GRU: z = 1",
    "BN: momentum", "BN: share of the new mean", "BN: ε", "BN: running variance over", "LN: ε", "to evaluate",
]  # fmt: skip
LINES = [
    "clip the norm of all", "clip each number", "norm of all gradients", "forget bias 1",
    "cut the gradient between two pieces", "freeze a layer", "recurrent weights orthogonal, each gate",
]  # fmt: skip
COLUMNS = ("PyTorch", "Keras", "Flax")


def cells(text, names):
    """{framework: {row: the code in its cell}} of the tables with a column for each of the three."""
    rows = [re.split(r"\s+\|\s+", line.strip("| ")) for line in text.splitlines() if line.startswith("| ")]
    rows = [row for row in rows if len(row) == 4 and "PyTorch" not in row[1] and row[1].count("`") + row[2].count("`")]
    assert len(rows) == len(ROWS) + len(LINES)
    rows = rows[: len(ROWS)] if names is ROWS else rows[len(ROWS) :]
    code = [[re.findall("`([^`]+)`", cell) for cell in row[1:]] for row in rows]
    return {name: {row: one[k] for row, one in zip(names, code, strict=True)} for k, name in enumerate(COLUMNS)}


@pytest.fixture(params=["en", "zh"])
def page(request):
    return PAGES[request.param]


# -- PyTorch -------------------------------------------------------------------------------------------------


def named(shape, **sizes):
    names = {value: name for name, value in {"T": T, "B": B, "D": D, "H": H, "4H": 4 * H, **sizes}.items()}
    return "(" + ", ".join(names[one] for one in shape) + ")"


def seen_in_lstm(torch):
    net = torch.nn.LSTM(D, H, num_layers=4)  # 4 layers: no other size is 4
    out, states = net(torch.ones(T, B, D))
    turned, others = torch.nn.LSTM(D, H, num_layers=4, batch_first=True)(torch.ones(B, T, D))
    assert turned.shape == (B, T, H) and others[0].shape == states[0].shape == (4, B, H)
    order = ["h" if torch.equal(state[-1], out[-1]) else "c" for state in states]
    shapes = {name: tuple(value.shape) for name, value in net.named_parameters() if name.endswith("_l0")}
    big = dict(torch.nn.LSTM(64, 256).named_parameters())
    for value in big.values():  # uniform within ±1/√H: all of it is used, and not more
        assert value.abs().max() <= 1 / 16 and value.abs().max() > 0.95 / 16
        assert float(value.detach().std()) == pytest.approx(1 / 16 / math.sqrt(3), rel=0.05)
    assert abs(float((big["bias_ih_l0"] + big["bias_hh_l0"])[256:512].detach().mean())) < 0.01
    drops = torch.nn.LSTM(D, H, num_layers=2, dropout=0.5)
    one, two = drops(torch.ones(T, B, D))[0], drops(torch.ones(T, B, D))[0]
    assert not torch.equal(one, two)
    packed = torch.nn.utils.rnn.pack_padded_sequence(torch.ones(T, B, D), [T, 3])
    after, (last, _) = net(packed)
    padded, _ = torch.nn.utils.rnn.pad_packed_sequence(after)
    assert torch.all(padded[3:, 1] == 0) and torch.allclose(last[-1, 1], padded[2, 1])
    return {
        "input": [named((T, B, D))],
        "the other way": ["batch_first=True"],
        "order of the blocks": ["i, f, g, o"],  # test_the_programs_layouts_are_pytorchs
        "input weights": [f"weight_ih_l0 {named(shapes['weight_ih_l0'])}"],
        "recurrent weights": [f"weight_hh_l0 {named(shapes['weight_hh_l0'])}"],
        "biases": [f"{name} {named(shapes[name])}" for name in ("bias_ih_l0", "bias_hh_l0")],
        "numbers": [str(sum(math.prod(shape) for shape in shapes.values()))],
        "forget bias": ["0"],
        "input weights, start": ["U(−1/√H, 1/√H)"],
        "recurrent weights, start": ["U(−1/√H, 1/√H)"],
        "what is returned": [f"h {named(out.shape)}"],
        "states": [f"({', '.join(order)})", named(states[0].shape, L=4)],
        "dropout": ["dropout"],
        "padding": ["pack_padded_sequence"],
    }


def seen_elsewhere(torch):
    gru = torch.nn.GRU(D, H).double()
    biases = gru.bias_ih_l0.numel() + gru.bias_hh_l0.numel()
    with torch.no_grad():
        gru.bias_ih_l0[H : 2 * H] = 100  # the second block, z, wide open
    kept = gru(torch.ones(T, B, D).double(), torch.full((1, B, H), 0.3).double())[0]
    norm, batch = torch.nn.BatchNorm1d(1).double(), torch.tensor([[1.0], [2.0], [6.0]]).double()
    norm(batch)
    divisor = 14 / ((float(norm.running_var) - 0.9) / 0.1)
    quiet = norm.eval()(batch)
    assert torch.allclose(quiet, (batch - norm.running_mean) / torch.sqrt(norm.running_var + 1e-5))
    return {
        "GRU: order of the blocks": ["r, z, n"],  # test_the_programs_layouts_are_pytorchs, and the reset gate
        "GRU: reset gate": [],
        "GRU: biases": [f"{biases // H}H"],
        "GRU: z = 1": ["h"] if torch.allclose(kept, torch.tensor(0.3).double()) else ["n"],
        "BN: momentum": [str(norm.momentum)],
        "BN: share of the new mean": [f"{float(norm.running_mean) / 3:.2g}"],
        "BN: ε": [str(norm.eps)],
        "BN: running variance over": [{3: "B", 2: "B − 1"}[round(divisor, 6)]],
        "LN: ε": [str(torch.nn.LayerNorm(1).eps)],
        "to evaluate": ["net.eval()"],
    }


def test_what_the_page_says_of_pytorch(torch, page):
    assert cells(page, ROWS)["PyTorch"] == {**seen_in_lstm(torch), **seen_elsewhere(torch)}


def test_the_programs_layouts_are_pytorchs(program, torch):
    p, g = program("reference/layouts"), program("reference/gru_layouts")
    lstm = torch.nn.LSTM(p.D, p.H).double()
    lstm.load_state_dict({f"{name}_l0": torch.tensor(array) for name, array in p.pytorch.items()})
    gru = filled(torch, torch.nn.GRU(g.D, g.H).double(), g.W.T, g.U.T, g.b_in, g.b_h)
    assert relative(p.h, lstm(torch.tensor(p.x))[0][-1].detach().numpy()) < 1e-10
    assert relative(g.h, gru(torch.tensor(g.x))[0][-1].detach().numpy()) < 1e-10


def test_what_the_programs_measure(program):
    p, g = program("reference/layouts"), program("reference/gru_layouts")
    for arrays in p.back.values():
        assert relative(p.run(*arrays), p.h) < 1e-12
    assert min(p.wrong.values()) > 0.5, "a wrong order shows"
    assert g.same < 1e-12 and g.moved_gates < 1e-12
    assert min(g.unswapped, g.variant, g.moved_n) > 0.1


def test_a_dropped_value_between_layers_is_drawn_anew_at_each_step(torch):
    net = torch.nn.RNN(4, 4, num_layers=2, dropout=0.5, nonlinearity="relu")
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
        net.weight_ih_l0.copy_(torch.eye(4))
        net.weight_ih_l1.copy_(torch.eye(4))
    out = net(torch.ones(20, 1, 4))[0][:, 0]
    assert set(out.flatten().tolist()) == {0.0, 2.0} and len(out.unique(dim=0)) > 2
    with pytest.warns(UserWarning, match="dropout"):
        torch.nn.LSTM(4, 4, dropout=0.5)


# -- the lines of the page -----------------------------------------------------------------------------------


def run(torch, code, **names):
    space = {"torch": torch, "nn": torch.nn, "H": H, "D": D, **names}
    try:
        return space, eval(code, space)
    except SyntaxError:
        exec(code, space)
        return space, None


class TwoNumbers:
    """A network with the gradient (3, 4), or another."""

    def __init__(self, torch, *grads):
        self.all = [torch.nn.Parameter(torch.zeros(1)) for _ in grads]
        for parameter, g in zip(self.all, grads, strict=True):
            parameter.grad = torch.tensor([g])

    def parameters(self):
        return iter(self.all)

    def grads(self):
        return [p.grad.item() for p in self.all]


def test_the_lines_on_gradients(torch, page):
    lines = {row: code[0] for row, code in cells(page, LINES)["PyTorch"].items()}
    net = TwoNumbers(torch, 3.0, 4.0)
    _, returned = run(torch, lines["clip the norm of all"], net=net)
    assert float(returned) == 5 and net.grads() == pytest.approx([0.6, 0.8], rel=1e-6)
    assert net.grads()[0] == pytest.approx(3 / (5 + 1e-6), rel=1e-7)
    nan = TwoNumbers(torch, math.nan, 4.0)
    run(torch, lines["clip the norm of all"], net=nan)
    assert all(map(math.isnan, nan.grads()))
    with pytest.raises(RuntimeError, match="non-finite"):
        torch.nn.utils.clip_grad_norm_(TwoNumbers(torch, math.nan).parameters(), 1.0, error_if_nonfinite=True)
    net = TwoNumbers(torch, 3.0, -0.2)
    run(torch, lines["clip each number"], net=net)
    assert net.grads() == pytest.approx([0.5, -0.2])
    assert float(run(torch, lines["norm of all gradients"], net=TwoNumbers(torch, 3.0, 4.0))[1]) == 5


def test_the_lines_on_weights(torch, page):
    lines = {row: code[0] for row, code in cells(page, LINES)["PyTorch"].items()}
    net = torch.nn.LSTM(D, H)
    before = (net.bias_ih_l0 + net.bias_hh_l0).detach().clone()
    run(torch, lines["forget bias 1"], net=net)
    after = (net.bias_ih_l0 + net.bias_hh_l0).detach()
    assert torch.all(after[H : 2 * H] == 1) and torch.equal(after[:H], before[:H])
    assert torch.equal(after[2 * H :], before[2 * H :])
    run(torch, lines["recurrent weights orthogonal, each gate"], net=net)
    for U in net.weight_hh_l0.detach().chunk(4):
        assert torch.allclose(U @ U.T, torch.eye(H), atol=1e-5)
    x = torch.ones(T, B, D, requires_grad=True)
    _, (h, c) = net(x)
    space, _ = run(torch, lines["cut the gradient between two pieces"], h=h, c=c)
    net(torch.ones(T, B, D), (space["h"], space["c"]))[0].sum().backward()
    assert x.grad is None and net.weight_hh_l0.grad is not None
    run(torch, lines["freeze a layer"], net=net)
    assert not any(p.requires_grad for p in net.parameters())


# -- the default starts --------------------------------------------------------------------------------------


def test_the_default_starts_are_the_frameworks(program):
    """That these are the frameworks' own, in numbers: seen_in_lstm, and keras_lstm and flax_lstm of the others."""
    p, rng = program("reference/default_starts"), np.random.default_rng(0)
    W, U, b = p.pytorch(rng)
    for array, deviation in ((W, 1 / np.sqrt(3 * p.H)), (U, 1 / np.sqrt(3 * p.H)), (b, np.sqrt(2 / 3 / p.H))):
        assert array.std() == pytest.approx(deviation, rel=0.1)
    W, U, b = p.keras(rng)
    assert W.std() == pytest.approx(np.sqrt(2 / (p.D + 4 * p.H)), rel=0.05)
    np.testing.assert_allclose(U @ U.T, np.eye(p.H), atol=1e-12)
    assert b.tolist() == [0] * p.H + [1] * p.H + [0] * 2 * p.H
    W, U, b = p.flax(rng)
    assert W.std() == pytest.approx(1 / np.sqrt(p.D), rel=0.05)
    for block in np.split(U, 4, axis=1):
        np.testing.assert_allclose(block @ block.T, np.eye(p.H), atol=1e-12)
    assert not b.any()


def test_the_gradient_of_a_start_is_that_of_autograd(program, torch):
    p, seed = program("reference/default_starts"), 1
    ours = p.gradient(p.keras, seed)
    rng = np.random.default_rng(seed)
    W, U, b = (torch.tensor(array) for array in p.keras(rng))
    h, c, states = torch.zeros(p.B, p.H).double(), torch.zeros(p.B, p.H, dtype=torch.float64, requires_grad=True), []
    for _ in range(p.T):
        h, c = lstm_step(torch, torch.tensor(rng.standard_normal((p.B, p.D))) @ W + h @ U + b, c)
        c.retain_grad()
        states.append(c)
    (h * torch.tensor(rng.standard_normal((p.B, p.H)))).sum().backward()
    norms = np.array([state.grad.norm().item() for state in states[::-1]])
    assert relative(ours, norms / norms[0]) < 1e-10


@pytest.mark.parametrize("units, inputs", [(32, 16), (128, 16), (64, 4), (64, 64)])
def test_a_forget_bias_of_1_keeps_more_at_other_sizes(program, units, inputs):
    p = program("reference/default_starts")
    gradient = with_setting(p.gradient, H=units, D=inputs)
    left = {name: [gradient(start, seed)[-1] for seed in range(5)] for name, start in p.starts.items()}
    assert max(left["PyTorch"] + left["Flax"]) < min(left["Keras"] + left["PyTorch, b_f = 1"])


def test_a_forget_bias_of_1_keeps_more(program):
    factor = program("reference/default_starts").factor
    assert max(factor["PyTorch"], factor["Flax"]) + 0.1 < min(factor["Keras"], factor["PyTorch, b_f = 1"]) < 1


# -- Keras, Flax, ONNX ---------------------------------------------------------------------------------------


def plain(value):
    """What JSON can hold of a program's arrays."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return np.asarray(value).tolist()


@pytest.fixture(scope="module")
def others(program, torch):
    """What tests/other_frameworks.py saw."""
    p, g = program("reference/layouts"), program("reference/gru_layouts")
    arrays = {
        "layouts": {"x": p.x, "keras": p.keras, "flax": p.flax, "onnx": p.onnx},
        "gru_layouts": {"x": g.x, "keras": g.keras},
        "h": {"layouts": p.h, "gru_layouts": g.h},
    }
    lines = {lang: cells(page, LINES) for lang, page in PAGES.items()}
    assert lines["en"] == lines["zh"]
    asked = {
        "torch": str(Path(torch.__file__).parents[1]),
        "program": plain(arrays),
        "lines": {f: {row: code[0] for row, code in lines["en"][f].items()} for f in ("Keras", "Flax")},
    }
    python = python_with(ROOT / "requirements-frameworks.txt")
    command = [str(python), str(ROOT / "tests/other_frameworks.py")]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.weekly
@pytest.mark.parametrize("framework", ["Keras", "Flax"])
def test_what_the_page_says_of_the_others(others, page, framework):
    assert cells(page, ROWS)[framework] == others["seen"][framework]


@pytest.mark.weekly
def test_the_lines_for_the_others_do_what_they_say(others):
    assert others["wrong"] == ["", ""]


@pytest.mark.weekly
def test_the_programs_layouts_are_those_of_the_others(others, program):
    p, g = program("reference/layouts"), program("reference/gru_layouts")
    for name in ("Keras", "Flax", "ONNX"):
        assert relative(others["outputs"][name], p.h) < 1e-10, name
    assert relative(others["outputs"]["Keras GRU"], g.h) < 1e-10
    before = g.run(g.W, g.U, g.b_in, g.b_h, reset_after=False)
    # this variant of Keras 3.15 on PyTorch agrees to single precision only, though its weights are double
    assert relative(others["outputs"]["Keras GRU, reset before"], before) < 1e-6


@pytest.mark.weekly
def test_the_versions_of_the_page_are_those_that_were_seen(others, page):
    for name, version in others["versions"].items():
        short = ".".join(version.split(".")[:2])
        assert name == "jax" or re.search(rf"{name} {re.escape(short)}\b", page, re.I), (name, version)


def test_the_versions_of_the_page_are_those_installed_and_locked(torch, page):
    version = torch.__version__.split("+")[0]
    assert f"PyTorch {'.'.join(version.split('.')[:2])}" in page
    assert f"torch=={version}" in (ROOT / "Makefile").read_text(encoding="utf-8")
    locked = (ROOT / "requirements-frameworks.txt").read_text(encoding="utf-8")
    for name in ("keras", "flax", "optax", "onnx"):
        found = {".".join(v.split(".")[:2]) for v in re.findall(rf"^{name}==(\S+)", locked, re.M)}
        assert {v for v in found if re.search(rf"{name} {re.escape(v)}\b", page, re.I)} == found != set(), name
    assert not re.search("^torch==", locked, re.M), "its plain package is gigabytes large"

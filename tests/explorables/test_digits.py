"""What an LSTM at work computes in a browser is what the digits lab's NumPy does with the same weights, those that the lab
hands over; a drawing becomes an image like those of the data set."""

import base64
import json
import math
import subprocess

import numpy as np
import pytest
from conftest import ROOT, sources
from in_node import FOLDER
from numeric import relative
from sklearn.datasets import load_digits

from sitebuild.base.node import node
from sitebuild.programs import runner
from sitebuild.sources.project import Project

CORE = (FOLDER / "digits.core.js").as_uri()
LAB = "labs/sequential_digits"
NAMES = ("LSTM 32", "RNN 32", "RNN 64")
READ = (0, 100, 358)  # images of those held out, by number


@pytest.fixture(scope="session")
def results():
    """What the lab found, from the cache that the build left."""
    return runner.run([sources().labs[LAB].program], ["en"], Project(ROOT).cache)[LAB, "en"].values


@pytest.fixture(scope="session")
def lab():
    """The lab's data and functions, without its training."""
    namespace = {"__name__": "lab"}
    for source in sources().labs[LAB].code("en")[:3]:
        exec(compile(source, LAB, "exec"), namespace)
    return namespace


def core(body, **given):
    """What the JavaScript `body` returns that uses the module as `core`, and what is given to it as `given`."""
    script = f"""
    const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
    import("{CORE}").then((core) => {{
        const plain = (key, value) => ArrayBuffer.isView(value) ? Array.from(value) : value;
        console.log(JSON.stringify((() => {{ {body} }})(), plain));
    }});"""
    done = subprocess.run(
        [node(), "-e", script], input=json.dumps(given), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def unpacked(asset, name):
    """A network's parameters in float64, read here by NumPy: W, U, b, V, a."""
    kind, units = name.split()
    H, width = int(units), int(units) * (4 if kind == "LSTM" else 1)
    numbers = np.frombuffer(base64.b64decode(asset["weights"][name]), "<f2").astype(float)
    shapes = (1, width), (H, width), (width,), (H, 10), (10,)
    parts = np.split(numbers, np.cumsum([math.prod(shape) for shape in shapes]))
    assert parts.pop().size == 0, "nothing is left over"
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def softmax(scores):
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def heard(lab, kind, x, states, p, digit):
    """∂score of `digit` at the end / ∂x, by the lab's own backward passes."""
    W, U, V = p[0], p[1], p[3]
    hs, cs, gates = states
    dh = V[:, digit][None]
    if kind == "LSTM":
        dhs = np.zeros_like(hs[1:])
        dhs[-1] = dh
        return lab["lstm_backward"](dhs, x, hs, cs, gates, W, U)[0].ravel()
    dx = np.zeros(len(x))
    for t in range(len(x) - 1, -1, -1):  # the lab's needs no ∂x: one step of it gives ∂z as that of the bias
        _, _, dz, dh = lab["rnn_backward"](x[t : t + 1], hs[t : t + 2], U, dh[None])
        dx[t] = (dz @ W.T).item()
    return dx


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("steps", [64, 37])
def test_forward_and_backward_are_those_of_the_lab(results, lab, name, steps):
    asset, kind = results["explorable"], name.split()[0]
    script = """
    const { networks, images, labels } = core.unpack(given.asset), network = networks[given.name];
    return given.read.map((n) => {
        const run = core.read(network, images[n]), shares = run.shares[given.steps];
        const heard = Array.from({ length: 10 }, (_, digit) => core.hears(network, run, given.steps, digit));
        return { ...run, heard, label: labels[n] };
    });"""
    p = unpacked(asset, name)
    for n, ours in zip(READ, core(script, asset=asset, name=name, read=READ, steps=steps), strict=True):
        image = load_digits().data[lab["held"][n]]
        assert ours["label"] == lab["labels"][lab["held"][n]]
        x = (image / 16 - 0.3).reshape(-1, 1, 1)
        whole = lab["states"](kind, x, *p[:3])
        assert relative(ours["h"], whole[0][:, 0]) < 1e-10
        assert relative(ours["shares"], softmax(whole[0][:, 0] @ p[3] + p[4])) < 1e-10
        if kind == "LSTM":
            gates = np.array(whole[2])[:, :, 0]  # (T, 4, H)
            assert relative(ours["c"], whole[1][:, 0]) < 1e-10
            assert all(relative(ours[gate], gates[:, k]) < 1e-10 for k, gate in enumerate("ifgo"))
        read = x[:steps]
        states = lab["states"](kind, read, *p[:3])
        for digit in range(10):
            dx = heard(lab, kind, read, states, p, digit)
            assert relative(ours["heard"][digit][:steps], dx) < 1e-10
            assert not np.any(ours["heard"][digit][steps:]), "what comes later is not heard"


def test_rounded_networks_read_as_many_digits_right_as_the_lab_says(results):
    script = """
    const { networks, images, labels } = core.unpack(given.asset), best = (shares) => shares.indexOf(Math.max(...shares));
    const right = (network) => images.filter((ink, n) => best(core.read(network, ink).shares[64]) === labels[n]).length;
    return Object.fromEntries(Object.entries(networks).map(([name, network]) => [name, right(network)]));"""
    right = core(script, asset=results["explorable"])
    assert set(right) == set(NAMES)
    for name, count in right.items():
        # within two of 359: of the last seed's network, float32 there, rounded to 16 bits here
        assert abs(count - 359 * results["final"][name][-1]) <= 2.001, name


def test_what_a_reader_loads_is_small(results):
    assert len(json.dumps(results["explorable"])) < 60_000


# -- drawings ----------------------------------------------------------------------------------------------


def arc(x, y, wide, high, start, end):
    angles = np.radians(np.linspace(start, end, 25))
    return [[x + wide * math.cos(a), y + high * math.sin(a)] for a in angles]


# as one writes them, on a pad of 100 × 100
WRITTEN = [
    [arc(50, 50, 26, 40, -90, 270)],
    [[[36, 28], [52, 12], [52, 90]]],
    [[*arc(50, 32, 24, 22, 190, 390), [28, 88], [76, 88]]],
    [arc(48, 30, 22, 20, 200, 450), arc(48, 70, 24, 20, -90, 160)],
    [[[58, 10], [24, 62], [78, 62]], [[60, 36], [58, 92]]],
    [[[72, 12], [34, 12], [31, 46], *arc(48, 64, 24, 24, -130, 140)]],
    [[[62, 10], [40, 36], *arc(50, 66, 20, 22, 180, 540)]],
    [[[26, 14], [74, 14], [44, 90]], [[32, 50], [66, 50]]],
    [[*arc(50, 30, 18, 18, 90, 450), *arc(50, 70, 21, 22, -90, 270)]],
    [[*arc(48, 32, 20, 20, 0, -360), [68, 34], [60, 90]]],
]


def placed(lines, scale, left, top):
    return [[[left + scale * x, top + scale * y] for x, y in line] for line in lines]


def test_a_drawing_has_the_ink_and_the_place_of_a_digit_of_the_data_set():
    data = load_digits().images
    inks = np.array(core("return given.all.map(core.counted);", all=WRITTEN)).reshape(-1, 8, 8)
    assert round(data.sum(axis=(1, 2)).mean()) in (312, 313) and (inks.sum(axis=(1, 2)) == 312).all()
    assert inks.max() <= 16 and inks.dtype == int
    for edge in (np.s_[:, 0, :], np.s_[:, -1, :]):
        assert data[edge].any(axis=1).all() and inks[edge].any(axis=1).all(), "as high as the picture"
    assert data[:, :, 0].any(axis=1).mean() < 0.02 and not inks[:, :, 0].any(), "not as wide"
    columns = np.arange(8)
    middles = (inks.sum(axis=1) * columns).sum(axis=1) / 312
    usual = (data.sum(axis=1) * columns).sum(axis=1) / data.sum(axis=(1, 2))
    assert np.abs(middles - usual.mean()).max() < 4 * usual.std()


def test_where_and_how_large_one_draws_does_not_matter():
    moved = [placed(lines, 0.4, 55, 3) for lines in WRITTEN]
    here, there = core(
        "return [given.here, given.there].map((all) => all.map(core.counted));", here=WRITTEN, there=moved
    )
    # of pixels that are as far from the line as each other, rounding may choose another
    assert np.abs(np.array(here) - there).sum(axis=1).max() <= 8


def test_a_dot_and_a_line_are_images_too():
    for lines in ([[[40, 70]]], [[[10, 50], [90, 50]]], [[[50, 10], [50, 90]]]):
        ink = core("return core.counted(given.lines);", lines=lines)
        assert sum(ink) == 312 and max(ink) <= 16


def test_the_lstm_reads_digits_that_are_drawn(results):
    script = """
    const network = core.unpack(given.asset).networks["LSTM 32"];
    return given.all.map((lines) => core.read(network, core.counted(lines)).shares[64]);"""
    shares = np.array(core(script, asset=results["explorable"], all=WRITTEN))
    assert (shares.argmax(axis=1) == range(10)).sum() >= 8


# -- what the page says --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_half_way_the_answer_is_mostly_wrong_and_the_first_row_is_heard_to_the_end(results, name):
    script = """
    const { networks, images, labels } = core.unpack(given.asset), network = networks[given.name];
    const best = (shares) => shares.indexOf(Math.max(...shares));
    const sum = (values) => values.reduce((total, value) => total + Math.abs(value), 0);
    return images.map((ink, n) => {
        const run = core.read(network, ink), heard = core.hears(network, run, 64, best(run.shares[64]));
        return [best(run.shares[32]) === labels[n], sum(heard.subarray(0, 8)) / sum(heard)];
    });"""
    right, first_row = np.array(core(script, asset=results["explorable"], name=name)).mean(axis=0)
    assert right < 0.4
    assert first_row > 0.05, "an even share is 0.125"

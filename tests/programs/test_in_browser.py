"""What runs a program in a reader's browser, sitebuild/programs/in_browser.py, tried without one: it prints and draws what the page
shows, and tells whatever a program does. In Chromium: tests/site/test_run.py."""

import json
import re
import subprocess
import sys

import pytest
from conftest import ROOT, sources

from sitebuild import LANGS
from sitebuild.programs import pyodide, results, runner
from sitebuild.sources.project import Project

NATIVE = "import sys\nfrom sitebuild.programs import in_browser\nfor line in sys.stdin:\n    print(in_browser.answer(line))\n"


def natively(requests):
    """What it answers to each (name, lang, source, font), one after the other in one process, as run-worker.js asks."""
    keys = ("name", "lang", "source", "font")
    asked = "".join(json.dumps(dict(zip(keys, request, strict=True))) + "\n" for request in requests)
    done = subprocess.run(
        [sys.executable, "-c", NATIVE], input=asked, capture_output=True, text=True, cwd=ROOT, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def font(tmp_path_factory):
    file = tmp_path_factory.mktemp("font") / "metrics.ttf"
    file.write_bytes(results.metrics_font(Project(ROOT).cache))
    return str(file)


# frames, no figure, an image, Chinese labels; every program: weekly, in the browser and here
SOME = ["rnn/singular", "lstm/gates", "lstm/forget_bias", "remedies/clip_norm_value"]


@pytest.mark.parametrize("names", [SOME, pytest.param(None, marks=pytest.mark.weekly)], ids=["some", "all"])
def test_an_unchanged_program_prints_and_draws_byte_for_byte_what_the_page_shows(font, names):
    snippets = sources().snippets
    asked = [(name, lang) for name in names or snippets for lang in LANGS]
    built = runner.run([snippets[name] for name in names or snippets], LANGS, Project(ROOT).cache)
    requests = [(name, lang, snippets[name].source(lang), font if lang == "zh" else None) for name, lang in asked]
    drawn = 0
    for (name, lang), answer in zip(asked, natively(requests), strict=True):
        result = built[name, lang]
        assert answer["error"] == "" and answer["stdout"] == result.stdout, (name, lang)
        assert answer["figures"] == [[figure.label, figure.svg] for figure in result.figures], (name, lang)
        drawn += len(answer["figures"])
    assert drawn >= 12


def test_an_error_is_told_with_the_programs_own_frames_and_what_came_before_it():
    source = "import numpy as np\n\n\ndef f(a):\n    return np.linalg.inv(a)\n\n\nprint(1)\nf(np.zeros((2, 3)))\n"
    (answer,) = natively([("a/b", "en", source, None)])
    assert answer["stdout"] == "1\n" and answer["line"] == 5
    trace = answer["error"].splitlines()
    frames = [line.strip() for line in trace if line.startswith("  File")]
    assert frames == ['File "b.py", line 9, in <module>', 'File "b.py", line 5, in f']
    assert "    return np.linalg.inv(a)" in trace and trace[-1].startswith("numpy.linalg.LinAlgError")


WRONG = {  # what it says, and in which line
    "x = 1\nx = = 2\n": (2, "SyntaxError"),
    "def f():\n    return f()\n\n\nf()\n": (2, "RecursionError"),
    "import sys\nsys.exit('end')\n": (2, "SystemExit: end"),
    "while True:\n    print('x' * 1000)\n": (2, "RuntimeError: more than 100000 characters printed"),
    "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.ylabel('$x_$')\n": (0, "ValueError"),
}


def test_whatever_a_program_does_is_told_and_the_next_one_finds_things_in_order():
    spoils = "import numpy as np\nnp.set_printoptions(precision=2)\nnp.seterr(divide='ignore')\n"
    after = "import numpy as np\nprint(np.array([1 / 3]), np.geterr()['divide'])\n"
    told = natively([("a/b", "en", source, None) for wrong in WRONG for source in (spoils + wrong, after)])
    for broken, fine, (line, says_) in zip(told[::2], told[1::2], WRONG.values(), strict=True):
        assert says_ in broken["error"] and broken["line"] == (line and line + 3)
        assert fine == {"stdout": "[0.33333333] warn\n", "figures": [], "error": "", "line": 0}


def test_a_warning_is_shown_and_figures_of_an_earlier_program_are_gone():
    draws = "import matplotlib.pyplot as plt\nplt.plot([0, 1])\n"
    warns = "import numpy as np\nnp.array([1.0]) / 0\n"
    first, second = natively([("a/b", "en", source, None) for source in (draws, warns)])
    assert len(first["figures"]) == 1 and second["figures"] == [] and second["error"] == ""
    assert second["stdout"].startswith("b.py:2: RuntimeWarning: divide by zero")


def test_what_is_shipped_imports_nothing_that_is_not():
    shipped = json.loads(pyodide.modules())
    for path, text in shipped.items():
        assert text == (ROOT / path).read_text(encoding="utf-8")
        for named in re.findall(r"^\s*from \. import ([\w, ]+?) *(?:#.*)?$", text, re.M):
            assert all(f"sitebuild/{name}.py" in shipped for name in named.split(", ")), path
        compile(text, path, "exec")
        assert not re.search(r"strict=|removesuffix|removeprefix|match \w+:", text), f"{path}: newer than Python 3.8"

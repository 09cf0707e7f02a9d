"""What programs print and pages quote is the same on every processor.

NumPy and its OpenBLAS round the last digit as their code for a processor adds up: a training that amplifies it shows
another number on another machine. Each kind of processor that this one can play runs the programs anew.
"""

import functools
import json
import os
import platform
import re
import subprocess
import sys

import pytest
from conftest import ROOT, sources

from sitebuild import LANGS
from sitebuild.programs.sandbox import scalars
from sitebuild.sources import page

pytestmark = pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="kernels of x86 alone have names")

SOURCES = sources()
NAMES = sorted(name for name, program in SOURCES.snippets.items() if not program.judged)  # judges print verdicts
# what is trained, for so many updates, amplifies a last digit the most
TRAINED = [name for name in NAMES if re.search(r"\bupdates\b", SOURCES.snippets[name].text)]
KERNELS = {"Haswell": "AVX2", "Zen": "AVX2", "SkylakeX": "AVX512F", "Nehalem": "SSE42", "Prescott": "SSE3"}
# one that differs most from those of today: a kernel of OpenBLAS without fused operations, none of NumPy's vector code
OLDEST = "Nehalem"
RUN = """
import json, sys
from conftest import execute, ROOT
from sitebuild.programs.sandbox import scalars
for name in sys.argv[1:]:
    found = execute(name, (ROOT / "snippets" / f"{name}.py").read_text(encoding="utf-8"))
    print(json.dumps([name, found.stdout, scalars(vars(found))]), flush=True)
"""


def features():
    """NumPy's names for what this processor can do, and those of them that it has code of its own for."""
    try:
        from numpy._core import _multiarray_umath as core
    except ImportError:  # NumPy 1
        from numpy.core import _multiarray_umath as core
    return {name for name, there in core.__cpu_features__.items() if there}, core.__cpu_dispatch__


def kernels():
    return [kernel for kernel, needed in KERNELS.items() if needed in features()[0]]


@functools.cache
def quoted():
    """name -> every (value, format) in which some page quotes it"""
    found = {name: set() for name in NAMES}
    for lang in LANGS:
        for path, text in SOURCES.pages[lang].items():
            for quote in page.quotes(text, str(path)):
                found.get(quote.name, set()).add((quote.value, quote.format))
    return found


def told(name, stdout, values):
    """What a reader is told of a program: its lines, and the numbers in prose, each as it stands there."""
    numbers = {f"{value}:{form}": format(page.element(values, value), form) for value, form in quoted()[name]}
    return {**dict(enumerate(stdout.splitlines())), **numbers}


def elsewhere(names, kernel, vectors):
    """name -> what is told where OpenBLAS has this kernel and NumPy has or has not its vector code."""
    there, dispatched = features()
    off = "" if vectors else " ".join(name for name in dispatched if name in there)
    environment = {**os.environ, "OPENBLAS_CORETYPE": kernel, "NPY_DISABLE_CPU_FEATURES": off}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN, *names],
        env={**environment, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests", ROOT / "tools")))}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {name: told(name, *rest) for name, *rest in map(json.loads, done.stdout.splitlines())}


def differences(names, kernel, vectors, program):
    here = {name: told(name, program(name).stdout, scalars(vars(program(name)))) for name in names}
    there = elsewhere(names, kernel, vectors)
    return [
        f"{name}: {what!r} is {here[name].get(what)!r} here and {there[name].get(what)!r} there"
        for name in names
        for what in here[name].keys() | there[name].keys()
        if here[name].get(what) != there[name].get(what)
    ]


def test_what_is_trained_ends_the_same_on_an_old_processor(program):
    assert len(TRAINED) > 15
    assert differences(TRAINED, OLDEST, False, program) == []


@pytest.mark.weekly
@pytest.mark.parametrize("kernel", kernels())
@pytest.mark.parametrize("vectors", [True, False])
def test_every_program_tells_the_same_on_every_processor(kernel, vectors, program):
    assert differences(NAMES, kernel, vectors, program) == []


def test_a_number_that_depends_on_the_processor_is_seen(monkeypatch):
    """The last digits of a product of matrices do."""
    monkeypatch.setitem(quoted(), "rnn/bptt", {("worst", ".15e")})
    kinds = (OLDEST, False), *((kernel, True) for kernel in kernels())
    assert len({elsewhere(["rnn/bptt"], *kind)["rnn/bptt"]["worst:.15e"] for kind in kinds}) > 1

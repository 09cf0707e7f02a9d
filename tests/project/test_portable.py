"""Every program prints the same on the oldest NumPy and Matplotlib that it promises to run on as on those that are locked,
with which the site is built. Over Pythons and operating systems: .github/workflows/test.yml."""

import json
import os
import subprocess
import sys
from importlib.metadata import version

import pytest
from conftest import ROOT, sources
from environments import python_with

from sitebuild.programs import runner
from sitebuild.sources.project import Project

OLDEST = ROOT / "requirements-oldest.txt"
pytestmark = pytest.mark.weekly  # a program changes less often, and few need what is new
# One process for all programs would let them see each other: each is run in a fork of one that has the packages.
RUNNER = """\
import contextlib, io, json, os, sys, warnings
import matplotlib, numpy
matplotlib.use("Agg")
import matplotlib.pyplot as plt
print(json.dumps({"numpy": numpy.__version__, "matplotlib": matplotlib.__version__}), flush=True)
for line in sys.stdin:
    name, source = json.loads(line)
    if os.fork() == 0:
        warnings.simplefilter("error")
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                exec(compile(source, name, "exec"), {"__name__": "snippet"})
            answer = said.getvalue()
        except BaseException as error:
            answer = f"{type(error).__name__}: {error}"
        os.write(1, (json.dumps([name, answer]) + "\\n").encode())
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def oldest():
    """A Python with the oldest packages, kept from one test run to the next."""
    if sys.version_info >= (3, 13):
        pytest.skip("NumPy 1.26 exists for Python 3.11 and 3.12 only")
    return python_with(OLDEST)


def printed(python, programs):
    """The versions of the packages, and what each of the (name, source) prints."""
    asked = "".join(json.dumps(program) + "\n" for program in programs)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [str(python), "-I", "-c", RUNNER], input=asked, capture_output=True, text=True, env=environment, timeout=1800
    )
    assert done.returncode == 0, done.stderr
    versions, *answers = map(json.loads, done.stdout.splitlines())
    return versions, dict(answers)


def test_programs_and_labs_print_the_same_on_the_oldest_packages(oldest):
    programs = [*sources().snippets.values(), *(lab.program for lab in sources().labs.values())]
    results = runner.run(programs, ["en"], Project(ROOT).cache)
    versions, answers = printed(oldest, [(program.name, program.source("en")) for program in programs])
    assert versions["numpy"].startswith("1.26.") and versions["matplotlib"].startswith("3.9.")
    assert version("numpy") > "2" and version("matplotlib") > "3.10", "else this compares nothing"
    assert answers == {program.name: results[program.name, "en"].stdout for program in programs}


def test_a_program_that_warns_is_told(oldest):
    _, answers = printed(oldest, [("a", "import numpy as np\nnp.log(0)\n"), ("b", "print(1)\n")])
    assert answers == {"a": "RuntimeWarning: divide by zero encountered in log", "b": "1\n"}

"""A build in which nothing changed does not load or start what only a change needs."""

import json
import subprocess
import sys

import pytest
import scratch

NOT_NEEDED = {"numpy", "matplotlib", "PIL", "fontTools", "cyclonedx", "sitebuild.child"}
WATCHED = """
import json, subprocess, sys
started = []
class Popen(subprocess.Popen):
    def __init__(self, command, *rest, **options):
        started.append(command[0].rpartition("/")[2])
        super().__init__(command, *rest, **options)
subprocess.Popen = Popen
from mkdocs.__main__ import cli
try:
    cli(["build", "--quiet"])
except SystemExit as ended:
    assert not ended.code, ended.code
import jieba
print(json.dumps({"modules": sorted(sys.modules), "started": started, "dictionary": jieba.dt.initialized}))
"""


def watched(folder):
    """A build in a process that tells what it loaded and started."""
    done = subprocess.run([sys.executable, "-c", WATCHED], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    folder = scratch.make(tmp_path_factory.mktemp("warm") / "project")
    return [watched(folder) for _ in range(2)]


def test_an_unchanged_build_loads_no_numpy_no_matplotlib_and_no_dictionary(builds):
    cold, warm = builds
    assert not NOT_NEEDED & set(warm["modules"]) and not warm["dictionary"]
    assert cold["dictionary"] and "fontTools" in cold["modules"], "the first build needs them: the test sees it"


def test_an_unchanged_build_starts_no_node_and_no_python(builds):
    """nbconvert asks for pandoc's version when it is loaded, whatever is built."""
    cold, warm = builds
    assert set(warm["started"]) <= {"git", "pandoc"} and "node" in cold["started"]

"""A build in which nothing changed does not load what only a change needs."""

import subprocess
import sys

import scratch

WATCHED = """
import sys
from mkdocs.__main__ import cli
try:
    cli(["build", "--quiet"])
except SystemExit as ended:
    assert not ended.code, ended.code
import jieba
print(*(["dictionary"] if jieba.dt.initialized else []), *sorted({"numpy", "matplotlib", "PIL", "fontTools"} & set(sys.modules)))
"""


def loaded(folder):
    done = subprocess.run([sys.executable, "-c", WATCHED], cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_an_unchanged_build_loads_no_numpy_no_matplotlib_and_no_dictionary(tmp_path):
    folder = scratch.make(tmp_path / "project")
    assert "fontTools" in loaded(folder), "the first build needs it: the test sees it"
    site = scratch.contents(folder / "site")
    assert loaded(folder) == []
    assert scratch.contents(folder / "site") == site

"""A build in which nothing changed does not load or start what only a change needs."""

import json
import subprocess
import sys

import pytest
import scratch

from sitebuild.adapter import second_language

NOT_NEEDED = {"numpy", "matplotlib", "PIL", "fontTools", "sitebuild.programs.sandbox"}
WATCHED = """
import json, multiprocessing.process, subprocess, sys
started, copies = [], []
class Popen(subprocess.Popen):
    def __init__(self, command, *rest, **options):
        started.append(command[0].rpartition("/")[2])
        super().__init__(command, *rest, **options)
subprocess.Popen = Popen
start = multiprocessing.process.BaseProcess.start
def watched(self):
    copies.append(f"{self._target.__module__}.{self._target.__name__}")
    start(self)
multiprocessing.process.BaseProcess.start = watched
import sitebuild.adapter.second_language
sitebuild.adapter.second_language.POSSIBLE = sitebuild.adapter.second_language.POSSIBLE and "alone" not in sys.argv
from sitebuild.adapter.plugin import SitePlugin
plugins, init = [], SitePlugin.__init__
SitePlugin.__init__ = lambda self: (init(self), plugins.append(self))[0]
from mkdocs.__main__ import cli
try:
    cli(["build", "--quiet"])
except SystemExit as ended:
    assert not ended.code, ended.code
import jieba
(plugin,) = plugins  # one for both languages
at_the_end = {"pages": plugin.pages is not None, "aside": len(plugin.shelf.held)}
print(json.dumps({"held": at_the_end, "modules": sorted(sys.modules), "started": started, "copies": copies, "dictionary": jieba.dt.initialized}))
"""


def watched(folder, *how):
    """A build in a process that tells what it loaded and started; "alone": both languages in this one process."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *how], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    folder = scratch.make(tmp_path_factory.mktemp("warm") / "project")
    cold, warm = watched(folder), watched(folder)
    site = contents(folder / "site")
    alone = watched(folder, "alone")
    assert contents(folder / "site") == site, "whether in one process or in two"
    return cold, warm, alone


def contents(folder):
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_an_unchanged_build_loads_no_numpy_no_matplotlib_and_no_dictionary(builds):
    cold, *unchanged = builds
    for build in unchanged:
        assert not NOT_NEEDED & set(build["modules"]) and not build["dictionary"]
    assert "fontTools" in cold["modules"], "the first build needs it: the test sees it"


def test_an_unchanged_build_starts_no_node_and_no_python(builds):
    """nbconvert asks for pandoc's version when it is loaded, whatever is built."""
    cold, warm, alone = builds
    assert set(warm["started"]) <= {"git", "pandoc"} and "node" in cold["started"]
    english = ["sitebuild.adapter.second_language._work"] if second_language.POSSIBLE else []
    assert warm["copies"] == english and alone["copies"] == []
    assert set(cold["copies"]) == {*english, "sitebuild.programs.runner._child", "sitebuild.finish.search.answer",
                                    "concurrent.futures.process._process_worker"}  # fmt: skip


def test_the_first_build_leaves_the_dictionary_to_a_process_beside(builds):
    assert not builds[0]["dictionary"] and builds[0]["copies"].count("sitebuild.finish.search.answer") == 1


def test_what_is_written_is_not_held_any_longer(builds):
    assert all(build["held"] == {"pages": False, "aside": 0} for build in builds)

"""Whatever happens to a build, the site that stood stands, and the next build is right."""

import contextlib
import ctypes
import os
import random
import resource
import signal
import subprocess
import sys
import time

import pytest
import scratch

SITE_URL = "https://example.org/a/"
EPOCH = "1700000000"  # else the sitemap would tell the day
FIRST, SECOND = "一直减半，直到很小", "一直减半，直到看不见"


def build(folder, *arguments, **options):
    return subprocess.run(**call(folder, *arguments), capture_output=True, text=True, timeout=120, **options)


def call(folder, *arguments):
    return {
        "args": [sys.executable, "-m", "mkdocs", "build", "--quiet", *arguments],
        "cwd": folder,
        "env": {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": SITE_URL, "SOURCE_DATE_EPOCH": EPOCH},
    }


def said(done):
    return done.stdout + done.stderr


def edit(folder, old, new):
    scratch.edit(folder / "snippets/a/halve.py", old, new)


def leftovers(folder):
    return sorted(path.name for path in folder.glob(".site*"))


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    """What must come out of the first and of the second text, each built from nothing: text -> file -> bytes."""
    sites = {}
    for text in (FIRST, SECOND):
        folder = scratch.make(tmp_path_factory.mktemp("right") / "project")
        edit(folder, FIRST, text)
        assert build(folder).returncode == 0
        sites[text] = scratch.contents(folder / "site")
    assert sites[FIRST] != sites[SECOND]
    return sites


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project whose site stands; each test leaves it so."""
    folder = scratch.make(tmp_path_factory.mktemp("made") / "project")
    assert build(folder).returncode == 0
    return folder


def test_from_nothing_or_from_the_cache_the_site_is_the_same(made, right):
    """In another folder, too: `right` was built elsewhere."""
    assert scratch.contents(made / "site") == right[FIRST]
    assert build(made).returncode == 0
    assert scratch.contents(made / "site") == right[FIRST]


@pytest.mark.parametrize("times", [6, pytest.param(40, marks=pytest.mark.weekly)])
def test_a_build_killed_at_any_moment_loses_nothing(made, right, times):
    chance = random.Random(6)
    started = time.monotonic()
    assert build(made).returncode == 0
    whole = time.monotonic() - started
    stands, killed = FIRST, 0
    for _ in range(times):
        wanted = SECOND if stands == FIRST else FIRST
        edit(made, stands, wanted)
        for entry in (made / ".cache/sitebuild").rglob("*"):  # some of it has to be made anew
            if entry.is_file() and chance.random() < 0.3:
                entry.unlink()
        process = subprocess.Popen(**call(made), start_new_session=True, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.1, 1.3) * whole)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        now = scratch.contents(made / "site")
        assert now in (right[stands], right[wanted]), "half of a site"
        if now == right[stands]:
            edit(made, wanted, stands)
        else:
            stands = wanted
    assert killed >= times / 5, "too few were alive when they were to be killed: this tests nothing"
    if stands != FIRST:
        edit(made, stands, FIRST)
    for left in made.glob(".site*"):
        os.utime(left, (0, 0))
    assert build(made).returncode == 0
    assert scratch.contents(made / "site") == right[FIRST]
    assert leftovers(made) == [], "what killed builds left is cleared away once it is old"


def test_a_build_killed_between_the_two_renames_gives_the_old_site_back(made, right):
    os.rename(made / "site", made / ".site.killed.old")
    edit(made, "print(", "1 / 0\nprint(")
    try:
        assert build(made).returncode == 1
        assert scratch.contents(made / "site") == right[FIRST] and leftovers(made) == []
    finally:
        edit(made, "1 / 0\n", "")


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied"])
def test_no_damaged_file_of_the_cache_is_taken_for_good(damage, made, right):
    damaged = 0
    for entry in sorted((made / ".cache/sitebuild").rglob("*")):
        if not entry.is_file():
            continue
        data = entry.read_bytes()
        middle = len(data) // 2
        changed = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        entry.write_bytes({"cut": data[:middle], "changed": changed, "emptied": b""}[damage])
        damaged += 1
    assert damaged > 10
    done = build(made)
    assert done.returncode == 0, done.stderr
    assert scratch.contents(made / "site") == right[FIRST]


WEEKLY = [pytest.param(kilobytes, marks=pytest.mark.weekly) for kilobytes in (1, 60, 110)]


@pytest.mark.parametrize("kilobytes", [15, 1000, *WEEKLY])
def test_where_writing_fails_the_build_says_so_and_the_old_site_stands(kilobytes, made, right, tmp_path):
    """No file may grow beyond a limit; where each write fails depends on it: in the cache, in a page, in the zip."""
    cold = scratch.make(tmp_path / "project")
    os.rename(made / "site", cold / "site")
    try:
        limit = kilobytes * 1024
        done = build(cold, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        assert done.returncode == 1
        assert "File too large" in said(done) and "Traceback" not in said(done)
        assert scratch.contents(cold / "site") == right[FIRST] and leftovers(cold) == []
        assert build(cold).returncode == 0
        assert scratch.contents(cold / "site") == right[FIRST]
    finally:
        os.rename(cold / "site", made / "site")


def without_privilege():
    """Let permissions bind root, too: drop CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH before the program starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (1, 2):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; refused to those who have no such privilege


@contextlib.contextmanager
def read_only(folders):
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


@pytest.mark.parametrize("part", [".", ".cache/sitebuild"])
def test_a_folder_that_may_not_be_written_is_named(part, made, right):
    """The project's, and those of the cache."""
    edit(made, FIRST, SECOND)
    inside = [path for path in (made / part).rglob("*") if path.is_dir()] if part != "." else []
    with read_only([made / part, *inside]):
        done = build(made, preexec_fn=without_privilege)
    edit(made, SECOND, FIRST)
    assert done.returncode == 1 and "Traceback" not in said(done)
    assert "Permission denied: the site was left as it was" in said(done) and str(made / part) in said(done)
    assert scratch.contents(made / "site") == right[FIRST]


def test_a_read_only_site_is_replaced_whole(made, right):
    """Where only its folders are read-only, the new one comes, and nothing of the old one stays."""
    for folder in [made / "site", *(path for path in (made / "site").rglob("*") if path.is_dir())]:
        folder.chmod(0o555)
    done = build(made, preexec_fn=without_privilege)
    assert done.returncode == 0, done.stderr
    assert scratch.contents(made / "site") == right[FIRST] and leftovers(made) == []


def test_two_builds_at_once_both_succeed(right, tmp_path):
    folder = scratch.make(tmp_path / "project")
    for _ in range(2):  # from nothing, and over a site that stands
        running = [subprocess.Popen(**call(folder), stderr=subprocess.PIPE, text=True) for _ in range(2)]
        for process in running:
            said = process.communicate(timeout=240)[1]
            assert process.returncode == 0, said
        assert scratch.contents(folder / "site") == right[FIRST]
        assert leftovers(folder) == []

"""Python for browsers: what is taken out of a release, what is refused, what a build publishes."""

import hashlib
import io
import json
import re
import tarfile
from pathlib import PurePosixPath

import pytest
import runtime
from conftest import ROOT, refused

from sitebuild.programs import pyodide

FILES = {"pyodide.mjs": b"export", "core.wasm": b"\0asm", "numpy-2-x.whl": b"wheel"}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a lock file for FILES, and none of them."""
    monkeypatch.delenv("SITE_RUNTIME")
    locked = {
        "version": "1", "kind": "module", "script": "pyodide.mjs", "packages": ["numpy"],
        "files": {name: sha256(data) for name, data in FILES.items()},
    }  # fmt: skip
    (tmp_path / runtime.LOCK).write_text(json.dumps(locked))
    return tmp_path


def packed(file, files, mode="w:bz2"):
    with tarfile.open(file, mode) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(f"pyodide/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file


def run(project, *sources):
    runtime.main(list(sources), project)


def test_what_is_locked_is_taken_and_published_in_a_folder_named_by_what_it_holds(project, capsys):
    archive = packed(project / "release.tar.bz2", {**FILES, "other.whl": b"not asked for"})
    assert pyodide.published(project) == {}
    run(project, archive)
    assert "Pyodide 1, 3 files" in capsys.readouterr().out
    release = json.loads((project / ".cache/pyodide/release.json").read_text())
    assert release["kind"] == "module" and release["packages"] == ["numpy"]
    assert release["files"]["core.wasm"] == {"bytes": 4, "sha256": sha256(b"\0asm")}
    published = pyodide.published(project)
    inside = PurePosixPath("assets/pyodide") / release["folder"]
    assert set(published) == {PurePosixPath("assets/pyodide/release.json"), *(inside / name for name in FILES)}
    assert all(published[inside / name].read_bytes() == data for name, data in FILES.items())
    # other bytes, another address
    other = runtime.describe(project / ".cache/pyodide", {"version": "1"}, ["core.wasm"])
    assert re.fullmatch("[0-9a-f]{16}", other["folder"]) and other["folder"] != release["folder"]


def test_several_sources_make_one_release_and_what_was_taken_is_a_source_itself(project):
    wheel = project / "numpy-2-x.whl"
    wheel.write_bytes(FILES["numpy-2-x.whl"])
    rest = {name: data for name, data in FILES.items() if name != wheel.name}
    # the first one's core is not the locked one, the second one's is
    run(
        project,
        packed(project / "a.tgz", dict.fromkeys(rest, b"x"), "w:gz"),
        packed(project / "b.tar", rest, "w"),
        wheel,
    )
    first = (project / ".cache/pyodide/release.json").read_bytes()
    run(project, project / ".cache/pyodide")
    assert (project / ".cache/pyodide/release.json").read_bytes() == first


def test_what_is_missing_or_another_file_is_told_and_nothing_is_written(project):
    def told(*sources):
        return [str(problem) for problem in refused(run, project, *sources)]

    assert told(packed(project / "release.tar.bz2", {"core.wasm": b"\0evil", "numpy-2-x.whl": b"wheel"})) == [
        "pyodide.lock.json: core.wasm is not the file that is locked",
        "pyodide.lock.json: pyodide.mjs is in none of the sources",
    ]
    assert not (project / ".cache").exists()
    assert told(project / "nowhere") == [f"{project / 'nowhere'}: there is no such file or folder"]
    assert "names no archive" in told()[0]
    (project / "release.tar.bz2").write_bytes(b"no archive")
    assert "release.tar.bz2: cannot be read as an archive" in told(project / "release.tar.bz2")[0]


def test_a_release_that_is_not_whole_stops_the_build(project):
    run(project, packed(project / "release.tar.bz2", FILES))
    (project / ".cache/pyodide/core.wasm").write_bytes(b"\0as")
    assert str(refused(pyodide.published, project)[0]).startswith("release.json: core.wasm is not there whole")


def test_the_lock_file_holds_what_pyodide_itself_says_of_its_packages():
    """Its own list of packages is locked, too; here: that names and hashes are well-formed and none is missing."""
    locked = json.loads((ROOT / runtime.LOCK).read_text(encoding="utf-8"))
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in locked["files"].values())
    assert locked["script"] in locked["files"] and "pyodide-lock.json" in locked["files"]
    wheels = {re.split(r"-\d", name)[0] for name in locked["files"] if name.endswith(".whl")}
    assert wheels >= {"numpy", "matplotlib", "contourpy", "kiwisolver", "cycler", "pillow", "pyparsing"}
    assert "http" not in (ROOT / runtime.LOCK).read_text(encoding="utf-8")

"""Python for browsers, with which readers run the programs in the page: Pyodide, NumPy and Matplotlib as files of ours.

`take` picks what is needed out of an official release, checks it against pyodide.lock.json and leaves it in a folder;
a build that finds that folder publishes it, one that does not says on the pages that programs cannot be run there.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from sitebuild.base import store
from sitebuild.base.problems import Problem, SiteError

RELEASE = "release.json"  # in the folder: what overrides/assets/run.js reads first
LOCK = "pyodide.lock.json"
WHERE = PurePosixPath("assets/pyodide")  # in the site
ENGINE = Path(__file__).parent.parent
# What runs and draws in a browser, as it is.
MODULES = (
    "__init__.py", "base/__init__.py", "base/store.py", "programs/__init__.py", "programs/figures.py",
    "programs/in_browser.py",
)  # fmt: skip


def folder_of(root: Path) -> Path:
    """Where the files of a project lie, if it has them: SITE_RUNTIME, or a folder of the cache."""
    return Path(os.environ.get("SITE_RUNTIME") or root / ".cache/pyodide")


def take(sources: Iterable[Path], lock: Path, target: Path) -> dict:
    """Write to `target` the files that `lock` names, out of `sources`: archives of a release, folders, or files.

    Gives what it writes as release.json. Raises SiteError with each file that is missing or is another than the
    locked one; then nothing is written.
    """
    locked = json.loads(lock.read_text(encoding="utf-8"))
    found: dict[str, bytes] = {}
    problems = []
    for name, data in _files(sources, set(locked["files"])):
        if hashlib.sha256(data).hexdigest() == locked["files"][name]:
            found[name] = data
        else:
            problems.append(Problem(lock.name, 0, f"{name} is not the file that is locked"))
    problems = [problem for problem in problems if problem.reason.split()[0] not in found]
    wrong = {problem.reason.split()[0] for problem in problems}
    missing = locked["files"].keys() - found.keys() - wrong
    problems += [Problem(lock.name, 0, f"{name} is in none of the sources") for name in missing]
    if problems:
        raise SiteError(problems)
    for name, data in found.items():
        store.put(target / name, data)
    about = {key: locked[key] for key in ("version", "kind", "script", "packages")}
    return describe(target, about, found)


def describe(folder: Path, about: dict, names: Iterable[str]) -> dict:
    """Write release.json for the files `names` of `folder`, and give it.

    `about` says the "version", the "kind" of worker that its "script" needs ("module" or "classic"), and which
    "packages" to load. The "folder" of the site that will hold the files has a name of their hashes: so an address
    always means the same bytes, and a browser may keep them for good.
    """
    files = {}
    for name in sorted(names):
        data = (folder / name).read_bytes()
        files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    digest = hashlib.sha256("".join(f"{name} {file['sha256']}\n" for name, file in files.items()).encode())
    said = {**about, "folder": digest.hexdigest()[:16], "files": files}
    store.put(folder / RELEASE, json.dumps(said, indent=1).encode())
    return said


def release(root: Path) -> dict | None:
    """What release.json of a project says; None where it has none."""
    file = folder_of(root) / RELEASE
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def published(root: Path) -> dict[PurePosixPath, Path]:
    """The files by their path in the site; none where the project has none. Raises SiteError if one is missing."""
    folder, about = folder_of(root), release(root)
    if about is None:
        return {}
    files = {WHERE / RELEASE: folder / RELEASE}
    for name, file in about["files"].items():
        if not (folder / name).is_file() or (folder / name).stat().st_size != file["bytes"]:
            raise SiteError(Problem(RELEASE, 0, f"{name} is not there whole: take the release once more"))
        files[WHERE / about["folder"] / name] = folder / name
    return files


def modules() -> str:
    """The modules that run a program in a browser, by path, as JSON."""
    return json.dumps({f"sitebuild/{name}": (ENGINE / name).read_text(encoding="utf-8") for name in MODULES})


def _files(sources: Iterable[Path], wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """Each file of the `sources` whose name is wanted, whatever folder it lies in."""
    for source in sources:
        if source.is_dir():
            for file in sorted(source.rglob("*")):
                if file.name in wanted and file.is_file():
                    yield file.name, file.read_bytes()
        elif source.name in wanted:
            yield source.name, source.read_bytes()
        else:
            try:
                with tarfile.open(source) as archive:
                    for member in archive:
                        name = PurePosixPath(member.name).name
                        if name in wanted and member.isfile():
                            yield name, archive.extractfile(member).read()
            except (tarfile.TarError, EOFError) as error:
                raise SiteError(Problem(source.name, 0, f"cannot be read as an archive: {error}")) from None

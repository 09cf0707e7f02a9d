"""Takes Python for browsers out of a release of Pyodide, checked against pyodide.lock.json:

python tools/runtime.py ARCHIVE ...

The next build publishes it. `make runtime FROM=…` calls it.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from sitebuild.base import store
from sitebuild.base.problems import Problem, SiteError, shown
from sitebuild.programs import pyodide

ROOT = Path(__file__).resolve().parent.parent
LOCK = "pyodide.lock.json"


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
    store.put(folder / pyodide.RELEASE, json.dumps(said, indent=1).encode())
    return said


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


def main(sources: list[Path], root: Path = ROOT) -> None:
    """Take what is locked for the project at `root` out of `sources`: archives, folders, files. Raises SiteError."""
    missing = [Problem(str(source), 0, "there is no such file or folder") for source in sources if not source.exists()]
    if missing or not sources:
        raise SiteError(missing or Problem("FROM", 0, "names no archive, folder or file of a release of Pyodide"))
    folder = pyodide.folder_of(root)
    release = take(sources, root / LOCK, folder)
    size = sum(file["bytes"] for file in release["files"].values())
    names = f"Pyodide {release['version']}, {len(release['files'])} files, {size / 1e6:.1f} MB"
    print(f"{names}: {shown(folder, root)}. The next build publishes them.")


if __name__ == "__main__":
    try:
        main([Path(name) for name in sys.argv[1:]])
    except SiteError as error:
        sys.exit(str(error))

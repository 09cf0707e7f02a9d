"""Python for browsers, with which readers run the programs in the page: Pyodide, NumPy and Matplotlib as files of ours.

tools/runtime.py takes them out of an official release and leaves them in a folder; a build that finds that folder
publishes it, one that does not says on the pages that programs cannot be run there.
"""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath

from sitebuild.base.problems import Problem, SiteError

RELEASE = "release.json"  # in the folder: what overrides/assets/run.js reads first
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


def published(root: Path) -> dict[PurePosixPath, Path]:
    """The files by their path in the site; none where the project has none. Raises SiteError if one is missing."""
    folder = folder_of(root)
    if not (folder / RELEASE).is_file():
        return {}
    about = json.loads((folder / RELEASE).read_text(encoding="utf-8"))
    files = {WHERE / RELEASE: folder / RELEASE}
    for name, file in about["files"].items():
        if not (folder / name).is_file() or (folder / name).stat().st_size != file["bytes"]:
            raise SiteError(Problem(RELEASE, 0, f"{name} is not there whole: take the release once more"))
        files[WHERE / about["folder"] / name] = folder / name
    return files


def modules() -> str:
    """The modules that run a program in a browser, by path, as JSON."""
    return json.dumps({f"sitebuild/{name}": (ENGINE / name).read_text(encoding="utf-8") for name in MODULES})

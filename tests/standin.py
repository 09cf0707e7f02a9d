"""Python for browsers to test with: an old release of Pyodide that npm still has, with NumPy and Matplotlib inside.

What the site publishes is newer (pyodide.lock.json); its NumPy and Matplotlib lie where no package registry has them.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import runtime

from sitebuild.programs import pyodide

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".cache/pyodide-of-npm"
OLD = ("@pyodide/pyodide", "0.17.1",
       "VCeLGQ9NpydiVNUiTWexZEfErQqqo0I8050p5uTxHRlmI4jA1cXt0WOR3pq5WjOCtApkCCT4qV1per1nMOYoFw==")  # fmt: skip
NEW = ("pyodide", "314.0.7",
       "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==")  # fmt: skip
NEEDED = ["matplotlib", "numpy", "cycler", "kiwisolver", "pillow", "pyparsing", "python-dateutil", "pytz", "six"]


def archive(package):
    """npm's file of a package, (name, version, SHA-512), kept from one test run to the next."""
    name, version, digest = package
    file = KEPT / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
    if not file.is_file():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as place:  # two test runs may do so at once
            command = ["npm", "pack", "--silent", "--pack-destination", place, f"{name}@{version}"]
            subprocess.run(command, cwd=place, check=True)
            os.replace(Path(place) / file.name, file)
    found = base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
    assert found == digest, f"{file.name} is not the package that was asked for"
    return file


def old():
    """A folder with Pyodide 0.17.1: Python 3.8, NumPy 1.17, Matplotlib 3.3."""
    names = ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "pyodide.asm.data", "packages.json"]
    names += [f"{package}.{end}" for package in NEEDED for end in ("js", "data")]
    about = {"version": "0.17.1", "kind": "classic", "script": "pyodide.js", "packages": ["numpy", "matplotlib"]}
    return _unpacked(OLD, "package/dist", names, about)


def core():
    """A folder with the release that is published, as far as npm has it: without packages."""
    lock = json.loads((ROOT / runtime.LOCK).read_text(encoding="utf-8"))
    names = [name for name in lock["files"] if not name.endswith(".whl")]
    about = {**{key: lock[key] for key in ("version", "kind", "script")}, "packages": []}
    return _unpacked(NEW, "package", names, about)


def _unpacked(package, inside, names, about):
    folder = KEPT / about["version"]
    if not (folder / pyodide.RELEASE).is_file():
        file = archive(package)
        place = Path(tempfile.mkdtemp(dir=KEPT))
        with tarfile.open(file) as packed:
            for name in names:
                (place / name).write_bytes(packed.extractfile(f"{inside}/{name}").read())
        runtime.describe(place, about, names)
        try:
            os.rename(place, folder)
        except OSError:  # another test run was faster
            shutil.rmtree(place)
    return folder

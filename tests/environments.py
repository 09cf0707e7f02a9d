"""Pythons with other packages than the tests' own, and the tools that are installed beside this one."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from conftest import ROOT


def python_with(requirements):
    """A Python with what the hash-locked file `requirements` names, kept in .cache from one test run to the next."""
    key = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = ROOT / ".cache" / f"{requirements.stem.removeprefix('requirements-')}-{key}"
    if not folder.is_dir():
        # made beside it and renamed: scripts in it would name the old place, so none is called but by python -m
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        subprocess.run([sys.executable, "-m", "venv", str(unfinished)], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
        subprocess.run([str(unfinished / "bin/python"), *install, str(requirements)], check=True)
        try:
            os.rename(unfinished, folder)
        except OSError:  # another test run was faster
            shutil.rmtree(unfinished)
    return folder / "bin/python"


def tool(name, *arguments):
    beside = shutil.which(name, path=str(Path(sys.executable).parent))
    return subprocess.run([beside, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")

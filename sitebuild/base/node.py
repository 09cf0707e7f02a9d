"""Where Node is, which pip installs beside Python, and what scripts of ours say that it runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from sitebuild.base.problems import Problem, SiteError


def node() -> str | None:
    """The path of Node: the one that pip installed beside Python, else the system's; None where there is neither."""
    beside_python = os.path.dirname(sys.executable)
    return shutil.which("node", path=beside_python + os.pathsep + os.environ.get("PATH", ""))


def answer(script: Path, asked: object, modules: Path, name: str) -> bytes:
    """What a script that uses npm's package of this name (KaTeX) writes when it reads `asked`, as JSON; the packages
    are in the folder `modules`. Raises SiteError."""
    program = node()
    if program is None or not (modules / name.lower() / "package.json").is_file():
        missing = name if program else "Node"
        raise SiteError(Problem("node_modules", 0, f"{missing} is not installed: run `make setup`"))
    command = [program, str(script), str(modules.parent.resolve())]
    done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True)
    if done.returncode:
        raise SiteError(Problem("node_modules", 0, f"{name} did not run: {done.stderr.decode().strip()}"))
    return done.stdout

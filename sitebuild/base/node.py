"""Where Node is: pip installs it beside Python."""

from __future__ import annotations

import os
import shutil
import sys


def node() -> str | None:
    """The path of Node: the one that pip installed beside Python, else the system's; None where there is neither."""
    beside_python = os.path.dirname(sys.executable)
    return shutil.which("node", path=beside_python + os.pathsep + os.environ.get("PATH", ""))

"""A new site takes the place of the old one only when it is whole."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

FORGOTTEN = 3600  # seconds after which the folder of a killed build is cleared away


def begin(target: Path) -> Path:
    """An empty folder beside `target`, on the same file system, to build in."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}.*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > FORGOTTEN:
            shutil.rmtree(left, ignore_errors=True)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    building.chmod(0o755)  # mkdtemp's own mode would keep a web server out
    return building


def finish(building: Path, target: Path) -> None:
    """Put `building` where `target` was."""
    old = building.with_name(building.name + ".old")
    if target.exists():
        os.rename(target, old)
    os.rename(building, target)
    shutil.rmtree(old, ignore_errors=True)


def abandon(building: Path) -> None:
    """Clear `building` away; the old site stays."""
    shutil.rmtree(building, ignore_errors=True)

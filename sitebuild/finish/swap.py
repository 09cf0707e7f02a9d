"""A new site takes the place of the old one only when it is whole."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

OLD = ".old"
FORGOTTEN = 3600  # seconds after which the folder of a killed build is cleared away


def begin(target: Path) -> Path:
    """An empty folder beside `target`, on the same file system, to build in."""
    target.parent.mkdir(parents=True, exist_ok=True)
    lefts = [left for left in target.parent.glob(f".{target.name}.*") if left.is_dir()]
    if not target.exists():  # a build was killed in the moment between the two renames of `finish`
        for left in sorted(lefts, key=lambda folder: folder.stat().st_mtime):
            if left.name.endswith(OLD):
                with suppress(OSError):  # another build was faster
                    left.rename(target)
    for left in lefts:
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > FORGOTTEN:
                _remove(left)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    building.chmod(0o755)  # mkdtemp's own mode would keep a web server out
    return building


def finish(building: Path, target: Path) -> None:
    """Put `building` where `target` was."""
    old = building.with_name(building.name + OLD)
    while True:
        with suppress(FileNotFoundError):
            os.rename(target, old)
        try:
            os.rename(building, target)
            break
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            _remove(old)  # another build put its site there in the meantime: this one is as new
    _remove(old)


def abandon(building: Path) -> None:
    """Clear `building` away; the old site stays."""
    _remove(building)


def _remove(folder: Path) -> None:
    """Remove a folder, also one that was made read-only."""

    def make_writable(function, path, _):
        with suppress(OSError):
            os.chmod(os.path.dirname(path), 0o755)
            os.chmod(path, 0o755)
            function(path)

    shutil.rmtree(folder, onerror=make_writable)

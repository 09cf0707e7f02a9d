"""A new site takes the place of the old one only when it is whole. What is hidden in the old one (`.git`, `.nojekyll`)
stays, as under plain MkDocs."""

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
    """An empty folder beside `target`, on the same file system, to build in. Raises OSError if nothing could take the
    place of `target`."""
    if target.exists() and not target.is_dir():
        raise OSError(errno.ENOTDIR, "is no folder", str(target))
    if os.path.ismount(target):
        raise OSError(errno.EBUSY, "is a mount point: no other folder can take its place", str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    lefts = [left for left in target.parent.glob(f".{target.name}.*") if left.is_dir()]
    if not target.exists():  # a build was killed in the moment between the two renames of `finish`
        for left in sorted(lefts, key=lambda folder: folder.stat().st_mtime):
            if left.name.endswith(OLD):
                with suppress(OSError):  # another build was faster
                    left.rename(target)
    for left in lefts:
        with suppress(OSError):
            if left.name.endswith(OLD):
                _keep_hidden(left, target)  # a build was killed in the moment after
            if time.time() - left.stat().st_mtime > FORGOTTEN:
                remove(left)
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
            # another build put its site there in the meantime: this one is as new
            _keep_hidden(old, building)
            remove(old)
    _keep_hidden(old, target)
    remove(old)


def _keep_hidden(old: Path, new: Path) -> None:
    """Move what is hidden in the folder `old` to `new`, but for what is there already."""
    if old.is_dir() and new.is_dir():
        for entry in [entry for entry in old.iterdir() if entry.name.startswith(".")]:
            _keep(entry, new / entry.name)


def _keep(entry: Path, place: Path) -> None:
    if not os.path.lexists(place):
        os.rename(entry, place)
    elif entry.is_dir() and place.is_dir() and not entry.is_symlink():
        for inside in list(entry.iterdir()):
            _keep(inside, place / inside.name)


def remove(folder: Path) -> None:
    """Clear a folder away, also one that was made read-only: an old site, or one that will not be finished."""

    def make_writable(function, path, _):
        with suppress(OSError):
            os.chmod(os.path.dirname(path), 0o755)
            os.chmod(path, 0o755)
            function(path)

    shutil.rmtree(folder, onerror=make_writable)

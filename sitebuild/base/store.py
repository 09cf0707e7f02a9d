"""Files that are whole or not there: what a killed build, a full disk or a bad sector left is never taken for good.

A kept file ends in a seal, the SHA-256 of all before it. Fonts with their seal are still fonts.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

MARK = b"\n# sha256 "
KEEP_DAYS = 14  # an unused file lives this long, so that switching branches stays warm


def put(file: Path, data: bytes) -> None:
    """Write `data` to `file`, whole or not at all. Two builds may do so at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.chmod(unfinished, 0o644)  # mkstemp's own mode would keep a web server out
        os.replace(unfinished, file)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(unfinished)
        if isinstance(error, OSError) and error.filename is None:  # a failed write does not know where
            error.filename = str(file)
        raise


def keep(file: Path, data: bytes) -> None:
    """Write `data` and its seal to `file`."""
    put(file, data + _seal(data))


def kept(file: Path) -> bytes | None:
    """What `keep` was given, or None where there is no such file or it is damaged."""
    try:
        whole = file.read_bytes()
        data = whole[: -len(_seal(b""))]
        if whole != data + _seal(data):
            return None
        os.utime(file)  # used now: see evict
    except OSError:
        return None
    return data


def cached(folder: Path, name: str, state: object, make: Callable[[], bytes]) -> bytes:
    """What `make` gives, kept in `folder` under `name` ("katex.json") and a digest of `state`, all that shapes it.
    Others of that name go when nobody used them for KEEP_DAYS."""
    file = place(folder, name, state)
    data = kept(file)
    if data is None:
        data = make()
        evict(folder.glob(f"{file.stem.rpartition('-')[0]}-*{file.suffix}"))
        keep(file, data)
    return data


def place(folder: Path, name: str, state: object) -> Path:
    """The file in which `cached` keeps it."""
    stem, _, suffix = name.rpartition(".")
    return folder / f"{stem}-{hashlib.sha256(repr(state).encode()).hexdigest()[:16]}.{suffix}"


def evict(files: Iterable[Path]) -> None:
    """Remove those of `files` that nobody used for KEEP_DAYS."""
    oldest = time.time() - KEEP_DAYS * 86400
    for file in files:
        with suppress(OSError):  # another build was faster
            if file.stat().st_mtime < oldest:
                file.unlink()


def _seal(data: bytes) -> bytes:
    return MARK + hashlib.sha256(data).hexdigest().encode()

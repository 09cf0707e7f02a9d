"""Source files: which there are, and what they say."""

from __future__ import annotations

import os
from pathlib import Path

from sitebuild.base.problems import Problem, SiteError


def listed(folder: Path, *suffixes: str) -> list[Path]:
    """The files below a folder that end in one of the suffixes, sorted; without hidden ones, and without what stands
    in a hidden folder: editors, Jupyter and macOS leave them behind."""
    found = (file for suffix in suffixes for file in folder.rglob(f"*{suffix}"))
    return sorted(file for file in found if not _hidden(file.relative_to(folder)) and not file.is_dir())


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read(file: Path, path: str) -> str:
    """The text of a source file, which messages call `path`; line breaks as \\n. Raises SiteError if it is not UTF-8
    or cannot be read."""
    try:
        content = file.read_bytes()
    except OSError as error:
        leads = f"is a link to {os.readlink(file)}, which is not there" if file.is_symlink() else error.strerror
        raise SiteError(Problem(path, 0, f"cannot be read: {leads}")) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SiteError(
            Problem(path, line, "is not written in UTF-8 (perhaps in GBK or UTF-16): save it as UTF-8")
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SiteError(Problem(path, line, "holds a NUL character, which no text does (UTF-16?): save it as UTF-8"))
    return text

"""Where a build comes from: the date of its sources, when each of them changed, the versions that ran it."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sitebuild.base.problems import Problem, SiteError

DAY = 86_400  # seconds


@dataclass(frozen=True)
class History:
    """What git knows: when the last commit was made (0 without git), and the date of the last one that touched each
    file.

    Dates are ISO 8601 and UTC. A file's date is missing where the history that is there does not reach back to it.
    """

    last: int = 0  # seconds since 1970
    changed: dict[str, str] = field(default_factory=dict)


def history(root: Path) -> History:
    """The history of the project at `root`, from one call of git; empty outside a repository."""
    # whoever owns the clone: the build runs its programs anyway
    settings = ["-c", "core.quotePath=false", "-c", "safe.directory=*"]
    command = ["git", "-C", str(root), *settings, "log", "--relative", "--name-only"]
    try:
        done = subprocess.run([*command, "--format=%x00%ct %D"], capture_output=True, text=True, encoding="utf-8")
    except OSError:  # no git
        return History()
    last, changed, ours = 0, {}, False
    for commit in done.stdout.split("\0")[1:]:
        head, *files = filter(None, commit.split("\n"))
        seconds, _, names = head.partition(" ")
        day = _day(int(seconds))
        last, ours = last or int(seconds), ours or bool(files)
        if "grafted" not in names.split(", "):  # a shallow clone ends here: this commit seems to touch everything
            for file in files:
                changed[file] = max(day, changed.get(file, day))
    return History(last, changed) if ours else History()  # no file: the repository of something further up


def built(history: History, programs: int) -> dict[str, str | int]:
    """What the footer tells: the date of the sources, what ran the programs, how many there are."""
    versions = {package: version(package) for package in ("numpy", "matplotlib")}
    return {"date": _day(moment(history)), "python": platform.python_version(), **versions, "programs": programs}


def moment(history: History) -> int:
    """When the sources were last changed, in seconds since 1970: SOURCE_DATE_EPOCH's if that is set, else the last
    commit's, else the beginning of today. Two builds of one commit say the same, one of a later commit says more.

    Raises SiteError if SOURCE_DATE_EPOCH is no number.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return history.last or int(time.time()) // DAY * DAY
    try:
        _day(int(epoch))
    except (ValueError, OverflowError):
        reason = f"not a number of seconds since 1970: {epoch!r}"
        raise SiteError(Problem("SOURCE_DATE_EPOCH", 0, reason)) from None
    return int(epoch)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()

"""Where a build comes from: the date of its sources, when each of them changed, the versions that ran it."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sitebuild.base.problems import Problem, SiteError


@dataclass(frozen=True)
class History:
    """What git knows: the date of the last commit ("" without git) and of the last one that touched each file.

    Dates are ISO 8601 and UTC. A file's date is missing where the history that is there does not reach back to it.
    """

    last: str = ""
    changed: dict[str, str] = field(default_factory=dict)


def history(root: Path) -> History:
    """The history of the project at `root`, from one call of git; empty outside a repository."""
    command = ["git", "-C", str(root), "-c", "core.quotePath=false", "log", "--relative", "--name-only"]
    try:
        done = subprocess.run([*command, "--format=%x00%ct %D"], capture_output=True, text=True, encoding="utf-8")
    except OSError:  # no git
        return History()
    last, changed, ours = "", {}, False
    for commit in done.stdout.split("\0")[1:]:
        head, *files = filter(None, commit.split("\n"))
        seconds, _, names = head.partition(" ")
        day = _day(int(seconds))
        last, ours = last or day, ours or bool(files)
        if "grafted" not in names.split(", "):  # a shallow clone ends here: this commit seems to touch everything
            for file in files:
                changed[file] = max(day, changed.get(file, day))
    return History(last, changed) if ours else History()  # no file: the repository of something further up


def built(history: History, programs: int) -> dict[str, str | int]:
    """What the footer tells: the date of the sources, what ran the programs, how many there are.

    The date is SOURCE_DATE_EPOCH's if that is set, else the last commit's, else today: two builds of one commit are
    the same bytes. Raises SiteError if SOURCE_DATE_EPOCH is no number.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        day = _day(int(epoch)) if epoch else history.last or _day(datetime.now(UTC).timestamp())
    except (ValueError, OverflowError):
        reason = f"not a number of seconds since 1970: {epoch!r}"
        raise SiteError(Problem("SOURCE_DATE_EPOCH", 0, reason)) from None
    versions = {package: version(package) for package in ("numpy", "matplotlib")}
    return {"date": day, "python": platform.python_version(), **versions, "programs": programs}


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()

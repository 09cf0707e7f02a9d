"""Shows what a build is running."""

from __future__ import annotations

import sys


def report(done: int, total: int, name: str, lang: str, seconds: float) -> None:
    """A program has run, the `done`-th of `total`: a line in a log; in a terminal one line, written over each time."""
    line = f"ran {done:3}/{total}  {name} [{lang}]  {seconds:.1f} s"
    over = sys.stderr.isatty()
    print(f"\r\033[K{line}" if over else line, end="" if over and done < total else "\n", file=sys.stderr, flush=True)

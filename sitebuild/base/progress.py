"""Shows what a build is running: a bar in a terminal, a line a program in a log, nothing when nothing runs."""

from __future__ import annotations

import sys
from contextlib import contextmanager


@contextmanager
def reporter(stream=None):
    """A function report(done, total, name, lang, seconds) for runner.run."""
    stream = stream or sys.stderr
    if stream.isatty():
        yield from _bar(stream)
    else:
        yield lambda done, total, name, lang, seconds: print(
            f"ran {done:3}/{total}  {name} [{lang}]  {seconds:.1f} s", file=stream, flush=True
        )


def _bar(stream):
    progress = task = None

    def report(done, total, name, lang, seconds):
        nonlocal progress, task
        if progress is None:  # rich is imported only if there is something to show
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            said = TextColumn("{task.description}", markup=False)  # else [zh] is a style
            columns = BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), said
            progress = Progress(*columns, console=Console(file=stream))
            progress.start()
            task = progress.add_task("", total=total)
        progress.update(task, completed=done, description=f"{name} [{lang}] {seconds:.1f} s")

    try:
        yield report
    finally:
        if progress is not None:
            progress.stop()

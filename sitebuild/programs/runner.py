"""Runs programs, each in a fresh process, where no result is known; see results.py.

The parent never imports NumPy or Matplotlib.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import sys
import tempfile
import time
import types
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from multiprocessing.connection import wait
from pathlib import Path

from sitebuild.base.problems import Problem, SiteError
from sitebuild.programs.results import MEMORY, Result, entry, font_file, keep, known
from sitebuild.sources.snippet import Snippet

PATIENCE = 10  # seconds for a process to start, and between its own time limit and the kill from outside


def run(
    snippets: Iterable[Snippet],
    langs: Iterable[str],
    cache: Path,
    *,
    workers: int | None = None,
    report=None,
) -> dict[tuple[str, str], Result]:
    """Run every snippet in every language; results by (name, lang), from the cache where nothing changed.

    `report(done, total, name, lang, seconds)` is called as programs end, only if any has to run. Raises SiteError
    with every program that failed.
    """
    results, problems = attempt(snippets, langs, cache, workers=workers, report=report)
    if problems:
        raise SiteError(problems)
    return results


def attempt(
    snippets: Iterable[Snippet],
    langs: Iterable[str],
    cache: Path,
    *,
    workers: int | None = None,
    report=None,
) -> tuple[dict[tuple[str, str], Result], list[Problem]]:
    """Like `run`: the results of the programs that ran, and what is wrong with those that failed."""
    results, missing = known(snippets, langs, cache)
    problems: list[Problem] = []
    for done, (snippet, lang, answer) in enumerate(_pool(missing, cache, workers or os.cpu_count() or 1), 1):
        if "reason" in answer:
            problems.append(_problem(snippet, lang, answer))
        else:
            results[snippet.name, lang] = keep(entry(cache, snippet, lang), answer)
        if report:
            report(done, len(missing), snippet.name, lang, answer.get("seconds", 0.0))
    return results, problems


# -- processes ---------------------------------------------------------------------------------------------


@contextmanager
def pool() -> Iterator[ProcessPoolExecutor]:
    """Processes that share out work of our own, started like those of programs; what they run has no limits."""
    with _no_main(), ProcessPoolExecutor(mp_context=_context()) as workers:
        yield workers


def _pool(jobs: list[tuple[Snippet, str]], cache: Path, workers: int):
    """Run jobs (snippet, lang), at most `workers` at a time, each in a fresh process; yield (snippet, lang, answer).

    No pool of the standard library does this: a program that crashes, or has to be killed, would take all others of a
    ProcessPoolExecutor with it, and multiprocessing's Pool would wait for it for ever.
    """
    # One thread a program, or two programs fight for the cores.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ[variable] = "1"
    waiting = list(reversed(jobs))
    running = {}
    with tempfile.TemporaryDirectory(prefix="sitebuild-") as scratch:
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    started = _start(*waiting.pop(), cache, Path(scratch))
                    running[started["receive"]] = started
                next_deadline = min(task["deadline"] for task in running.values())
                ready = wait(list(running), timeout=max(0.0, next_deadline - time.monotonic()))
                late = [r for r, task in running.items() if r not in ready and task["deadline"] <= time.monotonic()]
                for receive in [*ready, *late]:
                    task = running.pop(receive)
                    yield *task["job"], _finish(task, killed=receive in late)
        finally:
            for task in running.values():
                task["process"].kill()


def _start(snippet: Snippet, lang: str, cache: Path, scratch: Path) -> dict:
    place = Path(tempfile.mkdtemp(dir=scratch))
    (place / "empty").mkdir()
    request = {
        "name": snippet.name, "lang": lang, "source": snippet.source(lang), "folder": str(place / "empty"),
        "trace": str(place / "trace"), "font": str(font_file(cache).resolve()),
        "seconds": snippet.seconds, "bytes": MEMORY, "cells": snippet.cells(lang),
    }  # fmt: skip
    receive, send = _context().Pipe(duplex=False)
    process = _context().Process(target=_child, args=(send, request), daemon=True)
    with _no_main():
        process.start()
    send.close()
    deadline = time.monotonic() + snippet.seconds + PATIENCE
    return {"job": (snippet, lang), "process": process, "receive": receive, "deadline": deadline, "request": request}


def _finish(task, killed: bool) -> dict:
    """The answer of a process that has sent one, died, or run out of time."""
    process, request = task["process"], task["request"]
    answer = None
    if killed:
        process.kill()
    else:
        with suppress(EOFError, OSError):
            answer = task["receive"].recv()
    process.join()
    task["receive"].close()
    if answer is not None:
        return answer
    # No answer: the watchdog in the child, or a crash, left the stack in the trace file.
    trace = Path(request["trace"])
    text = trace.read_text(errors="replace") if trace.exists() else ""
    own = [(int(line), function) for line, function in _TRACE.findall(text.replace(request["name"], "\0"))]
    line = own[0][0] if own else 0
    if killed or text.startswith("Timeout"):
        return {"reason": f"does not end within {request['seconds']} s", "line": line, "frames": own[::-1]}
    return {"reason": f"the process died (exit code {process.exitcode})", "line": line, "frames": own[::-1]}


_TRACE = re.compile('File "\0", line (\\d+) in (\\S+)')


def _child(connection, request):
    from sitebuild.programs.sandbox import main

    main(connection, request)
    os._exit(0)  # the answer is sent: to take the interpreter down in order would only take time


@lru_cache(maxsize=1)
def _context():
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["sitebuild.programs.sandbox", __name__])  # this module holds `_child`
        return context
    return multiprocessing.get_context("spawn")


@contextmanager
def _no_main():
    """Hide the main module: multiprocessing would import it (all of MkDocs) again in every child."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


# -- failures ----------------------------------------------------------------------------------------------


def _problem(snippet: Snippet, lang: str, answer: dict) -> Problem:
    """A failure in terms of the snippet's file: its lines, and the frames that are its own."""
    source = snippet.source(lang).split("\n")
    detail = []
    if len(answer["frames"]) > 0 and not answer["reason"].startswith("does not end"):
        detail.append("Traceback (most recent call last):")
    for line, function in answer["frames"]:
        detail.append(f"  {snippet.path}:{snippet.origin(lang, line)}, in {function}")
        if 0 < line <= len(source):
            detail.append(f"    {source[line - 1].strip()}")
    line = snippet.origin(lang, answer["line"]) if answer["line"] else 0
    return Problem(snippet.path, line, f"{answer['reason']} [{lang}]", "\n".join(detail))

"""Runs programs, each in a fresh process, and keeps their results.

The parent never imports NumPy or Matplotlib: a build in which nothing changed does not pay for them.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import platform
import re
import sys
import tempfile
import time
import types
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path

from sitebuild.base import store
from sitebuild.base.problems import Problem, SiteError
from sitebuild.sources.snippet import Snippet

SECONDS = int(os.environ.get("SITEBUILD_SECONDS", "30"))  # of wall clock, for a program that names no limit
MEMORY = 3 * 2**30  # bytes of address space
PATIENCE = 10  # seconds for a process to start, and between its own time limit and the kill from outside

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Figure:
    """One drawn figure: its frame's label and its SVG element."""

    label: str
    svg: str


@dataclass(frozen=True)
class Result:
    """What a program printed, drew and computed. `seconds` is the time it took when it ran."""

    stdout: str
    figures: tuple[Figure, ...]
    values: dict[str, bool | int | float | str | dict | list]
    seconds: float
    cells: tuple[tuple[str, int], ...] = ()  # of a lab: what each cell printed, and how many figures it drew
    ran: bool = True


def not_run(program: Snippet, lang: str) -> Result:
    """The result of a program that has not run yet."""
    return Result("", (), {}, 0.0, cells=tuple(("", 0) for _ in program.cells(lang)), ran=False)


def run(
    snippets: Iterable[Snippet],
    langs: Iterable[str],
    cache: Path,
    *,
    evict: bool = False,
    workers: int | None = None,
    report=None,
) -> dict[tuple[str, str], Result]:
    """Run every snippet in every language; results by (name, lang), from the cache where nothing changed.

    `report(done, total, name, lang, seconds)` is called as programs end, only if any has to run. `evict` removes
    cache entries that nobody used for long (see store.evict): for callers that run the whole site. Raises SiteError
    with every program that failed.
    """
    results, problems = attempt(snippets, langs, cache, workers=workers, report=report)
    if problems:
        raise SiteError(problems)
    if evict and (cache / "programs").is_dir():
        store.evict((cache / "programs").iterdir())
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
            results[snippet.name, lang] = _stored(_entry(cache, snippet, lang), answer)
        if report:
            report(done, len(missing), snippet.name, lang, answer.get("seconds", 0.0))
    return results, problems


def known(
    snippets: Iterable[Snippet], langs: Iterable[str], cache: Path
) -> tuple[dict[tuple[str, str], Result], list[tuple[Snippet, str]]]:
    """The results that need no run, by (name, lang), and the (snippet, lang) that would have to run."""
    results, missing = {}, []
    for snippet in snippets:
        for lang in langs:
            stored = _load(_entry(cache, snippet, lang))
            if stored is None:
                missing.append((snippet, lang))
            else:
                results[snippet.name, lang] = stored
    return results, missing


def limit_of(snippet: Snippet) -> int:
    """The seconds that a program may take."""
    return snippet.seconds or SECONDS


# -- processes ---------------------------------------------------------------------------------------------


def start_server() -> None:
    """Start the process from which programs are forked, which loads NumPy and Matplotlib; returns at once."""
    # One thread a program, or two programs fight for the cores.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ[variable] = "1"
    if _context().get_start_method() == "forkserver":
        with _no_main():
            forkserver.ensure_running()


def beside(target) -> Connection:
    """Start `target(connection)` in a process of its own; our end of the connection. It ends with ours."""
    context = _context()
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs,), daemon=True)
    with _no_main():
        process.start()
    theirs.close()
    return ours


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
    if jobs:
        start_server()
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
    seconds = limit_of(snippet)
    request = {
        "name": snippet.name, "lang": lang, "source": snippet.source(lang), "folder": str(place / "empty"),
        "trace": str(place / "trace"), "font": str(_font(cache).resolve()),
        "seconds": seconds, "bytes": MEMORY, "cells": snippet.cells(lang),
    }  # fmt: skip
    receive, send = _context().Pipe(duplex=False)
    process = _context().Process(target=_child, args=(send, request), daemon=True)
    with _no_main():
        process.start()
    send.close()
    deadline = time.monotonic() + seconds + PATIENCE
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
    source = snippet.source(lang).splitlines()
    detail = []
    if len(answer["frames"]) > 0 and not answer["reason"].startswith("does not end"):
        detail.append("Traceback (most recent call last):")
    for line, function in answer["frames"]:
        detail.append(f"  {snippet.path}:{snippet.origin(lang, line)}, in {function}")
        if 0 < line <= len(source):
            detail.append(f"    {source[line - 1].strip()}")
    line = snippet.origin(lang, answer["line"]) if answer["line"] else 0
    return Problem(snippet.path, line, f"{answer['reason']} [{lang}]", "\n".join(detail))


# -- cache -------------------------------------------------------------------------------------------------


def metrics_font(cache: Path) -> bytes:
    """The font by whose metrics figures were laid out, see figures.py; made anew where the cache has it no more."""
    font = store.kept(_font(cache))
    if font is None:
        from sitebuild.programs import figures

        figures.make_metrics_font(_font(cache))
        font = store.kept(_font(cache))
    return font


def _font(cache: Path) -> Path:
    return cache / f"metrics-{_machinery()[:12]}.ttf"


@lru_cache(maxsize=1)
def _machinery() -> str:
    """A digest of all that shapes a result besides the program: our code, Python, NumPy, Matplotlib, the processor."""
    digest = hashlib.sha256()
    for module in ("sandbox.py", "figures.py"):
        digest.update((HERE / module).read_bytes())
    digest.update(f"{sys.version} {version('numpy')} {version('matplotlib')} {MEMORY} {_processor()}".encode())
    return digest.hexdigest()


def _processor() -> str:
    """What decides which of their code NumPy and OpenBLAS use, and so the last digits of a number."""
    chosen = [os.environ.get(name, "") for name in ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")]
    abilities: set[str] = set()
    with suppress(OSError):  # Linux alone has this file
        abilities.update(re.findall(r"\b(?:avx|fma|amx)\w*", Path("/proc/cpuinfo").read_text(encoding="utf-8")))
    return f"{platform.machine()} {chosen} {sorted(abilities)}"


def _entry(cache: Path, snippet: Snippet, lang: str) -> Path:
    """Where the result of a program is kept."""
    return cache / "programs" / f"{_key(snippet, lang)}.json"


def _key(snippet: Snippet, lang: str) -> str:
    cells = str(snippet.cells(lang))
    parts = (_machinery(), snippet.name, lang, str(limit_of(snippet)), cells, snippet.source(lang))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _stored(entry: Path, answer: dict) -> Result:
    """The result that a program's `answer` tells, kept in `entry`."""
    figures = [{"label": label, "svg": svg} for label, svg in answer["figures"]]
    store.keep(entry, json.dumps({**answer, "figures": figures}, ensure_ascii=False).encode())
    return _load(entry)


def _load(entry: Path) -> Result | None:
    """The stored result; None where there is none, or it is damaged: the program then runs again."""
    body = store.kept(entry)
    if body is None:
        return None
    try:
        stored = json.loads(body)
        figures = tuple(Figure(**figure) for figure in stored["figures"])
        cells = tuple((text, count) for text, count in stored["cells"])
        return Result(**{**stored, "figures": figures, "cells": cells})
    except (KeyError, TypeError):  # whole, but of a version whose results had other fields
        return None

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
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path

from sitebuild.base import store
from sitebuild.base.problems import Problem, SiteError
from sitebuild.extras import share_picture
from sitebuild.pages.placeholders import Drawing
from sitebuild.sources.snippet import Snippet

# The one place where limits stand: seconds a program may take (wall clock), by name; address space in bytes.
SECONDS = int(os.environ.get("SITEBUILD_SECONDS", "30"))
# On a quiet machine lstm/swap takes 6 s, the labs 20 to 80 s; a busy one took four times as long.
SECONDS_OF = {
    "lstm/swap": 120,
    "labs/sequential_digits": 600, "labs/adding_problem": 600, "labs/remedies_race": 600,
}  # fmt: skip
MEMORY = 3 * 2**30
PATIENCE = 10  # seconds for a process to start, and between its own time limit and the kill from outside

HERE = Path(__file__).parent


class Figure(Drawing):
    """One drawn figure: its SVG element and its frame's label."""

    __slots__ = ("label",)

    def __init__(self, label: str, svg: str):
        super().__init__(svg)
        self.label = label

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Figure) and (self.label, self.svg) == (other.label, other.svg)

    def __hash__(self) -> int:
        return hash((self.label, self.name))


@dataclass(frozen=True)
class Result:
    """What a program printed, drew and computed. `seconds` is the time it took when it ran.

    `picture` names the file among the results that holds its first figure as a PNG, if some page wants it, `drawn_by`
    says what drew that.
    """

    stdout: str
    figures: tuple[Figure, ...]
    values: dict[str, bool | int | float | str | dict | list]
    seconds: float
    cells: tuple[tuple[str, int], ...] = ()  # of a lab: what each cell printed, and how many figures it drew
    picture: str = ""
    drawn_by: str = ""


def run(
    snippets: Iterable[Snippet],
    langs: Iterable[str],
    cache: Path,
    *,
    wanted: share_picture.Wanted | None = None,
    evict: bool = False,
    workers: int | None = None,
    report=None,
) -> dict[tuple[str, str], Result]:
    """Run every snippet in every language; results by (name, lang), from the cache where nothing changed.

    `report(done, total, name, lang, seconds)` is called as programs end, only if any has to run. `wanted` names
    those that draw a picture of their page, too. `evict` removes cache entries that nobody used for long (see
    store.evict): for callers that run the whole site. Raises SiteError with every program that failed, or if the
    pictures' font is missing.
    """
    results, problems = attempt(snippets, langs, cache, wanted=wanted, workers=workers, report=report)
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
    wanted: share_picture.Wanted | None = None,
    workers: int | None = None,
    report=None,
) -> tuple[dict[tuple[str, str], Result], list[Problem]]:
    """Like `run`: the results of the programs that ran, and what is wrong with those that failed."""
    wanted, snippets = wanted or share_picture.Wanted(), list(snippets)
    results, waiting = known(snippets, langs, cache, wanted)
    folder = cache / "programs"
    missing = [(snippet, lang, folder / f"{_key(snippet, lang)}.json") for snippet, lang in waiting]
    problems: list[Problem] = []
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        workers = workers or os.cpu_count() or 1
        start_server()
        # While the server loads NumPy and Matplotlib, the font is made; English programs, which need none, go first.
        first = [job for job in missing if job[1] == "en"][: 2 * workers]
        missing = first + [job for job in missing if job not in first]
        with ThreadPoolExecutor(1) as meanwhile:
            font = meanwhile.submit(_picture_font, snippets, wanted, cache)
            for done, (job, answer) in enumerate(_pool(missing, cache, workers, wanted, font), 1):
                snippet, lang, entry = job
                if "reason" in answer:
                    problems.append(_problem(snippet, lang, answer))
                else:
                    result = _stored(entry, answer, wanted.drawn_by(snippet.name))
                    results[snippet.name, lang] = result
                if report:
                    report(done, len(missing), snippet.name, lang, answer.get("seconds", 0.0))
        os.utime(folder)  # see `expect`
    return results, problems


def expect(snippets: Path, cache: Path) -> None:
    """Start the server at once if a program seems to have changed since programs were last run: by the time that is
    known, it is ready. If none has, nothing is lost but the other core's time."""
    with suppress(OSError):
        last = (cache / "programs").stat().st_mtime
        if all(file.stat().st_mtime < last for file in snippets.rglob("*.py")):
            return
    start_server()


def known(
    snippets: Iterable[Snippet], langs: Iterable[str], cache: Path, wanted: share_picture.Wanted | None = None
) -> tuple[dict[tuple[str, str], Result], list[tuple[Snippet, str]]]:
    """The results that need no run, by (name, lang), and the (snippet, lang) that would have to run."""
    wanted = wanted or share_picture.Wanted()
    results, missing = {}, []
    for snippet in snippets:
        for lang in langs:
            stored = _load(cache / "programs" / f"{_key(snippet, lang)}.json", wanted.drawn_by(snippet.name))
            if stored is None:
                missing.append((snippet, lang))
            else:
                results[snippet.name, lang] = stored
    return results, missing


def picture(cache: Path, result: Result) -> bytes | None:
    """The picture of `result` as a PNG; None if it has none."""
    return store.kept(cache / "programs" / result.picture) if result.picture else None


def limit_of(name: str) -> int:
    """The seconds that the program `name` may take."""
    return SECONDS_OF.get(name, SECONDS)


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


def _pool(jobs, cache: Path, workers: int, wanted: share_picture.Wanted, font: Future[str]):
    """Run jobs (snippet, lang, …), at most `workers` at a time, each in a fresh process; yield (job, answer)."""
    context = _context()
    waiting = list(reversed(jobs))
    running = {}
    with tempfile.TemporaryDirectory(prefix="sitebuild-") as scratch:
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    job = waiting.pop()
                    started = _start(context, job, cache, Path(scratch), wanted, font)
                    running[started["receive"]] = started
                next_deadline = min(task["deadline"] for task in running.values())
                ready = wait(list(running), timeout=max(0.0, next_deadline - time.monotonic()))
                late = [r for r, task in running.items() if r not in ready and task["deadline"] <= time.monotonic()]
                for receive in [*ready, *late]:
                    task = running.pop(receive)
                    yield task["job"], _finish(task, killed=receive in late)
        finally:
            for task in running.values():
                task["process"].kill()


def _picture_font(snippets: Iterable[Snippet], wanted: share_picture.Wanted, cache: Path) -> str:
    """The font for Chinese text in all pictures, whichever of these programs runs; "" if none draws any.

    Made while the fork server loads NumPy and Matplotlib, and kept: an edit seldom brings another character.
    """
    drawing = (snippet for snippet in snippets if snippet.name in wanted.programs)
    needed = share_picture.characters(snippet.source("zh") for snippet in drawing)
    if not needed:
        return ""
    key = hashlib.sha256("".join([share_picture.machinery(wanted.packages), *sorted(needed)]).encode()).hexdigest()[:12]
    font = (cache / f"pictures-{key}.ttf").resolve()
    if store.kept(font) is None:
        store.evict(cache.glob("pictures-*.ttf"))
        store.keep(font, share_picture.make_font(needed, wanted.packages))
    return str(font)


def _start(context, job, cache: Path, scratch: Path, wanted: share_picture.Wanted, font: Future[str]) -> dict:
    snippet, lang = job[:2]
    place = Path(tempfile.mkdtemp(dir=scratch))
    (place / "empty").mkdir()
    seconds = limit_of(snippet.name)
    drawn = snippet.name in wanted.programs
    request = {
        "name": snippet.name, "lang": lang, "source": snippet.source(lang), "folder": str(place / "empty"),
        "trace": str(place / "trace"), "font": str(_font(cache).resolve()),
        "seconds": seconds, "bytes": MEMORY, "cells": snippet.cells(lang),
        "picture": drawn, "picture_font": font.result() if drawn and lang == "zh" else "",
    }  # fmt: skip
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(send, request), daemon=True)
    with _no_main():
        process.start()
    send.close()
    deadline = time.monotonic() + seconds + PATIENCE
    return {"job": job, "process": process, "receive": receive, "deadline": deadline, "request": request}


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


def _key(snippet: Snippet, lang: str) -> str:
    cells = str(snippet.cells(lang))
    parts = (_machinery(), snippet.name, lang, str(limit_of(snippet.name)), cells, snippet.source(lang))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _stored(entry: Path, answer: dict, drawn_by: str) -> Result:
    """The result that a program's `answer` tells, kept in `entry`, its picture beside it."""
    drawn = tuple(Figure(label, svg) for label, svg in answer["figures"])
    cells = tuple((text, count) for text, count in answer["cells"])
    file = entry.with_suffix(".png")
    if answer["picture"]:
        store.keep(file, answer["picture"])
    picture = file.name if answer["picture"] else ""
    result = Result(answer["stdout"], drawn, answer["values"], answer["seconds"], cells, picture, drawn_by)
    stored = {**vars(result), "figures": [{"label": label, "svg": svg} for label, svg in answer["figures"]]}
    store.keep(entry, json.dumps(stored, ensure_ascii=False).encode())
    return result


def _load(entry: Path, drawn_by: str) -> Result | None:
    """The stored result; None where there is none, it is damaged, or a picture is wanted that `drawn_by` did not
    draw: the program then runs again."""
    body = store.kept(entry)
    if body is None:
        return None
    try:
        stored = json.loads(body)
        if drawn_by and stored["drawn_by"] != drawn_by:
            return None
        if stored["picture"] and store.kept(entry.parent / stored["picture"]) is None:
            return None
        figures = tuple(Figure(**figure) for figure in stored["figures"])
        cells = tuple((text, count) for text, count in stored["cells"])
        return Result(**{**stored, "figures": figures, "cells": cells})
    except (KeyError, TypeError):  # whole, but of a version whose results had other fields
        return None

"""Runs one program in a process of its own and watches what it does.

The parent (runner.py) starts a fresh process for each program; this module is what that process executes.
It is preloaded in the fork server, so NumPy and Matplotlib are imported once.
"""

from __future__ import annotations

import faulthandler
import io
import math
import os
import re
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import numpy.random  # noqa: E402, F401  (NumPy loads it when it is first asked for)

from sitebuild.programs import figures  # noqa: E402

LINES_PRINTED = 40
QUOTABLE = 1000  # elements of an array, list or dict that prose may quote: more are data, and only fill the cache
NOT_FINITE = re.compile(r"(?<!\w)(nan|inf)(?!\w)")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
# Audit events (PEP 578) of what a program on a page has no business to do.
FORBIDDEN = {
    "os.mkdir": "makes a folder", "os.remove": "removes a file", "os.rename": "renames a file",
    "os.rmdir": "removes a folder", "os.link": "links a file", "os.symlink": "links a file",
    "os.truncate": "truncates a file", "socket.connect": "uses the network", "socket.bind": "uses the network",
    "socket.getaddrinfo": "uses the network", "subprocess.Popen": "starts a process",
    "os.system": "starts a process", "os.posix_spawn": "starts a process", "os.exec": "starts a process",
    "os.fork": "starts a process",
}  # fmt: skip


class Refused(BaseException):
    """The program did what no program on a page may do. Not an Exception: `except Exception` must not hide it."""


class Output(io.TextIOBase):
    """Collects what the program prints; refuses too much of it, and numbers that are not finite."""

    def __init__(self, guard: Guard):
        self.guard, self.parts, self.lines = guard, [], 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.parts.append(text)
        self.lines += text.count("\n")
        if self.lines > LINES_PRINTED:
            self.guard.refuse(f"prints more than {LINES_PRINTED} lines")
        found = NOT_FINITE.search(text)
        if found:
            self.guard.refuse(f"prints a value that is not finite: {found[1]}")
        return len(text)


class Guard:
    """Refuses forbidden acts while the program runs, and remembers the first: a bare `except:` cannot hide it."""

    def __init__(self):
        self.active, self.refused = False, None

    def refuse(self, reason: str):
        if self.refused is None:
            self.refused = Refused(reason).with_traceback(None), traceback.extract_stack()
        raise self.refused[0]

    def audit(self, event: str, arguments: tuple):
        if not self.active:
            return
        if event == "open":
            path, mode, flags = arguments
            if (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & WRITING:
                self.active = False  # the traceback itself may open files
                self.refuse(f"writes a file: {path}")
        elif event in FORBIDDEN:
            self.active = False
            self.refuse(FORBIDDEN[event])


def main(connection, request: dict) -> None:
    """Run the program of `request` (see runner._start) and send what came out through `connection`.

    Sends {"stdout", "figures": [(label, svg)], "values", "seconds", "cells"}, or {"reason", "line", "frames"}.
    """
    with open(request["trace"], "w") as trace:
        faulthandler.enable(trace)
        try:
            try:
                answer = execute(request, trace)
            except OSError as error:  # of our own: what the program does wrong is told by `execute`
                answer = _failure(f"{error.filename}: {error.strerror}", 0)
            connection.send(answer)
        finally:
            faulthandler.cancel_dump_traceback_later()
            faulthandler.disable()
    connection.close()


def execute(request: dict, trace) -> dict:
    """The program's result or failure as a plain dict. When its time is up, its stack goes to the file `trace`."""
    name, source = request["name"], request["source"]
    sys.dont_write_bytecode = True
    os.chdir(request["folder"])
    figures.set_up(Path(request["font"]))
    limit_memory(request["bytes"])
    plt.show = lambda *_, **__: None
    guard = Guard()
    out, err = Output(guard), io.StringIO()
    namespace = {"__name__": "snippet", "__builtins__": __builtins__}
    cells: list[tuple[str, int]] = []  # what each printed, and how many figures it drew
    faulthandler.dump_traceback_later(request["seconds"], exit=True, file=trace)
    started = time.perf_counter()
    try:
        programs = [compile(part, name, "exec") for part in in_cells(source, request["cells"])]
        sys.addaudithook(guard.audit)
        with watched(guard, out, err):
            for program in programs:
                printed, drew = len(out.parts), len(plt.get_fignums())
                exec(program, namespace)
                cells.append(("".join(out.parts[printed:]), len(plt.get_fignums()) - drew))
                out.lines = 0
        if guard.refused:
            raise guard.refused[0]
        if err.getvalue():
            return _failure(f"writes to the error stream: {err.getvalue().strip()}", 0)
        if left := sorted(os.listdir()):
            return _failure(f"leaves files behind: {', '.join(left)}", 0)
        return {
            "stdout": "".join(out.parts), "figures": figures.drawn(name, request["lang"]),
            "values": scalars(namespace), "cells": cells if request["cells"] else [],
            "seconds": time.perf_counter() - started,
        }  # fmt: skip
    except BaseException as error:
        return told(error, request, guard)


@contextmanager
def watched(guard: Guard, out: Output, err: io.StringIO) -> Iterator[None]:
    """While this lasts, the program prints to `out` and `err`, a warning is an error, and `guard` looks."""

    def no_exit(*_):
        guard.refuse("ends the process by os._exit")

    saved, leave = (sys.stdout, sys.stderr), os._exit
    sys.stdout, sys.stderr, os._exit = out, err, no_exit
    warnings.resetwarnings()
    warnings.simplefilter("error")
    guard.active = True
    try:
        yield
    finally:
        guard.active = False
        sys.stdout, sys.stderr = saved
        os._exit = leave


def told(error: BaseException, request: dict, guard: Guard) -> dict:
    """The failure of a program that ended with `error`, in words, with its line and its own frames."""
    if isinstance(error, Refused):
        return _failure(str(error), *_frames(guard.refused[1] if guard.refused else [], request["name"]))
    line, frames = _frames(traceback.extract_tb(error.__traceback__), request["name"])
    if isinstance(error, SystemExit):
        return _failure("ends the process by sys.exit", line, frames)
    if isinstance(error, MemoryError):
        reason = f"needs more than {request['bytes'] / 2**30:g} GiB of memory: {error}".rstrip(": ")
        return _failure(reason, line, frames)
    if glyph := re.match(r"Glyph (\d+) ", str(error) if isinstance(error, Warning) else ""):
        character = chr(int(glyph[1]))
        places = [n for n, text in enumerate(request["source"].splitlines(), 1) if character in text]
        return _failure(f"no glyph for {character!r} (U+{ord(character):04X}) in a figure", (places or [line])[0])
    if isinstance(error, Warning):
        return _failure(f"warns: {type(error).__name__}: {error}", line, frames)
    return _failure(f"{type(error).__name__}: {error}", line, frames)


def in_cells(source: str, starts: list[int]) -> list[str]:
    """The parts of a program that begin on the lines `starts`, each with its lines where they were."""
    lines = source.split("\n")
    bounds = [*(starts or [1]), len(lines) + 1]
    return ["\n" * (a - 1) + "\n".join(lines[a - 1 : b - 1]) for a, b in zip(bounds, bounds[1:], strict=False)]


def scalars(namespace: dict) -> dict:
    """The values prose may quote: what stands at module level and can be quoted, see `_plain`."""
    values = {name: _plain(value) for name, value in namespace.items() if not name.startswith("_")}
    return {name: value for name, value in values.items() if value is not None}


def _plain(value):
    """`value` as Python's own bool, int, float or str; of a dict, list, tuple or array, a dict or list of such.

    None for what is neither, and for a whole that holds none of these or more than QUOTABLE of them. A float that is
    not finite becomes its name ("nan"), which no number format accepts. A key becomes text, as elements.py says.
    """
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist() if value.size <= QUOTABLE else None
    if isinstance(value, dict):
        keys = [", ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in value]
        parts = dict(zip(keys, map(_plain, value.values()), strict=True)) if len(value) <= QUOTABLE else {}
        return parts if any(part is not None for part in parts.values()) else None
    if isinstance(value, (list, tuple)):
        parts = [_plain(part) for part in value] if len(value) <= QUOTABLE else []
        return parts if any(part is not None for part in parts) else None
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, (bool, int, float, str)) else None


def limit_memory(limit: int) -> None:
    """Let the process hold at most `limit` bytes of address space, where the system can tell."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (ImportError, ValueError, OSError):  # Windows; macOS refuses this limit
        pass


def _frames(stack, name: str) -> tuple[int, list[tuple[int, str]]]:
    """The last line of the program in a traceback, and all of its own frames as (line, function)."""
    frames = [(frame.lineno, frame.name) for frame in stack if frame.filename == name]
    return (frames[-1][0] if frames else 0), frames


def _failure(reason: str, line: int, frames=()) -> dict:
    return {"reason": reason, "line": line, "frames": list(frames)}

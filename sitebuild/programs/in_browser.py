"""Runs one program where there is no build: in a reader's browser, as overrides/assets/run-worker.js asks.

The pages' own figures are drawn by figures.py, and so are these: an unchanged program shows what the page shows.
What a build refuses (a warning, an error) a reader gets to see. This module and what it imports are shipped as they
are, and have to run under Python 3.8 and Matplotlib 3.3.
"""

from __future__ import annotations

import io
import json
import linecache
import sys
import traceback
import warnings
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

from sitebuild.programs import figures  # noqa: E402

CHARACTERS_PRINTED = 100_000


class Output(io.StringIO):
    """Collects what the program prints, and ends it when a page could not show that much."""

    def write(self, text: str) -> int:
        if self.tell() > CHARACTERS_PRINTED:
            raise RuntimeError(f"more than {CHARACTERS_PRINTED} characters printed")
        return super().write(text)


def answer(request: str) -> str:
    """`run` for those who speak JSON: {"name", "lang", "source", "font": a path or null}."""
    asked = json.loads(request)
    font = Path(asked["font"]) if asked["font"] else None
    return json.dumps(run(asked["name"], asked["lang"], asked["source"], font))


def run(name: str, lang: str, source: str, font: Path | None) -> dict:
    """What came of the program `source`: {"stdout", "figures": [(label, svg)], "error": "", "line": 0}.

    `name` is that of the snippet it was made from, for the ids in its figures; `font` the metrics font, without which
    Chinese labels have no width. If the program fails, "error" holds the traceback of its own frames, "line" the last
    of them, and what it had printed and drawn by then is there, too. Nothing is left of any earlier program.
    """
    file = f"{name.rpartition('/')[2]}.py"
    linecache.cache[file] = (len(source), None, io.StringIO(source).readlines(), file)  # for tracebacks and warnings
    plt.close("all")
    figures.dress(font)
    plt.show = lambda *_, **__: None
    np.random.seed()
    out = Output()
    error, line, drawn = "", 0, []
    saved = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = out
    try:
        with np.errstate(), np.printoptions(), warnings.catch_warnings():
            exec(compile(source, file, "exec"), {"__name__": "snippet", "__builtins__": __builtins__})
    except BaseException as failure:  # whatever it is, the next program must find things in order
        error, line = _told(failure, file)
    finally:
        sys.stdout, sys.stderr = saved
    try:
        drawn = figures.drawn(name, lang)
    except Exception as failure:
        if not error:
            error, line = _told(failure, file)
    plt.close("all")
    return {"stdout": out.getvalue(), "figures": drawn, "error": error, "line": line}


def _told(failure: BaseException, file: str) -> tuple[str, int]:
    """The traceback with the program's own frames alone, and the line of the last one."""
    frames = [frame for frame in traceback.extract_tb(failure.__traceback__) if frame.filename == file]
    said = traceback.format_exception_only(type(failure), failure)
    line = frames[-1].lineno if frames else 0
    if isinstance(failure, SyntaxError) and failure.filename == file:
        line = failure.lineno or 0
    stack = traceback.StackSummary.from_list(frames).format()
    return "".join(["Traceback (most recent call last):\n" if stack else "", *stack, *said]), line

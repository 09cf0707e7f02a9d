"""A drill: one bilingual file, and two programs, the starter, which a reader completes, and the solution.

    #solution
    def backward(dhs, x, hs, cs, gates, W, U):
        # returns the gradients of x, h0, c0, W, U, b
        #zh 返回 x、h0、c0、W、U、b 的梯度
        …
    #end

Both are the whole file without the two marks. In the starter, each function between them keeps its first line and the
comments below it, and returns None. What the programs print is the judge's, in the language of the program.
"""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

from sitebuild.base import files
from sitebuild.base.problems import Problem, SiteError
from sitebuild.sources import snippet
from sitebuild.sources.snippet import Snippet

MARKS = ("#solution", "#end")
SOLUTION = "_solution"  # follows the drill's name in that of its solution


def read(file: Path, name: str, path: str, seconds: int = snippet.SECONDS) -> tuple[Snippet, Snippet]:
    """The starter and the solution. Raises SiteError, as for any snippet, and for a file without the two marks or
    without a function between them."""
    return parse(files.read(file, path), name, path, seconds)


def parse(text: str, name: str, path: str, seconds: int = snippet.SECONDS) -> tuple[Snippet, Snippet]:
    """The two programs of a drill's text. Raises SiteError, see `read`."""
    lines = text.split("\n")
    marks = [number for number, line in enumerate(lines, 1) if line in MARKS]
    if [lines[number - 1] for number in marks] != list(MARKS):
        raise SiteError(
            Problem(path, marks[0] if marks else 0, f"a drill has one line {MARKS[0]}, then one {MARKS[1]}")
        )
    whole = [number for number in range(1, len(lines) + 1) if number not in marks]
    solution = _program(lines, whole, {}, name + SOLUTION, path, seconds)
    first, last = marks
    functions = [
        node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and first < node.lineno < last
    ]
    if not functions:
        raise SiteError(Problem(path, first, f"no function stands between {MARKS[0]} and {MARKS[1]}"))
    # the line where a body begins says that nothing is there yet; the rest of the body goes
    stubs = {node.body[0].lineno: "    return None" for node in functions}
    bodies = {line for node in functions for line in range(node.body[0].lineno + 1, node.end_lineno + 1)}
    kept = [number for number in whole if number not in bodies]
    return _program(lines, kept, stubs, name, path, seconds), solution


def _program(lines: list[str], kept: list[int], instead: dict[int, str], name: str, path: str, seconds: int) -> Snippet:
    """The program of the lines with the numbers `kept`, some of them with another text `instead`."""
    text = "\n".join(instead.get(number, lines[number - 1]) for number in kept)
    try:
        made = snippet.parse(text, name, path, seconds=seconds)
    except SiteError as error:
        at = [dataclasses.replace(one, line=kept[one.line - 1] if one.line else 0) for one in error.problems]
        raise SiteError(at) from None
    origins = {lang: tuple(kept[line - 1] for line in of) for lang, of in made._origins.items()}
    return dataclasses.replace(made, judged=True, _origins=origins)

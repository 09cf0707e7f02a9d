"""A lab as its author writes it: one bilingual program in cells, a file snippets/labs/*.py in the percent format.

Text cells come in pairs; code is bilingual like a snippet's; a line `# include lstm/backward: forward as lstm_forward`
in a code cell stands for that function of that snippet:

    # %% [markdown] en           # %% [markdown] zh            # %%
    # # A title                  # # 标题                       plt.xlabel("update")  #zh "更新次数"
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sitebuild import LANGS
from sitebuild.base import files
from sitebuild.base.problems import Problem, SiteError
from sitebuild.sources import snippet
from sitebuild.sources.snippet import Snippet

MARK = re.compile(r"^# %%(?: \[markdown\] (?P<lang>\w+))?\s*$")
INCLUDE = re.compile(r"^# include (?P<name>[\w/]+): (?P<functions>[\w, ]+)$")


@dataclass(frozen=True)
class Lab:
    """One lab. `program`: all its code as one snippet; `cells`: Markdown by language, or the number of a code cell."""

    name: str
    path: str
    program: Snippet
    cells: tuple[dict[str, str] | int, ...]
    lines: tuple[int, ...]  # for each line of the program's text, the line of the file that it comes from

    def code(self, lang: str) -> list[str]:
        """The source of each code cell in one language."""
        lines = self.program.source(lang).split("\n")
        bounds = [*self.program.cells(lang), len(lines) + 1]
        return ["\n".join(lines[a - 1 : b - 1]).strip("\n") for a, b in zip(bounds, bounds[1:], strict=False)]


def read(file: Path, name: str, path: str, snippets: Mapping[str, Snippet], seconds: int = snippet.SECONDS) -> Lab:
    """Read the lab in `file`; `seconds`: see snippet.read. Raises SiteError with every fault of cells or twins."""
    return parse(files.read(file, path), name, path, snippets, seconds)


def parse(text: str, name: str, path: str, snippets: Mapping[str, Snippet], seconds: int = snippet.SECONDS) -> Lab:
    """Split the text of a lab into cells and take in what it includes. Raises SiteError, see `read`."""
    problems: list[Problem] = []
    cells: list[dict[str, str] | int] = []
    code: list[tuple[str, int]] = []  # the lines of all code cells and the line of the file each comes from
    starts: list[int] = []
    for lang, line, body in _sections(text):
        if lang is None:
            cells.append(len(starts))
            starts.append(len(code) + 1)
            lines, wrong = _code(body, line + 1, path, snippets)
            code, problems = code + lines, problems + wrong
            continue
        if lang not in LANGS:
            problems.append(Problem(path, line, f"a text cell names its language, zh or en: # %% [markdown] {lang}"))
            continue
        stray = next((n for n, content in enumerate(body, line + 1) if content and not content.startswith("#")), 0)
        if stray:
            problems.append(Problem(path, stray, "a line of a text cell begins with #"))
        last = cells[-1] if cells else None
        if isinstance(last, dict) and set(last) != set(LANGS) and lang not in last:
            last[lang] = _markdown(body, lang)
        else:
            cells.append({lang: _markdown(body, lang)})
    for cell in cells:
        if isinstance(cell, dict) and set(cell) != set(LANGS):
            (there,) = cell
            first = cell[there].split("\n")[0]
            line = next((n for n, one in enumerate(text.split("\n"), 1) if first and one.endswith(first)), 0)
            problems.append(Problem(path, line, f"this text cell has no twin in the other language: {first!r}"))
    try:
        program = snippet.parse("".join(line + "\n" for line, _ in code), name, path, tuple(starts), seconds)
    except SiteError as error:
        problems += [Problem(path, code[p.line - 1][1] if p.line else 0, p.reason, p.detail) for p in error.problems]
    if problems:
        raise SiteError(problems)
    return Lab(name, path, program, tuple(cells), tuple(line for _, line in code))


def _code(body: list[str], first: int, path: str, snippets: Mapping[str, Snippet]):
    """(the lines of a code cell with what it includes, each with the number of the file's line; problems)"""
    code: list[tuple[str, int]] = []
    problems = []
    for number, content in enumerate(body, first):
        included = INCLUDE.match(content)
        if not included:
            code.append((content, number))
            continue
        try:
            taken = _included(included["name"], included["functions"], snippets)
            if code and code[-1][0]:
                code += [("", number)] * 2
            code += [(one, number) for one in taken]
        except LookupError as error:
            problems.append(Problem(path, number, error.args[0]))
    return code, problems


def _markdown(body: list[str], lang: str) -> str:
    """The text of a text cell."""
    markdown = "\n".join(content.removeprefix("#").removeprefix(" ") for content in body).strip("\n")
    if lang == "zh":  # a line break would show as a space
        markdown = re.sub(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])", "", markdown)
    return markdown


def _sections(text: str) -> Iterator[tuple[str | None, int, list[str]]]:
    """(language or None for code, line of the mark, lines) of each cell."""
    lines = text.rstrip("\n").split("\n")
    marks = [(n, m) for n, line in enumerate(lines) if (m := MARK.match(line))]
    for (at, mark), (after, _) in zip(marks, [*marks[1:], (len(lines), None)], strict=True):
        yield mark["lang"], at + 1, lines[at + 1 : after]


def _included(name: str, functions: str, snippets: Mapping[str, Snippet]) -> list[str]:
    """The bilingual lines of functions of a snippet, renamed as asked. Raises LookupError."""
    if name not in snippets:
        raise LookupError(f"there is no snippet {name}.py to include from")
    text = snippets[name].text
    defined = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    lines, out = text.split("\n"), []
    for wanted in functions.split(","):
        function, _, new = (part.strip() for part in wanted.partition(" as "))
        if function not in defined:
            raise LookupError(f"{name}.py has no function {function!r}; it has {', '.join(defined)}")
        node = defined[function]
        body = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        out += [*(["", ""] if out else []), *re.sub(rf"\b{function}\b", new or function, body).split("\n")]
    return out

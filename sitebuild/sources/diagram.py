"""A drawn diagram whose parts belong to equations and lines of code: one SVG file, two languages. Pure.

snippets/lstm/cell.svg is drawn by hand. What a person reads has its Chinese twin in `data-zh`; an <a> is a part:

    <svg viewBox="…" data-name="LSTM cell" data-zh="LSTM 细胞" data-snippet="lstm/step">
      <a data-part="c" data-name="cell state" data-zh="细胞状态" data-row="c_t" data-code="c = ">
        <text data-zh="细胞状态">cell state</text> …

The part's equation is the row of the page's `aligned` equations that begins with `data-row`; its code are the lines
of the snippet that begin as `data-code` says (several with | between them), and `data-term`, if given, is what of
the last of these lines is its own. Every other element names in `data-part` the parts with which it lights up.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sitebuild.base import files
from sitebuild.base.problems import Problem, SiteError
from sitebuild.sources.snippet import Snippet, words

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Part:
    """A part that can be lit. `row` and `code` say how its equation and its lines of code begin."""

    key: str
    name: Mapping[str, str]
    row: str
    code: tuple[str, ...]
    term: str
    line: int


@dataclass(frozen=True)
class Diagram:
    """One SVG file. `name` is its path under snippets/ without the suffix; `path` is for messages."""

    name: str
    path: str
    text: str
    snippet: str
    parts: tuple[Part, ...]


def read(file: Path, name: str, path: str) -> Diagram:
    """Read and check the SVG in `file`. Raises SiteError with every fault."""
    return parse(files.read(file, path), name, path)


def parse(text: str, name: str, path: str) -> Diagram:
    """Check the text of an SVG. Raises SiteError: not XML, a part that lacks something, a label without its twin."""
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise SiteError(Problem(path, error.position[0], f"not well-formed XML: {error}")) from None
    problems: list[Problem] = []
    parts: list[Part] = []

    def line_of(snippet: str) -> int:
        return text.count("\n", 0, max(text.find(snippet), 0)) + 1

    if root.tag != f"{SVG}svg" or not all(root.get(a) for a in ("viewBox", "data-name", "data-zh", "data-snippet")):
        problems.append(Problem(path, 1, "the root is an <svg> with viewBox, data-name, data-zh and data-snippet"))
    for element in root.iter():
        label = (element.text or "").strip()
        if element.tag == f"{SVG}text" and words(label) and not element.get("data-zh"):
            problems.append(Problem(path, line_of(f">{label}<"), f"the label {label!r} has no Chinese twin (data-zh)"))
        if element.tag != f"{SVG}a":
            continue
        key = element.get("data-part", "")
        line = line_of(f'<a data-part="{key}"')
        lacking = [a for a in ("data-part", "data-name", "data-zh", "data-row", "data-code") if not element.get(a)]
        if lacking:
            problems.append(Problem(path, line, f"the part {key!r} lacks {', '.join(lacking)}"))
            continue
        if not re.fullmatch(r"\w+", key) or key in {part.key for part in parts}:
            problems.append(Problem(path, line, f"the part {key!r} needs a name of its own: one word"))
        code = tuple(begin.strip() for begin in element.get("data-code").split("|"))
        names = {"en": element.get("data-name"), "zh": element.get("data-zh")}
        parts.append(Part(key, names, element.get("data-row"), code, element.get("data-term", ""), line))
    for element in root.iter():
        for key in element.get("data-part", "").split():
            if not problems and key not in {part.key for part in parts}:
                found = element.get("data-part")
                problems.append(Problem(path, line_of(f'data-part="{found}"'), f"there is no part {key!r}"))
    if not parts and not problems:
        problems.append(Problem(path, 1, "no part: an <a data-part=…> is one"))
    if problems:
        raise SiteError(problems)
    return Diagram(name, path, text, root.get("data-snippet"), tuple(parts))


def check(diagram: Diagram, snippets: Mapping[str, Snippet]) -> list[Problem]:
    """What is wrong between the diagram and the program that it points at."""
    if diagram.snippet not in snippets:
        return [Problem(diagram.path, 1, f"there is no snippet {diagram.snippet}.py")]
    problems = []
    for part in diagram.parts:
        try:
            lines_of_code(part, snippets[diagram.snippet].source("en"))
        except LookupError as error:
            problems.append(Problem(diagram.path, part.line, f"{diagram.snippet}.py: {error.args[0]}"))
    return problems


def lines_of_code(part: Part, source: str) -> list[str]:
    """The part's lines in `source`, without indentation and comment. Raises LookupError if one is not to be found."""
    lines = [line.strip() for line in source.split("\n")]
    found = []
    for begin in part.code:
        matching = [line.split("  #")[0] for line in lines if line.startswith(begin)]
        if len(matching) != 1:
            raise LookupError(f"{len(matching)} lines begin with {begin!r}, the part {part.key!r} needs exactly one")
        times = source.count(matching[0])
        if times != 1:  # the page's script finds the line by its text
            raise LookupError(f"{matching[0]!r} of the part {part.key!r} stands there {times} times")
        found += matching
    if part.term and found[-1].count(part.term) != 1:
        raise LookupError(f"{part.term!r} is not once in the line {found[-1]!r} of the part {part.key!r}")
    return found

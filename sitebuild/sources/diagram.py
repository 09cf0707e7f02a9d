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

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sitebuild.base.problems import Problem, SiteError
from sitebuild.pages import formulas
from sitebuild.sources.snippet import Snippet, words

SVG = "{http://www.w3.org/2000/svg}"
SYMBOLS = {"symbol", "function", "upright"}  # the classes of texts that are no words
OPENS = {"zh": "{} {}：公式与代码", "en": "{} {}: equation and code"}
HINT = {
    "zh": "指一指或点一点图中的部件，也可以按 Tab 键：这里会出现它的公式和代码。",
    "en": "Point at a part, tap it or press Tab: its equation and its code appear here.",
}
AND = {"zh": "：", "en": ": "}


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
    return parse(file.read_text(encoding="utf-8"), name, path)


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


def equations(markdown: str, begins: str) -> list[tuple[int, str]]:
    """(place, LaTeX) of each row of the page's `aligned` equations whose left side is `begins`, without remarks."""
    found = []
    for formula in formulas.find(markdown):
        body = re.fullmatch(r"\\begin\{aligned\}(.*)\\end\{aligned\}", formula.latex, re.S)
        if not formula.display or not body:
            continue
        for number, row in enumerate(re.split(r"\\\\", body[1])):
            left, _, right = row.split("&&")[0].partition("&")
            if left.strip() == begins:
                found.append((formula.start + number, " ".join(f"{left} {right}".split())))
    return found


def picture(diagram: Diagram, lang: str) -> str:
    """The SVG in one language, on one line. Its parts are links to their rows in the list."""
    root = ET.fromstring(diagram.text)
    parts = {part.key: part for part in diagram.parts}
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.tail = None
        twin = element.attrib.pop("data-zh", "")
        if element.tag == "text" and twin and lang == "zh":
            element.text = twin
        element.text = element.text if element.text and element.text.strip() else None
        if element.tag == "a":
            part = parts[element.get("data-part")]
            label = OPENS[lang].format(part.name[lang], part.key)
            element.attrib = {"data-part": part.key, "href": f"#{row_id(diagram, part)}", "aria-label": label}
        elif element is root:
            title = twin if lang == "zh" else element.get("data-name")
            element.attrib = {"viewBox": element.get("viewBox"), "role": "group", "aria-label": title}
    for place, link in [(n, child) for n, child in enumerate(root) if child.tag == "a"][::-1]:
        # Symbols stand beside the link, not in it: its label says in words what f, t and σ stand for.
        symbols = [text for text in link if text.tag == "text" and set(text.get("class", "").split()) & SYMBOLS]
        if symbols:
            beside = ET.Element("g", {"data-part": link.get("data-part")})
            for symbol in symbols:
                link.remove(symbol)
                beside.append(symbol)
            root.insert(place + 1, beside)
    for child in root:
        if child.tag != "a":
            child.set("aria-hidden", "true")
    return ET.tostring(root, encoding="unicode").replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def listed(diagram: Diagram, lang: str, markdown: str, source: str) -> str:
    """The list below the picture: each part's name, equation (as `$…$`) and code, in the order of the equations.

    `markdown` is the page, `source` the diagram's program in this language. Raises LookupError if the page has
    no row for a part, or more than one.
    """
    rows = []
    for part in diagram.parts:
        found = equations(markdown, part.row)
        if len(found) != 1:
            reason = f"{len(found)} rows of the page's aligned equations begin with {part.row}"
            raise LookupError(f"{reason}: the part {part.key!r} of {diagram.name}.svg needs exactly one")
        place, latex = found[0]
        code = [html.escape(line, quote=False) for line in lines_of_code(part, source)]
        if part.term:
            code[-1] = code[-1].replace(part.term, f"<mark>{part.term}</mark>")
        shown = "".join(f"<code>{line}</code>" for line in code)
        row = f'<li id="{row_id(diagram, part)}" data-part="{part.key}">'
        rows.append((place, f"{row}<b>{part.name[lang]}</b>{AND[lang]}<span>${latex}$</span>{shown}</li>"))
    items = "\n".join(row for _, row in sorted(rows))
    return f'<p>{HINT[lang]}</p>\n<ul aria-live="polite">\n{items}\n</ul>'


def row_id(diagram: Diagram, part: Part) -> str:
    return f"{diagram.name.replace('/', '-')}-{part.key}"

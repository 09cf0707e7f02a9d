"""What one page holds besides its blocks: the values it quotes, its formulas, its prose. Pure.

{{ rnn/spectral:half_life:.1f }}           a value of a program
{{ lstm/chrono:curves[chrono][-1]:.2f }}   an element of one: in brackets stands a key of a dict, written as Python
prints it but without quotes (of a tuple, its parts with a comma between them), or the index of a list, tuple or array,
from the end if it is negative
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from sitebuild.base.markdown import Formula, scan
from sitebuild.base.problems import Problem, SiteError
from sitebuild.sources.blocks import DRAWN, named

# a value and its elements; a key may hold anything but brackets and braces
VALUE = r"[^\W\d]\w*(?:\[[^\[\]{}]+\])*"
QUOTED = re.compile(rf"^\s*(?P<name>[\w/-]+)\s*:\s*(?P<value>{VALUE})\s*(?::(?P<format>[^{{}}]*?))?\s*$")


@dataclass(frozen=True)
class Quote:
    """A value in prose, or an element of one: {{ name:value:format }}, {{ name:value[key]:format }}."""

    name: str
    value: str
    format: str
    line: int
    start: int  # markdown[start:end] is the whole placeholder
    end: int


def quotes(markdown: str, path: str) -> list[Quote]:
    """The values a page quotes, in order. Raises SiteError on one that is malformed."""
    found, problems = [], []
    for placeholder in scan(markdown).placeholders:
        parts = QUOTED.match(placeholder.body) if placeholder.closed else None
        place = placeholder.line, placeholder.start, placeholder.end
        if parts:
            found.append(Quote(parts["name"], parts["value"], parts["format"] or "", *place))
        else:
            shown = markdown[placeholder.start : placeholder.end]
            reason = f"not a quoted value ({{{{ snippet:value:format }}}}): {shown}"
            problems.append(Problem(path, placeholder.line, reason))
    if problems:
        raise SiteError(problems)
    return found


def element(values: dict, quoted: str) -> bool | int | float | str:
    """The one of a program's values, or the element of one, that `quoted` names. Raises LookupError that says what
    there is instead, by the nearest right form."""
    name, *keys = (part.strip() for part in re.split(r"\]\[|[\[\]]", quoted) if part.strip())
    if name not in values:
        known = ", ".join(one + "[…]" * isinstance(values[one], (dict, list)) for one in sorted(values))
        raise LookupError(f"no value {name!r}; it has {known or 'none'}")
    value, path = values[name], name
    for key in keys:
        value, path = _within(value, key, path)
    if isinstance(value, (dict, list)):
        first = next(iter(value)) if isinstance(value, dict) else 0
        raise LookupError(f"no single value {path!r}; quote one of its elements, as in {path}[{first}]")
    if value is None:
        raise LookupError(f"no value to quote at {path!r}: it is neither a number nor text")
    return value


def _within(value, key: str, path: str):
    """The element `key` of `value`, which prose calls `path`, and what prose calls the element."""
    if isinstance(value, dict):
        # spaces after the commas of a tuple are free
        spelt = {re.sub(r",\s*", ", ", one): one for one in value}
        key = re.sub(r",\s*", ", ", key)
        if key not in spelt:
            near = get_close_matches(key, spelt, 1, 0) or list(spelt)
            raise LookupError(f"no key {key!r} in {path!r}; the nearest is {path}[{near[0]}], of {len(spelt)}")
        return value[spelt[key]], f"{path}[{key}]"
    if not isinstance(value, list):
        raise LookupError(f"no element {key!r} in {path!r}, which is one value: quote {path}")
    count = len(value)
    if not re.fullmatch(r"-?\d+", key):
        raise LookupError(f"no element {key!r} in {path!r}, which has no keys but {count} elements: quote {path}[0]")
    if not -count <= int(key) < count:
        nearest = count - 1 if int(key) > 0 else -count
        raise LookupError(f"no element {key} in {path!r}, which has {count}; the nearest is {path}[{nearest}]")
    return value[int(key)], f"{path}[{key}]"


def formulas(markdown: str, path: str) -> tuple[Formula, ...]:
    """The formulas of a page, in order. Raises SiteError for one that is begun and never closed."""
    problems = []
    for formula in scan(markdown).formulas:
        if not formula.closed:
            where = "never closed" if formula.latex == "$$" else "not closed in its paragraph"
            problems.append(Problem(path, formula.line, f"a formula begun with $$ is {where}"))
    if problems:
        raise SiteError(problems)
    return scan(markdown).formulas


def snippets_of(markdown: str, path: str) -> set[str]:
    """The names of all snippets that a page shows or quotes."""
    return {b.name for b in named(markdown, path, *DRAWN)} | {q.name for q in quotes(markdown, path)}


def picture_of(markdown: str, path: str) -> str:
    """The name of the snippet that draws the page's first figure, "" if none does: only a figure has a caption."""
    return next((block.name for block in named(markdown, path, *DRAWN) if block.caption), "")

"""What one page holds besides its blocks: the values it quotes, its formulas, its prose. Pure.

{{ rnn/spectral:half_life:.1f }}           a value of a program
{{ lstm/chrono:curves[chrono][-1]:.2f }}   an element of one, see sources/elements
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitebuild.base.markdown import Formula, scan
from sitebuild.base.markdown_blocks import CODE, FRONT
from sitebuild.base.problems import Problem, SiteError
from sitebuild.sources import elements
from sitebuild.sources.blocks import named

QUOTED = re.compile(rf"^\s*(?P<name>[\w/-]+)\s*:\s*(?P<value>{elements.PATTERN})\s*(?::(?P<format>[^{{}}]*?))?\s*$")
HEADING = re.compile(r"^(#{1,6})\s.*?(\{#[\w-]+\})?\s*$")
LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)")


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
    return {b.name for b in named(markdown, path, "snippet")} | {q.name for q in quotes(markdown, path)}


def picture_of(markdown: str, path: str) -> str:
    """The name of the snippet that draws the page's first figure, "" if none does: only a figure has a caption."""
    return next((block.name for block in named(markdown, path, "snippet") if block.caption), "")


def prose(markdown: str, *, code: bool = False) -> list[tuple[int, str]]:
    """The lines outside fenced blocks, each with its number; inline code is blanked unless `code` is asked for."""
    keep = (FRONT, CODE) if code else (FRONT,)
    lines = enumerate(scan(markdown).without(keep=keep).split("\n"), 1)
    return [(number, line) for number, line in lines if line.strip()]

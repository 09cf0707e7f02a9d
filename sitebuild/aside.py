"""Formulas and figures, put aside while others look at a page: they are nine tenths of its text, and neither Markdown
nor the search would change or index anything in them."""

from __future__ import annotations

import re

from . import formulas

# The elements stay, so that what is told of them (data-search-exclude) still is; what they hold goes. In a heading
# nothing does: its text becomes an entry of the table of contents.
HEAVY = re.compile(r"<(?P<name>bdi|svg)\b[^>]*>(?P<inside>.*?)(?=</(?P=name)>)", re.S)
HEADING = re.compile(r"^ *#.*", re.M)
MARK, END = "\ue000", "\ue001"  # of private use: no font, no language, no rule of Markdown knows them
MARKED = re.compile(f"{MARK}([0-9]+){END}")


def put(markdown: str) -> tuple[str, list[str]]:
    """The page with a mark in place of what each formula and figure holds, and what they hold, in order."""
    if MARK in markdown:  # an author's own: this page takes the long way
        return markdown, []
    headings = [match.span() for match in HEADING.finditer(markdown)]
    parts, out, at = [], [], 0
    for found in HEAVY.finditer(formulas.masked(markdown)):  # not what stands in code, which is to be read as it is
        if not any(start <= found.start() < end for start, end in headings):
            start, end = found.span("inside")
            out += [markdown[at:start], f"{MARK}{len(parts)}{END}"]
            parts.append(markdown[start:end])
            at = end
    return "".join(out) + markdown[at:], parts


def put_back(html: str, parts: list[str]) -> str:
    """The page with what was put aside where it belongs."""
    return MARKED.sub(lambda mark: parts[int(mark[1])], html) if parts else html

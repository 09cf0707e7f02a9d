"""Formulas and figures, put aside while others look at a page: they are nine tenths of its text, and neither Markdown
nor the search would change or index anything in them.

Figures leave as soon as a page is expanded, so that of the steps that follow each makes and keeps a copy of the rest
only. Formulas leave when MkDocs gets the page.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from . import formulas

# The elements stay, so that what is told of them (data-search-exclude) still is; what they hold goes. In a heading
# nothing does: its text becomes an entry of the table of contents.
HEAVY = re.compile(r"<(?P<name>bdi|svg)\b[^>]*>(?P<inside>.*?)(?=</(?P=name)>)", re.S)
HEADING = re.compile(r"^ *#.*", re.M)
# of private use: no font, no language, no rule of Markdown knows them
MARK, FIGURE, END = "\ue000", "\ue002", "\ue001"
MARKED = re.compile(f"{MARK}([0-9]+){END}")
FIGURES = re.compile(f"{FIGURE}([0-9]+){END}")
DRAWING = re.compile(r"<svg\b[^>]*>(?P<inside>.*?)(?=</svg>)", re.S)


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


class Figures:
    """What the figures of all pages hold. A mark means the same on each page, so text may go from one to another."""

    def __init__(self):
        self.held: list[bytes] = []  # compressed

    def put(self, markdown: str) -> str:
        """The page with a mark in place of what each figure holds. Raises ValueError if it has such marks itself."""
        if FIGURE in markdown:
            raise ValueError("the character U+E002 stands for a figure here: take another")
        out, at = [], 0
        for found in DRAWING.finditer(formulas.masked(markdown)):
            start, end = found.span("inside")
            out += [markdown[at:start], f"{FIGURE}{len(self.held)}{END}"]
            self.held.append(zlib.compress(markdown[start:end].encode(), 1))
            at = end
        return "".join(out) + markdown[at:]

    def put_back(self, text: str) -> str:
        return FIGURES.sub(lambda mark: zlib.decompress(self.held[int(mark[1])]).decode(), text)


class Whole(Mapping):
    """Pages by path, whole whenever one looks, though they are kept as `light`: without what their `figures` hold."""

    def __init__(self, light: Mapping[PurePosixPath, str], figures: Figures):
        self.light, self.figures = light, figures

    def __getitem__(self, path: PurePosixPath) -> str:
        return self.figures.put_back(self.light[path])

    def __iter__(self) -> Iterator[PurePosixPath]:
        return iter(self.light)

    def __len__(self) -> int:
        return len(self.light)

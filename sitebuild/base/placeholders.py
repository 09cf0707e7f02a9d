"""Formulas and figures, put aside as soon as they are made: they are nine tenths of a page's text, and no step before
the template would change or index anything in them.

Each is held once for the whole site. Where it belongs stands a mark, the same wherever it is used, so texts
may be compared, and go from one page to another, as they are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

# of private use: no font, no language, no rule of Markdown knows them
MARK, END = "\ue002", "\ue001"
MARKED = re.compile(f"{MARK}([0-9a-f]+){END}")


# for those who put nothing aside


def as_it_is(text: str) -> str:
    return text


class Shelf:
    """What was put aside, by the digest that stands in its mark."""

    def __init__(self):
        self.held: dict[str, str] = {}

    def put(self, text: str) -> str:
        """Put `text` aside: the mark that stands for it from now on."""
        name = _name(text)
        self.held.setdefault(name, text)
        return f"{MARK}{name}{END}"

    def put_drawing(self, svg: str) -> str:
        """Put aside what an <svg> element holds, with a mark in its place: what is said of the drawing stays."""
        start, closed, rest = svg.partition(">")
        return f"{start}{closed}{self.put(rest.removesuffix('</svg>'))}</svg>"

    def whole(self, text: str) -> str:
        """The text with all that was put aside where it belongs. What looks like a mark and is none stays."""
        return MARKED.sub(lambda mark: self.held.get(mark[1], mark[0]), text)


class Whole(Mapping):
    """Pages by path, whole whenever one looks, though they are kept as `light`: with marks, for what is on `shelf`."""

    def __init__(self, light: Mapping[PurePosixPath, str], shelf: Shelf):
        self.light, self.shelf = light, shelf

    def __getitem__(self, path: PurePosixPath) -> str:
        return self.shelf.whole(self.light[path])

    def __iter__(self) -> Iterator[PurePosixPath]:
        return iter(self.light)

    def __len__(self) -> int:
        return len(self.light)


def _name(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()

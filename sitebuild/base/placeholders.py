"""Formulas and figures, put aside as soon as they are made: they are nine tenths of a page's text, and no step before
the template would change or index anything in them.

Each is held once for the whole site, compressed. Where it belongs stands a mark, the same wherever it is used, so texts
may be compared, and go from one page to another, as they are.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

# of private use: no font, no language, no rule of Markdown knows them
MARK, END = "\ue002", "\ue001"
MARKED = re.compile(f"{MARK}([0-9a-f]+){END}")


class Drawing:
    """An <svg> element: its start tag, and what it holds, compressed: a large site has thousands."""

    __slots__ = ("start", "name", "data")

    def __init__(self, svg: str):
        start, closed, rest = svg.partition(">")
        self.start, inside = start + closed, rest.removesuffix("</svg>")
        self.name, self.data = _name(inside), zlib.compress(inside.encode(), 1)

    @property
    def svg(self) -> str:
        return f"{self.start}{zlib.decompress(self.data).decode()}</svg>"


# for those who put nothing aside


def as_it_is(text: str) -> str:
    return text


def in_place(drawing: Drawing) -> str:
    return drawing.svg


class Shelf:
    """What was put aside, by the digest that stands in its mark."""

    def __init__(self):
        self.held: dict[str, bytes] = {}  # compressed

    def put(self, text: str) -> str:
        """Put `text` aside: the mark that stands for it from now on."""
        name = _name(text)
        if name not in self.held:
            self.held[name] = zlib.compress(text.encode(), 1)
        return f"{MARK}{name}{END}"

    def put_drawing(self, drawing: Drawing) -> str:
        """Put aside what the drawing holds: its <svg> element with a mark inside. What is said of it stays."""
        self.held.setdefault(drawing.name, drawing.data)
        return f"{drawing.start}{MARK}{drawing.name}{END}</svg>"

    def whole(self, text: str) -> str:
        """The text with all that was put aside where it belongs. What looks like a mark and is none stays."""
        return MARKED.sub(lambda mark: self._back(mark[1]) if mark[1] in self.held else mark[0], text)

    def _back(self, name: str) -> str:
        return zlib.decompress(self.held[name]).decode()


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

"""The elements of an HTML text, or of the HTML in a Markdown page, and where each begins and ends; read by a parser."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(frozen=True)
class Element:
    """text[start:end] is the element, text[inner[0]:inner[1]] what it holds. One that is never closed holds nothing."""

    name: str
    attributes: dict[str, str]
    start: int
    end: int
    inner: tuple[int, int]

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class _Reader(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.found: list[Element] = []
        self.said: list[str] = []
        self._open: list[int] = []  # which of them are not closed
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.feed(text)
        self.close()

    def _at(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag, attrs):
        start, end = self._at(), self._at() + len(self.get_starttag_text())
        if tag not in VOID:
            self._open.append(len(self.found))
        self.found.append(Element(tag, {name: value or "" for name, value in attrs}, start, end, (end, end)))

    def handle_data(self, data):
        self.said.append(data)

    def handle_endtag(self, tag):
        if not any(self.found[number].name == tag for number in self._open):
            return
        while self.found[number := self._open.pop()].name != tag:
            pass
        start, element = self._at(), self.found[number]
        end = self._text.find(">", start) + 1 or len(self._text)
        self.found[number] = replace(element, end=end, inner=(element.inner[0], start))


def elements(text: str) -> list[Element]:
    """All elements of the text, in the order in which they begin."""
    return _Reader(text).found


def words(text: str) -> str:
    """What of the text is neither tag nor comment."""
    return "".join(_Reader(text).said)

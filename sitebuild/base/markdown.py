"""The one scanner of Markdown: what of a page is code, comment, heading, link, formula or placeholder, and where.

page = scan(text)
page.prose          the text with all that is not prose blanked; every position is the text's own
page.fences, page.headings, page.links, page.formulas, page.placeholders, page.spans
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sitebuild.base.markdown_blocks import CAPTIONED, FRONT, FRONT_MATTER, Fence, Heading, Reader, Span

# Display first; an inline formula neither begins nor ends with a space, and "$5 or $6" is none.
FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<display>.+?)\$\$|(?<![\\$])\$(?P<inline>[^\s$](?:[^$\n]*?[^\s$\\])?)\$(?!\d)", re.S
)
PLACEHOLDER = re.compile(r"(?<!\\)\{\{(?P<body>(?:(?!\n[ \t>]*\n).)*?)\}\}", re.S)
LINK = re.compile(
    r"(?<!\\)\]\(\s*(?:<(?P<bracketed>[^<>\n]*)>|(?P<target>(?:[^()\s]|\([^()\s]*\))+))[^)]*\)"
    r"|^[> ]*\[[^\]\n]+\]:[ ]+(?:<(?P<defined_bracketed>[^<>\n]*)>|(?P<defined>\S+))",
    re.M,
)
# where a $ is part of an address, or of what a tag says
ADDRESS = re.compile(
    r"""https?://[!#-;=?-_a-z{-~]+|<[A-Za-z][\w:-]*(?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`$]+))?)+\s*/?>"""
)
ATTRIBUTE_ID = re.compile(r"\{:?(?:[^{}]*\s)?#([\w-]+)[^{}]*\}")
# what holds no words: a tag, a list of attributes, an address
MARKUP = re.compile(r"""</?[A-Za-z](?:"[^"]*"|'[^']*'|[^<>"'])*>|\{[^}]*\}|https?://\S+""")


@dataclass(frozen=True)
class Link(Span):
    """Where a link, an image or a definition (`[name]: target`) leads: text[start:end] is the target."""

    target: str


@dataclass(frozen=True)
class Formula(Span):
    """LaTeX between $…$ or $$…$$; not `closed`: a $$ that finds no other in its paragraph."""

    latex: str
    display: bool
    closed: bool = True


@dataclass(frozen=True)
class Placeholder(Span):
    """{{ body }}; not `closed`: a {{ that finds no }} in its paragraph."""

    body: str
    closed: bool = True


class Page:
    """A page that has been scanned. `spans`: all that is not prose, in order; fences are among them."""

    def __init__(self, text: str):
        reader = Reader(text)
        reader.read()
        self.text, self._starts = text, reader.starts
        self.spans: tuple[Span, ...] = tuple(reader.spans)
        self.headings: tuple[Heading, ...] = tuple(reader.headings)
        self.fences = tuple(span for span in self.spans if isinstance(span, Fence))

    @cached_property
    def front_matter(self) -> str:
        """What stands between the lines `---` at the top; "" where there are none."""
        found = FRONT_MATTER.match(self.text)
        return found[1] if found else ""

    @property
    def body_start(self) -> int:
        """Where the page begins below its front matter."""
        return self.spans[0].end if self.spans and self.spans[0].kind == FRONT else 0

    @cached_property
    def prose(self) -> str:
        return self.without()

    def without(self, *, keep: tuple[str, ...] = ()) -> str:
        """The text with all that is not prose blanked, but for the kinds to `keep`."""
        return _blanked(self.text, [part for span in self.spans if span.kind not in keep for part in _hidden(span)])

    def line_of(self, position: int) -> int:
        return bisect_right(self._starts, position)

    @cached_property
    def formulas(self) -> tuple[Formula, ...]:
        found = []
        addresses = [match.span() for match in ADDRESS.finditer(self.prose)]
        addresses += [(link.start, link.end) for link in self.links]
        prose = _blanked(self.prose, addresses)
        for match in FORMULA.finditer(prose):
            display = match["display"] is not None
            latex = self.prose[slice(*match.span("display" if display else "inline"))].strip()
            found.append(Formula("formula", *self._place(match), latex, display, "\n\n" not in match[0]))
        rest = _blanked(prose, [(one.start, one.end) for one in found])
        if lost := re.search(r"(?<!\\)\$\$", rest):
            found.append(Formula("formula", *self._place(lost), "$$", True, closed=False))
        return tuple(found)

    @cached_property
    def escaped_dollars(self) -> tuple[Span, ...]:
        """Where prose says `\\$`: Python-Markdown would show the backslash."""
        rest = _blanked(self.prose, [(one.start, one.end) for one in self.formulas])
        return tuple(Span("escape", *self._place(match)) for match in re.finditer(r"\\\$", rest))

    @cached_property
    def placeholders(self) -> tuple[Placeholder, ...]:
        found = [
            Placeholder("placeholder", *self._place(match), match["body"]) for match in PLACEHOLDER.finditer(self.prose)
        ]
        taken = [(one.start, one.end) for one in (*found, *(f for f in self.formulas if f.closed))]
        lost = re.finditer(r"(?<!\\)\{\{", _blanked(self.prose, taken))
        found += [Placeholder("placeholder", *self._place(match), "", closed=False) for match in lost]
        return tuple(sorted(found, key=lambda one: one.start))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        found = []
        for match in LINK.finditer(self.prose):
            start, end = match.span(match.lastgroup)
            found.append(Link("link", start, end, self.line_of(match.start()), match[match.lastgroup]))
        return tuple(found)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids that lists of attributes give: `{#id}`."""
        return frozenset(ATTRIBUTE_ID.findall(self.prose))

    @cached_property
    def words(self) -> str:
        """The prose without formulas, placeholders and markup: each of their characters is a NUL, so that no word
        goes on behind them."""
        parts = [(one.start, one.end) for one in (*self.formulas, *self.placeholders)]
        parts += [match.span() for match in LINK.finditer(self.prose)]
        bare = _blanked(self.prose, parts, "\0")
        return _blanked(bare, [match.span() for match in MARKUP.finditer(bare)], "\0")

    def _place(self, match: re.Match) -> tuple[int, int, int]:
        return match.start(), match.end(), self.line_of(match.start())


@lru_cache(4096)  # each page is asked for several purposes, and in a preview again and again
def scan(text: str) -> Page:
    return Page(text)


def replace(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """The text with text[start:end] replaced by what is given for it; what lies inside another change is gone."""
    out, at = [], 0
    for start, end, new in sorted(changes):
        if start >= at:
            out += [text[at:start], new]
            at = end
    return "".join(out) + text[at:]


def _hidden(span: Span) -> list[tuple[int, int]]:
    """What of a span is no prose: all of it, but for the caption that some fences hold."""
    if isinstance(span, Fence) and span.named in CAPTIONED:
        return [(span.start, span.inner[0]), (span.inner[1], span.end)]
    return [(span.start, span.end)]


def _blanked(text: str, parts: list[tuple[int, int]], blank: str = " ") -> str:
    """The text with these parts overwritten by blanks, its line breaks kept."""
    out, at = [], 0
    for start, end in sorted(parts):
        start = max(start, at)
        if end > start:
            out += [text[at:start], re.sub(r"[^\n]", blank, text[start:end])]
            at = end
    return "".join(out) + text[at:]

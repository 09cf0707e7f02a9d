"""Goes through a Markdown page line by line and notes what is not prose, and the headings. For base/markdown alone.

It decides as Python-Markdown does with this site's extensions: a list item or a box holds what is indented by
four columns, a quote what follows `>`; a fence (superfences) stands at any depth and is closed by the very marks that
opened it; what is indented by four columns more than its surroundings is code.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

CAPTIONED = ("snippet", "diagram", "figure", "explorable")  # the fences whose body is a caption: prose
WIDTH = 4  # columns by which Python-Markdown indents what a list item or a box holds
LIST, BOX, QUOTE = "list", "box", "quote"
FRONT, FENCE, INDENTED, CODE, RAW, COMMENT = "front matter", "fence", "indented code", "code", "raw", "comment"

FRONT_MATTER = re.compile(r"-{3}[ \t]*\n(.*?\n)(?:-{3}|\.{3})[ \t]*(?:\n|\Z)", re.S)
OPENING = re.compile(r"(?P<prefix>[> ]*)(?P<marks>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)")
ITEM = re.compile(r" {0,3}(?:[*+-]|\d+\.) +")
IN_QUOTE = re.compile(r" {0,3}> ?")
BOXED = re.compile(
    r'!!! ?[\w-]+(?: +[\w-]+)*(?: +".*?")? *$|\?{3}\+? ?(?:(?:[\w-]+(?: +[\w-]+)*)?(?: +".*?")|[\w-]+(?: +[\w-]+)*) *$'
)
ATX = re.compile(r"(#{1,6})(.*?)#* *$")
UNDERLINE = re.compile(r"(?:=+|-+) *$")
ATTRIBUTES = re.compile(r"(?:^| +)\{:? *([^{}]*)\} *$")
ID = re.compile(r"(?:^| )#([\w-]+)")
# Below a rule, an underline, a line of HTML, a definition, a block begins without a blank line.
APART = re.compile(r" {0,3}(?:</?[a-z!]|\[[^\]]*\]: |(?:[-*_] {0,2}){3,}$)|[=-]+ *$", re.I)
# Where a paragraph ends before a blank line does it: at the paragraph's own indentation, or at any.
ENDS = re.compile(r"#{1,6}|!!!|\?{3}| {0,3}(?:(?:-+ {0,2}){3,}|(?:_+ {0,2}){3,}|(?:\*+ {0,2}){3,}) *$")
ENDS_ANYWHERE = re.compile(r"[> ]*(?:`{3,}[^`]*$|~{3}|\||$)")
INLINE = re.compile(r"\\.|(?P<marks>`+)|(?P<comment><!--)|<(?P<raw>pre|script|style)\b", re.I | re.S)
CODE_SPAN = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)", re.S)


@dataclass(frozen=True)
class Span:
    """A part of a page: text[start:end], which begins on `line` (1-based)."""

    kind: str
    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Fence(Span):
    """A fenced block, whole lines. `prefix`: indentation and quote marks before it; `body`: what it holds, without."""

    prefix: str
    marks: str
    info: str
    body: str
    inner: tuple[int, int]  # where its lines between the marks begin and end
    last: int  # its last line
    closed: bool

    @property
    def named(self) -> str:
        """The first word of the info string: the language, or the kind of block."""
        return self.info.strip().partition(" ")[0]


@dataclass(frozen=True)
class Heading(Span):
    """A heading, in its own line or underlined. `text` is without its attribute list, `id` from it ("" if none);
    `nested`: it stands in a list, a box or a quote."""

    level: int
    text: str
    id: str
    nested: bool


class Reader:
    """Goes through a page once, line by line, and notes what is not prose, and the headings."""

    def __init__(self, text: str):
        self.text, self.lines = text, [line.rstrip("\r").expandtabs(WIDTH) for line in text.split("\n")]
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.spans: list[Span] = []
        self.headings: list[Heading] = []
        self.within: list[str] = []  # the lists, boxes and quotes that the line stands in, the outermost first
        self.fresh = True  # a block begins here: nothing above belongs to it
        self.opened = -1  # the line that the paragraph above begins with
        self.around: list[str] = []  # what has marks or indentation on each line of that paragraph

    def read(self) -> None:
        front = FRONT_MATTER.match(self.text)
        number = 0
        if front:
            self.spans.append(Span(FRONT, 0, front.end(), 1))
            number = bisect_right(self.starts, front.end() - 1)
        while number < len(self.lines):
            number = self.read_line(number)

    def read_line(self, number: int) -> int:
        """Note what begins on this line; the number of the line to go on with."""
        rest = self.held(self.lines[number])
        if not rest.strip():
            self.fresh = True
            return number + 1
        fresh, held = self.fresh, list(self.within)
        rest, code = self.entered(rest)
        if fresh or self.within != held:
            self.around = held + [kind for kind in self.within[len(held) :] if kind == QUOTE]
        if code:
            self.spans.append(Span(INDENTED, self.starts[number], self.end(number), number + 1))
            self.fresh = True
            return number + 1
        if opening := OPENING.match(self.lines[number]):
            self.fresh = False
            return self.read_fence(number, opening)
        after = self.read_inline(number, alone=self.read_heading(number, rest))
        if self.fresh:
            self.opened = number
        self.fresh = after == number + 1 and bool(APART.match(rest) or ATX.match(rest) or BOXED.match(rest))
        return after

    def end(self, number: int) -> int:
        """Where a line ends, its line break not counted."""
        return self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.text)

    def held(self, line: str) -> str:
        """The line without the indentation and the quote marks by which it belongs to what is open; the rest closes."""
        for depth, kind in enumerate(self.within):
            inside = IN_QUOTE.match(line) if kind == QUOTE else re.match(" {4}", line)
            if inside:
                line = line[inside.end() :]
            elif not line.strip():
                return ""
            else:
                self.left = self.within[depth:]
                keeps = not self.fresh and BOX not in self.left and not ITEM.match(line)
                self.within = self.within if keeps else self.within[:depth]
                return line
        self.left = []
        return line

    def entered(self, rest: str) -> tuple[str, bool]:
        """The line without the marks that open a list item, a box or a quote; whether what is left is code."""
        sibling = LIST in (*self.left[:1], *self.within[-1:])
        while True:
            if self.fresh and rest.startswith(" " * WIDTH):
                return rest, True
            if inside := IN_QUOTE.match(rest):
                kind = QUOTE
            elif (inside := ITEM.match(rest)) and (self.fresh or sibling):
                kind = LIST
            else:
                break
            self.within.append(kind)
            self.fresh = True
            rest = rest[inside.end() :]
        if BOXED.match(rest):
            self.within.append(BOX)
        return rest, False

    def read_heading(self, number: int, rest: str) -> bool:
        """Note the heading that this line is, or underlines. Says whether the line is a heading by itself."""
        at = number
        found = ATX.match(rest)
        level, text = (len(found[1]), found[2]) if found else (0, "")
        if not found and UNDERLINE.match(rest) and self.opened == number - 1 and not self.fresh:
            at, level, text = number - 1, 1 if rest[0] == "=" else 2, self.lines[number - 1]
        if level:
            listed = ATTRIBUTES.search(text)
            named = ID.search(listed[1]) if listed else None
            text = text[: listed.start()] if listed else text
            place = self.starts[at], self.end(number), at + 1
            id, nested = named[1] if named else "", bool(self.within)
            self.headings.append(Heading("heading", *place, level, text.strip(), id, nested))
        return bool(found)

    def read_fence(self, first: int, opening: re.Match) -> int:
        """Note the fenced block whose first line is this; the number of the line below it."""
        width, depth = len(opening["prefix"]), opening["prefix"].count(">")
        blank, closed, number = False, False, first
        body = []
        while number + 1 < len(self.lines) and not closed:
            number += 1
            line = self.lines[number]
            begin = re.match("[> ]*", line[:width]).end()
            quoted, content = line[:begin].count(">"), line[begin:]
            if not (content if depth else line.strip()):
                blank = True
            elif quoted > depth or begin < width or (blank and quoted < depth):
                break  # this line stands outside, the fence is never closed
            elif content.rstrip() == opening["marks"]:
                closed = True
                break
            else:
                blank = False
            body.append(content)
        inner = self.starts[min(first + 1, len(self.lines) - 1)], self.starts[number]
        if not closed:
            inner = inner[0], self.end(number)
        prefix = re.match(r"[> \t]*", self.text[self.starts[first] : self.end(first)])[0]
        place = self.starts[first], self.end(number), first + 1
        marks, info = opening["marks"], opening["info"]
        fence = Fence(FENCE, *place, prefix, marks, info, "\n".join(body), inner, number + 1, closed)
        self.spans.append(fence)
        if fence.named in CAPTIONED:
            below = first + 1
            while below < number:
                below = self.read_inline(below)
        return number + 1

    def read_inline(self, number: int, alone: bool = False) -> int:
        """Note code, comments and raw HTML that begin on this line; the number of the line below the last of them."""
        at, end = self.starts[number], self.end(number)
        while match := INLINE.search(self.text, at, end):
            at, kind = match.end(), ""
            if match["marks"]:
                limit = end if alone else self.end_of_paragraph(number)
                if code := CODE_SPAN.match(self.text, match.start(), limit):
                    kind, at = CODE, code.end()
            elif match["comment"]:
                closing = self.text.find("-->", at)
                if closing >= 0:
                    kind, at = COMMENT, closing + 3
            elif match["raw"]:
                closing = re.compile(rf"</{match['raw']}\s*>", re.I).search(self.text, at)
                if closing:
                    kind, at = RAW, closing.end()
            if kind:
                line = bisect_right(self.starts, match.start())
                self.spans.append(Span(kind, match.start(), at, line))
                number = bisect_right(self.starts, max(at - 1, 0)) - 1
                end = self.end(number)
        return number + 1

    def end_of_paragraph(self, number: int) -> int:
        """Where the paragraph ends that this line belongs to."""
        if self.lines[number].lstrip("> ").startswith("|"):
            return self.end(number)
        in_list, first = LIST in self.within, number == self.opened or self.fresh
        while number + 1 < len(self.lines):
            below = self.lines[number + 1]
            if ENDS_ANYWHERE.match(below) or (in_list and ITEM.match(below.lstrip("> "))):
                break
            if QUOTE not in self.within and below.lstrip().startswith(">"):
                break
            rest = self.in_paragraph(below)
            if ENDS.match(rest) or (first and UNDERLINE.match(rest)):
                break
            number, first = number + 1, False
        return self.end(number)

    def in_paragraph(self, line: str) -> str:
        """A line of the paragraph without the marks and the indentation of what it stands in."""
        for kind in self.around:
            inside = IN_QUOTE.match(line) if kind == QUOTE else re.match(" {4}", line)
            if not inside:
                break
            line = line[inside.end() :]
        return line

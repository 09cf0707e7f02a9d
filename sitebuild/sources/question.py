"""Questions as authors write them, and the blocks that show them on other pages.

A question is a heading with an id that begins with `q-`; the id is the question's name for ever. The block below
it is the short answer (an answer box, or one paragraph), all that follows up to the next heading is the rest:

    ### Why is the sigmoid used for the gates? {#q-sigmoid-gates}

    **Because a gate is a share: it has to lie between 0 and 1.**

    The paragraph that explains, with a link to [where it is measured](../lstm/activations.md).

Another page shows them with a block of its own:

    ```answer interview/questions.md#q-lstm      ```cards interview/questions.md interview/follow-ups.md
    ```                                          ```
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from sitebuild.base.markdown import Page, scan
from sitebuild.base.markdown_blocks import Heading
from sitebuild.base.problems import Problem, SiteError
from sitebuild.base.words import Words

BOX = re.compile(r"(?:!!!|\?\?\?\+?) ")


@dataclass(frozen=True)
class Card:
    """One question. `answer` and `more` are Markdown, links relative to `page`; `line` is for messages."""

    id: str
    question: str
    answer: str
    more: str
    page: PurePosixPath
    line: int


def read(text: str, page: PurePosixPath, source: str, words: Words) -> list[Card]:
    """The questions of one page, in order. Raises SiteError for a question without an answer, or named twice."""
    scanned = scan(text)
    headings = [heading for heading in scanned.headings if not heading.nested]
    cards, problems, seen = [], [], {}
    for heading in scanned.headings:
        if heading.nested and _asks(heading):
            reason = f"the question {heading.id} stands in a list, a box or a quote: it would be on no card"
            problems.append(Problem(source, heading.line, reason))
    ends = [heading.start for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=False):
        if not _asks(heading):
            continue
        answer, more = _parts(text[heading.end : end].strip("\n"), words["box.read_on"])
        if not answer:
            problems.append(Problem(source, heading.line, f"the question {heading.id} has no answer below it"))
        if heading.id in seen:
            reason = f"the name {heading.id} is taken, see line {seen[heading.id]}: a deck would lose one of the two"
            problems.append(Problem(source, heading.line, reason))
        seen[heading.id] = heading.line
        cards.append(Card(heading.id, heading.text, answer, more, page, heading.line))
    if problems:
        raise SiteError(problems)
    return cards


def _asks(heading: Heading) -> bool:
    return heading.level > 1 and heading.id.startswith("q-")


def _parts(body: str, read_on: str) -> tuple[str, str]:
    """The short answer, out of its box if it stands in one, and the rest up to a box or a note like "Read on"."""
    end = _end_of_box(body) if BOX.match(body) else _end_of_paragraph(scan(body))
    first, rest = body[:end], body[end:].strip("\n")
    if BOX.match(first):
        first = "\n".join(re.sub(r"^(?: {4}|\t)", "", line) for line in first.split("\n")[1:])
    over = re.search(rf"^(?:!!!|\?\?\?) |^\*\*{re.escape(read_on)}", scan(rest).prose, re.M)
    return first.strip("\n"), rest[: over.start() if over else len(rest)].strip("\n")


def _end_of_box(body: str) -> int:
    end = re.search(r"\n(?![ \t\n])", body)
    return end.start() if end else len(body)


def _end_of_paragraph(scanned: Page) -> int:
    """Where the first blank line is that stands in no code."""
    inside = [(span.start, span.end) for span in scanned.spans]
    for blank in re.finditer(r"\n[ \t]*\n", scanned.text):
        if not any(start < blank.start() < end for start, end in inside):
            return blank.start()
    return len(scanned.text)

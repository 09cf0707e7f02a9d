"""The kinds of blocks that a page may hold, and how each is read.

```snippet rnn/spectral.py              ```answer interview/questions.md#q-lstm
The caption (also the alt text).        ```
```

A block is a fence whose first word names its kind. What becomes of it, pages/expand says, by kind.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from sitebuild.base.markdown import scan
from sitebuild.base.markdown_blocks import CAPTIONED, CODE, INDENTED, Fence, Span
from sitebuild.base.problems import Problem, SiteError


@dataclass(frozen=True)
class Kind:
    """One kind of block. `argument` is what follows its name, `form` how an author is told of that; one that is `alone`
    stands in no list or box. A kind with a caption holds it; every other holds nothing."""

    name: str
    argument: str
    form: str
    alone: bool = False


TAB = re.compile(r"^[> ]*===[!+]* +\"", re.M)
NO_TABS = 'this site knows no tabs (=== "…"): use a box (??? note "…") or headings'
PAGES = r"[\w./-]+\.md(#[\w-]+)?"
DRAWN = ("snippet", "figure", "explorable")  # the kinds that show what a program draws
KINDS = {
    kind.name: kind
    for kind in (
        Kind("snippet", r"[\w/-]+\.py( open)?", "a program: folder/name.py, and open if it shall not be folded"),
        Kind("diagram", r"[\w/-]+\.svg", "a drawing: folder/name.svg"),
        Kind("figure", r"[\w/-]+\.py", "the program that draws it: folder/name.py"),
        Kind("explorable", r"[\w-]+ [\w/-]+\.py", "a script, then a program: name folder/name.py"),
        Kind("answer", PAGES, "a page, as in interview/questions.md", alone=True),
        Kind("cards", rf"{PAGES}( {PAGES})*", "a page, as in interview/questions.md", alone=True),
        Kind("table", r"[\w-]+", "a table of docs/tables, as in building-peers"),
    )
}


@dataclass(frozen=True)
class Block:
    """One block of a page: `argument` as it is written, `caption` on one line, `fence` where it stands."""

    kind: str
    argument: str
    caption: str
    fence: Fence

    @property
    def name(self) -> str:
        """The file of snippets/ that it shows, without its ending."""
        return next((word for word in self.argument.split() if "." in word), "").rpartition(".")[0]

    @property
    def line(self) -> int:
        return self.fence.line


def named(markdown: str, path: str, *kinds: str) -> list[Block]:
    """The blocks of these kinds. Raises SiteError, see `blocks`."""
    return [block for block in blocks(markdown, path) if block.kind in kinds]


@lru_cache(maxsize=4096)
def blocks(markdown: str, path: str) -> tuple[Block, ...]:
    """All blocks of a page, in order. Raises SiteError with each that is malformed, or would be published as it is
    though it looks like a block or a program."""
    found, problems = [], []
    scanned = scan(markdown)
    for fence in scanned.fences:
        name, _, argument = fence.info.strip(" ").partition(" ")
        reason = ""
        if not fence.closed:
            reason = f"the block {fence.marks}{fence.info.strip(' ')} is never closed"
        elif name in KINDS:
            reason = _malformed(KINDS[name], argument, fence)
            caption = " ".join(line.strip() for line in fence.body.split("\n")).strip()
            found.append(Block(name, " ".join(argument.split()), caption, fence))
        else:
            reason = _mistaken(fence.info.strip(" "))
        if reason:
            problems.append(Problem(path, fence.line, reason))
    problems += [Problem(path, scanned.line_of(tab.start()), NO_TABS) for tab in TAB.finditer(scanned.prose)]
    for span in scanned.spans:
        if reason := _missed(span, markdown[span.start : span.end]):
            problems.append(Problem(path, span.line, reason))
    if problems:
        raise SiteError(problems)
    return tuple(found)


def _malformed(kind: Kind, argument: str, fence: Fence) -> str:
    """What is wrong with a block of this kind; else ""."""
    if ">" in fence.prefix or (kind.alone and fence.prefix):
        return f"a ```{kind.name} block does not stand in a {'list, box or ' if kind.alone else ''}quote"
    if not re.fullmatch(kind.argument, " ".join(argument.split())):
        return f"a ```{kind.name} block names {kind.form}, not {argument.strip()!r}"
    if kind.name not in CAPTIONED and (fence.body or fence.last != fence.line + 1):
        return f"a ```{kind.name} block holds nothing and is closed on the next line"
    return ""


def _mistaken(info: str) -> str:
    """What is wrong with a fence that looks like a block of ours, or like a program that nobody runs; else ""."""
    plain = unicodedata.normalize("NFKC", info).casefold()
    listed = re.match(r".*?\{[^}]*?\.([\w-]+)", plain) or re.match(r"[\W_]*([\w-]+)", plain)
    word = listed[1] if listed else ""
    if word.startswith(("py", "ipython")):
        reason = "a Python program belongs in snippets/ and onto the page as a ```snippet block"
        return reason if info == "python" else f"{reason}; and pytest-codeblocks would skip the fence {info!r}"
    near = difflib.get_close_matches(word, KINDS, 1, 0.8)
    if not near:
        return ""
    argument = plain[listed.end() :].strip(" :}")
    return f"the fence {info!r} is no block of this site; the nearest is ```{f'{near[0]} {argument}'.strip()}"


def _missed(span: Span, text: str) -> str:
    """What is wrong with a block or program that Markdown takes for indented code, or for a code span; else ""."""
    opening = re.match(r"[> \t]*(?:`{3,}|~{3,})(.+)", text.split("\n")[0])
    if not opening or not (span.kind == INDENTED or (span.kind == CODE and "\n" in text)):
        return ""
    info = opening[1].strip()
    if not _mistaken(info) and info.partition(" ")[0] not in KINDS:
        return ""
    return f"a ``` block begins on a line of its own, indented like the text around it: here {info!r} is code"

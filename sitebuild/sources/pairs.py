"""What the two pages of a pair, the Chinese and the English one, must share, and where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from sitebuild.base.markdown import scan
from sitebuild.base.problems import Problem
from sitebuild.sources import page
from sitebuild.sources.blocks import KINDS, named

# what each language writes in its own words, inside a formula
WORDS = re.compile(r"\\text\{[^{}]*\}")


def outline(markdown: str, path: str) -> dict[str, list[tuple[str, int]]]:
    """What a page must share with its twin, each item with its line: headings, blocks, values, equations, links.

    Word order differs between languages, and how often a symbol is named: those are given as sorted sets.
    """
    scanned = scan(markdown)
    headings = [("#" * one.level + (f"{{#{one.id}}}" if one.id else ""), one.line) for one in scanned.headings]
    display, inline = [], set()
    for formula in page.formulas(markdown, path):
        bare = " ".join(WORDS.sub(r"\\text{…}", formula.latex).split())
        if formula.display:
            display.append((bare, formula.line))
        else:
            inline.add((bare, formula.line))
    values = sorted((f"{q.name}:{q.value}:{q.format}", q.line) for q in page.quotes(markdown, path))
    links = [
        (link.target.split("#")[0], link.line)
        for link in scanned.links
        if ".md" in link.target and not link.target.startswith("http")
    ]
    shown = {
        f"{kind.removesuffix('s')}s": [(block.argument, block.line) for block in named(markdown, path, kind)]
        for kind in KINDS
    }
    return {
        "headings' levels": headings, **shown, "quoted values": values, "equations": display,
        "inline formulas": _first_of_each(inline), "links": _first_of_each(links),
    }  # fmt: skip


def _first_of_each(items: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Each item once, sorted, with the first line it stands on."""
    lines: dict[str, int] = {}
    for item, line in sorted(items):
        lines.setdefault(item, line)
    return sorted(lines.items())


def compare(chinese: str, english: str, path: PurePosixPath, folder: str) -> list[Problem]:
    """How the two pages of a pair differ in what they must share. Problems name the page that lacks something."""
    paths = {lang: f"{folder}/{lang}/{path}" for lang in ("zh", "en")}
    zh, en = outline(chinese, paths["zh"]), outline(english, paths["en"])
    problems = []
    for what in zh:
        ours, theirs = [item for item, _ in zh[what]], [item for item, _ in en[what]]
        if ours == theirs:
            continue
        differ = (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b)
        at = next(differ, min(len(ours), len(theirs)))
        here, line = zh[what][at] if at < len(ours) else ("nothing", 0)
        there, other = en[what][at] if at < len(theirs) else ("nothing", 0)
        reason = f"{what} differ from {paths['en']}:{other}: here {here!r}, there {there!r}"
        problems.append(Problem(paths["zh"], line, reason))
    return problems

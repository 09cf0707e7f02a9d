"""Tables that a tool or a benchmark wrote. A page shows one with a block that holds nothing:

    ```table building-peers
    ```

In its place stands what docs/tables/building-peers.zh.md holds, on an English page building-peers.en.md. What else is
in that folder the site publishes as it is, in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from sitebuild import LANGS
from sitebuild.base.markdown import replace, scan
from sitebuild.base.markdown_blocks import Fence
from sitebuild.base.problems import Problem, SiteError

FOLDER = "tables"  # below docs/


def read(docs: Path) -> dict[tuple[str, str], str]:
    """Every table by (name, language)."""
    found = {(file.stem, lang): file for lang in LANGS for file in sorted((docs / FOLDER).glob(f"*.{lang}.md"))}
    return {(stem.removesuffix(f".{lang}"), lang): file.read_text("utf-8") for (stem, lang), file in found.items()}


def published(docs: Path) -> dict[PurePosixPath, Path]:
    """The files beside the tables, by their path in the site."""
    return {PurePosixPath(file.name): file for file in sorted((docs / FOLDER).glob("*")) if file.suffix != ".md"}


def shows(markdown: str, source: str) -> list[tuple[str, Fence]]:
    """The tables that a page shows, each with its block. Raises SiteError for blocks that are ill-formed."""
    words = [(fence.info.split(), fence) for fence in scan(markdown).fences]
    blocks = [(info[1:], fence) for info, fence in words if info[:1] == ["table"]]
    reason = "a ```table block says which, and holds nothing: ```table name"
    wrong = [fence for name, fence in blocks if len(name) != 1 or fence.body.strip()]
    if wrong:
        raise SiteError(Problem(source, fence.line, reason) for fence in wrong)
    return [(name[0], fence) for name, fence in blocks]


def missing(markdown: str, lang: str, source: str, tables: Mapping[tuple[str, str], str]) -> list[Problem]:
    """The blocks whose table nobody has written."""
    lost = [(name, fence) for name, fence in shows(markdown, source) if (name, lang) not in tables]
    return [Problem(source, fence.line, f"there is no docs/{FOLDER}/{name}.{lang}.md") for name, fence in lost]


def fill(markdown: str, lang: str, tables: Mapping[tuple[str, str], str]) -> str:
    """The page with its tables, where somebody has written them."""
    found = [(fence, tables.get((name, lang))) for name, fence in shows(markdown, "")]
    return replace(markdown, [(fence, table.rstrip("\n")) for fence, table in found if table is not None])

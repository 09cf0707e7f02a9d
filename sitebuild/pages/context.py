"""What the blocks of a page are made of, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sitebuild.base.words import Words
from sitebuild.programs.results import Result
from sitebuild.sources.diagram import Diagram
from sitebuild.sources.project import Sources
from sitebuild.sources.question import Card


@dataclass(frozen=True)
class Context:
    """What the blocks of one language's pages are made of.

    `cards`: the questions of each page; `runs` says that the site has what runs a program in a browser.
    """

    words: Words
    sources: Sources
    results: Mapping[tuple[str, str], Result]
    cards: Mapping[PurePosixPath, list[Card]] = field(default_factory=dict)
    runs: bool = False

    @property
    def lang(self) -> str:
        return self.words.lang

    def diagram(self, name: str) -> Diagram:
        """Raises LookupError if there is none of that name."""
        if name not in self.sources.diagrams:
            raise LookupError(f"there is no diagram {name}.svg")
        return self.sources.diagrams[name]


@dataclass(frozen=True)
class Place:
    """Where a block stands: its page's path below the language's folder, and the page's Markdown."""

    path: PurePosixPath
    markdown: str

    @property
    def root(self) -> str:
        """What leads from the page's folder to the language's first: "../"."""
        return "../" * (len(self.path.parts) - 1)

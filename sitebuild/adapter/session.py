"""What the parts of one `mkdocs build` or `mkdocs serve` share.

MkDocs loads the hook file anew for each configuration and on every rebuild; this module is imported once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation

from sitebuild.adapter.second_language import Twin
from sitebuild.adapter.warnings import Collector
from sitebuild.build import Pages
from sitebuild.finish.search import Cutter
from sitebuild.pages.placeholders import Shelf


@dataclass(frozen=True)
class Built:
    """What MkDocs made of one language in its last whole build."""

    config: MkDocsConfig
    files: Files
    env: jinja2.Environment
    nav: Navigation


@dataclass
class Session:
    """`target` is where the site belongs, `building` where it grows; both None under `mkdocs serve`."""

    serving: bool = False
    home: str = ""
    target: Path | None = None
    building: Path | None = None
    pages: Pages | None = None
    collector: Collector | None = None
    nav: Navigation | None = None
    built: dict[str, Built] = field(default_factory=dict)  # by language
    shelf: Shelf = field(default_factory=Shelf)
    cutter: Cutter | None = None
    # other processes' work, while this one builds the Chinese site
    english: Twin | None = None
    pruner: Popen | None = None


session = Session()

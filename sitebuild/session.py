"""What the parts of one `mkdocs build` or `mkdocs serve` share.

MkDocs loads the hook file anew for each configuration and on every rebuild; this module is imported once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .staging import Pages
from .warnings_of_mkdocs import Collector


@dataclass
class Session:
    """`target` is where the site belongs, `building` where it grows; both None under `mkdocs serve`."""

    serving: bool = False
    home: str = ""
    target: Path | None = None
    building: Path | None = None
    pages: Pages | None = None
    collector: Collector | None = None


session = Session()

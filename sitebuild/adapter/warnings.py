"""MkDocs's warnings (dead links and anchors, pages outside the navigation) as problems with file and line."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from sitebuild.base import files
from sitebuild.base.html_elements import elements
from sitebuild.base.markdown import scan
from sitebuild.base.problems import Problem, shown


class Collector(logging.Handler):
    """Collects what MkDocs warns of. `docs` is the folder of the pages that are being built."""

    def __init__(self, root: Path):
        super().__init__(logging.WARNING)
        self.root, self.docs, self.problems = root, root, []

    def attach(self, logger: logging.Logger) -> None:
        """Listen to `logger`, also where --quiet has muted its warnings: they stay muted for everyone else."""
        for handler in logger.handlers:
            handler.setLevel(max(handler.level, logger.level))
        logger.setLevel(min(logger.level, logging.WARNING))
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        found = re.match(r"Doc file '([^']+)' contains an? [\w ]*?link '([^']*)',? ?(.*)", message, re.S)
        if not found:
            self.problems.append(Problem("mkdocs.yml", 0, message))
            return
        page, link, reason = found.groups()
        file = self.docs / page
        self.problems.append(Problem(shown(file, self.root), line_of(file, link), f"dead link {link!r}: {reason}"))


def line_of(file: Path, link: str) -> int:
    """The first line of a page that links to `link`; 0 if none does."""
    if not file.is_file():
        return 0
    page = scan(files.read(file, str(file)))
    leading = [one.line for one in page.links if one.target == link]
    leading += [
        page.line_of(one.start) for one in elements(page.prose) if link in map(one.attributes.get, ("href", "src"))
    ]
    return min(leading, default=0)

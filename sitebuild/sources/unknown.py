"""Marks of Markdown that this site's extensions do not know: they would be published as they are."""

from __future__ import annotations

import re

from sitebuild.base.markdown import scan
from sitebuild.base.problems import Problem, SiteError

TAB = re.compile(r"(?m)^[> ]*===[!+]* +\"")


def refuse(text: str, source: str) -> None:
    """Raises SiteError with each tab of a page: pymdownx.tabbed is not among the extensions of mkdocs.yml."""
    scanned = scan(text)
    reason = 'this site knows no tabs (=== "…"): use a box (??? note "…") or headings'
    problems = [Problem(source, scanned.line_of(tab.start()), reason) for tab in TAB.finditer(scanned.prose)]
    if problems:
        raise SiteError(problems)

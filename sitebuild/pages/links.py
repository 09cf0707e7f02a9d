"""Links of a text that moves: to another page, into a notebook or a deck."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from sitebuild.base.markdown import replace, scan

PAGES = (".md", ".ipynb")


def rebase(text: str, source: PurePosixPath, target: PurePosixPath) -> str:
    """Markdown written for the page `source`, its relative links changed so that they hold on the page `target`."""
    if source == target:
        return text
    return _moved(text, source, lambda path: posixpath.relpath(path, target.parent))


def absolute(text: str, page: PurePosixPath, home: str) -> str:
    """Markdown of `page` with its links to other pages as addresses on the site at `home`."""
    return _moved(text, page, lambda path: home + address(path))


def served(text: str, page: PurePosixPath) -> str:
    """Markdown of `page` with its links as the addresses that lead there from its own."""
    here = address(page)

    def lead(path: str) -> str:
        there = address(path)
        return posixpath.relpath(there or ".", here or ".") + ("/" if there.endswith("/") or not there else "")

    return _moved(text, page, lead)


def address(path: str | PurePosixPath) -> str:
    """Where the site has a file, from the first page of its language: a page in a folder of its own."""
    path = PurePosixPath(path)
    if path.suffix not in PAGES:
        return str(path)
    folder = path.parent if path.stem == "index" else path.with_suffix("")
    return "" if folder == PurePosixPath(".") else f"{folder}/"


def _moved(text: str, page: PurePosixPath, lead: Callable[[str], str]) -> str:
    """The text of `page` with each relative link replaced by what `lead` makes of the file that it names."""
    changes = []
    for link in scan(text).links:
        path, mark, anchor = link.target.partition("#")
        if urlsplit(path).scheme or path.startswith("/"):
            continue
        file = posixpath.normpath(posixpath.join(page.parent, path)) if path else str(page)
        changes.append((link.start, link.end, lead(file) + mark + anchor))
    return replace(text, changes)

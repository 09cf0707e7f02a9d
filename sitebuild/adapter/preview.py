"""`mkdocs serve`, quick: where only the text of pages changed, programs included, those pages are made anew and nothing
else. Any other change, of a title, a template or the navigation, rebuilds everything, as MkDocs does by itself.

What the search of the preview finds is as it was at the last whole build.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import jinja2
from mkdocs.commands import build as builder_of_mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from watchdog.observers.polling import PollingObserver

from sitebuild import LANGS, build
from sitebuild.base import progress
from sitebuild.base.files import listed
from sitebuild.base.problems import SiteError
from sitebuild.sources.project import Project

log = logging.getLogger("mkdocs")
OFTEN = 3  # seconds between two looks at what the programs have done that had not run yet
LOOK = 0.2  # seconds between two looks at the files; MkDocs's half a second would be most of the wait


@dataclass(frozen=True)
class Built:
    """What MkDocs made of one language in its last whole build."""

    config: MkDocsConfig
    files: Files
    env: jinja2.Environment
    nav: Navigation


class Site(Protocol):
    """What the preview shares with the plugin: the pages as they were staged last, and what MkDocs made of them."""

    pages: build.Pages | None
    built: dict[str, Built]


class TitleChangedError(Exception):
    """The title of a page changed, which stands in the navigation of every other."""


class Rebuild:
    """Takes the place of the server's own builder, `whole`. `staged` gives all pages as they are to be now."""

    def __init__(self, project: Project, whole: Callable[[], None], staged: Callable[[], build.Pages], site: Site):
        self.project, self.whole, self.staged, self.site = project, whole, staged, site
        self.lasting = state(project, site.pages)

    def __call__(self) -> None:
        before = self.site.pages
        try:
            pages = self.staged()
        except BuildError as error:
            log.error(error)
            raise Abort("The preview stays as it was") from None
        lasting = state(self.project, pages)
        if lasting == self.lasting and alike(before, pages) and len(self.site.built) == len(LANGS):
            try:
                self.site.pages = pages
                for lang in LANGS:
                    self.patch(lang, before)
                return
            except TitleChangedError:
                pass
        self.lasting = lasting
        self.whole()

    def patch(self, lang: str, before: build.Pages) -> None:
        """Make the pages of one language anew whose text changed, and copy what changed beside them."""
        built, pages = self.site.built[lang], self.site.pages
        everything = built.files.documentation_pages()
        changed = [path for path, text in pages.pages[lang].items() if text != before.pages[lang][path]]
        for path in changed:
            log.info(f"Rebuilding docs/{lang}/{path}")
            file = built.files.get_file_from_path(str(path))
            title = file.page.title
            file.content_string = pages.pages[lang][path]
            builder_of_mkdocs._populate_page(file.page, built.config, built.files)
            if file.page.title != title:
                raise TitleChangedError
            # it is in the index already, as it was; and to cut Chinese text anew takes a dictionary of half a second
            file.page.meta["search"] = {"exclude": True}
            builder_of_mkdocs._build_page(file.page, built.config, everything, built.nav, built.env)
        for path in changed:
            page = built.files.get_file_from_path(str(path)).page
            page.validate_anchor_links(files=built.files, log_level=built.config.validation.links.anchors)
        for path, source in pages.assets[lang].items():
            target = Path(built.config.site_dir) / path
            if target.is_file() and target.stat().st_mtime < source.stat().st_mtime:
                shutil.copyfile(source, target)


class Waiting:
    """Runs in a thread, beside the preview, the programs that had not run when it began: `run(report)`.

    The server looks at a file that is touched now and then as they end, and so shows what they did.
    """

    def __init__(self, project: Project, run: Callable):
        self.run, self.file = run, project.cache / "preview" / "ran"
        self.busy, self.told = True, 0.0

    def start(self, server: LiveReloadServer) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.touch()
        server.watch(str(self.file.parent))
        threading.Thread(target=self._all, daemon=True).start()

    def _all(self) -> None:
        try:
            self.run(self._tell)
        except SiteError:
            pass  # the rebuild that now follows tells what is wrong
        finally:
            self.busy = False
            if self.told:
                self.file.touch()

    def _tell(self, *ran) -> None:
        progress.report(*ran)
        if time.monotonic() > self.told + OFTEN:
            self.told = time.monotonic()
            self.file.touch()


def look_often(server: LiveReloadServer) -> None:
    """Let the server, which has not begun to look at files, look every LOOK seconds."""
    paths = [path for path, times in server._watched_paths.items() for _ in range(times)]
    for path in paths:
        server.unwatch(path)
    server.observer = PollingObserver(timeout=LOOK)
    for path in paths:
        server.watch(path)


def alike(before: build.Pages | None, after: build.Pages) -> bool:
    """Whether both have the same pages, files beside them and labs."""
    if before is None:
        return False
    return all(
        getattr(before, what)[lang].keys() == getattr(after, what)[lang].keys()
        for what in ("pages", "assets", "labs")
        for lang in LANGS
    )


def state(project: Project, pages: build.Pages) -> dict[Path, int]:
    """When each file changed that only a whole build looks at: settings, templates, pictures, labs."""
    looked_at = [*project.root.glob("mkdocs*.yml"), *(project.root / "overrides").rglob("*"), *listed(project.docs, "")]
    looked_at += [source for lang in LANGS for source in pages.labs[lang].values()]
    return {file: file.stat().st_mtime_ns for file in looked_at if file.is_file() and file.suffix != ".md"}

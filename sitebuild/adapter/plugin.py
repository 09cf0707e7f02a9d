"""Hands MkDocs the finished pages, builds the English site beside the Chinese one, and puts the new site in place of
the old one when both are whole."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

import jinja2
from markdown.extensions.toc import nest_toc_tokens
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import config_options as options
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File
from mkdocs.structure.toc import get_toc
from mkdocs.utils.templates import url_filter
from pymdownx.slugs import slugify

from sitebuild import build
from sitebuild.adapter import preview, search_index, second_language, templates
from sitebuild.adapter.warnings import Collector
from sitebuild.base import progress, words
from sitebuild.base.problems import SiteError
from sitebuild.finish import csp, offline_zip, search, styles, swap, theme_fixes
from sitebuild.pages import jupyter_page
from sitebuild.sources import settings, snippet
from sitebuild.sources.project import Project, load

UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO}
SHARED = "assets/"  # the folder that both languages use
mkdocs_log = logging.getLogger("mkdocs")


class Settings(Config):
    """What mkdocs.yml may say of the plugin."""

    seconds = options.Type(int, default=snippet.SECONDS)  # that a program may take, if it does not say itself


class SitePlugin(BasePlugin[Settings]):
    """The plugin `sitebuild`. MkDocs keeps one instance for both languages and, as it has `on_startup`, for every
    rebuild of a preview: what the parts of a build share is kept here.

    `target` is where the site belongs, `building` where it grows; both None under `mkdocs serve`.
    """

    def __init__(self):
        self.serving = False
        self.home = ""  # the address of the Chinese site
        self.target: Path | None = None
        self.building: Path | None = None
        self.pages: build.Pages | None = None
        self.collector: Collector | None = None
        self.nav = None  # of the language that is being built
        self.built: dict[str, preview.Built] = {}  # by language
        self.waiting: preview.Waiting | None = None  # what a preview runs beside
        self.cutter: search_index.Cutter | None = None
        self.english: second_language.Twin | None = None  # another process, while this one builds the Chinese site

    def on_startup(self, command, dirty):
        self.serving = command == "serve"

    def on_config(self, config):
        """Let the Chinese build, which comes first, grow beside the site that stands."""
        try:
            config.site_url = settings.checked(config.theme.name, config.use_directory_urls, config.site_url or "")
        except SiteError as error:
            raise Abort(str(error)) from None
        if _is_chinese(config):
            self.cutter = search_index.Cutter(self.project(config).cache)
            self.home = config.site_url
            self.collector = Collector(_root(config))
            self.collector.attach(mkdocs_log)
            if not self.serving:
                self.target = Path(config.site_dir).resolve()  # where a link leads
                try:
                    self.building = swap.begin(self.target)
                except OSError as error:
                    raise Abort(_unwritten(error)) from None
                config.site_dir = str(self.building)
        search_index.take_over(config.plugins, self.cutter)
        config.extra["offline"] = not self.serving  # the links to what is made when the site is finished
        self.collector.docs = Path(config.docs_dir)
        return config

    def on_pre_build(self, config):
        """Run all programs and expand all pages of both languages, before MkDocs touches anything."""
        if _is_chinese(config):
            self.pages = self.staged(config)

    @event_priority(50)  # before mkdocs-jupyter looks for notebooks
    def on_files(self, files, config):
        """Give MkDocs the expanded pages instead of the files, the notebooks, and the assets that belong to them."""
        if _is_chinese(config) and not self.serving:
            self.begin_beside(config)
        config.extra["built"] = self.pages.built
        lang = config.theme["language"]
        pages = self.pages.pages[lang]
        for path in list(pages):  # the preview compares them with what they will be
            files.get_file_from_path(str(path)).content_string = pages[path] if self.serving else pages.pop(path)
        for path, source in self.pages.labs[lang].items():
            folder = str(source)[: -len(str(path))]
            files.append(File(str(path), folder, config.site_dir, config.use_directory_urls))
        for path, source in self.pages.assets[lang].items():
            files.append(File.generated(config, str(path), abs_src_path=str(source)))
        for file in [file for file in files if PurePosixPath(file.src_uri).match(search.WORKER)]:
            try:
                file.content_string = search.mended(file.content_string, file.src_uri)
            except SiteError as error:
                raise PluginError(str(error)) from None
        return files

    def on_nav(self, nav, config, files):
        self.nav = nav
        return nav

    def on_env(self, env, config, files):
        """Keep the templates compiled, and their own line breaks off the pages: half a kilobyte of each, packed. Let
        the English pages use the style sheets and scripts of the Chinese ones: who switches has them already."""
        env.trim_blocks = env.lstrip_blocks = True
        env.bytecode_cache = templates.Compiled(self.project(config).cache / "templates")
        self.built[config.theme["language"]] = preview.Built(config, files, env, self.nav)
        if _is_chinese(config):
            return env
        for file in [file for file in files if file.src_uri.startswith(SHARED)]:
            files.remove(file)

        @jinja2.pass_context
        def shared(context, value):
            return url_filter(context, f"../{value}" if value.startswith(SHARED) else value)

        env.filters["url"] = shared
        return env

    def on_page_content(self, html, page, config, files):
        """Tell the templates what we know of the page. Make a notebook's page one of ours: ids, table of contents; no
        style or script of its own."""
        page.meta.update(self.pages.meta[config.theme["language"]].get(PurePosixPath(page.file.src_uri), {}))
        page.update_date = self.pages.built["date"]  # else MkDocs writes today's into sitemap.xml.gz
        if page.file.src_uri.endswith(".ipynb"):
            html, headings = jupyter_page.tidy(html, slugify(case="lower"))
            entries = [{"level": level, "id": name, "name": text} for level, name, text in headings]
            page.toc = get_toc(nest_toc_tokens(entries))
        if page.toc.items and not page.is_homepage:  # the navigation has shorter titles, which say too little elsewhere
            page.meta["title"] = page.toc.items[0].title
        return html

    @event_priority(-100)  # after the search has read the page
    def on_page_context(self, context, page, config, nav):
        """Give the template the page's absolute address in each language, for the links in its <head>."""
        context["twins"] = {"zh": urljoin(self.home, page.url), "en": urljoin(self.home, "en/" + page.url)}
        return context

    def on_post_page(self, output, page, config):
        if not self.serving:
            page.content = None  # MkDocs would hold the pages of the whole site
        return theme_fixes.mend(output, self.words(config))

    def on_post_template(self, output_content, template_name, config):
        return theme_fixes.mend(output_content, self.words(config))

    @event_priority(-100)  # the search writes its index then, too
    def on_post_build(self, config):
        """After the Chinese build, and the English one: the whole site into its place, if nothing was wrong."""
        if not _is_chinese(config):
            return
        project = self.project(config)
        self.collector.docs = project.docs / "en"
        self.cutter.used |= self.english.result() if self.english else self.build_english(config)
        self.english = None
        self.cutter.keep()
        mkdocs_log.removeHandler(self.collector)
        if self.serving:
            return  # the preview shows what there is; MkDocs has logged the warnings
        if self.collector.problems:
            raise _as_it_was(self.collector.problems)
        self.pages = None  # all is written: what follows needs the memory
        packages = project.root / "node_modules"
        try:
            styles.lighten(self.building, project.cache, packages)
            csp.write(self.building)
            offline_zip.finish(self.building, urlsplit(self.home).path, packages)
            styles.delay_search(self.building)  # not in the zip: its index lies beside the page
        except SiteError as error:
            raise _as_it_was(error.problems) from None
        swap.finish(self.building, self.target)
        config.site_dir = str(self.target)  # where commands look after a build: `mkdocs gh-deploy`

    def on_serve(self, server, config, builder):
        """Let an edited page or program be seen at once; run beside the preview what has not run yet."""
        project = self.project(config)
        preview.look_often(server)
        self.waiting = preview.Waiting(project, lambda report: build.run(project, load(project), report))
        self.waiting.start(server)
        server.builder = preview.Rebuild(project, builder, lambda: self.staged(config), self)
        return server

    def on_build_error(self, error):
        if self.english:
            self.english.stop()
            self.english = None
        mkdocs_log.removeHandler(self.collector)
        if self.building:
            swap.remove(self.building)
        if isinstance(error, OSError) and error.errno in UNWRITABLE:
            raise Abort(_unwritten(error)) from None

    def begin_beside(self, config) -> None:
        """Let another process build the English site beside this one, the Chinese. A preview needs both."""

        def build_english():
            self.building = None  # it is not this process's
            return self.build_english(config)

        if second_language.POSSIBLE:
            self.english = second_language.Twin(build_english, mkdocs_log)
            self.pages.pages["en"].clear()  # the copy has them

    def build_english(self, config) -> dict[str, list[str]]:
        """Build the English site beside the Chinese one, whose `config` this is; how its Chinese words were cut."""
        english = load_config(
            str(_root(config) / "mkdocs.en.yml"),
            site_dir=os.path.join(config.site_dir, "en"),
            site_url=urljoin(config.site_url, "en/"),
        )
        mkdocs_build(english)
        return self.cutter.used

    def project(self, config) -> Project:
        return Project(_root(config), self.config.seconds)

    def words(self, config) -> words.Words:
        """What the engine itself says in the language that is being built."""
        return self.pages.words[config.theme["language"]]

    def staged(self, config) -> build.Pages:
        """All pages of both languages, finished; for a preview, as far as programs have run. Raises PluginError with
        all that is wrong in the sources."""
        project = self.project(config)
        try:
            sources = load(project)
            if self.serving and (self.waiting is None or self.waiting.busy):
                ran = build.known(project, sources)
            else:
                ran = build.run(project, sources, progress.report)
            return build.build(project, sources, ran, self.home, config.repo_url or "")
        except SiteError as error:
            raise PluginError(f"{_count(error.problems)} in the sources:\n{error}") from None


def _as_it_was(problems) -> Abort:
    return Abort("\n".join([f"{_count(problems)}, the site was left as it was:", *map(str, problems)]))


def _unwritten(error: OSError) -> str:
    return f"{error.filename or 'a file'}: {error.strerror}: the site was left as it was"


def _is_chinese(config) -> bool:
    return config.theme["language"] == "zh"


def _root(config) -> Path:
    return Path(config.config_file_path).resolve().parent


def _count(problems) -> str:
    return f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"

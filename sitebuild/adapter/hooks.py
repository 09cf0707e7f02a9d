"""The only module that knows MkDocs: hands it finished pages, builds the English site beside the Chinese one,
and puts the new site in place of the old one when both are whole."""

from __future__ import annotations

import errno
import logging
import os
import sys
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

import jinja2
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File
from mkdocs.structure.toc import get_toc
from mkdocs.utils.templates import url_filter
from pymdownx.slugs import slugify

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # MkDocs loads this file by its path; the fork server imports the package by name
    sys.path.insert(0, str(ROOT))

from sitebuild import build  # noqa: E402
from sitebuild.adapter import preview, second_language, templates  # noqa: E402
from sitebuild.adapter.session import Built, session  # noqa: E402
from sitebuild.adapter.warnings import Collector  # noqa: E402
from sitebuild.base import memo, progress  # noqa: E402
from sitebuild.base.problems import SiteError  # noqa: E402
from sitebuild.finish import csp, offline_zip, search, styles, swap, theme_fixes  # noqa: E402
from sitebuild.pages import notebooks  # noqa: E402
from sitebuild.programs import runner  # noqa: E402

UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO}
SHARED = "assets/"  # the folder that both languages use
mkdocs_log = logging.getLogger("mkdocs")


def on_startup(command, dirty):
    session.serving = memo.lasting = command == "serve"


def on_config(config):
    """Let the Chinese build, which comes first, grow beside the site that stands."""
    if _is_chinese(config):
        if not config.site_url:
            raise Abort("site_url is empty: notebooks, cards and the links of each <head> need the site's address")
        project = build.Project(_root(config))
        runner.expect(project.snippets, project.cache)
        session.cutter = search.cut_by_dictionary(project.cache)
        session.home = config.site_url
        session.collector = Collector(_root(config))
        session.collector.attach(mkdocs_log)
        if not session.serving:
            session.target = Path(config.site_dir)
            try:
                session.building = swap.begin(session.target)
            except OSError as error:
                raise Abort(_unwritten(error)) from None
            config.site_dir = str(session.building)
    config.extra["offline"] = not session.serving  # the links to what is made when the site is finished
    session.collector.docs = Path(config.docs_dir)
    return config


def on_pre_build(config):
    """Run all programs and expand all pages of both languages, before MkDocs touches anything."""
    if not _is_chinese(config):
        return
    session.pages = _staged(config)


@event_priority(50)  # before mkdocs-jupyter looks for notebooks
def on_files(files, config):
    """Give MkDocs the expanded pages instead of the files, the notebooks, and the assets that belong to them."""
    if _is_chinese(config) and not session.serving:
        _begin_beside(config)
    config.extra["built"] = session.pages.built
    lang = config.theme["language"]
    light = session.pages.pages[lang].light
    for path in list(light):  # the preview compares them with what they will be
        files.get_file_from_path(str(path)).content_string = light[path] if session.serving else light.pop(path)
    for path, source in session.pages.labs[lang].items():
        folder = str(source)[: -len(str(path))]
        files.append(File(str(path), folder, config.site_dir, config.use_directory_urls))
    for path, source in session.pages.assets[lang].items():
        files.append(File.generated(config, str(path), abs_src_path=str(source)))
    for file in [file for file in files if PurePosixPath(file.src_uri).match(search.WORKER)]:
        try:
            file.content_string = search.mended(file.content_string, file.src_uri)
        except SiteError as error:
            raise PluginError(str(error)) from None
    return files


def on_nav(nav, config, files):
    session.nav = nav
    return nav


def on_env(env, config, files):
    """Keep the templates compiled. Let the English pages use the style sheets and scripts of the Chinese ones: who
    switches has them already."""
    env.bytecode_cache = templates.Compiled(build.Project(_root(config)).cache / "templates")
    session.built[config.theme["language"]] = Built(config, files, env, session.nav)
    if _is_chinese(config):
        return env
    for file in [file for file in files if file.src_uri.startswith(SHARED)]:
        files.remove(file)

    @jinja2.pass_context
    def shared(context, value):
        return url_filter(context, f"../{value}" if value.startswith(SHARED) else value)

    env.filters["url"] = shared
    return env


def _described(html, page, config, files):
    """Tell the templates what we know of the page. Make a notebook's page one of ours: ids, table of contents; no
    style or script of its own."""
    page.meta.update(session.pages.meta[config.theme["language"]].get(PurePosixPath(page.file.src_uri), {}))
    page.update_date = session.pages.built["date"]  # else MkDocs writes today's into sitemap.xml.gz
    if not page.file.src_uri.endswith(".ipynb"):
        return html
    html, headings = notebooks.tidy(html, slugify(case="lower"))
    roots: list[dict] = []
    for level, name, text in headings:
        children = roots
        while children and children[-1]["level"] < level:
            children = children[-1]["children"]
        children.append({"level": level, "id": name, "name": text, "html": text, "data-toc-label": "", "children": []})
    page.toc = get_toc(roots)
    return html


@event_priority(-100)
def _put_aside(html, page, config, files):
    """MkDocs turns all pages into HTML before it writes the first. Until then they need not fill the memory."""
    page.markdown = page.file.content_string = ""
    return session.shelf.put(html)


on_page_content = CombinedEvent(_described, _put_aside)


@event_priority(100)  # before the search reads the page
def _back(context, page, config, nav):
    page.content = session.shelf.whole(page.content)
    return context


@event_priority(-100)  # after the search has read the page
def _complete(context, page, config, nav):
    """Put the page's formulas and figures back. Give the template its absolute address in each language, for the
    links in its <head>."""
    page.content = session.shelf.whole(page.content)
    context["twins"] = {"zh": urljoin(session.home, page.url), "en": urljoin(session.home, "en/" + page.url)}
    return context


on_page_context = CombinedEvent(_back, _complete)


def on_post_page(output, page, config):
    if not session.serving:
        page.content = None  # MkDocs would hold the pages of the whole site
    return theme_fixes.mend(output, config.theme["language"])


def on_post_template(output, template_name, config):
    return theme_fixes.mend(output, config.theme["language"])


def on_post_build(config):
    """After the Chinese build, and the English one: the whole site into its place, if nothing was wrong."""
    if not _is_chinese(config):
        return
    project = build.Project(_root(config))
    session.collector.docs = project.docs / "en"
    session.cutter.used |= session.english.result() if session.english else _build_english(config)
    session.english = None
    session.cutter.keep()
    mkdocs_log.removeHandler(session.collector)
    problems = session.collector.problems
    if session.serving:
        return  # the preview shows what there is; MkDocs has logged the warnings
    if problems:
        raise Abort(f"{_count(problems)}, the site was left as it was:\n" + "\n".join(map(str, problems)))
    session.pages = None  # all is written: what follows needs the memory
    session.shelf.held.clear()
    packages = project.root / "node_modules"
    try:
        styles.lighten(session.building, project.cache, packages, session.pruner)
        csp.write(session.building)
        offline_zip.finish(session.building, urlsplit(session.home).path, packages, project.cache / "offline")
        styles.delay_search(session.building)  # not in the zip: its index lies beside the page
    except SiteError as error:
        raise _as_it_was(error) from None
    swap.finish(session.building, session.target)


def on_serve(server, config, builder):
    """Let an edited page or program be seen at once; have the process ready that runs programs."""
    runner.start_server()
    preview.look_often(server)
    server.builder = preview.Rebuild(build.Project(_root(config)), builder, lambda: _staged(config))
    return server


def on_build_error(error):
    if session.english:
        session.english.stop()
        session.english = None
    mkdocs_log.removeHandler(session.collector)
    if session.building:
        swap.abandon(session.building)
    if isinstance(error, OSError) and error.errno in UNWRITABLE:
        raise Abort(_unwritten(error)) from None


def _begin_beside(config) -> None:
    """Start what other processes do while this one builds the Chinese site. The preview needs all in one process."""
    project = build.Project(_root(config))

    def build_english():
        session.building = session.cutter.helper = None  # they are not this process's
        return _build_english(config)

    if second_language.POSSIBLE:
        session.english = second_language.Twin(build_english, mkdocs_log)
        session.pages.pages["en"].light.clear()  # the copy has them
    try:
        session.pruner = styles.start(project.cache, project.root / "node_modules")
    except SiteError as error:
        raise _as_it_was(error) from None


def _build_english(config) -> dict[str, list[str]]:
    """Build the English site beside the Chinese one, whose configuration this is; how its Chinese words were cut."""
    english = load_config(
        str(_root(config) / "mkdocs.en.yml"),
        site_dir=os.path.join(config.site_dir, "en"),
        site_url=urljoin(config.site_url, "en/"),
    )
    mkdocs_build(english)
    return session.cutter.used


def _staged(config) -> build.Pages:
    """All pages of both languages, finished. Raises PluginError with all that is wrong in the sources."""
    project = build.Project(_root(config))
    try:
        with progress.reporter() as report:

            def told(done, total, *ran):
                report(done, total, *ran)
                if done == total - 1:  # a core is free from now on
                    session.cutter.expect()

            sources = build.load(project)
            return build.build(project, sources, told, session.home, config.repo_url or "", session.shelf)
    except SiteError as error:
        raise PluginError(f"{_count(error.problems)} in the sources:\n{error}") from None


def _as_it_was(error: SiteError) -> Abort:
    return Abort(f"{_count(error.problems)}, the site was left as it was:\n{error}")


def _unwritten(error: OSError) -> str:
    return f"{error.filename or 'a file'}: {error.strerror}: the site was left as it was"


def _is_chinese(config) -> bool:
    return config.theme["language"] == "zh"


def _root(config) -> Path:
    return Path(config.config_file_path).resolve().parent


def _count(problems) -> str:
    return f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"

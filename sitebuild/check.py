"""`python -m sitebuild check`: everything that is wrong with the sources, in seconds, without building the site.

It says what a build would say, and what the house rules ask. A program runs only if its result is not in the cache:
the one that is being edited. Labs take too long for that: `make site` runs them.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import markdown as python_markdown
from pymdownx.slugs import slugify

from sitebuild import LANGS, build
from sitebuild.base import files
from sitebuild.base.html_elements import elements
from sitebuild.base.markdown import scan
from sitebuild.base.markdown_blocks import RAW
from sitebuild.base.problems import Problem, SiteError, shown
from sitebuild.pages import formulas, notebooks
from sitebuild.pages.context import Context
from sitebuild.programs import results as judging
from sitebuild.programs import runner, sweeps
from sitebuild.sources import page, settings, style
from sitebuild.sources.project import LABS, Project, Sources, faults, survey

CONFIGURATION = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}


def check(project: Project, *, run: bool = True, report=None) -> tuple[list[Problem], list[str]]:
    """All problems, sorted; and the names of the programs and labs that have no result to judge.

    `run`: run the programs whose result is not in the cache; `report` as for `runner.run`.
    """
    sources, problems = survey(project)
    if not sources.words:
        return sorted(set(problems)), []
    results, failed, waiting = _results(project, sources, run, report)
    problems += failed + judging.check(sources.programs, results)
    for lang in LANGS:
        problems += _house_rules(sources, lang, results) + navigation(project, lang, sources)

    # what follows needs pages that can be read: one that cannot has been told of above
    legible = {
        lang: {
            p: text
            for p, text in sources.pages[lang].items()
            if not faults(text, p, f"docs/{lang}/{p}", sources.words[lang])
        }
        for lang in LANGS
    }
    ready = {
        lang: {p: text for p, text in legible[lang].items() if _has_results(text, lang, results)} for lang in LANGS
    }
    contexts = {lang: Context(words, sources, results) for lang, words in sources.words.items()}
    expanded, _, wrong = build.expand(ready, contexts, legible)
    problems += wrong
    rendered = None
    try:
        rendered = build.render(project, legible, expanded, sources.labs.values())
    except SiteError as error:
        problems += error.problems
    if rendered is not None:
        problems += _labs(sources, results, rendered)
    for lang in LANGS:
        texts = {**legible[lang], **expanded[lang]}
        if rendered is not None:
            texts = {path: formulas.typeset(text, rendered) for path, text in texts.items()}
        anchors = {path: anchors_of(text) for path, text in texts.items()}
        written = {path: (f"docs/{lang}/{path}", sources.pages[lang].get(path, "")) for path in _paths(sources, lang)}
        for notebook, file in _lab_files(project).items():
            written[PurePosixPath(notebook)] = file, _text_cells(project.root / file, file)
        problems += dead_links(written, anchors)
    return sorted(set(problems)), waiting


def _results(project: Project, sources: Sources, run: bool, report):
    """(results, problems, names of what did not run)"""
    snippets = list(sources.snippets.values())
    labs = [lab.program for lab in sources.labs.values()]
    results, missing = judging.known([*snippets, *labs], LANGS, project.cache)
    results |= sweeps.results(project.root)
    problems: list[Problem] = []
    if run:
        ran, problems = runner.attempt(snippets, LANGS, project.cache, report=report)
        results |= ran
        missing = [(program, lang) for program, lang in missing if program.name in sources.labs]
    return results, problems, sorted({program.name for program, _ in missing})


def _has_results(text: str, lang: str, results) -> bool:
    return all((name, lang) in results for name in page.snippets_of(text, ""))


def _house_rules(sources: Sources, lang: str, results) -> list[Problem]:
    words = sources.words[lang]
    foreign = style.foreign_names(sources.pages[lang].get(style.GLOSSARY, ""), words)
    problems: list[Problem] = []
    for path, text in sources.pages[lang].items():
        problems += style.faults(text, words, path, f"docs/{lang}/{path}", foreign)
    for program in sources.snippets.values():
        source = program.source(lang)
        told = [*style.wording(source, lang, program.path, foreign), *style.program(source, lang, program.path)]
        problems += [replace(problem, line=program.origin(lang, problem.line)) for problem in told]
        if (program.name, lang) in results:
            problems += style.printed(results[program.name, lang].stdout, program.path, program.judged and lang == "zh")
    return problems


def _lab_files(project: Project) -> dict[str, str]:
    """The pages that labs become, and the file of each, also of those that cannot be read."""
    found = files.listed(project.snippets / LABS, ".py")
    return {f"{LABS}/{file.stem}.ipynb": shown(file, project.root) for file in found}


def _text_cells(lab: Path, path: str) -> str:
    """The Markdown in the file of a lab, each line where it stands there; none if it cannot be read."""
    try:
        lines = files.read(lab, path).split("\n")
    except SiteError:
        return ""
    return "\n".join(re.sub("^# ?", "", line) if line.startswith("#") else "" for line in lines)


def _labs(sources: Sources, results, rendered) -> list[Problem]:
    """What can be wrong with a lab that ran: a figure that no comment describes."""
    problems = []
    for lab in sources.labs.values():
        for lang in LANGS:
            if (lab.name, lang) in results:
                try:
                    notebooks.lab_to_show(lab, sources.words[lang], results[lab.name, lang], rendered, "")
                except SiteError as error:
                    problems += error.problems
    return problems


# -- navigation --------------------------------------------------------------------------------------------


def navigation(project: Project, lang: str, sources: Sources) -> list[Problem]:
    """Pages that the navigation of a language does not list, and entries that lead nowhere."""
    name = CONFIGURATION[lang]
    try:
        listed = list(_leaves(settings.read(project.root, name).get("nav", [])))
    except SiteError as error:
        return list(error.problems)
    there = {str(path): f"docs/{lang}/{path}" for path in _paths(sources, lang)} | _lab_files(project)
    problems = [
        Problem(name, 0, f"{there[path]} is not in the navigation: list {path} under 'nav:'")
        for path in sorted(there.keys() - set(listed))
    ]
    lines = files.read(project.root / name, name).split("\n")
    for entry in listed:
        if entry not in there:
            line = next((n for n, content in enumerate(lines, 1) if entry in content), 0)
            problems.append(Problem(name, line, f"the navigation lists {entry}, which is not there"))
    return problems


def _paths(sources: Sources, lang: str) -> set[PurePosixPath]:
    """All pages of a language, also those that cannot be read."""
    return set(sources.pages[lang]) | {path for there, path in sources.unread if there == lang}


def _leaves(nav):
    """The files of a navigation, whatever their depth and title."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, Mapping):
        for part in nav.values():
            yield from _leaves(part)
    else:
        for part in nav or ():
            yield from _leaves(part)


# -- links -------------------------------------------------------------------------------------------------


def anchors_of(text: str) -> set[str]:
    """The ids on a page: of its headings, as MkDocs makes them, and those that are written out."""
    scanned = scan(text)
    headings = [f"{'#' * one.level} {one.text}{f' {{#{one.id}}}' if one.id else ''}" for one in scanned.headings]
    maker = python_markdown.Markdown(
        extensions=["attr_list", "toc"], extension_configs={"toc": {"slugify": slugify(case="lower")}}
    )
    maker.convert("\n\n".join(headings))
    written = {one.attributes["id"] for one in elements(scanned.without(keep=(RAW,))) if "id" in one.attributes}
    return _ids(maker.toc_tokens) | scanned.ids | written


def _ids(tokens) -> set[str]:
    return {token["id"] for token in tokens} | {one for token in tokens for one in _ids(token["children"])}


def dead_links(
    written: Mapping[PurePosixPath, tuple[str, str]], anchors: Mapping[PurePosixPath, set[str]]
) -> list[Problem]:
    """Links to pages and headings that are not there; links to other files are left to the build.

    `written`: each page of a language with its source and text; `anchors`: the ids of those that can be read.
    """
    problems = []
    for here, (source, text) in written.items():
        for found in scan(text).links:
            link, _, anchor = unquote(found.target).partition("#")
            if ":" in link or (link and not link.endswith((".md", ".ipynb"))):
                continue
            where = PurePosixPath(posixpath.normpath(posixpath.join(here.parent, link))) if link else here
            if where not in written:
                reason = f"there is no page {where}{_near(str(where), map(str, written))}"
            elif anchor and where in anchors and anchor not in anchors[where]:
                reason = f"{where} has no anchor #{anchor}{_near(anchor, anchors[where])}"
            else:
                continue
            problems.append(Problem(source, found.line, f"dead link {found.target!r}: {reason}"))
    return problems


def _near(wanted: str, there: Iterable[str]) -> str:
    close = difflib.get_close_matches(wanted, list(there), 1)
    return f"; the nearest is {close[0]}" if close else ""

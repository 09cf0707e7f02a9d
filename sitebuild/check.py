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
from pathlib import PurePosixPath

import markdown as python_markdown
import yaml
from pymdownx.slugs import slugify

from sitebuild import LANGS, build
from sitebuild.base.problems import Problem, SiteError, shown
from sitebuild.build import Project, Sources
from sitebuild.pages import formulas, notebooks, placeholders, questions
from sitebuild.programs import runner
from sitebuild.sources import page, style

CONFIGURATION = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
ID = re.compile(r'<[^>]+\bid="([^"]+)"')
ATTRIBUTE_ID = re.compile(r"\{[^{}]*#([\w-]+)[^{}]*\}")


def check(project: Project, *, run: bool = True, report=None) -> tuple[list[Problem], list[str]]:
    """All problems, sorted; and the names of the programs and labs that have no result to judge.

    `run`: run the programs whose result is not in the cache; `report` as for `runner.run`.
    """
    sources, problems = build.survey(project)
    results, failed, waiting = _results(project, sources, run, report)
    problems += failed + build.check_results(sources, results)
    for lang in LANGS:
        problems += _house_rules(sources, lang) + navigation(project, lang, sources)

    # what follows needs pages that can be read: one that cannot has been told of above
    legible = {
        lang: {p: text for p, text in sources.pages[lang].items() if not build.faults(text, p, f"docs/{lang}/{p}")}
        for lang in LANGS
    }
    ready = {
        lang: {p: text for p, text in legible[lang].items() if _has_results(text, lang, results)} for lang in LANGS
    }
    expanded, wrong = build.expand(ready, sources, results, placeholders.Shelf())
    problems += wrong
    for lang in LANGS:
        texts = {**legible[lang], **expanded[lang]}
        if texts.keys() == sources.pages[lang].keys():  # else a question may stand on a page that cannot be read
            try:
                questions.fill(texts, lang, f"docs/{lang}")
            except SiteError as error:
                problems += error.problems
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
        written = {path: (f"docs/{lang}/{path}", page.prose(text)) for path, text in sources.pages[lang].items()}
        for notebook, file in _lab_files(project).items():
            lines = (project.root / file).read_text(encoding="utf-8").split("\n")
            text_cells = [(n, line) for n, line in enumerate(lines, 1) if line.startswith("#")]
            written[PurePosixPath(notebook)] = file, text_cells
        problems += dead_links(written, anchors)
    return sorted(set(problems)), waiting


def _results(project: Project, sources: Sources, run: bool, report):
    """(results, problems, names of what did not run)"""
    snippets = list(sources.snippets.values())
    labs = [lab.program for lab in sources.labs.values()]
    results, missing = runner.known([*snippets, *labs], LANGS, project.cache)
    results |= sources.sweeps
    problems: list[Problem] = []
    if run:
        ran, problems = runner.attempt(snippets, LANGS, project.cache, report=report)
        results |= ran
        missing = [(program, lang) for program, lang in missing if program.name in sources.labs]
    return results, problems, sorted({program.name for program, _ in missing})


def _has_results(text: str, lang: str, results) -> bool:
    return all((name, lang) in results for name in page.snippets_of(text, ""))


def _house_rules(sources: Sources, lang: str) -> list[Problem]:
    foreign = style.foreign_names(sources.pages[lang].get(style.GLOSSARY, ""), lang)
    problems: list[Problem] = []
    for path, text in sources.pages[lang].items():
        problems += style.faults(text, lang, path, f"docs/{lang}/{path}", foreign)
    for program in sources.snippets.values():
        for problem in style.wording(program.source(lang), lang, program.path, foreign):
            problems.append(replace(problem, line=program.origin(lang, problem.line)))
    return problems


def _lab_files(project: Project) -> dict[str, str]:
    """The pages that labs become, and the file of each, also of those that cannot be read."""
    found = sorted(project.snippets.glob(f"{build.LABS}/*.py"))
    return {f"{build.LABS}/{file.stem}.ipynb": shown(file, project.root) for file in found}


def _labs(sources: Sources, results, rendered) -> list[Problem]:
    """What can be wrong with a lab that ran: a figure that no comment describes."""
    problems = []
    for lab in sources.labs.values():
        for lang in LANGS:
            if (lab.name, lang) in results:
                try:
                    notebooks.lab_to_show(lab, lang, results[lab.name, lang], rendered, "")
                except SiteError as error:
                    problems += error.problems
    return problems


# -- navigation --------------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """Reads MkDocs's configuration; what its own tags (!ENV, !!python/…) stand for does not matter here."""


_Loader.add_multi_constructor("", lambda *_: None)


def navigation(project: Project, lang: str, sources: Sources) -> list[Problem]:
    """Pages that the navigation of a language does not list, and entries that lead nowhere."""
    name = CONFIGURATION[lang]
    text = (project.root / name).read_text(encoding="utf-8")
    try:
        listed = list(_leaves(yaml.load(text, _Loader).get("nav", [])))
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        return [Problem(name, line, f"not YAML: {getattr(error, 'problem', error)}")]
    files = {str(path): f"docs/{lang}/{path}" for path in sources.pages[lang]}
    files |= _lab_files(project)
    problems = [
        Problem(name, 0, f"{files[path]} is not in the navigation: list {path} under 'nav:'")
        for path in sorted(files.keys() - set(listed))
    ]
    lines = text.split("\n")
    for entry in listed:
        if entry not in files:
            line = next((n for n, content in enumerate(lines, 1) if entry in content), 0)
            problems.append(Problem(name, line, f"the navigation lists {entry}, which is not there"))
    return problems


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
    headings = [line for _, line in page.prose(text, code=True) if page.HEADING.match(line)]
    maker = python_markdown.Markdown(
        extensions=["attr_list", "toc"], extension_configs={"toc": {"slugify": slugify(case="lower")}}
    )
    maker.convert("\n\n".join(headings))
    written = {found for _, line in page.prose(text) for found in ATTRIBUTE_ID.findall(line)}
    return _ids(maker.toc_tokens) | written | set(ID.findall(text))


def _ids(tokens) -> set[str]:
    return {token["id"] for token in tokens} | {one for token in tokens for one in _ids(token["children"])}


def dead_links(
    written: Mapping[PurePosixPath, tuple[str, list[tuple[int, str]]]], anchors: Mapping[PurePosixPath, set[str]]
) -> list[Problem]:
    """Links to pages and headings that are not there; links to other files are left to the build.

    `written`: each page of a language with its source and numbered lines; `anchors`: the ids of those that can be
    read.
    """
    problems = []
    for here, (source, lines) in written.items():
        for number, line in lines:
            for target in page.LINK.findall(line):
                link, _, anchor = target.partition("#")
                if ":" in link or (link and not link.endswith((".md", ".ipynb"))):
                    continue
                where = PurePosixPath(posixpath.normpath(posixpath.join(here.parent, link))) if link else here
                if where not in written:
                    reason = f"there is no page {where}{_near(str(where), map(str, written))}"
                elif anchor and where in anchors and anchor not in anchors[where]:
                    reason = f"{where} has no anchor #{anchor}{_near(anchor, anchors[where])}"
                else:
                    continue
                problems.append(Problem(source, number, f"dead link {target!r}: {reason}"))
    return problems


def _near(wanted: str, there: Iterable[str]) -> str:
    close = difflib.get_close_matches(wanted, list(there), 1)
    return f"; the nearest is {close[0]}" if close else ""

"""From the project's sources to finished Markdown, all pages of both languages at once.

Everything here happens before MkDocs and knows nothing of it: `stage` writes what any builder can read.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import LANGS, cards, formulas, page, runner, snippet
from .errors import Problem, SiteError, shown

ASSETS = PurePosixPath("assets/katex")  # KaTeX's style sheet and fonts in the site


@dataclass(frozen=True)
class Project:
    """Where things lie. `root` holds mkdocs.yml."""

    root: Path

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    @property
    def snippets(self) -> Path:
        return self.root / "snippets"

    @property
    def cache(self) -> Path:
        return self.root / ".cache" / "sitebuild"


@dataclass(frozen=True)
class Sources:
    """All that authors write: snippets by name, pages by language and path."""

    snippets: dict[str, snippet.Snippet]
    pages: dict[str, dict[PurePosixPath, str]]


@dataclass(frozen=True)
class Pages:
    """All that a builder needs: finished Markdown and files to serve beside it, both by language and path."""

    pages: dict[str, dict[PurePosixPath, str]]
    assets: dict[str, dict[PurePosixPath, Path]]
    cards: dict[str, list[cards.Card]]


def load(project: Project) -> Sources:
    """Read and check every snippet and page. Raises SiteError with everything that is wrong, of all files."""
    problems: list[Problem] = []
    snippets: dict[str, snippet.Snippet] = {}
    for file in sorted(project.snippets.rglob("*.py")):
        name = file.relative_to(project.snippets).with_suffix("").as_posix()
        try:
            snippets[name] = snippet.read(file, name, shown(file, project.root))
        except SiteError as error:
            problems += error.problems
    pages: dict[str, dict[PurePosixPath, str]] = {}
    for lang in LANGS:
        folder = project.docs / lang
        pages[lang] = {
            PurePosixPath(file.relative_to(folder).as_posix()): file.read_text(encoding="utf-8")
            for file in sorted(folder.rglob("*.md"))
        }
    problems += _check(pages, set(snippets), project, bool(problems))
    if problems:
        raise SiteError(problems)
    return Sources(snippets, pages)


def build(project: Project, sources: Sources, report=None, home: str = "http://127.0.0.1:8000/") -> Pages:
    """Run the programs, expand the pages, fill in the questions, typeset the formulas, make the decks.

    `home` is the site's absolute address, for links in the decks. Raises SiteError with all that failed.
    """
    results = runner.run(sources.snippets.values(), LANGS, project.cache, evict=True, report=report)
    problems = _check_results(sources, results)
    expanded: dict[str, dict[PurePosixPath, str]] = {}
    for lang in LANGS:
        expanded[lang] = {}
        for path, text in sources.pages[lang].items():
            try:
                source = f"docs/{lang}/{path}"
                expanded[lang][path] = page.expand(text, lang, sources.snippets, results, source)
            except SiteError as error:
                problems += error.problems
    questions: dict[str, list[cards.Card]] = {}
    for lang in LANGS:
        try:
            expanded[lang], questions[lang] = cards.fill(expanded[lang], lang, f"docs/{lang}")
        except SiteError as error:
            problems += error.problems
    if problems:
        raise SiteError(problems)
    finished, katex = _typeset(project, sources, expanded)
    assets = {lang: dict(katex) for lang in LANGS}
    for lang in LANGS:
        if questions[lang]:
            deck = project.cache / "decks" / f"{lang}.apkg"
            cards.write_deck(questions[lang], lang, home + {"zh": "", "en": "en/"}[lang], deck)
            assets[lang][cards.DECK_FILE] = deck
    return Pages(finished, assets, questions)


def _check(pages, snippets: set[str], project: Project, snippets_broken: bool) -> list[Problem]:
    """Everything that can be known before a program runs."""
    problems: list[Problem] = []
    used: set[str] = set()
    sound: dict[str, set[PurePosixPath]] = {lang: set() for lang in LANGS}
    for lang in LANGS:
        other = LANGS[1 - LANGS.index(lang)]
        for path, text in pages[lang].items():
            source = f"docs/{lang}/{path}"
            if path not in pages[other]:
                problems.append(Problem(source, 0, f"this page is missing in {other}: docs/{other}/{path}"))
            try:
                blocks = page.blocks(text, source)
                used |= {block.name for block in blocks}
                quotes = page.quotes(text, source)
                formulas.find(text)
                cards.read(text, path, source)
                cards.shows(text, source)
            except SiteError as error:
                problems += error.problems
                continue
            except formulas.FormulaError as error:
                problems.append(Problem(source, error.line, error.reason))
                continue
            sound[lang].add(path)
            if not snippets_broken:
                for name, line in [(b.name, b.start + 1) for b in blocks] + [(q.name, q.line) for q in quotes]:
                    if name not in snippets:
                        problems.append(Problem(source, line, f"there is no snippet {name}.py"))
    if not snippets_broken:
        for name in sorted(snippets - used):
            problems.append(Problem(f"snippets/{name}.py", 0, "this snippet is on no page"))
    for path in sorted(sound["zh"] & sound["en"]):
        problems += page.compare(pages["zh"][path], pages["en"][path], path, project.docs.name)
    return problems


def _check_results(sources: Sources, results) -> list[Problem]:
    """What only a run can show: Latin words left in a Chinese figure, and languages that print differently."""
    problems = []
    for name, source in sources.snippets.items():
        zh, en = results[name, "zh"], results[name, "en"]
        if zh.stdout != en.stdout:
            problems.append(Problem(source.path, 0, "prints different text in Chinese and in English"))
        for figure in zh.figures:
            for text in [figure.label, *re.findall(r"<text[^>]*>([^<]*)", figure.svg)]:
                left = snippet.words(text)
                if left:
                    lines = source.text.splitlines()
                    line = next((n for n, code in enumerate(lines, 1) if left[0] in code.split("#zh")[0]), 0)
                    reason = f'the Chinese figure shows {text!r}: no Chinese twin (#zh "…") for {left[0]!r}'
                    problems.append(Problem(source.path, line, reason))
    return problems


def _typeset(project: Project, sources: Sources, expanded):
    """The expanded pages with their formulas as HTML, and KaTeX's files by their path in the site."""
    wanted: dict[tuple[str, bool], tuple[str, int]] = {}
    for lang in LANGS:
        for path, text in sources.pages[lang].items():
            for formula in formulas.find(text):
                wanted.setdefault((formula.latex, formula.display), (f"docs/{lang}/{path}", formula.line))
    katex = project.root / "node_modules/katex"
    try:
        rendered = formulas.render(wanted, project.cache, katex)
    except formulas.RefusedFormulasError as refused:
        raise SiteError(
            Problem(*wanted[key], f"KaTeX refuses {key[0]}: {reason}") for key, reason in refused.errors.items()
        ) from None
    except formulas.FormulaError as error:
        raise SiteError(Problem("node_modules", 0, error.reason)) from None
    finished = {
        lang: {path: formulas.typeset(text, rendered) for path, text in expanded[lang].items()} for lang in LANGS
    }
    folder = project.cache / "katex"
    written = formulas.stylesheet_and_fonts(katex, folder, rendered.values())
    return finished, {ASSETS / file.relative_to(folder).as_posix(): file for file in written}


def stage(project: Project, out: Path, report=None) -> None:
    """Write finished Markdown and assets to OUT/zh and OUT/en, and a configuration for each.

    `mkdocs build -f OUT/zh.yml` builds them without our hooks. Raises SiteError; then OUT is untouched.
    """
    pages = build(project, load(project), report)
    for lang in LANGS:
        folder = out / lang
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(project.docs / lang, folder, ignore=shutil.ignore_patterns("*.md"))
        for path, text in pages.pages[lang].items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        for path, source in pages.assets[lang].items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / path)
        config = project.root / ("mkdocs.yml" if lang == "zh" else f"mkdocs.{lang}.yml")
        relative = os.path.relpath(config, out)
        theme = os.path.relpath(project.root / "overrides", out)
        (out / f"{lang}.yml").write_text(
            f"INHERIT: {json.dumps(relative)}\nhooks: []\nwatch: []\ndocs_dir: {lang}\n"
            f"site_dir: {'site' if lang == 'zh' else 'site/' + lang}\n"
            f"theme:\n  custom_dir: {json.dumps(theme)}\n",
            encoding="utf-8",
        )

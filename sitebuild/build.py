"""From the project's sources to finished Markdown, all pages of both languages at once.

Everything here happens before MkDocs and knows nothing of it: `stage` writes what any builder can read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath

from sitebuild import LANGS
from sitebuild.base import store
from sitebuild.base.problems import Problem, SiteError, shown
from sitebuild.extras import share_picture
from sitebuild.pages import foreign_words, formulas, metadata, notebooks, placeholders, tables
from sitebuild.pages import questions as cards
from sitebuild.programs import pyodide, runner, sweeps
from sitebuild.sources import diagram as diagrams
from sitebuild.sources import page, provenance, snippet

LABS = "labs"  # the folder of the notebooks, below snippets/ and on the site
ASSETS = PurePosixPath("assets/katex")  # KaTeX's style sheet and fonts in the site
SCRIPTS = PurePosixPath("assets")  # our own scripts, see overrides/assets


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
    """All that authors write: snippets, labs and diagrams by name, pages by language and path."""

    snippets: dict[str, snippet.Snippet]
    pages: dict[str, dict[PurePosixPath, str]]
    labs: dict[str, notebooks.Lab]
    diagrams: dict[str, diagrams.Diagram]
    sweeps: dict[tuple[str, str], runner.Result] = field(default_factory=dict)  # see sweeps.py
    tables: dict[tuple[str, str], str] = field(default_factory=dict)  # see tables.py


@dataclass(frozen=True)
class Pages:
    """All that a builder needs: finished Markdown and files to serve beside it, both by language and path."""

    pages: dict[str, placeholders.Whole]
    assets: dict[str, dict[PurePosixPath, Path]]
    cards: dict[str, list[cards.Card]]
    labs: dict[str, dict[PurePosixPath, Path]]  # executed notebooks, for mkdocs-jupyter
    meta: dict[str, dict[PurePosixPath, dict]]  # what templates say of each page and notebook, see metadata.of_pages
    built: dict[str, str | int]  # what the footer says of the build, see provenance.built


def load(project: Project) -> Sources:
    """Read and check every snippet and page. Raises SiteError with everything that is wrong, of all files."""
    sources, problems = survey(project)
    if problems:
        raise SiteError(problems)
    return sources


def survey(project: Project) -> tuple[Sources, list[Problem]]:
    """Every page, every sound snippet and lab, and everything that is wrong with any of them."""
    problems: list[Problem] = []
    snippets: dict[str, snippet.Snippet] = {}
    labs: dict[str, notebooks.Lab] = {}
    named: set[str] = set()  # the sound and the broken ones
    notebooks_in = project.snippets / LABS
    # labs include snippets, so they come last
    for file in sorted(project.snippets.rglob("*.py"), key=lambda file: (notebooks_in in file.parents, file)):
        name = file.relative_to(project.snippets).with_suffix("").as_posix()
        try:
            if notebooks_in in file.parents:
                labs[name] = notebooks.read(file, name, shown(file, project.root), snippets)
            else:
                named.add(name)
                snippets[name] = snippet.read(file, name, shown(file, project.root))
        except SiteError as error:
            problems += error.problems
    drawn: dict[str, diagrams.Diagram] = {}
    named_diagrams: set[str] = set()
    for file in sorted(project.snippets.rglob("*.svg")):
        name = file.relative_to(project.snippets).with_suffix("").as_posix()
        named_diagrams.add(name)
        try:
            drawn[name] = diagrams.read(file, name, shown(file, project.root))
        except SiteError as error:
            problems += error.problems
    if not problems:
        problems += [problem for diagram in drawn.values() for problem in diagrams.check(diagram, snippets)]
    pages: dict[str, dict[PurePosixPath, str]] = {}
    for lang in LANGS:
        folder = project.docs / lang
        pages[lang] = {
            PurePosixPath(file.relative_to(folder).as_posix()): file.read_text(encoding="utf-8")
            for file in sorted(folder.rglob("*.md"))
        }
    swept: dict[tuple[str, str], runner.Result] = {}
    try:
        swept = sweeps.results(project.root)
    except SiteError as error:
        problems += error.problems
    written = tables.read(project.docs)
    problems += _check(pages, named, named_diagrams, {name for name, _ in swept}, written, project)
    return Sources(snippets, pages, labs, drawn, swept, written), problems


def build(
    project: Project,
    sources: Sources,
    report=None,
    home: str = "http://127.0.0.1:8000/",
    repository: str = "",
    shelf: placeholders.Shelf | None = None,
) -> Pages:
    """Run the programs, expand the pages, fill in the questions, typeset the formulas, make the decks.

    `home` is the site's absolute address, for links in decks and notebooks; `repository` that of the code on
    GitHub, from whose branch `notebooks` Colab opens them; `shelf` is where formulas and figures were put before.
    Raises SiteError with all that failed.
    """
    shelf = shelf or placeholders.Shelf()
    # the long ones first, or one worker ends long after the other
    programs = [*(lab.program for lab in sources.labs.values()), *sources.snippets.values()]
    drawing = metadata.drawing(sources.pages["zh"], sources.labs)
    results = runner.run(programs, LANGS, project.cache, evict=True, report=report)
    results |= sources.sweeps
    python = pyodide.published(project.root)
    expanded, problems = expand(sources.pages, sources, results, shelf, runs=bool(python))
    problems += check_results(sources, results)
    questions: dict[str, list[cards.Card]] = {}
    for lang in LANGS:
        try:
            expanded[lang], questions[lang] = cards.fill(expanded[lang], lang, f"docs/{lang}")
        except SiteError as error:
            problems += error.problems
    if problems:
        raise SiteError(problems)
    history = provenance.history(project.root)
    described = {
        lang: metadata.of_pages(sources.pages[lang], expanded[lang], sources.labs, results, lang, history)
        for lang in LANGS
    }
    rendered = render(project, sources.pages, expanded, sources.labs.values())
    for_browsers = python | _browsers(project) if python else {}
    shared = {**_katex(project, rendered), **tables.published(project.docs), **for_browsers}
    assets: dict[str, dict[PurePosixPath, Path]] = {}
    labs: dict[str, dict[PurePosixPath, Path]] = {}
    for lang in LANGS:
        assets[lang] = dict(shared)
        base = home + {"zh": "", "en": "en/"}[lang]
        # links in it lead to `home`: two builds for two addresses may run at once
        folder = project.cache / "made" / _short(f"{home} {repository}") / lang
        for path, text in expanded[lang].items():
            where = notebooks.FOLDER / path.with_suffix(".ipynb")
            assets[lang][where] = _written(folder / where, notebooks.page_to_take_along(text, path, lang, base))
            text = text.rstrip("\n") + "\n\n" + notebooks.links(path, lang, repository) + "\n"
            expanded[lang][path] = formulas.typeset(foreign_words.mark(text, lang), rendered, shelf.put)
        for name, source in sources.snippets.items():
            where = notebooks.PROGRAMS / f"{name}.py"
            assets[lang][where] = _written(folder / where, source.source(lang))
        labs[lang] = {}
        for lab in sources.labs.values():
            where = notebooks.FOLDER / f"{lab.name}.ipynb"
            assets[lang][where] = _written(folder / where, notebooks.lab_to_take_along(lab, lang, base))
            text = notebooks.lab_to_show(lab, lang, results[lab.name, lang], rendered, repository)
            shown_at = folder / "shown" / f"{lab.name}.ipynb"
            labs[lang][PurePosixPath(f"{lab.name}.ipynb")] = _written(shown_at, text)
        if questions[lang]:
            deck = cards.deck(questions[lang], lang, base, project.cache)
            assets[lang][cards.DECK_FILE] = _written(folder / f"{lang}.apkg", deck)
        first = {metadata.picture(path): results[name, lang].figures for path, name in drawing.items()}
        svgs = {where: figures[0].svg for where, figures in first.items() if figures}
        assets[lang] |= share_picture.draw(svgs, project.cache / "pictures", project.root / "node_modules")
    whole = {lang: placeholders.Whole(expanded[lang], shelf) for lang in LANGS}
    return Pages(whole, assets, questions, labs, described, provenance.built(history, len(programs)))


def expand(
    pages: dict[str, dict[PurePosixPath, str]],
    sources: Sources,
    results: dict[tuple[str, str], runner.Result],
    shelf: placeholders.Shelf,
    runs: bool = False,
) -> tuple[dict[str, dict[PurePosixPath, str]], list[Problem]]:
    """The pages with their programs, outputs and numbers, and what is wrong with those left out. What their figures
    hold is put on the `shelf`."""
    expanded: dict[str, dict[PurePosixPath, str]] = {}
    problems: list[Problem] = []
    for lang in LANGS:
        expanded[lang] = {}
        for path, text in pages[lang].items():
            try:
                source = f"docs/{lang}/{path}"
                root = "../" * (len(path.parts) - 1)
                expanded[lang][path] = page.expand(
                    text, lang, sources.snippets, results, source, root, sources.diagrams, runs, shelf.put_drawing
                )
                expanded[lang][path] = tables.fill(expanded[lang][path], lang, sources.tables)
            except SiteError as error:
                problems += error.problems
    return expanded, problems


@lru_cache(maxsize=4096)
def faults(text: str, path: PurePosixPath, source: str) -> tuple[Problem, ...]:
    """What is wrong with one page taken alone: its blocks, quoted values, formulas and questions."""
    problems: list[Problem] = []
    for look in (
        lambda: page.blocks(text, source),
        lambda: page.diagrams(text, source),
        lambda: page.quotes(text, source),
        lambda: formulas.find(text),
        lambda: cards.read(text, path, source),
        lambda: cards.shows(text, source),
        lambda: tables.shows(text, source),
    ):
        try:
            look()
        except SiteError as error:
            problems += error.problems
        except formulas.FormulaError as error:
            problems.append(Problem(source, error.line, error.reason))
    return tuple(problems)


def _check(pages, snippets: set[str], drawn: set[str], swept: set[str], written, project: Project) -> list[Problem]:
    """Everything that can be known before a program runs."""
    problems: list[Problem] = []
    used: set[str] = set()
    used_diagrams: set[str] = set()
    unread = False
    sound: dict[str, set[PurePosixPath]] = {lang: set() for lang in LANGS}
    for lang in LANGS:
        other = LANGS[1 - LANGS.index(lang)]
        for path, text in pages[lang].items():
            source = f"docs/{lang}/{path}"
            if path not in pages[other]:
                problems.append(Problem(source, 0, f"this page is missing in {other}: docs/{other}/{path}"))
            wrong = faults(text, path, source)
            problems += wrong
            if wrong:
                unread = True
                continue
            sound[lang].add(path)
            blocks, drawings = page.blocks(text, source), page.diagrams(text, source)
            used |= {block.name for block in blocks}
            used_diagrams |= {block.name for block in drawings}
            for block in blocks:
                if block.name not in snippets:
                    problems.append(Problem(source, block.start + 1, f"there is no snippet {block.name}.py"))
            problems += tables.missing(text, lang, source, written)
            for quote in page.quotes(text, source):
                if quote.name not in snippets | swept:
                    problems.append(Problem(source, quote.line, f"there is no snippet {quote.name}.py"))
            for block in drawings:
                if block.name not in drawn:
                    problems.append(Problem(source, block.start + 1, f"there is no diagram {block.name}.svg"))
    if not unread:  # else it may stand on a page that cannot be read
        for name in sorted(snippets - used):
            problems.append(Problem(f"snippets/{name}.py", 0, "this snippet is on no page"))
        for name in sorted(drawn - used_diagrams):
            problems.append(Problem(f"snippets/{name}.svg", 0, "this diagram is on no page"))
    for path in sorted(sound["zh"] & sound["en"]):
        problems += page.compare(pages["zh"][path], pages["en"][path], path, project.docs.name)
    return problems


def check_results(sources: Sources, results) -> list[Problem]:
    """What only a run can show: Latin words left in a Chinese figure, and languages that print differently."""
    problems = []
    for name, source in [*sources.snippets.items(), *((n, lab.program) for n, lab in sources.labs.items())]:
        if not all((name, lang) in results for lang in LANGS):
            continue  # did not run
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


def render(
    project: Project,
    pages: dict[str, dict[PurePosixPath, str]],
    expanded: dict[str, dict[PurePosixPath, str]],
    labs: Iterable[notebooks.Lab],
) -> dict[tuple[str, bool], str]:
    """The HTML of every formula by (LaTeX, display). Raises SiteError with each that KaTeX refuses."""
    wanted: dict[tuple[str, bool], tuple[str, int]] = {}
    for lang in LANGS:
        for path, text in pages[lang].items():
            for formula in formulas.find(text):
                wanted.setdefault((formula.latex, formula.display), (f"docs/{lang}/{path}", formula.line))
        for path, text in expanded[lang].items():  # the rows of a diagram's list are on no source page
            for formula in formulas.find(text):
                wanted.setdefault((formula.latex, formula.display), (f"docs/{lang}/{path}", 0))
        for lab in labs:
            for text in (cell[lang] for cell in lab.cells if isinstance(cell, dict)):
                for formula in formulas.find(text):
                    wanted.setdefault((formula.latex, formula.display), (lab.path, 0))
    try:
        return formulas.render(wanted, project.cache, project.root / "node_modules/katex")
    except formulas.RefusedFormulasError as refused:
        raise SiteError(
            Problem(*wanted[key], f"KaTeX refuses a formula: {reason}, in {textwrap.shorten(key[0], 60)}")
            for key, reason in refused.errors.items()
        ) from None
    except formulas.FormulaError as error:
        raise SiteError(Problem("node_modules", 0, error.reason)) from None


def _katex(project: Project, rendered: Mapping[tuple[str, bool], str]) -> dict[PurePosixPath, Path]:
    """KaTeX's style sheet, and the fonts of these formulas, by their path in the site."""
    styles = formulas.stylesheet_and_fonts(project.root / "node_modules/katex", project.cache, rendered.values())
    folder = project.cache / "made/katex"
    return {ASSETS / path: _written(folder / path, data) for path, data in styles.items()}


def _browsers(project: Project) -> dict[PurePosixPath, Path]:
    """What draws in a browser as it does here, by path in the site: our modules, and the font of Chinese labels."""
    made = project.cache / "made"
    font = runner.metrics_font(project.cache)
    return {
        SCRIPTS / "sitebuild.json": _written(made / "sitebuild.json", pyodide.modules()),
        SCRIPTS / "metrics.ttf": _written(made / "metrics.ttf", font),
    }


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _written(file: Path, content: str | bytes) -> Path:
    """`file`, holding `content`; untouched if it did already, so that nobody copies it for nothing."""
    content = content.encode() if isinstance(content, str) else content
    if not file.is_file() or file.read_bytes() != content:
        store.put(file, content)
    return file


def stage(project: Project, out: Path, report=None, home: str = "", repository: str = "") -> None:
    """Write finished Markdown and assets to OUT/zh and OUT/en, and a configuration for each.

    `mkdocs build -f OUT/zh.yml` builds them without our plugin, `zensical build -f OUT/zh.zensical.yml`, which knows
    no notebooks, with the labs as Markdown. Raises SiteError; then OUT is untouched.
    """
    pages = build(project, load(project), report, home, repository)
    for lang in LANGS:
        folder = out / lang
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(project.docs / lang, folder, ignore=shutil.ignore_patterns("*.md"))
        for path, text in pages.pages[lang].items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page.with_meta(text, pages.meta[lang][path]), encoding="utf-8")
        for path, source in [*pages.assets[lang].items(), *pages.labs[lang].items()]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / path)
        for path, source in pages.labs[lang].items():
            text = notebooks.as_markdown(source.read_text(encoding="utf-8"))
            text = page.with_meta(text, pages.meta[lang][path])
            (folder / path.with_suffix(".md")).write_text(text, encoding="utf-8")
        config = project.root / ("mkdocs.yml" if lang == "zh" else f"mkdocs.{lang}.yml")
        relative = os.path.relpath(config, out)
        theme = os.path.relpath(project.root / "overrides", out)
        address = f"site_url: {json.dumps(home + 'en/')}\n" if home and lang == "en" else ""
        (out / f"{lang}.yml").write_text(
            f"INHERIT: {json.dumps(relative)}\nwatch: []\ndocs_dir: {lang}\n{address}"
            f"site_dir: {'site' if lang == 'zh' else 'site/' + lang}\n"
            f"theme:\n  custom_dir: {json.dumps(theme)}\nextra:\n  built: {json.dumps(pages.built)}\n"
            "plugins:\n  sitebuild: {enabled: false}\n"
            "  mkdocs-jupyter:\n    include: [labs/*.ipynb]\n    ignore: [notebooks/labs/*.ipynb]\n"
            f"exclude_docs: {LABS}/*.md\n",
            encoding="utf-8",
        )
        listed = re.search(r"^nav:.*\n(?:[ -].*\n)*", config.read_text(encoding="utf-8"), re.M)[0]
        (out / f"{lang}.zensical.yml").write_text(
            f'INHERIT: {lang}.yml\nexclude_docs: ""\n{listed.replace(".ipynb", ".md")}', encoding="utf-8"
        )

"""From the project's sources to finished Markdown, all pages of both languages at once: the steps, in order.

Everything here happens before MkDocs and knows nothing of it.
"""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from sitebuild import LANGS
from sitebuild.base import store
from sitebuild.base.markdown import scan
from sitebuild.base.problems import Problem, SiteError, collected
from sitebuild.base.words import Words
from sitebuild.extras import anki, share_picture
from sitebuild.pages import editor, foreign_words, formulas, metadata, notebooks, questions, values
from sitebuild.pages import expand as blocks
from sitebuild.pages.context import Context
from sitebuild.programs import pyodide, results, runner, sweeps
from sitebuild.sources import provenance
from sitebuild.sources.project import Project, Sources
from sitebuild.sources.question import Card

ASSETS = PurePosixPath("assets/katex")  # KaTeX's style sheet and fonts in the site
SCRIPTS = PurePosixPath("assets")  # our own scripts, see overrides/assets

Results = Mapping[tuple[str, str], results.Result]  # by name and language
Texts = dict[PurePosixPath, str]  # pages of one language by path
Files = dict[PurePosixPath, Path]  # what stands beside them, by path in the site


@dataclass(frozen=True)
class Pages:
    """All that a builder needs: finished Markdown and files to serve beside it, both by language and path."""

    pages: dict[str, Texts]
    assets: dict[str, Files]
    cards: dict[str, list[Card]]
    labs: dict[str, Files]  # executed notebooks, for mkdocs-jupyter
    meta: dict[str, dict[PurePosixPath, dict]]  # what templates say of each page and notebook, see metadata.of_pages
    built: dict[str, str | int]  # what the footer says of the build, see provenance.built
    words: dict[str, Words]  # what templates and mends of the theme say


def build(
    project: Project,
    sources: Sources,
    ran: Results,
    home: str = "http://127.0.0.1:8000/",
    repository: str = "",
) -> Pages:
    """Expand the pages, typeset the formulas, write what goes with the pages.

    `ran` is what the programs did: see `run`, and `known` for who cannot wait. `home` is the site's absolute address,
    for links in decks and notebooks; `repository` that of the code on GitHub, from whose branch `notebooks` Colab
    opens them. Raises SiteError with all that failed.
    """
    python = pyodide.published(project.root)
    contexts = {lang: Context(words, sources, ran, runs=bool(python)) for lang, words in sources.words.items()}
    expanded, decks, problems = expand(sources.pages, contexts)
    problems += results.check(sources.programs, ran)
    if problems:
        raise SiteError(problems)
    history = provenance.history(project.root)
    meta = {lang: metadata.of_pages(sources, expanded[lang], ran, sources.words[lang], history) for lang in LANGS}
    rendered = render(project, sources.pages, expanded, sources.labs.values())
    shared = shared_files(project, sources, python, rendered)
    pictures = share_pictures(project, sources, ran)
    assets: dict[str, Files] = {}
    labs: dict[str, Files] = {}
    # links in it lead to `home`: two builds for two addresses may run at once
    place = hashlib.sha256(f"{home} {repository}".encode()).hexdigest()[:12]
    for lang in LANGS:
        folder = project.cache / "made" / place / lang
        base = home + {"zh": "", "en": "en/"}[lang]
        made = [*beside(contexts[lang], expanded[lang], base)]
        made += [(path, picture) for (of, path), picture in pictures.items() if of == lang]
        if decks[lang]:
            when = provenance.moment(history)
            made.append((anki.FILE, anki.deck(decks[lang], sources.words[lang], base, when, project.cache)))
        assets[lang] = shared | {path: _written(folder / path, content) for path, content in made}
        labs[lang] = {}
        for lab in sources.labs.values():
            text = notebooks.lab_to_show(lab, sources.words[lang], ran[lab.name, lang], rendered, repository)
            shown_at = folder / "shown" / f"{lab.name}.ipynb"
            labs[lang][PurePosixPath(f"{lab.name}.ipynb")] = _written(shown_at, text)
        for path, text in expanded[lang].items():
            text = text.rstrip("\n") + "\n\n" + notebooks.links(path, sources.words[lang], repository) + "\n"
            expanded[lang][path] = formulas.typeset(foreign_words.mark(text, lang), rendered)
    return Pages(expanded, assets, decks, labs, meta, provenance.built(history, len(sources.programs)), sources.words)


# -- the steps ---------------------------------------------------------------------------------------------


def run(project: Project, sources: Sources, report=None) -> Results:
    """What every program of both languages did, and what the sweeps found."""
    ran = runner.run(sources.programs, LANGS, project.cache, report=report)
    store.evict((project.cache / "programs").glob("*"))
    return ran | sweeps.results(project.root)


def known(project: Project, sources: Sources) -> Results:
    """What every program did, as far as that is known: one that has not run yet has an empty result, which says so."""
    there, missing = results.known(sources.programs, LANGS, project.cache)
    waiting = {(program.name, lang): results.not_run(program, lang) for program, lang in missing}
    return there | waiting | sweeps.results(project.root)


def expand(
    pages: Mapping[str, Texts], contexts: Mapping[str, Context], legible: Mapping[str, Texts] | None = None
) -> tuple[dict[str, Texts], dict[str, list[Card]], list[Problem]]:
    """The pages with their numbers, programs, diagrams and questions; the deck of each language; and what is wrong
    with the pages left out. `legible`: these and others whose questions may be shown."""
    expanded: dict[str, Texts] = {}
    decks: dict[str, list[Card]] = {}
    problems: list[Problem] = []
    for lang, context in contexts.items():
        filled, wrong = with_numbers(pages[lang], context)
        problems += wrong
        asked, unsound = questions.of_pages({**(legible or pages)[lang], **filled}, context.words)
        problems += unsound
        expanded[lang], known = {}, replace(context, cards=asked)
        for path, text in pages[lang].items():
            data = f"\n\n{questions.faq(asked[path], lang)}\n" if asked.get(path) and not unsound else ""
            with collected(problems):
                expanded[lang][path] = blocks.expand(filled.get(path, text), path, known) + data
        decks[lang] = [] if problems else questions.deck(filled, asked)
    return expanded, decks, problems


def with_numbers(pages: Texts, context: Context) -> tuple[Texts, list[Problem]]:
    """The pages with a number for each quoted value, and what is wrong with those left out."""
    filled, problems = {}, []
    for path, text in pages.items():
        with collected(problems):
            filled[path] = values.fill(text, f"docs/{context.lang}/{path}", context.lang, context.results)
    return filled, problems


def render(
    project: Project,
    pages: Mapping[str, Mapping[PurePosixPath, str]],
    expanded: Mapping[str, Mapping[PurePosixPath, str]],
    labs: Iterable[notebooks.Lab],
) -> dict[tuple[str, bool], str]:
    """The HTML of every formula by (LaTeX, display). Raises SiteError with each that KaTeX refuses."""
    texts = [(text, f"docs/{lang}/{path}", True) for lang in LANGS for path, text in pages[lang].items()]
    # the rows of a diagram's list are on no source page
    texts += [(text, f"docs/{lang}/{path}", False) for lang in LANGS for path, text in expanded[lang].items()]
    for lab in labs:
        texts += [(cell[lang], lab.path, False) for lang in LANGS for cell in lab.cells if isinstance(cell, dict)]
    wanted: dict[tuple[str, bool], tuple[str, int]] = {}
    for text, source, has_lines in texts:
        for formula in scan(text).formulas:
            wanted.setdefault((formula.latex, formula.display), (source, formula.line if has_lines else 0))
    try:
        return formulas.render(wanted, project.cache, project.root / "node_modules/katex")
    except formulas.RefusedFormulasError as refused:
        raise SiteError(
            Problem(*wanted[key], f"KaTeX refuses a formula: {reason}, in {textwrap.shorten(key[0], 60)}")
            for key, reason in refused.errors.items()
        ) from None


def beside(context: Context, expanded: Texts, home: str):
    """What a reader of one language may take along, and what explorables load: (path in the site, content)."""
    lang, sources = context.lang, context.sources
    for path, text in expanded.items():
        if path.name == "index.md" and len(path.parts) > 1:
            made = notebooks.chapter_to_take_along(path, expanded, lang, home)
        else:
            made = notebooks.page_to_take_along(text, path, lang, home)
        yield notebooks.FOLDER / path.with_suffix(".ipynb"), made
    for name, source in sources.snippets.items():
        yield notebooks.PROGRAMS / f"{name}.py", source.source(lang)
    for lab in sources.labs.values():
        yield notebooks.FOLDER / f"{lab.name}.ipynb", notebooks.lab_to_take_along(lab, lang, home)
        if data := context.results[lab.name, lang].values.get("explorable"):
            yield SCRIPTS / "explorables" / f"{PurePosixPath(lab.name).name}.json", json.dumps(data)


def share_pictures(project: Project, sources: Sources, ran: Results) -> dict[tuple[str, PurePosixPath], bytes]:
    """What a link to a page shows, by language and path in the site: the first figure of those that have one."""
    drawing = metadata.drawing(sources.pages["zh"], sources.labs)
    first = {
        (lang, metadata.picture(path)): ran[name, lang].figures for path, name in drawing.items() for lang in LANGS
    }
    svgs = {where: figures[0].svg for where, figures in first.items() if figures}
    return share_picture.draw(svgs, project.cache / "pictures", project.root / "node_modules")


def shared_files(project: Project, sources: Sources, python: Files, rendered: Mapping[tuple[str, bool], str]) -> Files:
    """What both languages serve: KaTeX's style sheet and the fonts of these formulas, Python for browsers, what
    draws there as here and the editor, licences and the bill of materials."""
    made = project.cache / "made"
    files = formulas.stylesheet_and_fonts(project.root / "node_modules/katex", project.cache, rendered.values())
    shared = {ASSETS / path: _written(made / "katex" / path, data) for path, data in files.items()}
    shared |= sources.published | python
    if python:
        font = results.metrics_font(project.cache)
        shared[SCRIPTS / "sitebuild.json"] = _written(made / "sitebuild.json", pyodide.modules())
        script = editor.bundled(project.root / "node_modules", project.cache)
        shared[SCRIPTS / "run-editor.js"] = _written(made / "run-editor.js", script)
        shared[SCRIPTS / "metrics.ttf"] = _written(made / "metrics.ttf", font)
    return shared


def _written(file: Path, content: str | bytes) -> Path:
    """`file`, holding `content`; untouched if it did already, so that nobody copies it for nothing."""
    content = content.encode() if isinstance(content, str) else content
    if not file.is_file() or file.read_bytes() != content:
        store.put(file, content)
    return file

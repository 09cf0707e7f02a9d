"""What each page says of itself to search engines, and to those who are sent its link: templates write it down.

Questions as data for search engines: see pages/questions.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import PurePosixPath

from sitebuild import LANGS
from sitebuild.base.words import Words
from sitebuild.pages import notebooks
from sitebuild.pages.program import first_alt
from sitebuild.programs.results import Result
from sitebuild.sources import page, style
from sitebuild.sources.blocks import DRAWN, named
from sitebuild.sources.lab import Lab
from sitebuild.sources.project import Sources
from sitebuild.sources.provenance import History

PICTURES = PurePosixPath("pictures")
HOME = PurePosixPath("index.md")


def drawing(pages: Mapping[PurePosixPath, str], labs: Mapping[str, Lab]) -> dict[PurePosixPath, str]:
    """For each page and lab that has a figure, the program that draws its first one. `pages` of one language."""
    first = {path: page.picture_of(text, str(path)) for path, text in pages.items()}
    first |= {_notebook(name): name for name in labs}
    return {path: name for path, name in first.items() if name}


def picture(path: PurePosixPath) -> PurePosixPath:
    """Where the site keeps the picture of a page."""
    return PICTURES / path.with_suffix(".png")


def of_pages(
    sources: Sources,
    expanded: Mapping[PurePosixPath, str],
    results: Mapping[tuple[str, str], Result],
    words: Words,
    history: History,
) -> dict[PurePosixPath, dict]:
    """What the templates are told of each page and lab of one language, besides what its author says.

    `picture`, `picture_alt`: the file and the alt text of its first figure, or of the home page's if no program of the
    page draws any;
    `changed`: by language, the date of the last change of its text or of a program that it shows, where that is
    known; `names`: the words that the glossary explains by it; `description`: for a lab. Raises SiteError, see
    `notebooks.first_alt`.
    """
    lang, labs, pages = words.lang, sources.labs, sources.pages[words.lang]
    drawn = drawing(pages, labs)
    alts = {path: first_alt(text) if path in drawn else "" for path, text in expanded.items()}
    alts |= {_notebook(name): notebooks.first_alt(lab, words, results[name, lang]) for name, lab in labs.items()}
    programs = {path: [block.name for block in named(text, str(path), *DRAWN)] for path, text in pages.items()}
    programs |= {_notebook(name): [name] for name in labs}
    meta: dict[PurePosixPath, dict] = {}
    for path in alts:
        shown = path if alts[path] else HOME
        meta[path] = {"picture": str(picture(shown)), "picture_alt": alts[shown]} if alts.get(shown) else {}
        files = [f"snippets/{name}.py" for name in programs[path]]
        dates = {to: max(history.changed.get(f, "") for f in [f"docs/{to}/{path}", *files]) for to in LANGS}
        meta[path]["changed"] = {to: date for to, date in dates.items() if date}
    for ours, to, theirs, others in style.entries(pages.get(style.GLOSSARY, ""), words):
        path = PurePosixPath(posixpath.normpath(style.GLOSSARY.parent / to.partition("#")[0]))
        meta.get(path, {}).setdefault("names", []).extend([ours, theirs, *others])
    for name, lab in labs.items():
        meta[_notebook(name)]["description"] = notebooks.description(lab, lang)
    return meta


def _notebook(name: str) -> PurePosixPath:
    return PurePosixPath(f"{name}.ipynb")

"""Notebooks: labs as their authors write them (sources/lab) become pages, and any page something to take along."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from sitebuild.base.html_elements import elements
from sitebuild.base.markdown import Page, replace, scan
from sitebuild.base.markdown_blocks import ATTRIBUTES, BOXED, CODE, COMMENT, RAW
from sitebuild.base.problems import Problem, SiteError
from sitebuild.base.words import Words
from sitebuild.pages import foreign_words, formulas
from sitebuild.pages.links import absolute, served
from sitebuild.pages.plain_text import plain
from sitebuild.pages.program import EXPECTED_OUTPUT, alt_text, unfolded
from sitebuild.programs.results import Result
from sitebuild.sources.lab import Lab

DESCRIPTION = {"zh": 90, "en": 200}  # characters that search engines have room for, about
FIGURES = (["plot"], ["diagram"])  # the classes of what a program draws, and of a diagram
UNWRAPPED = {"data": "", "details": "", "summary": "### "}  # tags that a notebook does without, and what comes instead


def notebook(cells: list[dict], lang: str) -> str:
    """A notebook's JSON. Deterministic: cells are numbered, not named at random."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    data = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "lang": lang,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def markdown_cell(text: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code_cell(source: str, outputs: list[dict] | None = None, count: int | None = None) -> dict:
    return {
        "cell_type": "code", "execution_count": count, "metadata": {}, "outputs": outputs or [], "source": source
    }  # fmt: skip


def lab_to_take_along(lab: Lab, lang: str, home: str) -> str:
    """The lab as a reader downloads it: text, formulas in LaTeX, code; no outputs; links lead to the site."""
    code, where = lab.code(lang), PurePosixPath(f"{lab.name}.md")
    cells = []
    for cell in lab.cells:
        if isinstance(cell, dict):
            cells.append(markdown_cell(absolute(cell[lang], where, home)))
        else:
            cells.append(code_cell(code[cell]))
    return notebook(cells, lang)


def lab_to_show(lab: Lab, words: Words, result: Result, rendered: Mapping, repository: str) -> str:
    """The lab with its outputs, formulas typeset: what mkdocs-jupyter turns into a page."""
    lang = words.lang
    code, drawn, cells = lab.code(lang), iter(result.figures), []
    for cell in lab.cells:
        if isinstance(cell, dict):
            text = served(cell[lang], PurePosixPath(f"{lab.name}.md"))
            cells.append(markdown_cell(formulas.typeset(foreign_words.mark(text, lang), rendered)))
            continue
        stdout, figures = result.cells[cell]
        outputs: list[dict] = []
        if stdout:
            outputs.append({"output_type": "stream", "name": "stdout", "text": stdout})
        for _ in range(figures):
            figure = next(drawn)
            title = html.escape(_said_of_figure(lab, cell, words))
            picture = figure.svg.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
            picture = f'<figure class="plot" data-search-exclude>{picture}</figure>'
            outputs.append({"output_type": "display_data", "metadata": {}, "data": {"text/html": picture}})
        cells.append(code_cell(code[cell], outputs, cell + 1))
    file = f"{lab.name}.ipynb"
    take, download = words["notebook.take"], words["notebook.download"]
    line = f'{take} <a href="../../{FOLDER}/{file}" download="">{download}</a>'
    address = colab_address(PurePosixPath(f"{lab.name}.md"), lang, repository)
    if address:
        line += f' · <a href="{address}">{words["notebook.colab"]}</a>'
    cells.append(markdown_cell(f'<p class="take-along" data-search-exclude>{line}</p>'))
    return notebook(cells, lang)


def as_markdown(shown: str) -> str:
    """A lab's page for builders that know no notebooks; `shown` is what `lab_to_show` gives."""
    parts = []
    for cell in json.loads(shown)["cells"]:
        source = "".join(cell["source"])
        parts.append(source if cell["cell_type"] == "markdown" else _fenced("python", source))
        for output in cell.get("outputs", ()):
            text = "".join(output["text"] if "text" in output else output["data"]["text/html"])
            parts.append(_fenced("", text.rstrip()) if "text" in output else text)
    return "\n\n".join(parts) + "\n"


def _fenced(info: str, text: str) -> str:
    """The text as a fenced block, whatever marks stand in it."""
    marks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{marks}{info}\n{text}\n{marks}"


def description(lab: Lab, lang: str) -> str:
    """What search engines show: the first paragraph below the title, as many sentences as they have room for."""
    first = next(cell for cell in lab.cells if isinstance(cell, dict))
    said = ""
    for sentence in re.findall(r".+?(?:[\u3002\uff1f\uff01]|[.?!](?= |$)|$) ?", plain(first[lang].split("\n\n")[1])):
        if said and len(said + sentence.rstrip()) > DESCRIPTION[lang]:
            break
        said += sentence
    return said.rstrip()


def first_alt(lab: Lab, words: Words, result: Result) -> str:
    """The alt text of the lab's first figure; "" if it draws none. Raises SiteError, see `lab_to_show`."""
    drawing = (n for n, (_, figures) in enumerate(result.cells) if figures)
    return next((_said_of_figure(lab, n, words) for n in drawing), "")


def _said_of_figure(lab: Lab, cell: int, words: Words) -> str:
    """What the comment in a code cell, by number, says of its figure. Raises SiteError where none does."""
    begins = re.escape(words["notebook.figure"])
    said = re.search(rf"^# {begins}(?P<text>.+(?:\n# .+)*)", lab.code(words.lang)[cell], re.M)
    if not said:
        first = lab.code("en")[cell].strip("\n").split("\n")[0]
        english = [line.rstrip() for line in lab.program.text.split("\n")]
        line = lab.lines[english.index(first)] if first in english else 0
        reason = (
            f"the cell draws a figure: say what it shows, in a comment that begins with {words['notebook.figure']!r}"
        )
        raise SiteError([Problem(lab.path, line, reason)])
    return alt_text(said["text"].replace("\n# ", " "))


@lru_cache(4096)  # in a preview all but one are as they were
def page_to_take_along(expanded: str, path: PurePosixPath, lang: str, home: str) -> str:
    """A page, expanded but not typeset, as a notebook: its prose, equations and programs in order."""
    scanned = scan(_bare(scan(unfolded(expanded))))
    cells, at = [], 0
    for program in (fence for fence in scanned.fences if fence.info == "python" and not fence.prefix):
        cells += _prose_cell(scanned.text[at : program.start], path, home)
        cells.append(code_cell(program.body.rstrip("\n")))
        at = program.end
    return notebook(cells + _prose_cell(scanned.text[at:], path, home), lang)


def chapter_to_take_along(index: PurePosixPath, expanded: Mapping[PurePosixPath, str], lang: str, home: str) -> str:
    """All pages that lie beside a chapter's first, as one notebook, in the order in which that names them."""
    beside = [path for path in expanded if path.parent == index.parent and path != index]
    beside.sort(key=lambda path: expanded[index].find(f"({path.name})"))
    pages = [json.loads(page_to_take_along(expanded[path], path, lang, home))["cells"] for path in beside]
    return notebook([cell for cells in pages for cell in cells], lang)


def _prose_cell(text: str, path: PurePosixPath, home: str) -> list[dict]:
    """One cell, or none for a text that is blank."""
    return [markdown_cell(absolute(_quoted(text), path, home).strip("\n"))] if text.strip() else []


def _bare(scanned: Page) -> str:
    """The page without what no notebook needs: front matter, figures, buttons, output, scripts, ids of headings. The
    question on a card becomes a heading."""
    text = scanned.text
    changes = [(0, scanned.body_start, "")]
    for one in elements(scanned.without(keep=(RAW,))):
        if one.name == "script" or (one.name == "figure" and one.classes[:1] in FIGURES):
            changes.append((one.start, one.end, ""))
        elif one.name == "span" and one.classes == ["run"]:
            line = text.rfind("\n", 0, one.start) + 1, text.find("\n", one.end) + 1
            changes.append((*line, ""))
        elif one.name in UNWRAPPED:
            changes += [(one.start, one.inner[0], UNWRAPPED[one.name]), (one.inner[1], one.end, "")]
    for heading in scanned.headings:
        line = text[heading.start : heading.end].split("\n")[0]
        if listed := ATTRIBUTES.search(line):
            changes.append((heading.start + listed.start(), heading.start + listed.end(), ""))
    for mark, output in zip(scanned.spans, scanned.spans[1:], strict=False):
        if mark.kind == COMMENT and text[mark.start : mark.end] == EXPECTED_OUTPUT:
            changes.append((mark.start, output.end, ""))
    return replace(text, changes)


def _quoted(markdown: str) -> str:
    """Boxes as block quotes: what every notebook shows."""
    lines, prose = markdown.split("\n"), scan(markdown).without(keep=(CODE,)).split("\n")
    out, at = [], 0
    while at < len(lines):
        if not BOXED.match(prose[at]):
            out.append(lines[at])
            at += 1
            continue
        begins = (n for n in range(at + 1, len(lines)) if lines[n].strip() and not re.match(" {4}|\t", lines[n]))
        end = next(begins, len(lines))
        body = "\n".join(re.sub("^(?: {4}|\t)", "", line) for line in lines[at + 1 : end])
        title, kind = re.search('"(.*)"', lines[at]), re.search(r"[\w-]+", lines[at])
        said = title[1] if title else kind[0].capitalize()
        quoted = [f"**{said}**", "", *_quoted(body).rstrip("\n").split("\n")] if said else [body]
        out += [f"> {line}".rstrip() for line in quoted] + [""] * (len(body) - len(body.rstrip("\n")))
        at = end
    return "\n".join(out)


# -- links -------------------------------------------------------------------------------------------------

FOLDER, PROGRAMS = PurePosixPath("notebooks"), PurePosixPath("programs")  # where the site keeps them


def links(path: PurePosixPath, words: Words, repository: str) -> str:
    """The line below a page that offers its notebook; Colab reads from GitHub only, so not without `repository`."""
    root = "../" * (len(path.parts) - 1)
    take, download = words["notebook.take"], words["notebook.download"]
    line = f'{take} [{download}]({root}{FOLDER}/{path.with_suffix(".ipynb")}){{ download="" }}'
    address = colab_address(path, words.lang, repository)
    if address:
        line += f" · [{words['notebook.colab']}]({address})"
    return line + '\n{ .take-along data-search-exclude="" }'


def colab_address(path: PurePosixPath, lang: str, repository: str) -> str:
    """Where Colab opens a page's notebook: the deploy workflow keeps them on the branch `notebooks`."""
    found = re.match(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?$", repository)
    if not found:
        return ""
    return f"https://colab.research.google.com/github/{found[1]}/blob/notebooks/{lang}/{path.with_suffix('.ipynb')}"

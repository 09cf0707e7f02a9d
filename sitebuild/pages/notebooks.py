"""Notebooks: a lab, written as one bilingual program in cells, and any page as something to take along.

A lab is a file snippets/labs/*.py in the percent format. Text cells come in pairs; code is bilingual like a snippet's;
a line `# include lstm/backward: forward as lstm_forward` in a code cell stands for that function of that snippet:

    # %% [markdown] en           # %% [markdown] zh            # %%
    # # A title                  # # 标题                       plt.xlabel("update")  #zh "更新次数"
"""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from sitebuild import LANGS
from sitebuild.base.problems import Problem, SiteError
from sitebuild.pages import foreign_words, formulas, questions
from sitebuild.pages.expand import EXPECTED_OUTPUT, alt_text
from sitebuild.programs.runner import Result
from sitebuild.sources import page, snippet
from sitebuild.sources.snippet import Snippet

MARK = re.compile(r"^# %%(?: \[markdown\] (?P<lang>\w+))?\s*$")
# what a figure shows, said in a comment of its cell: its alt text
SHOWS = re.compile(r"^# (?:The figure: |图：)(?P<text>.+(?:\n# .+)*)", re.M)
INCLUDE = re.compile(r"^# include (?P<name>[\w/]+): (?P<functions>[\w, ]+)$")
DESCRIPTION = {"zh": 90, "en": 200}  # characters that search engines have room for, about
ANSWER = re.compile(r'^(?P<mark>!!!|\?\?\?\+?) [\w -]+? ?"(?P<title>.*)"\s*$')


@dataclass(frozen=True)
class Lab:
    """One lab. `program`: all its code as one snippet; `cells`: Markdown by language, or the number of a code cell."""

    name: str
    path: str
    program: Snippet
    cells: tuple[dict[str, str] | int, ...]
    lines: tuple[int, ...]  # for each line of the program's text, the line of the file that it comes from

    def code(self, lang: str) -> list[str]:
        """The source of each code cell in one language."""
        lines = self.program.source(lang).split("\n")
        bounds = [*self.program.cells(lang), len(lines) + 1]
        return ["\n".join(lines[a - 1 : b - 1]).strip("\n") for a, b in zip(bounds, bounds[1:], strict=False)]


def read(file: Path, name: str, path: str, snippets: Mapping[str, Snippet]) -> Lab:
    """Read the lab in `file`. Raises SiteError with every fault: cells, twins, includes."""
    return parse(file.read_text(encoding="utf-8"), name, path, snippets)


def parse(text: str, name: str, path: str, snippets: Mapping[str, Snippet]) -> Lab:
    """Split the text of a lab into cells and take in what it includes. Raises SiteError, see `read`."""
    problems: list[Problem] = []
    cells: list[dict[str, str] | int] = []
    code: list[tuple[str, int]] = []  # the lines of all code cells and the line of the file each comes from
    starts: list[int] = []
    for lang, line, body in _sections(text):
        if lang is None:
            cells.append(len(starts))
            starts.append(len(code) + 1)
            for offset, content in enumerate(body, line + 1):
                included = INCLUDE.match(content)
                if not included:
                    code.append((content, offset))
                    continue
                try:
                    taken = _included(included["name"], included["functions"], snippets)
                    if len(code) >= starts[-1] and code[-1][0]:
                        code += [("", offset)] * 2
                    code += [(one, offset) for one in taken]
                except LookupError as error:
                    problems.append(Problem(path, offset, error.args[0]))
            continue
        if lang not in LANGS:
            problems.append(Problem(path, line, f"a text cell names its language, zh or en: # %% [markdown] {lang}"))
            continue
        stray = next((n for n, content in enumerate(body, line + 1) if content and not content.startswith("#")), 0)
        if stray:
            problems.append(Problem(path, stray, "a line of a text cell begins with #"))
        markdown = "\n".join(content.removeprefix("#").removeprefix(" ") for content in body).strip("\n")
        if lang == "zh":  # a line break would show as a space
            markdown = re.sub(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])", "", markdown)
        last = cells[-1] if cells else None
        if isinstance(last, dict) and set(last) != set(LANGS) and lang not in last:
            last[lang] = markdown
        else:
            cells.append({lang: markdown})
    for cell in cells:
        if isinstance(cell, dict) and set(cell) != set(LANGS):
            (there,) = cell
            first = cell[there].split("\n")[0]
            line = next((n for n, one in enumerate(text.split("\n"), 1) if first and one.endswith(first)), 0)
            problems.append(Problem(path, line, f"this text cell has no twin in the other language: {first!r}"))
    try:
        program = snippet.parse("".join(line + "\n" for line, _ in code), name, path, tuple(starts))
    except SiteError as error:
        problems += [Problem(path, code[p.line - 1][1] if p.line else 0, p.reason, p.detail) for p in error.problems]
    if problems:
        raise SiteError(problems)
    return Lab(name, path, program, tuple(cells), tuple(line for _, line in code))


def _sections(text: str):
    """(language or None for code, line of the mark, lines) of each cell."""
    lines = text.rstrip("\n").split("\n")
    marks = [(n, m) for n, line in enumerate(lines) if (m := MARK.match(line))]
    for (at, mark), (after, _) in zip(marks, [*marks[1:], (len(lines), None)], strict=True):
        yield mark["lang"], at + 1, lines[at + 1 : after]


def _included(name: str, functions: str, snippets: Mapping[str, Snippet]) -> list[str]:
    """The bilingual lines of functions of a snippet, renamed as asked. Raises LookupError."""
    if name not in snippets:
        raise LookupError(f"there is no snippet {name}.py to include from")
    text = snippets[name].text
    defined = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    lines, out = text.split("\n"), []
    for wanted in functions.split(","):
        function, _, new = (part.strip() for part in wanted.partition(" as "))
        if function not in defined:
            raise LookupError(f"{name}.py has no function {function!r}; it has {', '.join(defined)}")
        node = defined[function]
        body = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        out += [*(["", ""] if out else []), *re.sub(rf"\b{function}\b", new or function, body).split("\n")]
    return out


# -- notebooks ---------------------------------------------------------------------------------------------


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


def lab_to_show(lab: Lab, lang: str, result: Result, rendered: Mapping, repository: str) -> str:
    """The lab with its outputs, formulas typeset: what mkdocs-jupyter turns into a page."""
    code, drawn, cells = lab.code(lang), iter(result.figures), []
    for cell in lab.cells:
        if isinstance(cell, dict):
            text = re.sub(r"\]\((?!\w+:)([\w./-]+?)\.(?:md|ipynb)(#[\w-]+)?\)", r"](../\1/\2)", cell[lang])
            cells.append(markdown_cell(formulas.typeset(foreign_words.mark(text, lang), rendered)))
            continue
        stdout, figures = result.cells[cell]
        outputs: list[dict] = []
        if stdout:
            outputs.append({"output_type": "stream", "name": "stdout", "text": stdout})
        for _ in range(figures):
            figure = next(drawn)
            title = html.escape(_said_of_figure(lab, cell, lang))
            picture = figure.svg.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
            picture = f'<figure class="plot" data-search-exclude>{picture}</figure>'
            outputs.append({"output_type": "display_data", "metadata": {}, "data": {"text/html": picture}})
        cells.append(code_cell(code[cell], outputs, cell + 1))
    file = f"{lab.name}.ipynb"
    line = f'{SAYS[lang][0]} <a href="../../{FOLDER}/{file}" download="">{SAYS[lang][1]}</a>'
    address = colab_address(PurePosixPath(f"{lab.name}.md"), lang, repository)
    if address:
        line += f' · <a href="{address}">{SAYS[lang][2]}</a>'
    cells.append(markdown_cell(f'<p class="take-along" data-search-exclude>{line}</p>'))
    return notebook(cells, lang)


def as_markdown(shown: str) -> str:
    """A lab's page for builders that know no notebooks; `shown` is what `lab_to_show` gives."""
    parts = []
    for cell in json.loads(shown)["cells"]:
        source = "".join(cell["source"])
        parts.append(source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```")
        for output in cell.get("outputs", ()):
            text = "".join(output["text"] if "text" in output else output["data"]["text/html"])
            parts.append(f"```\n{text.rstrip()}\n```" if "text" in output else text)
    return "\n\n".join(parts) + "\n"


def description(lab: Lab, lang: str) -> str:
    """What search engines show: the first paragraph below the title, as many sentences as they have room for."""
    first = next(cell for cell in lab.cells if isinstance(cell, dict))
    said = ""
    for sentence in re.findall(r".+?(?:[。？！]|[.?!](?= |$)|$) ?", questions.plain(first[lang].split("\n\n")[1])):
        if said and len(said + sentence.rstrip()) > DESCRIPTION[lang]:
            break
        said += sentence
    return said.rstrip()


def first_alt(lab: Lab, lang: str, result: Result) -> str:
    """The alt text of the lab's first figure; "" if it draws none. Raises SiteError, see `lab_to_show`."""
    drawing = (n for n, (_, figures) in enumerate(result.cells) if figures)
    return next((_said_of_figure(lab, n, lang) for n in drawing), "")


# -- what mkdocs-jupyter makes of it -----------------------------------------------------------------------

HEADING = re.compile(r"<h([1-6])[^>]*>(.*?)(?:<a class=\"anchor-link\".*?</a>)?</h\1>", re.S)


# its code and output in the markup of our other pages; nothing for its prompts, copy buttons, style and scripts
OURS = (
    (r"<style.*?</style>|<script.*?</script>|<link [^>]*>", ""),
    (r'<div class="zeroclipboard-container">.*?</clipboard-copy>\s*</div>', ""),
    (r'<div class="clipboard-copy-txt".*?</div>', ""),
    (r'<div class="jp-\w*Prompt[^>]*>.*?</div>|<div class="jp-Collapser[^>]*>\s*</div>', ""),
    (
        r'<div class="highlight-ipynb hl-python"><pre><span></span>(.*?)</pre></div>',
        r'<div class="language-python highlight"><pre><span></span><code>\1</code></pre></div>',
    ),
    (
        r'<div class="jp-RenderedText[^>]*>\s*<pre>(.*?)</pre>\s*</div>',
        r'<div class="language-text highlight"><pre><span></span><code>\1</code></pre></div>',
    ),
    (r' tabindex="0"', ""),
)


def tidy(made: str, slugify) -> tuple[str, list[tuple[int, str, str]]]:
    """mkdocs-jupyter's HTML without its 570 kB of style and its scripts, and with an id on every heading.

    It leaves Chinese headings without one. `slugify(text, separator)` makes ids, as for all other pages.
    Returns the HTML, and (level, id, text) of each heading, for the table of contents.
    """
    for pattern, instead in OURS:
        made = re.sub(pattern, instead, made, flags=re.S)
    headings: list[tuple[int, str, str]] = []

    def named(match: re.Match) -> str:
        text = re.sub(r"<[^>]+>", "", match[2]).strip()
        name = base = slugify(html.unescape(text), "-") or "section"
        while name in {taken for _, taken, _ in headings}:
            name = f"{base}_{sum(taken.startswith(base) for _, taken, _ in headings)}"
        headings.append((int(match[1]), name, text))
        return f'<h{match[1]} id="{name}">{match[2]}<a class="headerlink" href="#{name}">&para;</a></h{match[1]}>'

    return HEADING.sub(named, made), headings


def _said_of_figure(lab: Lab, cell: int, lang: str) -> str:
    """What the comment in a code cell, by number, says of its figure. Raises SiteError where none does."""
    said = SHOWS.search(lab.code(lang)[cell])
    if not said:
        first = lab.code("en")[cell].strip("\n").split("\n")[0]
        english = [line.rstrip() for line in lab.program.text.split("\n")]
        line = lab.lines[english.index(first)] if first in english else 0
        reason = "the cell draws a figure: say what it shows, '# The figure: …' and its twin '#zh 图：…'"
        raise SiteError([Problem(lab.path, line, reason)])
    return alt_text(said["text"].replace("\n# ", " "))


@lru_cache(maxsize=4096)
def page_to_take_along(expanded: str, path: PurePosixPath, lang: str, home: str) -> str:
    """A page, expanded but not typeset, as a notebook: its prose, equations and programs in order."""
    text = re.sub(r"\A---\n.*?\n---\n", "", expanded, flags=re.S)
    text = re.sub(r'<figure class="(?:plot|diagram)".*?</figure>|<script.*?</script>', "", text, flags=re.S)
    text = re.sub(rf"{EXPECTED_OUTPUT}\n\n```text\n.*?^```$", "", text, flags=re.S | re.M)
    text = re.sub(r'^<span class="run".*$\n', "", text, flags=re.M)  # a notebook runs by itself
    text = re.sub(r"<data [^>]*>(.*?)</data>", r"\1", text)
    text = re.sub(r"^(#+ .*?)[ \t]*\{#[\w-]+\}[ \t]*$", r"\1", text, flags=re.M)
    cells = []
    for number, part in enumerate(re.split(r"^```python\n(.*?)^```$", text, flags=re.S | re.M)):
        if number % 2:
            cells.append(code_cell(part.rstrip("\n")))
        elif part.strip():
            cells.append(markdown_cell(absolute(_plain(part), path, home).strip("\n")))
    return notebook(cells, lang)


def _plain(markdown: str) -> str:
    """Boxes as block quotes: what every notebook shows. Details of cards likewise."""
    markdown = re.sub(r"<details[^>]*>\n<summary[^>]*>(.*?)</summary>", r"### \1", markdown).replace("</details>", "")
    out, inside = [], False
    for line in markdown.split("\n"):
        box = ANSWER.match(line)
        if box:
            inside = True
            out.append(f"> **{box['title']}**\n>")
        elif inside and (line.startswith("    ") or not line):
            out.append(("> " + line[4:]).rstrip())
        else:
            if inside and out and out[-1] == ">":
                out[-1] = ""
            inside = False
            out.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out))


def absolute(text: str, path: PurePosixPath, home: str) -> str:
    """Markdown of page `path` with its links to other pages as addresses on the site at `home`."""

    def moved(match: re.Match) -> str:
        link, mark, anchor = match[1].partition("#")
        if "://" in link:
            return match[0]
        target = questions.rebase(f"]({link or path.name})", path, PurePosixPath("x.md"))[2:-1]
        target = re.sub(r"(?:(^|/)index)?\.(?:md|ipynb)$", r"\1", target) or ""
        target += "/" if target and not target.endswith("/") and "." not in target else ""
        return match[0].replace(match[1], home + target + mark + anchor)

    return page.LINK.sub(moved, text)


# -- links -------------------------------------------------------------------------------------------------

FOLDER, PROGRAMS = PurePosixPath("notebooks"), PurePosixPath("programs")  # where the site keeps them
SAYS = {
    "zh": ("带走这一页：", "下载 Jupyter 笔记本", "在 Colab 中打开"),
    "en": ("Take this page along:", "download as a Jupyter notebook", "open in Colab"),
}


def links(path: PurePosixPath, lang: str, repository: str) -> str:
    """The line below a page that offers its notebook; Colab reads from GitHub only, so not without `repository`."""
    take, download, colab = SAYS[lang]
    root = "../" * (len(path.parts) - 1)
    line = f'{take} [{download}]({root}{FOLDER}/{path.with_suffix(".ipynb")}){{ download="" }}'
    address = colab_address(path, lang, repository)
    if address:
        line += f" · [{colab}]({address})"
    return line + '\n{ .take-along data-search-exclude="" }'


def colab_address(path: PurePosixPath, lang: str, repository: str) -> str:
    """Where Colab opens a page's notebook: the deploy workflow keeps them on the branch `notebooks`."""
    found = re.match(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?$", repository)
    if not found:
        return ""
    return f"https://colab.research.google.com/github/{found[1]}/blob/notebooks/{lang}/{path.with_suffix('.ipynb')}"

"""What mkdocs-jupyter makes of a lab becomes a page like the others: our markup of code and output, ids on headings."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from markdown.extensions.toc import unique

from sitebuild.base.html_elements import Element, elements, words
from sitebuild.base.markdown import replace

UNWANTED = {"style", "script", "link"}  # 570 kB
UNWANTED_CLASSES = re.compile(r"jp-\w*Prompt|jp-Collapser|zeroclipboard-container|clipboard-copy-txt")
OURS = {"hl-python": "python", "jp-RenderedText": "text"}  # the class of its element; the language that we name
HEADING = re.compile("h[1-6]")


def tidy(made: str, slugify: Callable[[str, str], str]) -> tuple[str, list[tuple[int, str, str]]]:
    """mkdocs-jupyter's HTML without its style, scripts, prompts and buttons, and with an id on every heading.

    It leaves Chinese headings without one. `slugify(text, separator)` makes ids, as for all other pages.
    Returns the HTML, and (level, id, text) of each heading, for the table of contents.
    """
    headings: list[tuple[int, str, str]] = []
    changes = []
    found = elements(made)
    for number, one in enumerate(found):
        if one.name in UNWANTED or any(map(UNWANTED_CLASSES.fullmatch, one.classes)):
            changes.append((one.start, one.end, ""))
        elif language := next((OURS[name] for name in one.classes if name in OURS), ""):
            pre = next(inner for inner in found[number:] if inner.name == "pre")
            changes.append((one.start, one.end, _code(made, pre, language)))
        elif HEADING.fullmatch(one.name):
            changes.append((one.start, one.end, _heading(made, one, found[number + 1 :], slugify, headings)))
    return replace(made, changes).replace(' tabindex="0"', ""), headings


def _code(made: str, pre: Element, language: str) -> str:
    inside = made[slice(*pre.inner)].removeprefix("<span></span>")
    return f'<div class="language-{language} highlight"><pre><span></span><code>{inside}</code></pre></div>'


def _heading(made: str, heading: Element, following: list[Element], slugify, headings: list) -> str:
    """The heading with an id of its own; it is added to `headings`."""
    start, end = heading.inner
    anchor = next((one for one in following if one.start < end and "anchor-link" in one.classes), None)
    inside = made[start : anchor.start if anchor else end]
    text = words(inside).strip()
    name = unique(slugify(text, "-") or "section", {id for _, id, _ in headings})
    level = heading.name[1]
    headings.append((int(level), name, html.escape(text, quote=False)))
    return f'<h{level} id="{name}">{inside}<a class="headerlink" href="#{name}">&para;</a></h{level}>'

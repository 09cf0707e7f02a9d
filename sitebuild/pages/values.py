"""Quoted values become numbers: `{{ rnn/spectral:half_life:.1f }}` in prose, in captions and in titles."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from sitebuild.base.markdown import replace, scan
from sitebuild.base.problems import Problem, SiteError
from sitebuild.programs.results import Result
from sitebuild.sources import page

TITLE = re.compile(r"^\s*(#{1,6}\s|!!!|\?\?\?|===)")  # lines that become plain text: headings, titles of boxes


def fill(markdown: str, path: str, lang: str, results: Mapping[tuple[str, str], Result]) -> str:
    """The page with a number for each quoted value: an element that names its source, plain text in titles and
    captions. Raises SiteError with each value that does not exist, is not finite, or that its format does not fit."""
    changes, problems = [], []
    fences = scan(markdown).fences
    for quote in page.quotes(markdown, path):
        line = markdown[markdown.rfind("\n", 0, quote.start) + 1 :]
        plain = bool(TITLE.match(line)) or any(fence.start < quote.start < fence.end for fence in fences)
        try:
            changes.append((quote.start, quote.end, number(quote, lang, results, plain)))
        except (LookupError, ValueError) as error:
            problems.append(Problem(path, quote.line, error.args[0]))
    if problems:
        raise SiteError(problems)
    return replace(markdown, changes)


def number(quote: page.Quote, lang: str, results: Mapping[tuple[str, str], Result], plain: bool) -> str:
    """The text of one quoted value. Raises LookupError or ValueError with the reason."""
    name, value, spec = quote.name, quote.value, quote.format
    if not results[name, lang].ran:
        return "…"
    try:
        found = page.element(results[name, lang].values, value)
    except LookupError as error:
        raise LookupError(f"{name}.py has {error.args[0]}") from None
    if found in ("nan", "inf", "-inf"):
        raise ValueError(f"{name}:{value} is not finite ({found})")
    try:
        text = format(found, spec)
    except (ValueError, TypeError) as error:
        raise ValueError(f"the format {spec!r} does not fit {name}:{value} = {found!r}: {error}") from None
    if isinstance(found, str):
        return html.escape(text)
    shown = typographic(text, plain)
    return shown if plain else f'<data value="{found}" title="{html.escape(f"{name}.py: {value}")}">{shown}</data>'


def typographic(text: str, plain: bool) -> str:
    """A number with a true minus, and 2.7 × 10⁻⁵ instead of 2.7e-05."""
    text = text.replace("-", "−")
    power = "10^{}" if plain else "10<sup>{}</sup>"
    return re.sub(r"e\+?(−?)0*(\d+)$", lambda found: " × " + power.format(found[1] + found[2]), text)

"""A snippet on its page: its figure, its code, its output."""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import replace

import markdown as python_markdown

from sitebuild.base.markdown import scan
from sitebuild.pages.context import Context, Place
from sitebuild.programs.results import Result
from sitebuild.sources.blocks import Block, named
from sitebuild.sources.drill import SOLUTION
from sitebuild.sources.snippet import Snippet

EXPECTED_OUTPUT = "<!--pytest-codeblocks:expected-output-->"
UNFOLDED = 12  # lines; a longer program is folded


def shown(block: Block, place: Place, context: Context) -> str:
    """A snippet: its figure, unless this stands elsewhere on the page, its code, its output. The output comes last, for
    pytest-codeblocks compares it with what the code above it prints."""
    snippet = context.sources.snippets[block.name]
    result = context.results[block.name, context.lang]
    if block.name in [one.name for one in named(place.markdown, "", "figure", "explorable")]:
        result = replace(result, figures=())
    if not result.ran:
        return f"{_code(snippet, context)}\n\n*{context.words['program.waits']}*\n\n{block.caption}".rstrip("\n")
    if result.figures and not block.caption:
        raise ValueError(f"{block.name} draws a figure: the block needs a caption")
    if block.caption and not result.figures:
        raise ValueError(f"{block.name} draws no figure here: the block must not have a caption")
    without_links(block.caption)
    parts = [_figure(block, result, snippet.parameter if context.runs else "", context)] if result.figures else []
    is_drill = block.name + SOLUTION in context.sources.snippets
    code = _code(snippet, context)
    is_short = code.count("\n") - 1 <= UNFOLDED
    is_open = is_short or is_drill or block.fence.prefix or block.argument.endswith(" open")
    parts.append(code if is_open else _folded(code, context))
    parts.append(
        f"{_buttons(block.name, is_drill, context)} [{context.words['program.download']}]"
        f'({place.root}programs/{block.name}.py){{ .program download="" data-search-exclude="" }}'
    )
    if result.stdout:
        parts.append(f"{EXPECTED_OUTPUT}\n\n```text\n{result.stdout.rstrip(chr(10))}\n```")
    return "\n\n".join(parts)


def _folded(code: str, context: Context) -> str:
    """The code in a box that opens."""
    title = context.words["program.folded"].format(lines=code.count("\n") - 1)
    return f'??? program "{title}"\n\n{textwrap.indent(code, "    ")}'


def unfolded(expanded: str) -> str:
    """The page with every program as it stood before it was folded."""
    box = re.compile(r'^\?\?\? program ".*"\n\n((?: {4}.*\n|\n)+)', re.M)
    return box.sub(lambda found: textwrap.dedent(found[1]), expanded)


def figure(block: Block, place: Place, context: Context) -> str:
    """What a program draws, away from its code."""
    result = context.results[block.name, context.lang]
    if not result.ran:
        return f"*{context.words['program.waits']}*\n\n{block.caption}"
    if not (result.figures and block.caption):
        lacks = "a caption" if result.figures else "a program that draws"
        raise ValueError(f"the figure of {block.name} needs {lacks}")
    without_links(block.caption)
    parameter = context.sources.snippets[block.name].parameter if context.runs else ""
    return _figure(block, result, parameter, context)


def explorable(block: Block, place: Place, context: Context) -> str:
    """The first figure of a program, of a lab the last. Where scripts run, overrides/assets/explorables draws in its
    place what the reader asks for: see explorable.js there."""
    result = context.results[block.name, context.lang]
    one = replace(result, figures=result.figures[-1:] if result.cells else result.figures[:1])
    drawn = figure(block, place, replace(context, results={(block.name, context.lang): one}, runs=False))
    drawn = drawn.replace(f'data-snippet="{block.name}"', f'data-explorable="{block.argument.split()[0]}"', 1)
    return drawn.replace(" viewBox=", ' preserveAspectRatio="xMidYMin" viewBox=', 1)  # at the top of its room


def _code(snippet: Snippet, context: Context) -> str:
    return "```python\n" + snippet.source(context.lang).rstrip("\n") + "\n```"


def _buttons(name: str, is_drill: bool, context: Context) -> str:
    """What overrides/assets/site.js copies the program `name` with, folded or not, and, where the site has Python for
    browsers, run.js runs and edits it with."""
    acts = ("program.run", "program.edit") if context.runs else ()
    buttons = [f'<button type="button">{context.words[act]}</button>' for act in acts]
    buttons.append(f'<button type="button" class="copy">{context.words["program.copy"]}</button>')
    run = f' data-run="{name}"{" data-drill" if is_drill else ""}' if context.runs else ""
    return f'<span class="run" data-search-exclude{run}>{" ".join(buttons)}</span>'


def _figure(block: Block, result: Result, parameter: str, context: Context) -> str:
    """One <figure>: the frames, one below the other, and the caption. Holds no blank line: Markdown keeps it whole.

    Several frames get a slider, which style sheet and script (overrides/assets/site.js) bring to life; those of a
    `parameter` that the program names also a field, by which a reader has it draw one more (run.js).
    """
    alt, words = alt_text(block.caption), context.words
    frames = []
    for figure in result.figures:
        label = f"{figure.label}: {alt}" if len(result.figures) > 1 else alt
        described = f'<svg role="img" aria-label="{html.escape(label)}" '
        picture = figure.svg.replace("<svg ", described, 1)
        if len(result.figures) > 1:
            shown = " shown" if not frames else ""
            picture = f'<div class="frame{shown}" data-label="{html.escape(figure.label)}">{picture}</div>'
        frames.append(picture)
    if len(frames) > 1:
        first, last = html.escape(result.figures[0].label), len(frames) - 1
        frames.append(
            f'<label class="slider">{words["figure.frames"]} <b aria-hidden="true">{first}</b>'
            f'<input type="range" min="0" max="{last}" value="0" autocomplete="off" aria-valuetext="{first}"></label>'
        )
        if parameter:
            symbol = html.escape(result.figures[0].label.rpartition("=")[0].strip() or parameter)
            frames.append(
                f'<label class="live">{words["figure.another"]}{symbol} = <input type="number" step="any" '
                f'autocomplete="off" data-parameter="{parameter}"></label>'
            )
    inside = "\n".join([*frames, f"<figcaption>{inline(block.caption)}</figcaption>"])
    return f'<figure class="plot" data-search-exclude data-snippet="{block.name}">\n{inside}\n</figure>'


def without_links(caption: str) -> None:
    """Raises ValueError for a caption with a link."""
    if scan(caption).links:
        raise ValueError("a caption must not hold links: they cannot be read out as alt text")


def inline(caption: str) -> str:
    """The caption as HTML."""
    return python_markdown.markdown(caption).removeprefix("<p>").removesuffix("</p>")


def alt_text(caption: str) -> str:
    """The caption as plain text, for those who hear the page."""
    text = re.sub(r"\\(?:text|mathrm|operatorname)\{([^}]*)\}", r"\1", caption)
    text = re.sub(r"\\([a-zA-Z]+) ?", r"\1 ", text)
    text = re.sub(r"\*\*|[*`]|(?<!\\)\$", "", text).replace("\\$", "$")
    return " ".join(text.split())


def first_alt(expanded: str) -> str:
    """The alt text of the first figure on an expanded page; "" if there is none."""
    found = re.search(r'<svg role="img" aria-label="([^"]*)"', expanded)
    return html.unescape(found[1]) if found else ""

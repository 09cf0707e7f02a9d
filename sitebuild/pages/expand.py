"""A page's blocks become plain Markdown: what each kind becomes is said in EXPANSIONS, at the end. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import markdown as python_markdown

from sitebuild.base.markdown import replace
from sitebuild.base.placeholders import Drawing, in_place
from sitebuild.base.problems import Problem, SiteError
from sitebuild.base.words import Words
from sitebuild.pages import drawings, values
from sitebuild.programs.runner import Result
from sitebuild.sources.blocks import Block, blocks
from sitebuild.sources.diagram import Diagram
from sitebuild.sources.page import LINK
from sitebuild.sources.snippet import Snippet

EXPECTED_OUTPUT = "<!--pytest-codeblocks:expected-output-->"


@dataclass(frozen=True)
class Context:
    """What the blocks of one language's pages are made of.

    `runs` says that the site has what runs a program in a browser; `put_aside` is given each drawing and returns what
    is to stand on the page, see base/placeholders.
    """

    words: Words
    snippets: Mapping[str, Snippet]
    results: Mapping[tuple[str, str], Result]
    diagrams: Mapping[str, Diagram]
    tables: Mapping[tuple[str, str], str]  # by name and language
    runs: bool = False
    put_aside: Callable[[Drawing], str] = in_place

    @property
    def lang(self) -> str:
        return self.words.lang


@dataclass(frozen=True)
class Place:
    """Where a block stands: its page's path below the language's folder, and the page's Markdown."""

    path: PurePosixPath
    markdown: str

    @property
    def root(self) -> str:
        """What leads from the page's folder to the language's first: "../"."""
        return "../" * (len(self.path.parts) - 1)


def expand(markdown: str, path: PurePosixPath, context: Context) -> str:
    """The page with a number for each quoted value, and with what each block becomes. Raises SiteError with all that
    is wrong: a snippet, diagram or value that does not exist, a figure without caption, a caption without figure."""
    source = f"docs/{context.lang}/{path}"
    changes, problems = [], []
    try:
        markdown = values.fill(markdown, source, context.lang, context.results)
    except SiteError as error:
        problems += error.problems
    place = Place(path, markdown)
    for block in blocks(markdown, source):
        if block.kind not in EXPANSIONS:
            continue
        try:
            text = EXPANSIONS[block.kind](block, place, context)
            indent = block.fence.prefix
            changes.append((block.fence, "\n".join(indent + line if line else line for line in text.split("\n"))))
        except (LookupError, ValueError) as error:
            problems.append(Problem(source, block.line, error.args[0]))
    if problems:
        raise SiteError(problems)
    return replace(markdown, changes)


def program(block: Block, place: Place, context: Context) -> str:
    """A snippet: its code, its output, its figure."""
    if block.name not in context.snippets:
        raise LookupError(f"there is no snippet {block.name}.py")
    result = context.results[block.name, context.lang]
    if result.figures and not block.caption:
        raise ValueError(f"{block.name} draws a figure: the block needs a caption")
    if block.caption and not result.figures:
        raise ValueError(f"{block.name} draws no figure: the block must not have a caption")
    _without_links(block.caption)
    snippet, file = context.snippets[block.name], f"{block.name.rpartition('/')[2]}.py"
    parts = ["```python\n" + snippet.source(context.lang).rstrip("\n") + "\n```"]
    parts.append(
        f"{_buttons(block.name, context)} [{context.words['program.download']} `{file}`]"
        f'({place.root}programs/{block.name}.py){{ .program download="" data-search-exclude="" }}'
    )
    if result.stdout:
        parts.append(f"{EXPECTED_OUTPUT}\n\n```text\n{result.stdout.rstrip(chr(10))}\n```")
    if result.figures:
        parts.append(_figure(block, result, snippet.parameter if context.runs else "", context))
    return "\n\n".join(parts)


def _buttons(name: str, context: Context) -> str:
    """What overrides/assets/run.js runs and edits the program `name` with, or why it cannot be run."""
    words = context.words
    if not context.runs:
        return f'<span class="run" data-search-exclude>{words["program.not_here"]}</span>'
    buttons = " ".join(f'<button type="button">{words[name]}</button>' for name in ("program.run", "program.edit"))
    return f'<span class="run" data-search-exclude data-run="{name}">{buttons}</span>'


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
        picture = context.put_aside(figure).replace("<svg ", described, 1)
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
    inside = "\n".join([*frames, f"<figcaption>{_inline(block.caption)}</figcaption>"])
    return f'<figure class="plot" data-search-exclude data-snippet="{block.name}">\n{inside}\n</figure>'


def diagram(block: Block, place: Place, context: Context) -> str:
    """One <figure>: the picture, its caption, the list of its parts."""
    if block.name not in context.diagrams:
        raise LookupError(f"there is no diagram {block.name}.svg")
    drawn = context.diagrams[block.name]
    if not block.caption:
        raise ValueError(f"the diagram {block.name}.svg needs a caption")
    _without_links(block.caption)
    shown = [(other.kind, other.name) for other in blocks(place.markdown, "")]
    if shown.count(("diagram", block.name)) > 1:
        raise ValueError(f"the diagram {block.name}.svg stands twice on this page")
    if shown.count(("snippet", drawn.snippet)) != 1:
        raise LookupError(f"the diagram {block.name}.svg needs its program {drawn.snippet}.py on this page, once")
    if drawn.snippet not in context.snippets:
        raise LookupError(f"there is no snippet {drawn.snippet}.py")
    source = context.snippets[drawn.snippet].source(context.lang)
    rows = drawings.listed(drawn, context.words, place.markdown, source)
    picture = context.put_aside(Drawing(drawings.picture(drawn, context.words)))
    return (
        f'<figure class="diagram" data-search-exclude>\n{picture}\n<div>\n{rows}\n</div>\n'
        f"<figcaption>{_inline(block.caption)}</figcaption>\n</figure>"
    )


def table(block: Block, place: Place, context: Context) -> str:
    """What a tool or a benchmark wrote to docs/tables/."""
    if (block.argument, context.lang) not in context.tables:
        raise LookupError(f"there is no docs/tables/{block.argument}.{context.lang}.md")
    return context.tables[block.argument, context.lang].rstrip("\n")


def _without_links(caption: str) -> None:
    if LINK.search(caption):
        raise ValueError("a caption must not hold links: they cannot be read out as alt text")


def _inline(caption: str) -> str:
    return python_markdown.markdown(caption).removeprefix("<p>").removesuffix("</p>")


def alt_text(caption: str) -> str:
    """The caption as plain text, for those who hear the page."""
    text = re.sub(r"\\(?:text|mathrm|operatorname)\{([^}]*)\}", r"\1", caption)
    text = re.sub(r"\\([a-zA-Z]+) ?", r"\1 ", text)
    text = re.sub(r"\*\*|[*`$]", "", text)
    return " ".join(text.split())


def first_alt(expanded: str) -> str:
    """The alt text of the first figure on an expanded page; "" if there is none."""
    found = re.search(r'<svg role="img" aria-label="([^"]*)"', expanded)
    return html.unescape(found[1]) if found else ""


# What each kind of block becomes: (block, where it stands, what it is made of) -> Markdown. Raises LookupError or
# ValueError with the reason.
EXPANSIONS: dict[str, Callable[[Block, Place, Context], str]] = {
    "snippet": program, "diagram": diagram, "table": table,
}  # fmt: skip

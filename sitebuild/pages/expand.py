"""A page's blocks become plain Markdown. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import PurePosixPath

from sitebuild.base.markdown import replace, scan
from sitebuild.base.markdown_blocks import COMMENT
from sitebuild.base.problems import Problem, SiteError
from sitebuild.pages import drawings, program, questions
from sitebuild.pages.context import Context, Place
from sitebuild.sources.blocks import Block, blocks


def table(block: Block, place: Place, context: Context) -> str:
    """What a tool or a benchmark wrote to docs/tables/."""
    if (block.argument, context.lang) not in context.sources.tables:
        raise LookupError(f"there is no docs/tables/{block.argument}.{context.lang}.md")
    return context.sources.tables[block.argument, context.lang].rstrip("\n")


# What each kind of block becomes: (block, where it stands, what it is made of) -> Markdown. Raises LookupError or
# ValueError with the reason.
EXPANSIONS: dict[str, Callable[[Block, Place, Context], str]] = {
    "snippet": program.shown,
    "diagram": drawings.shown,
    "figure": program.figure,
    "explorable": program.explorable,
    "answer": questions.answer,
    "cards": questions.cards,
    "table": table,
}


def expand(markdown: str, path: PurePosixPath, context: Context) -> str:
    """The page with what each block becomes, without what authors noted in comments. Raises SiteError with all that
    is wrong: a snippet, diagram or question that does not exist, a figure without caption, a caption without figure."""
    source = f"docs/{context.lang}/{path}"
    place, changes, problems = Place(path, markdown), [], []
    for block in blocks(markdown, source):
        try:
            text = EXPANSIONS[block.kind](block, place, context)
            changes.append((block.fence.start, block.fence.end, textwrap.indent(text, block.fence.prefix)))
        except (LookupError, ValueError) as error:
            problems.append(Problem(source, block.line, error.args[0]))
    if problems:
        raise SiteError(problems)
    changes += [(span.start, span.end, "") for span in scan(markdown).spans if span.kind == COMMENT]
    return replace(markdown, changes)

"""Questions shown on cards, and given to search engines; how authors write them: sources/question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath

from sitebuild.base.problems import Problem, collected
from sitebuild.base.words import Words
from sitebuild.pages.context import Context, Place
from sitebuild.pages.links import rebase
from sitebuild.pages.plain_text import plain
from sitebuild.sources.blocks import Block, named
from sitebuild.sources.question import Card, read

Cards = Mapping[PurePosixPath, list[Card]]  # the questions of each page


def of_pages(pages: Mapping[PurePosixPath, str], words: Words) -> tuple[Cards, list[Problem]]:
    """The questions of all pages, and what is wrong with those left out: they cannot be read, or not be given as plain
    text."""
    cards: dict[PurePosixPath, list[Card]] = {}
    problems: list[Problem] = []
    for path, text in pages.items():
        source = f"docs/{words.lang}/{path}"
        with collected(problems):
            cards[path] = read(text, path, source, words)
        for card in cards.get(path, ()):
            try:
                faq([card], words.lang)
            except LookupError as error:
                reason = f"the answer to {card.id} cannot be given as plain text: unknown LaTeX command {error}"
                problems.append(Problem(source, card.line, reason))
    return cards, problems


def deck(pages: Mapping[PurePosixPath, str], cards: Cards) -> list[Card]:
    """All questions that are shown as cards, in order."""
    blocks = (block for path, text in pages.items() for block in named(text, str(path), "cards"))
    return list(dict.fromkeys(card for block in blocks for card in chosen(block, cards)))


def chosen(block: Block, cards: Cards) -> list[Card]:
    """The questions that a block names, page by page. Raises LookupError."""
    found = []
    for target in block.argument.split():
        name, _, wanted = target.partition("#")
        here = [card for card in cards.get(PurePosixPath(name), ()) if not wanted or card.id == wanted]
        if not here:
            raise LookupError(f"there is no question {target}")
        found += here
    return found


def answer(block: Block, place: Place, context: Context) -> str:
    """A question in a box, with its short answer."""
    boxes = []
    for card in chosen(block, context.cards):
        lines = rebase(card.answer, card.page, place.path).split("\n")
        boxes.append(f'!!! answer "{card.question}"\n' + "\n".join("    " + line for line in lines))
    return "\n\n".join(boxes)


def cards(block: Block, place: Place, context: Context) -> str:
    """Questions to be turned over."""
    return "\n\n".join(
        '<details class="card" markdown="1" data-search-exclude>\n'
        f'<summary markdown="span">{card.question}</summary>\n\n{rebase(card.answer, card.page, place.path)}\n\n'
        f"{rebase(card.more, card.page, place.path)}\n\n</details>"
        for card in chosen(block, context.cards)
    )


def faq(cards: list[Card], lang: str) -> str:
    """The questions as schema.org's FAQPage, a script element that shows nothing."""
    entries = [
        {
            "@type": "Question",
            "name": plain(card.question),
            "acceptedAnswer": {"@type": "Answer", "text": plain(card.answer + "\n\n" + card.more)},
        }
        for card in cards
    ]
    language = {"zh": "zh-CN", "en": "en"}[lang]
    data = {"@context": "https://schema.org", "@type": "FAQPage", "inLanguage": language, "mainEntity": entries}
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'

"""Questions shown on cards, and given to search engines; how authors write them: sources/question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath

from sitebuild.base.problems import Problem, SiteError
from sitebuild.pages.links import rebase
from sitebuild.pages.plain_text import plain
from sitebuild.sources.question import Card, read, shows

Cards = Mapping[PurePosixPath, list[Card]]  # the questions of each page


def fill(pages: Mapping[PurePosixPath, str], lang: str, folder: str) -> tuple[dict[PurePosixPath, str], list[Card]]:
    """Expanded pages with their question blocks filled in and their questions as data; and the deck: all
    questions that are shown as cards, in order.

    Raises SiteError for a block that names a page or question that does not exist, and for what `read` raises.
    """
    cards = _all(pages, lang, folder)
    problems: list[Problem] = []
    filled, deck = {}, []
    for path, text in pages.items():
        try:
            filled[path], shown = _filled(text, path, f"{folder}/{path}", cards)
            deck += shown
            if cards[path]:
                filled[path] += f"\n\n{faq(cards[path], lang)}\n"
        except SiteError as error:
            problems += error.problems
    if problems:
        raise SiteError(problems)
    return filled, list(dict.fromkeys(deck))


def _all(pages: Mapping[PurePosixPath, str], lang: str, folder: str) -> Cards:
    """The questions of all pages. Raises SiteError for those that cannot be read, or not be given as plain text."""
    cards: dict[PurePosixPath, list[Card]] = {}
    problems: list[Problem] = []
    for path, text in pages.items():
        try:
            cards[path] = read(text, path, f"{folder}/{path}")
        except SiteError as error:
            problems += error.problems
    for card in (card for own in cards.values() for card in own):
        try:
            faq([card], lang)
        except LookupError as error:
            reason = f"the answer to {card.id} cannot be given as plain text: unknown LaTeX command {error}"
            problems.append(Problem(f"{folder}/{card.page}", card.line, reason))
    if problems:
        raise SiteError(problems)
    return cards


def _filled(text: str, path: PurePosixPath, source: str, cards: Cards) -> tuple[str, list[Card]]:
    """One page with its blocks filled in, and the questions that it shows as cards. Raises SiteError."""
    lines, problems = text.split("\n"), []
    deck: list[Card] = []
    for kind, what, start, end in reversed(shows(text, source)):
        try:
            chosen = _chosen(what, cards)
            lines[start:end] = _shown(kind, chosen, path).split("\n")
            deck = chosen + deck if kind == "cards" else deck
        except LookupError as error:
            problems.append(Problem(source, start + 1, error.args[0]))
    if problems:
        raise SiteError(problems)
    return "\n".join(lines), deck


def _chosen(what: list[str], cards: Cards) -> list[Card]:
    """The questions that a block names, page by page. Raises LookupError."""
    chosen = []
    for target in what:
        name, _, wanted = target.partition("#")
        found = [c for c in cards.get(PurePosixPath(name), ()) if not wanted or c.id == wanted]
        if not found:
            raise LookupError(f"there is no question {target}")
        chosen += found
    return chosen


def _shown(kind: str, chosen: list[Card], page: PurePosixPath) -> str:
    """The Markdown that takes the place of one block."""
    out = []
    for card in chosen:
        answer = rebase(card.answer, card.page, page)
        if kind == "answer":
            out.append(f'!!! answer "{card.question}"\n' + "\n".join("    " + line for line in answer.split("\n")))
        else:
            more = rebase(card.more, card.page, page)
            out.append(
                '<details class="card" markdown="1" data-search-exclude>\n'
                f'<summary markdown="span">{card.question}</summary>\n\n{answer}\n\n{more}\n\n</details>'
            )
    return "\n\n".join(out)


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

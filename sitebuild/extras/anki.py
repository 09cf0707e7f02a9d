"""Decks for Anki: one note a question, named by its id, so that a new edition updates a reader's notes."""

from __future__ import annotations

import html
import io
import zipfile
from pathlib import Path, PurePosixPath

import genanki

from sitebuild.base import archive, store
from sitebuild.base.words import Words
from sitebuild.pages import links
from sitebuild.pages.plain_text import to_html
from sitebuild.sources.question import Card

FILE = PurePosixPath("interview/lstm-by-experiment.apkg")
STYLE = """\
.card { font-family: system-ui, sans-serif; font-size: 1.1rem; line-height: 1.6; max-width: 40em; margin: 0 auto; }
.more { opacity: .85; font-size: .95em } sup { font-size: .7em }
"""


def deck(cards: list[Card], words: Words, home: str, when: int, cache: Path) -> bytes:
    """An Anki package of the cards. `words` say how the deck is called, and the number that names it.

    `home` is the absolute address of the language's first page; links in the answers lead there. `when` the sources
    were changed, in seconds since 1970: Anki updates a note if that is later than what it has. Decks are kept in the
    folder `cache`.
    """
    state = Path(__file__).read_bytes(), words.said, home, when, genanki.__version__, cards
    return store.cached(cache, f"deck-{words.lang}.apkg", state, lambda: _packed(cards, words, home, when))


def as_html(markdown: str) -> str:
    """Markdown for Anki: HTML, with formulas in the marks that its MathJax looks for."""
    return to_html(markdown, lambda formula: rf"\[{formula.latex}\]" if formula.display else rf"\({formula.latex}\)")


def _packed(cards: list[Card], words: Words, home: str, when: int) -> bytes:
    model = genanki.Model(
        words["deck.note_type"],
        words["deck.notes"],
        fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "More"}, {"name": "Link"}],
        templates=[
            {
                "name": "Card",
                "qfmt": "<div>{{Question}}</div>",
                "afmt": '{{FrontSide}}<hr id="answer"><div>{{Answer}}</div><div class="more">{{More}}{{Link}}</div>',
            }
        ],
        css=STYLE,
    )
    deck = genanki.Deck(words["deck.number"], words["deck.name"])
    for card in cards:
        answer, more = (as_html(links.absolute(text, card.page, home)) for text in (card.answer, card.more))
        address = f"{home}{links.address(card.page)}#{card.id}"
        link = f'<p><a href="{html.escape(address)}">{words["deck.experiment"]}</a></p>'
        fields = [as_html(card.question), answer, more, link]
        deck.add_note(genanki.Note(model, fields, guid=genanki.guid_for(words.lang, card.id), tags=[card.page.stem]))
    made = io.BytesIO()
    genanki.Package(deck).write_to_file(made, timestamp=when)
    with zipfile.ZipFile(made) as packed:  # which tells when it was written
        return archive.packed({name: packed.read(name) for name in packed.namelist()})

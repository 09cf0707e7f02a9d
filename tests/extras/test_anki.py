"""Decks for Anki, read as Anki reads them, and taken in by Anki itself."""

import json
import re
import sqlite3
import zipfile
from pathlib import PurePosixPath

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from conftest import SITE_URL, sources

from sitebuild import LANGS
from sitebuild.extras import anki
from sitebuild.sources.blocks import named
from sitebuild.sources.question import Card, read

SOURCES = sources()
WORDS = SOURCES.words
ASKED = [PurePosixPath(f"interview/{name}.md") for name in ("questions", "follow-ups", "recurrent", "training")]
QUESTIONS = ASKED[0]
DRILLS = PurePosixPath("drills/index.md")
WHEN = 1_764_000_000


def notes_of(file, folder):
    """(guid, fields, deck's name) of each note in an Anki package, read as Anki does: SQLite in a zip."""
    with zipfile.ZipFile(file) as package:
        package.extract("collection.anki2", folder)
    base = sqlite3.connect(folder / "collection.anki2")
    notes = [(guid, fields.split("\x1f")) for guid, fields in base.execute("select guid, flds from notes order by id")]
    decks = [deck["name"] for deck in json.loads(base.execute("select decks from col").fetchone()[0]).values()]
    count = base.execute("select count(*) from cards").fetchone()[0]
    base.close()
    return notes, decks, count


@pytest.mark.parametrize("lang", LANGS)
def test_the_deck_holds_every_question(site, lang, tmp_path):
    folder = site if lang == "zh" else site / "en"
    notes, decks, count = notes_of(folder / anki.FILE, tmp_path)
    pages = SOURCES.pages[lang]
    [drills] = named(pages[DRILLS], str(DRILLS), "cards")
    asked = [*map(PurePosixPath, drills.argument.split()), *ASKED]
    expected = [card for path in asked for card in read(pages[path], path, str(path), WORDS[lang])]
    assert len(asked) > 20, "a card a drill"
    assert [fields[0] for _, fields in notes] == [anki.as_html(card.question) for card in expected]
    assert count == len(notes) and WORDS[lang]["deck.name"] in decks
    home = SITE_URL + ("en/" if lang == "en" else "")
    for (_, fields), card in zip(notes, expected, strict=True):
        assert f'href="{home}{card.page.with_suffix("")}/#{card.id}"' in fields[3]
        for text in fields:
            prose = re.sub("<code>.*?</code>", "", text)
            assert "{{" not in text and "$" not in text and ".md" not in text and "**" not in prose, card.id
            for address in re.findall(r'href="([^"]*)"', text):
                assert address.startswith(home), address
                path = address.removeprefix(home).split("#")[0]
                assert (folder / path / "index.html").is_file(), address
    formulas = [text for _, fields in notes for text in fields if r"\(" in text]
    assert len(formulas) > 5, "formulas reach Anki in the marks that its MathJax knows"


def taken_in(collection, cards, lang, when, folder):
    """What Anki says of an import: how many notes are new, updated, there already."""
    file = folder / f"{when}.apkg"
    file.write_bytes(anki.deck(cards, WORDS[lang], SITE_URL, when, folder))
    request = ImportAnkiPackageRequest(package_path=str(file), options=ImportAnkiPackageOptions())
    log = collection.import_anki_package(request).log
    return len(log.new), len(log.updated), len(log.duplicate)


@pytest.mark.parametrize("lang", LANGS)
def test_a_new_edition_updates_the_answer_keeps_the_schedule_and_doubles_nothing(tmp_path, lang):
    one = "## One? {#q-one}\n\nOld.\n\n## Two? {#q-two}\n\nB.\n"
    two = "## Two, anew? {#q-two}\n\nB.\n\n## One? {#q-one}\n\nNew.\n\n## Six? {#q-six}\n\nC.\n"
    first, second = (read(text, QUESTIONS, "x", WORDS[lang]) for text in (one, two))
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        assert taken_in(collection, first, lang, WHEN, tmp_path) == (2, 0, 0)
        collection.decks.select(collection.decks.id_for_name(WORDS[lang]["deck.name"]))
        learned = collection.sched.getCard()
        learned.start_timer()
        collection.sched.answerCard(learned, 4)  # "easy": it comes back in some days
        before = collection.get_card(learned.id)
        assert taken_in(collection, first, lang, WHEN, tmp_path) == (0, 0, 2)
        assert taken_in(collection, second, lang, WHEN + 1, tmp_path) == (1, 2, 0)
        said = {" ".join(collection.get_note(note).fields[:2]) for note in collection.find_notes("")}
        assert said == {"<p>One?</p> <p>New.</p>", "<p>Two, anew?</p> <p>B.</p>", "<p>Six?</p> <p>C.</p>"}
        assert collection.card_count() == 3
        after = collection.get_card(learned.id)
        assert (after.due, after.ivl, after.reps, after.did) == (before.due, before.ivl, before.reps, before.did)
        assert before.ivl > 0 and len([one for one in collection.decks.all_names_and_ids() if one.id != 1]) == 1
    finally:
        collection.close()


def test_a_deck_names_its_notes_links_and_formulas(tmp_path):
    card = Card("q-a", "Is $a<b$?", "Yes:\n\n$$\nc_1\n$$\n", "See [r](r.md), `x`.", PurePosixPath("a/q.md"), 1)
    for lang, name, see in (("en", "LSTM by Experiment", "See the experiment"), ("zh", "用实验读懂 LSTM", "看实验")):
        (tmp_path / f"{lang}.apkg").write_bytes(anki.deck([card], WORDS[lang], "H/", WHEN, tmp_path / "cache"))
        (tmp_path / lang).mkdir()
        ((guid, fields),), decks, count = notes_of(tmp_path / f"{lang}.apkg", tmp_path / lang)
        assert name in decks and count == 1 and len(guid) > 5
        assert fields[0] == r"<p>Is \(a&lt;b\)?</p>" and fields[1] == "<p>Yes:</p>\n<p>\\[c_1\\]</p>"
        assert fields[2] == '<p>See <a href="H/a/r/">r</a>, <code>x</code>.</p>'
        assert fields[3] == f'<p><a href="H/a/q/#q-a">{see}</a></p>'
    before = (tmp_path / "en.apkg").read_bytes()
    assert anki.deck([card], WORDS["en"], "H/", WHEN, tmp_path / "other") == before, "whenever it is made"
    known = {lang: (WORDS[lang]["deck.number"], WORDS[lang]["deck.note_type"]) for lang in LANGS}
    assert known == {"zh": (1702391998, 1702391997), "en": (1702391999, 1702391997)}, "readers' collections know them"

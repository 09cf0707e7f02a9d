"""Interview and reference: one source for each question, and pages that keep what they promise."""

import difflib
import json
import posixpath
import re
from pathlib import PurePosixPath

import pytest
from browsing import url_of
from conftest import ROOT, refused, sources

from sitebuild import LANGS, build
from sitebuild.base.markdown import scan
from sitebuild.base.problems import SiteError
from sitebuild.pages import questions as cards
from sitebuild.pages.context import Context
from sitebuild.pages.plain_text import plain
from sitebuild.sources import page
from sitebuild.sources.blocks import named
from sitebuild.sources.question import Card, read
from sitebuild.sources.style import spoken

SOURCES = sources()
SAID = SOURCES.words
QUESTIONS, FOLLOW_UPS = PurePosixPath("interview/questions.md"), PurePosixPath("interview/follow-ups.md")
RECURRENT, TRAINING = PurePosixPath("interview/recurrent.md"), PurePosixPath("interview/training.md")
ASKED = (FOLLOW_UPS, RECURRENT, TRAINING)
CLAIMS = PurePosixPath("interview/claims.md")
CARDS = {
    PurePosixPath("interview/flashcards.md"): (QUESTIONS, FOLLOW_UPS),
    PurePosixPath("interview/more-flashcards.md"): (RECURRENT, TRAINING),
}


def source(lang, path):
    return SOURCES.pages[lang][PurePosixPath(path)]


def questions(lang, *pages):
    return [card for path in pages for card in read(source(lang, path), path, str(path), SAID[lang])]


def fill(pages, lang="en"):
    """The pages with their questions, and the deck. Raises SiteError with all that is wrong."""
    context = {lang: Context(SAID[lang], SOURCES, {})}
    expanded, decks, problems = build.expand({lang: pages}, context)
    if problems:
        raise SiteError(problems)
    return expanded[lang], decks[lang]


def links(text, path):
    """The pages that Markdown on page `path` links to."""
    targets = (link.target.split("#")[0] for link in scan(text).links)
    return {posixpath.normpath(posixpath.join(PurePosixPath(path).parent, t)) for t in targets if t.endswith(".md")}


def rows(text):
    """The cells of all table rows but heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    ruled = [n for n, row in enumerate(cells) if set("".join(row)) <= set("- ")]
    return [row for n, row in enumerate(cells) if n not in ruled and n + 1 not in ruled]


# -- questions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_there_are_enough_questions_and_no_two_alike(lang):
    found = questions(lang, *ASKED)
    assert len(found) >= 110 and len(questions(lang, QUESTIONS)) == 3
    assert re.search(r"^# (\d+) ", source(lang, FOLLOW_UPS), re.M)[1] == str(len(found))
    for number, one in enumerate(found):
        for other in found[:number]:
            assert difflib.SequenceMatcher(None, one.question, other.question).ratio() < 0.8, (one.id, other.id)
            assert difflib.SequenceMatcher(None, one.answer, other.answer).ratio() < 0.8, (one.id, other.id)


@pytest.mark.parametrize("lang", LANGS)
def test_each_follow_up_has_one_line_a_paragraph_and_a_link_to_an_experiment(lang):
    shown = {str(path) for path, text in SOURCES.pages[lang].items() if named(text, "", "snippet")}
    for card in questions(lang, *ASKED):
        assert re.fullmatch(r"\*\*.+\*\*", card.answer), f"{card.id}: the answer is one bold line"
        said = spoken(scan(card.answer), 0, len(card.answer))
        assert said <= (45 if lang == "en" else 60), f"{card.id}: one line that one can say"
        assert len(card.more) > (100 if lang == "en" else 40), f"{card.id}: then a paragraph that explains"
        assert links(card.more, card.page) & (shown | {"cec/history.md"}), f"{card.id} leads to no experiment"


@pytest.mark.parametrize("lang, least, most", [("en", 350, 450), ("zh", 700, 900)])
def test_the_three_long_answers_take_three_minutes(lang, least, most):
    for card in questions(lang, QUESTIONS):
        assert least <= spoken(scan(card.more), 0, len(card.more)) <= most, card.id


@pytest.mark.parametrize("lang", LANGS)
def test_the_home_page_shows_the_same_three_answers(pages, lang):
    home = pages.built.pages[lang][PurePosixPath("index.md")]
    for card in questions(lang, QUESTIONS):
        assert f'!!! answer "{card.question}"' in home


# -- cards, decks, search engines --------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_every_question_is_a_card_in_the_same_words(pages, lang):
    for path, asked in CARDS.items():
        summaries = re.findall(r'<summary markdown="span">(.*?)</summary>', pages.built.pages[lang][path])
        assert summaries == [card.question for card in questions(lang, *asked)]


@pytest.mark.parametrize("lang", LANGS)
def test_every_topic_can_be_reached_from_the_first_page(lang):
    for path in ASKED:
        wanted = {heading.id for heading in scan(source(lang, path)).headings if heading.level == 2 and heading.id}
        for page_from in (FOLLOW_UPS, path):
            name = "" if page_from == path else path.name
            there = {link.target.partition("#") for link in scan(source(lang, page_from)).links}
            assert wanted <= {anchor for page_to, _, anchor in there if page_to == name}


@pytest.mark.parametrize("lang", LANGS)
def test_search_engines_get_every_question_as_plain_text(site, lang):
    folder = site if lang == "zh" else site / "en"
    for path in (QUESTIONS, *ASKED):
        text = (folder / path.with_suffix("") / "index.html").read_text(encoding="utf-8")
        (data,) = re.findall(r'<script type="?application/ld\+json"?>(.*?)</script>', text, re.S)
        data = json.loads(data)
        assert data["@context"] == "https://schema.org" and data["@type"] == "FAQPage"
        assert data["inLanguage"].startswith(lang)
        expected = questions(lang, path)
        assert [entry["name"] for entry in data["mainEntity"]] == [plain(card.question) for card in expected]
        for entry in data["mainEntity"]:
            answer = entry["acceptedAnswer"]["text"]
            assert len(answer) > 40 and not re.search(r"[\\${}]|<\w|\*\*|\]\(", answer), answer


# -- the module --------------------------------------------------------------------------------------------


PAGES = {
    PurePosixPath("a/q.md"): "# T\n\n## One? {#q-one}\n\n!!! answer \"Short\"\n    Yes $x_1$, [l](r.md#s).\n\nLong **one**.\n\n### Two? {#q-two}\n\nNo.\n\nBecause.\n\nStill.\n\n!!! note\n    n\n",
    PurePosixPath("i.md"): "a\n\n```answer a/q.md#q-one\n```\nb\n\n```cards a/q.md\n```\n\n```cards a/q.md#q-two\n```\n",
}  # fmt: skip


def test_blocks_of_questions_are_filled_where_they_stand():
    filled, deck = fill(PAGES, "en")
    home = filled[PurePosixPath("i.md")]
    assert home.startswith('a\n\n!!! answer "One?"\n    Yes $x_1$, [l](a/r.md#s).\nb\n\n<details class="card"')
    assert home.count("<details") == home.count("</details>") == 3 and "application/ld" not in home
    assert '<summary markdown="span">One?</summary>\n\nYes $x_1$, [l](a/r.md#s).\n\nLong **one**.\n\n</details>' in home
    assert "No.\n\nBecause.\n\nStill.\n\n</details>" in home
    assert sorted(card.id for card in deck) == ["q-one", "q-two"], "each once, though one is shown by two blocks"
    text, data = filled[PurePosixPath("a/q.md")].split("\n\n<script", 1)
    assert text == PAGES[PurePosixPath("a/q.md")].rstrip("\n") + "\n"
    data = json.loads(data.split(">", 1)[1].removesuffix("</script>\n"))
    assert data["inLanguage"] == "en" and [one["name"] for one in data["mainEntity"]] == ["One?", "Two?"]
    assert data["mainEntity"][0]["acceptedAnswer"]["text"] == "Yes x_1, l. Long one."


def test_data_of_a_question_cannot_end_the_script_they_stand_in():
    card = Card("q-a", "a</script>b", "1 < 2", "", QUESTIONS, 1)
    made = cards.faq([card], "zh")
    assert made.count("</script>") == 1 and made.count("<") == 2 and "zh-CN" in made
    data = json.loads(made.split(">", 1)[1].removesuffix("</script>"))
    assert data["mainEntity"][0]["acceptedAnswer"]["text"] == "1 < 2"


def test_every_bad_block_and_question_is_told_with_its_page_and_line():
    for one, other, expected in (
        ("x\n\n## A? {#q-a}\n\n## B? {#q-b}\n\nIt is $\\unheard$.\n", "## C? {#q-c}\n\nIt is $\\odd$.\n", [
            ("docs/en/a.md", 3, "no answer"), ("docs/en/b.md", 1, "unknown LaTeX command 'odd'")]),
        ("x\n```cards none.md\n```\n\n```answer b.md#q-x\n```\n", "```cards\n```\n```cards a.md\ntext\n```\n", [
            ("docs/en/a.md", 2, "no question none.md"), ("docs/en/a.md", 5, "no question b.md#q-x"),
            ("docs/en/b.md", 1, "names a page"), ("docs/en/b.md", 3, "holds nothing")]),
    ):  # fmt: skip
        problems = refused(fill, {PurePosixPath("a.md"): one, PurePosixPath("b.md"): other}, "en")
        assert [(p.path, p.line) for p in problems] == [place[:2] for place in expected]
        assert all(reason in p.reason for p, (_, _, reason) in zip(problems, expected, strict=True)), problems


@pytest.mark.parametrize(
    "text, parts",
    [
        ("## A? {#q-a}\n\nYes.\n\n```text\n# no heading\n```\n\n# Next\n\nother\n", ("Yes.", "```text\n# no heading\n```")),
        ('## A? {#q-a}\n\n!!! answer "x"\n    Yes.\n\n    Still.\n\nLong.\n\n??? q\n    no\n', ("Yes.\n\nStill.", "Long.")),
        ("## A? {#q-a}\nYes.\n\n**接着读：** [b](b.md)\n\nno\n", ("Yes.", "")),
        ("~~~~text\n## A? {#q-a}\n~~~\n## B? {#q-b}\n~~~~\n## C? {#q-c}\n\nYes.\n", ("Yes.", "")),
    ],
)  # fmt: skip
def test_an_answer_ends_where_the_next_heading_or_note_begins(text, parts):
    assert [(card.answer, card.more) for card in read(text, QUESTIONS, "x", SAID["zh"])] == [parts]


@pytest.mark.parametrize(
    "markdown, text",
    [
        ("**Bold** and *slanted*, `code`, [link](a.md), a<sup>2</sup>", "Bold and slanted, code, link, a^2"),
        ("$x_{12}$ is $\\tfrac12$ of $\\tfrac{a}{b}$\n\n$$\n\\|x\\| \\, y\n$$ &amp; z", "x_(12) is 1/2 of (a)/(b) ‖x‖ y & z"),
        ("$a$ 和 **乙** 丙 b", "a 和乙丙 b"),
    ],
)  # fmt: skip
def test_markdown_as_plain_text(markdown, text):
    assert plain(markdown) == text


# -- claims ------------------------------------------------------------------------------------------------

DECIDED_BY = {
    1: ["rnn/depth_vs_time"], 2: ["rnn/spectral", "rnn/singular"], 3: ["lstm/paths", "lstm/cell_path"],
    4: ["lstm/dynamic_scale"], 5: ["lstm/gates"], 6: ["lstm/bounded", "lstm/swap"], 7: ["cec/carousel"],
    8: ["cec/input_conflict", "cec/output_conflict"], 9: ["cec/input_gate", "cec/output_gate"],
    10: ["remedies/clip_norm_value", "remedies/clip_training", "remedies/clip_tails"],
    11: ["remedies/clip_floor", "remedies/floor_per_layer"],
    12: ["remedies/activation_depth", "remedies/dying_relu", "remedies/irnn"],
    13: ["remedies/residual_depth", "remedies/residual_jacobian"], 14: ["remedies/batch_norm_shape"],
    15: ["remedies/batch_norm_depth", "remedies/batch_norm_training"],
}  # fmt: skip
PARTS = {
    "en": {"source": "**Source:**", "verdict": ["true", "partly", "false"]},
    "zh": {"source": "**出处：**", "verdict": ["对", "部分正确", "错", "只在细胞内部成立"]},
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("number", DECIDED_BY)
def test_each_claim_has_a_verdict_a_deciding_number_a_source_and_an_experiment(lang, number):
    text = source(lang, CLAIMS)
    section = re.search(rf"^## C{number} (.*?)(?=^## |^!!! mistake)", text, re.M | re.S)[1]
    title, _, body = section.partition("\n")
    verdict = title.rsplit("·", 1)[1].replace(f"{{#c{number}}}", "").strip()
    assert any(verdict.startswith(word) for word in PARTS[lang]["verdict"]), title
    (row,) = [row for row in rows(text) if row[0] == f"[C{number}](#c{number})"]
    assert row[2] == verdict
    assert PARTS[lang]["source"] in body
    quoted = {quote.name for quote in page.quotes(body, "") if not quote.name.startswith("sweeps/")}
    assert quoted == set(DECIDED_BY[number])
    linked = links(body, CLAIMS)
    for path, text in SOURCES.pages[lang].items():
        shown = quoted & {block.name for block in named(text, "", "snippet")}
        assert not shown or str(path) in linked, f"C{number} does not lead to {path}, where {shown} is"


# -- reference ---------------------------------------------------------------------------------------------

GLOSSARY = PurePosixPath("reference/glossary.md")


def test_the_glossary_has_sixty_terms_in_both_languages():
    table = {lang: rows(source(lang, GLOSSARY)) for lang in LANGS}
    bare = {lang: [re.sub(r"\[(.*?)\]\(.*?\)", r"\1", row[0]) for row in table[lang]] for lang in LANGS}
    assert bare["zh"] == [row[1] for row in table["en"]] and bare["en"] == [row[1] for row in table["zh"]]
    assert len(bare["zh"]) >= 60 and all(len(set(terms)) == len(terms) for terms in bare.values())
    assert sum(row[2] != "–" for row in table["zh"]) >= 30


@pytest.mark.parametrize("lang", LANGS)
def test_every_term_of_the_glossary_stands_on_the_page_it_leads_to(lang):
    for term, _, _ in rows(source(lang, GLOSSARY)):
        text, target = re.fullmatch(r"\[(.*?)\]\((.*?)\)", term).groups()
        here = source(lang, posixpath.normpath(posixpath.join("reference", target))).lower()
        stem = re.sub(r" \(\w+\)$", "", text).lower().removesuffix("s")
        words = stem if lang == "zh" else stem.split()[-1].rstrip("ey")
        assert words in here, f"{text}: not on {target}"


@pytest.mark.parametrize("lang", LANGS)
def test_papers_compare_at_least_twelve_published_numbers_with_ours(lang):
    compared = [row for row in rows(source(lang, "reference/papers.md")) if len(row) == 4]
    assert len(compared) >= 12
    for who, published, ours, verdict in compared:
        assert page.quotes(ours, who) and scan(ours).links, who
        assert published and verdict
    (against,) = [row for row in compared if "**" in row[3]]
    assert "Le et al." in against[0], "the one that does not agree is told"


def test_every_citation_is_in_the_list_of_sources():
    """Author and year as the pages cite them, against the list on the papers page."""
    listed = source("en", "reference/papers.md")
    listed = listed[listed.index("## All sources") :]
    years = set(re.findall(r"\b(?:19|20)\d\d\b", listed))
    for path, text in SOURCES.pages["en"].items():
        cited = re.findall(r"([A-Z][a-z]+)(?: et al\.|(?:, [A-Z][a-z]+)* & [A-Z][a-z]+)? \((\d{4})\)", text)
        for author, year in cited:
            assert year in years and author in listed, f"{path} cites {author} ({year}), which papers.md does not list"


def test_what_is_said_to_be_verified_is_a_test_that_exists():
    for lang in LANGS:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", source(lang, "reference/verified.md"))
        assert len(named) >= 20
        for file, function in named:
            assert f"def {function or 'test_'}" in (ROOT / file).read_text(encoding="utf-8"), (file, function)


@pytest.mark.parametrize("lang", LANGS)
def test_the_formulas_print_on_two_pages_of_a4(chromium, origin, lang):
    tab = chromium.new_page()
    tab.goto(origin + url_of(lang, PurePosixPath("reference/formulas.md")))
    sheets = tab.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheets)) == 2
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 688, "height": 1000})  # A4 less its margins, at 96 pixels an inch
    wide = "[...document.querySelectorAll('.math-display')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert tab.evaluate(wide) == 0, "a formula is cut off at the margin"
    tab.close()


# -- the whole ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_is_two_clicks_from_home(lang):
    """By links in the text alone, without the navigation."""
    graph = {str(path): links(text, path) for path, text in SOURCES.pages[lang].items()}
    first = graph["index.md"]
    second = set().union(*(graph[target] for target in first))
    assert set(graph) <= first | second | {"index.md"}


@pytest.mark.parametrize("lang", LANGS)
def test_one_can_go_from_every_answer_to_its_experiment_and_back(lang):
    """Each page of a chapter leads on to others, and each is led to by a question or claim."""
    graph = {str(path): links(text, path) for path, text in SOURCES.pages[lang].items()}
    asked = set().union(*(graph[str(path)] for path in (*ASKED, CLAIMS, QUESTIONS)))
    chapters = {name for name in graph if name.split("/")[0] in ("rnn", "lstm", "cec", "remedies", "beyond")}
    assert len(chapters) > 20 and chapters - asked == set()

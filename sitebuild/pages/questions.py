"""Questions and answers: read once from the interview pages, shown on cards, in Anki decks and to search engines.

A question is a heading with an id that begins with `q-`; the id is the question's name for ever. The block below
it is the short answer (an answer box, or one paragraph), all that follows up to the next heading is the rest:

    ### Why is the sigmoid used for the gates? {#q-sigmoid-gates}

    **Because a gate is a share: it has to lie between 0 and 1.**

    The paragraph that explains, with a link to [where it is measured](../lstm/activations.md).

Another page shows them with a block of its own:

    ```answer interview/questions.md#q-lstm      ```cards interview/questions.md interview/follow-ups.md
    ```                                          ```
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import posixpath
import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import genanki
import markdown as python_markdown

from sitebuild.base import archive, store
from sitebuild.base.markdown import scan
from sitebuild.base.problems import Problem, SiteError
from sitebuild.sources.page import LINK

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")

QUESTION = re.compile(r"^(#{2,6})\s+(?P<question>.+?)\s*\{#(?P<id>q-[\w-]+)\}\s*$")
HEADING = re.compile(r"^#{1,6}\s")
BOX = re.compile(r"^(?:!!!|\?\?\?\+?) ")
SHOWS = ("answer", "cards")

# Numbers that name our note type and decks in readers' collections. Never change them.
NOTE_TYPE = 1_702_391_997
DECKS = {"zh": 1_702_391_998, "en": 1_702_391_999}
NAMES = {"zh": "用实验读懂 LSTM", "en": "LSTM by Experiment"}
SEE = {"zh": "看实验", "en": "See the experiment"}
DECK_FILE = PurePosixPath("interview/lstm-by-experiment.apkg")


@dataclass(frozen=True)
class Card:
    """One question. `answer` and `more` are Markdown, links relative to `page`; `line` is for messages."""

    id: str
    question: str
    answer: str
    more: str
    page: PurePosixPath
    line: int

    @property
    def links(self) -> list[str]:
        """The pages and anchors that the answer leads to, relative to the root of the language."""
        return [target for target in LINK.findall(rebase(self.answer + self.more, self.page, PurePosixPath("x.md")))]


def read(text: str, page: PurePosixPath, source: str) -> list[Card]:
    """The questions of one page, in order. Raises SiteError for a question without an answer, or named twice."""
    lines = text.split("\n")
    fenced = _fenced(lines)
    cards, problems, seen = [], [], {}
    for at, line in enumerate(lines):
        match = QUESTION.match(line)
        if not match or at in fenced:
            continue
        ends = (n for n in range(at + 1, len(lines)) if n not in fenced and HEADING.match(lines[n]))
        body = "\n".join(lines[at + 1 : next(ends, len(lines))]).strip("\n")
        answer, more = _parts(body)
        if not answer:
            problems.append(Problem(source, at + 1, f"the question {match['id']} has no answer below it"))
        if match["id"] in seen:
            reason = f"the name {match['id']} is taken, see line {seen[match['id']]}: a deck would lose one of the two"
            problems.append(Problem(source, at + 1, reason))
        seen[match["id"]] = at + 1
        cards.append(Card(match["id"], match["question"], answer, more, page, at + 1))
    if problems:
        raise SiteError(problems)
    return cards


def _parts(body: str) -> tuple[str, str]:
    """The short answer, out of its box if it stands in one, and the rest without notes like "Read on"."""
    first, _, rest = body.partition("\n\n")
    if BOX.match(first):
        end = re.search(r"\n(?! |\n)", body)
        first, rest = (body[: end.start()], body[end.start() :]) if end else (body, "")
        first = "\n".join(line.removeprefix("    ") for line in first.split("\n")[1:])
    rest = re.split(r"^(?:!!!|\?\?\?) |^\*\*(?:Read on|接着读)", rest.strip("\n"), flags=re.M)[0]
    return first.strip("\n"), rest.strip("\n")


def shows(text: str, source: str) -> list[tuple[str, list[str], int, int]]:
    """The blocks of a page that show questions: (kind, what, first line, end), 0-based. Raises SiteError."""
    lines = text.split("\n")
    found, problems = [], []
    for at, line in enumerate(lines):
        fence = FENCE.match(line)
        kind, _, what = (fence["info"] if fence else "").strip().partition(" ")
        if kind not in SHOWS:
            continue
        if at + 1 >= len(lines) or lines[at + 1].strip() != fence["ticks"]:
            problems.append(Problem(source, at + 1, f"a ```{kind} block holds nothing and is closed on the next line"))
        elif not what:
            problems.append(Problem(source, at + 1, f"a ```{kind} block names a page, as in interview/questions.md"))
        found.append((kind, what.split(), at, at + 2))
    if problems:
        raise SiteError(problems)
    return found


def fill(pages: Mapping[PurePosixPath, str], lang: str, folder: str) -> tuple[dict[PurePosixPath, str], list[Card]]:
    """Expanded pages with their question blocks filled in and their questions as data; and the deck: all
    questions that are shown as cards, in order.

    Raises SiteError for a block that names a page or question that does not exist, and for what `read` raises.
    """
    cards: dict[PurePosixPath, list[Card]] = {}
    problems: list[Problem] = []
    for path, text in pages.items():
        try:
            cards[path] = read(text, path, f"{folder}/{path}")
        except SiteError as error:
            problems += error.problems
    filled = {}
    for own in cards.values():
        for card in own:
            try:
                faq([card], lang)
            except LookupError as error:
                reason = f"the answer to {card.id} cannot be given as plain text: unknown LaTeX command {error}"
                problems.append(Problem(f"{folder}/{card.page}", card.line, reason))
    if problems:
        raise SiteError(problems)
    filled, deck = {}, []
    for path, text in pages.items():
        source, lines = f"{folder}/{path}", text.split("\n")
        try:
            for kind, what, start, end in reversed(shows(text, source)):
                try:
                    chosen = _chosen(what, cards)
                    lines[start:end] = _shown(kind, chosen, path).split("\n")
                    deck += chosen if kind == "cards" else []
                except LookupError as error:
                    problems.append(Problem(source, start + 1, error.args[0]))
        except SiteError as error:
            problems += error.problems
        own = cards.get(path)
        filled[path] = "\n".join(lines) + (f"\n\n{faq(own, lang)}\n" if own else "")
    if problems:
        raise SiteError(problems)
    return filled, list(dict.fromkeys(deck))


def _chosen(what: list[str], cards: Mapping[PurePosixPath, list[Card]]) -> list[Card]:
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


def rebase(text: str, source: PurePosixPath, target: PurePosixPath) -> str:
    """Markdown written for the page `source`, its relative links changed so that they hold on the page `target`."""

    def moved(match: re.Match) -> str:
        link, mark, anchor = match[1].partition("#")
        if "://" in link or (not link and source == target):
            return match[0]
        root = posixpath.normpath(posixpath.join(source.parent, link)) if link else str(source)
        return match[0].replace(match[1], posixpath.relpath(root, target.parent) + mark + anchor)

    return LINK.sub(moved, text)


# -- for search engines ------------------------------------------------------------------------------------

SYMBOLS = {
    "partial": "∂", "odot": "⊙", "sigma": "σ", "gamma": "γ", "beta": "β", "rho": "ρ", "tau": "τ", "lambda": "λ",
    "theta": "θ", "delta": "δ", "eta": "η", "varphi": "φ", "epsilon": "ε", "le": "≤", "ge": "≥", "ne": "≠",
    "approx": "≈", "cdot": "·", "times": "×", "pm": "±", "sum": "Σ", "prod": "∏", "top": "ᵀ", "to": "→",
    "infty": "∞", "dots": "…", "ell": "ℓ", "in": "∈", "sim": "~", "mathbb": "", "mathrm": "", "text": "",
    "operatorname": "", "big": "", "Big": "", "bigl": "", "bigr": "", "left": "", "right": "", "quad": " ",
    "qquad": " ", "sqrt": "√", "tilde": "", "hat": "", "tfrac": "", "frac": "", "log": "log ", "ln": "ln ",
    "exp": "exp", "tanh": "tanh", "min": "min", "max": "max", "prime": "′", "Pi": "Π", "Delta": "Δ", "langle": "⟨",
    "rangle": "⟩", "leftarrow": "←", "alpha": "α", "mu": "μ", "pi": "π", "det": "det",
}  # fmt: skip


def formula_as_text(latex: str) -> str:
    """A formula in Unicode, as one would type it into a chat. Raises LookupError for a command it does not know."""
    text = re.sub(r"\\[td]?frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", latex)
    text = re.sub(r"\\[td]?frac(\w)(\w)", r"\1/\2", text)
    text = text.replace(r"\|", "‖").replace(r"\{", "{").replace(r"\}", "}")
    text = re.sub(r"\\[,;!: ]", " ", text)
    text = re.sub(r"\\partial ", "∂", text)
    text = re.sub(r"\\([a-zA-Z]+)", lambda m: SYMBOLS[m[1]], text)
    text = re.sub(r"\{(.?)\}", r"\1", text)
    return " ".join(re.sub(r"[{}]", lambda m: {"{": "(", "}": ")"}[m[0]], text).split())


WIDE = "[⺀-鿿＀-｠]"  # Chinese characters and punctuation: a space between two of them is left from markup


def plain(markdown: str) -> str:
    """Markdown as plain text: no markup, formulas in Unicode. Raises LookupError, see `formula_as_text`."""
    text = _formulas(markdown, lambda f: formula_as_text(f.latex))
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<sup>(.*?)</sup>", r"^\1", text)
    text = re.sub(r"<[^>]+>|\*\*|`|(?<!\w)[*]|[*](?!\w)", "", text)
    text = " ".join(html.unescape(text).split())
    return re.sub(f"(?<={WIDE}) (?={WIDE})", "", text)


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


# -- Anki --------------------------------------------------------------------------------------------------

STYLE = """\
.card { font-family: system-ui, sans-serif; font-size: 1.1rem; line-height: 1.6; max-width: 40em; margin: 0 auto; }
.more { opacity: .85; font-size: .95em } sup { font-size: .7em }
"""


def as_html(markdown: str) -> str:
    """Markdown for Anki: HTML, with formulas in the marks that its MathJax looks for."""
    kept: list[str] = []

    def hold(formula) -> str:
        marks = (r"\[", r"\]") if formula.display else (r"\(", r"\)")
        kept.append(marks[0] + html.escape(formula.latex) + marks[1])
        return f"\ue000{len(kept) - 1}\ue001"

    # private-use characters: Markdown leaves them alone
    made = python_markdown.markdown(_formulas(markdown, hold), extensions=["tables"])
    return re.sub("\ue000(\\d+)\ue001", lambda m: kept[int(m[1])], made)


def deck(cards: list[Card], lang: str, home: str, cache: Path) -> bytes:
    """An Anki package: one note a question, named by its id, so that a new edition updates a reader's notes.

    `home` is the absolute address of the language's first page; links in the answers lead there. The last deck of a
    language is kept in the folder `cache`.
    """
    shape = (Path(__file__).read_bytes(), lang, home, genanki.__version__, cards)
    kept_in = cache / f"deck-{lang}-{hashlib.sha256(repr(shape).encode()).hexdigest()[:16]}.apkg"
    packed = store.kept(kept_in)
    if packed is None:
        packed = _packed(cards, lang, home)
        for old in cache.glob(f"deck-{lang}-*.apkg"):
            old.unlink(missing_ok=True)
        store.keep(kept_in, packed)
    return packed


def _packed(cards: list[Card], lang: str, home: str) -> bytes:
    model = genanki.Model(
        NOTE_TYPE,
        "LSTM by Experiment",
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
    deck = genanki.Deck(DECKS[lang], NAMES[lang])
    for card in cards:
        absolute = replace(card, answer=_absolute(card.answer, card, home), more=_absolute(card.more, card, home))
        address = f"{home}{card.page.with_suffix('')}/#{card.id}"
        link = f'<p><a href="{html.escape(address)}">{SEE[lang]}</a></p>'
        fields = [as_html(card.question), as_html(absolute.answer), as_html(absolute.more), link]
        deck.add_note(genanki.Note(model, fields, guid=genanki.guid_for(lang, card.id), tags=[card.page.stem]))
    with tempfile.TemporaryDirectory(prefix="sitebuild-") as folder:
        made = os.path.join(folder, "deck.apkg")
        # a fixed time: the same questions give the same notes, whenever the site is built
        genanki.Package(deck).write_to_file(made, timestamp=1_700_000_000)
        # genanki's zip tells when it was written
        with zipfile.ZipFile(made) as packed:
            contents = {name: packed.read(name) for name in packed.namelist()}
    return archive.packed(contents)


def _absolute(text: str, card: Card, home: str) -> str:
    def moved(match: re.Match) -> str:
        link, mark, anchor = match[1].partition("#")
        if "://" in link:
            return match[0]
        path = posixpath.normpath(posixpath.join(card.page.parent, link)) if link else str(card.page)
        path = path.removesuffix(".md") + "/" if path != "index.md" else ""
        return match[0].replace(match[1], home + path.removesuffix("index/") + mark + anchor)

    return LINK.sub(moved, text)


def _formulas(markdown: str, change) -> str:
    """`markdown` with each formula replaced by change(formula)."""
    out, at = [], 0
    for formula in scan(markdown).formulas:
        out += [markdown[at : formula.start], change(formula)]
        at = formula.end
    return "".join(out) + markdown[at:]


def _fenced(lines: list[str]) -> set[int]:
    """The numbers of all lines inside fenced blocks."""
    inside, closing = set(), None
    for number, line in enumerate(lines):
        if closing:
            inside.add(number)
            if re.match(closing, line):
                closing = None
        elif fence := FENCE.match(line):
            inside.add(number)
            closing = rf"^ *{fence['ticks'][0]}{{{len(fence['ticks'])},}} *$"
    return inside

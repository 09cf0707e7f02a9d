"""The diagram of the cell: its parts, their equations and their lines of code light up together."""

import io
import re
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import pytest
from browsing import url_of, wait_until
from PIL import Image, ImageChops

from sitebuild import LANGS
from sitebuild.base import words
from sitebuild.base.problems import SiteError
from sitebuild.pages import drawings
from sitebuild.sources import diagram, snippet
from sitebuild.sources.project import Project, load

ROOT = Path(__file__).resolve().parents[2]
WORDS = {lang: words.read(ROOT, lang) for lang in LANGS}
SOURCES = load(Project(ROOT))
CELL = SOURCES.diagrams["lstm/cell"]
PAGE = PurePosixPath("lstm/gates.md")
GATES = ["z = x @ W + h @ U + b", "i, f, g, o = np.split(z, 4, axis=1)"]
GATES.append("i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)")
# part: (its row of the equations, its names, its lines of code, what of the last line is its own)
PARTS = {
    "i": (0, {"zh": "输入门", "en": "input gate"}, GATES, "sigmoid(i)"),
    "f": (1, {"zh": "遗忘门", "en": "forget gate"}, GATES, "sigmoid(f)"),
    "g": (2, {"zh": "候选状态", "en": "candidate"}, GATES, "np.tanh(g)"),
    "o": (3, {"zh": "输出门", "en": "output gate"}, GATES, "sigmoid(o)"),
    "c": (4, {"zh": "细胞状态", "en": "cell state"}, ["c = f * c + i * g"], ""),
    "h": (5, {"zh": "隐藏状态", "en": "hidden state"}, ["h = o * np.tanh(c)"], ""),
}
LIST = "figure.diagram ul"


# -- the drawing -------------------------------------------------------------------------------------------


def test_the_cell_has_the_parts_of_the_equations():
    assert {part.key for part in CELL.parts} == set(PARTS)
    program = SOURCES.snippets[CELL.snippet].source("en")
    for part in CELL.parts:
        _, names, code, term = PARTS[part.key]
        assert (dict(part.name), diagram.lines_of_code(part, program), part.term) == (names, code, term)


@pytest.mark.parametrize("lang", LANGS)
def test_the_picture_speaks_the_pages_language(lang):
    picture = drawings.picture(CELL, WORDS[lang])
    assert ("遗忘门" in picture) == (lang == "zh") and (">forget<" in picture) == (lang == "en")
    assert "data-zh" not in picture and "<!--" not in picture and "\n" not in picture
    assert 'href="#lstm-cell-f"' in picture and "style=" not in picture and "#0072b2" not in picture


def test_symbols_stand_right_after_the_link_they_left():
    root = list(ElementTree.fromstring(drawings.picture(CELL, WORDS["en"])))
    beside = [n for n, child in enumerate(root) if child.tag.endswith("}g") and child.get("data-part") and n]
    links = [n for n in beside if root[n - 1].tag.endswith("}a")]
    assert len(links) > 2
    assert all(root[n - 1].get("data-part") == root[n].get("data-part") for n in links)


SMALL = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" data-name="Small" data-zh="小图" data-snippet="a/b">
  <g data-part="p"><path d="M0 0h1"/></g>
  <a data-part="p" data-name="part" data-zh="部件" data-row="p_t" data-code="p = ">
    <text data-zh="部件">part</text>
  </a>
</svg>
"""


@pytest.mark.parametrize(
    "old, new, line, reason",
    [
        ("</svg>", "", 7, "not well-formed XML"),
        (' data-snippet="a/b"', "", 1, "the root is an <svg> with viewBox"),
        ('<text data-zh="部件">', "<text>", 4, "the label 'part' has no Chinese twin (data-zh)"),
        (' data-row="p_t"', "", 3, "the part 'p' lacks data-row"),
        ('<g data-part="p">', '<g data-part="p q">', 2, "there is no part 'q'"),
        ('<a data-part="p"', '<a data-part="p q"', 3, "a name of its own"),
        ("</svg>", SMALL[SMALL.index("  <a") :], 3, "a name of its own"),
        (SMALL[SMALL.index("  <g") : SMALL.index("</svg>")], "", 1, "no part"),
    ],
)
def test_a_broken_drawing_is_told_with_its_line(old, new, line, reason):
    assert diagram.parse(SMALL, "a/small", "a/small.svg").parts[0].key == "p"
    assert old in SMALL
    with pytest.raises(SiteError) as caught:
        diagram.parse(SMALL.replace(old, new), "a/small", "a/small.svg")
    assert (line, True) in [(p.line, reason in p.reason) for p in caught.value.problems], caught.value


@pytest.mark.parametrize(
    "old, new, reason",
    [
        ("c = f * c", "cell = f * c", "0 lines begin with 'c ='"),
        ("h = o * np.tanh(c)", "h = o * np.tanh(c)\n    h = h + 0", "2 lines begin with 'h ='"),
        (
            "\n\n\nx = rng",
            "\n\n\nq = 'c = f * c + i * g'\nx = rng",
            "'c = f * c + i * g' of the part 'c' stands there 2 times",
        ),
        ("sigmoid(f)", "gate(f)", "'sigmoid(f)' is not once in the line"),
    ],
)
def test_a_line_of_code_that_is_not_there_is_told_with_the_part(old, new, reason):
    changed = dict(SOURCES.snippets)
    text = changed["lstm/step"].text
    assert diagram.check(CELL, changed) == [] and old in text
    changed["lstm/step"] = snippet.parse(text.replace(old, new), "lstm/step", "p")
    (problem,) = diagram.check(CELL, changed)
    assert problem.path == "snippets/lstm/cell.svg" and reason in problem.reason
    assert f'<a data-part="{problem.reason.split("part ")[1][1]}"' in CELL.text.split("\n")[problem.line - 1]


TWO = """\
<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" data-name="Two" data-zh="两个" data-snippet="a/b">
  <path d="M0 0"/>
  <a data-part="p" data-name="one part" data-zh="部件" data-row="p_t" data-code="p = | q = " data-term="2">
    <text class="label" data-zh="部">part</text> <text class="big symbol">p</text> <text class="function">σ</text>
  </a>
  <a data-part="q" data-name="other" data-zh="另一个" data-row="q" data-code="q = "><rect/></a>
  <text class="upright" data-zh="外">outside</text>
</svg>
"""
SOURCE = "p = 1  # (B,)\nif p:\n    q = 2\n"
EQUATIONS = "$q$\n\n$$\np_t = 0\n$$\n\n$$\n\\begin{aligned}\nq &= 2 && \\text{why} \\\\\np_t &= 1\n\\end{aligned}\n$$\n"


def test_every_fault_of_a_drawing_is_told_with_its_line():
    text = (
        TWO.replace(' data-zh="部"', "")
        .replace(' data-row="q"', "")
        .replace('data-part="p"', 'data-part="p-"')
        .replace(' width="9"', "")
    )
    with pytest.raises(SiteError) as caught:
        diagram.parse(text.replace('viewBox="0 0 9 9"', ""), "a/two", "d")
    assert [(p.line, p.reason) for p in caught.value.problems] == [
        (1, "the root is an <svg> with viewBox, data-name, data-zh and data-snippet"),
        (4, "the part 'p-' needs a name of its own: one word"),
        (5, "the label 'part' has no Chinese twin (data-zh)"),
        (7, "the part 'q' lacks data-row"),
    ]
    with pytest.raises(SiteError, match="^d:2: the root|^d:1: the root"):
        diagram.parse("<g/>", "a/two", "d")


def test_parts_know_their_code_and_their_line():
    one, other = diagram.parse(TWO, "a/two", "d").parts
    assert (one.key, one.code, one.term, one.row, one.line) == ("p", ("p =", "q ="), "2", "p_t", 4)
    assert (other.name, other.term, other.line) == ({"en": "other", "zh": "另一个"}, "", 7)
    assert diagram.lines_of_code(one, SOURCE) == ["p = 1", "q = 2"]
    with pytest.raises(LookupError, match="^'2' is not once in the line 'q = 22' of the part 'p'$"):
        diagram.lines_of_code(one, SOURCE.replace("2", "22"))
    with pytest.raises(LookupError, match="^2 lines begin with 'p ='"):
        diagram.lines_of_code(one, SOURCE + "p = 3\n")
    with pytest.raises(LookupError, match="^'q = 2' of the part 'p' stands there 2 times$"):
        diagram.lines_of_code(one, SOURCE + "r = 'q = 2'\n")


def test_equations_are_rows_of_aligned_displays():
    assert [latex for _, latex in drawings.equations(EQUATIONS, "q")] == ["q = 2"]
    ((first, _),), ((second, latex),) = drawings.equations(EQUATIONS, "q"), drawings.equations(EQUATIONS, "p_t")
    assert latex == "p_t = 1" and first < second, "in the order of the page"
    assert drawings.equations(EQUATIONS, "r") == []


def test_symbols_stand_beside_their_link_and_all_but_links_is_hidden():
    two = diagram.parse(TWO, "a/two", "d")
    assert drawings.picture(two, WORDS["zh"]) == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="group" aria-label="两个"><path d="M0 0" aria-hidden="true" />'
        '<a data-part="p" href="#a-two-p" aria-label="部件 p：公式与代码"><text class="label">部</text></a>'
        '<g data-part="p" aria-hidden="true"><text class="big symbol">p</text><text class="function">σ</text></g>'
        '<a data-part="q" href="#a-two-q" aria-label="另一个 q：公式与代码"><rect /></a><text class="upright" aria-hidden="true">外</text></svg>'
    )
    assert ">outside<" in drawings.picture(two, WORDS["en"]) and 'aria-label="Two"' in drawings.picture(
        two, WORDS["en"]
    )
    rows = drawings.listed(two, WORDS["en"], EQUATIONS, SOURCE).split("\n")
    assert rows[2:4] == [
        '<li id="a-two-q" data-part="q"><b>other</b>: <span>$q = 2$</span><code>q = 2</code></li>',
        '<li id="a-two-p" data-part="p"><b>one part</b>: <span>$p_t = 1$</span><code>p = 1</code><code>q = <mark>2</mark></code></li>',
    ]
    with pytest.raises(
        LookupError, match="^0 rows of the page's aligned equations begin with p_t: the part 'p' of a/two.svg"
    ):
        drawings.listed(two, WORDS["en"], "", SOURCE)


def test_the_program_of_a_diagram_must_exist():
    (problem,) = diagram.check(CELL, {})
    assert (problem.line, problem.reason) == (1, "there is no snippet lstm/step.py")


# -- in the browser ----------------------------------------------------------------------------------------


def lit(tab):
    """What is lit: parts of the picture, rows of the equations, lines of the program, the row that is shown."""
    return tab.evaluate(
        """() => {
            const boxes = [...document.querySelector(".math-display .mtable .vlist").children];
            const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);
            return {
                parts: [...document.querySelectorAll("svg a[data-lit]")].map((a) => a.dataset.part).sort(),
                rows: boxes.flatMap((box, k) => box.dataset.lit ? [k] : []),
                code: texts(".language-python code > [data-lit]").map((line) => line.split("  #")[0]),
                terms: texts(".language-python code [data-lit] [data-lit]").join("").replace(/,$/, ""),
                shown: document.querySelector("figure.diagram ul").innerText.trim(),
            };
        }"""
    )


def only(part, lang):
    row, names, code, term = PARTS[part]
    return {"parts": [part], "rows": [row], "code": code, "terms": term}, names[lang]


def assert_only(tab, part, lang):
    expected, name = only(part, lang)
    found = lit(tab)
    shown = found.pop("shown")
    assert found == expected
    assert shown.startswith(name + {"zh": "：", "en": ": "}[lang])
    # wrapped on a narrow screen, but nothing is missing, and nothing of another part is there
    flat = " ".join(shown.split())
    assert all(line in flat for line in expected["code"]) and len(flat.split(f"{part}t")) >= 1
    assert not any(names[lang] in shown for other, (_, names, _, _) in PARTS.items() if other != part)


def assert_none(tab):
    assert lit(tab) == {"parts": [], "rows": [], "code": [], "terms": "", "shown": ""}


def handle(tab, part):
    """Where a finger would go: the box of a gate, the arrow's tip of a state."""
    return tab.locator(f'svg a[data-part="{part}"] :is(.box, .output + .tip, .state + .tip)')


@pytest.fixture
def open_page(context, tab, origin):
    def opened(lang):
        tab.goto(origin + url_of(lang, PAGE))
        return tab

    yield opened
    assert tab.complaints == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_part_that_is_pointed_at_lights_its_equation_and_its_code(open_page, lang):
    tab = open_page(lang)
    assert_none(tab)
    for part in PARTS:
        handle(tab, part).hover()
        assert_only(tab, part, lang)
    tab.locator("h1").hover()
    assert_none(tab)


@pytest.mark.parametrize("lang", LANGS)
def test_the_keyboard_reaches_every_part(open_page, lang):
    tab = open_page(lang)
    buttons = tab.locator("figure.diagram").get_by_role("button")
    assert buttons.count() == len(PARTS)
    buttons.first.focus()
    tab.keyboard.press("Shift+Tab")
    assert_none(tab)
    seen = []
    for _ in PARTS:
        tab.keyboard.press("Tab")
        seen.append(tab.evaluate("document.activeElement.dataset.part"))
        assert_only(tab, seen[-1], lang)
        ring = tab.evaluate("getComputedStyle(document.activeElement.querySelector('.hit')).stroke")
        assert ring.startswith("rgb"), "the focus is to be seen"
    assert sorted(seen) == sorted(PARTS)
    tab.keyboard.press("Tab")
    assert_none(tab)


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_key_pins_a_part_and_escape_lets_it_go(open_page, key):
    tab = open_page("en")
    forget = tab.get_by_role("button", name="forget gate f: equation and code")
    assert forget.get_attribute("aria-pressed") == "false"
    forget.focus()
    tab.evaluate("addEventListener('keydown', (event) => { window.scrolls = !event.defaultPrevented })")
    tab.keyboard.press(key)
    assert forget.get_attribute("aria-pressed") == "true" and tab.evaluate("window.scrolls") is False
    forget.blur()
    assert_only(tab, "f", "en")
    handle(tab, "c").hover()
    assert_only(tab, "c", "en")  # what is pointed at goes first
    tab.locator("h1").hover()
    assert_only(tab, "f", "en")
    forget.focus()
    tab.keyboard.press("Escape")
    forget.blur()
    assert forget.get_attribute("aria-pressed") == "false"
    assert_none(tab)


@pytest.mark.parametrize("lang", LANGS)
def test_a_tap_on_a_phone_shows_the_equation_below_the_picture(chromium, origin, lang):
    tab = chromium.new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    tab.goto(origin + url_of(lang, PAGE))
    height = tab.locator("figure.diagram").bounding_box()["height"]
    for part in PARTS:
        handle(tab, part).tap()
        assert_only(tab, part, lang)
        assert tab.locator("svg a[aria-pressed=true]").get_attribute("data-part") == part
    below = tab.locator(f"{LIST} li[data-lit]").bounding_box()
    picture = tab.locator("figure.diagram svg").bounding_box()
    assert picture["y"] < below["y"] < picture["y"] + 740 - 100, "both fit on one screen"
    assert tab.locator("figure.diagram").bounding_box()["height"] == height, "nothing moves"
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    assert tab.evaluate("[...document.querySelectorAll('.diagram li')].every(e => e.scrollWidth <= e.clientWidth)")
    handle(tab, "h").tap()
    assert_none(tab)
    tab.close()


def test_a_finger_that_scrolls_lights_nothing(chromium, origin):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(origin + url_of("en", PAGE))
    handle(tab, "f").scroll_into_view_if_needed()
    tab.evaluate("addEventListener('pointermove', () => { window.moves = (window.moves ?? 0) + 1 })")
    box, touch = handle(tab, "f").bounding_box(), context.new_cdp_session(tab)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + 5, "y": y + 2}]})
    wait_until(tab, "window.moves >= 1")
    assert_none(tab)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_labels_and_targets_are_large_enough_on_a_phone(chromium, origin, lang):
    tab = chromium.new_page(viewport={"width": 360, "height": 740})
    tab.goto(origin + url_of(lang, PAGE))
    tab.evaluate("document.fonts.ready")
    scale = tab.evaluate(
        "() => { const s = document.querySelector('.diagram svg'); return s.getBoundingClientRect().width / s.viewBox.baseVal.width }"
    )
    sizes = tab.evaluate(
        "[...document.querySelectorAll('.diagram :is(text, tspan)')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert len(sizes) > 20 and min(sizes) * scale >= 10
    for part in PARTS:
        box = tab.locator(f'svg a[data-part="{part}"] .hit').bounding_box()
        assert min(box["width"], box["height"]) >= 24, part
    # no label runs into another, none out of the picture
    texts = tab.evaluate(
        "[...document.querySelectorAll('.diagram text')].map(e => { const r = e.getBoundingClientRect(); return [e.textContent, r.left, r.top, r.right, r.bottom] })"
    )
    picture = tab.locator("figure.diagram svg").bounding_box()
    for n, (text, left, top, right, bottom) in enumerate(texts):
        assert picture["x"] - 1 <= left and right <= picture["x"] + picture["width"] + 1, text
        for other, left2, top2, right2, bottom2 in texts[:n]:
            apart = right <= left2 or right2 <= left or bottom - 4 <= top2 or bottom2 - 4 <= top
            assert apart, f"{text} runs into {other}"
    tab.close()


def test_a_row_of_the_equations_lights_its_part(open_page):
    tab = open_page("en")
    box = tab.locator(".math-display").first.bounding_box()
    rows = tab.locator(".math-display").first.locator(".mtable .vlist").first.locator("> span > .mord")
    assert rows.count() == len(PARTS)
    for part, (row, *_) in PARTS.items():
        place = rows.nth(row).bounding_box()
        tab.mouse.move(box["x"] + box["width"] / 2, place["y"] + place["height"] / 2)
        assert_only(tab, part, "en")
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] - 30)
    assert_none(tab)


def test_a_lit_row_is_lit_where_it_stands(open_page):
    """Pixels: what changes in the equations lies in the row of the forget gate, and spans it."""
    tab = open_page("en")
    tab.emulate_media(reduced_motion="reduce")
    display = tab.locator(".math-display").first
    display.scroll_into_view_if_needed()
    tab.evaluate("document.fonts.ready")
    before = Image.open(io.BytesIO(display.screenshot()))
    tab.get_by_role("button", name="forget gate f").focus()
    after = Image.open(io.BytesIO(display.screenshot()))
    left, top, right, bottom = ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()
    origin, table = display.bounding_box(), display.locator(".mtable").bounding_box()
    row = display.locator(".mtable .vlist").first.locator("> span > .mord").nth(1).bounding_box()
    middle = row["y"] - origin["y"] + row["height"] / 2
    assert abs((top + bottom) / 2 - middle) < 4 and 0.9 * row["height"] < bottom - top < 1.6 * row["height"]
    assert left < table["x"] - origin["x"] and right > table["x"] - origin["x"] + table["width"]


def test_a_line_of_the_program_lights_its_part(open_page):
    tab = open_page("en")
    program = tab.locator(".language-python code").first
    text = program.text_content()
    assert text == SOURCES.snippets["lstm/step"].source("en"), "marking the lines leaves the program as it was"
    for part, (_, _, code, term) in PARTS.items():
        program.locator(f'[data-part="{part}"]').first.hover()
        assert_only(tab, part, "en")
        assert term in code[-1]
    program.locator('[data-part="i f g o"]', has_text="np.split").hover()
    found = lit(tab)
    assert found["parts"] == ["f", "g", "i", "o"] and found["rows"] == [0, 1, 2, 3] and found["code"] == GATES
    assert found["shown"] == "", "four parts have no room in the panel"
    program.locator("text=return").first.hover()
    assert_none(tab)


@pytest.mark.parametrize("lang, hint", [("zh", "按 Tab 键"), ("en", "press Tab")])
def test_assistive_technology_hears_the_part_in_the_pages_language(open_page, lang, hint):
    tab = open_page(lang)
    figure = tab.locator("figure.diagram")
    assert tab.locator(LIST).get_attribute("aria-live") == "polite"
    assert hint in figure.aria_snapshot() and "listitem" not in figure.aria_snapshot()
    buttons = {part: f"{names[lang]} {part}" for part, (_, names, _, _) in PARTS.items()}
    for part, name in buttons.items():
        button = figure.get_by_role("button", name=name)
        assert button.count() == 1
        button.focus()
        heard = figure.aria_snapshot()
        assert heard.count("listitem") == 1 and "math" in heard and PARTS[part][1][lang] in heard
        assert hint not in heard and f'button "{name}' in heard
    # what is only drawn is not read out
    assert "text:" not in figure.aria_snapshot().split("button")[0]


@pytest.mark.parametrize("lang", LANGS)
def test_without_javascript_the_list_is_there_and_the_parts_lead_to_it(chromium, origin, lang):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    tab = context.new_page()
    tab.goto(origin + url_of(lang, PAGE))
    items = tab.locator(f"{LIST} li")
    assert items.count() == len(PARTS)
    for number, (part, (_, names, code, _)) in enumerate(PARTS.items()):
        item = items.nth(number)
        assert item.is_visible() and item.get_attribute("data-part") == part
        assert item.locator("b").text_content() == names[lang] and item.locator("code").all_text_contents() == code
        assert item.locator("math").count() == 1
        assert item.bounding_box()["width"] <= 328
    assert not tab.locator("figure.diagram > div > p").is_visible(), "the hint would promise what does not happen"
    tab.locator('svg a[data-part="c"] .name').click()
    assert tab.url.endswith("#lstm-cell-c") and items.nth(4).evaluate("e => e.matches(':target')")
    context.close()


def test_a_link_to_a_part_shows_it(open_page, origin):
    tab = open_page("en")
    tab.goto("about:blank")
    tab.goto(origin + url_of("en", PAGE) + "#lstm-cell-g")
    assert_only(tab, "g", "en")
    assert tab.get_by_role("button", name="candidate g").get_attribute("aria-pressed") == "true"


def test_should_the_script_not_arrive_the_parts_are_links(chromium, origin):
    tab = chromium.new_page()
    tab.route("**/diagram.js", lambda route: route.abort())
    tab.goto(origin + url_of("en", PAGE))
    tab.locator('svg a[data-part="o"] .name').click()
    assert tab.locator(LIST).inner_text().startswith("output gate: ")
    assert not tab.locator("figure.diagram > div > p").is_visible()
    tab.close()


def channels(colour):
    """(r, g, b, alpha) of a computed colour, 0 to 1."""
    numbers = [float(n) for n in re.findall(r"-?[\d.]+(?:e-?\d+)?", colour)]
    if colour.startswith("rgb"):
        numbers[:3] = [n / 255 for n in numbers[:3]]
    assert colour.startswith(("rgb", "color(srgb ")) and len(numbers) in (3, 4), colour
    return [*numbers, 1][:4]


def over(top, below):
    alpha = top[3]
    return [alpha * a + (1 - alpha) * b for a, b in zip(top[:3], below[:3], strict=True)] + [1]


def contrast(text, *layers):
    """WCAG's contrast of `text` on `layers`, the lowest first."""
    ground = [1, 1, 1, 1]
    for layer in layers:
        ground = over(channels(layer), ground)

    def luminance(colour):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(over(channels(text), ground)), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_wcags():
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)
    assert contrast("rgba(0, 0, 0, 0.5)", "color(srgb 1 1 1)") == pytest.approx(3.95, abs=0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_lit_can_be_read(chromium, origin, scheme):
    tab = chromium.new_page(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    tab.goto(origin + url_of("zh", PAGE))
    for part in PARTS:
        tab.locator(f'svg a[data-part="{part}"]').focus()
        colours = tab.evaluate(
            """(part) => {
                const of = (selector, name, pseudo) =>
                    getComputedStyle(document.querySelector(selector), pseudo)[name];
                const page = of("body", "backgroundColor");
                const box = document.querySelector(`svg a[data-part="${part}"] .box`);
                const row = ".diagram li[data-lit]", term = document.querySelector(`${row} mark`);
                const tokens = [...document.querySelectorAll(".language-python code [data-lit] span")].map((token) => {
                    const grounds = [of(".language-python code", "backgroundColor")];
                    for (let e = token; e.tagName != "CODE"; e = e.parentNode)
                        grounds.splice(1, 0, getComputedStyle(e).backgroundColor);
                    return [getComputedStyle(token).color, page, ...grounds];
                });
                return [
                    [of(".math-display [data-lit]", "color"), page, of(".math-display [data-lit]", "backgroundColor", "::before")],
                    [of(`${row} code`, "color"), page, of(row, "backgroundColor"), of(`${row} code`, "backgroundColor")],
                    ...(term ? [[of(`${row} mark`, "color"), page, of(row, "backgroundColor"), of(`${row} mark`, "backgroundColor")]] : []),
                    ...(box ? [[of(".diagram svg text", "fill"), getComputedStyle(box).fill]] : []),
                    ...tokens,
                ];
            }""",
            part,
        )
        assert len(colours) > 7
        for text, *layers in colours:
            assert contrast(text, *layers) >= 4.5, f"{part}: {text} on {layers}"
        # lines and outlines: 3 to 1
        edge = tab.evaluate(
            """(part) => getComputedStyle(document.querySelector(
                `svg a[data-part="${part}"] :is(.box, .state, .output)`)).stroke""",
            part,
        )
        assert contrast(edge, tab.evaluate("getComputedStyle(document.body).backgroundColor")) >= 3, part
    tab.close()


def test_only_pages_with_a_diagram_load_its_script(site):
    with_script = set()
    for file in site.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        loads = [name for name in ("diagram.js", "diagram.css") if f"assets/{name}" in text]
        assert loads == (["diagram.js", "diagram.css"] if '<figure class="diagram"' in text else []), file
        if loads:
            with_script.add(file.relative_to(site).as_posix())
            (script,) = re.findall(r"<script[^>]*diagram\.js[^>]*>", text)
            assert " defer" in script
    assert with_script == {"lstm/gates/index.html", "en/lstm/gates/index.html"}


@pytest.mark.parametrize("lang", LANGS)
def test_the_list_is_not_found_by_search_and_not_in_the_notebook(site, pages, lang):
    folder = site if lang == "zh" else site / "en"
    index = (folder / "search/index.json").read_text(encoding="utf-8")
    notebook = (folder / "notebooks/lstm/gates.ipynb").read_text(encoding="utf-8")
    for text in (index, notebook):
        assert WORDS[lang]["diagram.hint"][:12] not in text.replace("\u200b", "") and "lstm-cell" not in text
        assert "```diagram" not in text

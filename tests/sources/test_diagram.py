"""The diagram of the cell: its parts, their equations and their lines of code light up together."""

from pathlib import PurePosixPath

import pytest
from browsing import url_of
from conftest import refused, replaced, sources

from sitebuild import LANGS
from sitebuild.sources import diagram, snippet

SOURCES = sources()
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
FIGURE = "figure.diagram:has(#lstm-cell-c)"  # the page has another, of the same program
LIST = f"{FIGURE} ul"


# -- the drawing -------------------------------------------------------------------------------------------


def test_the_cell_has_the_parts_of_the_equations():
    assert {part.key for part in CELL.parts} == set(PARTS)
    program = SOURCES.snippets[CELL.snippet].source("en")
    for part in CELL.parts:
        _, names, code, term = PARTS[part.key]
        assert (dict(part.name), diagram.lines_of_code(part, program), part.term) == (names, code, term)


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
    problems = refused(diagram.parse, replaced(SMALL, old, new), "a/small", "a/small.svg")
    assert (line, True) in [(p.line, reason in p.reason) for p in problems], problems


@pytest.mark.parametrize(
    "old, new, reason",
    [
        ("c = f * c", "cell = f * c", "0 lines begin with 'c ='"),
        ("h = o * np.tanh(c)", "h = o * np.tanh(c)\n    h = h + 0", "2 lines begin with 'h ='"),
        ("\n\n\nx = rng", "\n\n\nq = 'c = f * c + i * g'\nx = rng", "'c = f * c + i * g' of the part 'c' stands there 2 times"),
        ("sigmoid(f)", "gate(f)", "'sigmoid(f)' is not once in the line"),
    ],
)  # fmt: skip
def test_a_line_of_code_that_is_not_there_is_told_with_the_part(old, new, reason):
    step = SOURCES.snippets["lstm/step"]
    assert diagram.check(CELL, {"lstm/step": step}) == []
    (problem,) = diagram.check(CELL, {"lstm/step": snippet.parse(replaced(step.text, old, new), "lstm/step", "p")})
    assert problem.path == "snippets/lstm/cell.svg" and reason in problem.reason
    assert f'<a data-part="{problem.reason.split("part ")[1][1]}"' in CELL.text.split("\n")[problem.line - 1]


# -- in the browser ----------------------------------------------------------------------------------------


def lit(tab):
    """What is lit: parts of the picture, rows of the equations, lines of the program, the row that is shown."""
    return tab.evaluate(
        """() => {
            const boxes = [...document.querySelector(".math-display .mtable .vlist").children];
            const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);
            return {
                parts: [...document.querySelectorAll("FIGURE svg a[data-lit]")].map((a) => a.dataset.part).sort(),
                rows: boxes.flatMap((box, k) => box.dataset.lit ? [k] : []),
                code: texts(".language-python code > [data-lit]").map((line) => line.split("  #")[0]),
                terms: texts(".language-python code [data-lit] [data-lit]").join("").replace(/,$/, ""),
                shown: document.querySelector("FIGURE ul").innerText.trim(),
            };
        }""".replace("FIGURE", FIGURE)
    )


def assert_only(tab, part, lang):
    row, names, code, term = PARTS[part]
    found = lit(tab)
    shown = found.pop("shown")
    assert found == {"parts": [part], "rows": [row], "code": code, "terms": term}
    assert shown.startswith(names[lang] + {"zh": "：", "en": ": "}[lang])
    # wrapped on a narrow screen, but nothing is missing, and nothing of another part is there
    assert all(line in " ".join(shown.split()) for line in code)
    assert not any(names[lang] in shown for other, (_, names, _, _) in PARTS.items() if other != part)


def assert_none(tab):
    assert lit(tab) == {"parts": [], "rows": [], "code": [], "terms": "", "shown": ""}


def handle(tab, part):
    """Where a finger would go: the box of a gate, the arrow's tip of a state."""
    return tab.locator(f'{FIGURE} svg a[data-part="{part}"] :is(.box, .output + .tip, .state + .tip)')


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
    buttons = tab.locator(FIGURE).get_by_role("button")
    assert buttons.count() == len(PARTS)
    buttons.first.focus()
    tab.keyboard.press("Shift+Tab")
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
    height = tab.locator(FIGURE).bounding_box()["height"]
    for part in PARTS:
        handle(tab, part).tap()
        assert_only(tab, part, lang)
        assert tab.locator(f"{FIGURE} svg a[aria-pressed=true]").get_attribute("data-part") == part
    below = tab.locator(f"{LIST} li[data-lit]").bounding_box()
    picture = tab.locator(f"{FIGURE} svg").bounding_box()
    assert picture["y"] < below["y"] < picture["y"] + 740 - 100, "both fit on one screen"
    assert tab.locator(FIGURE).bounding_box()["height"] == height, "nothing moves"
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    assert tab.evaluate("[...document.querySelectorAll('.diagram li')].every(e => e.scrollWidth <= e.clientWidth)")
    handle(tab, "h").tap()
    assert_none(tab)
    tab.close()


@pytest.mark.parametrize("lang", LANGS)
def test_labels_and_targets_are_large_enough_on_a_phone(chromium, origin, lang):
    tab = chromium.new_page(viewport={"width": 360, "height": 740})
    tab.goto(origin + url_of(lang, PAGE))
    tab.evaluate("document.fonts.ready")
    picture = tab.locator(f"{FIGURE} svg")
    scale = picture.evaluate("svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width")
    sizes = tab.locator(f"{FIGURE} :is(text, tspan)").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert len(sizes) > 20 and min(sizes) * scale >= 10
    for part in PARTS:
        box = tab.locator(f'{FIGURE} svg a[data-part="{part}"] .hit').bounding_box()
        assert min(box["width"], box["height"]) >= 24, part
    # no label runs into another, none out of the picture
    texts = tab.locator(f"{FIGURE} text").evaluate_all(
        "all => all.map(e => [e, e.getBoundingClientRect()]).map(([e, r]) => [e.textContent, r.left, r.top, r.right, r.bottom])"
    )
    box = picture.bounding_box()
    for n, (text, left, top, right, bottom) in enumerate(texts):
        assert box["x"] - 1 <= left and right <= box["x"] + box["width"] + 1, text
        for other, left2, top2, right2, bottom2 in texts[:n]:
            apart = right <= left2 or right2 <= left or bottom - 4 <= top2 or bottom2 - 4 <= top
            assert apart, f"{text} runs into {other}"
    tab.close()


def test_a_row_of_the_equations_lights_its_part(open_page):
    tab = open_page("en")
    tab.locator(".math-display").first.scroll_into_view_if_needed()
    box = tab.locator(".math-display").first.bounding_box()
    rows = tab.locator(".math-display").first.locator(".mtable .vlist").first.locator("> span > .mord")
    assert rows.count() == len(PARTS)
    for part, (row, *_) in PARTS.items():
        place = rows.nth(row).bounding_box()
        tab.mouse.move(box["x"] + box["width"] / 2, place["y"] + place["height"] / 2)
        assert_only(tab, part, "en")
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] - 30)
    assert_none(tab)


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
    figure = tab.locator(FIGURE)
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
    tab = chromium.new_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    tab.goto(origin + url_of(lang, PAGE))
    items = tab.locator(f"{LIST} li")
    assert items.count() == len(PARTS)
    for number, (part, (_, names, code, _)) in enumerate(PARTS.items()):
        item = items.nth(number)
        assert item.is_visible() and item.get_attribute("data-part") == part
        assert item.locator("b").text_content() == names[lang] and item.locator("code").all_text_contents() == code
        assert item.locator("math").count() == 1
        assert item.bounding_box()["width"] <= 328
    assert not tab.locator(f"{FIGURE} > div > p").is_visible(), "the hint would promise what does not happen"
    tab.locator(f'{FIGURE} svg a[data-part="c"] .name').click()
    assert tab.url.endswith("#lstm-cell-c") and items.nth(4).evaluate("e => e.matches(':target')")
    tab.close()


def test_two_diagrams_of_one_program_do_not_disturb_each_other(open_page):
    """The unrolled network above shares the cell's rows and lines: both pictures light up with them."""
    tab = open_page("en")
    above = tab.locator("figure.diagram").first
    above.get_by_role("button", name="cell state").hover(position={"x": 8, "y": 20})
    assert tab.locator(".language-python code > [data-lit]").all_text_contents() == PARTS["c"][2]
    assert lit(tab)["rows"] == [PARTS["c"][0]] and lit(tab)["parts"] == []
    tab.locator(".language-python code").first.locator('[data-part="h"]').first.hover()
    assert lit(tab)["parts"] == ["h"] and above.locator("a[data-lit]").get_attribute("data-part") == "h"
    tab.locator("h1").hover()
    assert_none(tab) and above.locator("[data-lit]").count() == 0


def test_a_link_to_a_part_shows_it(open_page, origin):
    tab = open_page("en")
    tab.goto("about:blank")
    tab.goto(origin + url_of("en", PAGE) + "#lstm-cell-g")
    assert_only(tab, "g", "en")
    assert tab.get_by_role("button", name="candidate g").get_attribute("aria-pressed") == "true"

"""An LSTM at work: the explorable on labs/digits-live, by mouse, touch and keyboard, in both languages and schemes."""

import pytest
from browsing import BASE, DESKTOP, PHONE, faults, wait_until
from test_every_page import SHIFTS

from sitebuild import LANGS

FIGURE, ALL = "figure[data-explorable=digits]", ".digits"
SAID = f"{ALL} .said p"  # what is seen; the second is what is heard
NETWORKS = ("LSTM 32", "RNN 32", "RNN 64")


def address(origin, lang):
    return f"{origin}{BASE}{'en/' if lang == 'en' else ''}labs/digits-live/"


def opened(tab, origin, lang="en"):
    tab.goto(address(origin, lang))
    tab.locator(FIGURE).scroll_into_view_if_needed()
    tab.locator(f"{ALL} canvas").first.wait_for()
    return tab


def button(tab, name):
    return tab.locator(ALL).get_by_role("button", name=name)


def slider(tab):
    return tab.locator(f"{ALL} input[type=range]")


def said(tab):
    return tab.locator(SAID).first.inner_text()


def shares(tab):
    """What it says of the ten digits, in percent."""
    return [int(text.split("%")[0]) for text in tab.locator(f"{ALL} ol span").all_inner_texts()]


def drawn(tab, lines, pointer):
    """Draw lines on the pad, each a list of points in percent of its side; `pointer` has move, down and up."""
    box = tab.locator(f"{ALL} svg").bounding_box()
    for line in lines:
        points = [(box["x"] + x / 100 * box["width"], box["y"] + y / 100 * box["height"]) for x, y in line]
        pointer.move(*points[0])
        pointer.down()
        for point in points[1:]:
            pointer.move(*point, steps=5)
        pointer.up()


ONE, SEVEN = [[(36, 28), (52, 12), (52, 90)]], [[(26, 14), (74, 14), (44, 90)], [(32, 50), (66, 50)]]


def test_it_is_loaded_when_it_is_reached_and_not_before(tab, origin):
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.set_viewport_size({"width": 390, "height": 200})
    tab.goto(address(origin, "en"), wait_until="networkidle")
    assert not [url for url in asked if "/assets/explorables/" in url]
    assert tab.locator(f"{FIGURE} svg").is_visible() and not tab.locator(ALL).count(), "the lab's own figure"
    tab.locator(FIGURE).scroll_into_view_if_needed()
    tab.locator(ALL).wait_for()
    assert [url for url in asked if "/assets/explorables/sequential_digits.json?v=" in url]
    assert tab.complaints == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_digit_is_read_step_by_step(tab, origin, lang):
    opened(tab, origin, lang)
    slider(tab).fill("64")
    assert "64" in said(tab) and "LSTM 32" in said(tab)
    whole = shares(tab)
    assert sum(whole) == pytest.approx(100, abs=5)
    assert tab.locator(f"{ALL} .unread").count() == 0
    slider(tab).focus()
    for _ in range(14):
        tab.keyboard.press("ArrowLeft")
    assert tab.locator(f"{ALL} .unread").count() == 14 and "50" in said(tab)
    assert slider(tab).get_attribute("aria-valuetext") == "50 / 64"
    assert tab.locator(f"{ALL} .last").count() == 1
    assert shares(tab) != whole and tab.complaints == []


def test_gates_states_and_what_is_heard_are_shown_of_each_network(tab, origin):
    opened(tab, origin)
    slider(tab).fill("64")
    hears = tab.get_by_label("Show what it still hears")
    maps = set()
    for name in NETWORKS:
        tab.get_by_label(name).check()
        assert name in said(tab)
        assert tab.locator(f"{ALL} .strip:visible").count() == (5 if name.startswith("LSTM") else 1)
        assert ("no gates" in tab.locator(f"{ALL} .key").inner_text()) == name.startswith("RNN")
        hears.uncheck()
        assert "hears" not in said(tab)
        hears.check()
        assert "Of what it still hears, the first row is" in said(tab)
        heat = tab.locator(f"{ALL} .heat").evaluate_all("all => all.map(one => +one.style.fillOpacity)")
        assert len(heat) == 64 and max(heat) == 1 and min(heat) >= 0
        maps.add(tuple(heat))
    assert len(maps) == len(NETWORKS) and tab.complaints == []


def test_another_digit_and_one_that_is_misread(tab, origin):
    opened(tab, origin)
    before = tab.locator(f"{ALL} svg").inner_html()
    button(tab, "Another digit").click()
    assert tab.locator(f"{ALL} svg").inner_html() != before
    seen = set()
    for _ in range(3):
        button(tab, "One it misreads").click()
        _, digit, *_, label = [word.strip("().;%") for word in said(tab).split("says")[1].replace("(", " ").split(" ")]
        assert digit != label
        seen.add(tab.locator(f"{ALL} svg").inner_html())
    assert len(seen) == 3


@pytest.mark.parametrize("lang", LANGS)
def test_drawn_with_the_mouse(tab, origin, lang):
    opened(tab, origin, lang)
    button(tab, {"zh": "自己写一个", "en": "Draw one"}[lang]).click()
    assert {"zh": "在方框里写一个数字", "en": "Draw a digit"}[lang] in said(tab)
    drawn(tab, SEVEN, tab.mouse)
    assert max(shares(tab)) == shares(tab)[7] > 50
    button(tab, {"zh": "擦掉", "en": "Clear"}[lang]).click()
    drawn(tab, ONE, tab.mouse)
    assert max(shares(tab)) == shares(tab)[1] > 50
    button(tab, {"zh": "写好了", "en": "Done"}[lang]).click()
    assert max(shares(tab)) == shares(tab)[1], "the drawing stays"
    assert tab.locator(f"{ALL} svg").get_attribute("role") == "img"
    assert {"zh": "其实是", "en": "it is a"}[lang] not in said(tab), "nobody has said what was drawn"
    assert tab.complaints == []


def test_drawn_with_a_finger(chromium, origin):
    context = chromium.new_context(viewport=PHONE, has_touch=True, service_workers="block")
    tab = context.new_page()
    opened(tab, origin)
    button(tab, "Draw one").tap()
    tab.locator(f"{ALL} svg").scroll_into_view_if_needed()
    client, top = context.new_cdp_session(tab), tab.evaluate("scrollY")

    class Finger:
        at = (0, 0)

        def send(self, kind, points):
            client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        def move(self, x, y, steps=0):
            for step in range(1, steps + 1):
                between = [old + (new - old) * step / steps for old, new in zip(self.at, (x, y), strict=True)]
                self.send("touchMove", [dict(zip("xy", between, strict=True))])
            self.at = x, y

        def down(self):
            self.send("touchStart", [dict(zip("xy", self.at, strict=True))])

        def up(self):
            self.send("touchEnd", [])

    drawn(tab, ONE, Finger())
    wait_until(tab, f"document.querySelector('{SAID}').textContent.startsWith('After 64')")
    assert max(shares(tab)) == shares(tab)[1] and tab.evaluate("scrollY") == top, "the page does not scroll meanwhile"
    context.close()


def test_drawn_with_the_keyboard(tab, origin):
    opened(tab, origin)
    button(tab, "Draw one").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate(f"document.activeElement === document.querySelector('{ALL} svg')")
    tab.keyboard.press("Space")
    assert said(tab).startswith("Pen down")
    for _ in range(16):
        tab.keyboard.press("ArrowDown")
    assert max(shares(tab)) == shares(tab)[1], "a stroke from top to bottom"
    tab.keyboard.press("Space")
    assert said(tab).startswith("Pen up")
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.textContent") == "Draw one"
    assert said(tab).startswith("After 64 pixels")


@pytest.mark.parametrize("motion, went", [("no-preference", "52"), ("reduce", "56")])
def test_it_plays_to_the_end_and_stops_where_one_says(tab, origin, motion, went):
    tab.emulate_media(reduced_motion=motion)
    tab.clock.install(time=0)
    opened(tab, origin)
    tab.clock.pause_at(60_000)
    slider(tab).fill("48")
    tab.clock.run_for(1000)
    button(tab, "Play").click()
    tab.clock.run_for(501)
    assert slider(tab).input_value() == went
    heard = tab.locator(f"{ALL} [role=status]")
    assert heard.inner_text().startswith("After 48 pixels"), "nothing is spoken while it moves"
    button(tab, "Pause").click()
    tab.clock.run_for(3000)
    assert slider(tab).input_value() == went and heard.inner_text().startswith(f"After {went} pixels")
    button(tab, "Play").click()
    tab.clock.run_for(3000)
    assert slider(tab).input_value() == "64" and button(tab, "Play").is_visible()


def test_it_is_accessible_and_fits_a_phone(tab, origin):
    opened(tab, origin, "zh")
    tab.locator(f"{ALL} input[type=checkbox]").check()
    assert faults(tab) == []
    button(tab, "自己写一个").click()
    assert faults(tab) == []
    tab.set_viewport_size(PHONE)
    wide, small = tab.evaluate(
        """() => [document.documentElement.scrollWidth, Math.min(...[...document.querySelectorAll(".digits *")]
            .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
            .map((one) => parseFloat(getComputedStyle(one).fontSize)))]"""
    )
    assert wide <= PHONE["width"] and small >= 11


def test_strips_follow_the_scheme(tab, origin):
    tab.emulate_media(color_scheme="light")
    opened(tab, origin)
    picture = f"document.querySelector('{ALL} canvas').toDataURL()"
    light = tab.evaluate(picture)
    tab.emulate_media(color_scheme="dark")
    wait_until(tab, f"{picture} !== {light!r}")


@pytest.mark.parametrize("size", (PHONE, DESKTOP), ids=("phone", "desktop"))
@pytest.mark.parametrize("lang", LANGS)
def test_nothing_jumps(tab, origin, lang, size):
    tab.set_viewport_size(size)
    tab.add_init_script(SHIFTS)
    tab.goto(address(origin, lang), wait_until="networkidle")
    before = tab.locator(FIGURE).bounding_box()["height"]
    opened(tab, origin, lang)
    tab.get_by_role("checkbox").last.check()
    for pixel in range(0, 65, 8):
        slider(tab).fill(str(pixel))
    assert tab.evaluate("window.shifted || 0") == 0
    for name in NETWORKS:
        tab.get_by_label(name).check()
        assert tab.locator(FIGURE).bounding_box()["height"] == pytest.approx(before, abs=1), name


def test_without_scripts_the_lab_s_figure_of_the_gates_stands(chromium, origin):
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    tab = context.new_page()
    tab.goto(address(origin, "en"))
    figure = tab.locator(f"{FIGURE} > svg[role=img]")
    assert figure.is_visible() and "forget gate" in figure.text_content() and not tab.locator(ALL).count()
    context.close()

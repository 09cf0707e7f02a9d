"""Live figures in Chromium: by mouse, finger and keyboard; what is heard; without scripts, motion or network."""

import pytest
from browsing import BASE, PHONE, faults, wait_until
from test_every_page import SHIFTS

from sitebuild import LANGS

HOME = {"zh": "", "en": "en/"}
FIGURE, PANEL = "[data-explorable=story]", ".explorable.story"
LEFT = f"[...document.querySelectorAll('{PANEL} dd')].map(one => one.textContent)"
HEARD = f"document.querySelector('{PANEL} [role=status]').textContent"
ARRIVES = {"zh": "没走细胞", "en": "not along the cell"}
CAROUSEL = {"zh": "恒定误差传送带", "en": "constant error carousel"}
# where the curves of the RNN and of the LSTM end
ENDS = f"[...document.querySelectorAll('{PANEL} path.line')].map(one => +one.getAttribute('d').split(',').at(-1))"
SMALL = f"""() => [...document.querySelectorAll("{FIGURE} *")]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && one.checkVisibility())
    .map((one) => [parseFloat(getComputedStyle(one).fontSize), one.textContent]).filter(([size]) => size < 11)"""


def live(tab, address):
    """Scroll to the figure and wait until it is live."""
    tab.goto(address)
    tab.locator(FIGURE).scroll_into_view_if_needed()
    tab.locator(PANEL).wait_for()
    return tab


@pytest.mark.parametrize("lang", LANGS)
def test_by_mouse(tab, origin, lang):
    live(tab, origin + BASE + HOME[lang])
    rnn, full, cell = tab.evaluate(LEFT)
    assert rnn == "8\u00a0×\u00a010⁻²⁵" and full == "0.08" and cell == "3\u00a0×\u00a010⁻⁶", "as the program prints"
    assert ARRIVES[lang] in tab.locator(f"{PANEL} .said").inner_text()
    before = tab.evaluate(ENDS)
    scale = tab.locator(f"{PANEL} input").nth(1).bounding_box()
    tab.mouse.click(scale["x"] + 2, scale["y"] + scale["height"] / 2)  # no recurrent weights: nothing but the cell
    wait_until(tab, f"{LEFT}[0] === '0' && {LEFT}[1] === {LEFT}[2]")
    assert tab.evaluate(ENDS)[0] > before[0] and tab.evaluate(ENDS)[1] > before[1], "they follow at once"
    tab.locator(f"{PANEL} .tries button").nth(3).click()
    wait_until(tab, f"document.querySelectorAll('{PANEL} .tries button')[3].ariaPressed === 'true'")
    assert CAROUSEL[lang] in tab.locator(f"{PANEL} .said").inner_text()
    assert float(tab.evaluate(LEFT)[2]) > 0.5
    chart = tab.locator(f"{PANEL} svg").bounding_box()
    tab.mouse.move(chart["x"] + chart["width"] / 2, chart["y"] + 100)
    tab.mouse.down()
    tab.mouse.move(chart["x"] + chart["width"] / 4, chart["y"] + 100)
    tab.mouse.up()
    assert 15 < int(tab.locator(f"{PANEL} input").nth(2).input_value()) < 30, "dragging in the picture moves k"
    assert tab.complaints == []


@pytest.mark.parametrize("lang", LANGS)
def test_by_keyboard_and_what_is_heard(tab, origin, lang):
    live(tab, origin + BASE + HOME[lang])
    assert ARRIVES[lang] in tab.evaluate(HEARD), "who does not move anything reads it, too"
    bias, scale, lag = tab.locator(f"{PANEL} input").all()
    label = tab.evaluate(f"document.querySelector('{PANEL} input').labels[0].textContent")
    assert {"zh": "遗忘门偏置 bf", "en": "Forget bias bf"}[lang] == label
    bias.focus()
    tab.keyboard.press("End")
    assert bias.get_attribute("aria-valuetext") == {"zh": "8.0，门开 99.97 %", "en": "8.0, 99.97 % open"}[lang]
    assert ARRIVES[lang] in tab.evaluate(HEARD), "not while it moves"
    wait_until(tab, f"!{HEARD}.includes('{ARRIVES[lang]}')")
    assert tab.evaluate(LEFT)[1] in tab.evaluate(HEARD) and "100" in tab.evaluate(HEARD)
    tab.keyboard.press("Tab")
    assert scale.evaluate("one => one === document.activeElement")
    lag.focus()
    for _ in range(2):
        tab.keyboard.press("ArrowLeft")
    assert lag.input_value() == "98"
    tab.locator(f"{PANEL} .tries button").first.focus()
    tab.keyboard.press("Enter")
    wait_until(tab, f"document.querySelector('{PANEL} .tries button').ariaPressed === 'true'")
    assert (bias.input_value(), scale.input_value(), lag.input_value()) == ("0", "1", "100")
    assert tab.complaints == []


def test_by_finger_on_a_phone(chromium, origin):
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, service_workers="block")
    tab = live(context.new_page(), origin + BASE)
    tab.locator(f"{PANEL} .tries button").nth(2).tap()
    wait_until(tab, f"document.querySelectorAll('{PANEL} .tries button')[2].ariaPressed === 'true'")
    assert tab.evaluate(LEFT)[1].startswith("9"), "halved weights: 9 × 10⁻⁴"
    chart = tab.locator(f"{PANEL} svg")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    tab.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert 40 < int(tab.locator(f"{PANEL} input").nth(2).input_value()) < 60
    heights = tab.evaluate(f"[...document.querySelectorAll('{PANEL} :is(button, input)')].map(one => one.offsetHeight)")
    assert min(heights) >= 24
    context.close()


@pytest.mark.parametrize("size", (PHONE, {"width": 1280, "height": 600}), ids=("phone", "desktop"))
@pytest.mark.parametrize("lang", LANGS)
def test_it_comes_when_it_is_near_and_nothing_jumps(tab, origin, lang, size):
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.set_viewport_size(size)
    tab.add_init_script(SHIFTS)
    tab.goto(origin + BASE + HOME[lang])
    assert [url for url in asked if "/assets/explorable.js?v=" in url]
    assert not [url for url in asked if "/explorables/" in url], "the page itself comes first"
    before = tab.locator(FIGURE).bounding_box()["height"]
    tab.locator(FIGURE).scroll_into_view_if_needed()
    tab.locator(PANEL).wait_for()
    tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert all("?v=" in url for url in asked if "/explorables/" in url)
    assert tab.locator(FIGURE).bounding_box()["height"] == pytest.approx(before, abs=1)
    for number in range(6):
        tab.locator(f"{PANEL} .tries button").nth(number).click()
        wait_until(tab, f"document.querySelectorAll('{PANEL} .tries button')[{number}].ariaPressed === 'true'")
        assert tab.locator(FIGURE).bounding_box()["height"] == pytest.approx(before, abs=1)
    assert tab.evaluate("window.shifted || 0") == 0
    assert tab.evaluate(SMALL) == []
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    assert tab.complaints == []


@pytest.mark.parametrize("lang", LANGS)
def test_axe_finds_nothing_and_colours_follow_the_scheme(tab, origin, lang):
    live(tab, origin + BASE + HOME[lang] + "lstm/vs-rnn/")
    assert faults(tab) == []
    seen = set()
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        shown = {"light": "default", "dark": "slate"}[scheme]
        wait_until(tab, f"document.body.getAttribute('data-md-color-scheme') == '{shown}'")
        seen.add(tab.evaluate(f"getComputedStyle(document.querySelector('{PANEL} path.line')).stroke"))
    assert len(seen) == 2


def test_without_scripts_the_program_s_figure_stands(chromium, origin):
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    tab = context.new_page()
    tab.goto(origin + BASE)
    figure = tab.locator(f"{FIGURE} > svg[role=img]")
    assert figure.is_visible() and tab.locator(".explorable").count() == 0
    assert figure.bounding_box()["height"] < 250, "and takes no more room than it needs"
    context.close()


def test_where_it_cannot_be_loaded_the_figure_stays(tab, origin):
    tab.route("**/explorables/story.js*", lambda route: route.abort())
    tab.goto(origin + BASE + "en/")
    tab.locator(FIGURE).scroll_into_view_if_needed()
    wait_until(tab, f"document.querySelector('{FIGURE}').style.getPropertyValue('--room') === 'auto'")
    assert tab.locator(f"{FIGURE} > svg[role=img]").is_visible()
    assert tab.locator(FIGURE).bounding_box()["height"] < 480


def test_who_wants_no_motion_gets_none(tab, origin):
    frames = f"""button => new Promise((done) => {{
        const seen = new Set(), value = () => document.querySelector("{PANEL} input").value;
        seen.add(value());
        button.click();
        const look = (times) => {{
            seen.add(value());
            if (times) requestAnimationFrame(() => look(times - 1));
            else done(seen.size);
        }};
        look(60);
    }})"""
    live(tab, origin + BASE + "en/")
    assert tab.locator(f"{PANEL} .tries button").first.evaluate(frames) > 3
    tab.emulate_media(reduced_motion="reduce")
    assert tab.locator(f"{PANEL} .tries button").nth(1).evaluate(frames) == 2

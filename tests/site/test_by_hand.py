"""The explorables that are set by hand, in Chromium: by mouse, keyboard and touch, what is said, and how they look."""

import pytest
from browsing import BASE, PHONE, faults, wait_until

from sitebuild import LANGS

PLACES = {"carousel": "cec/carousel/", "conflict": "cec/conflict/", "depth": "remedies/compare/"}
HEARD = ".explorable [role=status]"
# The smallest text in pixels, and how far anything that is drawn stands out of the screen.
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".explorable *")].filter((one) => one.textContent.trim() && one.checkVisibility())
    .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
BEYOND = """() => Math.max(...[...document.querySelectorAll(".explorable svg *, .explorable :is(label, button, output)")].map((one) => one.getBoundingClientRect())
    .flatMap(({ left, right, width }) => (width ? [-left, right - innerWidth] : [])))"""


def live(tab, origin, name, lang="en"):
    """Open its page and go to where it stands: it is there."""
    tab.goto(origin + BASE + ("en/" if lang == "en" else "") + PLACES[name])
    tab.locator(f"[data-explorable={name}]").scroll_into_view_if_needed()
    tab.locator(".explorable svg text").first.wait_for()
    return tab.locator(".explorable")


def hears(tab, words):
    """…, whose numbers do not break: in `words` their spaces are plain ones."""
    wait_until(tab, f"document.querySelector({HEARD!r}).textContent.replaceAll('\\u00a0', ' ').includes({words!r})")


def press_at(tab, slider, share):
    """Press the mouse on a slider, at a share of the way of its thumb."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    tab.mouse.click(box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 2)


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("lang", LANGS)
def test_it_fits_a_phone_can_be_read_and_axe_finds_no_fault(tab, origin, name, lang):
    tab.set_viewport_size(PHONE)
    live(tab, origin, name, lang)
    # who reads with a screen reader finds it before moving anything
    wait_until(tab, f"document.querySelector({HEARD!r}).textContent")
    for width in (390, 360):
        tab.set_viewport_size({"width": width, "height": 844})
        wait_until(tab, f"document.querySelector('.explorable svg').viewBox.baseVal.width == {width - 32}")
        assert tab.evaluate(SMALLEST) >= 11
        assert tab.evaluate(BEYOND) <= 0.5 and tab.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(tab) == [] and tab.complaints == []


@pytest.mark.parametrize("name", PLACES)
def test_the_page_keeps_its_place_when_it_comes(tab, origin, name):
    """As much room as it needs is kept from the first paint: what stands below does not move."""
    for size in (PHONE, {"width": 1280, "height": 900}):
        tab.set_viewport_size(size)
        tab.goto(origin + BASE + PLACES[name])
        figure = tab.locator(f"[data-explorable={name}]")
        before = figure.bounding_box()["height"]
        figure.scroll_into_view_if_needed()
        tab.locator(".explorable svg text").first.wait_for()
        assert abs(figure.bounding_box()["height"] - before) < 2


@pytest.mark.parametrize("name", PLACES)
def test_without_scripts_the_program_s_figure_stands_there(chromium, origin, name):
    context = chromium.new_context(java_script_enabled=False, service_workers="block")
    tab = context.new_page()
    tab.goto(origin + BASE + PLACES[name])
    figure = tab.locator(f"[data-explorable={name}]")
    box = figure.locator("> svg").bounding_box()
    assert box["height"] > 200 and 1.2 < box["width"] / box["height"] < 2.5
    assert figure.locator("input").count() == 0
    context.close()


def test_the_carousel_by_mouse(tab, origin):
    panel = live(tab, origin, "carousel")
    weight, lag = panel.locator("input[type=range]").all()
    press_at(tab, weight, 0.5)
    hears(tab, "linear unit, w = 1, 1000 steps: Value and gradient are multiplied by 1: what is carried stays.")
    press_at(tab, weight, 1)
    hears(tab, "2 × 10⁴¹: what is carried explodes")
    press_at(tab, lag, 0)
    hears(tab, "w = 1.1, 1 step: Value and gradient are multiplied by 1.1: what is carried stays.")
    panel.get_by_role("button", name="tanh 1.01").click()
    hears(tab, "tanh unit, w = 1.01, 1 step")
    assert panel.get_by_role("radio", name="tanh").is_checked()
    press_at(tab, lag, 1)
    hears(
        tab, "The value is multiplied by 0.34: it is held there. The gradient is multiplied by 8 × 10⁻¹¹: it vanishes."
    )
    assert tab.complaints == []


def test_the_carousel_by_keyboard(tab, origin):
    panel = live(tab, origin, "carousel")
    weight = panel.get_by_role("slider", name="Self-weight w")
    panel.get_by_role("button", name="tanh 1.01").focus()
    tab.keyboard.press("Tab")
    assert weight.evaluate("one => one === document.activeElement")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    hears(tab, "w = 1, 1000 steps")
    assert weight.get_attribute("aria-valuetext") == "1"
    tab.keyboard.press("Home")
    hears(tab, "w = 0.9, 1000 steps: Value and gradient are multiplied by 2 × 10⁻⁴⁶")
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowLeft")
    hears(tab, "500 steps")
    assert panel.get_by_role("slider", name="Lag").get_attribute("aria-valuetext") == "500 steps"
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    hears(tab, "tanh unit")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_conflict_and_the_gate_that_ends_it(tab, origin, motion):
    tab.emulate_media(reduced_motion=motion)
    panel = live(tab, origin, "conflict")
    weight = panel.get_by_role("slider", name="Input weight w")
    assert panel.locator("svg text.value, svg text.gradient, svg text.whole").all_text_contents()[2:5] == [
        "store −0.95", "ignore +0.95", "sum 0",
    ]  # fmt: skip
    press_at(tab, weight, 1 / 1.2)
    hears(tab, "The gradient of “store” is 0, that of “ignore” +19.00, together +19.00: w is pushed down.")
    learns = panel.get_by_role("checkbox", name="Let w learn")
    assert not learns.is_checked(), "who moves the weight by hand does not want it to move away"
    learns.check()
    hears(tab, "they cancel, and w rests. The squared error is 0.95")
    assert weight.input_value() == "0.05"
    panel.get_by_role("button", name="Shut the gate").click()
    hears(tab, "w = 1.00, gate at the other steps 0, 20 steps. The gate is open only at the step to store")
    assert (
        weight.input_value() == "1"
        and panel.get_by_role("slider", name="Gate").get_attribute("aria-valuetext") == "0, shut"
    )
    panel.get_by_role("slider", name="Steps T").focus()
    tab.keyboard.press("End")
    hears(tab, "40 steps")
    panel.get_by_role("button", name="No gate").click()
    hears(tab, "The squared error is 0.97, where storing nothing costs 1")
    assert tab.complaints == []


def test_the_conflict_by_touch(chromium, origin):
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, service_workers="block")
    tab = context.new_page()
    panel = live(tab, origin, "conflict", "zh")
    panel.get_by_role("button", name="关上门").tap()
    hears(tab, "冲突化解了")
    panel.get_by_role("slider", name="其余各步的门").tap(position={"x": 179, "y": 18})
    hears(tab, "门 0.5，")
    before = panel.locator("svg").inner_html()
    panel.get_by_role("button", name="换一个序列").tap()
    wait_until(tab, f"document.querySelector('.explorable svg').innerHTML != {before!r}")
    context.close()


def test_depth_by_mouse_and_keyboard(tab, origin):
    panel = live(tab, origin, "depth")
    arrives = "document.querySelector('.explorable svg text.gradient')?.textContent"
    wait_until(tab, f"{arrives} == '← at the input × 1\u00a0×\u00a010⁻²⁰'")
    panel.get_by_role("radio", name="2/n").check()
    hears(
        tab,
        "ReLU, variance 2/n, no normalization, no shortcut: The gradient at the input is 0.39 times that at the top: it lives.",
    )
    assert panel.get_by_role("button", name="He", exact=True).get_attribute("aria-pressed") == "true"
    assert panel.locator("svg text").last.text_content() == "┄ before × 1\u00a0×\u00a010⁻²⁰"
    panel.get_by_role("radio", name="ReLU").focus()
    tab.keyboard.press("ArrowLeft")
    hears(tab, "tanh, variance 2/n")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    hears(tab, "tanh, variance 2/n, batch normalization")
    before = tab.evaluate(arrives)
    panel.get_by_role("button", name="Other weights").click()
    wait_until(
        tab,
        f"![{before!r}, undefined].includes({arrives}) && document.querySelectorAll('.explorable .draw').length == 5",
    )
    panel.get_by_role("button", name="1/(3n)").click()
    panel.get_by_role("button", name="BN", exact=True).click()
    hears(tab, "ReLU, variance 1/(3n), batch normalization, no shortcut")
    assert tab.complaints == []

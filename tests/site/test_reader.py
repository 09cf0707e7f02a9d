"""What a reader meets, in Chromium: weight, stability, sliders, search on demand, paper, no script at all."""

import re
from urllib.parse import urlsplit

import pytest
from browsing import BASE, search_for, url_of, wait_until

from sitebuild import LANGS
from sitebuild.sources.blocks import named


def test_the_index_is_loaded_only_when_somebody_searches(tab, origin):
    asked = []
    tab.on("request", lambda request: asked.append(urlsplit(request.url).path))
    tab.goto(origin + BASE + "en/", wait_until="networkidle")
    assert not any("search/index.json" in path or "search.real" in path for path in asked)
    search_for(tab, "forget")
    assert asked.count(BASE + "en/search/index.json") == 1
    for more in (" gate", " bias"):
        tab.keyboard.insert_text(more)
        tab.keyboard.press("End")
    wait_until(tab, "document.querySelector('.md-search-result__meta').innerText.match(/\\d/)")
    assert asked.count(BASE + "en/search/index.json") == 1
    assert tab.complaints == []


def test_what_comes_without_a_key_is_searched(tab, origin):
    """Pasted, dictated, or written by hand."""
    tab.goto(origin + BASE + "en/")
    tab.locator("[data-md-component=search-query]").click()
    tab.keyboard.insert_text("carousel")
    tab.locator(".md-search-result__item").first.wait_for(timeout=15000)


def test_an_address_with_a_query_searches(tab, origin):
    tab.goto(origin + BASE + "en/?q=carousel")
    tab.locator(".md-search-result__item").first.wait_for(state="attached", timeout=15000)


# -- sliders -----------------------------------------------------------------------------------------------

SLIDERS = {"rnn/spectral", "lstm/forget_bias", "remedies/batch_norm_depth", "remedies/clip_norm_value",
           "remedies/activation_depth"}  # fmt: skip


def pages_of_sliders(pages, lang):
    for path, text in pages.sources.pages[lang].items():
        for block in named(text, str(path), "snippet"):
            if block.name in SLIDERS:
                yield block.name, path


def visible(figure):
    return [n for n, frame in enumerate(figure.locator(".frame").all()) if frame.is_visible()]


@pytest.mark.parametrize("lang", LANGS)
def test_sliders_by_keyboard_mouse_and_touch(chromium, origin, pages, lang):
    places = list(pages_of_sliders(pages, lang))
    assert {name for name, _ in places} == SLIDERS
    context = chromium.new_context(service_workers="block", viewport={"width": 390, "height": 844}, has_touch=True)
    tab = context.new_page()
    for name, path in places:
        tab.goto(origin + url_of(lang, path))
        figure = tab.locator(f'figure[data-snippet="{name}"]')
        labels = [frame.get_attribute("data-label") for frame in figure.locator(".frame").all()]
        slider = figure.get_by_role("slider", name={"zh": "选一幅图", "en": "Choose a frame"}[lang])
        assert visible(figure) == [0] and len(labels) > 2
        slider.focus()
        for number in range(1, len(labels)):
            tab.keyboard.press("ArrowRight")
            assert visible(figure) == [number]
            assert slider.get_attribute("aria-valuetext") == labels[number]
            assert figure.locator(".slider b").inner_text() == labels[number]
        tab.keyboard.press("Home")
        assert visible(figure) == [0]
        box = slider.bounding_box()
        tab.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
        assert visible(figure) == [len(labels) - 1]
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        tab.touchscreen.tap(box["x"] + 3, box["y"] + box["height"] / 2)
        assert visible(figure) == [0]
        assert box["height"] >= 24, "big enough for a thumb"
    context.close()


def test_every_program_with_several_figures_has_a_slider(pages):
    shown = "".join(pages.built.pages["en"].values())
    figures = re.findall(r'<figure class="plot"[^>]*data-snippet="([^"]+)">.*?</figure>', shown, re.S)
    several = re.findall(r'data-snippet="([^"]+)">\n<div class="frame', shown)
    assert set(several) == SLIDERS and shown.count('<label class="slider">') == len(SLIDERS) < len(figures)


def test_the_other_sliders_of_a_page_stay(chromium, origin):
    """One that moves changes its own figure only."""
    tab = chromium.new_page(service_workers="block")
    tab.goto(origin + BASE + "en/rnn/recurrence/")
    tab.evaluate(
        """() => {
            const figure = document.querySelector("figure:has(.slider)");
            figure.after(figure.cloneNode(true));
        }"""
    )
    first, second = tab.locator("figure:has(.slider)").all()
    first.get_by_role("slider").focus()
    tab.keyboard.press("End")
    assert visible(first) != [0] and visible(second) == [0]
    tab.close()


# -- without what a browser may lack -----------------------------------------------------------------------


def test_without_javascript_everything_can_be_read(chromium, origin, pages):
    context = chromium.new_context(
        service_workers="block", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    tab = context.new_page()
    for name, path in pages_of_sliders(pages, "zh"):
        tab.goto(origin + url_of("zh", path))
        frames = tab.locator(f'figure[data-snippet="{name}"] .frame')
        assert all(frame.is_visible() for frame in frames.all()) and frames.count() > 2
        assert tab.locator(".slider:visible, .run:visible").count() == 0 < tab.locator(".run").count()
        assert tab.locator("bdi.math:visible").count() > 0
    tab.locator(".language-switch").click()
    assert tab.locator("html").get_attribute("lang") == "en"
    context.close()


def test_paper_gets_the_article_alone_and_every_frame(tab, origin):
    tab.goto(origin + BASE + "en/rnn/recurrence/")
    tab.emulate_media(media="print", color_scheme="light")
    hidden = (".md-header", ".md-sidebar", ".md-footer", ".slider", ".take-along", ".md-code__nav", ".headerlink")
    for selector in hidden:
        assert tab.locator(f"{selector}:visible").count() == 0, selector
    frames = tab.locator('figure[data-snippet="rnn/spectral"] .frame')
    assert frames.count() == sum(frame.is_visible() for frame in frames.all()) == 5
    assert tab.locator("h1:visible").count() == 1
    wide = tab.evaluate(
        "[...document.querySelectorAll('pre code')].filter(c => c.scrollWidth > c.clientWidth + 1).length"
    )
    assert wide == 0, "long lines wrap on paper: nothing can be scrolled there"


def test_reduced_motion_is_respected(chromium, origin):
    context = chromium.new_context(service_workers="block", reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(origin + BASE + "en/lstm/gates/")
    moving = tab.evaluate(
        """() => [...document.querySelectorAll("*")].filter(element => {
            const {transitionDuration, animationDuration, animationName} = getComputedStyle(element);
            const long = value => value.split(",").some(part => parseFloat(part) > 0.01);
            return long(transitionDuration) || (animationName != "none" && long(animationDuration));
        }).map(element => element.className)"""
    )
    assert moving == []
    assert tab.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    context.close()


def test_each_word_of_the_page_that_search_finds_is_marked(tab, origin):
    """The highlight of a result needs the separator of the index, which the placeholder must carry."""
    tab.goto(origin + BASE + "en/lstm/gates/?h=candidate")
    tab.locator("mark[data-md-highlight]").first.wait_for(timeout=10000)
    assert re.fullmatch("candidates?", tab.locator("mark[data-md-highlight]").first.inner_text().lower())

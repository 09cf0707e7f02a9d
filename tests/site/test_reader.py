"""What a reader meets, in Chromium: weight, stability, sliders, search on demand, paper, no script at all."""

import functools
import gzip
import http.server
import re
import threading
import time
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
from browsing import BASE, all_pages, search_for, url_of, wait_until

from sitebuild import LANGS
from sitebuild.sources import page
from sitebuild.sources.blocks import named

ROOT = Path(__file__).resolve().parents[2]
BYTES, SCRIPT, SHIFT = 120_000, 45_000, 0.01  # a first visit, gzipped, and how far things may jump
COMPRESSED = (".html", ".js", ".css", ".json", ".svg", ".xml", ".webmanifest")  # by GitHub Pages; fonts are already
SHIFTS = """
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifted = (window.shifted || 0) + entry.value
}).observe({type: "layout-shift", buffered: true})
"""


def sent(site, address):
    """The bytes that travel for one file of the site."""
    path = site / unquote(urlsplit(address).path).removeprefix(BASE)
    file = path / "index.html" if path.is_dir() else path
    data = file.read_bytes()
    return len(gzip.compress(data, 6)) if file.suffix in COMPRESSED else len(data)


# on a desktop the bytes are the same, and less can move
@pytest.mark.parametrize("width, height", [(390, 844), pytest.param(1280, 900, marks=pytest.mark.weekly)])
@pytest.mark.parametrize("lang", LANGS)
def test_a_first_visit_is_light_and_still(chromium, origin, site, pages, lang, width, height):
    heaviest = 0
    for path in all_pages(pages, lang):
        # nothing cached; the worker that keeps pages asks for its own file only, the rest comes from the cache
        context = chromium.new_context(viewport={"width": width, "height": height}, service_workers="block")
        tab = context.new_page()
        tab.add_init_script(SHIFTS)
        asked = []
        context.on("request", lambda request, asked=asked: asked.append((request.resource_type, request.url)))
        tab.goto(origin + url_of(lang, path), wait_until="networkidle")
        tab.wait_for_timeout(100)
        weights = [(kind, sent(site, address)) for kind, address in asked if not address.startswith("data:")]
        weights.append(("script", sent(site, BASE + "sw.js")))
        total = sum(size for _, size in weights)
        script = sum(size for kind, size in weights if kind == "script")
        shift = tab.evaluate("window.shifted || 0")
        context.close()
        assert len(weights) >= 6, "the page itself, style sheets, scripts"
        assert total <= BYTES, f"{lang}/{path}: {total} bytes"
        assert script <= SCRIPT, f"{lang}/{path}: {script} bytes of script"
        assert shift < SHIFT, f"{lang}/{path} at {width} px shifts by {shift}"
        heaviest = max(heaviest, total)
    assert heaviest > BYTES / 2, "the measurement itself: an average page is not much lighter"


def test_a_page_that_arrives_slowly_stays_still(chromium, site):
    """Half a formula is narrower than the whole, and stands elsewhere; the button for the palette comes late."""

    class InPieces(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            file = site / unquote(urlsplit(self.path).path).removeprefix(BASE)
            if not (file / "index.html").is_file():
                return super().do_GET()
            page_itself = (file / "index.html").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page_itself)))
            self.end_headers()
            for at in range(0, len(page_itself), 2000):
                self.wfile.write(page_itself[at : at + 2000])
                time.sleep(0.01)

        def translate_path(self, path):
            return str(site / unquote(urlsplit(path).path).removeprefix(BASE))

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), InPieces) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tab = chromium.new_page(viewport={"width": 390, "height": 844}, service_workers="block")
        tab.add_init_script(SHIFTS)
        tab.goto(f"http://127.0.0.1:{server.server_port}{BASE}remedies/batch-norm/", wait_until="networkidle")
        tab.wait_for_timeout(100)
        shift = tab.evaluate("window.shifted || 0")
        hidden = tab.evaluate(
            "[...document.querySelectorAll('.katex-display')].filter(e => getComputedStyle(e).visibility == 'hidden').length"
        )
        tab.close()
        server.shutdown()
    assert shift == 0
    assert hidden == 0, "once it is there, a formula is shown"


def arrive(tab, address):
    """Open a page and wait until its last script, the search worker, was asked for and all is quiet."""
    with tab.expect_request("**/workers/search*"):
        tab.goto(address)
    tab.wait_for_load_state("networkidle")


def test_english_pages_use_what_the_chinese_ones_have_loaded(chromium, origin):
    tab = chromium.new_page(service_workers="block")
    asked = []
    tab.on("request", lambda request: asked.append(urlsplit(request.url).path))
    arrive(tab, origin + BASE + "lstm/gates/")
    seen = set(asked) | {BASE + "assets/favicon.svg"}  # Chromium asks for it when it likes
    asked.clear()
    arrive(tab, origin + BASE + "en/lstm/gates/")
    assert set(asked) - seen == {BASE + "en/lstm/gates/", BASE + "en/search/search_index.json"}
    tab.close()


def test_the_index_is_loaded_only_when_somebody_searches(tab, origin):
    asked = []
    tab.on("request", lambda request: asked.append(urlsplit(request.url).path))
    tab.goto(origin + BASE + "en/", wait_until="networkidle")
    assert not any("search/index.json" in path or "search.real" in path for path in asked)
    search_for(tab, "forget")
    tab.locator(".md-search-result__item").first.wait_for(timeout=15000)
    assert asked.count(BASE + "en/search/index.json") == 1
    for more in (" gate", " bias"):
        tab.keyboard.insert_text(more)
        tab.keyboard.press("End")
    wait_until(tab, "document.querySelector('.md-search-result__meta').innerText.match(/\\d/)")
    assert asked.count(BASE + "en/search/index.json") == 1
    assert tab.complaints == []


def test_an_address_with_a_query_searches(tab, origin):
    tab.goto(origin + BASE + "en/?q=carousel")
    tab.locator(".md-search-result__item").first.wait_for(state="attached", timeout=15000)


def answer_with_sheet(sheet, route):
    route.fulfill(body=sheet, content_type="text/css")


def answer_with_font(served, route):
    served.append(PurePosixPath(urlsplit(route.request.url).path).name)
    route.fulfill(path=ROOT / "node_modules/katex/dist/fonts" / served[-1])


@pytest.mark.weekly  # quicker: tests/pages/test_formulas.py looks at what is in a font
def test_formulas_are_set_alike_with_the_small_fonts(chromium, origin, pages):
    """Each character of each formula is in its subset: with KaTeX's whole fonts every box is as wide as before."""
    boxes = []
    for whole in (False, True):
        tab = chromium.new_page(service_workers="block", viewport={"width": 1280, "height": 900})
        served, found = [], []
        if whole:
            sheet = (ROOT / "node_modules/katex/dist/katex.min.css").read_text(encoding="utf-8")
            tab.route("**/katex.min.css*", functools.partial(answer_with_sheet, sheet))
            tab.route("**/katex/fonts/*", functools.partial(answer_with_font, served))
        for path in all_pages(pages, "en"):
            tab.goto(origin + url_of("en", path))
            tab.evaluate("document.fonts.ready.then(() => 1)")
            found.append(
                tab.evaluate(
                    """() => [...document.querySelectorAll(".katex-html span")].filter(span => !span.children.length)
                        .map(span => span.textContent + " " + span.getBoundingClientRect().width.toFixed(2))"""
                )
            )
        tab.close()
        boxes.append(found)
    assert {"KaTeX_Main-Regular.woff2", "KaTeX_Math-Italic.woff2", "KaTeX_AMS-Regular.woff2"} <= set(served)
    assert sum(map(len, boxes[0])) > 5000 and boxes[0] == boxes[1]


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
        assert tab.locator(".slider:visible").count() == 0
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


def test_chinese_has_no_slanted_letters(chromium, origin, pages):
    tab = chromium.new_page(service_workers="block")
    for path in all_pages(pages, "zh"):
        tab.goto(origin + url_of("zh", path))
        slanted = tab.evaluate(
            """() => {
                const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const {parentElement: parent, data} = walker.currentNode;
                    if (/\\p{sc=Han}/u.test(data) && getComputedStyle(parent).fontStyle != "normal") found.push(data);
                }
                return found;
            }"""
        )
        assert slanted == [], path
    font = tab.evaluate("getComputedStyle(document.querySelector('article p')).fontFamily")
    assert "PingFang SC" in font and "Noto Sans CJK SC" in font
    tab.close()


def test_each_word_of_the_page_that_search_finds_is_marked(tab, origin):
    """The highlight of a result needs the separator of the index, which the placeholder must carry."""
    tab.goto(origin + BASE + "en/lstm/gates/?h=candidate")
    tab.locator("mark[data-md-highlight]").first.wait_for(timeout=10000)
    assert re.fullmatch("candidates?", tab.locator("mark[data-md-highlight]").first.inner_text().lower())


def test_lines_are_evenly_spaced(chromium, origin, pages):
    """Emphasis dots once moved the next line away wherever a formula was near."""
    tab = chromium.new_page(viewport={"width": 390, "height": 844}, service_workers="block")
    seen = 0
    for lang in LANGS:
        for path in all_pages(pages, lang):
            tab.goto(origin + url_of(lang, path))
            lines, wide = tab.evaluate(
                """() => {
                    const wide = [];
                    let lines = 0;
                    for (const box of document.querySelectorAll("article p, article li")) {
                        const height = parseFloat(getComputedStyle(box).lineHeight), tops = [];
                        const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
                        while (walker.nextNode()) {
                            const {currentNode: text} = walker, range = document.createRange();
                            if (!text.data.trim() || text.parentElement.closest(".katex, li li, figure, pre")) continue;
                            range.selectNodeContents(text);
                            for (const {top} of range.getClientRects()) tops.push(top);
                        }
                        tops.sort((a, b) => a - b);
                        lines += tops.length;
                        if (tops.some((top, k) => k && top - tops[k - 1] > 1.45 * height)) wide.push(box.textContent);
                    }
                    return [lines, wide];
                }"""
            )
            assert wide == [], path
            seen += lines
    assert seen > 3000, "the test itself: it sees the lines"
    tab.close()


def test_a_table_of_long_names_can_be_read_on_a_phone(chromium, origin):
    tab = chromium.new_page(viewport={"width": 390, "height": 844}, service_workers="block")
    for lang in LANGS:
        tab.goto(origin + BASE + ("en/" if lang == "en" else "") + "reference/verified/")
        widths = tab.evaluate("[...document.querySelectorAll('td:has(> code)')].map(cell => cell.offsetWidth)")
        assert len(widths) > 10 and min(widths) > 90
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.close()

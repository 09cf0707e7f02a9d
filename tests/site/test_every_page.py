"""Every page of both languages, opened once in Chromium as on a first visit: light, still, whole, and axe finds no fault."""

import gzip
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
from browsing import BASE, FORMS, PHONE, faults, url_of
from conftest import sources

from sitebuild import LANGS
from sitebuild.sources.blocks import named

SOURCES = sources()
PAGES = [
    (lang, str(path))
    for lang in LANGS
    for path in [*SOURCES.pages[lang], *(PurePosixPath(f"{name}.md") for name in SOURCES.labs)]
]
BYTES, SCRIPT = 120_000, 45_000  # a first visit, gzipped
SHIFT = 0.01  # how far things may jump
COMPRESSED = (".html", ".js", ".css", ".json", ".svg", ".xml", ".webmanifest")  # by GitHub Pages; fonts are already
SHIFTS = """
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifted = (window.shifted || 0) + entry.value
}).observe({type: "layout-shift", buffered: true})
"""
# Emphasis dots once moved the next line away wherever a formula was near; Chinese has no slanted letters.
LOOK = """() => {
    const texts = (root) => {
        const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) found.push(walker.currentNode);
        return found;
    };
    const wide = [...document.querySelectorAll("article p, article li")].filter((box) => {
        const height = parseFloat(getComputedStyle(box).lineHeight), range = document.createRange();
        const own = texts(box).filter((text) => text.data.trim() && !text.parentElement.closest(".katex, li li, figure, pre"));
        const tops = own.flatMap((text) => { range.selectNodeContents(text); return [...range.getClientRects()].map((r) => r.top) });
        tops.sort((a, b) => a - b);
        return tops.some((top, k) => k && top - tops[k - 1] > 1.45 * height);
    });
    const slanted = texts(document.body).filter((text) =>
        /\\p{sc=Han}/u.test(text.data) && getComputedStyle(text.parentElement).fontStyle != "normal");
    return {
        shift: window.shifted || 0, lang: document.documentElement.lang, wide: wide.map((box) => box.textContent),
        slanted: slanted.map((text) => text.data), lines: document.querySelectorAll("article p").length,
        levels: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((h) => +h.tagName[1]),
        programs: [...document.querySelectorAll(".language-python code")].map((code) => code.textContent.trimEnd()),
        buttons: [...document.querySelectorAll(".run")].map((bar) => bar.dataset.run),
    };
}"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


def sent(site, address):
    """The bytes that travel for one file of the site."""
    path = site / unquote(urlsplit(address).path).removeprefix(BASE)
    file = path / "index.html" if path.is_dir() else path
    data = file.read_bytes()
    return len(gzip.compress(data, 6)) if file.suffix in COMPRESSED else len(data)


def arrive(tab, address):
    """Open a page and wait until the last of its files is there: the search's, then the fonts."""
    with tab.expect_response("**/search/search_index.json*"):
        tab.goto(address)
    tab.evaluate("document.fonts.ready.then(() => 1)")


@pytest.mark.parametrize("lang, path", PAGES, ids=lambda part: part)
def test_a_first_visit(tab, origin, site, lang, path):
    path, asked = PurePosixPath(path), []
    tab.set_viewport_size(PHONE)
    tab.add_init_script(SHIFTS)
    tab.context.on("request", lambda request: asked.append((request.resource_type, request.url)))
    arrive(tab, origin + url_of(lang, path))
    sizes = [(kind, sent(site, address)) for kind, address in asked if not address.startswith("data:")]
    sizes.append(("script", sent(site, BASE + "sw.js")))
    assert BYTES / 4 < sum(size for _, size in sizes) <= BYTES
    assert sum(size for kind, size in sizes if kind == "script") <= SCRIPT
    seen = tab.evaluate(LOOK)
    assert seen["shift"] < SHIFT and seen["lang"] == lang and seen["lines"] > 1
    assert seen["wide"] == [] and seen["slanted"] == []
    levels = seen["levels"]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), levels
    if path in SOURCES.pages[lang]:
        names = [block.name for block in named(SOURCES.pages[lang][path], "", "snippet")]
        assert seen["programs"] == [SOURCES.snippets[name].source(lang).rstrip() for name in names]
        assert seen["buttons"] == names
    for width in (390, 360):
        tab.set_viewport_size({"width": width, "height": 844})
        assert tab.evaluate(SIDEWAYS) <= 1, f"scrolls sideways at {width} px"
    assert tab.complaints == []
    # light on a desktop or dark on a phone, by turns, and in the other language the other; weekly in every form
    turn = PAGES.index(("zh", str(path))) + (lang == "en")
    assert faults(tab, [FORMS[turn % 2]]) == []


@pytest.mark.weekly
@pytest.mark.parametrize("lang, path", PAGES, ids=lambda part: part)
def test_a_visit_in_every_form(tab, origin, lang, path):
    tab.goto(origin + url_of(lang, PurePosixPath(path)))
    assert tab.evaluate(SIDEWAYS) <= 1
    assert faults(tab, FORMS) == []


def test_a_page_that_arrives_slowly_stays_still(tab, origin):
    """Half a formula is narrower than the whole, and stands elsewhere; the button for the palette comes late."""
    tab.set_viewport_size(PHONE)
    tab.add_init_script(SHIFTS)
    slow = {"offline": False, "latency": 20, "downloadThroughput": 100_000, "uploadThroughput": 100_000}
    tab.context.new_cdp_session(tab).send("Network.emulateNetworkConditions", slow)
    arrive(tab, f"{origin}{BASE}remedies/batch-norm/")
    assert tab.evaluate("window.shifted || 0") == 0
    hidden = "[...document.querySelectorAll('.katex-display')].filter(e => getComputedStyle(e).visibility == 'hidden')"
    assert tab.evaluate(f"{hidden}.length") == 0, "once it is there, a formula is shown"


def test_axe_would_find_a_fault(tab, origin):
    """The check above can fail, in the light forms."""
    grey = "article p { color: #888 !important }"
    tab.route("**/site.css*", lambda route: route.fulfill(body=grey, content_type="text/css"))
    tab.goto(origin + BASE + "en/rnn/detect/")
    found = faults(tab, FORMS)
    for form in ("1280 px, light", "390 px, light"):
        assert any(fault.startswith(f"{form}: color-contrast") for fault in found), found

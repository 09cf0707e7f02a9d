"""The built site in Chromium: copying, switching the language, searching."""

from urllib.parse import urlsplit

import pytest
from browsing import BASE, search_for, url_of, wait_until

from sitebuild import LANGS
from sitebuild.sources import page
from sitebuild.sources.blocks import named


@pytest.mark.parametrize("lang", LANGS)
def test_the_copy_button_copies_exactly_the_program(tab, origin, pages, lang):
    copied = 0
    for path, text in pages.sources.pages[lang].items():
        tab.goto(origin + url_of(lang, path))
        programs = [pages.sources.snippets[b.name].source(lang) for b in named(text, str(path), "snippet")]
        boxes = tab.locator(".language-python")
        assert boxes.count() == len(programs), path
        for number, program in enumerate(programs):
            tab.evaluate("navigator.clipboard.writeText('nothing')")
            box = boxes.nth(number)
            box.hover()
            box.locator("button[data-clipboard-target], button[data-md-type=copy]").first.click()
            wait_until(tab, "navigator.clipboard.readText().then(text => text != 'nothing')")
            found = tab.evaluate("navigator.clipboard.readText()")
            assert found.rstrip("\n") == program.rstrip("\n"), f"{lang}/{path}, block {number}"
            copied += 1
    assert copied == len(pages.sources.snippets)
    assert tab.complaints == []


def test_the_language_switch_stays_on_the_page(tab, origin, pages):
    for path in pages.sources.pages["zh"]:
        tab.goto(origin + url_of("zh", path))
        chinese = tab.locator("h1").inner_text()
        tab.locator(".language-switch").click()
        tab.wait_for_url("**" + url_of("en", path))
        assert tab.evaluate("document.documentElement.lang") == "en"
        tab.locator(".language-switch").click()
        tab.wait_for_url("**" + url_of("zh", path))
        assert tab.locator("h1").inner_text() == chinese
    assert tab.complaints == []


@pytest.mark.parametrize(
    "lang, word, expected",
    [
        ("zh", "遗忘门", "/lstm/"),
        ("zh", "梯度裁剪", "/lstm/"),
        ("en", "clipping", "/lstm/en/"),
        ("en", "forget gate", "/lstm/en/"),
        ("zh", "LSTM", "/lstm/"),
    ],
)
def test_search_finds(tab, origin, site, lang, word, expected):
    tab.goto(origin + url_of(lang, type("Home", (), {"name": "index.md"})()))
    search_for(tab, word)
    results = tab.locator(".md-search-result__item")
    results.first.wait_for(timeout=15000)
    addresses = [urlsplit(link.get_attribute("href")).path for link in results.locator("a").all()[:3]]
    assert all(address.startswith(expected) and ("/en/" in address) == (lang == "en") for address in addresses)
    # a page among the first three says the very word
    texts = [(site / address.removeprefix(BASE) / "index.html").read_text(encoding="utf-8") for address in addresses]
    assert any(word.lower() in text.lower() for text in texts)
    assert tab.complaints == []


def test_search_finds_nothing_that_is_not_there(tab, origin):
    """The check above can fail: a word on no page gives no result."""
    tab.goto(origin + BASE + "en/")
    search_for(tab, "zyzzyva")
    meta = tab.locator(".md-search-result__meta")
    wait_until(tab, "document.querySelector('.md-search-result__meta').innerText.includes('No matching')")
    assert meta.is_visible() and tab.locator(".md-search-result__item").count() == 0


@pytest.mark.parametrize("width", [360, 390, pytest.param(1280, marks=pytest.mark.weekly)])
def test_no_page_scrolls_sideways(chromium, origin, pages, width):
    tab = chromium.new_page(service_workers="block", viewport={"width": width, "height": 844})
    for lang in LANGS:
        for path in pages.sources.pages[lang]:
            tab.goto(origin + url_of(lang, path))
            assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1, f"{lang}/{path}"
    tab.close()


def test_figures_follow_light_and_dark(chromium, origin):
    seen = {}
    for scheme in ("light", "dark"):
        tab = chromium.new_page(service_workers="block", color_scheme=scheme)
        tab.goto(origin + BASE + "en/rnn/chain-rule/")
        seen[scheme] = tab.evaluate(
            """() => [...document.querySelectorAll("figure.plot svg text, figure.plot svg path")].map(element => {
                const style = getComputedStyle(element);
                return style.fill + style.stroke;
            })"""
        )
        tab.close()
    assert len(seen["light"]) == len(seen["dark"]) > 20
    assert sum(a != b for a, b in zip(seen["light"], seen["dark"], strict=True)) > 20


def test_a_missing_page_is_told_in_both_languages(tab, origin, site):
    tab.goto(origin + BASE + "404.html")
    assert "这里没有页面" in tab.locator("article").inner_text()
    assert "There is no page here" in tab.locator("article").inner_text()

"""The built site in Chromium: copying, switching the language, searching, colours."""

from pathlib import PurePosixPath

import pytest
from browsing import BASE, url_of, wait_until

from sitebuild import LANGS
from sitebuild.base.markdown import scan
from sitebuild.sources.blocks import named

PATH = PurePosixPath("lstm/gates.md")


@pytest.mark.parametrize("lang", LANGS)
def test_a_program_is_copied_as_it_stands_and_the_switch_leads_to_the_same_page(tab, origin, pages, lang):
    """The other pages show their programs, and lead to the other language: test_every_page.py, test_site.py."""
    tab.goto(origin + url_of(lang, PATH))
    for number, block in enumerate(named(pages.sources.pages[lang][PATH], str(PATH), "snippet")):
        tab.evaluate("navigator.clipboard.writeText('nothing')")
        tab.locator(".run .copy").nth(number).click()
        wait_until(tab, "navigator.clipboard.readText().then(text => text != 'nothing')")
        copied = tab.evaluate("navigator.clipboard.readText()")
        assert copied.rstrip("\n") == pages.sources.snippets[block.name].source(lang).rstrip("\n")
    title, other = tab.locator("h1").inner_text(), LANGS[1 - LANGS.index(lang)]
    for to in (other, lang):
        tab.locator(".language-switch").click()
        tab.wait_for_url("**" + url_of(to, PATH))
    assert tab.locator("h1").inner_text() == title and tab.complaints == []


@pytest.mark.parametrize("lang", LANGS)
def test_formulas_are_copied_once_as_latex(tab, origin, pages, lang):
    """All of a page, and a part of one formula, which is copied whole."""
    tab.goto(origin + url_of(lang, PATH))
    written = {one.latex: one.display for one in scan(pages.sources.pages[lang][PATH]).formulas}
    seen = tab.evaluate(
        "[...document.querySelectorAll('article .math')].filter(e => e.checkVisibility()).map(e => e.dataset.tex)"
    )
    assert len(set(seen) & set(written)) > 10, "the others are rows of a drawing, or in a box that is closed"
    for selected in ("article", "article .katex-html .mathnormal"):
        tab.evaluate("navigator.clipboard.writeText('nothing')")
        tab.evaluate("name => getSelection().selectAllChildren(document.querySelector(name))", selected)
        tab.keyboard.press("Control+c")
        wait_until(tab, "navigator.clipboard.readText().then(text => text != 'nothing')")
        copied = tab.evaluate("navigator.clipboard.readText()")
        assert "\u200b" not in copied
        for latex in set(seen) & set(written) if selected == "article" else seen[:1]:
            assert (f"$$\n{latex}\n$$" if written[latex] else f"${latex}$") in copied
    assert copied == f"${seen[0]}$" and tab.complaints == []


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


def test_a_missing_page_is_told_in_both_languages(tab, origin):
    tab.goto(origin + BASE + "404.html")
    said = tab.locator("article").inner_text()
    assert "这里没有页面" in said and "There is no page here" in said

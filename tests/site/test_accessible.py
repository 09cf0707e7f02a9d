"""Every page, both languages, light and dark, phone and desktop: axe finds no fault, html-validate no error."""

import json
import subprocess
from pathlib import Path

from browsing import BASE, DESKTOP
from conftest import ROOT

from sitebuild.base.node import node


def test_html_is_valid(site, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"extends": ["html-validate:standard"]}))
    validate = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
    command = [node(), validate, "--config", config, "--formatter", "json"]
    files = sorted(site.rglob("*.html"))
    assert len(files) > 60
    # through a file: into a pipe it writes 64 kB and ends
    told = tmp_path / "told.json"
    with told.open("w") as out:
        subprocess.run([*command, *files], stdout=out)
    found = [
        f"{Path(file['filePath']).relative_to(site)}:{m['line']}:{m['column']} {m['ruleId']}: {m['message']}"
        for file in json.loads(told.read_text(encoding="utf-8"))
        for m in file["messages"]
        if m["severity"] == 2
    ]
    assert found == []


def test_everything_can_be_reached_with_the_keyboard(chromium, origin):
    """Tab by Tab through a page: every control gets the focus, can be seen then, and none holds it."""
    tab = chromium.new_page(service_workers="block", viewport=DESKTOP)
    tab.goto(origin + BASE + "en/rnn/recurrence/")
    tab.wait_for_selector(".md-code__nav button", state="attached")
    wanted = tab.evaluate(
        """() => {
            const all = [...document.querySelectorAll("article a[href], article input, article button, article summary")];
            window.wanted = all.filter(element => element.checkVisibility());
            return window.wanted.length;
        }"""
    )
    seen, invisible = set(), []
    for _ in range(wanted + 120):
        tab.keyboard.press("Tab")
        state = tab.evaluate(
            """() => {
                const element = document.activeElement, style = getComputedStyle(element);
                const drawn = style.outlineStyle != "none" && parseFloat(style.outlineWidth) > 0;
                return [window.wanted.indexOf(element), drawn, element.outerHTML.slice(0, 80)];
            }"""
        )
        if state[0] >= 0:
            seen.add(state[0])
            if not state[1]:
                invisible.append(state[2])
    assert wanted > 15 and seen == set(range(wanted))
    assert invisible == []
    tab.close()


def test_search_and_colour_scheme_by_keyboard(tab, origin):
    tab.goto(origin + BASE + "en/")
    tab.keyboard.press("/")
    tab.keyboard.insert_text("forget gate")
    tab.keyboard.press("End")
    tab.locator(".md-search-result__item").first.wait_for(timeout=15000)
    for key in ("ArrowDown", "Enter"):
        tab.keyboard.press(key)
    tab.wait_for_url("**/en/*/**")
    assert tab.locator("[role=dialog]").get_attribute("aria-label") == "Search"
    before = tab.locator("body").get_attribute("data-md-color-scheme")
    label = tab.locator("label[for^=__palette]:visible")
    label.focus()
    for _ in range(2):
        tab.keyboard.press("Enter")
    assert {before, tab.locator("body").get_attribute("data-md-color-scheme")} == {"default", "slate"}
    assert tab.complaints == []

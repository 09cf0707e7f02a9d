"""Drills in the page: from the starter to all right, what is kept of it, and the list that says so."""

import json

import pytest
from browsing import BASE, faults, wait_until
from conftest import sources
from test_run import FIELD, PAGE, TEXT, bar_of, canned, edited, says, text_in, with_python, write  # noqa: F401

from sitebuild import LANGS

DRILL = "drills/lstm_backward"
KEY = f"lstm-by-experiment drill {DRILL}"
JUDGED = ".run-judged"
DONE = {"zh": "修改后的程序运行完毕", "en": "The changed program is done"}
NOTHING = ". one step: not yet\n0 of 1 right\n"
PRINTED = "mine\n+ one step: right\n- four steps: slope; look at f\n. float32: not yet\n1 of 3 right\n"
RIGHT = "+ one step: right\n+ four steps: right\n2 of 2 right\n"


def judge_at_once(tab):
    """Let a worker that knows no Python answer each program by its first line: #answer {…}."""
    worker = """self.onmessage = ({ data }) => self.postMessage(data.release ? { ready: true } :
        { answer: data.request.source.match(/^#answer (.*)$/m)?.[1] ?? JSON.stringify(NOTHING) });"""
    body = f"const NOTHING = {json.dumps(canned(NOTHING))};\n{worker}"
    tab.route("**/run-worker.js*", lambda route: route.fulfill(body=body, content_type="text/javascript"))
    return tab


@pytest.fixture
def quick(tab):
    return judge_at_once(tab)


def page_of(origin, lang, page="lstm-backward/"):
    return f"{origin}{BASE}{PAGE[lang]}drills/{page}"


def answer(printed):
    return f"#answer {json.dumps(canned(printed))}\n"


def stored(tab):
    return json.loads(tab.evaluate(f"localStorage.getItem({json.dumps(KEY)})") or "null")


def is_kept(tab, text):
    wait_until(tab, f"(localStorage.getItem({json.dumps(KEY)}) ?? '').includes({json.dumps(text)})")


def judged(tab):
    return [item.inner_text() for item in tab.locator(f"{JUDGED} li").all()]


@pytest.mark.parametrize("lang", LANGS)
def test_from_the_starter_to_all_right_with_python(context, with_python, lang):  # noqa: F811
    tab = context.new_page()
    tab.goto(page_of(with_python, lang))
    bar_of(tab, DRILL).locator("button").first.click()
    tab.locator(JUDGED).wait_for(timeout=60_000)
    assert len(judged(tab)) == tab.locator(f"{JUDGED} .open").count() == 6
    solution = sources().snippets[f"{DRILL}_solution"].source(lang)
    wrong = solution.replace("f * (1 - f)", "(1 - f**2)")
    assert wrong != solution
    edited(tab, DRILL, lambda _: wrong).press("Control+Enter")
    says(tab, DONE[lang])
    hint = tab.locator(f"{JUDGED} .wrong").first.inner_text()
    assert {"zh": "旧的 c", "en": "old c"}[lang] in hint
    assert "solved" not in (stored(tab) or {})
    write(tab.locator(FIELD), solution)
    tab.locator(FIELD).press("Control+Enter")
    wait_until(tab, f"document.querySelectorAll('{JUDGED} .right').length == 6")
    assert stored(tab)["solved"] is True
    tab.goto(page_of(with_python, lang, ""))
    wait_until(tab, "document.querySelector('[data-drill-state=lstm_backward].solved')?.textContent")


@pytest.mark.parametrize("lang", LANGS)
def test_the_judge_s_lines_are_a_list_with_marks(quick, origin, lang):
    quick.goto(page_of(origin, lang))
    edited(quick, DRILL, lambda text: answer(PRINTED) + text).press("Control+Enter")
    says(quick, DONE[lang])
    marks = [mark.get_attribute("aria-label") for mark in quick.locator(f"{JUDGED} [role=img]").all()]
    assert marks == {"zh": ["对", "错", "还没写"], "en": ["right", "wrong", "not yet"]}[lang]
    assert judged(quick)[1].endswith("four steps: slope; look at f")
    assert quick.locator(f"{JUDGED} pre").inner_text() == "mine"
    assert quick.locator(".run-panel [role=status]").first.inner_text().endswith("1 of 3 right"), "it is heard"
    assert faults(quick) == [] and quick.complaints == []


def test_it_goes_by_keyboard_and_is_there_again_after_a_reload(quick, origin):
    asked = []
    quick.on("request", lambda request: asked.append(request.url))
    quick.goto(page_of(origin, "en"), wait_until="networkidle")
    assert not [url for url in asked if "/run" in url], "nothing before it is asked for"
    bar_of(quick, DRILL).locator("button").nth(1).focus()
    quick.keyboard.press("Enter")
    wait_until(quick, "document.activeElement.matches('.cm-content')")
    starter = text_in(quick)
    quick.keyboard.press("Control+Home")
    quick.keyboard.type("# mine, of 5 letters")
    quick.keyboard.press("Enter")
    is_kept(quick, "of 5 letters")
    quick.keyboard.press("Escape")
    quick.keyboard.press("Tab")
    assert not quick.evaluate("document.activeElement.matches('.cm-content')")
    quick.reload()
    bar_of(quick, DRILL).locator("button").first.click()  # Run alone runs what was written
    quick.locator(FIELD).wait_for()
    says(quick, DONE["en"])
    quick.reload()
    bar_of(quick, DRILL).locator("button").nth(1).click()
    says(quick, "This is what you wrote last time.")
    assert text_in(quick) == "# mine, of 5 letters\n" + starter
    quick.get_by_role("button", name="Reset").click()
    says(quick, "This is the starter again.")
    assert text_in(quick) == starter
    quick.keyboard.press("Control+z")
    assert text_in(quick) == "# mine, of 5 letters\n" + starter, "nothing is lost"
    quick.get_by_role("button", name="Reset").click()
    wait_until(quick, f"localStorage.getItem({json.dumps(KEY)}) === null")


def test_what_is_typed_last_is_kept_when_the_page_goes(quick, origin):
    quick.goto(page_of(origin, "en"))
    edited(quick, DRILL, lambda text: "# late\n" + text)
    quick.goto(page_of(origin, "en", ""))
    assert stored(quick)["text"].startswith("# late")
    wait_until(quick, "document.querySelector('[data-drill-state=lstm_backward]').textContent == '… begun'")


def test_a_program_of_somebody_else_replaces_nothing_and_solves_nothing(quick, origin):
    quick.goto(page_of(origin, "en"))
    edited(quick, DRILL, lambda text: "# mine\n" + text)
    is_kept(quick, "# mine")
    fragment = quick.evaluate(
        "([address, name, source]) => import(address).then(({ fragment }) => fragment(name, source))",
        [f"{BASE}assets/run-link.js", DRILL, answer(RIGHT)],
    )
    quick.goto(page_of(origin, "en", ""))
    quick.goto(page_of(origin, "en") + fragment)
    quick.locator(".run-note").wait_for()
    quick.locator(FIELD).press("Control+Enter")
    says(quick, DONE["en"])
    quick.wait_for_timeout(600)
    assert stored(quick)["text"].startswith("# mine") and "solved" not in stored(quick)
    quick.get_by_role("button", name="Reset").click()
    bar_of(quick, DRILL).locator("button").nth(1).click()
    wait_until(quick, f"{TEXT}?.startsWith('# mine')")


@pytest.mark.parametrize("lang", LANGS)
def test_the_list_exports_and_imports(quick, origin, lang, tmp_path):
    quick.goto(page_of(origin, lang, ""))
    save = quick.get_by_role("button", name={"zh": "导出我写的", "en": "Export what I wrote"}[lang])
    save.click()
    assert quick.locator(".drill-keep [role=status]").inner_text() in (
        "还没有可以导出的。",
        "There is nothing to export yet.",
    )
    entry = {"text": "# 中文\n", "solved": True}
    quick.evaluate("([key, entry]) => localStorage.setItem(key, JSON.stringify(entry))", [KEY, entry])
    with quick.expect_download() as download:
        save.click()
    file = tmp_path / "mine.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8")) == {"drills": {DRILL: entry}}
    quick.evaluate("localStorage.clear()")
    field = quick.locator(".drill-keep input")
    field.set_input_files(file)
    wait_until(quick, "document.querySelector('[data-drill-state=lstm_backward].solved')")
    assert stored(quick) == entry
    # other text is there: the reader is asked
    other = {"text": "# later\n"}
    quick.evaluate("([key, entry]) => localStorage.setItem(key, JSON.stringify(entry))", [KEY, other])
    quick.once("dialog", lambda dialog: dialog.dismiss())
    field.set_input_files(file)
    wait_until(quick, f"localStorage.getItem({json.dumps(KEY)}).includes('solved')")
    assert stored(quick) == {**other, "solved": True}
    quick.once("dialog", lambda dialog: dialog.accept())
    field.set_input_files(file)
    wait_until(quick, f"localStorage.getItem({json.dumps(KEY)}).includes('中文')")
    for bad in ("{", "null", '{"drills": 3, "x": 1}', json.dumps({"drills": {"../x": entry, "a b": entry, "c/d": 7}})):
        file.write_text(bad, encoding="utf-8")
        before = stored(quick)
        field.set_input_files(file)
        quick.wait_for_timeout(200)
        assert stored(quick) == before and quick.evaluate("localStorage.length") <= 2
    assert faults(quick) == [] and quick.complaints == []


FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"


@pytest.mark.parametrize("script", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_without_storage_all_works_and_the_reader_is_told(quick, origin, script):
    quick.add_init_script(script)
    quick.goto(page_of(origin, "en"))
    field = edited(quick, DRILL, lambda text: answer(RIGHT) + text)
    says(quick, "The browser does not let the site keep this")
    field.press("Control+Enter")
    says(quick, DONE["en"])
    assert len(judged(quick)) == 2
    quick.goto(page_of(origin, "en", ""))
    quick.get_by_role("button", name="Export").click()
    says_ = "document.querySelector('.drill-keep [role=status]').textContent"
    wait_until(quick, f"{says_} == 'There is nothing to export yet.'")
    assert set(quick.complaints) <= {"no"}, "the theme's scripts ask, too"


def test_on_a_phone_nothing_scrolls_sideways(chromium, origin):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, service_workers="block"
    )  # fmt: skip
    tab = judge_at_once(context.new_page())
    for page in ("lstm-backward/", ""):
        tab.goto(page_of(origin, "zh", page))
        if page:
            edited(tab, DRILL, lambda text: text + "#" + 200 * "x")
            for printed in (PRINTED.replace("slope", 90 * "slope"), "no judge any more\n"):
                write(tab.locator(FIELD), answer(printed))
                bar_of(tab, DRILL).locator("button").first.click()
                says(tab, DONE["zh"])
                assert tab.evaluate("document.documentElement.scrollWidth") == 390
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
    context.close()

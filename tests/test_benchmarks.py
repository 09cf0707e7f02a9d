"""What `make bench` measured, on a page; and that a missed budget is told."""

import json
import sys
from pathlib import Path, PurePosixPath

import pytest

from sitebuild import aside, benchmarks, formulas, memo
from sitebuild.errors import SiteError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))
import building  # noqa: E402

TOLD = {
    "date": "2026-01-02",
    "machine": {"cores": 2, "processor": "X", "system": "Linux", "python": "3.11.7"},
    "peers": {
        "cpu": 4.0,
        "builders": {
            "sitebuild": {"cold": 4.0, "warm": 1.0, "edit": 2.0, "memory": 90},
            "mkdocs": {"cold": 2.0, "warm": 2.0, "memory": 80, "version": "1.6"},
            "markdown-exec": {"cold": 6.0, "warm": 6.0, "edit": 6.0, "memory": 100, "version": "1.1"},
        },
    },
    "preview": {"sentence": 0.5, "slowest_sentence": 0.9, "program": 1.0, "slowest_program": 1.4},
    "growth": [
        {"programs": n, "pages": n // 2, "cold": n / 4, "warm": n / 20, "mkdocs": n / 10, "memory": 90}
        for n in (12, 60, 1000)
    ],
}


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / benchmarks.RESULTS
    folder.mkdir(parents=True)
    (folder / "building.json").write_text(json.dumps(TOLD), encoding="utf-8")
    (folder / "growth.en.svg").write_text('<svg viewBox="0 0 1 1"><path/></svg>\n', encoding="utf-8")
    return tmp_path


def filled(project, which, lang="en"):
    return benchmarks.fill(f"a\n\n```benchmark {which}\n```\n\nb\n", lang, "docs/en/x.md", project)


def test_the_table_of_peers_gives_seconds_and_ratios_to_ours(project):
    table = filled(project, "peers")
    assert "| **this site's build** |  | **4.0 s** | **1.0 s** | **2.0 s** | 90 |" in table
    assert "| markdown-exec | 1.1 | 6.0 s (×\u00a01.5) | 6.0 s (×\u00a06.0) | 6.0 s (×\u00a03.0) | 100 |" in table
    assert "| 1.6 | 2.0 s (×\u00a00.5) | 2.0 s (×\u00a02.0) | – | 80 |" in table
    assert "Measured on 2026-01-02: 2 cores of X, Linux, Python 3.11.7." in table
    assert table.startswith("a\n\n| builder |") and table.endswith("\n\nb\n")
    assert "测于 2026-01-02：2 核 X" in filled(project, "peers", "zh")


def test_a_block_gives_way_to_its_table_and_nothing_else(project):
    assert filled(project, "preview") == (
        "a\n\n| what was edited | seconds, median | seconds, slowest |\n| --- | ---: | ---: |\n"
        "| a sentence | 0.50 | 0.90 |\n| a program (its own run not counted) | 1.00 | 1.40 |\n\n"
        "Measured on 2026-01-02: 2 cores of X, Linux, Python 3.11.7.\n\nb\n"
    )
    two = benchmarks.fill("x\n```benchmark preview\n```\n```benchmark peers\n```\nend", "en", "x.md", project)
    assert two.count("Measured on") == 2 and two.endswith("3.11.7.\nend") and two.index("edited") < two.index("builder")


def test_what_was_not_measured_of_a_builder_is_a_dash(project):
    told = json.loads(json.dumps(TOLD))
    told["peers"]["builders"]["mkdocs"]["edit"] = 2.5  # of no meaning: it runs nothing
    told["peers"]["builders"]["zola"] = {"cold": 8.0, "warm": 1.0, "memory": 70}
    (project / benchmarks.FILE).write_text(json.dumps(told), encoding="utf-8")
    table = filled(project, "peers")
    assert "| zola |  | 8.0 s (×\u00a02.0) | 1.0 s (×\u00a01.0) | – | 70 |" in table
    assert "| 1.6 | 2.0 s (×\u00a00.5) | 2.0 s (×\u00a02.0) | – | 80 |" in table


def test_growth_comes_with_its_figure_and_the_seconds_of_a_program(project):
    shown = filled(project, "growth")
    assert '<svg role="img" aria-label="Left: building from nothing' in shown and "</figcaption>" in shown
    assert "| 1000 | 500 | 250.0 | 0.25 | 50.0 | 100.0 | 90 |" in shown


@pytest.mark.parametrize(
    "page, reason",
    [
        (
            "```benchmark site\n```\n",
            "x.md:1: bench/results/building.json does not hold what this block shows ('site')",
        ),
        ("a\n```benchmark speed\n```\n", "x.md:2: a ```benchmark block says which: peers or site or preview or growth"),
        ("```benchmark peers\nfast\n```\n", "x.md:1: a ```benchmark block holds nothing"),
    ],
)
def test_what_was_not_measured_is_not_shown(project, page, reason):
    with pytest.raises(SiteError) as caught:
        benchmarks.fill(page, "en", "x.md", project)
    assert reason in str(caught.value)


def over(told):
    return [what for what, measured, most in building.budgets(told) if measured > most]


def test_each_missed_budget_is_told():
    assert over(TOLD) == []
    for change, count in (
        ({"peers": {**TOLD["peers"], "cpu": 2.0}}, 1),  # the programs took less: the overhead is too much
        ({"preview": {**TOLD["preview"], "sentence": 1.2, "program": 1.6}}, 2),
        ({"growth": [*TOLD["growth"][:2], {**TOLD["growth"][2], "cold": 300.0, "warm": 120.0}]}, 2),
    ):
        assert len(over({**TOLD, **change})) == count, change


# -- formulas and figures put aside ----------------------------------------------------------------------------

HEAVY = '<bdi class="math" data-search-exclude><span>x</span></bdi>'
PICTURE = '<svg role="img" aria-label="a"><path d="M0 0"/></svg>'


def test_what_is_put_aside_comes_back():
    page = f"# Title\n\nA {HEAVY} and {HEAVY}.\n\n<figure>\n{PICTURE}\n</figure>\n"
    light, parts = aside.put(page)
    assert "<span>" not in light and "<path" not in light and len(parts) == 3
    assert light.count("<bdi class=") == 2 and 'aria-label="a"' in light, "what is said of them stays"
    assert aside.put_back(light, parts) == page


def test_code_and_headings_are_left_alone():
    page = f"## Why {HEAVY}?\n\n```html\n{PICTURE}\n```\n\n`{HEAVY}`\n"
    assert aside.put(page) == (page, [])


def test_a_page_that_holds_the_mark_itself_is_left_alone():
    page = f"a \ue0000\ue001 {HEAVY}"
    assert aside.put(page) == (page, []) and aside.put_back(page, []) == page


def test_most_of_a_real_page_is_put_aside():
    text = (ROOT / "docs/en/lstm/backward.md").read_text(encoding="utf-8")
    found = formulas.find(text)
    rendered = {(one.latex, one.display): "<span>" + "x" * 500 + "</span>" for one in found}
    page = formulas.typeset(text, rendered)
    light, parts = aside.put(page)
    assert len(parts) == len([one for one in found if not text.split("\n")[one.line - 1].startswith("#")])
    assert aside.put_back(light, parts) == page


def test_figures_leave_a_page_and_stay_themselves_on_any_other():
    figures = aside.Figures()
    first = figures.put(f"<figure>\n{PICTURE}\n</figure>\n\n```html\n{PICTURE}\n```\n")
    second = figures.put(PICTURE.replace("M0", "M9"))
    assert first.count("<path") == 1 and "<path" not in second and 'aria-label="a"' in second, "code stays code"
    assert figures.put_back(second + first) == PICTURE.replace("M0", "M9") + figures.put_back(first)
    light, parts = aside.put(f"{HEAVY}{second}")
    assert figures.put_back(aside.put_back(light, parts)) == HEAVY + PICTURE.replace("M0", "M9")
    whole = aside.Whole({PurePosixPath("a.md"): first}, figures)
    assert len(whole) == 1 and list(whole) == [PurePosixPath("a.md")]
    assert whole[PurePosixPath("a.md")].count("<path") == 2 and whole.light[PurePosixPath("a.md")] == first
    figures.put(f"<svg>{'x' * 1000}</svg>")
    assert len(figures.held[-1]) < 100, "compressed"
    with pytest.raises(ValueError, match=r"U\+E002 stands for a figure"):
        figures.put("\ue002")


def test_a_build_remembers_few_texts_and_a_preview_all(monkeypatch):
    asked = []
    remembered = memo.remembered(lambda text: asked.append(text) or text.upper())
    for lasting, again in ((False, 2), (True, 1)):
        monkeypatch.setattr(memo, "lasting", lasting)
        asked.clear()
        texts = [f"page {n}" for n in range(2 * memo.FEW)]
        for text in texts + texts:
            assert remembered(text) == remembered(text) == text.upper()
        assert asked == texts * again

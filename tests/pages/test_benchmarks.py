"""What `make bench` measured, on a page; and that a missed budget is told."""

import json
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from sitebuild.base import placeholders
from sitebuild.base.markdown import scan
from sitebuild.base.problems import SiteError
from sitebuild.pages import benchmarks, formulas

ROOT = Path(__file__).resolve().parents[2]
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
        {
            "programs": n,
            "pages": n // 2,
            "cold": n / 4,
            "warm": n / 20,
            "mkdocs": n / 10,
            "memory": {"cold": 90 + n // 50, "warm": 70, "mkdocs": n},
        }
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


def test_the_site_has_its_rows(project):
    (project / benchmarks.FILE).write_text(
        json.dumps({**TOLD, "site": {"cold": 80.04, "cpu": 150.0, "warm": 4.0, "edit": 5.0, "mkdocs": 9.0}})
    )
    table = filled(project, "site")
    assert [line.split(" | ")[1] for line in table.splitlines() if line.endswith(" |")][2:] == [
        "80.0 |", "150.0 |", "4.0 |", "5.0 |", "9.0 |"
    ]  # fmt: skip
    assert "<figure" not in table + filled(project, "peers") + filled(project, "preview")


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
    assert "| 1000 | 500 | 250.0 | 0.25 | 50.0 | 100.0 |" in shown


def test_memory_has_a_table_of_its_own(project):
    shown = filled(project, "memory")
    assert "| 1000 | 500 | 110 | 70 | 1000 |" in shown and "<svg" not in shown


def test_what_an_older_benchmark_told_otherwise_is_not_shown(project):
    told = {**TOLD, "growth": [{**one, "memory": 90} for one in TOLD["growth"]]}
    (project / benchmarks.FILE).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(SiteError, match="does not hold what this block shows .*: `make bench` writes it"):
        filled(project, "memory")


@pytest.mark.parametrize(
    "page, reason",
    [
        (
            "```benchmark site\n```\n",
            "x.md:1: bench/results/building.json does not hold what this block shows ('site')",
        ),
        (
            "a\n```benchmark speed\n```\n",
            "x.md:2: a ```benchmark block says which: peers or site or preview or growth or memory",
        ),
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
        ({"preview": {**TOLD["preview"], "slowest_sentence": 1.2, "slowest_program": 1.6}}, 2),
        ({"growth": [*TOLD["growth"][:2], {**TOLD["growth"][2], "cold": 300.0, "warm": 120.0}]}, 2),
        ({"growth": [*TOLD["growth"][:2], {**TOLD["growth"][2], "memory": {"cold": 130, "warm": 99}}]}, 2),
    ):
        assert len(over({**TOLD, **change})) == count, change


def test_peak_memory_is_that_of_the_process_itself(tmp_path):
    script, told = tmp_path / "a.py", tmp_path / "peak"

    def peak(program):
        script.write_text(program)
        subprocess.run([sys.executable, str(ROOT / "bench/peak.py"), str(told), str(script), "1"], check=True)
        return float(told.read_text())

    large = "held = b'x' * (300 * 2**20)"
    alone = peak("import sys; assert sys.argv[1:] == ['1']")
    assert alone < 100 and 300 < peak(large) < 400
    assert peak(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {large!r}])") < 100


# -- formulas and figures put aside ----------------------------------------------------------------------------

PICTURE = '<svg role="img" aria-label="a"><path d="M0 0"/></svg>'


def test_a_drawing_leaves_a_page_but_for_what_is_said_of_it():
    shelf, drawing = placeholders.Shelf(), placeholders.Drawing(PICTURE)
    light = shelf.put_drawing(drawing)
    assert "<path" not in light and 'aria-label="a"' in light and light.endswith("</svg>")
    assert shelf.whole(f"a {light} b {light}") == f"a {PICTURE} b {PICTURE}" and len(shelf.held) == 1
    assert drawing.svg == placeholders.in_place(drawing) == PICTURE
    assert placeholders.Drawing("<svg></svg>").svg == "<svg></svg>"
    large = placeholders.Drawing(f"<svg>{'x' * 1000}</svg>")
    assert len(large.data) < 100, "compressed"
    shelf.put_drawing(large)
    assert shelf.held[large.name] is large.data, "held once"


def test_a_mark_means_the_same_on_every_shelf_and_nothing_else_is_one():
    shelf, other = placeholders.Shelf(), placeholders.Shelf()
    other.put("before")
    mark = shelf.put("x²")
    assert mark == other.put("x²") != shelf.put("x³")
    assert shelf.whole(f"{mark}{mark}") == "x²x²" and placeholders.Shelf().whole(mark) == mark
    like = "\ue002ab\ue001 \ue002 \ue001"
    assert shelf.whole(like) == like and shelf.whole(shelf.put(like)) == like
    assert shelf.whole(shelf.put(mark)) == mark, "one layer at a time"


def test_formulas_leave_a_page_but_not_its_headings():
    text = (ROOT / "docs/en/lstm/backward.md").read_text(encoding="utf-8")
    assert "\n$$" in text
    text = f"## Why $x$?\n\n ## And $x$ again\n\nAs $x$ # or $x$\n{text}"
    rendered = {(one.latex, one.display): f"<span>{'x' * 500}</span>" for one in scan(text).formulas}
    shelf = placeholders.Shelf()
    light = formulas.typeset(text, rendered, shelf.put)
    whole = formulas.typeset(text, rendered)
    assert shelf.whole(light) == whole and placeholders.as_it_is(whole) == whole
    with_formulas = [line[:10] for line in light.split("\n") if "x" * 500 in line]
    assert with_formulas == [line[:10] for line in whole.split("\n") if "x" * 500 in line and "#" in line[:4]]
    assert len(with_formulas) >= 2 and len(light) < len(whole) / 2


def test_pages_are_held_light_and_seen_whole():
    shelf, path = placeholders.Shelf(), PurePosixPath("a.md")
    light = shelf.put_drawing(placeholders.Drawing(PICTURE))
    whole = placeholders.Whole({path: light}, shelf)
    assert len(whole) == 1 and list(whole) == [path] and whole[path] == PICTURE and whole.light[path] == light

"""Every sentence that ranks holds when what it does not mention is varied: bench/sweep.py, measured beforehand."""

import json
import re
import sys

import pytest
import sweep
from conftest import ROOT

NAMES = sweep.names()
SHORT = 6  # seconds: those are measured again here, the others by `make sweeps`, weekly
# what a comparison varies at least, and by how much from the lowest to the highest; otherwise FIXED says why not
FACTORS = {"width": 2, "length": 4, "inputs": 3}
SAME = {"batch": "length", "lag": "length", "depth": "length"}  # either of them will do


def measured(name):
    return json.loads((sweep.RESULTS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_sweep_was_measured_as_it_stands_and_its_sentence_holds(name):
    told = measured(name)
    assert told["source"] == sweep.digest(name), f"changed since it was measured: make sweeps NAMES={name}"
    assert told["holds"], [row for row in told["rows"] if not row["held"]]


@pytest.mark.parametrize("name", [name for name in NAMES if measured(name)["values"]["en"]["seconds"] < SHORT])
def test_a_short_sweep_measured_again_holds_again(name):
    again, told = sweep.run(name, lambda line: None), measured(name)
    assert again["holds"]
    assert len(again["rows"]) == len(told["rows"])


@pytest.mark.parametrize("name", NAMES)
def test_a_sweep_varies_what_the_habit_asks_for_or_says_why_not(name):
    one = sweep.read(name)
    fixed, ranges = getattr(one, "FIXED", {}), sweep.ranges(one)
    assert one.SEEDS >= 5 or "seeds" in fixed
    assert len(getattr(one, "RATES", ())) >= 3 or "rates" in fixed
    for wanted, factor in FACTORS.items():
        names = [wanted, *(other for other, same in SAME.items() if same == wanted)]
        spans = [max(ranges[n]) / min(ranges[n]) for n in names if n in ranges]
        assert any(span >= factor for span in spans) or fixed.keys() & {*names}, f"{wanted}: not varied, no reason why"
    assert len(ranges.get("inputs", "abc")) >= 3
    assert all(len(reason) > 10 for reason in fixed.values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_of_comparisons_names_every_sweep_once(lang):
    page = (ROOT / f"docs/{lang}/reference/verified.md").read_text(encoding="utf-8")
    rows = [line for line in page.split("\n") if line.startswith("|") and "sweeps/" in line]
    named = [re.search(r"\{\{ sweeps/(\w+):varied \}\}", row)[1] for row in rows]
    assert sorted(named) == NAMES == sorted(file.stem for file in sweep.RESULTS.glob("*.json"))
    for name, row in zip(named, rows, strict=True):
        assert f"{{{{ sweeps/{name}:held }}}}" in row and f"{{{{ sweeps/{name}:of }}}}" in row
        assert re.search(r"\]\(\.\./[\w/-]+\.(md|ipynb)", row), f"no link to the page that says so: {row}"


def test_the_runner_says_when_a_sentence_does_not_hold(tmp_path, monkeypatch, capsys):
    (tmp_path / "sweeps").mkdir()
    (tmp_path / "sweeps/order.py").write_text(
        "from sweep import grid\nSETTINGS, SEEDS = grid(width=(1, 2)), 5\n"
        "def measure(width):\n    return {'a': width}\ndef holds(row):\n    return row['a'] < 2\n"
    )
    monkeypatch.setattr(sweep, "HERE", tmp_path)
    monkeypatch.setattr(sweep, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(sys, "argv", ["sweep.py"])
    assert sweep.main() == 1
    assert "order: DOES NOT HOLD, 1 of 2 settings" in capsys.readouterr().out
    assert [row["held"] for row in measured("order")["rows"]] == [True, False]


@pytest.fixture
def scratched(tmp_path, monkeypatch):
    """A function: what a sweep's result depends on, where the sweep reads `file` and the file holds `text`."""
    monkeypatch.setattr(sweep, "HERE", tmp_path)
    monkeypatch.setattr(sweep, "SNIPPETS", tmp_path)

    def digest(code, file, text):
        for name, content in (("sweeps/one.py", code), (file, text)):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content)
        return sweep.digest("one")

    return digest


def test_only_what_a_sweep_takes_of_a_snippet_or_a_lab_makes_its_result_out_of_date(scratched):
    text = "# said\nN, M = 3, 4\n\n\ndef f():\n    return N\n\n\nprint(f())\n"

    def taken(old, new):
        return scratched('from sweep import take\np = take("a/b", "f", "N")\n', "a/b.py", text.replace(old, new))

    assert taken("print(f())", "print(1)") == taken("# said\n", "") == taken("", "")
    assert len({taken("", ""), taken("= 3", "= 2"), taken("return N", "return 1")}) == 3

    def lab(words, code, end=""):
        cells = f"# %% [markdown] en\n# {words}\n# %% [markdown] zh\n# {words}\n# %%\n{code}\nrun()\n"
        return scratched(f"LAB, END = 'labs/x', '{end}'\n", "labs/x.py", cells)

    assert lab("a", "x = 1") == lab("b", "x = 1") != lab("b", "x = 2")
    assert lab("a", "x = 1\nrun()\nprint(1)", "run(") == lab("a", "x = 1\nrun()", "run(")
    assert lab("a", "x = 1", "run(") != lab("a", "x = 2", "run(")

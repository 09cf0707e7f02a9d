"""What `make bench` measured, as tables; and that a missed budget is told."""

import json
import subprocess
import sys

import building
import tables
from conftest import ROOT

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
        {"programs": n, "pages": n // 2, "cold": n / 4, "warm": n / 20, "mkdocs": n / 10,
         "memory": {"cold": 90 + n // 50, "warm": 70, "mkdocs": n}} for n in (12, 60, 1000)
    ],
}  # fmt: skip


def test_the_tables_of_the_page_are_those_of_what_was_measured_last():
    files = tables.files(json.loads(tables.RESULTS.read_text(encoding="utf-8")))
    behind = [name for name, text in files.items() if (tables.TABLES / name).read_text(encoding="utf-8") != text]
    assert behind == [], "run python bench/tables.py"


def test_tables_give_seconds_ratios_to_ours_and_the_machine():
    written = tables.files(TOLD)
    assert (
        "| markdown-exec | 1.1 | 6.0 s (×\u00a01.5) | 6.0 s (×\u00a06.0) | 6.0 s (×\u00a03.0) | 100 |"
        in written["building-peers.en.md"]
    )
    assert "| a sentence | 0.50 | 0.90 |" in written["building-preview.en.md"]
    assert "| 1000 | 500 | 250.0 | 0.25 | 50.0 | 100.0 |" in written["building-growth.en.md"]
    assert "| 1000 | 500 | 110 | 70 | 1000 |" in written["building-memory.en.md"]
    assert "Measured on 2026-01-02: 2 cores of X, Linux, Python 3.11.7.\n" in written["building-preview.en.md"]
    assert "测于 2026-01-02：2 核 X" in written["building-preview.zh.md"]
    assert "building-site.en.md" not in written, "that was not measured"


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

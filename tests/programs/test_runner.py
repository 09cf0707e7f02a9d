"""Programs run apart from each other, are watched, and their results kept."""

import re
import time

import pytest
from conftest import refused

from sitebuild.programs import results, runner
from sitebuild.sources import snippet

PLOT = "import matplotlib.pyplot as plt\n"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def run(text, cache, name="a/b", langs=("en",), **options):
    program = snippet.parse(text, name, f"snippets/{name}.py")
    return runner.run([program], langs, cache, **options)[name, langs[0]]


def failure(text, cache, **options):
    (problem,) = refused(run, text, cache, **options)
    return problem


def test_result_holds_output_values_and_figures(cache):
    text = (
        "import numpy as np\n" + PLOT + "a, b, c = 1, 2.5, True\nd = np.float32(0.5)\ne = 'word'\n_private = 3\n"
        "array = np.arange(3)\nbad = float('nan')\nprint('hello')\nprint(a)\n"
        "plt.figure('ρ = 0.9')\nplt.plot([1, 2])\nplt.figure('ρ = 1.1')\nplt.plot([2, 1])\nplt.show()\n"
    )
    result = run(text, cache)
    assert result.stdout == "hello\n1\n"
    assert result.values == {"a": 1, "b": 2.5, "c": True, "d": 0.5, "e": "word", "array": [0, 1, 2], "bad": "nan"}
    assert [figure.label for figure in result.figures] == ["ρ = 0.9", "ρ = 1.1"]
    assert all(figure.svg.startswith("<svg ") for figure in result.figures)


def test_programs_do_not_see_each_other(cache):
    first = "import numpy as np\nnp.pi = 3\nimport sys\nsys.leak = 1\n"
    second = "import sys\nimport numpy as np\nleaked = hasattr(sys, 'leak') or np.pi == 3\n"
    programs = [snippet.parse(first, "a/first", "f"), snippet.parse(second, "a/second", "s")]
    results = runner.run(programs, ["en"], cache, workers=1)
    assert results["a/second", "en"].values["leaked"] is False


def test_a_result_comes_from_the_cache_until_the_program_its_language_or_numpy_changes(tmp_path, monkeypatch):
    def ran(text, **options):
        told = []
        run(text, tmp_path, langs=("zh", "en"), report=lambda *job: told.append(job[2:4]), **options)
        return sorted(told)

    text = "# one\n#zh 甲\nx = 1\n"
    assert ran(text) == [("a/b", "en"), ("a/b", "zh")] and ran(text) == []
    assert ran(text.replace("甲", "乙")) == [("a/b", "zh")]
    assert len(ran(text.replace("x = 1", "x = 2"))) == len(ran(text, name="a/c")) == 2
    monkeypatch.setattr(results, "version", lambda package: "0")
    results._machinery.cache_clear()
    assert len(ran(text)) == 2
    monkeypatch.undo()
    results._machinery.cache_clear()


@pytest.mark.parametrize("damage", [lambda text: "", lambda text: "{", lambda text: text.replace("right", "wrong")])
def test_a_damaged_cache_entry_is_run_again(tmp_path, damage):
    run("print('right')\n", tmp_path)
    (entry,) = (tmp_path / "programs").glob("*.json")
    entry.write_text(damage(entry.read_text()))
    assert run("print('right')\n", tmp_path).stdout == "right\n"


BAD = {
    "raises": ("x = 1\ny = x / 0\n", 2, "ZeroDivisionError: division by zero"),
    "raises deep": ("import numpy as np\ndef f():\n    return np.eye(2) @ np.eye(3)\nf()\n", 3, "ValueError: matmul"),
    "leaves a folder": ("import ctypes\nctypes.CDLL(None).mkdir(b'left', 0o755)\n", 0, "leaves files behind: left"),
    "sys.exit": ("import sys\nsys.exit(0)\n", 2, "sys.exit"),
    "os._exit": ("import os\n\nos._exit(0)\n", 3, "os._exit"),
    "warns": ("import numpy as np\nx = np.float64(1) / 0\n", 2, "warns: RuntimeWarning: divide by zero"),
    "error stream": ("import sys\nprint('hm', file=sys.stderr)\n", 0, "writes to the error stream: hm"),
    "writes a file": ("x = 1\nopen('left.txt', 'w')\n", 2, "writes a file: left.txt"),
    "adds to a file": ("x = 1\nopen('left.txt', 'a')\n", 2, "writes a file: left.txt"),
    "opens a file to write": ("import os\nos.open('left.txt', os.O_RDWR)\n", 2, "writes a file: left.txt"),
    "writes elsewhere": ("import numpy as np\nnp.save('/tmp/sitebuild-test', np.eye(2))\n", 2, "writes a file"),
    "writes and hides it": ("try:\n    open('a', 'w')\nexcept BaseException:\n    pass\n", 2, "writes a file: a"),
    "removes": ("import os\nos.remove('x')\n", 2, "removes a file"),
    "network": ("import socket\nsocket.create_connection(('127.0.0.1', 9))\n", 2, "uses the network"),
    "process": ("import os\nos.system('true')\n", 2, "starts a process"),
    "nan": ("x = float('nan')\nprint('x', x)\n", 2, "not finite: nan"),
    "inf in an array": ("import numpy as np\nprint(np.array([1, -np.inf]))\n", 2, "not finite: inf"),
    "too much": ("for i in range(41):\n    print(i)\n", 2, "more than 40 lines"),
    "missing glyph": (PLOT + "x = 1\nplt.title('\U0001f9e0')\n", 3, "no glyph for '\U0001f9e0' (U+1F9E0)"),
    "memory": ("x = [0]\nx = x * 10**12\n", 2, "GiB of memory"),
    "dies": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", 0, "died (exit code -9)"),
    "crashes": ("import ctypes\nctypes.string_at(0)\n", 2, "died (exit code -11)"),
}


def test_a_program_may_read_print_forty_lines_and_words_that_hold_a_nan(cache):
    text = "import os\nwith open(os.__file__) as file:\n    print('banana, information, nano' + 39 * '\\n', bool(file.read()))\n"
    assert run(text, cache).stdout.endswith("\n True\n")


@pytest.mark.parametrize("case", BAD)
def test_bad_programs_are_named_with_file_line_and_reason(case, cache):
    text, line, reason = BAD[case]
    problem = failure(text, cache)
    assert (problem.path, problem.line) == ("snippets/a/b.py", line), problem
    assert reason in problem.reason


@pytest.mark.parametrize(
    "text", ["while True:\n    x = 1\n", "while True:\n    try:\n        1 / 0\n    except:\n        pass\n"]
)
def test_a_program_that_never_ends_is_stopped_in_time(text, tmp_path):
    started = time.monotonic()
    problem = failure(f"#seconds 1\n{text}", tmp_path)
    assert "does not end within 1 s" in problem.reason and 1 < problem.line <= 1 + text.count("\n")
    assert time.monotonic() - started < 8


def test_the_parent_kills_what_the_watchdog_cannot(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "PATIENCE", 1)
    text = "#seconds 1\nimport faulthandler\nfaulthandler.cancel_dump_traceback_later()\nwhile True:\n    pass\n"
    assert "does not end within 1 s" in failure(text, tmp_path).reason


def test_the_traceback_shows_the_programs_own_frames_with_the_files_lines(cache):
    text = "# one\n#zh 一\ndef f(x):\n    return 1 / x\n\n\nf(0)\n"
    problem = failure(text, cache, langs=("zh",))
    assert problem.line == 4
    assert "snippets/a/b.py:7, in <module>" in problem.detail and "f(0)" in problem.detail
    assert "snippets/a/b.py:4, in f" in problem.detail and "return 1 / x" in problem.detail
    assert "sitebuild" not in problem.detail


def test_every_failure_is_told_and_good_results_are_kept(tmp_path):
    programs = [snippet.parse(text, f"a/{n}", f"p{n}") for n, text in enumerate(["x = 1\n", "1/0\n", "x\n"])]
    assert [p.path for p in refused(runner.run, programs, ["en"], tmp_path)] == ["p1", "p2"]
    assert len(list((tmp_path / "programs").glob("*.json"))) == 1


def test_a_program_may_name_its_own_limit():
    plain, long = (snippet.parse(text, "a/b", "p", seconds=7) for text in ("x = 1\n", "#seconds 120\nx = 1\n"))
    assert plain.seconds == 7 and long.seconds == 120
    assert plain.source("en") == long.source("en")


# -- figures -----------------------------------------------------------------------------------------------

LABELLED = (
    PLOT + "import numpy as np\nplt.semilogy([1, 1e-5], label='a')\nplt.plot([1, 2], color='black')\n"
    "plt.xlabel('step')  #zh \"步数\"\nplt.legend()\n"
)


def test_a_figure_is_one_element_of_the_pages_size_and_colours_whose_text_is_text(cache):
    svg = run(LABELLED, cache, langs=("zh",)).figures[0].svg
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 356.4 230.4"') and svg.endswith(
        "</svg>"
    )
    assert "currentColor" in svg and "var(--plot-0, #0072b2)" in svg and "\n\n" not in svg
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert "步数" in shown and "10⁻⁵" in shown and "10⁰" in shown


def test_figures_of_one_page_share_no_id(cache):
    text = PLOT + "for n in (1, 2):\n    plt.figure(n)\n    plt.plot([1, 2])\n"
    drawn = [*run(text, cache).figures, *run(text, cache, "a/c").figures, *run(text, cache, langs=("zh",)).figures]
    ids = [re.findall(r' id="([^"]+)"', figure.svg) for figure in drawn]
    assert all(ids) and len(set().union(*ids)) == sum(map(len, ids))


def test_chinese_is_laid_out_one_em_wide(tmp_path):
    text = PLOT + (
        "plt.rcParams['font.sans-serif'] = ['PingFang SC']\nfigure = plt.figure()\n"
        "def width(s):\n    t = figure.text(0, 0, s, fontsize=20)\n"
        "    return t.get_window_extent(figure.canvas.get_renderer()).width\n"
        "four, eight = width('遗忘门值'), width('遗忘门值遗忘门值')\nem = 20 / 72 * figure.dpi\n"
    )
    values = run(text, tmp_path).values
    assert values["eight"] - values["four"] == pytest.approx(4 * values["em"], abs=1.5)


def test_the_same_program_gives_the_same_figure(tmp_path):
    one = run(LABELLED, tmp_path / "one").figures
    assert one == run(LABELLED, tmp_path / "two").figures

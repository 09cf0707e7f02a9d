"""What watches a program, function by function; tests/programs/test_runner.py sees the same through whole processes."""

import math
import os

import numpy as np
import pytest

from sitebuild.base.problems import SiteError
from sitebuild.programs import runner, sandbox
from sitebuild.sources import snippet

PLOT = "import matplotlib.pyplot as plt\n"


@pytest.fixture
def guard():
    made = sandbox.Guard()
    made.active = True
    return made


@pytest.mark.parametrize(
    "mode, flags, writes",
    [
        ("r", os.O_RDONLY, False), ("rb", os.O_RDONLY, False), (None, os.O_RDONLY, False), (None, None, False), ("r", None, False),
        ("w", 0, True), ("a", 0, True), ("xb", 0, True), ("r+", 0, True), ("w", None, True),
        (None, os.O_WRONLY, True), (None, os.O_RDWR, True), (None, os.O_CREAT, True), (None, os.O_TRUNC, True),
        (None, os.O_APPEND, True), (7, os.O_RDONLY, False),
    ],
)  # fmt: skip
def test_reading_is_allowed_and_writing_is_not(mode, flags, writes, guard):
    if not writes:
        guard.audit("open", ("a.txt", mode, flags))
        assert guard.refused is None and guard.active
        return
    with pytest.raises(sandbox.Refused, match="writes a file: a.txt"):
        guard.audit("open", ("a.txt", mode, flags))
    assert not guard.active, "the traceback may open files"


def test_what_is_forbidden_is_refused_while_the_program_runs_and_what_is_not_never(guard):
    guard.audit("import", ("numpy",))
    with pytest.raises(sandbox.Refused, match="^uses the network$"):
        guard.audit("socket.connect", ())
    assert not guard.active
    guard.audit("os.remove", ())
    guard.audit("open", ("a.txt", "w", 0))


def test_the_first_refusal_is_the_one_that_counts(guard):
    for reason in ("one", "two"):
        with pytest.raises(sandbox.Refused, match="^one$"):
            guard.refuse(reason)
    assert str(guard.refused[0]) == "one" and guard.refused[1][-1].name == "refuse"


def test_forty_lines_may_be_printed_and_no_more(guard):
    out = sandbox.Output(guard)
    assert out.writable() and out.write("a\nb") == 3
    for _ in range(39):
        print(1, file=out)
    assert "".join(out.parts).count("\n") == 40
    with pytest.raises(sandbox.Refused, match="^prints more than 40 lines$"):
        print(file=out)


@pytest.mark.parametrize("text, found", [("x = nan", "nan"), ("[ 1. inf]", "inf"), ("-inf", "inf"), ("(nan)", "nan")])
def test_a_number_that_is_not_finite_is_refused(text, found, guard):
    with pytest.raises(sandbox.Refused, match=f"^prints a value that is not finite: {found}$"):
        sandbox.Output(guard).write(text)


def test_words_that_hold_such_a_name_are_printed(guard):
    assert sandbox.Output(guard).write("banana, information, nano") == 25


def test_values_are_scalars_in_pythons_own_types():
    values = sandbox.scalars(
        {
            "_hidden": 1, "whole": 1, "real": 0.5, "word": "w", "yes": True, "narrow": np.float32(0.5), "count": np.int64(3),
            "truth": np.bool_(False), "array": np.zeros(2), "none": None, "no": math.nan, "minus": -math.inf, "single": np.float32("inf"),
            "last": 7,
        }
    )  # fmt: skip
    assert values == {
        "whole": 1, "real": 0.5, "word": "w", "yes": True, "narrow": 0.5, "count": 3, "truth": False, "no": "nan", "minus": "-inf",
        "single": "inf", "last": 7, "array": [0.0, 0.0],
    }  # fmt: skip
    assert {type(value) for value in values.values()} == {int, float, str, bool, list}


def test_values_that_hold_others_become_dicts_and_lists_of_pythons_own():
    inside = {("ReLU", 2): np.float32(0.5), 0.9: (1, np.array([math.inf, 2])), True: np, "w": {"deep": np.bool_(True)}}
    most, more = np.arange(sandbox.QUOTABLE), np.arange(sandbox.QUOTABLE + 1)
    values = sandbox.scalars({"d": inside, "m": [np, 3], "f": [np], "none": {}, "most": most, "more": more, "c": [1j]})
    assert values == {
        "d": {"ReLU, 2": 0.5, "0.9": [1, ["inf", 2.0]], "True": None, "w": {"deep": True}}, "m": [None, 3],
        "most": list(range(sandbox.QUOTABLE)),
    }  # fmt: skip
    assert sandbox.scalars({"l": list(more), "d": dict.fromkeys(more, 1)}) == {}


def test_cells_keep_their_lines_where_they_were():
    source = "a = 1\nb = 2\n\nc = 3\n"
    assert sandbox.in_cells(source, []) == [source]
    one, two = sandbox.in_cells(source, [1, 4])
    assert (one, two) == ("a = 1\nb = 2\n", "\n\n\nc = 3\n")
    assert sandbox.in_cells("x\ny", [2]) == ["\ny"]


def test_a_process_that_cannot_begin_says_which_file_is_missing(tmp_path):
    class Connection:
        sent, closed = None, False

        def send(self, answer):
            self.sent = answer

        def close(self):
            self.closed = True

    connection, gone = Connection(), str(tmp_path / "gone")
    sandbox.main(connection, {"trace": str(tmp_path / "trace"), "name": "a/b", "source": "", "folder": gone})
    assert connection.sent == {"reason": f"{gone}: No such file or directory", "line": 0, "frames": []}
    assert connection.closed


# -- in a process ------------------------------------------------------------------------------------------


def run(text, cache, starts=()):
    program = snippet.parse(text, "a/b", "snippets/a/b.py", starts)
    return runner.run([program], ["en"], cache)["a/b", "en"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def test_each_cell_has_its_own_output_and_figures(cache):
    """A second figure in a later cell is that cell's; the limit of forty lines is each cell's, too."""
    cells = [
        PLOT + "print('one')\nfor n in range(39):\n    print(n)\nplt.plot([1, 2])\n",
        "print('two')\nfor n in range(39):\n    print(n)\n",
        "plt.figure('ρ = 1')\nplt.plot([1])\nplt.figure()\nplt.plot([2])\nseen = len(plt.get_fignums())\n",
    ]
    starts = tuple(1 + "".join(cells[:n]).count("\n") for n in range(3))
    result = run("".join(cells), cache, starts)
    assert [text.split("\n")[0] for text, _ in result.cells] == ["one", "two", ""]
    assert [count for _, count in result.cells] == [1, 0, 2]
    assert "".join(text for text, _ in result.cells) == result.stdout
    assert [figure.label for figure in result.figures] == ["1", "ρ = 1", "3"] and result.values["seen"] == 3
    assert 0 < result.seconds < 30


def test_a_program_in_one_piece_has_no_cells(cache):
    assert run("x = 1\n", cache).cells == ()


@pytest.mark.parametrize(
    "text, line, reason",
    [
        ("import ctypes\nctypes.CDLL(None).mkdir(b'left', 0o755)\n", 0, "leaves files behind: left [en]"),
        ("x = [0]\n\nx = x * 10**12\n", 3, "needs more than 3 GiB of memory [en]"),
        (
            PLOT + "\nplt.title('\U0001f9e0')\nplt.ylabel('\U0001f9e0')\n",
            3,
            "no glyph for '\U0001f9e0' (U+1F9E0) in a figure [en]",
        ),
        (PLOT + "plt.title(chr(0x1f9e0))\n", 0, "no glyph for '\U0001f9e0' (U+1F9E0) in a figure [en]"),
        ("def f():\n    raise KeyError('k')\n\n\nf()\n", 2, "KeyError: 'k' [en]"),
        ("import warnings\nwarnings.warn('soon')\n", 2, "warns: UserWarning: soon [en]"),
        ("import sys\nsys.stderr.write('a\\n')\n", 0, "writes to the error stream: a [en]"),
        ("for n in range(41):\n    print()\n", 2, "prints more than 40 lines [en]"),
    ],
)
def test_what_went_wrong_is_told_in_full(text, line, reason, cache):
    with pytest.raises(SiteError) as caught:
        run(text, cache)
    (problem,) = caught.value.problems
    assert (problem.line, problem.reason) == (line, reason)

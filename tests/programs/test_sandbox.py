"""What watches a program, function by function; tests/programs/test_runner.py sees the same through whole processes."""

import math
import os
from unittest.mock import Mock

import numpy as np
import pytest

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


def test_forty_lines_may_be_printed_and_no_more(guard):
    out = sandbox.Output(guard)
    assert out.writable() and out.write("a\nb") == 3
    for _ in range(39):
        print(1, file=out)
    assert "".join(out.parts).count("\n") == 40
    with pytest.raises(sandbox.Refused, match="^prints more than 40 lines$"):
        print(file=out)


@pytest.mark.parametrize("text, found", [("x = nan", "nan"), ("[ 1. inf]", "inf"), ("-inf", "inf"), ("(nan)", "nan")])
def test_a_number_that_is_not_finite_is_refused_and_a_word_is_not(text, found, guard):
    sandbox.Output(guard).write("banana, information, nano")
    with pytest.raises(sandbox.Refused, match=f"^prints a value that is not finite: {found}$"):
        sandbox.Output(guard).write(text)


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


def test_a_process_that_cannot_begin_says_which_file_is_missing(tmp_path):
    connection, gone = Mock(), str(tmp_path / "gone")
    sandbox.main(connection, {"trace": str(tmp_path / "trace"), "name": "a/b", "source": "", "folder": gone})
    connection.send.assert_called_once_with({"reason": f"{gone}: No such file or directory", "line": 0, "frames": []})
    connection.close.assert_called_once()


def test_each_cell_has_its_own_output_and_figures(tmp_path):
    """A second figure in a later cell is that cell's; the limit of forty lines is each cell's, too."""
    cells = [
        PLOT + "print('one')\nfor n in range(39):\n    print(n)\nplt.plot([1, 2])\n",
        "print('two')\nfor n in range(39):\n    print(n)\n",
        "plt.figure('ρ = 1')\nplt.plot([1])\nplt.figure()\nplt.plot([2])\nseen = len(plt.get_fignums())\n",
    ]
    starts = tuple(1 + "".join(cells[:n]).count("\n") for n in range(3))
    program = snippet.parse("".join(cells), "a/b", "snippets/a/b.py", starts)
    result = runner.run([program], ["en"], tmp_path)["a/b", "en"]
    assert [text.split("\n")[0] for text, _ in result.cells] == ["one", "two", ""]
    assert [count for _, count in result.cells] == [1, 0, 2]
    assert "".join(text for text, _ in result.cells) == result.stdout
    assert [figure.label for figure in result.figures] == ["1", "ρ = 1", "3"] and result.values["seen"] == 3

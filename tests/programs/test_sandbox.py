"""What a program leaves behind; what it must not do: tests/programs/test_runner.py."""

import math
from unittest.mock import Mock

import numpy as np

from sitebuild.programs import runner, sandbox
from sitebuild.sources import snippet


def test_values_are_kept_in_pythons_own_types_and_what_cannot_be_quoted_is_not():
    inside = {("ReLU", 2): np.float32(0.5), 0.9: (1, np.array([math.inf, 2])), True: np, "w": {"deep": np.bool_(True)}}
    most, more = np.arange(sandbox.QUOTABLE), np.arange(sandbox.QUOTABLE + 1)
    values = sandbox.scalars({
        "_hidden": 1, "whole": np.int64(3), "real": 0.5, "word": "w", "truth": np.bool_(False), "narrow": np.float32(0.5),
        "no": math.nan, "minus": -math.inf, "none": None, "d": inside, "m": [np, 3], "f": [np], "empty": {}, "c": [1j],
        "most": most, "more": more, "long": list(more), "wide": dict.fromkeys(more, 1),
    })  # fmt: skip
    assert values == {
        "whole": 3, "real": 0.5, "word": "w", "truth": False, "narrow": 0.5, "no": "nan", "minus": "-inf", "m": [None, 3],
        "d": {"ReLU, 2": 0.5, "0.9": [1, ["inf", 2.0]], "True": None, "w": {"deep": True}}, "most": list(range(sandbox.QUOTABLE)),
    }  # fmt: skip
    assert {type(value) for value in values.values()} == {int, float, str, bool, list, dict}


def test_a_process_that_cannot_begin_says_which_file_is_missing(tmp_path):
    connection, gone = Mock(), str(tmp_path / "gone")
    sandbox.main(connection, {"trace": str(tmp_path / "trace"), "name": "a/b", "source": "", "folder": gone})
    connection.send.assert_called_once_with({"reason": f"{gone}: No such file or directory", "line": 0, "frames": []})
    connection.close.assert_called_once()


def test_each_cell_has_its_own_output_and_figures(tmp_path):
    """A second figure in a later cell is that cell's; the limit of forty lines is each cell's, too."""
    cells = [
        "import matplotlib.pyplot as plt\nprint('one')\nfor n in range(39):\n    print(n)\nplt.plot([1, 2])\n",
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

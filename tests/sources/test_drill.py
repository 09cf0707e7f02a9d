import pytest
from conftest import refused

from sitebuild.sources import drill

TEXT = """\
import numpy as np

# yours
#zh 你来写
#solution
def twice(x):
    # x (B, D)
    #zh x 为 (B, D)
    y = x + x
    return y


def half(x):
    return x / 2


#end
print("+ twice: right")  #zh "+ 两倍：对"
"""


def test_the_solution_is_the_whole_and_the_starter_returns_nothing():
    starter, solution = drill.parse(TEXT, "drills/twice", "p")
    assert (starter.name, solution.name) == ("drills/twice", "drills/twice_solution")
    assert "y = x + x" in solution.source("en") and "#solution" not in solution.source("en")
    assert starter.source("zh") == (
        "import numpy as np\n\n# 你来写\ndef twice(x):\n    # x 为 (B, D)\n    return None\n\n\n"
        'def half(x):\n    return None\n\n\nprint("+ 两倍：对")\n'
    )
    assert starter.judged and solution.judged


def test_a_line_is_told_as_it_is_counted_in_the_file():
    starter, solution = drill.parse(TEXT, "drills/twice", "p")
    for program in (starter, solution):
        for lang in ("en", "zh"):
            last = program.source(lang).count("\n")
            assert program.origin(lang, last) == TEXT.count("\n")


@pytest.mark.parametrize(
    "old, new, line, reason",
    [
        ("#solution\n", "", 16, "one line #solution, then one #end"),
        ("#end\n", "", 5, "one line #solution, then one #end"),
        ("#end\n", "#end\n#end\n", 5, "one line #solution, then one #end"),
        ("#solution\n", "#end\n", 5, "one line #solution, then one #end"),
        (TEXT[TEXT.index("def twice") : TEXT.index("#end")], "x = 1\n", 5, "no function"),
        ("#zh 你来写\n", "", 3, "without its Chinese twin"),
        ("    y = x + x\n", "    y = = x\n", 9, "not a Python program"),
        ('  #zh "+ 两倍：对"', "  #zh 1", 18, "not one Python string"),
    ],
)
def test_what_is_no_drill_is_an_error_with_its_line(old, new, line, reason):
    (problem,) = refused(drill.parse, TEXT.replace(old, new, 1), "drills/twice", "p")
    assert problem.line == line and reason in problem.reason

"""The house rules, one by one, on the text of a page."""

import codeop

import pytest

from sitebuild.sources import style


@pytest.mark.parametrize(
    "line, typed",
    [
        ("It is 1.2e-5.", "1.2e-5"), ("It is 2.50 e−3", "2.50 e−3"), ("3.1e7", "3.1e7"), ("12e-5 and 1.5", None),
        ("$1.2e-5$ and `1.2e-5` and [x](1.2e-5) and {{ a:1.2e-5 }} and <b 1.2e-5>", None),
    ],
)  # fmt: skip
def test_a_number_in_a_programs_notation_is_quoted_not_typed(line, typed):
    problems = style.typed(f"x\n\n{line}\n", "p")
    assert [(p.line, p.reason.rpartition(": ")[2]) for p in problems] == ([(3, typed)] if typed else [])


@pytest.mark.parametrize(
    "line, around",
    [
        ("零一二三四五六七,八九十甲乙丙丁", "…一二三四五六七,八九十甲乙丙…"), ("甲, 乙", "…甲, 乙…"), ("甲.", "…甲.…"), ("甲(乙", "…甲(乙…"), ("乙)甲", "…乙)甲…"),
        ("一二三四五六七甲LSTM 乙丙丁", "…二三四五六七甲LSTM 乙丙…"), ("用 a甲", "…用 a甲…"), ("甲9", "…甲9…"),
        ("甲，乙。用 LSTM 的 9 个", None), ("甲.5 与 a.b", None), ("`甲,b` 与 $甲,1$ 和 [甲](a甲)", None),
    ],
)  # fmt: skip
def test_chinese_is_written_with_its_own_punctuation_and_spaces(line, around):
    problems = style.chinese(f"\n{line}\n", "p")
    assert [(p.line, p.reason.split(": ")[1]) for p in problems] == ([(2, around)] if around else [])


@pytest.mark.parametrize(
    "lang, box, said",
    [
        ("en", "    It isn't long: 4 words.\n", 5), ("en", "    a\n    b\n\n    c\n\nd e f\n", 3),
        ("en", "    A cell [adds up](x.md#y), `always`: {{ a/b:c:.2f }} times.\n", 6),
        ("en", "    $c_t = f_t \\odot c_{t-1} + i_t \\odot g_t$ and $\\tau$\n", 11), ("zh", "    甲乙，丙 LSTM 丁 $x_t W$。\n", 7),
    ],
)  # fmt: skip
def test_a_short_answer_can_be_said_in_thirty_seconds(lang, box, said, monkeypatch):
    def told(most):
        monkeypatch.setitem(style.ALOUD, lang, (most, "words"))
        return [
            (p.line, p.reason.split(",")[0]) for p in style.long(f'# T\n\n!!! answer "x"\n{box}\nmore\n', lang, "p")
        ]

    assert told(said) == [] and told(said - 1) == [(3, f"a short answer of {said} words")]


# -- programs ----------------------------------------------------------------------------------------------


def at_the_prompt(source):
    """Whether Python reads `source` to the end, line by line, without a syntax error: its own word for it."""
    waiting = []
    for line in source.split("\n"):
        waiting.append(line)
        try:
            whole = codeop.compile_command("\n".join(waiting), symbol="single")
        except SyntaxError:
            return False
        waiting = [] if whole else waiting
    return not waiting


@pytest.mark.parametrize(
    "source, lines",
    [
        ("for k in x:\n    f(k)\n\nf(1)\n", []),
        ("def f(k):\n    return k\n\n\n# a\nf(1)\n", []),
        ("if x:\n    f(1)\nelse:\n    f(2)\n\nf(\n    1,\n\n    2,\n)\nx = 1\n", []),
        ("for k in x:\n    f(k)\nf(1)\n", [3]),
        ("for k in x:\n    f(k)\n# a\nf(1)\n", [3]),
        ("with x:\n    f(1)\nfor k in x:\n    f(k)\nf(2)\n", [3, 5]),
        ("def f(k):\n    k = 1\n\n    return k\n\nf(1)\n", [3]),
        ("if x:\n    f(1)\n\nelse:\n    f(2)\n\n", [3]),
        ("while x:\n    if x:\n        f(1)\n\n    f(2)\nf(3)\n", [4, 6]),
    ],
)
def test_a_block_that_pythons_prompt_cannot_read_is_told(source, lines):
    assert [problem.line for problem in style.pasted(source, "p")] == lines
    assert at_the_prompt(source) == (lines == [])


@pytest.mark.parametrize(
    "source, missing",
    [('plt.title("σ(b_f)^k，∏ f → 1")\n', ""), ('x = 1\nplt.title("h₁ 的梯度")\n', "₁"), ('plt.title(f"ρ = {x}, 10⁻²")\n', "⁻²"),
     ("# ‖∂L/∂h₁‖\nx = 1\n", "")],
)  # fmt: skip
def test_a_character_that_chinese_fonts_lack_is_told(source, missing):
    problems = style.program(source, "zh", "p")
    assert [problem.reason.split(",")[0] for problem in problems] == [f"Chinese fonts lack {missing!r}"] * bool(missing)
    assert [problem.line for problem in problems] == ([len(source.splitlines())] if missing else [])
    assert style.program(source, "en", "p") == [], "English programs draw in Matplotlib's own font"


def test_what_a_console_cannot_print_is_told():
    assert style.printed("2 × 0.5 ± 0.1, i·w\n", "p") == []
    for text in ("n² = 4", "1/√d", "✗", "门"):
        (problem,) = style.printed(f"well\n{text}\n", "p")
        assert problem.reason == f"prints {text.strip('n 1/d=4')!r}, which consoles in gbk or cp1252 cannot show"

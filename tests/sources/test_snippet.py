"""A snippet's two programs, and the twins that make them."""

import ast
import re
from pathlib import Path

import pytest

from sitebuild.base.problems import SiteError
from sitebuild.sources import snippet, style

ROOT = Path(__file__).resolve().parents[2]
# labs are read in cells: tests/pages/test_notebooks.py
SNIPPETS = [f for f in sorted((ROOT / "snippets").rglob("*.py")) if f.parent.name not in ("labs", "drills")]

TEXT = """\
import numpy as np
import matplotlib.pyplot as plt

# two lines
# of English
#zh 一行中文
W = np.eye(2)  # (H, H)
for r in (1, 2):
    # why
    #zh 为什么
    plt.plot(W[0] * r, label=f"radius {r}")  #zh f"半径 {r}"
names = {
    "plain": "C0",  #zh "朴素"
    "RNN": "C1",
}
plt.xlabel("steps # back")  #zh "步数 # 回溯"
plt.ylabel("∂L/∂h")
print("# not a comment")
"""


def parse(text):
    return snippet.parse(text, "a/b", "snippets/a/b.py")


def problems(text):
    with pytest.raises(SiteError) as caught:
        parse(text)
    return [(p.line, p.reason) for p in caught.value.problems]


def test_english_drops_the_twins():
    english = parse(TEXT).source("en")
    assert "#zh" not in english
    assert "# two lines\n# of English\nW = np.eye(2)  # (H, H)\n" in english
    assert 'label=f"radius {r}")\n' in english
    assert not any("\u4e00" <= character <= "\u9fff" for character in english)
    assert all(line == line.rstrip() for line in english.splitlines())


def test_chinese_puts_the_twins_in_place():
    chinese = parse(TEXT).source("zh")
    assert "\n# 一行中文\nW = np.eye(2)  # (H, H)\n" in chinese
    assert '    # 为什么\n    plt.plot(W[0] * r, label=f"半径 {r}")\n' in chinese
    assert '    "朴素": "C0",\n' in chinese
    assert 'plt.xlabel("步数 # 回溯")\n' in chinese
    assert 'print("# not a comment")' in chinese
    assert "English" not in chinese and "#zh" not in chinese


def test_the_font_statement_follows_the_import_and_is_one_statement():
    chinese = ast.parse(parse(TEXT).source("zh")).body
    assert ast.unparse(chinese[1]) == "import matplotlib.pyplot as plt"
    assert "font.sans-serif" in ast.unparse(chinese[2])
    assert "font.sans-serif" not in ast.unparse(chinese[3])


def test_a_program_without_plots_gets_no_font_statement():
    assert "rcParams" not in parse("x = 1\n").source("zh")


def test_origin_leads_back_to_the_file():
    text = parse(TEXT)
    for lang in ("zh", "en"):
        for number, line in enumerate(text.source(lang).splitlines(), 1):
            if line.startswith("W ="):
                assert text.origin(lang, number) == 7


@pytest.mark.parametrize(
    "text, line, reason",
    [
        ("# alone\nx = 1\n", 1, "without its Chinese twin"),
        ("x = 1\n# at the end\n", 2, "without its Chinese twin"),
        ("#zh 没有原文\nx = 1\n", 1, "without its English original"),
        ("# a\n#zh\nx = 1\n", 2, "'#zh ' and then its text"),
        ('x = 1\nplt.xlabel("steps")\n', 2, "no Chinese twin"),
        ('plt.plot(x, label="mean of all")\n', 1, "no Chinese twin"),
        ('plt.figure("radius 0.9")\n', 1, "no Chinese twin"),
        ('x = 1  #zh "一"\n', 1, "on a line without a string"),
        ('plt.xlabel("steps")  #zh 步数\n', 1, "not one Python string"),
        ('plt.xlabel("steps")  #zh "步" + "数"\n', 1, "not one Python string"),
        ('plt.legend(["this one", "that one"])  #zh "这个"\n', 1, "several strings"),
        ('plt.title(f"step {a}")  #zh f"第 {b} 步"\n', 1, "same fields"),
        ('plt.title(f"{a} of {b}")  #zh f"{b} 之 {a}"\n', 1, "same fields"),
        ('plt.title(f"step {a}")  #zh "步"\n', 1, "same fields"),
        ("x = 1  # words that explain\n", 1, "stands on a line of its own"),
        ("x = (\n", 1, "not a Python program"),
    ],
)
def test_bad_twins_are_named_with_their_line(text, line, reason):
    found = problems(text)
    assert [number for number, _ in found] == [line]
    assert reason in found[0][1]


@pytest.mark.parametrize(
    "text, problem",
    [
        ("x = 1\ny = (\n", "p:2: not a Python program: '(' was never closed"),
        ("x = 1\n# a\n#zh甲\n", "p:3: a Chinese comment is written '#zh ' and then its text"),
        ("# a\n#zh \nx\n", "p:2: a Chinese comment is written '#zh ' and then its text"),
        ('t("no words")  #zh 1\n', "p:1: the twin #zh 1 is not one Python string in quotes"),
        (
            't("a", "b")  #zh "甲"\n',
            "p:1: several strings on a line with one Chinese twin: give each a line of its own",
        ),
        ('x = 1  #zh "甲"\n', 'p:1: the twin #zh "甲" stands on a line without a string'),
        (
            'plt.title("one")  #zh f"一"\n',
            "p:1: the twin #zh f\"一\" must have the same fields in the same order as 'one'",
        ),
        ('\nplt.title(f"the {x} one")\n', "p:2: the label f'the {x} one' has no Chinese twin (#zh \"…\")"),
        (
            "x = 1  # the size\n",
            "p:1: a comment with words (# the size) stands on a line of its own, with its Chinese twin below it",
        ),
    ],
)
def test_what_is_wrong_is_told_in_full(text, problem):
    with pytest.raises(SiteError) as caught:
        snippet.parse(text, "a/b", "p")
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    "line, chinese",
    [
        # of several strings on a line, the one that a person reads has the twin
        ('plt.plot(x, "C0", label="one word")  #zh "一"', 'plt.plot(x, "C0", label="一")'),
        ('plt.text(1, 2, "t", color="red")  #zh "时"', 'plt.text(1, 2, "时", color="red")'),
        ('d = {"C0": 1, "some words": 2}  #zh "词"', 'd = {"C0": 1, "词": 2}'),
        ('plt.ylabel("门的 word")  #zh "门"', 'plt.ylabel("门")'),
        ('x = f"é {a:.2f} of {b!r}"  #zh f"共 {a:.2f} 之 {b!r}"', 'x = f"共 {a:.2f} 之 {b!r}"'),
        ('plt.legend(["this"])  #zh "这个"', 'plt.legend(["这个"])'),
        ('plt.title("it is " "so")  #zh "是"', 'plt.title("是")'),
        ('print("a b")  # (T, B)', 'print("a b")  # (T, B)'),
        ('    y = 1', '    y = 1'),
    ],
)  # fmt: skip
def test_a_twin_takes_the_place_of_what_a_person_reads(line, chinese):
    text = snippet.parse(f"if x:\n    pass\n{'if x:' if line[0] == ' ' else 'z = 1'}\n{line}\n", "a/b", "p")
    assert text.source("zh").splitlines()[-1] == chinese
    assert "#zh" not in text.source("en") and text.source("en").splitlines()[-1] == line.split("  #zh")[0]


@pytest.mark.parametrize(
    "text",
    [
        'print("words for nobody", end="and more")\n', 'x = "plain words"\n', 'plt.plot(x, marker="some words")\n',
        'print(label="some words")\n', 'plt.title("""two\nlines""")\n', 'plt.title(f"{x:>10} {y}")\n', "x = 1  # x, W1\n",
    ],
)  # fmt: skip
def test_what_no_figure_shows_needs_no_twin(text):
    assert parse(text).source("zh") == parse(text).source("en") == text


def test_words_are_two_latin_letters_that_are_no_name_or_symbol():
    assert snippet.words("the LSTM, b_f, W1, x and tanh of step_size 门 café") == ["the", "and", "of", "caf"]
    assert snippet.words("size of T", {"size"}) == ["of"]


def test_cells_and_origins_are_counted_from_one():
    text = "import matplotlib.pyplot as plt\n# a\n#zh 甲\nx = 1\n\ny = 2\n"
    made = snippet.parse(text, "a/b", "p", (1, 4, 6))
    assert made.cells("en") == [1, 3, 5] and made.cells("zh") == [1, 6, 8], (
        "three lines for the font, one twin for one comment"
    )
    assert [made.origin("en", n) for n in (-1, 0, 1, 2, 3, 5, 99)] == [1, 1, 1, 2, 4, 6, 6]
    assert [made.origin("zh", n) for n in (1, 2, 4, 5, 6)] == [1, 1, 1, 3, 4]
    assert parse(text).cells("en") == [] and "_origins" not in repr(made)


def test_all_problems_are_told_at_once():
    assert [line for line, _ in problems('# one\nx = 1\n#zh 二\nplt.xlabel("word")\n')] == [1, 3, 4]
    assert [line for line, _ in problems("# one\n\n#zh 一\nx = 1\n")] == [1, 3]  # a gap parts the twins


@pytest.mark.parametrize(
    "text", ['plt.xlabel("t")\n', 'plt.title("RNN")\n', 'a(label="b_f = 4")\n', 'b("C0", "log")\n']
)
def test_symbols_and_names_need_no_twin(text):
    assert parse(text).source("en") == text


def test_skeleton_sees_a_changed_number_and_overlooks_strings():
    assert snippet.skeleton('f("a", 1)') == snippet.skeleton('f("乙", 1)')
    assert snippet.skeleton('f("a", 1)') != snippet.skeleton('f("a", 2)')
    assert snippet.skeleton('f(f"a {x}")') == snippet.skeleton('f(f"{x} 甲")')
    assert snippet.skeleton('f(f"a {x}")') != snippet.skeleton('f(f"a {y}")')


@pytest.mark.parametrize("file", SNIPPETS, ids=lambda f: f.relative_to(ROOT / "snippets").as_posix())
def test_every_snippet_keeps_to_the_house_rules(file):
    name = file.relative_to(ROOT / "snippets").with_suffix("").as_posix()
    text = snippet.read(file, name, str(file))
    english, chinese = text.source("en"), text.source("zh")
    assert snippet.skeleton(english) == snippet.skeleton(chinese)
    assert [*style.program(english, "en", name), *style.program(chinese, "zh", name)] == []
    code = [line for line in english.splitlines() if line.strip()]
    assert len(code) <= 60, "a program that can be read at one sitting"
    assert max(map(len, code)) <= 88, "a longer line scrolls on every screen"
    modules = {
        alias.name.split(".")[0]
        for node in ast.walk(ast.parse(english))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in getattr(node, "names", [])
    }
    assert modules <= {"numpy", "matplotlib", "math", "time"}


def updates(target, value):
    """Whether `value` is `target` less something: a step of descent."""
    is_step = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub)
    return is_step and ast.unparse(value.left) == ast.unparse(target)


def called(node):
    return {ast.unparse(part.func) for part in ast.walk(node) if isinstance(part, ast.Call)}


def plots_too_soon(tree):
    """The lines on which a program draws though it has something to print on that line or later."""
    statements = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    drawing = [node.lineno for node in statements if any(re.match(r"(plt|ax(is|es)?)\b", one) for one in called(node))]
    printing = [node.end_lineno for node in statements if "print" in called(node)]
    return [line for line in drawing if printing and line <= max(printing)]


def tricks(tree):
    """What a reader has to puzzle out before the equation shows: (line, what)."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "sigmoid"]
    sigmoids = {part for function in functions for part in ast.walk(function)}
    places = (ast.Subscript, ast.Attribute, ast.Starred)
    for node in ast.walk(tree):
        text = ast.unparse(node) if isinstance(node, ast.expr) else ""
        if isinstance(node, ast.NamedExpr):
            yield node.lineno, "a name set inside an expression"
        elif isinstance(node, ast.Assign):
            tuples = [target for target in node.targets if isinstance(target, ast.Tuple)]
            held = [part for target in tuples for part in ast.walk(target) if part is not target]
            if len(node.targets) > 1:
                yield node.lineno, "two targets in a chain"
            elif any(isinstance(part, places) for part in held):
                yield node.lineno, "one of several targets is an element"
            elif any(isinstance(part, ast.Tuple) for part in held) and "subplots" not in ast.unparse(node.value):
                yield node.lineno, "targets within targets"
            elif tuples and isinstance(node.value, ast.Tuple) and any(map(updates, tuples[0].elts, node.value.elts)):
                yield node.lineno, "several updates in one line"
        elif isinstance(node, ast.For) and any(isinstance(part, places) for part in ast.walk(node.target)):
            yield node.lineno, "a loop over an element"
        elif isinstance(node, ast.Compare) and len(node.ops) > 1:
            yield node.lineno, "two comparisons in one"
        elif (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Add)
            and "np.tanh(" in text
            and text.startswith("1 + ")
        ):
            if isinstance(parents[node], ast.BinOp) and ast.unparse(parents[node]).startswith("0.5 * "):
                yield node.lineno, "another spelling of sigmoid"
        elif isinstance(node, ast.BinOp) and text.startswith("1 / (1 + np.exp(-") and node not in sigmoids:
            yield node.lineno, "sigmoid without its name"
    for function in functions:
        if ast.unparse(function) != "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))":
            yield function.lineno, "another spelling of sigmoid"


@pytest.mark.parametrize("file", sorted((ROOT / "snippets").rglob("*.py")), ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_a_program_is_written_in_the_plain_form_of_its_equations(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert list(tricks(tree)) == []
    # a lab draws cell by cell
    assert file.parent.name == "labs" or plots_too_soon(tree) == []


def test_what_draws_before_all_is_printed_is_seen():
    assert plots_too_soon(ast.parse("plt.plot(x)\nprint(1)\nplt.show()")) == [1]
    assert plots_too_soon(ast.parse("for x in y:\n    print(x)\n    axes[0].plot(x)\nplt.show()")) == [1]
    assert plots_too_soon(ast.parse("def f():\n    plt.plot(x)\n\nprint(1)\nplt.plot(x)\nplt.show()")) == []


@pytest.mark.parametrize(
    "text, what",
    [
        ("m[k], s[k] = 1, 2", "one of several targets is an element"),
        ("x, *y = z", "one of several targets is an element"),
        ("self.a, b = 1, 2", "one of several targets is an element"),
        ("x[a] = x[b] = 1", "two targets in a chain"),
        ("(a, b), c = d, e", "targets within targets"),
        ("for p[i] in (1, 2):\n    pass", "a loop over an element"),
        ("W, b = W - rate * dW, b - rate * db", "several updates in one line"),
        ("print(x := 1)", "a name set inside an expression"),
        ("inside = 1 <= x <= 2", "two comparisons in one"),
        ("def sigmoid(z):\n    return 0.5 * (1 + np.tanh(0.5 * z))", "another spelling of sigmoid"),
        ("def sigmoid(x):\n    return 1 / (1 + np.exp(-x))", "another spelling of sigmoid"),
        ("y = 0.5 * (1 + np.tanh(0.5 * z))", "another spelling of sigmoid"),
        ("y = 1 / (1 + np.exp(-z))", "sigmoid without its name"),
    ],
)
def test_what_is_not_plain_is_seen(text, what):
    assert what in [found for _, found in tricks(ast.parse(text))]
    plain = "a, b = c, d\nfig, (left, right) = plt.subplots(1, 2)\nx[a] = 1\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))"
    assert list(tricks(ast.parse(plain))) == []


def drawing(head, loop="radii"):
    figure = 'plt.figure(f"r = {radius}")'
    return f"import matplotlib.pyplot as plt\n{head}\nfor radius in {loop}:\n    {figure}\n    plt.plot([0, radius])\n"


def test_the_numbers_of_a_slider_are_known_by_name():
    assert snippet.parse(drawing("radii = (0.5, 1)"), "a/b", "a/b.py").parameter == "radii"
    for text in (
        drawing("x = 1", "(0.5, 1)"),
        drawing("x = {}", "x.items()"),
        "radii = 1\nfor r in 2, 3:\n    print(r)\n",
    ):
        assert snippet.parse(text, "a/b", "a/b.py").parameter == ""


@pytest.mark.parametrize(
    "head",
    ["radii = [0.5, 1]", "radii = (0.5,)", "radii = (0.5, True)", "radii = (0.5, x)", "radii = (1, 2)\nradii = (2, 3)",
     "radii = (\n    0.5, 1)", "radii, x = (1, 2), 3", "from numpy import pi as radii"],
)  # fmt: skip
def test_numbers_of_a_slider_that_nothing_can_be_added_to_are_told(head):
    with pytest.raises(SiteError, match=r"^a/b.py:\d+: draws a figure for each of radii: let radii be one line"):
        snippet.parse(drawing(head), "a/b", "a/b.py")

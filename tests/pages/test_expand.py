"""What becomes of a page's blocks and quoted values."""

import re
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from conftest import ROOT, refused, replaced

from sitebuild import build
from sitebuild.base import words
from sitebuild.base.problems import SiteError
from sitebuild.pages import program
from sitebuild.pages.context import Context
from sitebuild.programs.results import Figure, Result
from sitebuild.sources import diagram, snippet
from sitebuild.sources.project import Sources

PLOT = snippet.parse("x = 1\n# why\n#zh 为什么\ny = 2\n", "a/plot", "snippets/a/plot.py")
FRAMES = snippet.parse("z = 1\n", "a/frames", "snippets/a/frames.py")
QUIET = snippet.parse("q = 1\n", "a/quiet", "snippets/a/quiet.py")
LONG = snippet.parse("x = 1\n" * 13, "a/long", "snippets/a/long.py")
SNIPPETS = {s.name: s for s in (PLOT, FRAMES, QUIET, LONG)}
PLOTTED = {"w": -0.95, "n": 12, "small": 2.7e-5, "word": "a<b", "nothing": "nan", "yes": True}
PLOTTED |= {"huge": 1.5e21, "even": 1e10, "big": 1234567}
LEFT = {"ReLU, He": [0.5, 2.7e-5, "nan", None], "b_f = 4": {"0.9": 3}, "none": None}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
RESULTS = {}
for lang in ("zh", "en"):
    RESULTS["a/plot", lang] = Result("one\ntwo\n", (Figure("1", SVG),), PLOTTED, 0.1)
    RESULTS["a/frames", lang] = Result("", (Figure("ρ = 0.9", SVG), Figure("ρ = 1.1", SVG)), {}, 0.1)
    RESULTS["a/kept", lang] = Result("", (), {"left": LEFT, "list": [4, 5], "n": 1}, 0.1)
    RESULTS["a/long", lang] = Result("", (), {}, 0.1)
    RESULTS["a/quiet", lang] = Result("q\n", (), {}, 0.1)


DRAWN = diagram.parse(
    """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" data-name="Small" data-zh="小图" data-snippet="a/quiet">
  <!-- not for readers -->
  <path data-part="y" d="M0 0h1"/>
  <a data-part="q" data-name="the start" data-zh="起点" data-row="q_t" data-code="q = " data-term="1"><text>q</text></a>
  <a data-part="y" data-name="the end" data-zh="终点" data-row="y" data-code="q = "><text data-zh="终">end</text></a>
</svg>""",
    "a/small", "snippets/a/small.svg",
)  # fmt: skip
ROWS = (
    "$$\n\\begin{aligned}\ny &= x_1 && \\text{end} \\\\\nq_t &= \\sigma(y) \\\\\nq_{t-1} &= 0\n\\end{aligned}\n$$\n\n"
)
DIAGRAM = ROWS + "```diagram a/small.svg\nLook at $q_t$.\n```\n\n```snippet a/quiet.py\n```\n"


TABLES = {("few", "en"): "| en |\n", ("few", "zh"): "| zh |\n"}
SOURCES = Sources(SNIPPETS, diagrams={"a/small": DRAWN}, tables=TABLES)
CONTEXT = {lang: Context(words.read(ROOT, lang), SOURCES, RESULTS) for lang in ("zh", "en")}


def expand(text, lang="en", path="p.md", **changed):
    context = {lang: replace(CONTEXT[lang], **changed)}
    expanded, _, problems = build.expand({lang: {PurePosixPath(path): text}}, context)
    if problems:
        raise SiteError(problems)
    return expanded[lang][PurePosixPath(path)]


def problems(text):
    return [(p.path, p.line, p.reason) for p in refused(expand, text)]


def test_a_block_becomes_code_output_and_figure():
    text = expand("before\n\n```snippet a/plot.py\nIt *grows* as $w^t$.\n```\n\nafter\n")
    figure, rest = text.split("</figure>\n\n", 1)
    assert figure.startswith("before\n\n<figure ") and "data-search-exclude" in figure
    assert 'role="img" aria-label="It grows as w^t."' in figure
    assert figure.endswith("<figcaption>It <em>grows</em> as $w^t$.</figcaption>\n")
    code, rest = rest.split("```\n\n<span", 1)
    assert code == "```python\nx = 1\n# why\ny = 2\n"
    line, rest = rest.split("\n\n<!--", 1)
    assert "[Download](programs/a/plot.py)" in line
    assert rest == "pytest-codeblocks:expected-output-->\n\n```text\none\ntwo\n```\n\nafter\n"
    assert "# 为什么" in expand("```snippet a/plot.py\n图\n```", "zh")


def test_a_block_can_be_run_where_the_site_has_what_it_takes():
    for lang, acts in (("zh", ["运行", "修改", "复制"]), ("en", ["Run", "Edit", "Copy"])):
        block = "```snippet a/quiet.py\n```"
        line = expand(block, lang, runs=True).split("\n\n")[1]
        assert line.startswith('<span class="run"') and 'data-run="a/quiet"' in line
        assert re.findall(r">(\w+)</button>", line) == acts
        line = expand(block, lang).split("\n\n")[1]
        assert re.findall(r">(\w+)</button>", line) == acts[-1:] and "data-run" not in line


def test_a_long_program_is_folded_and_says_how_long_it_is():
    text = expand("```snippet a/long.py\n```")
    assert text.startswith('??? program "The program, 13 lines"\n\n    ```python\n    x = 1\n')
    assert expand("```snippet a/long.py open\n```").startswith("```python\n")
    assert "???" not in expand("- in a list\n\n    ```snippet a/long.py\n    ```")


def test_a_table_of_the_pages_language_takes_the_blocks_place():
    text = "a\n\n  ```table few\n  ```\n"
    assert expand(text) == "a\n\n  | en |\n" and expand(text, "zh") == "a\n\n  | zh |\n"
    assert problems("```table more\n```") == [("docs/en/p.md", 1, "there is no docs/tables/more.en.md")]


def test_a_block_in_a_list_keeps_its_indentation():
    lines = expand("- item\n\n    ```snippet a/plot.py\n    Cap.\n    ```\n").splitlines()
    assert all(line.startswith("    ") for line in lines[2:] if line)


VALUES = {
    "a/plot:w:.1f": "−0.9", "a/plot:w:+.2f": "−0.95", "a/plot:n": "12", "a/plot:big:,": "1,234,567", "a/plot:yes": "True",
    "a/plot:small:.1e": "2.7 × 10^−5", "a/plot:huge": "1.5 × 10^21", "a/plot:even:.0e": "1 × 10^10", "a/plot:word": "a&lt;b",
    "a/kept:left[ReLU, He][0]:.2f": "0.50", "a/kept:left[ReLU,He][-3]:.0e": "3 × 10^−5", "a/kept:left[b_f = 4][0.9]:d": "3",
    "a/kept:list[-2]": "4",
}  # fmt: skip


@pytest.mark.parametrize("quoted", VALUES)
def test_a_quoted_value_is_written_as_people_write_it(quoted):
    """In a title, which knows no HTML, powers are plain."""
    prose, title = expand(f"It is {{{{ {quoted} }}}}.\n# {{{{{quoted}}}}}").split("\n")
    assert title == f"# {VALUES[quoted]}"
    shown = re.sub(r"\^(\S+)", r"<sup>\1</sup>", VALUES[quoted])
    assert re.fullmatch(f"It is (<data value=[^>]+>)?{re.escape(shown)}(</data>)?.", prose)


def test_code_is_left_alone():
    text = "Write `{{ a/plot:w }}` so.\n\n```text\n{{ not a value }}\n```\n"
    assert expand(text) == text


@pytest.mark.parametrize(
    "lang, label, name, word, twin",
    [("zh", "小图", "起点 q：公式与代码", "终", "终点"), ("en", "Small", "the start q: equation and code", "end", "the end")],
)  # fmt: skip
def test_a_diagram_becomes_a_picture_with_links_and_a_list(lang, label, name, word, twin):
    shown = expand(DIAGRAM, lang).removeprefix(ROWS)
    figure, rest = shown.split("</figure>\n\n")
    assert rest.startswith("```python\nq = 1\n```") and "\n\n" not in figure
    assert figure.startswith('<figure class="diagram" data-search-exclude>\n<svg ')
    assert f'viewBox="0 0 9 9" role="group" aria-label="{label}"' in figure and "not for readers" not in figure
    assert '<path data-part="y" d="M0 0h1" aria-hidden="true" />' in figure
    assert f'<a data-part="q" href="#a-small-q" aria-label="{name}"><text>q</text></a>' in figure
    assert f"<text>{word}</text>" in figure and "data-zh" not in figure
    assert "<figcaption>Look at $q_t$.</figcaption>" in figure
    first, second = figure.split("<li ")[1:]
    assert first.startswith(f'id="a-small-y" data-part="y"><b>{twin}</b>'), "in the order of the equations"
    assert "<span>$y = x_1$</span><code>q = 1</code></li>" in first
    assert "<span>$q_t = \\sigma(y)$</span><code>q = <mark>1</mark></code></li>" in second


@pytest.mark.parametrize(
    "old, new, line, reason",
    [
        ("a/small.svg", "a/none.svg", 9, "there is no diagram a/none.svg"),
        ("a/small.svg", "a/small", 9, "names a drawing: folder/name.svg, not 'a/small'"),
        ("diagram a/small.svg", "diagram", 9, "names a drawing: folder/name.svg"),
        ("Look at $q_t$.\n", "", 9, "the diagram a/small.svg needs a caption"),
        ("Look at", "See [x](y.md)", 9, "must not hold links"),
        ("Look at", "{{ a/plot:none }}", 10, "has no value 'none'"),
        ("```snippet a/quiet.py\n```\n", "", 9, "needs its program a/quiet.py on this page, once"),
        ("```snippet", "```diagram a/small.svg\nAgain.\n```\n\n```snippet", 13, "stands twice on this page"),
        ("q_t &=", "q_s &=", 9, "0 rows of the page's aligned equations begin with q_t: the part 'q'"),
        ("q_{t-1} &=", "q_t &=", 9, "2 rows of the page's aligned equations begin with q_t"),
        ("aligned", "gathered", 9, "0 rows"),
        ("Look at $q_t$.\n```\n\n```snippet a/quiet.py\n```\n", "Look.", 9, "```diagram a/small.svg is never closed"),
    ],
)
def test_a_diagram_that_does_not_fit_its_page_is_told_with_its_line(old, new, line, reason):
    found = problems(replaced(DIAGRAM, old, new))
    assert (line, True) in [(at, reason in said) for _, at, said in found], found


def test_an_explorable_is_the_programs_first_figure_and_the_program_stands_without_it():
    block, code = "```explorable way a/frames.py\nWhat to see.\n```\n", "```snippet a/frames.py\n```\n"
    shown = expand(block)
    assert (
        shown.startswith('<figure class="plot" data-search-exclude data-explorable="way">\n<svg role="img" ')
        and 'preserveAspectRatio="xMidYMin"' in shown
    )
    assert 'aria-label="What to see."' in shown and "<figcaption>What to see.</figcaption>" in shown
    assert shown.count("<svg") == 1 and "data-snippet" not in shown and "```python" not in shown
    both = expand(code + "\n" + block)
    assert both.count("<figure") == both.count("```python") == 1
    assert "This program has not run yet" in expand(
        block, results={**RESULTS, ("a/frames", "en"): Result("", (), {}, 0, ran=False)}
    )


@pytest.mark.parametrize(
    "text, line, reason",
    [
        ("```explorable a/plot.py\nCaption.\n```", 1, "names a script, then a program: name folder/name.py"),
        ("```explorable way a/plot.py\n```", 1, "the figure of a/plot needs a caption"),
        ("```explorable way a/quiet.py\nCaption.\n```", 1, "the figure of a/quiet needs a program that draws"),
        ("```explorable way a/plot.py\nSee [x](y.md).\n```", 1, "must not hold links"),
        ("```explorable way a/plot.py\nA\n```\n\n```snippet a/plot.py\nB\n```", 5, "must not have a caption"),
        ("```snippet a/plot.py\n```", 1, "needs a caption"),
        ("```snippet a/quiet.py\nCaption.\n```", 1, "must not have a caption"),
        ("```snippet a/plot.py\nSee [x](y.md).\n```", 1, "must not hold links"),
        ("```snippet a/plot\n```", 1, "names a program: folder/name.py"),
        ("a\n\n```snippet a/plot.py\nCaption.\n", 3, "never closed"),
        ("one\n{{ a/plot:nope }}", 2, "has no value 'nope'; it has big, even"),
        ("one\n{{ a/kept:m }}", 2, "a/kept.py has no value 'm'; it has left[…], list[…], n"),
        ("{{ a/kept:list[0] }}\n\n{{ a/kept:left[ReLU, Ho][0] }}", 3, "a/kept.py has no key 'ReLU, Ho' in 'left'; the nearest is left[ReLU, He], of 3"),
        ("{{ a/kept:left[b_f = 4][1] }}", 1, "no key '1' in 'left[b_f = 4]'; the nearest is left[b_f = 4][0.9], of 1"),
        ("{{ a/kept:list[2] }}", 1, "no element 2 in 'list', which has 2; the nearest is list[1]"),
        ("{{ a/kept:list[-3] }}", 1, "no element -3 in 'list', which has 2; the nearest is list[-2]"),
        ("{{ a/kept:list[first] }}", 1, "which has no keys but 2 elements: quote list[0]"),
        ("{{ a/kept:n[0] }}", 1, "no element '0' in 'n', which is one value: quote n"),
        ("{{ a/kept:left[ReLU, He] }}", 1, "quote one of its elements, as in left[ReLU, He][0]"),
        ("{{ a/kept:left }}", 1, "quote one of its elements, as in left[ReLU, He]"),
        ("{{ a/kept:left[none] }}", 1, "no value to quote at 'left[none]': it is neither a number nor text"),
        ("{{ a/kept:left[ReLU, He][2]:.1f }}", 1, "a/kept:left[ReLU, He][2] is not finite"),
        ("{{ a/kept:left[] }}", 1, "not a quoted value"),
        ("{{ a/plot:w:.1q }}", 1, "does not fit"),
        ("{{ a/plot:word:.2f }}", 1, "does not fit"),
        ("{{ a/plot:nothing:.1f }}", 1, "is not finite"),
        ("{{ a/plot }}", 1, "not a quoted value"),
        ("x\n{{ a/plot:w:.2f: }} {{ }}", 2, "not a quoted value"),
        ("```python\nx = 1\n```", 1, "belongs in snippets/"),
        ('```python title="x"\nx = 1\n```', 1, "pytest-codeblocks would skip"),
        ("```{.python}\nx = 1\n```", 1, "pytest-codeblocks would skip"),
    ],
)  # fmt: skip
def test_bad_pages_are_named_with_file_line_and_reason(text, line, reason):
    found = problems(text)
    assert found[0][:2] == ("docs/en/p.md", line)
    assert reason in found[0][2]


def test_alt_text_is_what_one_hears():
    caption = "The **norm** of `W`,\n  $\\text{if } \\rho < 1$ and $\\operatorname{tr} x$"
    assert program.alt_text(caption) == "The norm of W, if rho < 1 and tr x"
    assert program.first_alt('<svg role="img" aria-label="a &lt; b"><svg role="img" aria-label="c">') == "a < b"

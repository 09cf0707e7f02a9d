"""What a page's source becomes, and what the two pages of a pair must share."""

from pathlib import PurePosixPath

import pytest

from sitebuild import page, snippet
from sitebuild.errors import SiteError
from sitebuild.runner import Figure, Result

PLOT = snippet.parse("x = 1\n# why\n#zh 为什么\ny = 2\n", "a/plot", "snippets/a/plot.py")
FRAMES = snippet.parse("z = 1\n", "a/frames", "snippets/a/frames.py")
QUIET = snippet.parse("q = 1\n", "a/quiet", "snippets/a/quiet.py")
SNIPPETS = {s.name: s for s in (PLOT, FRAMES, QUIET)}
VALUES = {"w": -0.95, "n": 12, "small": 2.7e-5, "word": "a<b", "nothing": "nan", "yes": True}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
RESULTS = {}
for lang in ("zh", "en"):
    RESULTS["a/plot", lang] = Result("one\ntwo\n", (Figure("1", SVG),), VALUES, 0.1)
    RESULTS["a/frames", lang] = Result("", (Figure("ρ = 0.9", SVG), Figure("ρ = 1.1", SVG)), {}, 0.1)
    RESULTS["a/quiet", lang] = Result("q\n", (), {}, 0.1)


def expand(text, lang="en"):
    return page.expand(text, lang, SNIPPETS, RESULTS, "docs/en/p.md")


def problems(text):
    with pytest.raises(SiteError) as caught:
        expand(text)
    return [(p.path, p.line, p.reason) for p in caught.value.problems]


def test_a_block_becomes_code_output_and_figure():
    text = expand("before\n\n```snippet a/plot.py\nIt *grows* as $w^t$.\n```\n\nafter\n")
    code, rest = text.split("```\n\n<!--", 1)
    assert code == "before\n\n```python\nx = 1\n# why\ny = 2\n"
    assert rest.startswith("pytest-codeblocks:expected-output-->\n\n```text\none\ntwo\n```\n\n<figure ")
    assert 'role="img" aria-label="It grows as w^t."' in rest
    assert (
        "<figcaption>It <em>grows</em> as $w^t$.</figcaption>\n</figure>\n\n[Download `plot.py`](programs/a/plot.py)"
        in rest
    )
    assert rest.endswith("\n\nafter\n")
    assert "data-search-exclude" in rest


def test_a_block_speaks_the_pages_language():
    assert "# 为什么" in expand("```snippet a/plot.py\n图\n```", "zh")


def test_several_figures_are_frames_one_below_the_other():
    text = expand("```snippet a/frames.py\nLook.\n```")
    assert text.count("<svg ") == 2
    assert text.index('data-label="ρ = 0.9"') < text.index('data-label="ρ = 1.1"')
    assert 'aria-label="ρ = 1.1: Look."' in text


def test_a_program_without_figure_shows_code_and_output_only():
    assert expand("```snippet a/quiet.py\n```").split("\n\n[Download")[0].endswith("```text\nq\n```")


def test_a_block_in_a_list_keeps_its_indentation():
    lines = expand("- item\n\n    ```snippet a/plot.py\n    Cap.\n    ```\n").splitlines()
    assert all(line.startswith("    ") for line in lines[2:] if line)


@pytest.mark.parametrize(
    "quoted, shown",
    [
        ("{{ a/plot:w:.1f }}", "−0.9"),
        ("{{a/plot:w:+.2f}}", "−0.95"),
        ("{{ a/plot:n }}", "12"),
        ("{{ a/plot:n:,d }}", "12"),
        ("{{ a/plot:small:.1e }}", "2.7 × 10<sup>−5</sup>"),
        ("{{ a/plot:yes }}", "True"),
    ],
)
def test_numbers_in_prose(quoted, shown):
    text = expand(f"It is {quoted}.")
    assert text.startswith("It is <data value=") and text.endswith(f">{shown}</data>.")


def test_a_string_value_is_escaped():
    assert expand("{{ a/plot:word }}") == "a&lt;b"


def test_titles_hold_plain_numbers():
    assert expand('!!! answer "{{ a/plot:small:.1e }}"') == '!!! answer "2.7 × 10^−5"'
    assert expand("## Only {{ a/plot:n }}") == "## Only 12"


def test_code_is_left_alone():
    text = "Write `{{ a/plot:w }}` so.\n\n```text\n{{ not a value }}\n```\n"
    assert expand(text) == text


@pytest.mark.parametrize(
    "text, line, reason",
    [
        ("\n```snippet a/none.py\n```", 2, "there is no snippet a/none.py"),
        ("```snippet a/plot.py\n```", 1, "needs a caption"),
        ("```snippet a/quiet.py\nCaption.\n```", 1, "must not have a caption"),
        ("```snippet a/plot.py\nSee [x](y.md).\n```", 1, "must not hold links"),
        ("```snippet a/plot\n```", 1, "not the name of a snippet"),
        ("a\n\n```snippet a/plot.py\nCaption.\n", 3, "never closed"),
        ("one\n{{ a/plot:nope }}", 2, "has no value 'nope'; it has n, nothing"),
        ("{{ a/none:w }}", 1, "there is no snippet a/none.py"),
        ("{{ a/plot:w:.1q }}", 1, "does not fit"),
        ("{{ a/plot:word:.2f }}", 1, "does not fit"),
        ("{{ a/plot:nothing:.1f }}", 1, "is not finite"),
        ("{{ a/plot }}", 1, "not a quoted value"),
        ("x\n{{ a/plot:w:.2f: }} {{ }}", 2, "not a quoted value"),
        ("```python\nx = 1\n```", 1, "belongs in snippets/"),
        ('```python title="x"\nx = 1\n```', 1, "pytest-codeblocks would skip"),
        ("```{.python}\nx = 1\n```", 1, "pytest-codeblocks would skip"),
        ("```py\nx = 1\n```", 1, "pytest-codeblocks would skip"),
    ],
)
def test_bad_pages_are_named_with_file_line_and_reason(text, line, reason):
    found = problems(text)
    assert found[0][:2] == ("docs/en/p.md", line)
    assert reason in found[0][2]


def test_all_problems_of_a_page_are_told_at_once():
    assert len(problems("{{ a/plot:x }}\n{{ a/plot:y }}\n\n```snippet a/none.py\n```")) == 3


ZH = "# 题\n\n$w$ 与[页](b.md)\n\n$$\nx = \\text{一}\n$$\n\n## 节\n\n```snippet a/plot.py\n图\n```\n\n{{ a/plot:w:.1f }}\n"
EN = ZH.replace("题", "T").replace("一", "one").replace("节", "S").replace("图", "fig").replace("与", "and ")


def differences(chinese, english):
    return [(p.line, p.reason) for p in page.compare(chinese, english, PurePosixPath("p.md"), "docs")]


def test_pages_that_say_the_same_do_not_differ():
    assert differences(ZH, EN) == []
    assert differences(ZH, "---\ntitle: a\n---\n" + EN) == []


@pytest.mark.parametrize(
    "old, new, what",
    [
        ("## S", "### S", "headings' levels"),
        ("## S", "S", "headings' levels"),
        ("a/plot.py", "a/quiet.py", "snippets"),
        (":.1f", ":.2f", "quoted values"),
        ("{{ a/plot:w:.1f }}", "", "quoted values"),
        ("x =", "y =", "equations"),
        ("$w$", "$v$", "inline formulas"),
        ("(b.md)", "(c.md)", "links"),
    ],
)
def test_pages_that_drift_apart_are_found(old, new, what):
    assert old in EN
    ((line, reason),) = differences(ZH, EN.replace(old, new))
    assert reason.startswith(what) and line > 0

"""Which blocks and values stand on a page, and what looks like one and is none."""

import pytest
from conftest import refused

from sitebuild.sources import page
from sitebuild.sources.blocks import blocks


def test_quotes_are_found_in_prose_and_captions_with_their_lines():
    text = "{{ a/plot:w }} and {{a/plot:n:,d}}\n`{{ x }}` {{ a/b-c:v_1:.2f }}\n```text\n{{ x }}\n```\n```snippet a/plot.py\n{{ a/plot:yes }}\n```\n~~~~\n{{ x }}\n~~~\n~~~~\n{{ a/quiet:x }}"
    assert [(q.name, q.value, q.format, q.line) for q in page.quotes(text, "p")] == [
        ("a/plot", "w", "", 1), ("a/plot", "n", ",d", 1), ("a/b-c", "v_1", ".2f", 2), ("a/plot", "yes", "", 7),
        ("a/quiet", "x", "", 13),
    ]  # fmt: skip
    assert page.snippets_of(text, "p") == {"a/plot", "a/b-c", "a/quiet"}
    assert [problem.line for problem in refused(page.quotes, "{{ a }}\n\n{{ b: }}\n", "p")] == [1, 3]
    assert page.quotes(r"\{{ a/plot:w }} <!-- {{ a/x }} -->", "p") == []


@pytest.mark.parametrize("info", ["python", "py", "python3", "{.python}", "{ #a .python }", "pycon", "Python", "PY"])
@pytest.mark.parametrize("prefix", ["", "    ", "\t", "> ", "- item\n\n    "])
@pytest.mark.parametrize("marks", ["```", "~~~~"])
def test_python_that_never_runs_is_told_however_it_is_written(info, prefix, marks):
    last = prefix.rpartition("\n")[2]
    assert refused(blocks, f"a\n\n{prefix}{marks}{info}\n{last}x = 1\n{last}{marks}\n", "p")


def test_languages_that_are_not_ours_are_let_alone():
    for info in ("text", "c", "cpp", "console", "r", "diff", ""):
        assert blocks(f"```{info}\nx\n```\n", "p") == ()


def test_the_first_figure_of_a_page_is_its_picture():
    assert page.picture_of("```snippet a/b.py\n```\n```snippet a/c.py\nx\n```", "p") == "a/c"
    assert page.picture_of("no figure", "p") == ""
    live = "```explorable way a/b.py\nx\n```\n```snippet a/c.py\nx\n```"
    assert page.picture_of(live, "p") == "a/b" and page.snippets_of(live, "p") == {"a/b", "a/c"}


@pytest.mark.parametrize("block", ["answer", "cards", "answer a/q.md b", "cards x", "table", "table a b"])
def test_a_block_that_names_nothing_sound_is_told(block):
    (problem,) = refused(blocks, f"a\n```{block}\n```\n", "p")
    assert str(problem).startswith(f"p:2: a ```{block.split()[0]} block names ")

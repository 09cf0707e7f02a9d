"""What the scanner takes for code, comment or prose, and that Python-Markdown with the site's extensions agrees."""

import html
import re

import markdown as python_markdown
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sitebuild.base.markdown import scan

EXTENSIONS = ["admonition", "attr_list", "md_in_html", "tables", "pymdownx.details", "pymdownx.superfences"]


def kinds(text):
    return [span.kind for span in scan(text).spans]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("para\n\n    CODE\n", "indented code"),
        ("para\n\n\tCODE\n", "indented code"),
        ("!!! note\n    text\n\n        CODE\n", "indented code"),
        ("- item\n\n        CODE\n", "indented code"),
        (">     CODE\n", "indented code"),
        ("# Title\n    CODE\n", "indented code"),
        ("```text\nCODE\n```\n", "fence"),
        ("~~~~ text\n```\nCODE\n~~~~\n", "fence"),
        ("- item\n\n    ```text\n    CODE\n    ```\n", "fence"),
        ("- item\n\n\t```text\n\tCODE\n\t```\n", "fence"),
        ("> ```text\n> CODE\n> ```\n", "fence"),
        ("!!! note\n    ```text\n    CODE\n    ```\n", "fence"),
        ("<pre>\nCODE\n\nmore</pre>\n", "raw"),
        ("<script>\nCODE\n</script>\n", "raw"),
        ("<!--\n```text\nCODE\n```\n-->\n", "comment"),
        ("words <!-- CODE\n\n--> words\n", "comment"),
        ("words `CODE\nmore` words\n", "code"),
        ("words ``a ` CODE`` words\n", "code"),
        ("words `a\n    !!! note\nCODE` words\n", "code"),
        ("- words `a\n    !!! note\n    CODE` words\n", "code"),
        (">  words `a\n>     # title\n> CODE` words\n", "code"),
        ("---\ntitle: CODE\n---\nwords\n", "front matter"),
    ],
)
def test_what_is_not_prose(text, kind):
    page = scan(text)
    assert kinds(text) == [kind]
    assert "CODE" not in page.prose
    assert len(page.prose) == len(text)
    assert page.prose.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "para\n    WORDS\n",
        "- item\n\n    WORDS\n",
        "1. item\n\n    - inner\n\n        WORDS\n",
        '!!! note "Title"\n    WORDS\n\n    more\n',
        "> WORDS\n",
        "a ` tick\n\nWORDS ` b\n",
        "a ` tick\n!!! note\n    WORDS ` b\n",
        "- a\n\n    b ` tick\n    !!! note\n    WORDS ` b\n",
        "a ` tick\n***\nWORDS ` b\n",
        "a ` tick\n---\nWORDS ` b\n",
        r"a \`WORDS\` b",
        "`<!--` WORDS -->\n",
        "```snippet rnn/x.py\nWORDS\n```\n",
    ],
)
def test_what_is_prose(text):
    assert "WORDS" in scan(text).prose


def test_a_fence_says_what_it_is():
    text = "words\n\n- item\n\n    ~~~snippet rnn/x.py\n    a `caption`\n    ~~~\n"
    (fence,) = scan(text).fences
    assert (fence.prefix, fence.marks, fence.info, fence.named) == ("    ", "~~~", "snippet rnn/x.py", "snippet")
    assert (fence.line, fence.last, fence.body, fence.closed) == (5, 7, "a `caption`", True)
    assert "`caption`" not in scan(text).prose


@pytest.mark.parametrize("text", ["```text\na\n", "```text\na\n````\n", "    - x\n\n  ```text\nless\n  ```\n"])
def test_a_fence_that_is_not_closed(text):
    assert not scan(text).fences[0].closed


def test_headings_links_formulas_and_placeholders():
    text = r"""# One {#one .big}

Two {: #two }
===

See [a](b.md#c "t") and ![i](p.svg), `[no](no.md)`, $x_1$ for \$5 and $6. {#three}

> ## Four

[b](<c d.md>) [e](f_(g).md)

[ref]: d.md

{{ rnn/x:a }} {{
rnn/x:b }} \{{ no }} {{ lost

$$
y
$$
"""
    page = scan(text)
    headings = [(h.level, h.text, h.id, h.line, h.nested) for h in page.headings]
    assert headings == [(1, "One", "one", 1, False), (1, "Two", "two", 3, False), (2, "Four", "", 8, True)]
    found = [(link.target, link.line) for link in page.links]
    assert found == [("b.md#c", 6), ("p.svg", 6), ("c d.md", 10), ("f_(g).md", 10), ("d.md", 12)]
    assert all(text[link.start : link.end] == link.target for link in page.links)
    assert [(f.latex, f.display, f.line) for f in page.formulas] == [("x_1", False, 6), ("y", True, 17)]
    found = [(p.body.strip(), p.line, p.closed) for p in page.placeholders]
    assert found == [("rnn/x:a", 14, True), ("rnn/x:b", 14, True), ("", 15, False)]
    assert page.ids == {"one", "two", "three"}


def test_words_are_what_is_neither_markup_nor_formula():
    text = 'A <em title="a > b">word</em>, [link](b_(c).md "t"){ .c } and $x$,\n1 < 2 `code` {{ a/b:c }} https://x.org/a > 3\n'
    words = scan(text).words
    assert len(words) == len(text) and words.count("\n") == text.count("\n")
    assert words.replace("\0", "").split() == ["A", "word,", "[link", "and", ",", "1", "<", "2", ">", "3"]


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("```snippet a/b.py\nCaption with $x$.\n```\n$y$", ["x", "y"]),
        ("```text\n$x$\n```\n$y$，$z$", ["y", "z"]),
        ("$ x$", []),
        ("[a](https://x.org/$x/$) and $y$", ["y"]),
        ("[a](b/$x.md#$) costs $5$", ["5"]),
        ("https://x.org/$x/$, $y$", ["y"]),
        ("https://x.org/是$y$", ["y"]),
        ("<https://x.org/$x/$>", []),
        ('<img alt="$x$" src=a> $y$', ["y"]),
        ("[a]: b/$x/$", []),
        ("$a <b$ and $c> d$", ["a <b", "c> d"]),
        ("$f[i](x)$", ["f[i](x)"]),
        (r"\$5 and \$6, $y$", ["y"]),
    ],
)
def test_which_dollars_begin_a_formula(text, latex):
    assert [formula.latex for formula in scan(text).formulas] == latex


def test_dollars_that_are_escaped():
    text = r"\$5 `\$6` $x$ \$8"
    assert [(one.start, one.line) for one in scan(text).escaped_dollars] == [(0, 1), (len(text) - 3, 1)]


def test_a_formula_that_is_not_closed():
    assert [f.closed for f in scan("$$ a\n\nb $$").formulas] == [False]
    assert [f.closed for f in scan("$$ a").formulas] == [False]


PREFIXES = ["", "    ", "\t", "> ", "  ", "        "]
LINES = ["```text", "```", "~~~", "````", "- item", "!!! note", "# title", "", "", "para"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PREFIXES), st.sampled_from(LINES)), max_size=14))
def test_what_python_markdown_shows_as_code_is_code(parts):
    """Each line carries a word of its own; the words that stand in <code> on the page are in no prose.

    A page with a fence that is not closed is never published.
    """
    lines = []
    for number, (prefix, line) in enumerate(parts):
        lines.append(prefix + line)
        lines.append(f"{prefix}w{number}w" if line else "")
    text = "\n".join(lines)
    assume(all(fence.closed for fence in scan(text).fences))
    made = python_markdown.markdown(text, extensions=EXTENSIONS)
    shown = " ".join(html.unescape(re.sub("<[^>]+>", "", code)) for code in re.findall(r"<code.*?</code>", made, re.S))
    prose = scan(text).prose
    assert [word for word in re.findall(r"w\d+w", shown) if word in prose] == [], text

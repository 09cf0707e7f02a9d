"""What the scanner is for, seen on built pages: code stays as it is written, whatever holds it; drafts stay private."""

import re

import pytest
import scratch

from sitebuild import LANGS
from sitebuild.base.html_elements import elements, words

# what a page would mark, typeset, fill in and follow, if it were prose
LIKE_PROSE = "two words 两个词 $x_1$ {{ a/none:x }} [l](none.md)"
KEPT = {
    "indented code": "words\n\n    W\n",
    "code indented by a tab": "words\n\n\tW\n",
    "code in a quote": ">     W\n",
    "a fence in a list": "- item\n\n    ```text\n    W\n    ```\n",
    "a fence indented by a tab": "- item\n\n\t```text\n\tW\n\t```\n",
    "a fence in a quote": "> ```text\n> W\n> ```\n",
    "a fence in a list in a box": "!!! note\n    - item\n\n        ~~~text\n        W\n        ~~~\n",
    "a long fence that holds a short one": "`````text\n```\nW\n```\n`````\n",
    "preformatted HTML": "<pre>\nW\n\nW\n</pre>\n",
    "a code span over two lines": "words `W\nW` words\n",
}
HIDDEN = "a draft <!-- SECRET W\n\n```snippet a/halve.py\n```\n\nSECRET --> that goes on\n"
DOLLARS = r"""from \$5 to \$6, `\$7`, [address](https://example.org/$x/$) and <https://example.org/$y/$>

## Price \$8

| a | b |
| - | - |
| \$9 | $z$ |
"""
FILLED = "the value {{\na/halve:last:.4f }} is here\n\n```snippet\ta/halve.py\nAfter a tab.\n```\n"
REFUSED = {
    "```snippet\u00a0a/halve.py\n```": "```snippet a/halve.py",
    "```snippet\u3000a/halve.py\n```": "```snippet a/halve.py",
    "```Snippet a/halve.py\n```": "```snippet a/halve.py",
    "```snippets a/halve.py\n```": "```snippet a/halve.py",
    "~~~python\nx = 1\n~~~": "a Python program belongs in snippets/",
    "``` { .python }\nx = 1\n```": "a Python program belongs in snippets/",
    "```py\nx = 1\n```": "a Python program belongs in snippets/",
    "> ```python\n> x = 1\n> ```": "a Python program belongs in snippets/",
    "- item\n\n\t```python3\n\tx = 1\n\t```": "a Python program belongs in snippets/",
    '=== "A tab"\n\n    words': "this site knows no tabs",
    "> ## Asked? {#q-asked}\n>\n> Yes.": "the question q-asked stands in a list, a box or a quote",
    "- item\n\n    ```cards more.md\n    ```": "a ```cards block does not stand in a list",
    "{{ a/halve:last\n\n}}": "not a quoted value",
}  # fmt: skip


def add(folder, text):
    for lang in LANGS:
        page = folder / f"docs/{lang}/more.md"
        page.write_text(page.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """The HTML of one page by language: its sections are named after the cases."""
    folder = scratch.make(tmp_path_factory.mktemp("scanned"))
    cases = "".join(f"\n## Case {n}\n\n{text}" for n, text in enumerate(KEPT.values()))
    add(folder, f"\n{DOLLARS}\n{HIDDEN}\n{FILLED}\n{cases}".replace("W", LIKE_PROSE))
    done = scratch.build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    files = {"zh": folder / "site/more/index.html", "en": folder / "site/en/more/index.html"}
    return {lang: re.search("<article.*?</article>", file.read_text("utf-8"), re.S)[0] for lang, file in files.items()}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", KEPT)
def test_what_is_code_is_published_as_it_is_written(articles, lang, case):
    number = list(KEPT).index(case)
    section = re.search(
        rf'<h2 id="?case-{number}"?>.*?</h2>(.*?)(?:<h2|class="?take-along|</article>)', articles[lang], re.S
    )[1]
    assert words(section).count(LIKE_PROSE) == KEPT[case].count("W")
    inside = [one for one in elements(section) if one.name == "bdi" or "lang" in one.attributes]
    assert inside == [], section


@pytest.mark.parametrize("lang", LANGS)
def test_a_draft_in_a_comment_is_not_public_and_its_snippet_does_not_run(articles, lang):
    said = words(articles[lang])
    assert "SECRET" not in articles[lang] and "a draft  that goes on" in said
    assert articles[lang].count('<a class="program"') == 1


@pytest.mark.parametrize("lang", LANGS)
def test_a_value_over_two_lines_is_filled_in_and_a_block_with_a_tab_expanded(articles, lang):
    said = words(articles[lang])
    assert "the value 0.0625 is here" in said and "After a tab." in said and "halves = " in said


@pytest.mark.parametrize("lang", LANGS)
def test_a_dollar_is_a_dollar_and_an_address_an_address(articles, lang):
    said = words(articles[lang])
    assert (
        "from $5 to $6, \\$7, address and https://example.org/$y/$" in said and "Price $8" in said and "\n$9\n" in said
    )
    assert {"https://example.org/$x/$", "https://example.org/$y/$"} <= {
        one.attributes.get("href") for one in elements(articles[lang])
    }
    assert articles[lang].count("<bdi") == 1


def test_what_looks_like_ours_and_is_not_is_told_with_its_line_and_the_right_form(tmp_path):
    folder = scratch.make(tmp_path)
    line = scratch.PAGES["en/more.md"].count("\n") + 2
    expected = []
    for text, reason in REFUSED.items():
        add(folder, f"\n{text}\n")
        first = next(n for n, one in enumerate(text.split("\n")) if re.match(r".*(```|~~~|===|#|\{\{)", one))
        expected.append((line + first, reason))
        line += text.count("\n") + 2
    done = scratch.build(folder)
    assert done.returncode != 0 and not (folder / "site").exists()
    for number, reason in expected:
        for lang in LANGS:
            told = [one for one in done.stderr.split("\n") if f"docs/{lang}/more.md:{number}:" in one]
            assert any(reason in one for one in told), (number, reason, done.stderr)

"""What the two pages of a pair must share."""

from pathlib import PurePosixPath

import pytest

from sitebuild.sources import pairs

ZH = "# 题\n\n$w$ 与[页](b.md)\n\n$$\nx = \\text{一}\n$$\n\n## 节\n\n```snippet a/plot.py\n图\n```\n\n{{ a/plot:w:.1f }}\n"
EN = ZH.replace("题", "T").replace("一", "one").replace("节", "S").replace("图", "fig").replace("与", "and ")


def differences(chinese, english):
    return [(p.line, p.reason) for p in pairs.compare(chinese, english, PurePosixPath("p.md"), "docs")]


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


def test_pages_of_a_pair_hold_the_same_diagrams():
    block = "\n```diagram a/{}.svg\n图\n```\n"
    both = [text + block.format("small") for text in (ZH, EN)]
    assert differences(*both) == []
    assert differences(both[0], EN) == [
        (17, "diagrams differ from docs/en/p.md:0: here 'a/small.svg', there 'nothing'")
    ]
    assert differences(both[0], EN + block.format("other"))[0][1].endswith("here 'a/small.svg', there 'a/other.svg'")


def test_an_outline_holds_what_the_languages_share_with_its_lines():
    text = (
        "---\ndescription: [x](no.md)\n---\n# T {#t}\n\n[a](z.md#b) [h](https://x.org/a.md) [i](i.png) [a](z.md) [n](b.ipynb.md)\n\n"
        "$x$ $\\text{if } y$\n$x$\n\n$$\na \\text{one}\n$$\n\n## S\n\n```answer q.md#q-a\n```\n\n```table licences-build\n```\n```table site\n```\n\n{{ a/b:v:d }} {{ a/a:v }}\n"
        "```snippet a/b.py\n```\n```diagram a/d.svg\n```\n"
    )
    assert pairs.outline(text, "p") == {
        "headings' levels": [("#{#t}", 4), ("##", 15)], "snippets": [("a/b.py", 26)], "diagrams": [("a/d.svg", 28)],
        "answers": [("q.md#q-a", 17)], "cards": [], "tables": [("licences-build", 20), ("site", 22)],
        "quoted values": [("a/a:v:", 25), ("a/b:v:d", 25)], "equations": [("a \\text{…}", 11)],
        "inline formulas": [("\\text{…} y", 8), ("x", 8)], "links": [("b.ipynb.md", 6), ("z.md", 6)],
    }  # fmt: skip


def test_the_first_difference_of_each_kind_is_told_with_both_lines():
    (told,) = pairs.compare("# A\n\n## B\n\n### C\n", "# A\n\n\n## B\n\n## C\n", PurePosixPath("a/b.md"), "d")
    assert (told.path, told.line) == ("d/zh/a/b.md", 5)
    assert told.reason == "headings' levels differ from d/en/a/b.md:6: here '###', there '##'"
    (told,) = pairs.compare("# A\n\n## B\n", "# A\n", PurePosixPath("b.md"), "d")
    assert (told.line, told.reason) == (3, "headings' levels differ from d/en/b.md:0: here '##', there 'nothing'")

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

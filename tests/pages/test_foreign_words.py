"""Words of the other language are marked, and nothing else is touched."""

import html.parser
import re

import pytest

from sitebuild.pages import foreign_words


@pytest.mark.parametrize(
    "lang, text, marked",
    [
        ("zh", "梯度裁剪（gradient clipping）很有用", '梯度裁剪（<span lang="en">gradient clipping</span>）很有用'),
        ("zh", "Gers, Schmidhuber & Cummins（2000）", '<span lang="en">Gers, Schmidhuber & Cummins</span>（2000）'),
        ("en", "the term 遗忘门，忘记门 (zh)", 'the term <span lang="zh">遗忘门，忘记门</span> (zh)'),
        ("zh", "甲乙丙\n`some code` 和 two words\n", '甲乙丙\n`some code` 和 <span lang="en">two words</span>\n'),
        ("en", "!!! answer\n    the 门\n\nthe 门\n", '!!! answer\n    the <span lang="zh">门</span>\n\nthe <span lang="zh">门</span>\n'),
        ("zh", "[highway network](../a/high-way net.md)", '[<span lang="en">highway network</span>](../a/high-way net.md)'),
    ],
)  # fmt: skip
def test_a_phrase_is_marked(lang, text, marked):
    assert foreign_words.mark(text, lang) == marked


@pytest.mark.parametrize(
    "text",
    [
        "LSTM 和 sigmoid",
        "`some code here`",
        "```text\nsome code here\n```",
        "公式 $a \\text{ if not } b$ 和\n\n$$\nx \\text{ some words }\n$$\n",
        "公式 $some words here$ 和 $$some words$$",
        "# A heading of words",
        '<figure aria-label="some words here">',
        '!!! answer "some words here"',
        "---\ndescription: some words here\n---\n",
        "{ .take-along some words }",
    ],
)
def test_what_is_no_prose_stays(text):
    assert foreign_words.mark(text, "zh") == text


class Foreign(html.parser.HTMLParser):
    """Text with Chinese characters that stands in no element of that language."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.found = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag not in ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"):
            self.stack.append((tag, dict(attributes).get("lang")))

    def handle_endtag(self, tag):
        if tag in [name for name, _ in self.stack]:
            while self.stack.pop()[0] != tag:
                pass

    def handle_data(self, data):
        spoken = [lang for _, lang in self.stack if lang]
        if re.search(r"[\u4e00-\u9fff]", data) and spoken[-1:] != ["zh"]:
            self.found.append(data.strip())


def test_no_chinese_on_english_pages_is_read_as_english(site):
    pages = [file for file in (site / "en").rglob("*.html") if file.name != "404.html"]
    assert len(pages) > 30
    for file in pages:
        text = re.sub(r"<script.*?</script>|<head>.*?</head>", "", file.read_text(encoding="utf-8"), flags=re.S)
        assert Foreign(text).found == [], file
    assert Foreign('<html lang="en"><p>遗忘门</p></html>').found == ["遗忘门"]

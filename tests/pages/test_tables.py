"""Tables that a tool wrote, on a page."""

import re

import pytest

from sitebuild.base.problems import SiteError
from sitebuild.pages import tables

PAGE = "a\n\n```table few\n```\n\nb\n\n~~~table more\n~~~\nc\n\n```text\ntable few\n```\n"


def test_a_block_gives_way_to_the_table_of_its_name_and_language(tmp_path):
    (tmp_path / "tables").mkdir()
    for name in ("few.zh.md", "few.en.md", "more.en.md", "more.txt"):
        (tmp_path / "tables" / name).write_text(f"| {name} |\n", encoding="utf-8")
    written = tables.read(tmp_path)
    assert tables.fill(PAGE, "en", written) == (
        "a\n\n| few.en.md |\n\nb\n\n| more.en.md |\nc\n\n```text\ntable few\n```\n"
    )
    assert tables.fill(PAGE, "zh", written).startswith("a\n\n| few.zh.md |\n\nb\n\n~~~table more\n")
    assert list(map(str, tables.missing(PAGE, "zh", "p", written))) == ["p:8: there is no docs/tables/more.zh.md"]
    assert [(str(path), file.name) for path, file in tables.published(tmp_path).items()] == [("more.txt", "more.txt")]
    assert tables.read(tmp_path / "none") == {} == tables.published(tmp_path / "none")


@pytest.mark.parametrize("block", ["```table\n```\n", "```table a b\n```\n", "```table few\nwords\n```\n"])
def test_bad_blocks_are_told(block):
    with pytest.raises(SiteError, match=re.escape("p:3: a ```table block says which, and holds nothing")):
        tables.shows(f"x\n\n{block}", "p")

"""Formulas and figures put aside until the template has its turn."""

from pathlib import Path, PurePosixPath

from sitebuild.base import placeholders
from sitebuild.base.markdown import scan
from sitebuild.pages import formulas

ROOT = Path(__file__).resolve().parents[2]
PICTURE = '<svg role="img" aria-label="a"><path d="M0 0"/></svg>'


def test_a_drawing_leaves_a_page_but_for_what_is_said_of_it():
    shelf = placeholders.Shelf()
    light = shelf.put_drawing(PICTURE)
    assert "<path" not in light and 'aria-label="a"' in light and light.endswith("</svg>")
    assert shelf.whole(f"a {light} b {light}") == f"a {PICTURE} b {PICTURE}" and len(shelf.held) == 1
    assert placeholders.as_it_is(PICTURE) == PICTURE and shelf.whole(shelf.put_drawing("<svg></svg>")) == "<svg></svg>"


def test_a_mark_means_the_same_on_every_shelf_and_nothing_else_is_one():
    shelf, other = placeholders.Shelf(), placeholders.Shelf()
    other.put("before")
    mark = shelf.put("x²")
    assert mark == other.put("x²") != shelf.put("x³")
    assert shelf.whole(f"{mark}{mark}") == "x²x²" and placeholders.Shelf().whole(mark) == mark
    like = "\ue002ab\ue001 \ue002 \ue001"
    assert shelf.whole(like) == like and shelf.whole(shelf.put(like)) == like
    assert shelf.whole(shelf.put(mark)) == mark, "one layer at a time"


def test_formulas_leave_a_page_but_not_its_headings():
    text = (ROOT / "docs/en/lstm/backward.md").read_text(encoding="utf-8")
    assert "\n$$" in text
    text = f"## Why $x$?\n\n ## And $x$ again\n\nAs $x$ # or $x$\n{text}"
    rendered = {(one.latex, one.display): f"<span>{'x' * 500}</span>" for one in scan(text).formulas}
    shelf = placeholders.Shelf()
    light = formulas.typeset(text, rendered, shelf.put)
    whole = formulas.typeset(text, rendered)
    assert shelf.whole(light) == whole and placeholders.as_it_is(whole) == whole
    with_formulas = [line[:10] for line in light.split("\n") if "x" * 500 in line]
    assert with_formulas == [line[:10] for line in whole.split("\n") if "x" * 500 in line and "#" in line[:4]]
    assert len(with_formulas) >= 2 and len(light) < len(whole) / 2


def test_pages_are_held_light_and_seen_whole():
    shelf, path = placeholders.Shelf(), PurePosixPath("a.md")
    light = shelf.put_drawing(PICTURE)
    whole = placeholders.Whole({path: light}, shelf)
    assert len(whole) == 1 and list(whole) == [path] and whole[path] == PICTURE and whole.light[path] == light

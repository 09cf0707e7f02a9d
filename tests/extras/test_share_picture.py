"""The picture of a page, drawn from the SVG that the page shows."""

import io
import re
from pathlib import PurePosixPath

import pytest
from conftest import ROOT, refused
from PIL import Image

from sitebuild.extras import share_picture

PACKAGES = ROOT / "node_modules"
NAME = PurePosixPath("pictures/a.png")


def svg(inside, width=468, height=252):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" fill="currentColor">{inside}</svg>'


def drawn(inside, folder, *size):
    return Image.open(io.BytesIO(share_picture.draw({NAME: svg(inside, *size)}, folder, PACKAGES)[NAME]))


def dark(picture):
    return picture.convert("L").point(lambda value: 255 * (value < 128))


@pytest.mark.parametrize("width, height, box", [(1136, 566, (32, 32, 1168, 598)), (566, 566, (317, 32, 883, 598))])
def test_a_picture_is_1200_by_630_and_a_figure_as_large_as_its_white_rim_allows(width, height, box, tmp_path):
    picture = drawn(f'<path d="M0 0h{width}v{height}h-{width}z"/>', tmp_path, width, height)
    assert picture.size == (1200, 630) and picture.format == "PNG" and not picture.info
    assert dark(picture).getbbox() == box and picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_words_and_colours_are_the_pages_own(tmp_path):
    text = '<text style="font-size:60px" x="20" y="150">{}</text>'.format
    ink = {words: dark(drawn(text(words), tmp_path)).histogram()[255] for words in ("gate", "遗忘", "\u3000")}
    assert ink["gate"] > 2000 and ink["遗忘"] > 4000 and ink["\u3000"] == 0, "Chinese is drawn, not left blank"
    assert drawn(text("遗忘"), tmp_path).tobytes() != drawn(text("输入"), tmp_path).tobytes()
    colour = drawn('<path style="fill:var(--plot-1, #e69f00)" d="M0 0h468v252z"/>', tmp_path).convert("RGB")
    assert colour.getpixel((900, 200)) == (0xE6, 0x9F, 0x00)


def test_a_picture_is_drawn_once_and_a_damaged_one_anew(tmp_path):
    figures = {NAME: svg("<path d='M0 0h9v9z'/>"), PurePosixPath("b.png"): svg("<path d='M0 0h9v9z'/>")}
    first = share_picture.draw(figures, tmp_path, PACKAGES)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-200])
    assert share_picture.draw(figures, tmp_path, PACKAGES) == first and len(set(first.values())) == 1


def test_a_missing_font_is_told_where_it_is_needed(tmp_path):
    assert share_picture.draw({NAME: svg("<text>a</text>")}, tmp_path, tmp_path / "none")
    (problem,) = refused(share_picture.draw, {NAME: svg("<text>门</text>")}, tmp_path, tmp_path / "none")
    assert re.match("none: @fontsource-variable/noto-sans-sc.*make setup", str(problem))

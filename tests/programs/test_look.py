"""The look of figures, their SVG in a page, and the font by which they are laid out."""

import re
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager

from sitebuild.programs import figures

DEJAVU = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"


@pytest.fixture
def styled(monkeypatch):
    monkeypatch.setattr(font_manager.fontManager, "ttflist", list(font_manager.fontManager.ttflist))
    with matplotlib.rc_context(figures.STYLE):
        yield
    plt.close("all")


def test_an_axis_says_its_numbers_without_mathtext(styled):
    _, axes = plt.subplots()
    axes.plot([1e-9, 2e-9])
    axes.figure.canvas.draw()
    assert "$" not in axes.yaxis.get_offset_text().get_text()


@pytest.mark.parametrize(
    "value, base, text",
    [(1e-5, 10, "10⁻⁵"), (1.0, 10, "10⁰"), (1e12, 10, "10¹²"), (8.0, 2, "2³"), (3e-4, 10, "3×10⁻⁴")],
)
def test_powers_are_plain_text(value, base, text):
    figures.dress(None)
    formatter = matplotlib.ticker.LogFormatterSciNotation(base, minor_thresholds=(10, 10))
    formatter.create_dummy_axis()
    formatter.axis.set_view_interval(value / 2, value * 2)
    formatter.set_locs([value])
    assert formatter(value).replace(" ", "") == text


SVG = """<?xml version="1.0"?>
<!-- from Matplotlib -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt" viewBox="0 0 9 9" version="1.1">
 <metadata><x/></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round}</style></defs>
 <defs><path id="m" d="M 0 0 &#10;L 1 1 &#10;"/><clipPath id="p"><rect x="1.23456" y="2" width="3" height="3"/></clipPath></defs>
 <g id="figure_1">
  <g id="patch_1"><path d="M 1 1 &#10;L 2 3 &#10;z" style="fill: #000000; stroke: #0072b2; opacity: 0.123456"/></g>
  <g id="lines" clip-path="url(#p)"><use xlink:href="#m" x="1" y="3.14159" style="fill: #ffffff"/></g>
  <text style="font: 10px 'DejaVu Sans', sans-serif; text-anchor: start" x="1" y="2" transform="rotate(-0 1 2)">a
b</text>
  <text style="font-size: 11px; font-family: 'DejaVu Sans'" transform="rotate(-90 1.23456 2)"> </text>
 </g>
</svg>"""


def test_an_svg_keeps_what_is_drawn_and_nothing_else():
    made = figures.clean(SVG)
    assert made.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" fill="currentColor"')
    assert made.count("xmlns") == 1 and "\n" not in made and "  " not in made
    assert re.findall(r' id="([^"]+)"', made) == ["m", "p"], "what is referred to by an address, and by a link"
    for gone in ("metadata", "style type", "<!--", "figure_1", "patch_1", "xlink", "DejaVu", "rotate(-0", "9pt"):
        assert gone not in made, gone
    assert '<path d="M1 1l1 2z" style="fill:currentColor;stroke:var(--plot-0, #0072b2);opacity:0.12" />' in made
    assert '<g clip-path="url(#p)"><use x="1" y="3.14" style="fill:var(--plot-paper, #fff)" href="#m" /></g>' in made
    assert '<text style="font-size:10px;text-anchor:start" x="1" y="2">a b</text>' in made
    assert 'transform="rotate(-90 1.23 2)" />' in made and 'x="1.23"' in made
    assert made.count("<g") == 1, "a group that says nothing is not there"


def test_a_path_within_its_clip_needs_none():
    start = SVG[SVG.index("<svg") : SVG.index(" <metadata>")]
    clip = '<defs><clipPath id="p"><rect x="0" y="0" width="8" height="4"/></clipPath></defs>'
    paths = ("M 0 4 L 8 1.5", "M 1 1 L 8.1 1", "M 1 1 Q 2 5 3 1")
    inside, across, curved = (f'<path d="{d}" clip-path="url(#p)"/>' for d in paths)
    made = figures.clean(f"{start}{clip}{inside}{across}{curved}</svg>")
    assert made.count("<path") == 3 and made.count('clip-path="url(#p)"') == 2 and '<path d="M0 4l8-2.5" />' in made
    alone = figures.clean(f"{start}{clip}{inside}</svg>")
    assert ' id="' not in alone and "url(" not in alone


# -- the font by which text is laid out --------------------------------------------------------------------

# Unicode's Blocks.txt: CJK Radicals Supplement to CJK Compatibility, Extension A, the ideographs, the compatibility
# ideographs; and the fullwidth half of Halfwidth and Fullwidth Forms
BLOCKS = [(0x2E80, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF01, 0xFF60)]


def test_chinese_is_blank_and_an_em_wide_and_all_else_is_dejavu(tmp_path):
    figures.make_metrics_font(tmp_path / "metrics.ttf")
    font, dejavu = TTFont(tmp_path / "metrics.ttf"), TTFont(DEJAVU)
    cmap, known = font.getBestCmap(), dejavu.getBestCmap()
    em = font["head"].unitsPerEm
    wide = [point for block in BLOCKS for point in (block[0], block[0] + 1, block[1])] + [ord(c) for c in "‘’“”—…门"]
    for point in wide:
        assert font["hmtx"][cmap[point]] == (em, 0) and font["glyf"][cmap[point]].numberOfContours == 0, hex(point)
    outside = [0x2E7F, 0x4DC0, 0x4DFF, 0xA000, 0xF8FF, 0xFB00, 0xFEFF, 0xFF61, *map(ord, "–―‚‛„‧")]
    assert [hex(point) for point in outside if cmap.get(point) == cmap[0x4E00]] == []
    for character in "aZ9∂ρ":
        assert font["hmtx"][cmap[ord(character)]] == dejavu["hmtx"][known[ord(character)]]
    assert not {"GSUB", "GPOS", "kern", "fpgm"} & set(font.keys())

"""The look of figures, the fonts that are made for them, and the picture of a page: in this process, function by function."""

import io
import re
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from PIL import Image

from sitebuild.base.problems import SiteError
from sitebuild.extras import share_picture
from sitebuild.programs import figures

PACKAGES = Path(__file__).resolve().parents[2] / "node_modules"
DEJAVU = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"


@pytest.fixture
def styled(monkeypatch):
    monkeypatch.setattr(font_manager.fontManager, "ttflist", list(font_manager.fontManager.ttflist))
    with matplotlib.rc_context(figures.STYLE):
        yield
    plt.close("all")


# -- the look ----------------------------------------------------------------------------------------------


def test_every_figure_has_the_same_look(styled):
    figure, axes = plt.subplots()
    (line,) = axes.plot([1, 2], marker="o", label="a")
    axes.set(xlabel="x", title="t")
    legend = axes.legend()
    assert tuple(figure.get_size_inches()) == (6.5, 3.5) and figure.get_layout_engine() is not None
    assert [name for name, spine in axes.spines.items() if spine.get_visible()] == ["left", "bottom"]
    grid = axes.xaxis.get_gridlines()[0]
    assert grid.get_visible() and grid.get_alpha() == 0.2 and axes.get_axisbelow() is True
    sizes = [
        text.get_fontsize()
        for text in (axes.title, axes.xaxis.label, *axes.get_xticklabels()[:1], *axes.get_yticklabels()[:1])
    ]
    assert sizes == [11, 11, 10, 10] and legend.get_texts()[0].get_fontsize() == 10
    assert plt.figtext(0, 0, "x").get_fontsize() == 11
    assert (line.get_linewidth(), line.get_markersize(), line.get_color()) == (1.8, 5, "#0072b2")
    assert 0 < legend.get_frame().get_alpha() < 1, "what is below a legend shines through"


def test_an_axis_says_its_numbers_without_mathtext(styled):
    _, axes = plt.subplots()
    axes.plot([1e-9, 2e-9])
    axes.figure.canvas.draw()
    assert "$" not in axes.yaxis.get_offset_text().get_text()


@pytest.mark.parametrize(
    "value, base, text",
    [(1e-5, 10, "10⁻⁵"), (1.0, 10, "10⁰"), (1e12, 10, "10¹²"), (8.0, 2, "2³"), (3e-4, 10, "3×10⁻⁴")],
)
def test_powers_are_plain_text(value, base, text, monkeypatch):
    formatter = matplotlib.ticker.LogFormatterSciNotation(base, minor_thresholds=(10, 10))
    monkeypatch.setattr(
        matplotlib.ticker.LogFormatterMathtext, "plain", matplotlib.ticker.LogFormatterMathtext.__call__, raising=False
    )
    formatter.create_dummy_axis()
    formatter.axis.set_view_interval(value / 2, value * 2)
    formatter.set_locs([value])
    assert figures._power_label(formatter, value).replace(" ", "") == text


def test_labels_without_powers_stay(monkeypatch):
    monkeypatch.setattr(matplotlib.ticker.LogFormatterMathtext, "plain", lambda *_: "−0.5", raising=False)
    assert figures._power_label(matplotlib.ticker.LogFormatterMathtext(), 0) == "−0.5"


SVG = """<?xml version="1.0"?>
<!-- from Matplotlib -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt" viewBox="0 0 9 9" version="1.1">
 <metadata><x/></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round}</style></defs>
 <defs><path id="m" d="M 0 0 &#10;L 1 1 &#10;"/><clipPath id="p"><rect x="1.23456" y="2"/></clipPath></defs>
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
    assert made.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" fill="currentColor" stroke-linejoin="round">'
    )
    assert made.count("xmlns") == 1 and "\n" not in made and "  " not in made
    assert re.findall(r' id="([^"]+)"', made) == ["m", "p"], "what is referred to by an address, and by a link"
    for gone in ("metadata", "style type", "<!--", "figure_1", "patch_1", "xlink", "DejaVu", "rotate(-0", "width="):
        assert gone not in made, gone
    assert '<path d="M1 1l1 2z" style="fill:currentColor;stroke:var(--plot-0, #0072b2);opacity:0.12" />' in made
    assert '<g clip-path="url(#p)"><use x="1" y="3.14" style="fill:var(--plot-paper, #fff)" href="#m" /></g>' in made
    assert '<text style="font-size:10px;text-anchor:start" x="1" y="2">a b</text>' in made
    assert 'transform="rotate(-90 1.23 2)" />' in made and 'x="1.23"' in made
    assert made.count("<g") == 1, "a group that says nothing is not there"


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
    outside = {
        0x2E7F,
        0x4DC0,
        0x4DFF,
        0xA000,
        0xF8FF,
        0xFB00,
        0xFEFF,
        0xFF61,
        0x201A,
        0x2013,
        0x2015,
        0x2027,
        0x201B,
        0x201E,
    }
    blank = cmap[0x4E00]
    assert {hex(point) for point in outside if cmap.get(point) == blank} == set()
    for character in "aZ9∂ρ":
        assert font["hmtx"][cmap[ord(character)]] == dejavu["hmtx"][known[ord(character)]]
    assert not {"GSUB", "GPOS", "kern", "fpgm"} & set(font.keys())


# -- the font of pictures ----------------------------------------------------------------------------------


def test_the_characters_of_a_programs_strings():
    source = "# 注释\nx = '门a—' + f'{y}遗'  # 遗忘\nz = ('⺀', '⹿', 'é', 3, b'1')\n"
    assert share_picture.characters([source, "'忘'"]) == {"门", "—", "遗", "忘", "⺀"}


@pytest.fixture(scope="module")
def font():
    return TTFont(io.BytesIO(share_picture.make_font({"门", "，", "…"}, PACKAGES)))


def test_chinese_glyphs_are_drawn_in_the_size_of_the_latin_ones(font):
    cmap, glyphs, em = font.getBestCmap(), font.getGlyphSet(), font["head"].unitsPerEm
    for character in "门，…":
        assert font["hmtx"][cmap[ord(character)]][0] == em, "a Chinese character is as wide as it is high"
    pen = BoundsPen(glyphs)
    glyphs[cmap[ord("门")]].draw(pen)
    left, bottom, right, top = pen.bounds
    assert 0.05 * em < left < 0.15 * em and 0.85 * em < right < 0.95 * em, "门 stands in the middle of its square"
    assert -0.15 * em < bottom < 0 and 0.75 * em < top < 0.95 * em
    assert font["hmtx"][cmap[ord("a")]] == TTFont(DEJAVU)["hmtx"]["a"] and ord("遗") not in cmap
    assert {str(record) for record in font["name"].names if record.nameID in (1, 16)} == {"PingFang SC"}
    assert str(font["name"].getDebugName(6)) == "DejaVuSans" and not {"GSUB", "kern", "fpgm"} & set(font.keys())


def test_a_character_is_taken_from_one_slice_and_punctuation_from_no_latin_one():
    taken = list(share_picture._slices({"门", "—", "\U0002a700"}, PACKAGES / share_picture.PACKAGE))
    assert sorted(point for _, points in taken for point in points) == [ord("—"), ord("门")]
    assert all(file.is_file() and "-latin-wght" not in file.name for file, _ in taken)


def test_without_the_font_the_build_says_what_to_do(tmp_path):
    with pytest.raises(SiteError, match="^none: @fontsource-variable/noto-sans-sc.*make setup"):
        share_picture.make_font({"门"}, tmp_path / "none")


def test_what_shapes_a_picture_is_told_where_one_is_wanted():
    wanted = share_picture.Wanted(frozenset({"a/b"}), PACKAGES)
    assert re.fullmatch(r"[0-9a-f]{16}", wanted.drawn_by("a/b")) and wanted.drawn_by("a/c") == ""
    share_picture.machinery.cache_clear()
    other = share_picture.Wanted(frozenset({"a/b"}), PACKAGES / "none").drawn_by("a/b")
    share_picture.machinery.cache_clear()
    assert other != wanted.drawn_by("a/b"), "another edition of the font draws another picture"
    assert share_picture.Wanted().drawn_by("a/b") == ""


# -- the picture -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(6.5, 3.5), (3, 6), (9, 3)])
def test_a_picture_is_1200_by_630_with_a_white_rim_of_32_pixels(size, styled):
    figure = plt.figure(figsize=size, layout="none")
    figure.add_axes((0, 0, 1, 1)).set(facecolor="black", xticks=[], yticks=[])
    picture = Image.open(io.BytesIO(share_picture.draw(figure, "")))
    assert picture.size == (1200, 630) and picture.format == "PNG" and picture.mode == "P"
    dark = picture.convert("L").point(lambda value: 255 * (value < 128)).getbbox()
    assert all(abs(ours - rim) <= 1 for ours, rim in zip(dark, (32, 32, 1168, 598), strict=True)), dark


def test_words_keep_their_share_of_a_figures_area(styled):
    """The same area in another shape: 11 pt on 6.5 × 3.5 inches stay 11 pt on as many square inches."""
    figure, _ = plt.subplots()
    area = 6.5 * 3.5
    share_picture.draw(figure, "")
    width, height = figure.get_size_inches()
    assert width * height == pytest.approx(area) and width / height == pytest.approx((1200 - 64) / (630 - 64))


def test_a_picture_is_the_same_each_time_and_says_nothing_of_who_made_it(styled):
    def drawn():
        figure, axes = plt.subplots()
        axes.plot([1, 3, 2])
        return share_picture.draw(figure, "")

    one = drawn()
    assert one == drawn() and not Image.open(io.BytesIO(one)).info.keys() - {"transparency"}
    assert len(one) < 30_000, "a page's picture is light"
    assert len(Image.open(io.BytesIO(one)).convert("RGB").getcolors(256)) <= 48


def test_chinese_is_drawn_with_the_font_that_is_given(styled, font, tmp_path):
    font.save(tmp_path / "font.ttf")

    def dark(characters, with_font):
        figure = plt.figure(layout="none")
        figure.text(0.1, 0.5, characters, fontsize=60, family="PingFang SC")
        picture = Image.open(io.BytesIO(share_picture.draw(figure, with_font))).convert("L")
        return sum(picture.histogram()[:100])

    font_manager.fontManager.ttflist.append(font_manager.FontEntry(fname=str(DEJAVU), name="PingFang SC"))
    assert dark("门门", str(tmp_path / "font.ttf")) > 3000
    assert [entry.fname for entry in font_manager.fontManager.ttflist if entry.name == "PingFang SC"] == [
        str(tmp_path / "font.ttf")
    ]

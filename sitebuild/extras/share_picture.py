"""The picture of a page for those who are sent its link: its first figure as a PNG, 1200 × 630, on white.

The program that draws the figure draws the picture too, in its own process: `draw`. Matplotlib has no Chinese
font, so the parent makes one before it starts any program: `make_font`, with the few glyphs that are needed.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import io
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sitebuild.base.problems import Problem, SiteError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

PACKAGE = "@fontsource-variable/noto-sans-sc"  # Noto Sans SC in slices of a few hundred characters each
WEIGHT = 400
WIDTH, HEIGHT, MARGIN = 1200, 630, 32  # what every network shows whole; pixels
ALIKE = 0.1  # shapes that differ by less need no other layout
COLOURS = 48  # a figure has few: lines, greys, and the steps between them where edges are smoothed
# Latin text has these too; Chinese text has them as wide as a character.
PUNCTUATION = frozenset("‘’“”—…")
CHINESE = 0x2E80  # the first code point of the CJK blocks
FAMILY = "PingFang SC"  # the first that Chinese programs ask for: see snippet.FONT_STATEMENT


@dataclass(frozen=True)
class Wanted:
    """The programs, by name, whose first figure is some page's picture; the folder of npm's packages."""

    programs: frozenset[str] = frozenset()
    packages: Path = Path("node_modules")

    def drawn_by(self, name: str) -> str:
        """A digest of all that shapes the picture besides the program, empty where none is wanted."""
        return machinery(self.packages) if name in self.programs else ""


@lru_cache(maxsize=1)
def machinery(packages: Path) -> str:
    """A digest of what draws: this file, and the version of the font among npm's `packages`."""
    package = packages / PACKAGE / "package.json"
    version = json.loads(package.read_text(encoding="utf-8"))["version"] if package.is_file() else "none"
    return hashlib.sha256(Path(__file__).read_bytes() + version.encode()).hexdigest()[:16]


# -- in the parent, which does not import Matplotlib ----------------------------------------------------------


def characters(sources: Iterable[str]) -> set[str]:
    """The characters in the strings of Python programs that DejaVu Sans lacks, or has too narrow for Chinese."""
    strings = (
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {char for text in strings for char in text if ord(char) >= CHINESE or char in PUNCTUATION}


def make_font(wanted: set[str], packages: Path) -> bytes:
    """DejaVu Sans with the characters `wanted` from Noto Sans SC, as a TrueType file.

    One file with both, for Matplotlib looks for a text's glyphs in one font. Takes about a second for all of the
    site's. Raises SiteError if the package is not installed; a character that Noto lacks is left out.
    """
    package = packages / PACKAGE
    if not (package / "unicode.json").is_file():
        reason = f"{PACKAGE}, the font of Chinese words in pictures, is not installed: run `make setup`"
        raise SiteError(Problem(packages.name, 0, reason))
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    matplotlib = Path(importlib.util.find_spec("matplotlib").origin).parent
    font = TTFont(
        matplotlib / "mpl-data/fonts/ttf/DejaVuSans.ttf", recalcBBoxes=False, recalcTimestamp=False
    )  # only the new are measured
    for table in ("GSUB", "GPOS", "GDEF", "kern", "fpgm", "prep", "cvt "):
        if table in font:
            del font[table]
    taken = {}  # name -> (code point, outline, width)
    for file, points in _slices(wanted, package):
        noto = TTFont(file)
        _read_outlines(noto)
        glyphs, cmap = noto.getGlyphSet(location={"wght": WEIGHT}), noto.getBestCmap()
        scale = font["head"].unitsPerEm / noto["head"].unitsPerEm
        for point in sorted(points & cmap.keys()):
            glyph, pen = glyphs[cmap[point]], TTGlyphPen(None)
            glyph.draw(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
            taken[f"noto{point:04X}"] = point, pen.glyph(), round(glyph.width * scale)
    font.setGlyphOrder([*font.getGlyphOrder(), *taken])
    for name, (_, outline, width) in taken.items():
        font["glyf"][name] = outline
        outline.recalcBounds(font["glyf"])
        font["hmtx"][name] = width, outline.xMin  # with 0, each would stand at the left edge of its square
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({point: name for name, (point, _, _) in taken.items()})
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = FAMILY
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _read_outlines(font: TTFont) -> None:
    """Unpack the outlines of a WOFF2 file, as fontTools would, but not into the bytes of a TrueType font, which it
    then has to read again: a file has hundreds of characters, of which a few are wanted."""
    from fontTools.ttLib.woff2 import WOFF2GlyfTable, WOFF2LocaTable

    font["loca"], font["glyf"] = WOFF2LocaTable(), WOFF2GlyfTable()
    font["glyf"].reconstruct(font.reader.tables["glyf"].loadData(font.reader.transformBuffer), font)


def _slices(wanted: set[str], package: Path) -> Iterator[tuple[Path, set[int]]]:
    """The font's files that hold the characters `wanted`, each with the code points to take from it."""
    left = {ord(char) for char in wanted}
    for name, ranges in json.loads((package / "unicode.json").read_text(encoding="utf-8")).items():
        bounds = (part.removeprefix("U+").partition("-") for part in ranges.split(","))
        held = {point for first, _, last in bounds for point in range(int(first, 16), int(last or first, 16) + 1)}
        if held & left and name != "latin":  # its punctuation is narrow
            yield package / "files" / f"{package.name}-{name.strip('[]')}-wght-normal.woff2", held & left
            left -= held


# -- in the program's process, after its figures have become SVG ----------------------------------------------


def draw(figure, font: str) -> bytes:
    """The Matplotlib figure as the bytes of a PNG, WIDTH × HEIGHT; `font` for Chinese text, if it has any.

    The same bytes each time: no date, no name of a program. Changes the figure's size and the process's fonts.
    """
    from matplotlib import font_manager, rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    if font:
        fonts = font_manager.fontManager
        fonts.ttflist = [entry for entry in fonts.ttflist if entry.name != FAMILY]
        fonts.addfont(font)
    # the same area, in the shape of the picture: nothing is stretched
    width, height = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    if abs(figure.get_figwidth() / figure.get_figheight() * height / width - 1) < ALIKE:
        figure.set_layout_engine("none")  # the layout of the page's figure fits this one, too
    grown = math.sqrt(figure.get_figwidth() * figure.get_figheight() / (width * height))
    figure.set_size_inches(width * grown, height * grown)
    figure.set_dpi(1 / grown)
    figure.set_facecolor("white")
    canvas = FigureCanvasAgg(figure)
    # hinting would look at all characters that the font happens to hold
    with rc_context({"text.hinting": "none"}):
        canvas.draw()
    drawn = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    picture.paste(drawn, ((WIDTH - drawn.width) // 2, (HEIGHT - drawn.height) // 2))
    out = io.BytesIO()
    few = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = few.getpalette()
    white = 3 * few.getpixel((0, 0))
    palette[white : white + 3] = [255, 255, 255]  # the octree makes it a shade darker
    few.putpalette(palette)
    few.save(out, format="PNG")
    return out.getvalue()

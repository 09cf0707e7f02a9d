"""The look of the figures, and their way from Matplotlib into a page.

Runs in the program's process, after Matplotlib is loaded; at a reader's too, in a browser (see in_browser.py), where
Python may be 3.8 and Matplotlib 3.3. Text stays text: Matplotlib lays it out with a
font's metrics, the page's own font draws it. Black becomes `currentColor` and each colour of the palette a
CSS variable, so that a figure follows the page from light to dark.
"""

from __future__ import annotations

import io
import math
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
from matplotlib import cbook, font_manager, ticker
from matplotlib import pyplot as plt
from matplotlib.backends.backend_svg import FigureCanvasSVG

from sitebuild.base import store

# Okabe and Ito's colours for all kinds of colour vision, in the order of Matplotlib's own hues, so that the
# figure a reader draws with Matplotlib's defaults has a blue line where the page has one.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9")

STYLE = {
    "axes.axisbelow": True,
    "axes.formatter.use_mathtext": False,
    "axes.grid": True,
    "axes.labelsize": 11,
    "axes.prop_cycle": matplotlib.cycler(color=PALETTE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "figure.constrained_layout.use": True,
    "figure.figsize": (4.95, 3.2),  # 356 points: on a phone, a point is a pixel
    "font.size": 11,
    "grid.alpha": 0.2,
    "grid.color": "black",
    "legend.edgecolor": "none",
    "legend.facecolor": "white",
    "legend.fontsize": 11,
    "legend.framealpha": 0.8,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "svg.fonttype": "none",
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
}

# Every code point of these blocks is as wide as it is high, by design of the script.
CJK_BLOCKS = ((0x2E80, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFF60))
CJK_POINTS = (0x2018, 0x2019, 0x201C, 0x201D, 0x2014, 0x2026)
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def set_up(font: Path) -> None:
    """Apply the style and make Matplotlib see its own fonts and the metrics font `font` only.

    What a machine happens to have installed must not change a figure. `font` is made where it is missing.
    """
    if store.kept(font) is None:
        make_metrics_font(font)
    dress(font)


def dress(font: Path | None) -> None:
    """As `set_up`, with a `font` that is there, or with none, which is enough for a program without Chinese."""
    manager = font_manager.fontManager
    own = os.path.join(matplotlib.get_data_path(), "fonts")
    manager.ttflist = [entry for entry in manager.ttflist if entry.fname.startswith(own)]
    for family in ("PingFang SC", "Noto Sans CJK SC") if font else ():
        manager.ttflist.append(font_manager.FontEntry(fname=str(font), name=family))
    matplotlib.rcdefaults()
    matplotlib.use("Agg")
    matplotlib.rcParams.update(STYLE)
    if not hasattr(ticker.LogFormatterMathtext, "plain"):
        ticker.LogFormatterMathtext.plain = ticker.LogFormatterMathtext.__call__
        ticker.LogFormatterMathtext.__call__ = _power_label


def make_metrics_font(path: Path) -> None:
    """Write to `path` DejaVu Sans with a blank, em-wide glyph for every CJK character.

    Layout needs a font's metrics only, so Chinese text is measured exactly without a Chinese font.
    """
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    # the outlines stay as they are: not to measure six thousand of them saves most of the time
    font = TTFont(cbook._get_data_path("fonts", "ttf", "DejaVuSans.ttf"), recalcBBoxes=False, recalcTimestamp=False)
    for table in ("GSUB", "GPOS", "GDEF", "kern", "post", "fpgm", "prep", "cvt "):
        if table in font and table != "post":
            del font[table]
    name = "cjk"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    em = font["head"].unitsPerEm
    font["glyf"][name] = Glyph()
    font["hmtx"][name] = (em, 0)
    points = [*CJK_POINTS, *(point for first, last in CJK_BLOCKS for point in range(first, last + 1))]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(dict.fromkeys(points, name))
    made = io.BytesIO()
    font.save(made)
    store.keep(path, made.getvalue())


def drawn(name: str, lang: str) -> list[tuple[str, str]]:
    """All open figures of the program `name`: (label, SVG), in the order of their numbers."""
    figures = []
    for position, number in enumerate(plt.get_fignums()):
        figure = plt.figure(number)
        figures.append((figure.get_label() or str(number), to_svg(figure, f"{name} {lang} {position}")))
    return figures


def to_svg(figure, salt: str) -> str:
    """One Matplotlib figure as an SVG element for an HTML page.

    `salt` names the figure: the same on every build, different from every other figure of the site, so
    that the ids inside never clash.
    """
    out = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": salt}):
        # savefig would draw it twice, the first time for the layout alone, which drawing takes care of
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None})
    return clean(out.getvalue().decode())


def clean(svg: str) -> str:
    """Matplotlib's SVG document reduced to one element that fits into a page. Pure.

    Drops the prolog, comments, metadata, the style sheet (it would leak into the page), fonts and every id
    that nothing refers to; shortens numbers; turns colours into the page's.
    """
    root = ET.fromstring(svg)
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{SVG}metadata", f"{SVG}style"):
                parent.remove(child)
    _drop_idle_clips(root)
    referred = set(re.findall(r'(?:url\(|")#([^)"]+)', ET.tostring(root, encoding="unicode")))
    for element in root.iter():
        element.tag = element.tag.replace(SVG, "")
        element.text = element.text if element.text and element.text.strip() else None
        element.tail = None
        attributes = element.attrib
        if attributes.get("id") not in referred:
            attributes.pop("id", None)
        if HREF in attributes:
            attributes["href"] = attributes.pop(HREF)
        if "style" in attributes:
            attributes["style"] = _style(attributes["style"])
        if "d" in attributes:
            attributes["d"] = compact_path(attributes["d"])
        for name in ("x", "y", "transform", "points"):
            if name in attributes:
                attributes[name] = _shorter(attributes[name])
        if attributes.get("transform", "").startswith("rotate(-0 "):
            del attributes["transform"]
    for parent in list(root.iter()):
        _unwrap_groups(parent)
    view_box = root.get("viewBox")
    root.attrib.clear()
    root.attrib.update({"viewBox": view_box, "fill": "currentColor", "stroke-linejoin": "round"})
    text = ET.tostring(root, encoding="unicode")
    return text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("\n", " ")


def _drop_idle_clips(root: ET.Element) -> None:
    """Take the clip off each path that lies within it: it cuts nothing there, and is a layer more to paint."""
    boxes = {}
    for clip in root.iterfind(f".//{SVG}clipPath[{SVG}rect]"):
        x, y, width, height = (float(clip[0].get(name)) for name in ("x", "y", "width", "height"))
        boxes[f"url(#{clip.get('id')})"] = x - SLACK, y - SLACK, x + width + SLACK, y + height + SLACK
    for element in root.iter(f"{SVG}path"):
        left, top, right, bottom = boxes.get(element.get("clip-path"), (math.inf,) * 4)
        numbers = list(map(float, re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", element.get("d", ""))))
        across, down = numbers[::2], numbers[1::2]
        if numbers and left <= min(across) and max(across) <= right and top <= min(down) and max(down) <= bottom:
            del element.attrib["clip-path"]


def _unwrap_groups(parent: ET.Element) -> None:
    """Replace each <g> without attributes by its children: they only said what Matplotlib called the part."""
    children = list(parent)
    for child in children:
        _unwrap_groups(child)
    if any(child.tag == "g" and not child.attrib for child in children):
        flat = [part for c in children for part in (c if c.tag == "g" and not c.attrib else [c])]
        parent[:] = flat


def _style(style: str) -> str:
    """A style attribute in the page's colours and the page's font."""
    style = re.sub(r"font: (?:[a-z0-9]+ )*?([\d.]+px) [^;]*", r"font-size: \1", style)
    style = re.sub(r"font-family: [^;]*(; |$)", "", style)  # the page's font, whatever it is
    style = re.sub(r"#000000|(?<![\w-])black\b", "currentColor", style)
    style = re.sub(r"#ffffff", "var(--plot-paper, #fff)", style)
    for number, colour in enumerate(PALETTE):
        style = style.replace(colour, f"var(--plot-{number}, {colour})")
    style = re.sub(r"(\d\.\d\d)\d+", r"\1", style)
    return style.replace("; ", ";").replace(": ", ":")


POINT = re.compile(r"([ML])\s*(-?[\d.]+(?:e-?\d+)?)\s+(-?[\d.]+(?:e-?\d+)?)\s*|(z)\s*", re.I)
COLUMN = 1.0  # pt: about a pixel
SLACK = 0.01  # pt: what ends at the edge of its axes misses it by rounding
DENSE = 200  # points from which on a line is thinned out


def compact_path(path: str) -> str:
    """An SVG path in a third of the bytes that looks the same: tenths of a point, relative, repeated letters left out.

    A line of many points that runs from left to right keeps its ends and, of each point's width, the lowest and the
    highest: it covers the same pixels. Paths with curves are only rounded.
    """
    matches = list(POINT.finditer(path))
    if "".join(match[0] for match in matches).split() != path.split() or not path.startswith("M"):
        return _shorter(path)
    out, line = [], []
    for match in [*matches, None]:
        letter = match and (match[1] or match[4])
        if letter != "L" and line:
            out.append(_relative(_thinned(line)))
            line = []
        if letter == "z":
            out.append("z")
        elif match:
            line.append((float(match[2]), float(match[3])))
    return "".join(out)


def _thinned(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points of a dense line from left to right that can be seen; any other line as it is."""
    # Matplotlib's own simplification steps back by fractions of a point
    if len(line) < DENSE or any(line[k][0] < line[k - 1][0] - COLUMN for k in range(1, len(line))):
        return line
    columns: dict[float, list[int]] = {}
    for number, (x, _) in enumerate(line):
        columns.setdefault(x // COLUMN, []).append(number)
    kept = {0, len(line) - 1}
    for column in columns.values():
        heights = sorted(column, key=lambda number: line[number][1])
        kept |= {heights[0], heights[-1]}
    return [line[number] for number in sorted(kept)]


def _relative(line: list[tuple[float, float]]) -> str:
    """A polyline as one absolute and many relative points, in tenths of a point; rounding errors do not add up."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in line]
    (x, y), rest = tenths[0], tenths[1:]
    out = f"M{_tenth(x)} {_tenth(y)}"
    letter = "l"
    for to_x, to_y in rest:
        if (to_x, to_y) == (x, y) and len(rest) > 1:
            continue
        across, down = _tenth(to_x - x), _tenth(to_y - y)
        out += letter + ("" if letter or across.startswith("-") else " ") + across
        out += down if down.startswith("-") else " " + down
        (x, y), letter = (to_x, to_y), ""
    return out


def _tenth(tenths: int) -> str:
    """A number of tenths as SVG reads it, in as few characters as can be: -5 is -.5, 120 is 12."""
    text = f"{tenths / 10:g}"
    return text.replace("0.", ".") if abs(tenths) < 10 else text


def _shorter(numbers: str) -> str:
    """Coordinates to a hundredth of a point, on one line."""
    short = re.sub(r"-?\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), numbers)
    return " ".join(short.split())


def _power_label(formatter, x, pos=None) -> str:
    """A label of a logarithmic axis as plain text, 10⁻³ instead of mathtext: the page's font draws it."""
    text = formatter.plain(x, pos)
    text = re.sub(r"^\$\\mathdefault\{(.*)\}\$$", r"\1", text)
    text = re.sub(r"\^\{(-?\d+)\}", lambda m: m[1].translate(SUPERSCRIPT), text)
    return text.replace(r"\times", "×").replace("−", "⁻") if "\\" in text or "^" in text else text

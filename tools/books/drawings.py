"""Figures and diagrams in the colours of a light page, all said in attributes: e-readers and Typst know few selectors,
and no variables of CSS."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"
VARIABLE = re.compile(r"var\(--(plot-\w+), #\w+\)")
CHINESE = re.compile("[\u2e80-\u9fff]")
SANS = "DejaVu Sans, Noto Sans CJK SC, Noto Sans SC, sans-serif"  # figures are laid out by the first's metrics
SERIF = {"font-family": "New Computer Modern, Latin Modern Roman, Times New Roman, serif"}
LINE = {"fill": "none", "stroke": "#000", "stroke-width": "1.5", "stroke-linecap": "round"}
THICK = {"stroke-width": "4", "stroke-linecap": "butt"}
# What overrides/assets/diagram.css says of each class; "part" is the colour of the part, "tint" that on paper.
LOOKS = {
    "cell": {"fill": "#000", "fill-opacity": "0.035", "stroke": "#000", "stroke-opacity": "0.22"},
    "wire": LINE,
    "sign": LINE,
    "node": {"fill": "#fff", "stroke": "#000", "stroke-width": "1.5"},
    "box": {"fill": "tint", "stroke": "part", "stroke-width": "1.8"},
    "state": {**THICK, "stroke": "part"},
    "output": {**THICK, "stroke": "part", "stroke-width": "3"},
    "symbol": {**SERIF, "font-style": "italic", "font-size": "20"},
    "function": {**SERIF, "font-size": "14"},
    "start": {"text-anchor": "start"},
    "low": {"font-size": "13"},
    "upright": {"font-style": "normal"},
}


class Light:
    """The colours of a light page, out of the site's style sheets in `assets`."""

    def __init__(self, assets: Path):
        css = (assets / "site.css").read_text(encoding="utf-8")
        light = re.search(r'\[data-md-color-scheme="default"\] \{(.*?)\}', css, re.S)[1]
        self.colours = dict(re.findall(r"--(plot-\w+): (#\w+);", light))
        css = (assets / "diagram.css").read_text(encoding="utf-8")
        parts = re.findall(r'^\[data-part="(\w)"\].*?var\(--(plot-\d)\)', css, re.M)
        self.parts = {part: self.colours[colour] for part, colour in parts}

    def drawing(self, svg: str) -> etree._Element:
        """A figure or a diagram as a picture: nothing in it is a link."""
        root = etree.fromstring(VARIABLE.sub(lambda match: self.colours[match[1]], svg))
        if root.get("role") == "group":  # a diagram
            root.set("role", "img")
            self._paint(root, "#000")
            for text in root.iter(f"{SVG}text"):
                text.attrib.update({"font-size": "13", "text-anchor": "middle", **text.attrib})
        for text in root.iter(f"{SVG}text"):
            if CHINESE.search("".join(text.itertext())):  # else resvg takes the first font that has it, a Japanese one
                text.set("font-family", SANS.partition(", ")[2])
        root.attrib.update({"font-family": SANS, "color": "#000"})
        return root

    def _paint(self, element: etree._Element, part: str) -> None:
        """Give an element and those in it the looks of their classes; `part` is the colour of what they are in."""
        keys = element.attrib.pop("data-part", "").split()
        part = self.parts[keys[0]] if keys else part
        classes = element.attrib.pop("class", "").split()
        for name in ("href", "aria-label", "aria-hidden") if element.getparent() is not None else ():
            element.attrib.pop(name, None)
        element.tag = element.tag.replace(f"{SVG}a", f"{SVG}g") if element.tag == f"{SVG}a" else element.tag
        thick = element.getprevious()
        if classes == ["tip"] and thick is not None and thick.get("stroke-linecap") == "butt":
            element.set("fill", part)  # the head of an arrow that is drawn in its part's colour
        for name in classes:
            for attribute, value in LOOKS.get(name, {}).items():
                element.set(attribute, {"part": part, "tint": _tint(part)}.get(value, value))
        for child in list(element):
            if child.get("class") == "hit":
                element.remove(child)
            else:
                self._paint(child, part)


def _tint(colour: str) -> str:
    """A colour of which 14 hundredths are mixed into white."""
    channels = [int(colour[1:][at : at + 2], 16) for at in (0, 2, 4)] if len(colour) == 7 else [0, 0, 0]
    return "#" + "".join(f"{round(255 - 0.14 * (255 - channel)):02x}" for channel in channels)

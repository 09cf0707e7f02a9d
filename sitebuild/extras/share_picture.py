"""The picture of a page for those who are sent its link: its first figure as a PNG, 1200 × 630, on white.

resvg draws the SVG that the page shows, in DejaVu Sans, by whose metrics it was laid out. Chinese words are drawn in
Noto Sans SC, which npm brings in slices of a few hundred characters.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from sitebuild.base import store
from sitebuild.base.problems import Problem, SiteError
from sitebuild.programs import runner

Name = TypeVar("Name")
PICTURE = "picture.png"  # how they are kept
PACKAGE = "@fontsource-variable/noto-sans-sc"
WIDTH, HEIGHT, MARGIN = 1200, 630, 32  # what every network shows whole; pixels
CHINESE = 0x2E80  # the first code point of the CJK blocks


def draw(figures: Mapping[Name, str], cache: Path, packages: Path) -> dict[Name, bytes]:
    """The pictures of `figures`, SVG by any name; each is drawn once and kept in `cache`. Raises SiteError if the
    font is not among npm's `packages`."""
    by = _drawn_by(packages)
    drawn = {svg: store.kept(store.place(cache, PICTURE, (by, svg))) for svg in figures.values()}
    missing = [svg for svg, picture in drawn.items() if picture is None]
    if missing:
        slices = [list(_slices(svg, packages)) for svg in missing]
        with runner.pool() as pool:
            drawn |= zip(missing, pool.map(partial(_drawn, by=by, cache=cache), missing, slices), strict=True)
    return {name: drawn[svg] for name, svg in figures.items()}


def _drawn_by(packages: Path) -> str:
    """A digest of all that shapes a picture besides the figure."""
    package = packages / PACKAGE / "package.json"
    noto = json.loads(package.read_text(encoding="utf-8"))["version"] if package.is_file() else ""
    drawn_by = f"{noto} {version('matplotlib')} {version('resvg-py')}"
    return hashlib.sha256(Path(__file__).read_bytes() + drawn_by.encode()).hexdigest()


def _slices(svg: str, packages: Path) -> Iterator[Path]:
    """The font's files that hold the Chinese characters of a figure."""
    package = packages / PACKAGE
    left = {ord(char) for char in svg if ord(char) >= CHINESE}
    if left and not (package / "unicode.json").is_file():
        reason = f"{PACKAGE}, the font of Chinese words in pictures, is not installed: run `make setup`"
        raise SiteError(Problem(packages.name, 0, reason))
    for name, ranges in json.loads((package / "unicode.json").read_text(encoding="utf-8")).items() if left else ():
        bounds = (part.removeprefix("U+").partition("-") for part in ranges.split(","))
        held = {point for first, _, last in bounds for point in range(int(first, 16), int(last or first, 16) + 1)}
        if held & left:
            yield package / "files" / f"{package.name}-{name.strip('[]')}-wght-normal.woff2"
            left -= held


# -- in processes of their own -----------------------------------------------------------------------------


def _drawn(svg: str, slices: list[Path], by: str, cache: Path) -> bytes:
    """The picture of a figure, from now on kept in `cache`."""
    return store.cached(cache, PICTURE, (by, svg), lambda: png(svg, [_unpacked(file, by, cache) for file in slices]))


def _unpacked(file: Path, by: str, cache: Path) -> Path:
    """The font of a WOFF2 file as a TrueType file: resvg reads nothing else."""
    from fontTools.ttLib import TTFont

    def unpacked() -> bytes:
        font, out = TTFont(file), io.BytesIO()
        font.flavor = None
        font.save(out)
        return out.getvalue()

    store.cached(cache, f"{file.stem}.ttf", by, unpacked)
    return store.place(cache, f"{file.stem}.ttf", by)


def png(svg: str, fonts: Iterable[Path]) -> bytes:
    """A figure of a page as a picture; `fonts` for its Chinese words."""
    import resvg_py

    matplotlib = Path(importlib.util.find_spec("matplotlib").origin).parent
    latin = matplotlib / "mpl-data/fonts/ttf/DejaVuSans.ttf"
    svg = re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", svg)  # resvg knows no variables of CSS
    inside = f'x="{MARGIN}" y="{MARGIN}" width="{WIDTH - 2 * MARGIN}" height="{HEIGHT - 2 * MARGIN}"'
    svg = svg.replace("<svg ", f"<svg {inside} ", 1)
    page = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{svg}</svg>'
    return resvg_py.svg_to_bytes(
        svg_string=page, background="white", skip_system_fonts=True, font_family="DejaVu Sans",
        font_files=[str(font) for font in (latin, *fonts)],
    )  # fmt: skip

"""The pages of one language as the chapters of a book: no buttons, nothing folded, every figure in light colours."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import lxml.html
import markdown
from lxml import etree
from mkdocs.config import load_config

from books.drawings import Light
from sitebuild.base.html_elements import elements
from sitebuild.base.markdown import scan
from sitebuild.pages.links import address

# What only a page on a screen has: downloads, sliders, hints, data for search engines, spaces for a browser.
LEFT_OUT = (
    "script", "i[@hidden]", "label", "*[@class='run']", "p[a[contains(@class, 'program')]]",
    "p[contains(@class, 'take-along')]", "figure[@class='diagram']/div/p", "details[@class='program']/summary",
)  # fmt: skip
ALIKE = {"details": "div", "summary": "p", "bdi": "span"}  # books fold nothing


@dataclass(frozen=True)
class Chapter:
    """A page. `name` is its path in one word, lstm-gates; `part` the heading above it in the navigation, "" for none;
    `body` a <section>, in which links to other chapters read lstm-gates.xhtml#why."""

    name: str
    part: str
    title: str
    body: etree._Element


@dataclass(frozen=True)
class Book:
    """The site in one language. `date` is that of its sources, `home` its address."""

    lang: str
    title: str
    description: str
    rights: str
    home: str
    date: str
    chapters: list[Chapter]


def read(staged: Path, lang: str) -> Book:
    """The book of what `sitebuild stage` wrote to `staged`."""
    config = load_config(str(staged / f"{lang}.yml"))
    entries = []  # (part, path)
    for entry in config.nav:
        part, paths = next(iter(entry.items())) if isinstance(entry, dict) else ("", [entry])
        entries += [(part, PurePosixPath(path)) for path in pages_of(paths)]
    names = {path: "-".join(path.with_suffix("").parts) for _, path in entries}
    config.mdx_configs["toc"].pop("permalink")
    made = markdown.Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    light = Light(Path(config.theme.custom_dir) / "assets")
    chapters = []
    for part, path in entries:
        text = (staged / lang / path).with_suffix(".md").read_text(encoding="utf-8")
        html = made.reset().convert(text[scan(text).body_start :])
        body = section(html, light)
        _lead(body, path, names, config.site_url)
        chapters.append(Chapter(names[path], part, " ".join(body.find("h1").itertext()), body))
    date = config.extra["built"]["date"]
    return Book(lang, config.site_name, config.site_description, config.copyright, config.site_url, date, chapters)


def pages_of(navigation: Iterable) -> Iterator[str]:
    """The pages of a part of the navigation, in order, whether it gives them titles or sections of their own."""
    for entry in navigation:
        if isinstance(entry, dict):
            (inside,) = entry.values()
            yield from [inside] if isinstance(inside, str) else pages_of(inside)
        else:
            yield entry


def section(html: str, light: Light) -> etree._Element:
    """A page's HTML as a <section>, without what a book does not need."""
    drawings = [one for one in elements(html) if one.name == "svg"]
    svgs = [light.drawing(html[one.start : one.end]) for one in drawings]
    for number, one in reversed([*enumerate(drawings)]):  # a parser of HTML would write viewBox in small letters
        html = f'{html[: one.start]}<img data-svg="{number}">{html[one.end :]}'
    body = lxml.html.fragment_fromstring(html, create_parent="section")
    for image in body.xpath(".//img[@data-svg]"):
        image.getparent().replace(image, svgs[int(image.get("data-svg"))])
    for path in LEFT_OUT:
        for one in body.xpath(f".//{path}"):
            one.drop_tree()
    for folded in body.xpath(".//details[@class='program']"):
        folded.drop_tag()
    for comment in body.xpath(".//comment()"):
        comment.drop_tree()
    for formula in body.xpath(".//bdi[@data-tex]"):
        maths = next(formula.iter("math"))
        maths.set("alttext", formula.get("data-tex"))
        if "math-display" in formula.get("class"):
            maths.set("display", "block")
        maths.tail = None
        formula[:] = [maths]
    for one in body.iter(etree.Element):
        if one.tag == "summary":
            one.set("class", "admonition-title")
        elif one.tag == "details":
            one.set("class", f"admonition {one.get('class')}")
        one.tag = ALIKE.get(one.tag, one.tag)
        for name in [name for name in one.attrib if name.startswith(("data-", "aria-live"))]:
            if name not in ("data-part", "data-label", "data-snippet"):
                del one.attrib[name]
        if one.get("id"):
            one.set("id", _name(one.get("id")))
    return body


def _lead(body: etree._Element, path: PurePosixPath, names: dict[PurePosixPath, str], home: str) -> None:
    """Let links lead to chapters, and what is no chapter to the site at `home`. A lab is written with the addresses
    of the site, a page with those of files."""
    chapters = {str(file): name for file, name in names.items()} | {address(file): name for file, name in names.items()}
    base = PurePosixPath(address(path)) if path.suffix == ".ipynb" else path.parent
    for link in body.iter("a"):
        to, mark, anchor = link.get("href", "").partition("#")
        for name in ("target", "download", "rel"):
            link.attrib.pop(name, None)
        if urlsplit(to).scheme:
            continue
        file = posixpath.normpath(posixpath.join(base, to)) if to else str(path)
        chapter = chapters.get(file) or chapters.get(f"{file}/")
        anchor = f"{mark}{_name(anchor)}" if anchor else ""
        link.set("href", f"{chapter}.xhtml{anchor}" if chapter else home + file + mark + anchor)


def _name(anchor: str) -> str:
    """An id as XML has it: it begins with a letter."""
    return anchor if anchor[0].isalpha() else f"n{anchor}"

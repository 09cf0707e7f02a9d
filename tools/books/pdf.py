"""A book as PDF: pandoc turns its chapters into Typst, Typst sets the pages."""

from __future__ import annotations

import copy
import html
import itertools
import re
import shutil
import tempfile
from pathlib import Path

import pypandoc
import typst
from lxml import etree

from books.chapters import Book, Chapter

HERE = Path(__file__).parent
HEADING = re.compile("h[1-5]")
SVG = "{http://www.w3.org/2000/svg}svg"
SIZED = re.compile(r"#scale\(x: (\d+%), y: \1\)\[(\\.|[\w.]+)\]")  # pandoc writes a delimiter as text there
INSIDE = re.compile(r"([\w-]+)\.xhtml(?:#(.*))?")


def write(book: Book, file: Path, fonts: list[Path]) -> bytes:
    """Write the book to `file`, set in what the folders `fonts` hold. Gives its first page, a PNG."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        parts, part = [], ""
        for chapter in book.chapters:
            if chapter.part != part:
                part = chapter.part
                parts.append(f'<h1 id="part-{len(parts)}">{html.escape(part)}</h1>')
            parts.append(_for_pandoc(chapter, work))
        options = ["--wrap=none", "--fail-if-warnings", f"--lua-filter={HERE / 'book.lua'}"]
        body = pypandoc.convert_text("\n".join(parts), "typst", "html", extra_args=options)
        body = SIZED.sub(r"lr(size: #\1, \2)", body.replace("dot.circle", "dot.o"))
        shutil.copy(HERE / "book.typ", work)
        said = {name: getattr(book, name) for name in ("lang", "title", "description", "rights", "home", "date")}
        start = '#import "book.typ": *\n'
        for name, text in ("main", f"{start}#show: book\n{body}"), ("cover", f"{start}#cover"):
            (work / f"{name}.typ").write_text(text, encoding="utf-8")
        settings = {"root": work, "font_paths": fonts, "ignore_system_fonts": True, "sys_inputs": said}
        file.write_bytes(typst.compile(work / "main.typ", **settings))
        return typst.compile(work / "cover.typ", format="png", ppi=110, **settings)


def _for_pandoc(chapter: Chapter, work: Path) -> str:
    """The chapter as HTML that pandoc understands, its figures as files in `work`."""
    body = copy.deepcopy(chapter.body)
    title, number = body.find("h1").get("id"), itertools.count()
    for figure in body.xpath(".//figure[div[@data-label]]"):
        found = figure.xpath("div[@data-label]")
        frames = etree.Element("div", {"class": "frames"})
        figure.insert(0, frames)
        frames.extend(found)
    for one in list(body.iter(etree.Element)):
        if one.get("id"):
            one.set("id", chapter.name if one.get("id") == title else f"{chapter.name}--{one.get('id')}")
        if one.tag == "a" and (inside := INSIDE.fullmatch(one.get("href", ""))):
            one.set("href", "#" + inside[1] + (f"--{inside[2]}" if inside[2] else ""))
        elif HEADING.fullmatch(one.tag):
            one.tag = f"h{int(one.tag[1]) + 1}"
        elif one.tag == SVG:
            name = f"{chapter.name}-{next(number)}.svg"
            (work / name).write_bytes(etree.tostring(one, with_tail=False))
            _replace(one, etree.Element("img", src=name, alt=one.get("aria-label", "")))
        elif one.tag == "math":
            mode = "; mode=display" if one.get("display") else ""
            formula = etree.Element("script", type=f"math/tex{mode}")
            formula.text = one.get("alttext").replace(r"\|", r"\Vert ")  # \| would be a relation
            _replace(one, formula)
        elif one.tag == "pre":
            kind = "python" if "language-python" in one.getparent().get("class", "") else "output"
            code = etree.Element("pre", {"class": kind})
            code.text = "".join(one.itertext())
            _replace(one, code)
        elif one.tag == "code" and one.getparent().tag == "li" and one.getparent().get("data-part"):
            one.addprevious(etree.Element("br"))
    return "".join(etree.tostring(one, encoding="unicode", method="html") for one in body)


def _replace(old: etree._Element, new: etree._Element) -> None:
    new.tail = old.tail
    old.getparent().replace(old, new)

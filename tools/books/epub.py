"""A book as EPUB 3. The same bytes whenever it is made of the same pages."""

from __future__ import annotations

import copy
import html
import io
import uuid
import zipfile
from pathlib import Path

from lxml import etree

from books.chapters import Book, Chapter
from sitebuild.base import archive

HERE = Path(__file__).parent
TYPE = "application/epub+zip"
LANGUAGE = {"zh": "zh-Hans", "en": "en"}
WORDS = {
    "zh": {
        "contents": "目录",
        "cover": "封面",
        "access": "图都有文字说明，公式用 MathML，章节可以从目录进入。没有只靠颜色或声音传达的内容。",
    },
    "en": {
        "contents": "Contents",
        "cover": "Cover",
        "access": "Figures are described in words, formulas are MathML, the table of contents leads to all sections. "
        "Nothing is told by colour or sound alone.",
    },
}
ACCESS = {
    "accessMode": ["textual", "visual"],
    "accessModeSufficient": ["textual,visual", "textual"],
    "accessibilityFeature": [
        "alternativeText", "displayTransformability", "MathML", "readingOrder", "structuralNavigation",
        "tableOfContents",
    ],
    "accessibilityHazard": ["none"],
}  # fmt: skip
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" xml:lang="{lang}">
<head><title>{title}</title><link rel="stylesheet" href="book.css"/></head>
<body><main>{body}</main></body>
</html>
"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{lang}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{metadata}
</metadata>
<manifest>
{items}
</manifest>
<spine>
{spine}
</spine>
</package>
"""


def write(book: Book, cover: bytes, file: Path) -> None:
    """Write the book to `file`; `cover` is a PNG."""
    words, lang = WORDS[book.lang], LANGUAGE[book.lang]

    def page(title: str, body: str) -> str:
        return PAGE.format(lang=lang, title=html.escape(title), body=body)

    picture = f'<h1 class="cover"><img src="cover.png" alt="{html.escape(book.title)}"/></h1>'
    pages = {"cover": page(words["cover"], picture)}
    for chapter in book.chapters:
        pages[chapter.name] = page(chapter.title, _body(chapter))
    contents = {"nav": page(words["contents"], _contents(book))}
    items = [
        '<item id="css" href="book.css" media-type="text/css"/>',
        '<item id="picture" href="cover.png" media-type="image/png" properties="cover-image"/>',
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
    ]
    for name, text in pages.items():
        has = " ".join(kind for kind, mark in (("mathml", "<math"), ("svg", "<svg")) if mark in text)
        properties = f' properties="{has}"' if has else ""
        items.append(f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"{properties}/>')
    order = ["cover", "nav", *list(pages)[1:]]
    package = PACKAGE.format(
        lang=lang,
        metadata="\n".join(_metadata(book)),
        items="\n".join(items),
        spine="\n".join(f'<itemref idref="{name}"/>' for name in order),
    )
    files = {"package.opf": package, "book.css": (HERE / "book.css").read_bytes(), "cover.png": cover}
    files |= {f"{name}.xhtml": text for name, text in (contents | pages).items()}
    packed = {"mimetype": TYPE, "META-INF/container.xml": CONTAINER}
    packed |= {f"book/{name}": content for name, content in files.items()}
    file.write_bytes(_zip(packed))


def _metadata(book: Book) -> list[str]:
    """The book's name, languages and access, as elements."""
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"lstm-by-experiment.{book.lang}")
    said = [("title", book.title), ("language", LANGUAGE[book.lang]), ("description", book.description)]
    said += [("creator", book.title), ("rights", book.rights), ("date", book.date), ("source", book.home)]
    lines = [f'<dc:identifier id="id">urn:uuid:{name}</dc:identifier>']
    lines += [f"<dc:{name}>{html.escape(text)}</dc:{name}>" for name, text in said]
    lines.append(f'<meta property="dcterms:modified">{book.date}T00:00:00Z</meta>')
    access = ACCESS | {"accessibilitySummary": [WORDS[book.lang]["access"]]}
    return lines + [f'<meta property="schema:{name}">{text}</meta>' for name, texts in access.items() for text in texts]


def _contents(book: Book) -> str:
    """The table of contents: parts, chapters, sections."""
    lists, part = [], ""
    for chapter in book.chapters:
        if chapter.part != part:
            lists.append("</ol></li>" if part else "")
            lists.append(f"<li><span>{html.escape(chapter.part)}</span><ol>" if chapter.part else "")
            part = chapter.part
        to = f"{chapter.name}.xhtml"
        sections = "".join(
            f'<li><a href="{to}#{one.get("id")}">{html.escape(" ".join("".join(one.itertext()).split()))}</a></li>'
            for one in chapter.body.iter("h2")
        )
        sections = f"<ol>{sections}</ol>" if sections else ""
        lists.append(f'<li><a href="{to}">{html.escape(chapter.title)}</a>{sections}</li>')
    lists.append("</ol></li>" if part else "")
    title = WORDS[book.lang]["contents"]
    return f'<nav epub:type="toc" role="doc-toc" id="toc"><h1>{title}</h1><ol>{"".join(lists)}</ol></nav>'


def _body(chapter: Chapter) -> str:
    body = copy.deepcopy(chapter.body)
    for formula in body.xpath(".//math[@display]"):
        _break(formula)
    for formula in body.xpath(".//*[contains(@class, 'math-display')]"):
        formula.set("tabindex", "0")  # where it is wider than the screen, a keyboard can move it
    section = etree.tostring(body, encoding="unicode", with_tail=False)
    return section.replace("<section", '<section epub:type="chapter" role="doc-chapter"', 1)


def _break(formula: etree._Element) -> None:
    """Make several formulas of one that has wide spaces, so that a small screen can set them one below the other. The
    words for all of it stay with the first."""
    row = formula.find("semantics/mrow")
    spaces = [] if row is None else [one for one in row.findall("mspace") if one.get("width") in ("1em", "2em")]
    if not spaces:
        return
    del formula.attrib["display"]
    formula.set("displaystyle", "true")
    rest = formula
    for space in spaces:
        more = etree.Element("math", {"xmlns": formula.get("xmlns"), "displaystyle": "true"})
        inside = etree.SubElement(more, "mrow")
        inside.extend(list(space.itersiblings()))
        space.getparent().remove(space)
        rest.tail = " \u2003"
        rest.addnext(more)
        rest = more


def _zip(files: dict[str, str | bytes]) -> bytes:
    """The first of the files is the one that says what this is: stored as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, (path, content) in enumerate(files.items()):
            entry = zipfile.ZipInfo(path, archive.DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            packed.writestr(entry, content, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
    return out.getvalue()

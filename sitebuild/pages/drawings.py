"""A diagram on its page: the picture in the page's language, and the list of its parts with equation and code."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET

from sitebuild.base.markdown import scan
from sitebuild.base.words import Words
from sitebuild.pages.context import Context, Place
from sitebuild.pages.program import inline, without_links
from sitebuild.sources.blocks import Block, blocks
from sitebuild.sources.diagram import SVG, Diagram, Part, lines_of_code


def shown(block: Block, place: Place, context: Context) -> str:
    """One <figure>: the picture, its caption, the list of its parts."""
    drawn = context.diagram(block.name)
    if not block.caption:
        raise ValueError(f"the diagram {block.name}.svg needs a caption")
    without_links(block.caption)
    others = [(other.kind, other.name) for other in blocks(place.markdown, "")]
    if others.count(("diagram", block.name)) > 1:
        raise ValueError(f"the diagram {block.name}.svg stands twice on this page")
    if others.count(("snippet", drawn.snippet)) != 1:
        raise LookupError(f"the diagram {block.name}.svg needs its program {drawn.snippet}.py on this page, once")
    source = context.sources.snippets[drawn.snippet].source(context.lang)
    rows = listed(drawn, context.words, place.markdown, source)
    drawing = picture(drawn, context.words)
    return (
        f'<figure class="diagram" data-search-exclude>\n{drawing}\n<div>\n{rows}\n</div>\n'
        f"<figcaption>{inline(block.caption)}</figcaption>\n</figure>"
    )


def picture(diagram: Diagram, words: Words) -> str:
    """The SVG in one language, on one line. Its parts are links to their rows in the list."""
    root = ET.fromstring(diagram.text)
    parts = {part.key: part for part in diagram.parts}
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.tail = None
        twin = element.attrib.pop("data-zh", "")
        if element.tag == "text" and twin and words.lang == "zh":
            element.text = twin
        element.text = element.text if element.text and element.text.strip() else None
        if element.tag == "a":
            part = parts[element.get("data-part")]
            label = words["diagram.opens"].format(name=part.name[words.lang], part=part.key)
            element.attrib = {"data-part": part.key, "href": f"#{row_id(diagram, part)}", "aria-label": label}
        elif element is root:
            title = twin if words.lang == "zh" else element.get("data-name")
            element.attrib = {"viewBox": element.get("viewBox"), "role": "group", "aria-label": title}
    for child in root:
        if child.tag != "a":
            child.set("aria-hidden", "true")
    return ET.tostring(root, encoding="unicode").replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def listed(diagram: Diagram, words: Words, markdown: str, source: str) -> str:
    """The list below the picture: each part's name, equation (as `$…$`) and code, in the order of the equations.

    `markdown` is the page, `source` the diagram's program in this language. Raises LookupError if the page has
    no row for a part, or more than one.
    """
    rows = []
    for part in diagram.parts:
        found = equations(markdown, part.row)
        if len(found) != 1:
            reason = f"{len(found)} rows of the page's aligned equations begin with {part.row}"
            raise LookupError(f"{reason}: the part {part.key!r} of {diagram.name}.svg needs exactly one")
        place, latex = found[0]
        code = [html.escape(line, quote=False) for line in lines_of_code(part, source)]
        if part.term:
            code[-1] = code[-1].replace(part.term, f"<mark>{part.term}</mark>")
        shown = "".join(f"<code>{line}</code>" for line in code)
        row = f'<li id="{row_id(diagram, part)}" data-part="{part.key}">'
        name = f"<b>{part.name[words.lang]}</b>{words['diagram.colon']}"
        rows.append((place, f"{row}{name}<span>${latex}$</span>{shown}</li>"))
    items = "\n".join(row for _, row in sorted(rows))
    return f'<p>{words["diagram.hint"]}</p>\n<ul aria-live="polite">\n{items}\n</ul>'


def equations(markdown: str, begins: str) -> list[tuple[int, str]]:
    """(place, LaTeX) of each row of the page's `aligned` equations whose left side is `begins`, without remarks."""
    found = []
    for formula in scan(markdown).formulas:
        body = re.fullmatch(r"\\begin\{aligned\}(.*)\\end\{aligned\}", formula.latex, re.S)
        if not formula.display or not body:
            continue
        for number, row in enumerate(re.split(r"\\\\", body[1])):
            left, _, right = row.split("&&")[0].partition("&")
            if left.strip() == begins:
                found.append((formula.start + number, " ".join(f"{left} {right}".split())))
    return found


def row_id(diagram: Diagram, part: Part) -> str:
    return f"{diagram.name.replace('/', '-')}-{part.key}"

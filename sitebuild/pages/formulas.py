r"""LaTeX between $…$ and $$…$$ becomes HTML with MathML inside, by KaTeX, when the site is built.

Readers load a style sheet and a few fonts, no script.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from sitebuild.base import node, store
from sitebuild.base.markdown import replace, scan

HERE = Path(__file__).parent
# the Chinese comma, full stop, semicolon, colon, marks, closing brackets and quotes
CLOSING = tuple("\uff0c\u3002\uff1b\uff1a\uff1f\uff01\uff09\u3001\u300d\u300b\u201d")
INLINE = {"KaTeX_Main-Regular", "KaTeX_Math-Italic", *(f"KaTeX_Size{n}-Regular" for n in (1, 2, 3))}
# whose characters elements of one class alone are drawn with; what all others hold, any element may need
OWN = {"mathnormal": "KaTeX_Math", "mathbb": "KaTeX_AMS", "amsrm": "KaTeX_AMS", "mathcal": "KaTeX_Caligraphic"}
WHOLE = "<i hidden></i>"  # after a displayed formula: while it still arrives, nothing follows it, and site.css hides it
BASES_KEPT = 2  # a formula of more parts is better broken than pushed to the next line
# What Markdown would read as markup inside the text of KaTeX's HTML.
ENTITIES = {character: f"&#{ord(character)};" for character in r"\`*_{}[]()#+!|~^$:"}


class RefusedFormulasError(Exception):
    """All formulas that KaTeX refuses: `errors` maps (latex, display) to the reason."""

    def __init__(self, errors: dict[tuple[str, bool], str]):
        super().__init__("; ".join(f"{latex}: {reason}" for (latex, _), reason in errors.items()))
        self.errors = errors


def render(wanted: Iterable[tuple[str, bool]], cache: Path, katex: Path) -> dict[tuple[str, bool], str]:
    """The HTML of each (latex, display). `katex` is the package's folder, `cache` a folder for what is typeset.

    Starts Node once if anything is not in the cache, else not at all. Raises RefusedFormulasError, or SiteError where
    Node or KaTeX is missing.
    """
    wanted = list(dict.fromkeys(wanted))
    file = cache / f"formulas-{_machinery(katex)}.json"
    known = {(latex, display): made for latex, display, made in json.loads(store.kept(file) or b"[]")}
    missing = [key for key in wanted if key not in known]
    if missing:
        errors = {}
        answers = json.loads(node.answer(HERE / "katex.mjs", missing, katex.parent, "KaTeX"))
        for key, answer in zip(missing, answers, strict=True):
            if "error" in answer:
                errors[key] = answer["error"].replace("KaTeX parse error: ", "")
            else:
                known[key] = answer["html"]
        if errors:
            raise RefusedFormulasError(errors)
        store.keep(file, json.dumps([[*key, known[key]] for key in wanted]).encode())
    return {key: known[key] for key in wanted}


def typeset(markdown: str, rendered: Mapping[tuple[str, bool], str]) -> str:
    """The page with each formula replaced by its HTML, written so that Markdown passes it through unchanged, and with
    each `\\$` as the dollar that it stands for.

    <bdi> keeps the formula together and, unlike <span>, keeps it out of the search index; its LaTeX is what a reader
    copies (overrides/assets/site.js).
    """
    scanned = scan(markdown)
    changes = [(dollar.start, dollar.end, "$") for dollar in scanned.escaped_dollars]
    for formula in scanned.formulas:
        kind, end = ("math math-display", WHOLE) if formula.display else ("math", "")
        made = rendered[formula.latex, formula.display]
        attributes = f'class="{kind}" data-tex="{_attribute(formula.latex)}" data-search-exclude'
        element = f"<bdi {attributes}>{_inert(made)}{end}</bdi>"
        at = formula.end
        # No line of Chinese begins with its punctuation; browsers break before it after KaTeX's boxes.
        if markdown[at : at + 1] in CLOSING and made.count('class="katex-base"') <= BASES_KEPT:
            element = f'<span class="math-kept">{element}{markdown[at]}</span>'
            at += 1
        changes.append((formula.start, at, element))
    return replace(markdown, changes)


def stylesheet_and_fonts(katex: Path, cache: Path, htmls: Iterable[str]) -> dict[str, bytes]:
    """KaTeX's style sheet and the fonts that `htmls` use, by path; from the `cache` where nothing changed.

    Each font holds only the characters that occur in any formula. Only WOFF2: every browser that runs the theme
    reads it. The fonts that most pages need stand in the style sheet itself (INLINE): one that comes later would
    move the lines.
    """
    css = (katex / "dist/katex.min.css").read_text(encoding="utf-8")
    htmls = list(htmls)
    characters = _characters(htmls)
    classes = {name for text in htmls for names in re.findall(r'class="([^"]+)"', text) for name in names.split()}
    faces = _faces(css, classes)
    state = _machinery(katex), Path(__file__).read_bytes(), sorted(faces), characters
    kept = store.cached(cache, "katex.json", state, lambda: _subsets(css, katex, faces, characters))
    return {path: base64.b64decode(data) for path, data in json.loads(kept).items()}


def _subsets(css: str, katex: Path, faces: set[str], characters: Mapping[str, str]) -> bytes:
    """The style sheet with the `faces` alone, and their fonts with their characters alone, as JSON by path."""
    made: dict[str, bytes] = {}

    def face(match: re.Match) -> str:
        name = re.search(r"url\(fonts/(KaTeX_[\w-]+)\.woff2\)", match[0])[1]
        if name not in faces:
            return ""
        source = f"fonts/{name}.woff2"
        family = name.partition("-")[0]
        font = _subset(katex / "dist" / source, characters[family if family in OWN.values() else ""])
        if name in INLINE:
            source = "data:font/woff2;base64," + base64.b64encode(font).decode()
        else:
            made[source] = font
        return re.sub(r"src:[^;}]*", f'src:url({source}) format("woff2")', match[0])

    made["katex.min.css"] = re.sub(r"@font-face\{[^}]*\}", face, css).encode()
    return json.dumps({path: base64.b64encode(data).decode() for path, data in sorted(made.items())}).encode()


def _faces(css: str, classes: set[str]) -> set[str]:
    """The files of KaTeX's fonts, without ending, that elements with these classes may be drawn with."""
    faces = {"KaTeX_Main-Regular"}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        family = re.search(r"font(?:-family)?:[^;]*?(KaTeX_\w+)", body)
        style = ("Bold" if "font-weight:700" in body else "") + ("Italic" if "font-style:italic" in body else "")
        parts = [set(re.findall(r"\.([\w-]+)", selector)) for selector in selectors.split(",")]
        if "@font-face" not in selectors and (family or style) and any(part and part <= classes for part in parts):
            faces.add(f"{family[1] if family else 'KaTeX_Main'}-{style or 'Regular'}")
    return faces


def _characters(htmls: Iterable[str]) -> dict[str, str]:
    """What is drawn with each of the families in OWN, and with all others (""), sorted."""
    drawn: dict[str, set[str]] = {family: set() for family in ("", *OWN.values())}
    for text in htmls:
        seen = re.sub(r"<math.*?</math>", "", text, flags=re.S)  # the MathML inside is not drawn
        for tag, characters in re.findall(r"(<[^>]*>)([^<]+)", seen):
            own = next((family for name, family in OWN.items() if name in tag), "")
            drawn[own].update(html.unescape(characters))
    return {family: "".join(sorted(found)) for family, found in drawn.items()}


def _subset(source: Path, characters: str) -> bytes:
    """The font `source` with only those of its glyphs that draw `characters`; the same bytes on every run."""
    from fontTools import subset

    options = subset.Options(flavor="woff2", hinting=False, notdef_outline=True, recalc_timestamp=False)
    options.layout_features = []
    options.name_IDs = []
    options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB", "gasp", "kern"]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    made = io.BytesIO()
    subset.save_font(font, made, options)
    return made.getvalue()


def _attribute(latex: str) -> str:
    """LaTeX as the value of an attribute, with no character that Markdown would read before it sees the tag."""
    return re.sub(r"[&<>\"\\`\[\]!|\n]", lambda match: f"&#{ord(match[0])};", latex)


def _inert(html: str) -> str:
    """KaTeX's HTML without its LaTeX source, and with no character between tags that Markdown would read."""
    html = re.sub(r"<annotation .*?</annotation>", "", html, flags=re.S).replace("\n", " ")
    parts = re.split(r"(<[^>]*>|&[#\w]+;)", html)
    return "".join(part if i % 2 else "".join(ENTITIES.get(c, c) for c in part) for i, part in enumerate(parts))


def _machinery(katex: Path) -> str:
    """A short digest of what shapes the HTML: KaTeX's version and our call of it."""
    package = katex / "package.json"
    version = json.loads(package.read_text(encoding="utf-8"))["version"] if package.is_file() else "none"
    return hashlib.sha256(version.encode() + (HERE / "katex.mjs").read_bytes()).hexdigest()[:12]

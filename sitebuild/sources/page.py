"""One Markdown page: its snippets become code, output and figure, its quoted values become numbers. Pure.

```snippet rnn/spectral.py              {{ rnn/spectral:half_life:.1f }}
The caption (also the alt text).        {{ lstm/chrono:curves[chrono][-1]:.2f }}: an element, see sources/elements
```

```diagram lstm/cell.svg                A drawing whose parts light up with their equation and code: see diagrams.py.
What to see.
```
"""

from __future__ import annotations

import difflib
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath

import markdown as python_markdown

from sitebuild.base.markdown import replace as replaced
from sitebuild.base.markdown import scan
from sitebuild.base.markdown_blocks import CODE, FRONT, INDENTED
from sitebuild.base.problems import Problem, SiteError
from sitebuild.pages import formulas
from sitebuild.pages.placeholders import as_it_is
from sitebuild.programs.runner import Result
from sitebuild.sources import diagram as drawings
from sitebuild.sources import elements
from sitebuild.sources.snippet import Snippet

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
QUOTED = re.compile(rf"^\s*(?P<name>[\w/-]+)\s*:\s*(?P<value>{elements.PATTERN})\s*(?::(?P<format>[^{{}}]*?))?\s*$")
HEADING = re.compile(r"^(#{1,6})\s.*?(\{#[\w-]+\})?\s*$")
TITLE = re.compile(r"^\s*(#{1,6}\s|!!!|\?\?\?|===)")
DOWNLOAD = {"zh": "下载", "en": "Download"}
RUN = {"zh": ("运行", "修改"), "en": ("Run", "Edit")}
NOT_HERE = {
    "zh": "这一份网站没有带浏览器用的 Python，程序不能在页面里运行。",
    "en": "This copy of the site comes without Python for browsers, so the program cannot run in the page.",
}
FRAMES = {"zh": "选一幅图：", "en": "Choose a frame:"}
OTHER = {"zh": "换一个值：", "en": "Another value: "}
SUFFIX = {"snippet": ".py", "diagram": ".svg"}  # the blocks that show a file of snippets/
KINDS = (*SUFFIX, "answer", "cards", "table")  # all fences that are blocks of the site
EXPECTED_OUTPUT = "<!--pytest-codeblocks:expected-output-->"
LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)")


@dataclass(frozen=True)
class Block:
    """A ```snippet or ```diagram block: what it shows, its caption, its lines (0-based, end exclusive)."""

    kind: str
    name: str
    caption: str
    indent: str
    start: int
    end: int


@dataclass(frozen=True)
class Quote:
    """A value in prose, or an element of one: {{ name:value:format }}, {{ name:value[key]:format }}."""

    name: str
    value: str
    format: str
    line: int


def blocks(markdown: str, path: str) -> list[Block]:
    """The snippet blocks of a page, in order. Raises SiteError on one that is malformed, or a raw Python fence."""
    return [block for block in _blocks(markdown, path) if block.kind == "snippet"]


def diagrams(markdown: str, path: str) -> list[Block]:
    """The diagram blocks of a page, in order. Raises SiteError, see `blocks`."""
    return [block for block in _blocks(markdown, path) if block.kind == "diagram"]


def _blocks(markdown: str, path: str) -> list[Block]:
    found, problems = [], []
    scanned = scan(markdown)
    for fence in scanned.fences:
        info = fence.info.strip(" ")
        kind, _, argument = info.partition(" ")
        reason = ""
        if not fence.closed:
            reason = f"the block {fence.marks}{info} is never closed"
        elif kind in SUFFIX and ">" in fence.prefix:
            reason = f"a ```{kind} block does not stand in a quote"
        elif kind in SUFFIX:
            name = argument.strip()
            if not re.fullmatch(rf"[\w/-]+\{SUFFIX[kind]}", name):
                reason = f"not the name of a {kind} (folder/name{SUFFIX[kind]}): {name!r}"
            caption = " ".join(line.strip() for line in fence.body.split("\n")).strip()
            found.append(
                Block(kind, name.removesuffix(SUFFIX[kind]), caption, fence.prefix, fence.line - 1, fence.last)
            )
        elif kind not in KINDS:
            reason = _mistaken(info)
        if reason:
            problems.append(Problem(path, fence.line, reason))
    for span in scanned.spans:  # a fence that Markdown does not take for one
        first = markdown[span.start : span.end].split("\n")[0]
        opening = re.match(r"[> \t]*(?:`{3,}|~{3,})(.+)", first)
        if (
            span.kind in (INDENTED, CODE)
            and opening
            and (span.kind == INDENTED or "\n" in markdown[span.start : span.end])
        ):
            info = opening[1].strip()
            if _mistaken(info) or info.partition(" ")[0] in KINDS:
                reason = (
                    f"a ``` block begins on a line of its own, indented like the text around it: here {info!r} is code"
                )
                problems.append(Problem(path, span.line, reason))
    if problems:
        raise SiteError(problems)
    return found


def _mistaken(info: str) -> str:
    """What is wrong with a fence that looks like a block of ours, or like a program that nobody runs; else ""."""
    plain = unicodedata.normalize("NFKC", info).casefold()
    listed = re.match(r".*?\{[^}]*?\.([\w-]+)", plain) or re.match(r"[\W_]*([\w-]+)", plain)
    word = listed[1] if listed else ""
    if word.startswith(("py", "ipython")):
        reason = "a Python program belongs in snippets/ and onto the page as a ```snippet block"
        return reason if info == "python" else f"{reason}; and pytest-codeblocks would skip the fence {info!r}"
    near = difflib.get_close_matches(word, KINDS, 1, 0.8)
    if not near:
        return ""
    argument = plain[listed.end() :].strip(" :}")
    return f"the fence {info!r} is no block of this site; the nearest is ```{f'{near[0]} {argument}'.strip()}"


def quotes(markdown: str, path: str) -> list[Quote]:
    """The values a page quotes, in order. Raises SiteError on one that is malformed."""
    found, problems = [], []
    for placeholder in scan(markdown).placeholders:
        parts = QUOTED.match(placeholder.body) if placeholder.closed else None
        if parts:
            found.append(Quote(parts["name"], parts["value"], parts["format"] or "", placeholder.line))
        else:
            shown = markdown[placeholder.start : placeholder.end]
            reason = f"not a quoted value ({{{{ snippet:value:format }}}}): {shown}"
            problems.append(Problem(path, placeholder.line, reason))
    if problems:
        raise SiteError(problems)
    return found


def snippets_of(markdown: str, path: str) -> set[str]:
    """The names of all snippets that a page shows or quotes."""
    return {b.name for b in blocks(markdown, path)} | {q.name for q in quotes(markdown, path)}


def expand(
    markdown: str, lang: str, snippets: Mapping[str, Snippet], results: Mapping[tuple[str, str], Result], path: str,
    root: str = "", diagrams: Mapping[str, drawings.Diagram] | None = None, runs: bool = False,
    put_aside: Callable[[str], str] = as_it_is,
) -> str:  # fmt: skip
    """The page as plain Markdown: code, output and figure for each block, a number for each quoted value.

    `path` is for messages; `root` leads from the page's folder to the language's first ("../"); `runs` says that the
    site has what runs a program in a browser (see runtime.py); `put_aside` is given each drawing and returns what is
    to stand on the page (see aside.py). Raises SiteError with all that is wrong: a snippet, diagram or value that
    does not exist, a format that does not fit, a figure without caption, a caption without figure, a diagram whose
    equations or program are not on the page.
    """
    found = _blocks(markdown, path)
    problems: list[Problem] = []

    def quoted(text: str, line: int, plain: bool) -> str:
        """The caption `text` of the block on line `line`, its quoted values replaced by numbers."""
        changes = []
        for placeholder in scan(text).placeholders:
            quote = QUOTED.match(placeholder.body)
            try:
                number = _number(quote["name"], quote["value"], quote["format"] or "", lang, results, plain)
                changes.append((placeholder, number))
            except (LookupError, ValueError) as error:
                problems.append(Problem(path, line, error.args[0]))
        return replaced(text, changes)

    quotes(markdown, path)
    changes = []
    fences = {fence.line - 1: fence for fence in scan(markdown).fences}
    for block in found:
        fence = fences[block.start]
        try:
            block = replace(block, caption=quoted(block.caption, block.start + 1, plain=True))
            if block.kind == "diagram":
                text = _diagram(block, found, lang, diagrams or {}, snippets, markdown, put_aside)
            else:
                text = _shown(block, lang, snippets, results, root, runs, put_aside)
            changes.append((fence, "\n".join(block.indent + line if line else line for line in text.split("\n"))))
        except (LookupError, ValueError) as error:
            problems.append(Problem(path, block.start + 1, error.args[0]))
    inside = [(fence.start, fence.end) for fence, _ in changes]
    for placeholder in scan(markdown).placeholders:
        if any(start <= placeholder.start < end for start, end in inside):
            continue
        quote = QUOTED.match(placeholder.body)
        line = markdown[markdown.rfind("\n", 0, placeholder.start) + 1 :].split("\n", 1)[0]
        try:
            number = _number(
                quote["name"], quote["value"], quote["format"] or "", lang, results, bool(TITLE.match(line))
            )
            changes.append((placeholder, number))
        except (LookupError, ValueError) as error:
            problems.append(Problem(path, placeholder.line, error.args[0]))
    out = replaced(markdown, sorted(changes, key=lambda change: change[0].start))
    if problems:
        raise SiteError(problems)
    return out


def _shown(block: Block, lang: str, snippets, results, root: str, runs: bool, put_aside) -> str:
    if block.name not in snippets:
        raise LookupError(f"there is no snippet {block.name}.py")
    result = results[block.name, lang]
    if result.figures and not block.caption:
        raise ValueError(f"{block.name} draws a figure: the block needs a caption")
    if block.caption and not result.figures:
        raise ValueError(f"{block.name} draws no figure: the block must not have a caption")
    _without_links(block.caption)
    file = f"{block.name.rpartition('/')[2]}.py"
    parts = ["```python\n" + snippets[block.name].source(lang).rstrip("\n") + "\n```"]
    parts.append(
        f"{_buttons(block.name, lang, runs)} [{DOWNLOAD[lang]} `{file}`]({root}programs/{block.name}.py)"
        '{ .program download="" data-search-exclude="" }'
    )
    if result.stdout:
        parts.append(f"{EXPECTED_OUTPUT}\n\n```text\n{result.stdout.rstrip(chr(10))}\n```")
    if result.figures:
        parts.append(_figure(block, result, lang, snippets[block.name].parameter if runs else "", put_aside))
    return "\n\n".join(parts)


def _buttons(name: str, lang: str, runs: bool) -> str:
    """What overrides/assets/run.js runs and edits the program `name` with, or why it cannot be run."""
    if not runs:
        return f'<span class="run" data-search-exclude>{NOT_HERE[lang]}</span>'
    buttons = "".join(f'<button type="button">{word}</button> ' for word in RUN[lang])
    return f'<span class="run" data-search-exclude data-run="{name}">{buttons.rstrip()}</span>'


def _without_links(caption: str) -> None:
    if LINK.search(caption):
        raise ValueError("a caption must not hold links: they cannot be read out as alt text")


def _diagram(block: Block, found: list[Block], lang: str, diagrams, snippets, markdown: str, put_aside) -> str:
    """One <figure>: the picture, its caption, the list of its parts. Raises LookupError or ValueError."""
    if block.name not in diagrams:
        raise LookupError(f"there is no diagram {block.name}.svg")
    diagram = diagrams[block.name]
    if not block.caption:
        raise ValueError(f"the diagram {block.name}.svg needs a caption")
    _without_links(block.caption)
    shown = [(other.kind, other.name) for other in found]
    if shown.count(("diagram", block.name)) > 1:
        raise ValueError(f"the diagram {block.name}.svg stands twice on this page")
    if shown.count(("snippet", diagram.snippet)) != 1:
        raise LookupError(f"the diagram {block.name}.svg needs its program {diagram.snippet}.py on this page, once")
    if diagram.snippet not in snippets:
        raise LookupError(f"there is no snippet {diagram.snippet}.py")
    rows = drawings.listed(diagram, lang, markdown, snippets[diagram.snippet].source(lang))
    caption = python_markdown.markdown(block.caption).removeprefix("<p>").removesuffix("</p>")
    return (
        f'<figure class="diagram" data-search-exclude>\n{put_aside(drawings.picture(diagram, lang))}\n'
        f"<div>\n{rows}\n</div>\n<figcaption>{caption}</figcaption>\n</figure>"
    )


def _figure(block: Block, result: Result, lang: str, parameter: str, put_aside) -> str:
    """One <figure>: the frames, one below the other, and the caption. Holds no blank line: Markdown keeps it whole.

    Several frames get a slider, which style sheet and script (overrides/assets/site.js) bring to life; those of a
    `parameter` that the program names also a field, by which a reader has it draw one more (run.js).
    """
    alt = alt_text(block.caption)
    frames = []
    for figure in result.figures:
        label = f"{figure.label}: {alt}" if len(result.figures) > 1 else alt
        picture = put_aside(figure.svg).replace("<svg ", f'<svg role="img" aria-label="{html.escape(label)}" ', 1)
        if len(result.figures) > 1:
            shown = " shown" if not frames else ""
            picture = f'<div class="frame{shown}" data-label="{html.escape(figure.label)}">{picture}</div>'
        frames.append(picture)
    if len(frames) > 1:
        first, last = html.escape(result.figures[0].label), len(frames) - 1
        frames.append(
            f'<label class="slider">{FRAMES[lang]} <b aria-hidden="true">{first}</b>'
            f'<input type="range" min="0" max="{last}" value="0" autocomplete="off" aria-valuetext="{first}"></label>'
        )
        if parameter:
            symbol = html.escape(result.figures[0].label.rpartition("=")[0].strip() or parameter)
            frames.append(
                f'<label class="live">{OTHER[lang]}{symbol} = <input type="number" step="any" autocomplete="off" '
                f'data-parameter="{parameter}"></label>'
            )
    caption = python_markdown.markdown(block.caption).removeprefix("<p>").removesuffix("</p>")
    return (
        f'<figure class="plot" data-search-exclude data-snippet="{block.name}">\n'
        + "\n".join(frames)
        + f"\n<figcaption>{caption}</figcaption>\n</figure>"
    )


def picture_of(markdown: str, path: str) -> str:
    """The name of the snippet that draws the page's first figure, "" if none does: only a figure has a caption."""
    return next((block.name for block in blocks(markdown, path) if block.caption), "")


def first_alt(expanded: str) -> str:
    """The alt text of the first figure on an expanded page; "" if there is none."""
    found = re.search(r'<svg role="img" aria-label="([^"]*)"', expanded)
    return html.unescape(found[1]) if found else ""


def with_meta(markdown: str, meta: Mapping[str, object]) -> str:
    """The page with `meta` at the end of its front matter, as JSON: YAML reads that."""
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in meta.items())
    front = re.match(r"---\n(.*?)^---\n", markdown, re.S | re.M)
    return f"---\n{front[1] if front else ''}{lines}---\n{markdown[front.end() :] if front else markdown}"


def alt_text(caption: str) -> str:
    """The caption as plain text, for those who hear the page."""
    text = re.sub(r"\\(?:text|mathrm|operatorname)\{([^}]*)\}", r"\1", caption)
    text = re.sub(r"\\([a-zA-Z]+) ?", r"\1 ", text)
    text = re.sub(r"\*\*|[*`$]", "", text)
    return " ".join(text.split())


def _number(name: str, value: str, spec: str, lang: str, results, plain: bool) -> str:
    """The text of one quoted value. Raises LookupError or ValueError with the reason."""
    if (name, lang) not in results:
        raise LookupError(f"there is no snippet {name}.py to quote {value!r} from")
    try:
        found = elements.find(results[name, lang].values, value)
    except LookupError as error:
        raise LookupError(f"{name}.py has {error.args[0]}") from None
    if found in ("nan", "inf", "-inf"):
        raise ValueError(f"{name}:{value} is not finite ({found})")
    try:
        text = format(found, spec)
    except (ValueError, TypeError) as error:
        raise ValueError(f"the format {spec!r} does not fit {name}:{value} = {found!r}: {error}") from None
    if isinstance(found, str):
        return html.escape(text)
    power = re.fullmatch(r"(.*)e([+-])0*(\d+)", text)
    # typographic: a true minus, and 2.7 × 10⁻⁵ instead of 2.7e-05
    shown = text.replace("-", "−")
    if power and plain:
        shown = f"{power[1].replace('-', '−')} × 10^{power[2].replace('+', '').replace('-', '−')}{power[3]}"
    elif power:
        exponent = power[2].replace("+", "").replace("-", "−") + power[3]
        shown = f"{power[1].replace('-', '−')} × 10<sup>{exponent}</sup>"
    if plain:
        return shown
    source = html.escape(f"{name}.py: {value}")
    return f'<data value="{found}" title="{source}">{shown}</data>'


def prose(markdown: str, *, code: bool = False) -> list[tuple[int, str]]:
    """The lines outside fenced blocks, each with its number; inline code is blanked unless `code` is asked for."""
    keep = (FRONT, CODE) if code else (FRONT,)
    lines = enumerate(scan(markdown).without(keep=keep).split("\n"), 1)
    return [(number, line) for number, line in lines if line.strip()]


def _prose_lines(markdown: str) -> list[tuple[int, str]]:
    """(line number, line) of every line, what is no prose blanked, but for inline code and the front matter."""
    return list(enumerate(scan(markdown).without(keep=(FRONT, CODE)).split("\n"), 1))


# -- the two pages of a pair -------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def outline(markdown: str, path: str) -> dict[str, list[tuple[str, int]]]:
    """What the pages of a pair must share, each item with its line: headings, snippets, values, equations, links."""
    from sitebuild.pages import questions as cards
    from sitebuild.pages import tables

    prose = _prose_lines(markdown)
    body = prose
    if prose and prose[0] == (1, "---"):
        close = next((i for i, (_, line) in enumerate(prose[1:], 1) if line == "---"), 0)
        body = prose[close + 1 :]
    headings = [(m[1] + (m[2] or ""), n) for n, line in body if (m := HEADING.match(line))]
    values = sorted((f"{q.name}:{q.value}:{q.format}", q.line) for q in quotes(markdown, path))
    display, inline = [], set()
    for formula in formulas.find(markdown):
        bare = " ".join(re.sub(r"\\text\{[^{}]*\}", r"\\text{…}", formula.latex).split())
        if formula.display:
            display.append((bare, formula.line))
        else:
            inline.add((bare, formula.line))
    links = [
        (link.target.split("#")[0], link.line)
        for link in scan(markdown).links
        if ".md" in link.target and not link.target.startswith("http")
    ]
    snippets = [(block.name, block.start + 1) for block in blocks(markdown, path)]
    drawn = [(block.name, block.start + 1) for block in diagrams(markdown, path)]
    questions = [(" ".join([kind, *what]), start + 1) for kind, what, start, _ in cards.shows(markdown, path)]
    shown = [(name, fence.line) for name, fence in tables.shows(markdown, path)]
    # Word order differs between languages, and how often a symbol is named: those are compared as sets.
    return {
        "headings' levels": headings, "snippets": snippets, "diagrams": drawn, "blocks of questions": questions,
        "tables": shown, "quoted values": values, "equations": display,
        "inline formulas": _first_of_each(inline), "links": _first_of_each(links),
    }  # fmt: skip


def _first_of_each(items: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Each item once, sorted, with the first line it stands on."""
    lines: dict[str, int] = {}
    for item, line in sorted(items):
        lines.setdefault(item, line)
    return sorted(lines.items())


def compare(chinese: str, english: str, page: PurePosixPath, folder: str) -> list[Problem]:
    """How the two pages of a pair differ in what they must share. Problems name the page that lacks something."""
    paths = {lang: f"{folder}/{lang}/{page}" for lang in ("zh", "en")}
    zh, en = outline(chinese, paths["zh"]), outline(english, paths["en"])
    problems = []
    for what in zh:
        ours, theirs = [item for item, _ in zh[what]], [item for item, _ in en[what]]
        if ours == theirs:
            continue
        at = next(
            (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
        )
        in_zh = ours[at] if at < len(ours) else "nothing"
        in_en = theirs[at] if at < len(theirs) else "nothing"
        line = zh[what][at][1] if at < len(zh[what]) else 0
        other = en[what][at][1] if at < len(en[what]) else 0
        reason = f"{what} differ from {paths['en']}:{other}: here {in_zh!r}, there {in_en!r}"
        problems.append(Problem(paths["zh"], line, reason))
    return problems

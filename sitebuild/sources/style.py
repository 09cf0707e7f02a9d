"""House rules: what a reader may expect of every page and every program, whatever it is about. Pure.

The build does not ask for them: `python -m sitebuild check` and the tests do.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import yaml

from sitebuild.base.markdown import Page, scan
from sitebuild.base.markdown_blocks import CODE
from sitebuild.base.problems import Problem
from sitebuild.base.words import Words

GLOSSARY = PurePosixPath("reference/glossary.md")
DESCRIPTION = 30  # characters, at least: search engines show it below the title

HAN = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}(?:[,;:?!](?=\s|$|{HAN})|\.(?=\s|$))|{HAN}\(|\){HAN}")
QUOTES = re.compile(r"[\u300c-\u300f]")  # corner brackets
NO_SPACE = re.compile(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}")
CHINESE_FONTS = "gbk"  # whose characters every font of snippet.FONT_STATEMENT has; of others, each lacks some
CONSOLES = ("gbk", "cp1252")  # those of Chinese and of Western Windows
MEASURED = re.compile(r"\d\.\d+\s*e[-−]?\d")
ANSWER = re.compile(r"^!!! answer .*\n((?:[ \t]+.*\n|\n)*)", re.M)
ALOUD = {"en": (75, "words"), "zh": (130, "characters")}  # that one can say in 30 seconds
WORD = re.compile(rf"{HAN}|[A-Za-z0-9][A-Za-z0-9'’./-]*")
SYMBOL = re.compile(r"\\?[A-Za-z]+|\d+|[=+<>-]")
ENTRY = re.compile(r"^\| \[(.*?)\]\((.*?)\) \| ([^|]*?) \| ([^|]*?) \|$", re.M)
INDEX = re.compile(r"_(?:\{[^{}]*\}|\w)")  # nobody says it


def faults(text: str, words: Words, path: PurePosixPath, source: str, foreign: Mapping[str, str]) -> list[Problem]:
    """Where a page breaks a house rule. `foreign`: see `foreign_names`."""
    problems = [*parts(text, words, path, source), *typed(text, source), *long(text, words.lang, source)]
    if words.lang == "zh":
        problems += chinese(text, source)
    if path != GLOSSARY:
        problems += wording(text, words.lang, source, foreign)
    return problems


def parts(text: str, words: Words, path: PurePosixPath, source: str) -> list[Problem]:
    """A description, one title, the answer or the task first (but on the home page), the common mistake last."""
    scanned, (answer, mistake) = scan(text), boxes(words)
    if len(_description(scanned)) < DESCRIPTION:
        reason = f"begins with '---', 'description: …' in at least {DESCRIPTION} characters of its own, and '---'"
        return [Problem(source, 1, f"a page {reason}")]
    lines = scanned.without(keep=(CODE,)).split("\n")
    written = [(n, line) for n, line in enumerate(lines, 1) if line.strip()]
    title = scanned.headings[0] if scanned.headings else None
    if title is None or title.level > 1 or not written or title.line != written[0][0]:
        below = scanned.line_of(scanned.body_start)
        return [Problem(source, below, "a page has a title: '# ', a question, below the description")]
    problems = []
    number, opening = next(((n, line) for n, line in written if n > scanned.line_of(title.end)), written[-1])
    if (
        path.name != "index.md"
        and opening.rstrip() != answer
        and not opening.startswith(f'!!! task "{words["box.task"]}')
    ):
        problems.append(Problem(source, number, f"the short answer comes first, right below the title: {answer}"))
    at = next((n for n, line in written if line.rstrip() == mistake), 0)
    sections = [heading.line for heading in scanned.headings if heading.level < 3 and not heading.nested]
    blocks = [fence.line for fence in scanned.fences if not fence.prefix]
    later = min((line for line in sections + blocks if line > at), default=0)
    if not at:
        problems.append(Problem(source, len(text.rstrip("\n").split("\n")), f"a page ends with a box: {mistake}"))
    elif later:
        problems.append(Problem(source, later, f"nothing but 'Read on' comes after the common mistake (line {at})"))
    return problems


def boxes(words: Words) -> tuple[str, str]:
    """The lines by which the short answer and the common mistake begin."""
    return f'!!! answer "{words["box.answer"]}"', f'!!! mistake "{words["box.mistake"]}"'


def _description(scanned: Page) -> str:
    """What the front matter says of the page; "" if it is no YAML or says nothing."""
    try:
        read = yaml.safe_load(scanned.front_matter)
    except yaml.YAMLError:
        return ""
    said = read.get("description") if isinstance(read, dict) else None
    return said if isinstance(said, str) else ""


def _words(text: str) -> Iterator[tuple[int, str, str]]:
    """(number, what of it are words, as it is written) of each line that holds words."""
    lines = zip(scan(text).words.split("\n"), text.split("\n"), strict=True)
    return ((number, words, line) for number, (words, line) in enumerate(lines, 1) if words.strip())


def typed(text: str, source: str) -> list[Problem]:
    """Numbers in a program's notation: somebody has copied them instead of quoting the value."""
    return [
        Problem(source, n, f"a measured number is quoted, {{{{ folder/name:value:format }}}}, not typed: {found[0]}")
        for n, words, _ in _words(text)
        if (found := MEASURED.search(words))
    ]


def long(text: str, lang: str, source: str) -> list[Problem]:
    """Short answers that take longer than 30 seconds to say."""
    scanned, (most, unit), problems = scan(text), ALOUD[lang], []
    for box in ANSWER.finditer(scanned.prose):
        said = spoken(scanned, *box.span(1))
        if said > most:
            reason = f"a short answer of {said} {unit}, formulas read out; in 30 seconds one says {most}"
            problems.append(Problem(source, scanned.line_of(box.start()), reason))
    return problems


def spoken(scanned: Page, start: int, end: int) -> int:
    """How much is said aloud: Chinese characters, other words, quoted values and the symbols of formulas."""
    formulas = (INDEX.sub("", one.latex) for one in scanned.formulas if start <= one.start < end)
    values = sum(start <= one.start < end for one in scanned.placeholders)
    return values + len(WORD.findall(scanned.words[start:end])) + sum(len(SYMBOL.findall(one)) for one in formulas)


def chinese(text: str, source: str) -> list[Problem]:
    """Half-width punctuation after Chinese, and Latin letters or digits without a space beside it."""
    problems = []
    for number, words, line in _words(text):
        for rule, reason in (
            (HALF_WIDTH, "half-width punctuation in a Chinese sentence"),
            (NO_SPACE, "no space between Chinese and Latin letters or digits"),
            (QUOTES, "quotation marks are “ and ”"),
        ):
            found = rule.search(words)
            if found:
                around = line[max(0, found.start() - 6) : found.end() + 6].strip()
                problems.append(Problem(source, number, f"{reason}: …{around}…"))
    return problems


def entries(glossary: str, words: Words) -> Iterator[tuple[str, str, str, list[str]]]:
    """(our word, the page it leads to, the other language's word, what other books say) of each line of a glossary."""
    for ours, to, theirs, others in ENTRY.findall(glossary):
        yield ours, to, theirs, [] if others == "–" else others.split(words["glossary.separator"])


def foreign_names(glossary: str, words: Words) -> dict[str, str]:
    """What other books say, each with the word of this site."""
    return {name: ours for ours, _, _, others in entries(glossary, words) for name in others}


def uses(name: str, text: str, lang: str) -> re.Match | None:
    """Where `text` uses a foreign name; English names as words, with any ending."""
    return re.search(re.escape(name) if lang == "zh" else rf"\b{re.escape(name)}", text, re.I)


def wording(text: str, lang: str, source: str, foreign: Mapping[str, str]) -> list[Problem]:
    """Lines that use a name for which the glossary has another word."""
    return [
        Problem(source, number, f"says {name!r}; the glossary (docs/{lang}/{GLOSSARY}) says {ours!r}")
        for number, line in enumerate(text.split("\n"), 1)
        for name, ours in foreign.items()
        if uses(name, line, lang)
    ]


def program(source: str, lang: str, path: str) -> list[Problem]:
    """Where a program fails at a reader's: pasted into Python's prompt, or drawn in a Chinese font."""
    return [*pasted(source, path), *(drawn(source, path) if lang == "zh" else [])]


def pasted(source: str, path: str) -> list[Problem]:
    """Blank lines that end a block too early where Python reads line by line, and blocks that no blank line ends."""
    problems = []
    lines = source.splitlines()
    for block in ast.parse(source).body:
        if not hasattr(block, "body"):
            continue
        inside = range(block.lineno, block.end_lineno)
        reason = "a blank line inside a block: pasted into Python's prompt, it ends the block"
        problems += [Problem(path, n + 1, reason) for n in inside if not lines[n].strip()]
        if "".join(lines[block.end_lineno : block.end_lineno + 1]).strip():
            reason = "no blank line above, where a block ends: pasted into Python's prompt, this line is a syntax error"
            problems.append(Problem(path, block.end_lineno + 1, reason))
    return problems


def drawn(source: str, path: str) -> list[Problem]:
    """Strings with a character that some Chinese font lacks: Matplotlib draws a whole text in one font, or a box."""
    strings = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return [
        Problem(path, node.lineno, f"Chinese fonts lack {missing!r}, and the figure shows a box: write it otherwise")
        for node in strings
        if isinstance(node.value, str) and (missing := lacking(node.value, CHINESE_FONTS))
    ]


def printed(text: str, path: str, chinese: bool = False) -> list[Problem]:
    """What a program prints that a console without UTF-8 cannot show: there, print raises an error. What speaks Chinese
    is read on a Chinese one."""
    consoles = CONSOLES[:1] if chinese else CONSOLES
    missing = "".join(lacking(text, console) for console in consoles)
    reason = f"prints {missing[:1]!r}, which consoles in {' or '.join(consoles)} cannot show"
    return [Problem(path, 0, reason)] if missing else []


def lacking(text: str, encoding: str) -> str:
    """The characters of `text` that `encoding` does not have."""
    return "".join(character for character in text if not character.encode(encoding, "ignore"))

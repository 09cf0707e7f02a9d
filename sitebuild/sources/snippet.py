"""A bilingual snippet: one file, two programs that differ only in what a person reads.

    # an English comment line (or several)          plt.xlabel("update")  #zh "更新次数"
    #zh 它的中文(一行或几行)

`source("en")` drops the twins, `source("zh")` puts them in place and adds the one statement with which
Matplotlib shows Chinese on a reader's machine. A line `#seconds 120`, in neither, says how long the program may take at
most. See "A snippet" in CONTRIBUTING.md.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sitebuild.base import files
from sitebuild.base.problems import Problem, SiteError
from sitebuild.sources.frames import parameter

PLOT_IMPORT = "import matplotlib.pyplot as plt"
# The usual CJK fonts of macOS, Windows and Linux; Matplotlib takes the first that is installed.
FONT_STATEMENT = (
    'plt.rcParams.update({"axes.unicode_minus": False, "font.sans-serif": [  # 中文字体',
    '    "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei",',
    '    "Noto Sans CJK SC", "Noto Sans CJK JP", "DejaVu Sans"]})',
)

LABEL_CALLS = {
    "annotate", "figtext", "set_label", "set_title", "set_xlabel", "set_xticklabels", "set_ylabel",
    "set_yticklabels", "suptitle", "supxlabel", "supylabel", "text", "title", "xlabel", "ylabel", "legend",
    "figure", "xticks", "yticks",
}  # fmt: skip
LABEL_KEYWORDS = {"label", "labels", "title", "num", "text", "s", "xlabel", "ylabel"}
# Latin words that stand as they are in a Chinese figure: names of models, functions and quantities.
NAMES = frozenset(
    "RNN LSTM GRU IRNN CEC BN LN GN IN BPTT SGD Adam MSE NaN ReLU LeakyReLU PReLU ELU SiLU GELU Xavier He PyTorch "
    "Keras Flax NumPy tanh sigmoid softsign softmax chrono log ln exp min max cos sin diag det".split()
)
WORD = re.compile(r"[^\W\d_]{2,}", re.ASCII)
LIMIT = re.compile(r"#seconds (\d+)")  # a line of its own: what the program may take; no reader sees it
SECONDS = 30  # what one may take of which neither it nor mkdocs.yml says more


def words(text: str, known: set[str] = frozenset()) -> list[str]:
    """The Latin words in `text` that need a translation: two letters or more, no name, nothing in `known`."""
    # identifiers with an underscore or a digit (b_f, W1) are symbols, not words
    prose = re.sub(r"\w*[_\d]\w*", " ", text)
    return [word for word in WORD.findall(prose) if word not in NAMES and word not in known]


@dataclass(frozen=True)
class Snippet:
    """One bilingual program. `name` is its path under snippets/ without the suffix; `path` is for messages."""

    name: str
    path: str
    text: str
    starts: tuple[int, ...] = ()  # the lines of `text` on which the cells of a notebook begin
    seconds: int = SECONDS  # of wall clock that it may take
    parameter: str = ""  # the name of the numbers for each of which it draws a figure, see sources/frames
    _sources: dict[str, str] = field(repr=False, compare=False, default_factory=dict)
    # the line of `text` from which each line of a source comes
    _origins: dict[str, tuple[int, ...]] = field(repr=False, compare=False, default_factory=dict)
    judged: bool = False  # one of a drill's two: what it prints is in its own language, see sources/drill

    def source(self, lang: str) -> str:
        """The program in one language ("zh" or "en"), as a reader sees and copies it."""
        return self._sources[lang]

    def cells(self, lang: str) -> list[int]:
        """The lines of `source(lang)` on which the cells of a notebook begin; none for a program in one piece."""
        return [bisect_left(self._origins[lang], start) + 1 for start in self.starts]

    def origin(self, lang: str, line: int) -> int:
        """The line of the snippet file from which line `line` (1-based) of `source(lang)` comes."""
        origins = self._origins[lang]
        return origins[min(max(line, 1), len(origins)) - 1]


def read(file: Path, name: str, path: str, seconds: int = SECONDS) -> Snippet:
    """Read the snippet in `file`, which may take so many `seconds` if it does not say itself. Raises SiteError with
    every missing, stray or unequal twin."""
    return parse(files.read(file, path), name, path, seconds=seconds)


@lru_cache(maxsize=4096)
def parse(text: str, name: str, path: str, starts: tuple[int, ...] = (), seconds: int = SECONDS) -> Snippet:
    """Split the bilingual `text` into its two programs. Raises SiteError, see `read`."""
    try:
        tree = ast.parse(text.encode())  # of a string, Python would keep the bytes beside it
        comments = _comments(text)
    except (SyntaxError, tokenize.TokenError) as error:
        line = getattr(error, "lineno", None) or 0
        raise SiteError(Problem(path, line, f"not a Python program: {error.args[0]}")) from None
    splitter = _Splitter(path, tree, comments, seconds)
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        splitter.take(number, line)
    splitter.no_comment_waits()
    if splitter.problems:
        raise SiteError(splitter.problems)
    made = {"en": splitter.english, "zh": splitter.chinese}
    sources = {lang: "".join(f"{line}\n" for line, _ in lines) for lang, lines in made.items()}
    origins = {lang: tuple(origin for _, origin in lines) for lang, lines in made.items()}
    snippet = Snippet(name, path, text, starts, splitter.seconds, parameter(tree, path), sources, origins)
    if skeleton(snippet.source("en")) != skeleton(snippet.source("zh")):
        raise SiteError(Problem(path, 0, "the English and the Chinese program differ in more than strings"))
    return snippet


class _Splitter:
    """Takes the lines of a bilingual program one by one: the lines of both programs, each with the number of the line
    it comes from, and what is wrong."""

    def __init__(self, path: str, tree: ast.Module, comments: dict[int, tuple[int, str]], seconds: int):
        self.path, self.comments, self.strings = path, comments, _strings(tree)
        self.identifiers = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self.identifiers |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        self.english: list[tuple[str, int]] = []
        self.chinese: list[tuple[str, int]] = []
        self.problems: list[Problem] = []
        self.seconds = seconds
        self.waiting = 0  # line of an English comment whose twin has not come yet
        self.expects_twin = False  # the last line was a comment, English or Chinese

    def complain(self, line: int, reason: str) -> None:
        self.problems.append(Problem(self.path, line, reason))

    def no_comment_waits(self) -> None:
        if self.waiting:
            self.complain(self.waiting, "an English comment without its Chinese twin (#zh …) below it")
        self.waiting, self.expects_twin = 0, False

    def take(self, number: int, line: str) -> None:
        if limit := LIMIT.fullmatch(line):
            self.seconds = int(limit[1])
            return
        column, comment = self.comments.get(number, (0, ""))
        if not comment or line[:column].strip():
            self.no_comment_waits()
            self.take_code(number, line, column, comment)
        elif comment.startswith("#zh"):
            if not self.expects_twin:
                self.complain(number, "a Chinese comment (#zh) without its English original above it")
            if len(comment) < 5 or comment[3] != " ":
                self.complain(number, "a Chinese comment is written '#zh ' and then its text")
            self.waiting = 0
            self.chinese.append((line[:column] + "#" + comment[3:], number))
        else:
            self.waiting = self.waiting or number
            self.expects_twin = True
            self.english.append((line, number))

    def take_code(self, number: int, line: str, column: int, comment: str) -> None:
        remark, mark, twin = comment.partition("#zh")
        code = (line[:column] + remark).rstrip() if mark else line
        if words(remark, self.identifiers):
            reason = f"a comment with words ({remark.strip()}) stands on a line of its own"
            self.complain(number, f"{reason}, with its Chinese twin below it")
        self.english.append((code, number))
        self.chinese.append((code, number))
        here = self.strings.get(number, [])
        if twin:
            try:
                self.chinese[-1] = (_replaced(code, here, twin.strip()), number)
            except ValueError as error:
                self.complain(number, str(error))
        else:
            for node, is_label in here:
                if is_label and words(_shown_text(node)):
                    self.complain(number, f'the label {ast.unparse(node)} has no Chinese twin (#zh "…")')
        if code.strip() == PLOT_IMPORT:
            self.chinese += [(statement, number) for statement in FONT_STATEMENT]


def skeleton(source: str) -> str:
    """The syntax tree of a program without its string constants and the font statement, as text.

    Two languages of one snippet have equal skeletons: they compute the same.
    """
    tree = ast.parse(source.encode())
    font = ast.dump(ast.parse("\n".join(FONT_STATEMENT)).body[0])
    tree.body = [node for node in tree.body if ast.dump(node) != font]
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            node.values = [value for value in node.values if not isinstance(value, ast.Constant)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def _comments(text: str) -> dict[int, tuple[int, str]]:
    """Line number -> (column, text) of each comment."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {t.start[0]: (t.start[1], t.string) for t in tokens if t.type == tokenize.COMMENT}


def _strings(tree: ast.Module) -> dict[int, list[tuple[ast.expr, bool]]]:
    """Line number -> the string literals on it, each with whether it is the argument of a labelling call."""
    labels, inner = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            arguments = list(node.args) if called in LABEL_CALLS else []
            arguments += [k.value for k in node.keywords if k.arg in LABEL_KEYWORDS and called != "print"]
            for argument in arguments:
                parts = argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else [argument]
                labels.update(id(part) for part in parts)
        elif isinstance(node, ast.JoinedStr):
            inner.update(id(part) for part in ast.walk(node) if part is not node)
    found: dict[int, list[tuple[ast.expr, bool]]] = {}
    for node in ast.walk(tree):
        is_string = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if is_string and id(node) not in inner and node.lineno == node.end_lineno:
            found.setdefault(node.lineno, []).append((node, id(node) in labels))
    return found


def _shown_text(node: ast.expr) -> str:
    """What a person reads of a string literal: for an f-string, the text between the fields."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return " ".join(p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str))


def _replaced(code: str, strings: list[tuple[ast.expr, bool]], twin: str) -> str:
    """`code` with its one human-read string replaced by the literal `twin`. Raises ValueError with the reason."""
    try:
        literal = ast.parse(twin, mode="eval").body
    except SyntaxError:
        literal = None
    is_text = isinstance(literal, ast.Constant) and isinstance(literal.value, str)
    if not is_text and not isinstance(literal, ast.JoinedStr):
        raise ValueError(f"the twin #zh {twin} is not one Python string in quotes")
    for chosen in (
        [node for node, is_label in strings if is_label and words(_shown_text(node))],
        [node for node, is_label in strings if is_label],
        [node for node, _ in strings if words(_shown_text(node))],
        [node for node, _ in strings],
    ):
        if len(chosen) == 1:
            break
        if len(chosen) > 1:
            raise ValueError("several strings on a line with one Chinese twin: give each a line of its own")
    else:
        raise ValueError(f"the twin #zh {twin} stands on a line without a string")
    node = chosen[0]
    if type(node) is not type(literal) or _fields(node) != _fields(literal):
        raise ValueError(f"the twin #zh {twin} must have the same fields in the same order as {ast.unparse(node)}")
    raw = code.encode()  # syntax-tree columns count bytes
    return (raw[: node.col_offset] + twin.encode() + raw[node.end_col_offset :]).decode()


def _fields(node: ast.expr) -> list[str]:
    """The {fields} of an f-string; none for a plain string."""
    return [ast.dump(v) for v in getattr(node, "values", []) if isinstance(v, ast.FormattedValue)]

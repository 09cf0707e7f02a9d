"""The theme's search, mended for Chinese, which is written and typed without spaces.

The theme cuts what is typed into words that its index knows, but never looks at the last character: of 梯度爆炸
(exploding gradients) it keeps 梯度 (gradients) alone. If the query begins with an unknown word, as in 啥是遗忘门, or
goes on from a Latin one, as in sigmoid为什么, it finds nothing. And it reports as missing all words but the last.
"""

from __future__ import annotations

import json
import logging
import re
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import jieba

from sitebuild.base import store
from sitebuild.base.problems import Problem, SiteError
from sitebuild.programs import runner

jieba.setLogLevel(logging.WARNING)  # else it tells how long the dictionary took
WORKER = "assets/javascripts/workers/search.*.min.js"
# what stands in the theme's script, and what belongs there; the names are what a minifier made of these
MENDS = (
    # for (to = from + 1; to < query.length; to++) if (query.slice(from, to) in index)
    (r"(?P<to>\w+)<(?P<query>\w+)\.length;(?P=to)\+\+\)(?P=query)\.slice\((?P<rest>\w+,(?P=to)\)in )",
     r"\g<to><=\g<query>.length;\g<to>++)\g<query>.slice(\g<rest>"),
    # next = at + known[at]; if (known[next] && next < query.length - 1) go on at next
    (r"(?P<next>\w+)=(?P<at>\w+)\+(?P<known>\w+\[(?P=at)\]);\w+\[(?P=next)\]&&(?P=next)<(?P<query>\w+)\.length-1&&",
     r"\g<next>=\g<at>+(\g<known>||1);\g<next><\g<query>.length&&"),
    # query.replace(/\p{sc=Han}+/gu, run => [...segment(run, index)].join("* ")); later, every word gets a * anyway
    (r'=>(?P<words>\[\.\.\.\w+\(\w+,this\.index\.invertedIndex\)\])\.join\("\* "\)', r'=>" "+\g<words>.join(" ")+" "'),
)  # fmt: skip


def mended(worker: str, path: str) -> str:
    """The text of the theme's search worker, mended. Raises SiteError if this edition of the theme has another one."""
    for broken, whole in MENDS:
        worker, count = re.subn(broken, whole, worker)
        if count != 1:
            reason = "the theme cuts Chinese queries in another way than it did: see sitebuild/finish/search.py"
            raise SiteError(Problem(path, 0, reason))
    return worker


class Cutter:
    """Cuts Chinese text into words, as the theme asks jieba to, but by its dictionary only.

    By itself it guesses others (门用, 或层), which are rare and so come first in the results for 门 (gate) and 层
    (layer).
    The dictionary takes half a second to load, so how each run of text was cut is kept in a file in `folder`. Where
    there is none yet, a process of its own can load it in time: `expect`.
    """

    def __init__(self, folder: Path):
        self.file = folder / f"words-{jieba.__version__}.json"
        self.known = json.loads(store.kept(self.file) or "{}")
        self.used: dict[str, list[str]] = {}
        self.helper: Connection | None = None

    def expect(self) -> None:
        """Load the dictionary beside, if nothing is known: for the moment when a core has nothing else to do."""
        if self.helper is None and not self.known:
            self.helper = runner.beside(answer)

    def __call__(self, text: str | bytes, *_, **__) -> list[str]:
        text = text.decode("utf-8") if isinstance(text, bytes) else text
        if text not in self.used:
            self.used[text] = self.known.get(text) or self._cut(text)
        return self.used[text]

    def _cut(self, text: str) -> list[str]:
        if self.helper:
            with suppress(EOFError, OSError):  # it died: we can do without
                self.helper.send(text)
                return self.helper.recv()
            self.helper = None
        return cut(text)

    def keep(self) -> None:
        """Keep what was cut, and nothing that was not, for the next build."""
        if self.helper:
            self.helper.close()
            self.helper = None
        if self.used != self.known:
            store.keep(self.file, json.dumps(self.used, ensure_ascii=False).encode())


def cut(text: str) -> list[str]:
    """The words of a Chinese text, by jieba's dictionary."""
    return list(jieba.dt.cut(text, HMM=False))


def answer(connection: Connection) -> None:
    """Load the dictionary, then cut each text that comes until the other side closes."""
    jieba.initialize()
    with suppress(EOFError, OSError):
        while True:
            connection.send(cut(connection.recv()))


def cut_by_dictionary(folder: Path) -> Cutter:
    """Make the theme cut Chinese text as above; `folder` is for what was cut before."""
    jieba.cut = Cutter(folder)
    return jieba.cut

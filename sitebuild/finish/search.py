"""The theme's search, mended for what people type, Chinese above all, which is written without spaces.

The theme cuts what is typed into words that its index knows, but never looks at the last character: of 梯度爆炸
(exploding gradients) it keeps 梯度 (gradients) alone. If the query begins with an unknown word, as in 啥是遗忘门, or
goes on from a Latin one, as in sigmoid为什么, it finds nothing. And it reports as missing all words but the last.

Letters of full width, as Chinese keyboards type them, and curly apostrophes find nothing; ^, ~ and : stand for
operators that nobody knows of, and are an error anywhere else, as in "fan-in or fan-out: which?".
"""

from __future__ import annotations

import re

from sitebuild.base.problems import Problem, SiteError

WORKER = "assets/javascripts/workers/search.*.min.js"
# what stands in the theme's script, and what belongs there; the names are what a minifier made of these
MENDS = (
    # search(query) { if (query = query.replace(…
    (r'search\((?P<query>\w+)\)\{if\((?P=query)=(?P=query)(?=\.replace\()',
     r'search(\g<query>){if(\g<query>=\g<query>.replace(/[\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a]/g,c=>c.normalize("NFKC"))'
     r""".replace(/[\\u2018\\u2019]/g,"'").replace(/[\^~:]/g," ")"""),
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
            reason = "the theme reads queries in another way than it did: see sitebuild/finish/search.py"
            raise SiteError(Problem(path, 0, reason))
    return worker

"""Words of the other language on a page, marked as such: a screen reader then says them in the right voice."""

from __future__ import annotations

import re

from sitebuild.base.markdown import scan

# On a Chinese page: at least two Latin words in a row, a phrase, a title or names. One alone (LSTM, sigmoid) is a
# term of the trade that Chinese readers say themselves. On an English page: whatever is written in Chinese.
FOREIGN = {
    "zh": ("en", re.compile(r"[A-Za-z][A-Za-z'-]+(?:(?:,? (?:& )?| & )[A-Za-z][A-Za-z'-]+)+")),
    "en": ("zh", re.compile(r"[\u3400-\u9fff][\u3000-\u9fff\uff00-\uffef]*")),
}
MARKED = re.compile(r'<span lang="[\w-]+">$')  # by the author, just before
BLOCK = re.compile(r"^ *(#|<|!!!|\?\?\?|===|\[.*\]: )")


def mark(markdown: str, lang: str) -> str:
    """The page with each phrase of the other language in an element that says so. Headings stay as they are."""
    other, pattern = FOREIGN[lang]
    words = scan(markdown).words
    out = []
    at = 0
    for line in markdown.split("\n"):
        prose = words[at : at + len(line)]
        at += len(line) + 1
        if BLOCK.match(line):
            out.append(line)
            continue
        parts, last = [], 0
        for found in pattern.finditer(prose):
            if MARKED.search(line[: found.start()]):  # the author says which language it is
                continue
            parts += [line[last : found.start()], f'<span lang="{other}">{line[found.start() : found.end()]}</span>']
            last = found.end()
        out.append("".join(parts) + line[last:])
    return "\n".join(out)

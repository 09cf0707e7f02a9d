"""Words of the other language on a page, marked as such: a screen reader then says them in the right voice."""

from __future__ import annotations

import re

from sitebuild.base.markdown import replace, scan

# On a Chinese page: at least two Latin words in a row, a phrase, a title or names. One alone (LSTM, sigmoid) is a
# term of the trade that Chinese readers say themselves. On an English page: whatever is written in Chinese.
FOREIGN = {
    "zh": ("en", re.compile(r"[A-Za-z][A-Za-z'-]+(?:(?:,? (?:& )?| & )[A-Za-z][A-Za-z'-]+)+")),
    "en": ("zh", re.compile(r"[\u3400-\u9fff][\u3000-\u9fff\uff00-\uffef]*")),
}
MARKED = re.compile(r'<span lang="[\w-]+">$')  # by the author, just before
BLOCK = re.compile(r" *(#|<|!!!|\?\?\?|===|\[.*\]: )")


def mark(markdown: str, lang: str) -> str:
    """The page with each phrase of the other language in an element that says so. Headings stay as they are."""
    other, pattern = FOREIGN[lang]
    changes = []
    for found in pattern.finditer(scan(markdown).words):
        start, end = found.span()
        line = markdown.rfind("\n", 0, start) + 1
        if not BLOCK.match(markdown, line) and not MARKED.search(markdown[line:start]):
            changes.append((start, end, f'<span lang="{other}">{markdown[start:end]}</span>'))
    return replace(markdown, changes)

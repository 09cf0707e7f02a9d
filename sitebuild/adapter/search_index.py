"""What the theme's search finds: its own index, with Chinese cut into words by jieba's dictionary alone, and with the
words under which a page is to be found: those of the glossary, and `keywords:` in its front matter.

By itself jieba guesses words that its dictionary has not (门用, 或层), which are rare and so come first in the results
for 门 (gate) and 层 (layer).
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from pathlib import Path

import jieba
from backrefs import bre
from material.plugins.search.plugin import SearchIndex, SearchPlugin
from mkdocs.exceptions import PluginError

from sitebuild.base import store

jieba.setLogLevel(logging.WARNING)  # else it tells how long the dictionary took
HAN = bre.compile(r"(\p{script: Han}+)", bre.UNICODE)
WORD_ENDS = "\u200b"  # as the theme marks them


class Cutter:
    """Cuts Chinese text into words. The dictionary takes half a second to load, so how each run of text was cut is kept
    in a file in `folder`."""

    def __init__(self, folder: Path):
        self.file = folder / f"words-{jieba.__version__}.json"
        self.known: dict[str, list[str]] = json.loads(store.kept(self.file) or "{}")
        self.used: dict[str, list[str]] = {}
        self.tokenizer = jieba.Tokenizer()

    def __call__(self, text: str) -> list[str]:
        if text not in self.used:
            self.used[text] = self.known.get(text) or self.tokenizer.lcut(text, HMM=False)
        return self.used[text]

    def keep(self) -> None:
        """Keep what was cut, and nothing that was not, for the next build."""
        if self.used != self.known:
            store.keep(self.file, json.dumps(self.used, ensure_ascii=False).encode())


class Index(SearchIndex):
    """The theme's index, whose Chinese words are `cut` by us."""

    def __init__(self, cut: Callable[[str], list[str]], **settings):
        super().__init__(**settings)
        self.cut = cut

    def add_entry_from_context(self, page):
        """Add the sections of a page without its programs, of which a result would show all lines; to the first of
        them the words to find it by, as what the theme calls tags."""
        first, whole = len(self.entries), page.content
        page.content = re.sub(r"<pre\b.*?</pre>", "", whole, flags=re.S)
        super().add_entry_from_context(page)
        page.content = whole
        found_by = [*page.meta.get("names", ()), *filter(None, str(page.meta.get("keywords", "")).split(", "))]
        if found_by and len(self.entries) > first:
            self.entries[first]["tags"] = [self._segment_chinese(name) for name in found_by]

    def _segment_chinese(self, data):
        def ends_marked(run: re.Match) -> str:
            return WORD_ENDS + WORD_ENDS.join(self.cut(run[0])) + WORD_ENDS

        return HAN.sub(ends_marked, data).strip(WORD_ENDS)


def take_over(plugins, cut: Callable[[str], list[str]]) -> None:
    """Let the theme's search plugin, after its configuration, fill an index of ours. Raises PluginError if this edition
    of the theme would not ask it to cut Chinese."""
    if not hasattr(SearchIndex, "_segment_chinese"):
        raise PluginError("the theme cuts Chinese in another way than it did: see sitebuild/adapter/search_index.py")
    for plugin in plugins.values():
        if isinstance(plugin, SearchPlugin) and plugin.config.enabled:
            plugin.search_index = Index(cut, **plugin.config)

"""A built site without what no page uses. Works on the finished folder, knows nothing of MkDocs.

The theme is made for every site: two thirds of its style rules apply to nothing here, and its search comes with
every page. What is not sent needs no compression.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from sitebuild.base import node, store
from sitebuild.finish import theme_fixes

HERE = Path(__file__).parent
INDEX = "search/index.json"
WORD = re.compile(r"""(?:class|id|type|dir|role|data-[\w-]+)=["']?((?<=["'])[^"'>]*|[^\s"'>]*)""")
VARIABLE = re.compile(r"var\((--[\w-]+)")
# What scripts put on a page: the theme's own classes and attributes, and the tag of a search result's marks.
MADE = re.compile(r"(md|data-md)-|(js|no-js|focus-visible|mark)$")
# Parts of the theme that its script knows and this site does not have. Where a page has one, its HTML says so.
UNUSED = re.compile(r"md-(annotation|version|consent|tag|source|tabs)(?![a-z])")
NAME = re.compile(r"<([a-z][\w-]*)|\s([a-z][a-z-]*)(?=[=>\s])")


def lighten(site: Path, cache: Path, modules: Path) -> None:
    """Remove from the built site what no page uses: style rules, scripts for other languages' search, source maps.

    `site` holds the Chinese pages, `site/en` the English ones; `cache` is a folder for pruned style sheets,
    `modules` npm's. Raises SiteError if PurgeCSS is missing or fails, or the theme is another than we mend.
    """
    prune_styles(site, cache, modules)
    for sheet in site.glob("assets/*.css"):  # ours: its comments are for those who read the source
        sheet.write_text(re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S), encoding="utf-8")
    shutil.rmtree(site / "assets/javascripts/lunr", ignore_errors=True)  # stemmers, of which we use none
    for source_map in site.rglob("assets/**/*.map"):
        source_map.unlink()
    for script in (site / "assets/javascripts").glob("bundle.*.js"):
        script.write_text(theme_fixes.mend_script(script.read_text(encoding="utf-8")), encoding="utf-8")


def delay_search(site: Path) -> None:
    """Put a stand-in (overrides/assets/search.js) before the theme's search worker, and a placeholder before each
    index: it tells the stand-in where the index is."""
    for folder in (site, site / "en"):
        index = folder / "search/search_index.json"
        if not index.is_file():
            continue
        whole = index.read_text(encoding="utf-8")
        (folder / INDEX).write_text(whole, encoding="utf-8")
        where = (folder / INDEX).relative_to(site).as_posix()
        placeholder = {"config": {**json.loads(whole)["config"], "index": where}, "docs": []}
        index.write_text(json.dumps(placeholder, ensure_ascii=False), encoding="utf-8")
    for worker in (site / "assets/javascripts/workers").glob("search.*.min.js"):
        worker.rename(worker.with_name("search.real.js"))
        shutil.copyfile(site / "assets/search.js", worker)


def prune_styles(site: Path, cache: Path, modules: Path) -> None:
    """Drop from the style sheets of others every rule that can apply to no page, whatever its scripts do.

    Those that we wrote hold nothing else; what they name is kept.
    """
    sheets = sorted([*site.glob("assets/stylesheets/*.css"), *site.glob("assets/katex/*.css")])
    ours = site.glob("assets/*.css")
    words = words_of([*site.rglob("*.html"), *ours], site.rglob("assets/**/*.js"))
    texts = [sheet.read_text(encoding="utf-8") for sheet in sheets]
    state = words, texts, (HERE / "purge.mjs").read_text(encoding="utf-8")
    asked = {"words": words, "sheets": texts}
    pruned = store.cached(
        cache, "styles.json", state, lambda: node.answer(HERE / "purge.mjs", asked, modules, "PurgeCSS")
    )
    for sheet, text in zip(sheets, json.loads(pruned), strict=True):
        sheet.write_text(text, encoding="utf-8")


def words_of(pages: Iterable[Path], scripts: Iterable[Path]) -> list[str]:
    """All names that a selector may need: tags, attributes and their values on the pages; what the scripts may add."""
    words: set[str] = set()
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for value in {found[1] for found in WORD.finditer(text)}:
            words.update(value.split())
        words.update(found[1] or found[2] for found in NAME.finditer(text))
        words.update(found[1] for found in VARIABLE.finditer(text))
    for script in scripts:
        for found in re.finditer(r"[\w-]+", script.read_text(encoding="utf-8")):  # too many for a list
            if MADE.match(found[0]) and not UNUSED.match(found[0]):
                words.add(found[0])
    return sorted(words)

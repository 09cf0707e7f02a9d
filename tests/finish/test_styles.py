"""What no page uses leaves the built site, what the theme gets wrong is mended: on a site of a few files."""

import pytest
import scratch
from conftest import ROOT, refused

from sitebuild.base import words
from sitebuild.finish import styles, theme_fixes

MODULES = ROOT / "node_modules"
TOOLBAR = 'h("nav",{class:"md-code__nav",hidden:!0})'
PAGE = (
    '<html lang="zh" data-md-color-scheme="default"><head><meta charset="utf-8"></head>'
    '<body class="used md-main"><p style="color:var(--drawn)">x</p></body></html>'
)
FILES = {
    "index.html": PAGE,
    "en/index.html": "<p class='other two'></p>",
    "assets/own.css": "/* for\nthose who read */.kept { color: var(--ours) }",
    "assets/stylesheets/main.css": (
        ".used{color:red}.unused{color:blue}.two{top:0}.md-late{top:1px}.md-tabs{top:2px}.elsewhere{top:3px}p{top:4px}"
        ":root{--drawn:red;--nobody:blue;--ours:red}"
    ),
    "assets/katex/katex.css": ".used{top:5px}.gone{top:6px}",
    "assets/javascripts/bundle.1.min.js": f'{TOOLBAR};x="md-late md-tabs elsewhere"',
    "assets/javascripts/bundle.1.min.js.map": "{}",
    "assets/stylesheets/main.css.map": "{}",
    "assets/javascripts/lunr/min/lunr.de.min.js": "stemmer",
    "assets/javascripts/workers/search.1.min.js": "the worker",
    "assets/search.js": "the stand-in",
    "search/search_index.json": '{"config": {"lang": ["en"]}, "docs": [{"text": "门"}]}',
    "en/search/search_index.json": '{"config": {"lang": ["en"]}, "docs": [{"text": "gate"}]}',
}


@pytest.fixture
def small(tmp_path):
    return scratch.write(tmp_path / "site", FILES)


def files(small):
    return {file.relative_to(small).as_posix() for file in small.rglob("*") if file.is_file()}


def test_rules_that_no_page_needs_go_and_so_do_maps_stemmers_and_our_comments(small, tmp_path):
    styles.lighten(small, tmp_path / "cache", MODULES)
    sheet = (small / "assets/stylesheets/main.css").read_text()
    for name in (".used{", ".two{", ".md-late{", "p{", "--drawn", "--ours"):
        assert name in sheet, name
    for name in (".unused", ".md-tabs", ".elsewhere", "--nobody"):
        assert name not in sheet, name
    assert (small / "assets/katex/katex.css").read_text() == ".used{top:5px}"
    assert (small / "assets/own.css").read_text() == ".kept { color: var(--ours) }"
    assert (small / "assets/javascripts/bundle.1.min.js").read_text().startswith('h("div",{class:"md-code__nav"')
    gone = {name for name in FILES if name.endswith(".map") or "lunr" in name}
    assert len(gone) == 3 and files(small) == FILES.keys() - gone


def test_a_missing_purgecss_says_what_to_do(small, tmp_path):
    (problem,) = refused(styles.lighten, small, tmp_path / "cache", tmp_path)
    assert str(problem).startswith("node_modules: PurgeCSS is not installed: run `make setup`")


def test_a_theme_with_another_toolbar_stops_the_build(small, tmp_path):
    (small / "assets/javascripts/bundle.1.min.js").write_text("no toolbar")
    (problem,) = refused(styles.lighten, small, tmp_path, MODULES)
    assert str(problem).startswith("sitebuild/finish/theme_fixes.py: the theme's script does not hold the toolbar")


@pytest.mark.parametrize("lang, search, contents", [("zh", "搜索", "本页目录："), ("en", "Search", "On this page: ")])
def test_what_the_theme_gets_wrong_is_mended(lang, search, contents):
    page = (
        '<div role="dialog"><a data-md-component="source" href="x" tabindex="">'
        '<input type="checkbox" id="__drawer" autocomplete="off"><input type="checkbox" id="__search" autocomplete="off">'
        '<nav class="md-nav" aria-label="One"></nav>'
    )
    assert theme_fixes.mend(page, words.read(ROOT, lang)) == (
        f'<div role="dialog" aria-label="{search}"><a href="x">'
        '<input type="checkbox" id="__drawer"><input type="checkbox" id="__search">'
        f'<nav class="md-nav" aria-label="{contents}One"></nav>'
    )

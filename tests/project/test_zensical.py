"""The staged site builds under Zensical, the successor of the theme: same pages, blocks and figures, Chinese search."""

import contextlib
import html
import os
import re
import subprocess
import sys

import pytest
from browsing import Page
from conftest import ROOT, served
from environments import python_with

pytestmark = pytest.mark.weekly  # that what is staged is the site, each time: tests/test_stage.py


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """The site as Zensical builds it."""
    python, out = python_with(ROOT / "requirements-zensical.txt"), tmp_path_factory.mktemp("staged")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "sitebuild", "stage", str(out)], cwd=ROOT, env=environment, check=True)
    for lang in ("zh", "en"):
        command = [str(python), "-m", "zensical", "build", "--strict", "-f", f"{lang}.zensical.yml"]
        done = subprocess.run(command, cwd=out, capture_output=True, text=True)
        assert done.returncode == 0 and "No issues found" in done.stdout + done.stderr, done.stdout + done.stderr
    return out / "site"


def pages(folder):
    return {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("index.html"))}


def blocks(page):
    """The text of each code block and of each output."""
    found = re.findall(r"<pre\b[^>]*>(.*?)</pre>", page, re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", block)).strip("\n") for block in found]


def parsed(markup):
    """Elements and words, so that the order of attributes and the way to close an element do not count."""
    page = Page(markup)
    return page.elements, "".join(page.text).split()


def figures(page):
    return [parsed(found) for found in re.findall(r'<svg\b[^>]*role="img".*?</svg>', page, re.S)]


def formulas(page):
    return [parsed(found) for found in re.findall(r"<math\b.*?</math>", page, re.S)]


def test_the_pages_are_the_same(theirs, site):
    assert list(pages(theirs)) == list(pages(site))


@pytest.mark.parametrize("what, least", [(blocks, 180), (figures, 110), (formulas, 1000)])
def test_what_they_hold_is_the_same(theirs, site, what, least):
    count = 0
    for name, file in pages(site).items():
        ours = what(file.read_text(encoding="utf-8"))
        assert what(pages(theirs)[name].read_text(encoding="utf-8")) == ours, name
        count += len(ours)
    assert count > least, "the test itself: it finds them"


@contextlib.contextmanager
def opened(theirs, chromium, path):
    """A tab with a page of their site."""

    tab = chromium.new_page(service_workers="block")
    with served(theirs) as address:
        tab.goto(f"{address}/{path}", wait_until="networkidle")
        yield tab
        tab.close()


@pytest.mark.parametrize("lang, word", [("zh", "遗忘门"), ("zh", "梯度裁剪"), ("en", "forget gate")])
def test_the_search_works_in_both_languages(theirs, chromium, lang, word):
    with opened(theirs, chromium, "en/" if lang == "en" else "") as tab:
        tab.keyboard.press("/")
        tab.wait_for_timeout(500)
        tab.keyboard.insert_text(word)
        tab.locator("a:has(mark)", has_text=word).first.wait_for(timeout=10_000)


@pytest.mark.parametrize("path", ["rnn/recurrence/", "en/rnn/recurrence/"])
def test_programs_run_in_the_page(theirs, chromium, path):
    with opened(theirs, chromium, path) as tab:
        tab.locator(".run button").first.click()
        tab.locator(".language-text", has_text="a stub").wait_for(timeout=10_000)


# What a reader of either may miss: (a part of the table in CONTRIBUTING.md, where it is seen)
PARTS = {
    "pages, programs, output, figures, formulas": None,  # the tests above
    "programs run in the page": None,
    "search in Chinese and English": None,
    "description and Open Graph picture": lambda folder, page: 'property="og:image"' in page,
    "questions as FAQPage data": lambda folder, page: '"FAQPage"' in page,
    "the page in the other language, for search engines": lambda folder, page: 'hreflang="x-default"' in page,
    "content security policy": lambda folder, page: "Content-Security-Policy" in page,
    "sitemap of both languages": lambda folder, page: "/en/" in (folder / "sitemap.xml").read_text(encoding="utf-8"),
    "zip to read offline": lambda folder, page: any(folder.glob("*.zip")),
    "styles and fonts cut to what is used": lambda folder, page: max(
        file.stat().st_size for file in folder.glob("assets/stylesheets/**/*.css")
    ) < 100_000,
}  # fmt: skip


@pytest.mark.parametrize("name, known", [("CONTRIBUTING.md", ("yes", "no")), ("CONTRIBUTING.zh.md", ("有", "没有"))])
def test_the_table_of_differences_is_true(theirs, site, name, known):
    text = (ROOT / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text.partition("<!-- zensical -->")[2], re.M)[2:]
    assert len(rows) == len(PARTS)
    if name == "CONTRIBUTING.md":
        assert [row[0] for row in rows] == list(PARTS)
    for (part, ours, other), seen in zip(rows, PARTS.values(), strict=True):
        for folder, said in ((site, ours), (theirs, other)):
            page = (folder / "interview/questions/index.html").read_text(encoding="utf-8")
            assert said == known[0 if seen is None or seen(folder, page) else 1], (part, folder)

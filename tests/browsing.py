"""What the browser tests share: addresses on the served site, and typing into its search."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from conftest import SITE_URL

BASE = urlsplit(SITE_URL).path


def url_of(lang, path):
    stem = "" if path.name == "index.md" else path.with_suffix("").as_posix() + "/"
    return BASE + ("en/" if lang == "en" else "") + stem


def search_for(tab, word):
    """Type as an input method does: the text arrives at once, then a key is released."""
    tab.locator("[data-md-component=search-query]").click()
    tab.keyboard.insert_text(word)
    tab.keyboard.press("End")


def wait_until(tab, expression):
    """Until the JavaScript `expression` is true. Playwright's own wait_for_function asks for eval, which the site's
    content security policy forbids."""
    for _ in range(600):
        if tab.evaluate(expression):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"not true after 30 s: {expression}")


def all_pages(pages, lang):
    """The paths of all pages of a language, labs included, as their sources would be named."""
    return [*pages.sources.pages[lang], *(PurePosixPath(f"{name}.md") for name in pages.sources.labs)]

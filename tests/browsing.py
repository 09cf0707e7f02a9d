"""What tests of finished pages share: their addresses, elements and programs; a reader's hands; axe."""

import html.parser
import re
import textwrap
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from conftest import ROOT, SITE_URL

from sitebuild.pages.links import address

BASE = urlsplit(SITE_URL).path


def url_of(lang, path):
    stem = address(path)
    return BASE + ("en/" if lang == "en" else "") + stem


def search_for(tab, word):
    """Type as an input method does, all at once, then a key is released; and wait until something is found."""
    tab.locator("[data-md-component=search-query]").click()
    tab.keyboard.insert_text(word)
    tab.keyboard.press("End")
    tab.locator(".md-search-result__item").first.wait_for(timeout=20_000)


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


AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")

# All rules where the layout differs; where only the colours do, those that look at colours. What KaTeX draws is
# hidden from screen readers (they read the MathML beside it) and has the colour of the text around it.
RUN = """rules => axe.run({exclude: [[".katex-html"]]}, {
    resultTypes: ["violations"],
    ...(rules ? {runOnly: {type: "rule", values: rules}} : {}),
}).then(({violations}) => violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`)))"""

# By then the observers have seen the new size that make what scrolls reachable by keyboard.
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"

COLOURS = ["color-contrast", "link-in-text-block"]

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

FORMS = ((DESKTOP, "light", None), (PHONE, "dark", None), (DESKTOP, "dark", COLOURS), (PHONE, "light", COLOURS))


def faults(tab, forms=FORMS):
    """The faults that axe finds on the page that is open, in each form."""
    tab.evaluate(AXE)
    found = []
    for size, scheme, rules in forms:
        tab.set_viewport_size(size)
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        shown = {"light": "default", "dark": "slate"}[scheme]
        wait_until(tab, f"document.body.getAttribute('data-md-color-scheme') == '{shown}'")
        tab.evaluate(FRAMES)
        found += [f"{size['width']} px, {scheme}: {fault}" for fault in tab.evaluate(RUN, rules)]
    return found


class Page(html.parser.HTMLParser):
    """What a test needs of a page: its elements with attributes, its ids, its text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.ids, self.text = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append((tag, attributes))
        if "id" in attributes:
            self.ids.add(attributes["id"])

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def links(self):
        """(tag, attributes, address) of all that the page leads to or loads."""
        named = [(tag, a, a[name]) for tag, a in self.elements for name in ("href", "src") if name in a]
        return [link for link in named if link[0] != "use" and not link[2].startswith(("data:", "javascript:"))]


def programs(text):
    """(code, expected output) of each Python fence of an expanded page."""
    pattern = r"^( *)```python\n(.*?)^\1```$\n\n *<span class=.run[^\n]*(?:\n\n *<!--pytest-codeblocks:expected-output-->\n\n *```text\n(.*?)^ *```$)?"
    return [(textwrap.dedent(m[2]), textwrap.dedent(m[3] or "")) for m in re.finditer(pattern, text, re.S | re.M)]


# The theme's own search worker, asked directly: no key is typed, so hundreds of questions take seconds. Messages: 0 set
# up, 1 ready, 2 query, 3 result; the first query makes it fetch its index, and its first answer is empty.
ASK = """async (queries) => {
    const { base, search } = JSON.parse(document.getElementById("__config").textContent), home = new URL(base + "/", location);
    const worker = new Worker(new URL(search, home)), setup = await (await fetch(new URL("search/search_index.json", home))).json();
    const say = (type, data) => new Promise((heard) => {
        worker.onmessage = (message) => (!loaded && message.data.data && !message.data.data.items.length) || heard(message.data.data);
        worker.postMessage({ type, data });
    });
    let loaded = false;
    await say(0, { ...setup, options: { suggest: false } });
    const found = [];
    for (const query of queries) {
        const { items } = await say(2, query);
        loaded = true;
        found.push(items.slice(0, 3).map((page) => page.map((section) => section.location)));
    }
    worker.terminate();
    return found;
}"""


def searched(tab, queries):
    """What the search of the open page finds for each query: the first three pages, each as its sections in order."""
    return dict(zip(queries, tab.evaluate(ASK, list(queries)), strict=True))

"""The built site: links, languages, addresses, no other host."""

import json
import posixpath
import re
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from browsing import Page
from conftest import SITE_URL, sources

SOURCES = sources()


def address(site, file):
    """The address under which a file of the site is served."""
    path = file.relative_to(site).as_posix()
    return urljoin(SITE_URL, path.removesuffix("index.html"))


def file_of(site, url):
    """The file that an address of the site leads to."""
    path = unquote(urlsplit(url).path).removeprefix(urlsplit(SITE_URL).path)
    file = site / path
    return file / "index.html" if url.split("#")[0].endswith("/") or path == "" else file


@pytest.fixture(scope="module")
def parsed(site):
    return {file: Page(file.read_text(encoding="utf-8")) for file in sorted(site.rglob("*.html"))}


def test_no_dead_link_or_anchor(site, parsed):
    checked = 0
    for file, content in parsed.items():
        for _, _, link in content.links():
            url = urljoin(address(site, file), link)
            assert url.startswith(SITE_URL), f"{file}: {link} leads to another host"
            target = file_of(site, url)
            assert target.is_file(), f"{file}: {link} is dead"
            fragment = unquote(urlsplit(url).fragment)
            if fragment and target.suffix == ".html" and not fragment.startswith("__"):
                assert fragment in parsed[target].ids, f"{file}: {link} has no such anchor"
            checked += 1
    assert checked > 1000


def test_nothing_is_loaded_from_another_host(site):
    """Not by HTML (above), nor by a style sheet."""
    for file in site.rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.S)
        for link in re.findall(r"url\(([^)]+)\)", text):
            link = link.strip("'\"").split("?")[0]
            if link.startswith(("data:", "#")):
                continue
            target = posixpath.normpath(posixpath.join(file.parent.relative_to(site).as_posix(), link))
            assert (site / target).is_file(), f"{file}: {link}"


def test_each_page_names_itself_and_its_twin(site, parsed):
    for file, content in parsed.items():
        if file.name == "404.html":
            continue
        here = address(site, file)
        links = content.all("link")
        assert [a["href"] for a in links if a.get("rel") == "canonical"] == [here]
        path = here.removeprefix(SITE_URL).removeprefix("en/")
        expected = {"zh": SITE_URL + path, "en": f"{SITE_URL}en/{path}", "x-default": f"{SITE_URL}en/{path}"}
        found = {a["hreflang"]: a["href"] for a in links if a.get("rel", "").split() == ["alternate"]}
        assert found == expected, file
        (switch,) = [a for a in content.all("a") if a.get("class") == "language-switch"]
        other = "zh" if file.is_relative_to(site / "en") else "en"
        assert urljoin(here, switch["href"]) == expected[other] and switch["hreflang"] == other


def test_each_language_has_its_own_search_index(site):
    for lang, folder in (("zh", site), ("en", site / "en")):
        index = json.loads((folder / "search/index.json").read_text(encoding="utf-8"))
        text = " ".join(entry["title"] + entry["text"] for entry in index["docs"]).replace("\u200b", "")
        assert ("秒回答" in text) == (lang == "zh") and ("second answer" in text) == (lang == "en")
        locations = {entry["location"].split("#")[0] for entry in index["docs"]}
        assert len(locations) == len(SOURCES.pages[lang]) + len(SOURCES.labs)
        # tick labels and formulas are not what anybody searches for
        assert "10⁻" not in text and "<math" not in text and 'class="katex' not in text


def test_formulas_carry_mathml_and_no_script(site, parsed):
    content = parsed[site / "lstm/gates/index.html"]
    assert len(content.all("math")) > 20
    scripts = [a.get("src", "") for a in content.all("script")]
    assert not any("katex" in source.lower() or "mathjax" in source.lower() for source in scripts)
    fonts = {file.name for file in (site / "assets/katex/fonts").iterdir()}
    assert "KaTeX_AMS-Regular.woff2" in fonts and not any("Fraktur" in name for name in fonts)

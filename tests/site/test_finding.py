"""How the site is found and passed on: sitemap, what a link shows, questions as data, search, the footer."""

import gzip
import html
import os
import posixpath
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import PurePosixPath
from urllib.parse import urljoin

import pytest
import scratch
from browsing import BASE, search_for, searched, url_of
from conftest import SITE_URL, refused, sources
from PIL import Image

from sitebuild import LANGS
from sitebuild.base.markdown import scan
from sitebuild.pages import notebooks
from sitebuild.pages.links import address
from sitebuild.pages.plain_text import plain
from sitebuild.sources import provenance, style
from sitebuild.sources.question import read

SOURCES = sources()
LOCALES = {"zh": "zh_CN", "en": "en_US"}
CHINESE = re.compile(r"[一-鿿]")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def folder(site, lang):
    return site if lang == "zh" else site / "en"


def html_pages(site):
    """(language, path, text) of every page but the 404 pages."""
    for file in sorted(site.rglob("index.html")):
        lang = "en" if file.is_relative_to(site / "en") else "zh"
        yield lang, file.relative_to(folder(site, lang)).parent.as_posix(), file.read_text(encoding="utf-8")


def metas(text):
    """The <meta> elements by name or property; fails if one is there twice."""
    found = {}
    for element in re.findall(r"<meta [^>]*>", text):
        attributes = {key: html.unescape(value) for key, value in re.findall(r'([\w:]+)="([^"]*)"', element)}
        name = attributes.get("property") or attributes.get("name")
        if name:
            assert name not in found, f"{name} twice"
            found[name] = attributes["content"]
    return found


# -- sitemap and robots ------------------------------------------------------------------------------------


def sitemap_faults(text, site, base):
    """What is wrong with a sitemap: by the schema's rules, and by Google's for alternates."""
    root, faults, alternates = ET.fromstring(text), [], {}
    for url in root:
        address, *rest = url
        if rest[0].tag == f"{SITEMAP}lastmod" and date.fromisoformat(rest.pop(0).text) > datetime.now(UTC).date():
            faults.append(f"changed in the future: {address.text}")
        if [root.tag, url.tag, address.tag] != [f"{SITEMAP}{name}" for name in ("urlset", "url", "loc")]:
            faults.append(f"not an entry: {address.text}")
        if any((link.tag, link.get("rel")) != (LINK, "alternate") for link in rest):
            faults.append(f"after loc and lastmod come alternates: {address.text}")
        if address.text in alternates:
            faults.append(f"twice: {address.text}")
        alternates[address.text] = {link.get("hreflang"): link.get("href") for link in rest}
    for address, links in alternates.items():
        if set(links) != {"zh", "en", "x-default"} or links["x-default"] != links["en"]:
            faults.append(f"alternates of {address}: {links}")
        if address not in links.values() or any(alternates.get(other) != links for other in links.values()):
            faults.append(f"{address} and its alternates do not name each other")
    folders = [file.parent.relative_to(site).as_posix() for file in site.rglob("index.html")]
    listed = {base if folder == "." else f"{base}{folder}/" for folder in folders}
    return faults + [f"differs from the pages: {address}" for address in listed ^ set(alternates)]


def test_the_sitemap_lists_every_page_of_both_languages_with_its_alternates(site):
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert sitemap_faults(text, site, SITE_URL) == []
    assert text.count("<loc>") == 2 * (len(SOURCES.pages["zh"]) + len(SOURCES.labs)) > 60
    assert gzip.decompress((site / "sitemap.xml.gz").read_bytes()).decode() == text


def test_robots_name_the_sitemap_and_forbid_nothing(site):
    lines = (site / "robots.txt").read_text(encoding="utf-8").splitlines()
    assert lines == ["User-agent: *", "Disallow:", "", f"Sitemap: {SITE_URL}sitemap.xml"]


# -- what a link shows -------------------------------------------------------------------------------------


def test_every_page_says_what_its_link_shows(site):
    seen = set()
    for lang, path, text in html_pages(site):
        said, here = metas(text), urljoin(SITE_URL + ("en/" if lang == "en" else ""), "" if path == "." else f"{path}/")
        title = re.search(r"<h1[^>]*>(.*?)(?:<a class=\"headerlink|</h1>)", text, re.S)[1]
        assert said["og:title"] == html.unescape(re.sub(r"<[^>]+>", "", title)).strip(), path
        assert said["og:description"] == said["description"] and len(said["description"]) >= 30, path
        assert said["og:url"] == here
        assert said["og:type"] == ("website" if path == "." else "article")
        other = LANGS[1 - LANGS.index(lang)]
        assert (said["og:locale"], said["og:locale:alternate"]) == (LOCALES[lang], LOCALES[other])
        assert bool(CHINESE.search(said["og:site_name"])) == (lang == "zh")
        assert said["twitter:card"] == "summary_large_image"
        for name in ("title", "description", "image", "image:alt"):
            assert said[f"twitter:{name}"] == said[f"og:{name}"]
        assert bool(CHINESE.search(said["og:image:alt"])) == (lang == "zh"), path
        assert said["og:image"].startswith(SITE_URL + ("en/pictures/" if lang == "en" else "pictures/"))
        file = site / said["og:image"].removeprefix(SITE_URL)
        size = (int(said["og:image:width"]), int(said["og:image:height"]))
        assert Image.open(file).size == size == (1200, 630) and said["og:image:type"] == "image/png"
        assert file.stat().st_size < 200_000, file
        assert said["description"] not in seen, "another page says the same"
        seen.add(said["description"])
    assert len(seen) > 60


@pytest.mark.parametrize("lang, shortest, longest", [("zh", 30, 90), ("en", 50, 200)])
def test_descriptions_fit_what_search_engines_show_and_arrive_whole(site, lang, shortest, longest):
    for path, text in SOURCES.pages[lang].items():
        written = re.match(r"---\ndescription: (.*)\n", text)[1]
        assert shortest <= len(written) <= longest, f"{path}: {len(written)}"
        where = f"{address(path)}index.html"
        assert metas((folder(site, lang) / where).read_text(encoding="utf-8"))["description"] == written
    for lab in SOURCES.labs.values():
        written = notebooks.description(lab, lang)
        assert shortest <= len(written) <= longest and written[-1] in ".。?？", lab.name
        text = (folder(site, lang) / lab.name / "index.html").read_text(encoding="utf-8")
        assert metas(text)["description"] == written


# -- search ------------------------------------------------------------------------------------------------

SEARCHES = [
    ("zh", "梯度爆炸", "remedies/clipping", "GRU 会梯度消失或梯度爆炸吗？", {"梯度", "爆炸"}),
    ("zh", "遗忘门偏置", "lstm/vs-rnn", "遗忘门偏置为什么初始化为 1 或更大？", {"遗忘", "门", "偏置"}),
    # as people type: a Latin word and Chinese ones without a space, and a word that is on no page
    ("zh", "sigmoid为什么", "lstm/activations", "为什么门用 sigmoid，候选状态用 tanh？", {"为什么", "sigmoid"}),
    ("zh", "啥是遗忘门", "lstm/gates", "实验：写入、保持、擦除、读出", {"遗忘", "门"}),
    ("en", "exploding gradients", "rnn/detect", "Can an LSTM have exploding gradients?", {"exploding", "gradients"}),
    ("en", "why sigmoid", "lstm/activations", "Why sigmoid for the gates and tanh for the candidate?", {"sigmoid"}),
    ("en", "forget bias", "lstm/vs-rnn", "Experiment: what the forget bias does", {"forget", "bias"}),
]


@pytest.mark.parametrize("lang, typed, page_wanted, section, marked", SEARCHES)
def test_what_a_reader_types_leads_to_the_page_that_answers_it(
    tab, origin, site, lang, typed, page_wanted, section, marked
):
    """Among the first three; each result under its page's title, every word of the query looked for (but why)."""
    home = BASE + ("en/" if lang == "en" else "")
    tab.goto(origin + home)
    search_for(tab, typed)
    results = tab.evaluate(
        """() => [...document.querySelectorAll(".md-search-result__item")].slice(0, 3).map(item => ({
            links: [...item.querySelectorAll("a")].map(link => link.pathname),
            page: item.querySelector("a h1").textContent,
            sections: [...item.querySelectorAll("h2")].map(heading => [
                heading.textContent.replaceAll("\u200b", ""),
                [...heading.closest("a").querySelectorAll("del")].map(missing => missing.textContent)]),
            marks: [...item.querySelectorAll("mark")].map(mark => mark.textContent.replaceAll("\u200b", ""))}))"""
    )
    assert len(results) == 3
    for result in results:
        (address,) = set(result["links"])  # the sections of one page stand together
        assert address.startswith(home) and ("/en/" in address) == (lang == "en")
        text = (site / address.removeprefix(BASE) / "index.html").read_text(encoding="utf-8")
        assert unspaced(result["page"]) == unspaced(metas(text)["og:title"]), "a result is titled by its page"
    assert f"{home}{page_wanted}/" in [result["links"][0] for result in results]
    missing = {heading: words for result in results for heading, words in result["sections"]}[section]
    assert missing == [] or typed == "啥是遗忘门", "the theme says that it lacks words which are there"
    found = {mark.lower() for result in results for mark in result["marks"]}
    assert marked <= found
    assert tab.complaints == []


GLOSSARY = PurePosixPath("reference/glossary.md")
ASKED = [PurePosixPath(f"interview/{name}.md") for name in ("questions", "follow-ups", "recurrent", "training")]
# as people type them, in either language's site
SPELLINGS = {
    "lstm gates": "lstm/gates", "forget bias": "lstm/vs-rnn", "gradient clipping": "remedies/clipping",
    "exploding gradients": "rnn/detect", "vanishing gradients": "rnn/chain-rule", "batchnorm": "remedies/batch-norm",
    "layernorm": "remedies/layer-norm", "resnet": "remedies/residual", "kaiming": "remedies/initialization",
    "leaky relu": "remedies/activations", "clip_grad_norm_": "remedies/clipping", "NaN loss": "rnn/detect",
    "gradient checking": "lstm/backward", "minGRU": "remedies/gru", "RNN": "interview/recurrent", "stabilizer": "beyond/xlstm",
    "xLSTM": "beyond/xlstm", "degradation": "remedies/residual", "warmup": "remedies/layer-norm",
    "ＢａｔｃｈＮｏｒｍ": "remedies/batch-norm", "lstm gates: x-y:": "lstm/gates", "+ lstm gates": "lstm/gates",
    '"gradient clipping"': "remedies/clipping", "the gradient’s clipping": "remedies/clipping",
}  # fmt: skip
# no sign is an operator that hides what is meant
SPELLINGS |= {
    typed: "remedies/clipping"
    for sign in "^~:*()"
    for typed in (f"{sign}gradient {sign}clipping", f"gradient{sign} clipping{sign}", f"gradient clipping {sign}5")
}


def typed(lang):
    """(what is typed, the page where it should lead, the section there or "") for all there is to be found."""
    pages, words = SOURCES.pages[lang], SOURCES.words[lang]
    for path, text in pages.items():
        yield plain(scan(text).headings[0].text), path, ""
    for path in ASKED:
        for card in read(pages[path], path, str(path), words):
            yield plain(card.question), path, card.id
    for ours, to, theirs, others in style.entries(pages[GLOSSARY], words):
        short = [part for name in (ours, theirs) for part in re.findall(r"(.*) \((.*)\)$", name) for part in part]
        for name in (ours, theirs, *others, *short):
            yield name, PurePosixPath(posixpath.normpath(GLOSSARY.parent / to)), ""
    for spelling, page in SPELLINGS.items():
        yield spelling, PurePosixPath(f"{page}.md"), ""


@pytest.mark.parametrize("lang", LANGS)
def test_all_that_has_a_place_is_found_among_the_first_three(tab, origin, lang):
    """Every title and question, typed whole; every term of the glossary by all its names; common spellings."""
    tab.goto(origin + url_of(lang, PurePosixPath("index.md")))
    places = {}  # a page and a question may ask the same: one of the two will do
    for what, path, section in typed(lang):
        address = url_of(lang, path).removeprefix(url_of(lang, PurePosixPath("index.md")))
        places.setdefault(what, []).append(f"{address}#{section}" if section else address)
    lost = {}
    for what, found in searched(tab, list(places)).items():
        shown = [place for page in found for place in (page[0].partition("#")[0], *page[:4])]
        if not set(places[what]) & set(shown):
            lost[what] = shown
    assert lost == {}, f"{len(lost)} of {len(places)}; `keywords:` in the page's front matter may help"
    assert len(places) > 300 and tab.complaints == []


def unspaced(text):
    return re.sub(r"[\s\u200b]", "", text)


# -- the footer --------------------------------------------------------------------------------------------


def footer(text):
    (line,) = re.findall(r'<div class="built">(.*?)</div>', text, re.S)
    return " ".join(line.split())


def test_every_page_says_what_it_was_built_from(site):
    count = len(SOURCES.snippets) + len(SOURCES.labs)
    versions = [".".join(map(str, sys.version_info[:3])), version("numpy"), version("matplotlib")]
    lines = {lang: set() for lang in LANGS}
    for lang, _, text in html_pages(site):
        lines[lang].add(footer(text))
    lines["zh"].add(footer((site / "404.html").read_text(encoding="utf-8")))
    for lang, said in lines.items():
        (line,) = said
        assert bool(CHINESE.search(line)) == (lang == "zh")
        assert re.findall(r"\d+(?:\.\d+)+", line) == versions
        assert re.search(r"(\d+) (?:个程序|programs)", line)[1] == str(count)
        assert re.search(r"\d{4}-\d\d-\d\d", line)


def git(folder, *arguments, when="2024-05-06T23:30:00-0500"):
    identity = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, env={**os.environ, **identity, **dates}
    )


@pytest.fixture
def repository(tmp_path):
    """A scratch project with two commits: all on 2024-05-07 (UTC), the English index a year later."""
    project = scratch.make(tmp_path / "project")
    git(project, "init", "--quiet")
    git(project, "add", "docs", "snippets", "mkdocs.yml")
    git(project, "commit", "--quiet", "-m", "one")
    scratch.edit(project / "docs/en/index.md", "description: home", "description: the home")
    git(project, "commit", "--quiet", "-am", "two", when="2025-06-07T08:00:00+0000")
    return project


SECOND = 1_749_283_200  # of that commit


def test_history_is_what_git_knows(repository, tmp_path, monkeypatch):
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # as in a container
        known = provenance.history(repository)
    assert known.last == SECOND
    assert known.changed["docs/en/index.md"] == "2025-06-07" and known.changed["docs/zh/index.md"] == "2024-05-07"
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), str(shallow))
    assert provenance.history(shallow) == provenance.History(SECOND, {}), "nothing is known, nothing is claimed"
    (repository / "below").mkdir()
    for folder in (repository / "below", tmp_path):
        assert provenance.history(folder) == provenance.History(), "another project's repository, or none"


def test_a_date_that_is_set_goes_first(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    built = provenance.built(provenance.History(SECOND), 3)
    assert (built["date"], built["programs"]) == ("1970-01-02", 3)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    (problem,) = refused(provenance.built, provenance.History(SECOND), 3)
    assert str(problem) == "SOURCE_DATE_EPOCH: not a number of seconds since 1970: 'yesterday'"


def test_dates_reach_the_sitemap_and_two_builds_of_a_commit_are_the_same_bytes(repository):
    sites = []
    for _ in range(2):
        assert scratch.build(repository).returncode == 0
        shutil.rmtree(repository / ".cache")
        sites.append(scratch.contents(repository / "site"))
    contents, again = sites
    assert contents.keys() == again.keys() and [name for name in contents if contents[name] != again[name]] == []
    base = "http://127.0.0.1:8000/"
    dates = {url[0].text: url[1].text for url in ET.fromstring(contents["sitemap.xml"])}
    assert dates == {base: "2024-05-07", f"{base}en/": "2025-06-07",
                     f"{base}more/": "2024-05-07", f"{base}en/more/": "2024-05-07"}  # fmt: skip
    assert sitemap_faults(contents["sitemap.xml"], repository / "site", base) == []
    written = int.from_bytes(contents["sitemap.xml.gz"][4:8], "little")  # RFC 1952: MTIME
    assert datetime.fromtimestamp(written, UTC).date().isoformat() == "2025-06-07"
    assert "2025-06-07" in footer(contents["index.html"].decode())


def test_without_a_repository_there_are_no_dates_and_no_wrong_ones(tmp_path):
    project = scratch.make(tmp_path / "project")
    assert scratch.build(project, SOURCE_DATE_EPOCH="1000000000").returncode == 0
    assert "lastmod" not in (project / "site/sitemap.xml").read_text()
    assert "2001-09-09" in footer((project / "site/en/index.html").read_text())

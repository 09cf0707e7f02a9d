"""How the site is found and passed on: sitemap, what a link shows, questions as data, search, the footer."""

import gzip
import hashlib
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

import material
import pytest
import scratch
from browsing import BASE, search_for
from conftest import SITE_URL
from PIL import Image

from sitebuild import LANGS, build
from sitebuild.base.problems import SiteError
from sitebuild.sources.project import Project, load
from sitebuild.extras import share_picture
from sitebuild.finish import search
from sitebuild.pages import metadata, notebooks
from sitebuild.pages.plain_text import plain
from sitebuild.programs import runner
from sitebuild.sources import page, provenance, snippet
from sitebuild.sources.blocks import named
from sitebuild.stage import with_meta

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "node_modules"
SOURCES = load(Project(ROOT))
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
    root = ET.fromstring(text)
    faults, alternates = [], {}
    if root.tag != f"{SITEMAP}urlset":
        return [f"the root is {root.tag}"]
    for url in root:
        names = [child.tag for child in url]
        if url.tag != f"{SITEMAP}url" or names[0] != f"{SITEMAP}loc" or names.count(f"{SITEMAP}loc") != 1:
            faults.append(f"not an entry: {url.tag} with {names}")
            continue
        rest = names[1:]
        if rest and rest[0] == f"{SITEMAP}lastmod":
            rest = rest[1:]
            if date.fromisoformat(url[1].text) > datetime.now(UTC).date():
                faults.append(f"changed in the future: {url[1].text}")
        if set(rest) != {LINK}:
            faults.append(f"after loc and lastmod come alternates, not {rest}")
        address = url[0].text
        if address in alternates:
            faults.append(f"twice: {address}")
        alternates[address] = {link.get("hreflang"): link.get("href") for link in url if link.tag == LINK}
        if any(link.get("rel") != "alternate" for link in url if link.tag == LINK):
            faults.append(f"not an alternate: {address}")
    for address, links in alternates.items():
        if not address.startswith(base) or len(address) > 2048 or urlsplit(address).fragment:
            faults.append(f"not an address of the site: {address}")
        elif not (site / urlsplit(address).path.removeprefix(urlsplit(base).path) / "index.html").is_file():
            faults.append(f"no such page: {address}")
        if set(links) != {"zh", "en", "x-default"} or links["x-default"] != links["en"]:
            faults.append(f"alternates of {address}: {links}")
        if address not in links.values():
            faults.append(f"not its own alternate: {address}")
        for other in links.values():
            if alternates.get(other) != links:
                faults.append(f"{address} names {other}, which does not name it")
    listed = {urljoin(base, file.relative_to(site).parent.as_posix() + "/") for file in site.rglob("index.html")}
    listed = {base if address == f"{base}./" else address for address in listed}
    return faults + [f"differs from the pages: {address}" for address in listed ^ set(alternates)]


def test_the_sitemap_lists_every_page_of_both_languages_with_its_alternates(site):
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert sitemap_faults(text, site, SITE_URL) == []
    assert text.count("<loc>") == 2 * (len(SOURCES.pages["zh"]) + len(SOURCES.labs)) > 60
    assert gzip.decompress((site / "sitemap.xml.gz").read_bytes()).decode() == text


def test_the_english_build_writes_no_sitemap_or_robots_of_its_own(site):
    assert [str(f.relative_to(site)) for f in site.rglob("sitemap.xml*")] == ["sitemap.xml", "sitemap.xml.gz"]
    assert [str(f.relative_to(site)) for f in site.rglob("robots.txt")] == ["robots.txt"]


GATES = "<loc>https://example.org/lstm/lstm/gates/"
HERE = 'hreflang="en" href="https://example.org/lstm/'


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ("www.sitemaps.org", "sitemaps.org", "the root is"),
        (GATES, "<loc>/lstm/lstm/gates/", "not an address"),
        (GATES, "<loc>https://example.org/lstm/lstm/none/", "no such page"),
        (GATES, "<loc>https://example.org/lstm/rnn/detect/", "twice"),
        (GATES, "<lastmod>2024-01-01</lastmod>" + GATES, "not an entry"),
        (HERE + "en/rnn/", HERE + "rnn/", "which does not name it"),
        ('hreflang="x-default"', 'hreflang="de"', "alternates of"),
        ("    <xhtml:link", "    <priority>1</priority>\n    <xhtml:link", "after loc and lastmod"),
    ],
)
def test_the_check_of_the_sitemap_sees_what_is_wrong(site, old, new, fault):
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert old in text
    assert any(fault in one for one in sitemap_faults(text.replace(old, new, 1), site, SITE_URL))


def test_robots_name_the_sitemap_and_forbid_nothing(site):
    lines = (site / "robots.txt").read_text(encoding="utf-8").splitlines()
    assert lines == ["User-agent: *", "Disallow:", "", f"Sitemap: {SITE_URL}sitemap.xml"]


# -- what a link shows -------------------------------------------------------------------------------------


def test_every_page_says_what_its_link_shows(site):
    seen = 0
    for lang, path, text in html_pages(site):
        said, here = metas(text), urljoin(SITE_URL + ("en/" if lang == "en" else ""), "" if path == "." else f"{path}/")
        title = html.unescape(
            re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)(?:<a class=\"headerlink|</h1>)", text, re.S)[1])
        )
        assert said["og:title"] == title.strip(), path
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
        seen += 1
    assert seen > 60


def test_the_picture_is_the_pages_own_first_figure_else_that_of_the_home_page(site):
    without = set()
    for lang, path, text in html_pages(site):
        said = metas(text)
        drawn = [tag for tag in re.findall(r"<svg [^>]*>", text) if 'role="img"' in tag]
        # a figure that the benchmark drew has no picture of its own
        figures = (
            []
            if path == "reference/building"
            else [html.unescape(re.search(r'aria-label="([^"]*)"', tag)[1]) for tag in drawn]
        )
        own = f"pictures/{'index' if path == '.' else path}.png"
        if figures:
            assert said["og:image"].endswith(own) and said["og:image:alt"] == figures[0], path
        else:
            without.add(path)
            home = metas((folder(site, lang) / "index.html").read_text(encoding="utf-8"))
            assert (said["og:image"], said["og:image:alt"]) == (home["og:image"], home["og:image:alt"])
            assert not (folder(site, lang) / own).exists()
    assert without == {"cec/history", *(f"interview/{n}" for n in ("claims", "flashcards", "follow-ups", "questions")),
                       *(f"reference/{n}" for n in ("building", "formulas", "glossary", "licences", "notation", "papers", "verified"))}  # fmt: skip


def test_pictures_are_small_white_at_the_rim_and_carry_no_date(site):
    files = sorted(site.rglob("pictures/**/*.png"))
    assert len(files) > 40
    for file in files:
        assert file.stat().st_size < 150_000, file
        picture = Image.open(file)
        assert not picture.info, f"{file}: {picture.info}"
        picture = picture.convert("RGB")
        for x in range(0, 1200, 7):
            for y in (0, 8, 621, 629):
                assert picture.getpixel((x, y)) == (255, 255, 255), f"{file}: no margin at {x}, {y}"
        drawn = picture.crop((32, 32, 1168, 598)).getcolors(1136 * 566)
        assert len(drawn) > 8, f"{file}: nothing is drawn"


def test_pictures_speak_the_pages_language(site):
    """The same figure in two languages is two pictures; that Chinese is drawn, and not blank, is tested below."""
    for name in ("index", "lstm/gates", "labs/sequential_digits", "remedies/compare"):
        zh, en = (Image.open(folder(site, lang) / f"pictures/{name}.png").convert("L") for lang in LANGS)
        assert zh.tobytes() != en.tobytes(), name



def test_a_build_in_which_nothing_changed_loads_no_matplotlib(pages):
    """`pages` has built once. Neither NumPy nor fontTools, either: a warm build does not pay for them."""
    code = (
        "import sys; from pathlib import Path; from sitebuild import build as staging; from sitebuild.sources.project import Project, load\n"
        f"project = Project(Path({str(ROOT)!r}))\n"
        "ran = []; sources = load(project); built = staging.build(project, sources, staging.run(project, sources, lambda *a: ran.append(a)))\n"
        "assert any('pictures' in str(path) for path in built.assets['zh'])\n"
        "print(ran, sorted({'numpy', 'matplotlib', 'PIL', 'fontTools'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[] []\n", done.stdout + done.stderr


@pytest.mark.parametrize("lang, shortest, longest", [("zh", 30, 90), ("en", 50, 200)])
def test_descriptions_fit_what_search_engines_show_and_arrive_whole(site, lang, shortest, longest):
    for path, text in SOURCES.pages[lang].items():
        written = re.match(r"---\ndescription: (.*)\n", text)[1]
        assert shortest <= len(written) <= longest, f"{path}: {len(written)}"
        where = path.with_suffix("") / "index.html" if path.name != "index.md" else "index.html"
        assert metas((folder(site, lang) / where).read_text(encoding="utf-8"))["description"] == written
    for lab in SOURCES.labs.values():
        written = notebooks.description(lab, lang)
        assert shortest <= len(written) <= longest and written[-1] in ".。?？", lab.name
        text = (folder(site, lang) / lab.name / "index.html").read_text(encoding="utf-8")
        assert metas(text)["description"] == written


# -- questions as data -------------------------------------------------------------------------------------


def questions(site):
    """(language, path, FAQPage, the page's text) of every page that has such data."""
    for lang, path, text in html_pages(site):
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
        assert len(blocks) <= 1, f"{path}: one FAQPage a page"
        for block in blocks:
            yield lang, path, json.loads(block), text


def visible(text):
    """What a reader sees of a page's article, without spaces."""
    article = re.search(r"<article.*</article>", text, re.S)[0]
    article = re.sub(r"<(script|math|style)\b.*?</\1>", "", article, flags=re.S)
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]+>", "", article)))


def test_questions_are_data_on_the_two_pages_that_ask_them_and_only_there(site):
    found = sorted((lang, path) for lang, path, _, _ in questions(site))
    assert found == [(lang, f"interview/{name}") for lang in ("en", "zh") for name in ("follow-ups", "questions")]


def test_the_data_are_a_valid_faqpage(site):
    """By schema.org and by Google's rules: every Question has a name and one accepted Answer with text."""
    for lang, path, data, _ in questions(site):
        assert set(data) == {"@context", "@type", "inLanguage", "mainEntity"}
        assert (data["@context"], data["@type"]) == ("https://schema.org", "FAQPage")
        assert data["inLanguage"] == {"zh": "zh-CN", "en": "en"}[lang]
        assert len(data["mainEntity"]) >= 3
        for entry in data["mainEntity"]:
            assert set(entry) == {"@type", "name", "acceptedAnswer"} and entry["@type"] == "Question"
            assert set(entry["acceptedAnswer"]) == {"@type", "text"} and entry["acceptedAnswer"]["@type"] == "Answer"
            for text in (entry["name"], entry["acceptedAnswer"]["text"]):
                assert text == text.strip() and text and "  " not in text
                assert bool(CHINESE.search(text)) == (lang == "zh"), f"{path}: {text}"
                assert not re.search(r"[一-鿿，。] [一-鿿，。]", text), f"a space left by markup: {text}"


def test_every_question_is_asked_once_on_the_whole_site(site):
    names = [entry["name"] for _, _, data, _ in questions(site) for entry in data["mainEntity"]]
    assert len(names) == len(set(names)) == 2 * 55


def test_questions_and_answers_as_data_are_what_the_page_shows(site):
    for lang, path, data, text in questions(site):
        shown = visible(text)
        for entry in data["mainEntity"]:
            answer = entry["acceptedAnswer"]["text"]
            # words between formulas, which a page shows in another form: but for the first and the last of a run,
            # which may be part of one
            runs = re.findall(r"[A-Za-z][A-Za-z ,;:.]{25,}" if lang == "en" else r"[一-鿿，。、；：？]{8,}", answer)
            runs = ["".join(run.split(" ")[1:-1]) if lang == "en" else run for run in runs]
            assert runs, entry["name"]
            assert re.sub(r"\s", "", entry["name"]) in shown, entry["name"]
            for run in runs:
                assert run in shown, f"{path}, {entry['name']}: {run!r} is not on the page"


def test_plain_text_keeps_no_spaces_of_markup():
    assert (
        plain("管 *存*，隐藏状态 $h_t$ 管 *露*。\n\n学会 *遗忘* 的门") == "管存，隐藏状态 h_t 管露。学会遗忘的门"
    )


# -- search ------------------------------------------------------------------------------------------------

SEARCHES = [
    ("zh", "梯度爆炸", "remedies/clipping", "LSTM 会梯度爆炸吗？", {"梯度", "爆炸"}),
    ("zh", "遗忘门偏置", "lstm/vs-rnn", "遗忘门偏置为什么初始化为 1 或更大？", {"遗忘", "门", "偏置"}),
    # as people type: a Latin word and Chinese ones without a space, and a word that is on no page
    ("zh", "sigmoid为什么", "lstm/activations", "为什么门用 sigmoid，候选状态用 tanh？", {"为什么", "sigmoid"}),
    ("zh", "啥是遗忘门", "cec/gates-resolve", "遗忘门等于 1 是什么意思？", {"遗忘", "门"}),
    ("en", "exploding gradients", "rnn/detect", "Can an LSTM have exploding gradients?", {"exploding", "gradients"}),
    (
        "en",
        "why sigmoid",
        "lstm/activations",
        "Why sigmoid for the gates and tanh for the candidate?",
        {"sigmoid"},
    ),
    ("en", "forget bias", "lstm/time-scale", "Experiment: what the forget bias does", {"forget", "bias"}),
]


@pytest.mark.parametrize("lang, typed, page_wanted, section, marked", SEARCHES)
def test_what_a_reader_types_leads_to_the_page_that_answers_it(
    tab, origin, site, lang, typed, page_wanted, section, marked
):
    """Among the first three; each result under its page's title, every word of the query looked for (but why)."""
    home = BASE + ("en/" if lang == "en" else "")
    tab.goto(origin + home)
    search_for(tab, typed)
    tab.locator(".md-search-result__item").first.wait_for(timeout=20000)
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


def unspaced(text):
    return re.sub(r"[\s\u200b]", "", text)


def test_the_search_worker_is_the_themes_but_for_what_is_mended(site):
    """Three places; English queries go another way."""
    ours = site / "assets/javascripts/workers/search.real.js"
    (theirs,) = (Path(material.__file__).parent / "templates/assets/javascripts/workers").glob("search.*.min.js")
    before, after = theirs.read_text(encoding="utf-8"), ours.read_text(encoding="utf-8")
    assert after == search.mended(before, "x") != before
    assert abs(len(after) - len(before)) < 30
    with pytest.raises(SiteError, match="x: the theme cuts Chinese queries in another way"):
        search.mended(after, "x")


@pytest.mark.parametrize(
    "query, index, words",
    [
        ("梯度爆炸", "梯度 爆炸", "梯度 爆炸"),
        ("遗忘门", "遗忘 门", "遗忘 门"),
        ("遗忘门偏置", "遗忘 门 偏置", "遗忘 门 偏置"),
        ("啥是遗忘门", "遗忘 门", "啥 是 遗忘 门"),
        ("梯度啊爆炸", "梯度 爆炸", "梯度 啊 爆炸"),
        ("时间尺度", "时间 时间尺度 尺度", "时间尺度"),
        ("", "梯度", ""),
    ],
)
def test_a_chinese_query_is_cut_whole(site, query, index, words):
    """The theme's own function, out of the built site, run by Node."""
    worker = site / "assets/javascripts/workers/search.real.js"
    cut = re.search(
        r"function (\w+)\(\w+,\w+\)\{let \w+=new Set,\w+=new Uint16Array.*?\}(?=function)", worker.read_text()
    )
    script = f"{cut[0]}; const index = {{}}; for (const word of {json.dumps(index.split())}) index[word] = 1;"
    script += f"console.log([...{cut[1]}({json.dumps(query)}, index)].join(' '))"
    node = shutil.which("node", path=os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"])
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == words


def test_the_index_holds_no_guessed_words(site):
    """门用, as in 门用 sigmoid, was one word: who looked for 门 found it first."""
    documents = json.loads((site / "search/index.json").read_text(encoding="utf-8"))["docs"]
    words = {word for entry in documents for word in re.split(r"[\u200b\s]", entry["title"] + " " + entry["text"])}
    assert {"门", "用", "遗忘", "偏置", "层", "归一化"} <= words
    assert not words & {"门用", "门要", "或层", "用层", "层时"}


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
    index = project / "docs/en/index.md"
    index.write_text(index.read_text().replace("description: home", "description: the home"))
    git(project, "commit", "--quiet", "-am", "two", when="2025-06-07T08:00:00+0000")
    return project


SECOND = 1_749_283_200  # of that commit


def test_a_clone_that_another_user_owns_keeps_its_dates(repository, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert provenance.history(repository).last == SECOND


def test_history_is_what_git_knows(repository, tmp_path):
    known = provenance.history(repository)
    assert known.last == SECOND
    assert known.changed["docs/en/index.md"] == "2025-06-07" and known.changed["docs/zh/index.md"] == "2024-05-07"
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), str(shallow))
    assert provenance.history(shallow) == provenance.History(SECOND, {}), "nothing is known, nothing is claimed"
    (repository / "below").mkdir()
    assert provenance.history(repository / "below") == provenance.History(), "another project's repository"
    assert provenance.history(tmp_path) == provenance.History()


def test_history_without_git(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert provenance.history(repository) == provenance.History()


def test_the_date_is_that_of_the_sources(monkeypatch):
    known = provenance.History(SECOND)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert provenance.built(known, 3)["date"] == "2025-06-07"
    assert provenance.moment(known) == SECOND
    assert provenance.built(provenance.History(), 3)["date"] == datetime.now(UTC).date().isoformat()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert provenance.built(known, 3)["date"] == "1970-01-02" and provenance.built(known, 3)["programs"] == 3
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(SiteError, match="SOURCE_DATE_EPOCH: not a number of seconds since 1970: 'yesterday'"):
        provenance.built(known, 3)


def test_dates_reach_the_sitemap_and_two_builds_of_a_commit_are_the_same_bytes(repository):
    digests = []
    for _ in range(2):
        assert scratch.build(repository).returncode == 0
        shutil.rmtree(repository / ".cache")
        contents = scratch.contents(repository / "site")
        digests.append({name: hashlib.sha256(data).hexdigest() for name, data in contents.items()})
    assert {name for name in digests[0] if digests[0][name] != digests[1].get(name)} == set()
    assert digests[0].keys() == digests[1].keys()
    base = "http://127.0.0.1:8000/"
    root = ET.fromstring(contents["sitemap.xml"])
    dates = {url[0].text: url[1].text for url in root}
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


# -- without our plugin -------------------------------------------------------------------------------------


def test_a_page_staged_for_another_builder_tells_the_same(tmp_path):
    """All but what is known of labs: notebooks have no place for it."""
    project = scratch.make(tmp_path / "project")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT), "SITE_URL": SITE_URL}
    out = tmp_path / "out"
    for command in (
        ["sitebuild", "stage", str(out)],
        *(["mkdocs", "build", "-q", "-f", str(out / f"{lang}.yml")] for lang in LANGS),
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=project, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert scratch.build(project, SITE_URL=SITE_URL).returncode == 0
    for name in ("index.html", "more/index.html", "en/index.html", "en/more/index.html"):
        ours, theirs = ((where / name).read_text(encoding="utf-8") for where in (project / "site", out / "site"))
        assert metas(ours) == metas(theirs), name
        assert footer(ours) == footer(theirs)
    for name in ("sitemap.xml", "robots.txt", "en/pictures/index.png"):
        assert (project / "site" / name).read_bytes() == (out / "site" / name).read_bytes(), name


def test_front_matter_grows_by_what_is_told():
    import yaml

    told = {"picture": "a.png", "picture_alt": 'says: "b" # c\n遗忘门', "changed": {"zh": "2024-05-07"}}
    for text, rest in (("---\ndescription: d\n---\n\n# T\n", "\n# T\n"), ("# T\n\n---\n", "# T\n\n---\n")):
        _, front, body = with_meta(text, told).split("---\n", 2)
        assert body == rest
        assert {**told, **({"description": "d"} if "description" in text else {})} == yaml.safe_load(front)


def test_a_page_whose_figure_is_not_in_its_first_program_is_seen():
    """lstm/gates begins with a program that draws nothing."""
    path = PurePosixPath("lstm/gates.md")
    assert named(SOURCES.pages["zh"][path], "", "snippet")[0].name == "lstm/step"
    assert metadata.drawing(SOURCES.pages["zh"], SOURCES.labs)[path] == "lstm/gates"

"""The books hold what the site shows: every heading, program, output, figure and formula, in both languages."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from browsing import AXE, RUN
from conftest import SITE_URL

ROOT = Path(__file__).resolve().parents[2]
LANGS = ("zh", "en")
NAME = "lstm-by-experiment"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CUT = "\ufffc"  # where a formula was
WIDE, HIGH, MARGIN = 498.9, 708.7, 40  # of a page, in points


# -- what is offered ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_books_are_offered_where_they_are_made(lang):
    config = SimpleNamespace(theme=SimpleNamespace(language=lang), extra={}, copyright="")

    def shown(*made):
        loader = jinja2.ChoiceLoader([*made, jinja2.FileSystemLoader(ROOT / "overrides")])
        templates = jinja2.Environment(loader=loader)
        templates.filters["url"] = lambda path: f"../{path}"
        return templates.get_template("partials/copyright.html").render(config=config, base_url="..")

    offer = "<a href=\"{{ 'assets/books/a.pdf' | url }}\">PDF</a>"
    assert '<a href="../assets/books/a.pdf">PDF</a>' in shown(jinja2.DictLoader({"assets/books/offer.html": offer}))
    if not (ROOT / "overrides/assets/books").exists():
        assert "books" not in shown()


# -- what is in them ---------------------------------------------------------------------------------------


def tool(name):
    """A program of this system, or the test cannot be made."""
    path = shutil.which(name)
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"there is no {name}: apt-get install it")
    with open(path, "rb") as file:
        return ["java", "-jar", path] if file.read(2) == b"PK" else [path]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder with the books, made twice; made from the same pages, they are the same bytes."""
    pytest.importorskip("typst", reason="`make books` installs what makes them")
    folder = tmp_path_factory.mktemp("books")
    environment = {**os.environ, "SITE_URL": SITE_URL, "PYTHONPATH": os.pathsep.join([str(ROOT / "tools"), *sys.path])}
    stage = ["sitebuild", "stage", folder / "staged"]
    for command in (stage, ["books", folder / "staged", folder / "one"], ["books", folder / "staged", folder / "two"]):
        subprocess.run([sys.executable, "-m", *map(str, command)], cwd=ROOT, env=environment, check=True)
    return folder


@pytest.fixture(scope="module", params=LANGS)
def edition(request, made, site):
    return read(request.param, made / "one", site)


def read(lang, folder, site):
    """The books of one language: `epub` and `pdf` as files, `chapters` what the EPUB holds by name, in its order,
    `pages` what the site's pages show."""
    from lxml import etree, html

    epub, pdf = (folder / f"{NAME}.{lang}.{kind}" for kind in ("epub", "pdf"))
    with zipfile.ZipFile(epub) as files:
        names = [Path(name).stem for name in files.namelist() if name.endswith(".xhtml")]
        order = re.findall(r'idref="([^"]+)"', files.read("book/package.opf").decode())
        assert sorted(order) == sorted(names)
        chapters = {
            name: held(etree.fromstring(re.sub(b' xmlns="[^"]*"', b"", files.read(f"book/{name}.xhtml"))))
            for name in order
            if name not in ("cover", "nav")
        }
    root, pages = (site if lang == "zh" else site / "en"), {}
    for file in sorted(root.rglob("index.html")):
        if lang == "zh" and file.is_relative_to(site / "en"):
            continue
        name = "-".join(file.parent.relative_to(root).parts)
        name = name if name in chapters else f"{name}-index".lstrip("-")
        article = html.parse(file, html.HTMLParser(encoding="utf-8")).find(".//article")
        pages[name] = held(article)
    return SimpleNamespace(lang=lang, epub=epub, pdf=pdf, chapters=chapters, pages=pages)


def held(page):
    """What is on a page, in order: headings and captions, in which CUT stands for a formula, programs and outputs,
    figures by the words in them, formulas as LaTeX."""
    from lxml import etree

    formulas = [one.get("data-tex") or one.get("alttext") for one in page.xpath("//bdi[@data-tex] | //math[@alttext]")]
    for one in page.xpath("//bdi | //math | //*[@class='headerlink'] | //*[@class='katex']"):
        tail, one.tail = one.tail, None
        if one.getparent() is not None:
            cut = etree.Element("cut")
            cut.text, cut.tail = "" if one.tag == "a" else CUT, tail
            one.addprevious(cut)
            one.getparent().remove(one)

    def words(path):
        return ["".join(one.itertext()) for one in page.xpath(path)]

    figures = page.xpath("//figure//svg")
    return {
        "headings": ["".join("".join(one.itertext()).split()) for one in page.iter(*HEADINGS)],
        "programs": words("//*[contains(@class, 'language-python')]//pre"),
        "outputs": words("//*[contains(@class, 'language-text')]//pre"),
        "figures": [[text for text in one.itertext() if text.strip()] for one in figures],
        "captions": ["".join("".join(one.itertext()).split()) for one in page.iter("figcaption")],
        "formulas": formulas,
    }


def every(pages, kind):
    return [one for page in pages.values() for one in page[kind]]


@pytest.mark.weekly
def test_the_epub_holds_every_page_of_the_site(edition):
    assert edition.chapters.keys() == edition.pages.keys()
    for name, page in edition.pages.items():
        for kind, shown in page.items():
            assert edition.chapters[name][kind] == shown, (name, kind)
    counts = {kind: len(every(edition.pages, kind)) for kind in next(iter(edition.pages.values()))}
    print(edition.lang, counts)
    assert counts["headings"] > 500 and counts["programs"] > 150 and counts["outputs"] > 120, counts
    assert counts["figures"] > 100 and counts["captions"] > 90 and counts["formulas"] > 1500, counts


@pytest.mark.weekly
def test_epubcheck_finds_nothing(edition):
    done = subprocess.run([*tool("epubcheck"), str(edition.epub)], capture_output=True, text=True)
    assert "No errors or warnings detected" in done.stdout, done.stdout + done.stderr


@pytest.mark.weekly
def test_the_epub_is_accessible(edition, chromium, tmp_path):
    with zipfile.ZipFile(edition.epub) as files:
        files.extractall(tmp_path)
    tab = chromium.new_page(viewport={"width": 390, "height": 844})
    for name in ("nav", *edition.chapters):
        tab.goto((tmp_path / f"book/{name}.xhtml").as_uri())
        tab.add_script_tag(content=AXE)
        assert tab.evaluate(RUN, None) == [], name
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, name
    tab.close()


@pytest.mark.weekly
def test_the_pdf_holds_all_that_the_site_shows(edition):
    crop = ["-x", "0", "-y", "50", "-W", "499", "-H", "610"]  # without the running heads
    text = subprocess.run(
        [*tool("pdftotext"), "-q", "-raw", *crop, str(edition.pdf), "-"], capture_output=True, check=True
    )
    text = squeezed(text.stdout.decode())
    shown = every(edition.chapters, "programs") + every(edition.chapters, "outputs")
    shown += [part for caption in every(edition.chapters, "captions") for part in caption.split(CUT)]
    for one, times in Counter(filter(None, map(squeezed, shown))).items():
        assert text.count(one) >= times, one


@pytest.mark.weekly
def test_the_pdf_is_tagged_and_has_an_outline(edition):
    import pypdf

    pdf = pypdf.PdfReader(edition.pdf)
    tags = Counter()
    for number in range(1, pdf.trailer["/Size"]):
        found = pdf.get_object(pypdf.generic.IndirectObject(number, 0, pdf))
        if isinstance(found, dict) and found.get("/Type") == "/StructElem":
            tags[found["/S"]] += 1
            assert found["/S"] != "/Figure" or found["/Alt"]
    assert tags["/Figure"] == len(every(edition.chapters, "figures")) + 1, "and the cover's"
    assert tags["/Formula"] == len(every(edition.chapters, "formulas"))
    assert pdf.trailer["/Root"]["/Lang"].startswith(edition.lang)

    def titles(entries):
        for entry in entries:
            yield from titles(entry) if isinstance(entry, list) else [squeezed(entry.title)]

    shown = [squeezed(title).replace(CUT, "") for title in every(edition.chapters, "headings")]
    outline = iter(titles(pdf.outline))
    assert [title for title in shown if title not in outline] == [], "in this order, parts between them"


@pytest.mark.weekly
def test_nothing_of_the_pdf_is_cut_off(edition):
    done = subprocess.run(
        [*tool("pdftotext"), "-q", "-bbox", str(edition.pdf), "-"], capture_output=True, text=True, check=True
    )
    page, outside = 0, []
    for line in done.stdout.split("\n"):
        page += "<page " in line
        if word := re.search(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*)</word>', line):
            left, top, right, bottom = map(float, word.groups()[:4])
            if not (left >= MARGIN and right <= WIDE - MARGIN and top >= 20 and bottom <= HIGH - 20):
                outside.append((page, word[5]))
    assert page > 300 and outside == []


@pytest.mark.weekly
def test_they_are_small_and_the_same_each_time(made):
    files = sorted((made / "one").glob(f"{NAME}.*"))
    assert len(files) == 4
    for file in files:
        assert file.stat().st_size < 15e6, file
        assert file.read_bytes() == (made / "two" / file.name).read_bytes(), file
    offer = (made / "one/offer.html").read_text(encoding="utf-8")
    assert all(file.name in offer for file in files)


def squeezed(text):
    """Without spaces and line ends, those of no width too; with the marks of a typewriter, of which Typst makes better
    ones."""
    text = re.sub(r"[\s\u200b\u2028]", "", text)
    return text.translate(str.maketrans({"−": "-", "’": "'", "‘": "'", "“": '"', "”": '"'}))

"""Reading without a network: the service worker, the zip, the manifest.

Each test has a copy of the built site on a host of its own, which it may change, slow down or break. The host lets
browsers use what they have for ten minutes, as GitHub Pages does.
"""

import functools
import gzip
import hashlib
import http.server
import json
import re
import shutil
import threading
import time
import zipfile
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import scratch
from browsing import BASE, Page, search_for, wait_until
from conftest import ROOT
from PIL import Image

from sitebuild import LANGS
from sitebuild.finish import offline_zip

PACKAGES = ROOT / "node_modules"
FIRST = {"zh": "", "en": "en/"}
CUT = -1  # instead of a status: the connection ends without a word
COLOUR = "getComputedStyle(document.querySelector('.md-header')).backgroundColor"
FORMULAS_DRESSED = """['KaTeX_Main', 'KaTeX_Math'].every(family =>
    [...document.fonts].some(font => font.family.includes(family) && font.status == 'loaded'))"""


class Host:
    """Serves a folder below BASE. `refuse` and `delay` (seconds) say what it does to a path; `asked` lists the paths."""

    def __init__(self, folder):
        self.folder, self.asked = folder, []
        self.refuse, self.delay = lambda path: None, lambda path: 0
        host = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                path = self.path.removeprefix(BASE)
                host.asked.append(path)
                time.sleep(host.delay(path))
                status = host.refuse(path)
                if status == CUT:
                    self.close_connection = True
                elif status:
                    self.send_error(status)
                else:
                    super().do_GET()

            def translate_path(self, path):
                return super().translate_path("/" + path.removeprefix(BASE))

            def send_response(self, code, message=None):
                super().send_response(code, message)
                if code < 400:
                    self.send_header("Cache-Control", "max-age=600")

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.server, self.home = server, f"http://127.0.0.1:{server.server_port}{BASE}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def deploy(self, change):
        """Publish a new edition: `change` works on a fresh build's folder, before its files get their versions."""
        unversioned = re.compile(r"\?v=[0-9a-f]{10}")
        for file in [*self.folder.rglob("*.html"), *self.folder.rglob("*.css")]:
            file.write_text(unversioned.sub("", file.read_text(encoding="utf-8")), encoding="utf-8")
        change(self.folder)
        offline_zip.version(self.folder, BASE)


@pytest.fixture
def host(site, tmp_path):
    shutil.copytree(site, tmp_path / "site")
    host = Host(tmp_path / "site")
    yield host
    host.stop()


@pytest.fixture
def tab(chromium):
    """A reader's tab, with nothing kept yet."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def kept(tab):
    """The addresses in the worker's store: pages, and other files."""
    stored = tab.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys()) found.push(request.url);
            return found;
        }"""
    )
    return {url for url in stored if url.endswith("/")}, {url for url in stored if not url.endswith("/")}


def until(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def read(tab, url):
    """Open a page and stay until it is kept."""
    tab.goto(url)
    until(lambda: url in kept(tab)[0], f"{url} is kept")


def shown(tab):
    return tab.locator("h1").first.inner_text()


# -- the service worker ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_that_was_read_is_there_without_a_network(tab, host, lang):
    url = f"{host.home}{FIRST[lang]}lstm/gates/"
    read(tab, url)
    wait_until(tab, FORMULAS_DRESSED)
    colour, title = tab.evaluate(COLOUR), shown(tab)
    until(lambda: any("katex.min.css" in file for file in kept(tab)[1]), "the formulas' fonts are kept")
    tab.context.set_offline(True)
    tab.reload()
    wait_until(tab, FORMULAS_DRESSED)
    assert shown(tab) == title and tab.evaluate(COLOUR) == colour == "rgb(11, 79, 113)"
    assert tab.locator(".md-clipboard, .md-code__button").count() > 0, "the scripts run"
    assert tab.evaluate("fetch('?').then(() => 'network', () => 'none')") == "none", "the test is offline indeed"


def test_nothing_is_kept_of_a_page_that_was_not_read(tab, host):
    """And the worker leaves other sites of the same host alone."""
    read(tab, host.home)
    pages, files = kept(tab)
    assert pages == {host.home}
    assert tab.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.map(r => r.scope))") == [host.home]
    (name,) = tab.evaluate("caches.keys()")
    assert host.home in name
    assert all(urlsplit(file).query for file in files if "search" not in file), "files without a version"


def test_a_page_that_was_not_read_is_told_in_both_languages(tab, host):
    read(tab, f"{host.home}lstm/gates/")
    chinese = shown(tab)
    read(tab, f"{host.home}en/cec/carousel/")
    english = shown(tab)
    host.stop()  # not only the browser's own word for it: nothing answers
    tab.goto(f"{host.home}en/rnn/detect/")
    for lang, says, lists in (("zh", "没有网络", chinese), ("en", "No network", english)):
        part = tab.locator(f"section[lang={lang}]")
        assert says in part.locator("h1").inner_text()
        (link,) = part.locator("li a").all()
        assert link.inner_text() in lists.replace("¶", "")
    tab.locator("section[lang=en] li a").click()
    assert shown(tab) == english and tab.url == f"{host.home}en/cec/carousel/"


def redress(folder):
    """A new edition of every page and of the style sheet."""
    for page in folder.rglob("index.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(re.sub(r"(<h1[^>]*>)", r"\1Second edition: ", text), encoding="utf-8")
    for sheet in folder.rglob("site.css"):
        blue = ".md-header { background: rgb(1, 2, 3) !important }"
        sheet.write_text(sheet.read_text(encoding="utf-8") + blue, encoding="utf-8")


def edition(tab):
    """Of what edition the words and the dress of the page are."""
    return (2 if shown(tab).startswith("Second edition") else 1, 2 if tab.evaluate(COLOUR) == "rgb(1, 2, 3)" else 1)


def test_after_a_deploy_the_new_page_in_its_new_dress_is_shown_at_once(tab, host):
    url, other = f"{host.home}lstm/gates/", f"{host.home}en/cec/carousel/"
    read(tab, other)
    read(tab, url)
    assert edition(tab) == (1, 1)
    tab.goto("about:blank")
    host.deploy(redress)
    tab.goto(url)  # not a reload, for which a browser asks anew by itself
    assert edition(tab) == (2, 2)
    sheet = re.search(r"site\.css\?v=\w+", tab.content())[0]
    until(lambda: any(file.endswith(sheet) for file in kept(tab)[1]), "the new style sheet is kept")
    until(lambda: "Second" in tab.evaluate("u => caches.match(u).then(r => r.text())", url), "the new page is kept")
    tab.context.set_offline(True)
    tab.reload()
    assert edition(tab) == (2, 2)
    # what was not read again is still there as it was
    tab.goto(other)
    assert edition(tab) == (1, 1)


def test_a_page_whose_style_sheet_did_not_arrive_does_not_replace_the_kept_one(tab, host):
    """The tunnel begins between the page and its style sheet."""
    url = f"{host.home}lstm/gates/"
    read(tab, url)
    host.deploy(redress)
    host.refuse = lambda path: CUT if "site.css" in path else None
    asked = len(host.asked)
    tab.reload()
    assert shown(tab).startswith("Second edition")
    until(lambda: sum("site.css" in path for path in host.asked[asked:]) >= 2, "page and worker have tried")
    tab.context.set_offline(True)
    tab.goto(f"{host.home}nowhere/")  # the worker has done what it was asked for
    tab.goto(url)
    assert edition(tab) == (1, 1)


def test_a_file_that_is_not_what_the_page_asks_for_is_never_kept(tab, host):
    """A host whose parts are not of one edition: the new page, and the old style sheet under the new address."""
    url = f"{host.home}lstm/gates/"
    read(tab, f"{host.home}cec/carousel/")
    sheet = host.folder / "assets/site.css"
    old = sheet.read_bytes()
    host.deploy(redress)
    new = sheet.read_bytes()
    sheet.write_bytes(old)
    asked = len(host.asked)
    tab.goto(url)
    assert edition(tab) == (2, 1), "all that there is"
    until(lambda: sum("site.css" in path for path in host.asked[asked:]) >= 2, "the worker has asked for the file anew")
    tab.wait_for_timeout(1000)
    pages, files = kept(tab)
    assert pages == {f"{host.home}cec/carousel/"} and sum("assets/site.css" in file for file in files) == 1
    # now the host is whole, but the browser has the old file under the new address
    sheet.write_bytes(new)
    tab.goto("about:blank")
    read(tab, url)
    assert edition(tab) == (2, 2)
    tab.context.set_offline(True)
    tab.reload()
    assert edition(tab) == (2, 2)


def test_a_network_that_is_silent_is_waited_for_three_seconds_only(tab, host):
    url = f"{host.home}lstm/gates/"
    read(tab, url)
    host.deploy(redress)
    host.delay = lambda path: 6 if path.endswith("/") else 0
    begun = time.monotonic()
    tab.reload()
    assert edition(tab) == (1, 1) and 2.5 < time.monotonic() - begun < 5.5
    # where nothing is kept, there is no sense in giving up
    tab.goto(f"{host.home}cec/carousel/")
    assert edition(tab) == (2, 2)


def test_a_host_that_fails_is_no_reason_to_show_nothing(tab, host):
    url = f"{host.home}lstm/gates/"
    read(tab, url)
    host.refuse = lambda path: 503
    tab.reload()
    assert edition(tab) == (1, 1)
    host.refuse = lambda path: 404 if path.endswith("/") else None
    assert tab.goto(url).status == 404, "but a page that is gone is gone"


def test_the_search_is_kept_once_it_was_used(tab, host):
    url = f"{host.home}en/lstm/gates/"
    read(tab, url)
    tab.reload()  # the worker sees to a page from the second one on
    search_for(tab, "clipping")
    until(lambda: any("/search/index.json" in file for file in kept(tab)[1]), "the index is kept")
    until(lambda: any("workers/search.real" in file for file in kept(tab)[1]), "the search's worker is kept")
    tab.context.set_offline(True)
    tab.reload()
    search_for(tab, "clipping")


def test_a_page_found_by_search_is_kept_under_its_own_address(tab, host):
    tab.goto(f"{host.home}en/lstm/gates/?h=gate#why")
    until(lambda: f"{host.home}en/lstm/gates/" in kept(tab)[0], "the page is kept")
    tab.context.set_offline(True)
    tab.goto(f"{host.home}en/lstm/gates/index.html?h=forget")
    assert edition(tab) == (1, 1)


def test_a_redirect_leads_to_the_page_as_without_a_worker(tab, host):
    read(tab, host.home)
    tab.goto(f"{host.home}lstm/gates")
    assert tab.url == f"{host.home}lstm/gates/" and edition(tab) == (1, 1)
    until(lambda: kept(tab)[0] == {host.home, tab.url}, "the page is kept under the address that it has")


def test_the_page_longest_unread_makes_room_and_takes_its_files_along(tab, host):
    def dress_of_its_own(folder):
        scratch.edit(folder / "sw.js", "const MOST = 200;", "const MOST = 2;")
        scratch.edit(folder / "lstm/gates/index.html", "</head>", '<link rel="stylesheet" href="own.css"></head>')
        (folder / "lstm/gates/own.css").write_text("p { color: red }")

    host.deploy(dress_of_its_own)
    first, second, third = (f"{host.home}{path}" for path in ("lstm/gates/", "en/cec/carousel/", "en/rnn/detect/"))
    read(tab, first)
    read(tab, second)
    assert kept(tab)[0] == {first, second}
    assert any("own.css" in file for file in kept(tab)[1])
    read(tab, third)
    until(lambda: kept(tab)[0] == {second, third}, "the first page is gone")
    until(lambda: not any("own.css" in file for file in kept(tab)[1]), "and what only it needed")
    tab.context.set_offline(True)
    tab.goto(second)
    assert edition(tab) == (1, 1) and tab.evaluate(COLOUR) == "rgb(11, 79, 113)"


def test_keeping_costs_a_first_visit_three_kilobytes_at_most(tab, host):
    read(tab, f"{host.home}lstm/gates/")
    tab.wait_for_timeout(500)
    assert len(host.asked) == len(set(host.asked)), "something is downloaded twice"
    ours = [path for path in host.asked if "sw.js" in path or "keep.js" in path]
    assert len(ours) == 2
    first = {part: [part in path for path in host.asked].index(True) for part in ("sw.js", "bundle")}
    assert first["bundle"] < first["sw.js"]
    assert sum(len(gzip.compress((host.folder / urlsplit(path).path).read_bytes())) for path in ours) < 3000


RAN = "document.querySelector('.run-panel [role=status]')?.textContent.startsWith('Done in')"


def test_python_is_kept_once_a_program_has_run_and_runs_without_a_network(tab, host):
    url = f"{host.home}en/rnn/recurrence/"
    read(tab, url)
    tab.reload()  # the worker sees to a page from the second one on
    assert not [path for path in host.asked if "pyodide" in path or "run.js" in path]
    tab.locator(".run button").first.click()
    wait_until(tab, RAN)
    until(lambda: sum("/pyodide/" in file for file in kept(tab)[1]) == 3, "the release and its two files are kept")
    until(lambda: any("run-worker.js?v=" in file for file in kept(tab)[1]), "what runs a program is kept")
    asked = len(host.asked)
    tab.context.set_offline(True)
    tab.reload()
    tab.locator(".run button").first.click()
    wait_until(tab, RAN)
    assert tab.locator(".language-text").first.inner_text().strip() == "a stub" and len(host.asked) == asked


def test_python_of_another_release_makes_room_and_a_damaged_file_is_asked_for_anew(tab, host):
    url = f"{host.home}en/rnn/recurrence/"
    read(tab, url)
    tab.reload()
    damaged = f"{host.home}assets/pyodide/{'0' * 16}/pyodide.js"
    (folder,) = (path for path in (host.folder / "assets/pyodide").iterdir() if path.is_dir())
    now = f"{host.home}assets/pyodide/{folder.name}/pyodide.js"
    tab.evaluate(
        """async (addresses) => {
            const cache = await caches.open(`python kept-1 ${(await navigator.serviceWorker.ready).scope}`);
            for (const address of addresses) await cache.put(address, new Response("damaged"));
        }""",
        [damaged, now],
    )
    tab.locator(".run button").first.click()
    wait_until(tab, RAN)
    until(lambda: damaged not in kept(tab)[1], "the other release is gone")
    found = tab.evaluate("(url) => caches.match(url).then((answer) => answer.text())", now)
    assert found == (folder / "pyodide.js").read_text(encoding="utf-8")


# -- the manifest ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_the_manifest_is_valid_and_in_the_pages_language(tab, host, lang):
    url = f"{host.home}{FIRST[lang]}"
    read(tab, url)
    found = tab.context.new_cdp_session(tab).send("Page.getAppManifest")
    assert found["errors"] == [] and found["url"] == f"{url}manifest.webmanifest"
    manifest = json.loads(found["data"])
    assert manifest["lang"] == lang and manifest["name"] == {"zh": "用实验读懂 LSTM", "en": "LSTM by Experiment"}[lang]
    assert urljoin(found["url"], manifest["start_url"]) == url
    assert urljoin(found["url"], manifest["scope"]) == host.home, "the other language is not another app"
    sizes = set()
    for icon in manifest["icons"]:
        file = host.folder / urljoin(found["url"], icon["src"]).removeprefix(host.home)
        if icon["type"] == "image/png":
            picture = Image.open(file)
            assert icon["sizes"] == f"{picture.width}x{picture.height}" and len(picture.getcolors(1 << 20)) > 50
            sizes.add(picture.width)
        else:
            assert file.name == "favicon.svg" and icon["sizes"] == "any"
    assert sizes == {192, 512}
    problems = tab.context.new_cdp_session(tab).send("Page.getInstallabilityErrors")["installabilityErrors"]
    # tests run in a private window, where Chromium installs nothing
    assert [p["errorId"] for p in problems if p["errorId"] != "in-incognito"] == []


# -- versions ----------------------------------------------------------------------------------------------


def test_every_file_that_a_page_loads_has_its_version_in_the_address(site):
    checked = 0
    for file in site.rglob("*.html"):
        page = Page(file.read_text(encoding="utf-8"))
        links = [a["src"] for tag in ("script", "img", "source") for a in page.all(tag) if "src" in a]
        links += [a["href"] for a in page.all("link") if a["rel"] in ("stylesheet", "icon")]
        for link in links:
            path, _, version = link.partition("?v=")
            target = site / path.removeprefix(BASE) if path.startswith("/") else file.parent / path
            assert hashlib.sha256(target.read_bytes()).hexdigest().startswith(version) and len(version) == 10, link
            checked += 1
    assert checked > 68 * 3


# -- the zip -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    """The folder that a reader has after unpacking; its name is one that a reader's might have."""
    folder = tmp_path_factory.mktemp("我的 downloads #1")
    with zipfile.ZipFile(site / offline_zip.ZIP) as packed:
        assert {name.split("/")[0] for name in packed.namelist()} == {offline_zip.NAME}
        packed.extractall(folder)
    return folder / offline_zip.NAME


def test_in_the_zip_every_link_leads_to_a_file_in_it(unpacked):
    checked, pages = 0, {file: Page(file.read_text(encoding="utf-8")) for file in unpacked.rglob("*.html")}
    for file, page in pages.items():
        for tag, attributes, link in page.links():
            if attributes.get("rel", "").strip() in ("canonical", "alternate"):
                continue
            target = Path(unquote(urlsplit(urljoin(file.as_uri(), link)).path))
            if urlsplit(link).scheme:
                assert urlsplit(link).scheme == "https" and tag == "a", f"{file}: {link}"
                continue
            assert target.is_file() and target.is_relative_to(unpacked), f"{file}: {link}"
            fragment = unquote(urlsplit(link).fragment)
            if fragment and target.suffix == ".html" and not fragment.startswith("__"):
                assert fragment in pages[target].ids, f"{file}: {link}"
            checked += 1
    assert checked > 1000


def test_the_zip_holds_every_page_and_download_and_nothing_for_servers_only(unpacked, site):
    ours = {file.relative_to(unpacked).as_posix() for file in unpacked.rglob("*") if file.is_file()}
    kinds = ("index.html", "*.ipynb", "*.py", "*.apkg")
    wanted = {file.relative_to(site).as_posix() for kind in kinds for file in site.rglob(kind)}
    assert wanted <= ours and len(wanted) > 200
    served = r"(404\.html|sw\.js|sitemap\.xml|webmanifest|keep\.js|\.zip)$|/run[-.]|pyodide|sitebuild\.json|metrics"
    assert not [path for path in ours if re.search(served, path)]
    for file in unpacked.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(
            f'keep.js|manifest|{offline_zip.ZIP}|<!-- served|class="run"|Content-Security-Policy', text
        ), file


@pytest.mark.parametrize("lang, word", [("zh", "梯度裁剪"), ("en", "clipping")])
def test_the_zip_is_read_from_the_file_system(chromium, unpacked, lang, word):
    context = chromium.new_context()
    tab = context.new_page()
    asked, complaints = [], []
    context.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    # leaving a page aborts what it still loads
    tab.on("requestfailed", lambda r: "ERR_ABORTED" in r.failure or complaints.append(r.url))
    tab.goto((unpacked / FIRST[lang] / "index.html").as_uri())
    assert tab.evaluate("document.documentElement.lang") == lang
    # by a link of the navigation, to a page with formulas and figures
    tab.locator(".md-nav a[href*='lstm/gates']").first.click()
    assert tab.url == (unpacked / FIRST[lang] / "lstm/gates/index.html").as_uri()
    wait_until(tab, FORMULAS_DRESSED)
    tab.locator("figure.plot svg").first.wait_for()
    assert tab.evaluate(COLOUR) == "rgb(11, 79, 113)"
    # the other language and back
    title = shown(tab)
    tab.locator(".language-switch").click()
    other = FIRST["en" if lang == "zh" else "zh"]
    assert tab.url == (unpacked / other / "lstm/gates/index.html").as_uri() and shown(tab) != title
    tab.locator(".language-switch").click()
    assert shown(tab) == title
    # the search
    search_for(tab, word)
    links = [link.get_attribute("href") for link in tab.locator(".md-search-result__item a").all()]
    files = [urlsplit(link)._replace(query="", fragment="").geturl() for link in links]
    assert (unpacked / FIRST[lang] / "remedies/clipping/index.html").as_uri() in files
    assert all(Path(unquote(urlsplit(file).path)).is_file() for file in files)
    tab.locator(".md-search-result__item a").first.click()
    tab.wait_for_url(lambda url: url.split("?")[0].split("#")[0] == files[0])
    assert tab.evaluate("navigator.serviceWorker ? navigator.serviceWorker.controller : null") is None
    assert asked and all(url.startswith((unpacked.as_uri() + "/", "data:", "about:")) for url in asked), asked
    assert complaints == []
    context.close()


def test_the_link_names_the_zips_size(site):
    size = f"{(site / offline_zip.ZIP).stat().st_size / 1e6:.1f} MB"
    assert float(size.split()[0]) > 1
    for file in site.rglob("*.html"):
        (footer,) = re.findall(r'<div class="offline">(.*?)</div>', file.read_text(encoding="utf-8"), re.S)
        assert size in footer and re.search(r'href="([^"]+)" download', footer)[1].endswith(offline_zip.ZIP), file
        assert "{size" not in footer


# -- on a site of a few files ------------------------------------------------------------------------------

SERVED_PAGE = """\
<html><head><link rel="stylesheet" href="assets/s.css"><link rel="manifest" href="m"><link rel="next" href="a/"><!-- served --><meta x><!-- /served -->
</head><body><a href="a/">a</a> <a href="a#b">b</a> <a href="none/">c</a> <a href="#d">d</a> <a href="a/?q=1#e">e</a> <img src="a/">
<a href="x.zip">{size of the zip}</a></body></html>
"""
PLAIN = {
    "index.html": SERVED_PAGE,
    "a/index.html": '<head></head><a href="..">up</a><a href="../a/">self</a><script src="../assets/keep.js"></script>',
    "en/index.html": "<head></head>", "en/sw.js": "twice", "en/pictures/p.png": "p", "pictures/p.png": "p",
    "sw.js": "/* for\nreaders */\nrun()", "assets/keep.js": "keep()/* why */\n", "assets/site.js": "open()/* when */\n", "assets/s.css": "p{}", "assets/s.css.map": "{}",
    "assets/favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>',
    "404.html": "<head></head>", "robots.txt": "r", "sitemap.xml": "s", "sitemap.xml.gz": "s", "manifest.webmanifest": "{}",
    "search/search_index.json": '{"config": {"lang": []}, "docs": [{"location": "", "text": "门"}, {"location": "a/#b", "text": "c"}, {"location": "x.html#d"}]}',
}  # fmt: skip


@pytest.fixture
def plain(tmp_path):
    return scratch.write(tmp_path, PLAIN)


def test_in_the_zip_of_a_few_files_addresses_are_files(plain):
    files = offline_zip.contents(plain, PACKAGES)
    assert set(files) == {
        f"lstm-by-experiment/{name}" for name in (
            "index.html", "a/index.html", "en/index.html", "assets/s.css", "assets/site.js", "assets/favicon.svg",
            "search/search_index.js", "assets/javascripts/iframe-worker.js",
        )
    }  # fmt: skip
    home, below = (files[f"lstm-by-experiment/{name}index.html"].decode() for name in ("", "a/"))
    assert re.findall(r'href="([^"]*)"', home) == [
        "assets/s.css", "m", "a/index.html", "a/index.html", "a/index.html#b", "none/", "#d", "a/index.html?q=1#e", "x.zip"
    ]  # fmt: skip
    assert 'src="a/"' in home and "<meta x>" not in home and "served" not in home
    assert '<script src="assets/javascripts/iframe-worker.js"></script>\n  </head>' in home
    assert 'href="../index.html">up' in below and 'href="../a/index.html">self' in below
    assert '<script src="../assets/javascripts/iframe-worker.js">' in below
    index = json.loads(files["lstm-by-experiment/search/search_index.js"].decode().removeprefix("var __index = "))
    assert [entry["location"] for entry in index["docs"]] == ["index.html", "a/index.html#b", "x.html#d"]
    assert index["docs"][0]["text"] == "门" and index["config"] == {"lang": []}


def test_what_a_script_loads_has_its_version(plain):
    script = (
        'import { a } from "./keep.js";\nnew Worker(new URL("../sw.js", import.meta.url));\nlet from = "./keep.js"\n'
    )
    (plain / "index.html").write_text('<script src="assets/site.js"></script>')
    (plain / "assets/site.js").write_text(script)
    offline_zip.version(plain, "/b/")
    keep, worker, own = (
        hashlib.sha256((plain / name).read_bytes()).hexdigest()[:10]
        for name in ("assets/keep.js", "sw.js", "assets/site.js")
    )
    script = script.replace('./keep.js";', f'./keep.js?v={keep}";').replace("sw.js", f"sw.js?v={worker}")
    assert (plain / "assets/site.js").read_text() == script
    assert f'src="assets/site.js?v={own}"' in (plain / "index.html").read_text()

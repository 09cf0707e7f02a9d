"""What others made and reaches a reader is listed, with the licence; and the bill of materials holds."""

import base64
import email
import functools
import hashlib
import json
import re
import shutil
from importlib.metadata import distribution, distributions, version
from pathlib import Path
from urllib.parse import urljoin

import jsonschema
import pytest
import referencing
from packaging.utils import canonicalize_name

from sitebuild import LANGS, licences, sbom
from sitebuild.errors import SiteError

ROOT = Path(__file__).resolve().parent.parent
THEME = Path(distribution("mkdocs-material").locate_file("material/templates"))
PAGE = "reference/licences/index.html"


def faults_of(bill):
    """What CycloneDX's own schema says against a bill of materials. Its package's validator would bring checks of
    formats that every build of a machine with the tests then pays for: importing them takes 1.6 s."""
    folder = Path(distribution("cyclonedx-python-lib").locate_file("cyclonedx/schema/_res"))
    names = [f"{name}.SNAPSHOT.schema.json" for name in ("bom-1.6", "spdx", "jsf-0.82")]
    schemas = {name: json.loads((folder / name).read_bytes()) for name in names}
    main = schemas[names[0]]
    registry = referencing.Registry().with_contents((urljoin(main["$id"], name), one) for name, one in schemas.items())
    validator = jsonschema.Draft7Validator(main, registry=registry)
    return [error.message for error in validator.iter_errors(bill)]


@pytest.fixture(scope="module")
def stock():
    return licences.take_stock(ROOT)


def names(stock):
    return {canonicalize_name(part.name) for part in licences.flat(stock.shipped)}


@functools.cache
def holders():
    """By the hash of a file: the installed packages, Python's and npm's, that hold it."""
    known = {}
    for package in distributions():
        name = canonicalize_name(package.metadata["Name"])
        for line in (package.read_text("RECORD") or "").splitlines():
            hashed = re.search(r",sha256=([\w-]+),\d+$", line)
            if hashed:
                known.setdefault(hashed[1], set()).add(name)
    folder = (ROOT / "node_modules").resolve()
    for file in folder.rglob("*"):
        if file.is_file() and not file.name.startswith("."):
            known.setdefault(digest(file), set()).add(file.relative_to(folder).parts[0])
    return known


def owners(folder, listed):
    """The packages that hold a file that is also in `folder`, byte for byte; a listed one will do for it."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.stat().st_size]
    found = [holders().get(digest(file), set()) for file in files]
    return {name for names in found for name in (names & listed or names)}


def digest(file):
    return base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest()).rstrip(b"=").decode()


def test_each_file_of_others_in_the_site_comes_from_a_package_that_is_listed(site, stock):
    # KaTeX's fonts and styles are cut to what is used, so no file of its package is there as it was
    assert owners(site, names(stock)) == {"mkdocs-material"} and {"mkdocs-material", "katex"} <= names(stock)


def test_a_file_of_a_package_that_is_not_listed_would_be_seen(tmp_path, stock):
    for file in (
        distribution("matplotlib").locate_file("matplotlib/pyplot.py"),
        ROOT / "node_modules/commander/index.js",
    ):
        shutil.copyfile(file, tmp_path / Path(file).name)
    assert owners(tmp_path, names(stock)) == {"matplotlib", "commander"} and "commander" not in names(stock)


PATH_DATA = re.compile(r"""\bd=(?:"([^"]+)"|'([^']+)')""")


def drawn(folder):
    """The outlines of all icons in pages and styles; figures are ours."""
    for file in [*folder.rglob("*.html"), *folder.rglob("*.css")]:
        text = re.sub(
            r'<figure class="(?:plot|diagram).*?</figure>|<bdi class="math.*?</bdi>',
            "",
            file.read_text(encoding="utf-8"),
            flags=re.S,
        )
        for one, other in PATH_DATA.findall(text):
            yield one or other


@functools.cache
def icons():
    """By its outline: the sets that hold an icon."""
    known = {}
    for file in (THEME / ".icons").rglob("*.svg"):
        for one, other in PATH_DATA.findall(file.read_text(encoding="utf-8")):
            known.setdefault(one or other, set()).add(file.relative_to(THEME / ".icons").parts[0])
    return known


def sets_of_icons(outlines):
    """The sets that hold an icon of one of the outlines, a listed one will do; and outlines in no set."""
    listed = set(licences.ICONS)
    found = {outline: icons().get(outline, set()) for outline in outlines}
    return {name for sets in found.values() for name in (sets & listed or sets)}, {
        o for o, sets in found.items() if not sets
    }


def test_each_icon_comes_from_a_set_that_is_listed(site):
    sets, unknown = sets_of_icons(set(drawn(site)))
    # the others are in the theme's own styles, and in the link to the repository where the site has one
    assert {"material"} <= sets <= set(licences.ICONS)
    ours = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "overrides").rglob("*.*") if file.is_file())
    theirs = "".join(file.read_text(encoding="utf-8") for file in THEME.rglob("*.html"))
    assert [outline for outline in unknown if outline not in ours + theirs] == []


def test_an_icon_of_another_set_would_be_seen():
    icon = (THEME / ".icons/simple/numpy.svg").read_text(encoding="utf-8")
    sets, unknown = sets_of_icons({PATH_DATA.search(icon)[1], "M1 2 3 4 5 6"})
    assert sets == {"simple"} and unknown == {"M1 2 3 4 5 6"}


def test_what_is_bundled_in_the_theme_is_known_by_its_source_maps(stock):
    found = set()
    for file in (THEME / "assets").rglob("*.map"):
        sources = json.loads(file.read_text(encoding="utf-8"))["sources"]
        found |= {match[1] for source in sources if (match := re.search(r"node_modules/([^/]+)/", source))}
    assert len(found) >= 6
    assert found == set(licences.BUNDLED), "an entry for what is no longer bundled is stale too"
    parts = {part.name: part for part in stock.shipped[0].parts}
    assert parts["lunr"].version == "2.3.9" and "Oliver Nightingale" in parts["lunr"].text


def test_a_package_whose_licence_nobody_has_looked_up_stops_the_build(monkeypatch):
    monkeypatch.delitem(licences.BUNDLED, "rxjs")
    with pytest.raises(SiteError, match="mkdocs-material brings rxjs along: say here under which licence"):
        licences.take_stock(ROOT)


def test_a_package_that_is_locked_but_not_installed_stops_the_build(tmp_path):
    for name in ("requirements.in", "requirements.txt"):
        (tmp_path / name).write_text(
            (ROOT / name).read_text(encoding="utf-8") + "no-such-package==1.0 \\\n", encoding="utf-8"
        )
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    with pytest.raises(SiteError, match=r"requirements.txt:\d+: no-such-package is not installed"):
        licences.take_stock(tmp_path)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_lists_them_with_the_versions_that_are_installed(site, stock, lang):
    text = (site / ("" if lang == "zh" else "en") / PAGE).read_text(encoding="utf-8")
    text = re.sub(r"</?span[^>]*>", "", text)  # marks of the language
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", text, re.S)]
    first = {row[0].removeprefix("↳ "): row for row in rows if len(row) == 4}
    for part in licences.flat(stock.shipped):
        assert first[part.name][2] == part.licence != licences.NOT_SAID
        assert first[part.name][3] == part.what[lang]
    rows = first | {row[0]: row for row in rows if len(row) == 3}
    for package in ("mkdocs-material", "nbconvert", "genanki", "matplotlib", "numpy", "jieba"):
        assert rows[package][1] == version(package), "as pip says"
    katex = json.loads((ROOT / "node_modules/katex/package.json").read_text(encoding="utf-8"))
    assert rows["katex"][1:3] == [katex["version"], katex["license"]]
    for name in stock.asked_for:
        assert stock.built_with[name].name in rows and stock.built_with[name].licence != licences.NOT_SAID


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_licences_are_there_in_full(site, folder):
    text = (site / folder / "licences.txt").read_text(encoding="utf-8")
    assert text.startswith((ROOT / "LICENSE").read_text(encoding="utf-8").strip())
    for says in (
        (ROOT / "node_modules/katex/LICENSE").read_text(encoding="utf-8"), "Martin Donath",
        "TJ Holowaychuk", "Fonticons", "Jupyter Development Team", "Microsoft Corporation",
    ):  # fmt: skip
        assert says.strip() in text, says


def test_the_bill_of_materials_is_valid_and_whole(site, stock):
    text = (site / "sbom.json").read_text(encoding="utf-8")
    assert (site / "en/sbom.json").read_text(encoding="utf-8") == text
    bill = json.loads(text)
    assert faults_of(bill) == []
    components = {canonicalize_name(one["name"]): one for one in bill["components"]}
    locked = re.findall(r"^([\w.-]+)==([^ ]+)(?: \\)$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.M)
    assert len(locked) > 50
    for name, _ in locked:  # those that every system needs
        assert components[canonicalize_name(name)]["version"] == version(name)
    assert components["commander"]["purl"].startswith("pkg:npm/commander@")
    required = {name for name, one in components.items() if one["scope"] == "required"}
    assert required == {canonicalize_name(part.name) for part in stock.shipped}
    inside = {one["name"] for one in components["mkdocs-material"]["components"]}
    assert {"lunr", "rxjs", "Font Awesome Free"} <= inside
    assert all(one.get("licenses") for one in [*components.values(), *components["mkdocs-material"]["components"]])
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert components["markdown"]["bom-ref"] in needs[components["mkdocs"]["bom-ref"]]
    assert set(needs["lstm-by-experiment"]) >= {components[name]["bom-ref"] for name in ("mkdocs", "katex", "numpy")}


def test_the_validator_refuses_what_is_no_bill_of_materials(site):
    broken = (site / "sbom.json").read_text(encoding="utf-8").replace('"scope": "required"', '"scope": "perhaps"')
    assert "'perhaps' is not one of" in faults_of(json.loads(broken))[0]


def test_the_bill_of_materials_is_the_same_for_the_same_packages(stock):
    made = [sbom.bill(one, "a", "1", "MIT") for one in (stock, licences.take_stock(ROOT))]
    assert made[0] == made[1] and "serialNumber" not in made[0] and "timestamp" not in made[0]


@pytest.mark.parametrize(
    "text, reason",
    [
        ("x\n\n```licences\n```\n", "page.md:3: a ```licences block says which: shipped or build"),
        ("```licences all\n```\n", "page.md:1: a ```licences block says which"),
        ("```licences build\nwords\n```\n", "page.md:1: a ```licences block holds nothing"),
        ("```licences build", "page.md:1: a ```licences block holds nothing"),
    ],
)
def test_bad_blocks_are_told(text, reason):
    with pytest.raises(SiteError, match=re.escape(reason)):
        licences.shows(text, "page.md")


def test_metadata_is_read_as_it_is_written():
    for said, expected in (
        ("License-Expression: MIT OR 0BSD\nLicense: other", "MIT OR 0BSD"),
        ("License: Apache-2.0\nClassifier: License :: OSI Approved :: MIT License", "Apache-2.0"),
        (
            "License: Copyright 2020\n        some words\nClassifier: License :: OSI Approved :: BSD License",
            "BSD License",
        ),
        ("Name: x", ""),
    ):
        assert licences.licence_of(email.message_from_string(said + "\n\n")) == expected

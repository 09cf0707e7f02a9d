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

from sitebuild import LANGS
from sitebuild.base.problems import SiteError
from sitebuild.pages import licences, sbom

ROOT = Path(__file__).resolve().parents[2]
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


# -- of a stock of a few parts -----------------------------------------------------------------------------

INNER = licences.Part("lunr", "", "MIT", "npm", {"zh": "搜索", "en": "search"}, "the text")
WHOLE = licences.Part("mkdocs-material", "9.1", "MIT", "pypi", {"zh": "主题", "en": "theme"}, "", (INNER,))
TOOL = licences.Part("numpy", "2.0", "BSD-3-Clause", "pypi")
FEW = licences.Stock((WHOLE,), {"mkdocs-material": WHOLE, "numpy": TOOL}, ("numpy",))


def test_blocks_become_tables_where_they_stand():
    text = "a\n\n```licences shipped\n```\n\nb\n\n~~~licences build\n~~~\nc\n\n```text\nx\n```\n"
    assert licences.shows(text, "p") == [("shipped", 2), ("build", 7)]
    assert licences.fill(text, "en", "p", FEW) == (
        "a\n\n| name | version | licence | what it does here |\n| --- | --- | --- | --- |\n| mkdocs-material | 9.1 | MIT | theme |\n"
        "| ↳ lunr | – | MIT | search |\n\nb\n\n| name | version | licence |\n| --- | --- | --- |\n| numpy | 2.0 | BSD-3-Clause |\nc\n\n"
        "```text\nx\n```\n"
    )
    assert "| ↳ lunr | – | MIT | 搜索 |" in licences.fill(text, "zh", "p", FEW)


def test_the_line_of_each_bad_block_is_told():
    with pytest.raises(SiteError) as caught:
        licences.shows("x\n```licences\n```\n\n```licences build\nwords\n```\n```text\n", "p")
    assert [(problem.line, "says which" in problem.reason) for problem in caught.value.problems] == [
        (2, True),
        (5, False),
    ]


def test_the_licences_are_ours_then_each_parts_below_its_name():
    bar = "=" * 78
    assert licences.texts(FEW, "ours\n\n") == (
        f"ours\n\n\n{bar}\nmkdocs-material 9.1: MIT\n{bar}\n\n\n{bar}\nlunr: MIT\n{bar}\n\nthe text\n"
    )


def test_requirements_are_those_of_this_system(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text(
        "# none\n\nnumpy==2.0 \\\n    --hash=sha256:x\nnone==1 ; python_version < '3'\nsome==1 ; python_version > '3'\n-r x\n"
    )
    assert licences._requirements(file) == [("numpy", 3), ("some", 6)]


def test_a_package_says_its_licence_what_it_needs_and_if_asked_the_text():
    part = licences._package("mkdocs-material")
    assert part.text == "" and part.source == "pypi" and {"mkdocs", "jinja2"} <= set(part.needs)
    assert "pillow" not in part.needs, "what only an extra asks for is not needed"
    whole = licences._package("mkdocs-material", whole=True, inside=(INNER,))
    assert "Martin Donath" in whole.text and whole.parts == (INNER,) and whole.what == licences.WHAT["mkdocs-material"]
    assert licences._package("genanki").licence == "MIT"


def test_a_package_that_names_no_licence_may_bring_the_text_of_one(monkeypatch):
    for text, expected in (
        ("x\nPermission is hereby granted, free of charge, to\n", "MIT"),
        ("other words", licences.NOT_SAID),
    ):
        monkeypatch.setattr(licences, "_licence_text", lambda package, text=text: text)
        assert licences._licence_by_text(None) == expected


def test_a_licence_that_is_a_name_is_short():
    for length, expected in ((39, "x" * 39), (40, "B")):
        said = f"License: {'x' * length}\nClassifier: Topic :: A\nClassifier: License :: OSI Approved :: B\nClassifier: License :: OSI Approved :: C\n\n"
        assert licences.licence_of(email.message_from_string(said)) == expected


def test_npms_packages_are_those_that_are_no_development_ones(tmp_path):
    folder = tmp_path / "node_modules"
    packages = {
        "node_modules/dev": {"version": "1", "dev": True},
        "node_modules/katex": {"version": "2", "license": "MIT", "dependencies": {"commander": "^8"}},
        "node_modules/katex/node_modules/@a/b": {"version": "3"},
    }
    for where in packages:
        (tmp_path / where).mkdir(parents=True)
    (folder / "katex/LICENSE").write_text("one")
    (folder / "katex/licence.md").write_text("two")
    (folder / "katex/readme").write_text("three")
    (folder / ".package-lock.json").write_text(json.dumps({"packages": packages}))
    katex, other = licences._node(tmp_path)
    assert (katex.name, katex.version, katex.licence, katex.text) == ("katex", "2", "MIT", "one\n\ntwo")
    assert katex.needs == ("commander",) and katex.what == licences.WHAT["katex"]
    assert (other.name, other.version, other.licence, other.text, other.needs) == (
        "@a/b",
        "3",
        licences.NOT_SAID,
        "",
        (),
    )


def test_a_bundle_says_what_it_was_made_of():
    sources = [
        "webpack/../node_modules/lunr/lunr.js",
        "node_modules/lunr/b.js",
        "node_modules/@a/b/c.js",
        "src/x.ts",
        "node_modules/tslib/t.js",
    ]
    contents = [
        "/*!\n * lunr - 2.3.9\n * Copyright A\n */\ncode",
        "/* License: B */",
        None,
        "/* license */",
        "/* only a remark */",
    ]
    found = licences._in_bundle({"sources": sources, "sourcesContent": contents})
    assert found == {"lunr": "lunr - 2.3.9\nCopyright A", "@a/b": "", "tslib": ""}
    assert licences._in_bundle({"sources": sources}) == {"lunr": "", "@a/b": "", "tslib": ""}
    with pytest.raises(ValueError):
        licences._in_bundle({"sources": sources, "sourcesContent": contents[1:]})


def test_the_stock_names_what_reaches_a_reader_with_texts_and_versions(stock):
    theme, katex, shim, noto, nbconvert, genanki, digits, *_ = stock.shipped
    assert stock.built_with["mkdocs-material"] is theme and [part.name for part in (katex, shim)] == [
        "katex",
        "iframe-worker",
    ]
    assert all(part.text for part in (theme, katex, nbconvert, genanki)) and noto.licence == "OFL-1.1"
    assert digits.name == licences.DIGITS[0] and digits.licence == "CC-BY-4.0" and digits.source == "data"
    assert digits.version == f"scikit-learn {version('scikit-learn')}"
    icons = {part.name: part.licence for part in theme.parts if part.source == "icons"}
    assert icons == {"Material Design Icons": "Apache 2.0", "Font Awesome Free": "CC BY 4.0 License", "Octicons": "MIT"}
    assert {"numpy", "jieba", "commander"} <= set(stock.built_with) and "numpy" in stock.asked_for
    assert len({part.name for part in licences.flat(stock.shipped)}) == len(licences.flat(stock.shipped))


def test_a_bill_of_a_few_parts():
    bill = json.loads(sbom.bill(FEW, "site", "0.1", "MIT"))
    assert faults_of(bill) == [] and bill["metadata"]["component"]["version"] == "0.1"
    theme, tool = bill["components"]
    assert (theme["scope"], tool["scope"], tool["purl"]) == ("required", "excluded", "pkg:pypi/numpy@2.0")
    assert theme["components"][0]["purl"] == "pkg:npm/lunr" and "version" not in theme["components"][0]
    assert tool["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert sorted(needs["site"]) == ["pkg:pypi/mkdocs-material@9.1", "pkg:pypi/numpy@2.0"]
    data = licences.Part("digits", "", licences.NOT_SAID, "data")
    bill = json.loads(sbom.bill(licences.Stock((data,), {}, ()), "site", "0.1", "MIT"))
    assert bill["components"] == [{"bom-ref": "digits", "name": "digits", "scope": "required", "type": "data"}]


def test_a_stock_is_kept_until_something_else_is_installed(stock, tmp_path, monkeypatch):
    monkeypatch.delenv("SITE_RUNTIME")
    again = licences.from_json(licences.as_json(stock))
    assert licences.as_json(again) == licences.as_json(stock) and licences.texts(again, "") == licences.texts(stock, "")
    for name in ("requirements.in", "requirements.txt"):
        (tmp_path / name).write_text("a==1\n", encoding="utf-8")
    before = licences.state(tmp_path)
    assert licences.state(tmp_path) == before
    (tmp_path / "packages/a-2.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    upgraded = licences.state(tmp_path)
    (tmp_path / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    (tmp_path / ".cache/pyodide").mkdir(parents=True)
    locked = licences.state(tmp_path)
    (tmp_path / ".cache/pyodide/release.json").write_text("{}", encoding="utf-8")
    assert len({before, upgraded, locked, licences.state(tmp_path)}) == 4, "each change is seen"

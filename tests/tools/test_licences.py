"""What others made and reaches a reader is listed, with the licence; and the bill of materials holds."""

import base64
import functools
import hashlib
import json
import re
import shutil
import sys
from importlib.metadata import distribution, distributions
from pathlib import Path
from urllib.parse import urljoin

import jsonschema
import licences
import pytest
import referencing
from conftest import ROOT
from packaging.utils import canonicalize_name

THEME = Path(distribution("mkdocs-material").locate_file("material/templates"))
PATH_DATA = re.compile(r"""\bd=(?:"([^"]+)"|'([^']+)')""")


@pytest.mark.skipif(sys.platform != "linux", reason="the lists are those of a build on Linux, as the deployment is")
def test_the_lists_are_those_of_what_is_locked():
    files = licences.files()
    behind = [name for name, text in files.items() if (licences.TABLES / name).read_text(encoding="utf-8") != text]
    assert behind == [], "run python tools/licences.py"


def test_the_bill_of_materials_is_valid_and_whole():
    """CycloneDX's own schema says so; its package's validator would need what the tests have no other use for."""
    bill = json.loads((licences.TABLES / "sbom.json").read_text(encoding="utf-8"))
    folder = Path(distribution("cyclonedx-python-lib").locate_file("cyclonedx/schema/_res"))
    names = [f"{name}.SNAPSHOT.schema.json" for name in ("bom-1.6", "spdx", "jsf-0.82")]
    main, *others = (json.loads((folder / name).read_bytes()) for name in names)
    contents = [(urljoin(main["$id"], name), one) for name, one in zip(names, (main, *others), strict=True)]
    validator = jsonschema.Draft7Validator(main, registry=referencing.Registry().with_contents(contents))
    assert [error.message for error in validator.iter_errors(bill)] == []
    assert not validator.is_valid({**bill, "components": [{"type": "library"}]}), "one without a name"
    parts = {canonicalize_name(one["name"]): one for one in bill["components"]}
    locked = licences.locked(ROOT / "requirements.txt")
    assert len(locked) > 50 and {name: parts[name]["version"] for name in locked} == locked
    assert all(one.get("licenses") for whole in parts.values() for one in [whole, *whole.get("components", [])])
    assert parts["numpy"]["scope"] == "excluded" and parts["katex"]["scope"] == "required"
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert parts["markdown"]["bom-ref"] in needs[parts["mkdocs"]["bom-ref"]]


# -- nothing in the site that is not listed ----------------------------------------------------------------


@functools.cache
def listed():
    parts = licences.flat(licences.take_stock().shipped)
    return {canonicalize_name(part.name) for part in parts if part.source in ("pypi", "npm")}


@functools.cache
def holders():
    """By the hash of a file: the installed packages, Python's and npm's, that hold it."""
    known = {}
    for package in distributions():
        for line in (package.read_text("RECORD") or "").splitlines():
            hashed = re.search(r",sha256=([\w-]+),\d+$", line)
            if hashed:
                known.setdefault(hashed[1], set()).add(canonicalize_name(package.metadata["Name"]))
    folder = (ROOT / "node_modules").resolve()
    for file in folder.rglob("*"):
        if file.is_file() and not file.name.startswith("."):
            known.setdefault(digest(file), set()).add(file.relative_to(folder).parts[0])
    return known


def owners(folder):
    """The packages that hold a file that is also in `folder`, byte for byte; a listed one will do for it."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.stat().st_size]
    found = [holders().get(digest(file), set()) for file in files]
    return {name for names in found for name in (names & listed() or names)}


def digest(file):
    return base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest()).rstrip(b"=").decode()


def test_each_file_of_others_in_the_site_comes_from_a_package_that_is_listed(site, tmp_path):
    # KaTeX's fonts and styles are cut to what is used, so no file of its package is there as it was
    assert owners(site) == {"mkdocs-material"}
    shutil.copy(ROOT / "node_modules/commander/index.js", tmp_path)
    assert "commander" in owners(tmp_path) - listed(), "else this test would see nothing"


def test_each_icon_comes_from_a_set_that_is_listed(site):
    known = {}
    for file in (THEME / ".icons").rglob("*.svg"):
        for found in PATH_DATA.finditer(file.read_text(encoding="utf-8")):
            known.setdefault(found[1] or found[2], set()).add(file.relative_to(THEME / ".icons").parts[0])
    ours = r'<figure class="(?:plot|diagram).*?</figure>|<bdi class="math.*?</bdi>'
    texts = [file.read_text(encoding="utf-8") for kind in ("html", "css") for file in site.rglob(f"*.{kind}")]
    drawn = {found[1] or found[2] for text in texts for found in PATH_DATA.finditer(re.sub(ours, "", text, flags=re.S))}
    sets = [known[outline] & set(licences.ICONS) for outline in drawn & known.keys()]
    assert all(sets) and {"material"} <= set().union(*sets)
    templates = [*THEME.rglob("*.html"), *(file for file in (ROOT / "overrides").rglob("*.*") if file.is_file())]
    written = "".join(file.read_text(encoding="utf-8") for file in templates)
    assert [outline for outline in drawn - known.keys() if outline not in written] == []


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_licences_in_full_and_the_bill_go_with_the_site(site, folder):
    for name in ("licences.txt", "sbom.json"):
        assert (site / folder / name).read_bytes() == (licences.TABLES / name).read_bytes()


def test_the_locked_versions_are_those_that_the_deployment_takes(tmp_path):
    file = tmp_path / "locked.txt"
    file.write_text(
        "# none\na==1 ; python_full_version < '3.12' \\\n    --hash=sha256:x\na==2 ; python_full_version >= '3.12' \\\n"
        "b==1 ; sys_platform == 'darwin'\nSome.C==3\n"
    )
    assert licences.locked(file) == {"a": "2", "some-c": "3"}

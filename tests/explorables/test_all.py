"""What every explorable keeps to: it is on a page, says the same in both languages, is light, and has its room."""

import gzip
import json
import re
import subprocess

import pytest
from conftest import ROOT, sources
from in_node import FOLDER

from sitebuild import LANGS
from sitebuild.base.node import node
from sitebuild.sources import style
from sitebuild.sources.blocks import named

LOADER = (FOLDER.parent / "explorable.js").read_text(encoding="utf-8")
SCRIPTS = dict(re.findall(r'^  (\w+): new URL\("explorables/([\w.]+)", import\.meta\.url\),$', LOADER, re.M))
BYTES = 12_000  # of one of them with all that it loads, gzipped
LOADS = re.compile(r"""(?:from |new URL\()"(?:\./)?([\w.-]+)""")
# Of what an explorable says: texts, functions with their parameters, and the same inside of objects.
SAID = """
const shape = (said) => typeof said === "function" ? `(${said.length})` : typeof said === "object"
  ? Object.fromEntries(Object.entries(said).map(([key, part]) => [key, shape(part)])) : typeof said;
const source = (key, part) => typeof part === "function" ? `${part}` : part;
import(process.argv[1]).then(({ WORDS, draw }) => console.log(JSON.stringify({ draw: typeof draw, said: Object.entries(WORDS)
  .map(([lang, words]) => [lang, shape(words), JSON.stringify(words, source, 1)]) })));
"""
HAN = re.compile("[\u4e00-\u9fff]")


def loaded(name, seen=()):
    """The files of the folder that a script loads, itself among them."""
    for other in LOADS.findall((FOLDER / name).read_text(encoding="utf-8")):
        seen = seen if other in (name, *seen) or other.endswith(".json") else loaded(other, (name, *seen))
    return {name, *seen}


def test_each_is_on_a_page_and_each_on_a_page_is_there():
    shown = {
        block.argument.split()[0]
        for pages in sources().pages.values()
        for path, text in pages.items()
        for block in named(text, str(path), "explorable")
    }
    assert shown == set(SCRIPTS) and len(SCRIPTS) == LOADER.count("new URL(")
    assert all((FOLDER / file).is_file() for file in SCRIPTS.values())


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_is_light(name):
    sizes = {one: len(gzip.compress((FOLDER / one).read_bytes(), 6)) for one in loaded(SCRIPTS[name])}
    assert sum(sizes.values()) <= BYTES, sizes


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_has_its_room(name):
    style = (ROOT / "overrides/partials/explorable.html").read_text(encoding="utf-8")
    rooms = re.findall(rf'\[data-explorable="{name}"\] \{{ --room: ([\d.]+)rem; \}}', style)
    assert len(rooms) == 2, "on a phone, and from 45em on"


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_says_the_same_in_both_languages(name):
    command = [node(), "-e", SAID, (FOLDER / SCRIPTS[name]).as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    told = json.loads(done.stdout)
    assert told["draw"] == "function" and {lang for lang, _, _ in told["said"]} == set(LANGS)
    (_, one, _), (_, other, _) = told["said"]
    assert one == other
    for lang, _, text in told["said"]:
        foreign = style.foreign_names(sources().pages[lang][style.GLOSSARY], sources().words[lang])
        assert style.wording(text, lang, name, foreign) == []
        assert bool(HAN.search(text)) == (lang == "zh")
        if lang == "zh":
            assert not re.search(
                "[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", text
            ), text

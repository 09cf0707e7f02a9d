"""The words that the engine puts on pages: both languages say the same, and nothing is said that nobody uses."""

import re

from conftest import ROOT, refused

from sitebuild import LANGS
from sitebuild.base import words


def write(root, **files):
    (root / "docs").mkdir(exist_ok=True)
    for lang, text in files.items():
        (root / f"docs/words.{lang}.toml").write_text(text, encoding="utf-8")
    return [words.read(root, lang) for lang in files]


def test_both_languages_of_the_site_say_the_same():
    assert words.differences(*(words.read(ROOT, lang) for lang in LANGS)) == []


def test_each_word_is_used_and_each_that_is_used_is_said():
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "sitebuild").rglob("*.py"))
    used = set(re.findall(r"""["']([a-z]+\.[a-z_]+)["']""", code))
    said = words.read(ROOT, "en").said.keys()
    assert said <= used
    assert set(re.findall(r"""words\[["']([^"']+)["']\]""", code)) <= said


def test_a_word_that_one_language_lacks_and_other_places_are_told(tmp_path):
    en, zh = write(tmp_path, en='[a]\nb = "{n} of {m}"\nc = "x"\n', zh='[a]\nb = "{m} 之 {k}"\nd = "x"\n')
    assert [str(problem) for problem in words.differences(en, zh)] == [
        "docs/words.en.toml: does not say 'a.d'",
        "docs/words.zh.toml: does not say 'a.c'",
        "docs/words.zh.toml: 'a.b' has ['{k}', '{m}'], in docs/words.en.toml ['{m}', '{n}']",
    ]
    assert str(refused(en.__getitem__, "a.d")[0]) == "docs/words.en.toml: does not say 'a.d'"


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    assert str(refused(words.read, tmp_path, "en")[0]).startswith("docs/words.en.toml: cannot be read")
    assert str(refused(write, tmp_path, en="[a\n")[0]).startswith("docs/words.en.toml: cannot be read")

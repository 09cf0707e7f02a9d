"""The words that the engine itself puts on a page ("Download"): the project says them, in one file a language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sitebuild.base import files
from sitebuild.base.problems import Problem, SiteError


@dataclass(frozen=True)
class Words:
    """The words of one language, by where they are used and what they say: words["program.download"]. `source` is the
    file that says them."""

    lang: str
    source: str
    said: Mapping[str, str | int]

    def __getitem__(self, name: str) -> str | int:
        if name not in self.said:
            raise SiteError(Problem(self.source, 0, f"does not say {name!r}"))
        return self.said[name]


def read(root: Path, lang: str) -> Words:
    """The words of a language, out of docs/words.LANG.toml. Raises SiteError if the file cannot be read."""
    source = f"docs/words.{lang}.toml"
    try:
        tables = tomllib.loads(files.read(root / source, source))
    except tomllib.TOMLDecodeError as error:
        raise SiteError(Problem(source, 0, f"cannot be read: {error}")) from None
    said = {f"{table}.{key}": word for table, words in tables.items() for key, word in words.items()}
    return Words(lang, source, said)


def differences(one: Words, other: Words) -> list[Problem]:
    """Where two languages do not say the same: a word that one lacks, a word with other {places}."""
    problems = []
    for ours, theirs in ((one, other), (other, one)):
        problems += [
            Problem(ours.source, 0, f"does not say {name!r}") for name in sorted(theirs.said.keys() - ours.said.keys())
        ]
    for name in sorted(one.said.keys() & other.said.keys()):
        places = [sorted(re.findall(r"\{\w*\}", str(words[name]))) for words in (one, other)]
        if places[0] != places[1]:
            problems.append(Problem(other.source, 0, f"{name!r} has {places[1]}, in {one.source} {places[0]}"))
    return problems

"""What programs did: kept by all that shapes it, and judged by what only a run can show.

Nothing here imports NumPy or Matplotlib: a build in which nothing changed does not pay for them.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from sitebuild import LANGS
from sitebuild.base import store
from sitebuild.base.problems import Problem
from sitebuild.sources import snippet as snippets
from sitebuild.sources.snippet import Snippet

MEMORY = 3 * 2**30  # bytes of address space
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Figure:
    """One drawn figure: its frame's label and its SVG element."""

    label: str
    svg: str


@dataclass(frozen=True)
class Result:
    """What a program printed, drew and computed. `seconds` is the time it took when it ran."""

    stdout: str
    figures: tuple[Figure, ...]
    values: dict[str, bool | int | float | str | dict | list]
    seconds: float
    cells: tuple[tuple[str, int], ...] = ()  # of a lab: what each cell printed, and how many figures it drew
    ran: bool = True


def not_run(program: Snippet, lang: str) -> Result:
    """The result of a program that has not run yet."""
    return Result("", (), {}, 0.0, cells=tuple(("", 0) for _ in program.cells(lang)), ran=False)


def check(programs: Iterable[Snippet], results: Mapping[tuple[str, str], Result]) -> list[Problem]:
    """What is wrong with the results of those programs that ran in both languages."""
    problems = []
    for program in programs:
        if not all((program.name, lang) in results and results[program.name, lang].ran for lang in LANGS):
            continue
        zh, en = (results[program.name, lang] for lang in LANGS)
        marks = [[line[:2] for line in one.stdout.splitlines()[:-1]] for one in (zh, en)]  # of a judge, line by line
        if (marks[0] != marks[1]) if program.judged else (zh.stdout != en.stdout):
            problems.append(Problem(program.path, 0, "prints different text in Chinese and in English"))
        for figure in zh.figures:
            for text in [figure.label, *re.findall(r"<text[^>]*>([^<]*)", figure.svg)]:
                if left := snippets.words(text):
                    lines = program.text.split("\n")
                    line = next((n for n, code in enumerate(lines, 1) if left[0] in code.split("#zh")[0]), 0)
                    reason = f'the Chinese figure shows {text!r}: no Chinese twin (#zh "…") for {left[0]!r}'
                    problems.append(Problem(program.path, line, reason))
    return problems


# -- kept --------------------------------------------------------------------------------------------------


def known(
    programs: Iterable[Snippet], langs: Iterable[str], cache: Path
) -> tuple[dict[tuple[str, str], Result], list[tuple[Snippet, str]]]:
    """The results that need no run, by (name, lang), and the (snippet, lang) that would have to run."""
    results, missing = {}, []
    for snippet in programs:
        for lang in langs:
            stored = load(entry(cache, snippet, lang))
            if stored is None:
                missing.append((snippet, lang))
            else:
                results[snippet.name, lang] = stored
    return results, missing


def metrics_font(cache: Path) -> bytes:
    """The font by whose metrics figures were laid out, see figures.py; made anew where the cache has it no more."""
    font = store.kept(font_file(cache))
    if font is None:
        from sitebuild.programs import figures

        figures.make_metrics_font(font_file(cache))
        font = store.kept(font_file(cache))
    return font


def font_file(cache: Path) -> Path:
    """Where the font is kept by whose metrics figures are laid out."""
    return cache / f"metrics-{_machinery()[:12]}.ttf"


@lru_cache(maxsize=1)
def _machinery() -> str:
    """A digest of all that shapes a result besides the program: our code, Python, NumPy, Matplotlib, the processor."""
    digest = hashlib.sha256()
    for module in ("sandbox.py", "figures.py"):
        digest.update((HERE / module).read_bytes())
    digest.update(f"{sys.version} {version('numpy')} {version('matplotlib')} {MEMORY} {_processor()}".encode())
    return digest.hexdigest()


def _processor() -> str:
    """What decides which of their code NumPy and OpenBLAS use, and so the last digits of a number."""
    chosen = [os.environ.get(name, "") for name in ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")]
    abilities: set[str] = set()
    with suppress(OSError):  # Linux alone has this file
        abilities.update(re.findall(r"\b(?:avx|fma|amx)\w*", Path("/proc/cpuinfo").read_text(encoding="utf-8")))
    return f"{platform.machine()} {chosen} {sorted(abilities)}"


def entry(cache: Path, snippet: Snippet, lang: str) -> Path:
    """Where the result of a program is kept."""
    return cache / "programs" / f"{_key(snippet, lang)}.json"


def _key(snippet: Snippet, lang: str) -> str:
    cells = str(snippet.cells(lang))
    parts = (_machinery(), snippet.name, lang, cells, snippet.source(lang))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def keep(entry: Path, answer: dict) -> Result:
    """The result that a program's `answer` tells, kept in `entry`."""
    figures = [{"label": label, "svg": svg} for label, svg in answer["figures"]]
    store.keep(entry, json.dumps({**answer, "figures": figures}, ensure_ascii=False).encode())
    return load(entry)


def load(entry: Path) -> Result | None:
    """The stored result; None where there is none, or it is damaged: the program then runs again."""
    body = store.kept(entry)
    if body is None:
        return None
    try:
        stored = json.loads(body)
        figures = tuple(Figure(**figure) for figure in stored["figures"])
        cells = tuple((text, count) for text, count in stored["cells"])
        return Result(**{**stored, "figures": figures, "cells": cells})
    except (KeyError, TypeError):  # whole, but of a version whose results had other fields
        return None

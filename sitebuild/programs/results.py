"""What only a run can show to be wrong: a language that prints something else, Latin words in a Chinese figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sitebuild import LANGS
from sitebuild.base.problems import Problem
from sitebuild.programs.runner import Result
from sitebuild.sources import snippet


def check(programs: Iterable[snippet.Snippet], results: Mapping[tuple[str, str], Result]) -> list[Problem]:
    """What is wrong with the results of those programs that ran in both languages."""
    problems = []
    for program in programs:
        if not all((program.name, lang) in results and results[program.name, lang].ran for lang in LANGS):
            continue
        zh, en = (results[program.name, lang] for lang in LANGS)
        if zh.stdout != en.stdout:
            problems.append(Problem(program.path, 0, "prints different text in Chinese and in English"))
        for figure in zh.figures:
            for text in [figure.label, *re.findall(r"<text[^>]*>([^<]*)", figure.svg)]:
                if left := snippet.words(text):
                    lines = program.text.splitlines()
                    line = next((n for n, code in enumerate(lines, 1) if left[0] in code.split("#zh")[0]), 0)
                    reason = f'the Chinese figure shows {text!r}: no Chinese twin (#zh "…") for {left[0]!r}'
                    problems.append(Problem(program.path, line, reason))
    return problems

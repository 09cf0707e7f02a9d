"""Each drill's judge: what it says of the starter, the solution, answers that people publish, and mutants.

tests/drills/answers/<drill>.py holds WRONG, the wrong answers by what is wrong with them: (the answer, words of the hint
in English, in Chinese), and RIGHT, right ones written in another way. An answer is what stands between the drill's two
marks, or a list of edits, (old, new), of what stands there.
"""

import contextlib
import importlib.util
import io
import re
import warnings
from functools import cache
from pathlib import Path

import mutation
import pytest

from sitebuild.sources import drill, snippet

ROOT = Path(__file__).resolve().parent.parent.parent
DRILLS = {file.stem: file for file in sorted((ROOT / "snippets/drills").glob("*.py"))}
LANGS = ("en", "zh")
PARTS = re.compile(r"(?<=^#solution\n)(.*?)(?=^#end\n)", re.M | re.S)


@cache
def answers(name):
    spec = importlib.util.spec_from_file_location(f"answers_{name}", ROOT / f"tests/drills/answers/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def text(name):
    return DRILLS[name].read_text(encoding="utf-8")


def told(source):
    """The lines that a program prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, "drill", "exec"), {"__name__": "drill"})
    return printed.getvalue().splitlines()


def marks(lines):
    """The marks of the judge's lines, without the summary."""
    return {line[:2] for line in lines[:-1]}


def answered(name, answer, lang):
    """What the judge says of an answer, see above."""
    own = PARTS.search(text(name))[1]
    if isinstance(answer, list):
        edits, answer = answer, own
        for old, new in edits:
            assert answer.count(old), f"{old!r} does not stand in the solution of {name}"
            answer = answer.replace(old, new)
    with_it = PARTS.sub(lambda _: answer.rstrip("\n") + "\n\n\n", text(name))
    return told(drill.parse(with_it, name, name)[1].source(lang))


def each(kind):
    return [
        pytest.param(name, which, id=f"{name}: {which}") for name in DRILLS for which in getattr(answers(name), kind)
    ]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", DRILLS)
def test_the_starter_is_not_there_yet_and_the_solution_is_right(name, lang):
    starter, solution = (program.source(lang) for program in drill.read(DRILLS[name], name, name))
    nothing, all_of_it = told(starter), told(solution)
    assert marks(nothing) == {". "} and marks(all_of_it) == {"+ "}
    assert len(nothing) == len(all_of_it) >= 5, "four checks, at least, and the summary"


@pytest.mark.parametrize("name", DRILLS)
def test_a_drill_can_be_read_at_one_sitting(name):
    lines = [line for line in drill.read(DRILLS[name], name, name)[1].source("en").splitlines() if line.strip()]
    assert len(lines) <= 160 and max(map(len, lines)) <= 88
    own = [line for line in english_part(name).splitlines() if line.strip()]
    assert len(own) <= 40, "what one writes in an interview"
    imported = {line for line in lines if re.match(r"\s*(import|from) ", line)}
    assert imported == {"import numpy as np"}


@pytest.mark.parametrize("name, which", each("WRONG"))
def test_a_wrong_answer_is_refused_with_its_hint(name, which):
    answer, english, chinese = answers(name).WRONG[which]
    for lang, hint in zip(LANGS, (english, chinese), strict=True):
        lines = answered(name, answer, lang)
        refused = [line for line in lines if line.startswith("- ")]
        assert any(hint in line for line in refused), "\n".join(lines)


@pytest.mark.parametrize("name, which", each("RIGHT"))
def test_a_right_answer_written_otherwise_passes(name, which):
    for lang in LANGS:
        lines = answered(name, answers(name).RIGHT[which], lang)
        assert marks(lines) == {"+ "}, "\n".join(lines)


@pytest.mark.parametrize("name", DRILLS)
def test_there_are_enough_answers(name):
    assert len(answers(name).WRONG) >= 5 and len(answers(name).RIGHT) >= 2


@pytest.mark.parametrize("name", DRILLS)
def test_an_answer_that_fails_is_told_how(name):
    source = drill.read(DRILLS[name], name, name)[0].source("en")
    lines = told(source.replace("    return None\n", "    raise ZeroDivisionError('so')\n"))
    assert marks(lines) == {"- "} and all("ZeroDivisionError: so" in line for line in lines[:-1])


@pytest.mark.parametrize("name", DRILLS)
def test_the_judge_refuses_mutants_of_the_solution(name):
    source = drill.read(DRILLS[name], name, name)[1].source("en")
    own = english_part(name)
    first = source[: source.index(own)].count("\n") + 1
    left_out = set(range(1, source.count("\n") + 2)) - set(range(first, first + own.count("\n")))
    found = mutation.mutants(name, source, left_out)
    survived = [(line, statement) for _, line, statement, mutant in found if marks(told(mutant)) == {"+ "}]
    assert found and len(survived) <= 0.05 * len(found), survived


def english_part(name):
    """What stands between the marks, in English."""
    marked = text(name)
    for mark in drill.MARKS:
        marked = marked.replace(f"\n{mark}\n", f"\n{mark[1:]}\n")
    english = snippet.parse(marked, name, name).source("en")
    return english.partition("\nsolution\n")[2].partition("\nend\n")[0]

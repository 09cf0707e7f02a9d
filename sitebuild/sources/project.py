"""All that authors write, read at once: programs, labs, diagrams and pages; and what can be known to be wrong with it
before a program runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath

from sitebuild import LANGS
from sitebuild.base import words
from sitebuild.base.problems import Problem, SiteError, shown
from sitebuild.sources import diagram as diagrams
from sitebuild.sources import lab, page, pairs, question, snippet, unknown
from sitebuild.sources.blocks import blocks, named

LABS = "labs"  # the folder of the notebooks, below snippets/ and on the site
TABLES = "tables"  # below docs/: what a page shows with ```table name, and files that the site publishes as they are
SWEEPS = "bench/results/sweeps"  # what bench/sweep.py found, see programs/sweeps


@dataclass(frozen=True)
class Project:
    """Where things lie. `root` holds mkdocs.yml."""

    root: Path

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    @property
    def snippets(self) -> Path:
        return self.root / "snippets"

    @property
    def cache(self) -> Path:
        return self.root / ".cache" / "sitebuild"


@dataclass(frozen=True)
class Sources:
    """All that authors write: snippets, labs and diagrams by name, pages by language and path, words by language."""

    snippets: dict[str, snippet.Snippet] = field(default_factory=dict)
    labs: dict[str, lab.Lab] = field(default_factory=dict)
    diagrams: dict[str, diagrams.Diagram] = field(default_factory=dict)
    pages: dict[str, dict[PurePosixPath, str]] = field(default_factory=dict)
    words: dict[str, words.Words] = field(default_factory=dict)
    tables: dict[tuple[str, str], str] = field(default_factory=dict)  # what tools wrote, by name and language
    published: dict[PurePosixPath, Path] = field(default_factory=dict)  # files beside them, by path in the site

    @property
    def programs(self) -> list[snippet.Snippet]:
        """All programs, the long ones first: else one worker ends long after the other."""
        return [*(lab.program for lab in self.labs.values()), *self.snippets.values()]


def load(project: Project) -> Sources:
    """Read and check every source. Raises SiteError with everything that is wrong, of all files."""
    sources, problems = survey(project)
    if problems:
        raise SiteError(problems)
    return sources


def survey(project: Project) -> tuple[Sources, list[Problem]]:
    """Every page, every sound snippet, lab and diagram, and everything that is wrong with any of them."""
    sources, problems = Sources(), []

    def read_each(files, reader: Callable, into: dict) -> set[str]:
        """Read each file into `into`, by its name: path below snippets/ without suffix. All names, sound or not."""
        names = set()
        for file in files:
            name = file.relative_to(project.snippets).with_suffix("").as_posix()
            names.add(name)
            try:
                into[name] = reader(file, name, shown(file, project.root))
            except SiteError as error:
                problems.extend(error.problems)
        return names

    labs = project.snippets / LABS
    programs = sorted(project.snippets.rglob("*.py"))
    written = read_each((f for f in programs if labs not in f.parents), snippet.read, sources.snippets)
    read_each((f for f in programs if labs in f.parents), _lab_reader(sources.snippets), sources.labs)
    drawn = read_each(sorted(project.snippets.rglob("*.svg")), diagrams.read, sources.diagrams)
    if not problems:
        problems += [one for diagram in sources.diagrams.values() for one in diagrams.check(diagram, sources.snippets)]
    for lang in LANGS:
        folder = project.docs / lang
        sources.pages[lang] = {
            PurePosixPath(file.relative_to(folder).as_posix()): file.read_text(encoding="utf-8")
            for file in sorted(folder.rglob("*.md"))
        }
    problems += _words(project, sources)
    if not sources.words:
        return sources, problems  # without them no page can be judged
    for file in sorted((project.docs / TABLES).glob("*")):
        name, _, lang = file.stem.rpartition(".")
        if file.suffix == ".md" and lang in LANGS:
            sources.tables[name, lang] = file.read_text(encoding="utf-8")
        else:
            sources.published[PurePosixPath(file.name)] = file
    swept = {f"sweeps/{file.stem}" for file in (project.root / SWEEPS).glob("*.json")}
    problems += check(sources, {"snippet": written, "diagram": drawn}, written | swept)
    return sources, problems


def _lab_reader(snippets: Mapping[str, snippet.Snippet]) -> Callable:
    return lambda file, name, path: lab.read(file, name, path, snippets)


def _words(project: Project, sources: Sources) -> list[Problem]:
    """Read the words of each language; what is wrong with them."""
    try:
        sources.words.update({lang: words.read(project.root, lang) for lang in LANGS})
    except SiteError as error:
        return list(error.problems)
    return words.differences(*sources.words.values())


def check(sources: Sources, there: Mapping[str, set[str]], quotable: set[str]) -> list[Problem]:
    """What is wrong with the pages: each alone, what they show that is not `there` or the other way round, how the two
    of a pair differ. `there`: the names of all snippets and diagrams; `quotable`: of all that has values."""
    pages, problems = sources.pages, []
    used: dict[str, set[str]] = {kind: set() for kind in there}
    sound: dict[str, set[PurePosixPath]] = {lang: set() for lang in LANGS}
    for lang, other in zip(LANGS, LANGS[::-1], strict=True):
        for path, text in pages[lang].items():
            source = f"docs/{lang}/{path}"
            if path not in pages[other]:
                problems.append(Problem(source, 0, f"this page is missing in {other}: docs/{other}/{path}"))
            wrong = faults(text, path, source, sources.words[lang])
            problems += wrong
            if wrong:
                continue
            sound[lang].add(path)
            problems += [
                Problem(source, quote.line, f"there is no snippet {quote.name}.py")
                for quote in page.quotes(text, source)
                if quote.name not in quotable
            ]
            problems += [
                Problem(source, block.line, f"there is no docs/{TABLES}/{block.argument}.{lang}.md")
                for block in named(text, source, "table")
                if (block.argument, lang) not in sources.tables
            ]
            for kind, names in there.items():
                shown_here = named(text, source, kind)
                used[kind] |= {block.name for block in shown_here}
                problems += [
                    Problem(source, block.line, f"there is no {kind} {block.argument}")
                    for block in shown_here
                    if block.name not in names
                ]
    if all(len(sound[lang]) == len(pages[lang]) for lang in LANGS):  # else it may stand on a page that cannot be read
        for kind, suffix in (("snippet", ".py"), ("diagram", ".svg")):
            for name in sorted(there[kind] - used[kind]):
                problems.append(Problem(f"snippets/{name}{suffix}", 0, f"this {kind} is on no page"))
    for path in sorted(sound["zh"] & sound["en"]):
        problems += pairs.compare(pages["zh"][path], pages["en"][path], path, "docs")
    return problems


@lru_cache(maxsize=4096)
def faults(text: str, path: PurePosixPath, source: str, words: words.Words) -> tuple[Problem, ...]:
    """What is wrong with one page taken alone: its blocks, quoted values, formulas and questions."""
    problems: list[Problem] = []
    for look in (
        blocks, page.quotes, page.formulas, unknown.refuse,
        lambda text, source: question.read(text, path, source, words),
    ):  # fmt: skip
        try:
            look(text, source)
        except SiteError as error:
            problems += error.problems
    return tuple(problems)

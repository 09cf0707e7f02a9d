"""All that authors write, read at once: programs, labs, diagrams and pages; and what can be known to be wrong with it
before a program runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from sitebuild import LANGS
from sitebuild.base import files, words
from sitebuild.base.problems import Problem, SiteError, collected, shown
from sitebuild.sources import diagram as diagrams
from sitebuild.sources import drill, lab, page, pairs, question, snippet
from sitebuild.sources.blocks import blocks

LABS = "labs"  # the folder of the notebooks, below snippets/ and on the site
DRILLS = "drills"  # that of the exercises, each of which is two programs
TABLES = "tables"  # below docs/: what a page shows with ```table name, and files that the site publishes as they are
PAGES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")  # what MkDocs takes for a page; ours end in .md
SWEEPS = "bench/results/sweeps"  # what bench/sweep.py found, see programs/sweeps


@dataclass(frozen=True)
class Project:
    """Where things lie, and how long a program may take that does not say so. `root` holds mkdocs.yml."""

    root: Path
    seconds: int = snippet.SECONDS

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
    unread: set[tuple[str, PurePosixPath]] = field(default_factory=set)  # the pages that cannot be read
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

    def read_each(found: Iterable[Path], reader: Callable, into: dict) -> set[str]:
        """Read each file into `into`, by its name: path below snippets/ without suffix. All names, sound or not."""
        names = {file.relative_to(project.snippets).with_suffix("").as_posix(): file for file in found}
        for name, file in names.items():
            with collected(problems):
                into[name] = reader(file, name, f"snippets/{name}{file.suffix}")
        return set(names)

    labs, drills = project.snippets / LABS, project.snippets / DRILLS
    programs, both = files.listed(project.snippets, ".py"), {}
    reader = partial(snippet.read, seconds=project.seconds)
    written = read_each((f for f in programs if not {labs, drills} & {*f.parents}), reader, sources.snippets)
    exercises = read_each(
        (f for f in programs if drills in f.parents), partial(drill.read, seconds=project.seconds), both
    )
    written |= exercises | {name + drill.SOLUTION for name in exercises}
    sources.snippets.update({program.name: program for pair in both.values() for program in pair})
    reader = partial(lab.read, snippets=sources.snippets, seconds=project.seconds)
    labs_there = read_each((f for f in programs if labs in f.parents), reader, sources.labs)
    drawn = read_each(files.listed(project.snippets, ".svg"), diagrams.read, sources.diagrams)
    if not problems:
        problems += [one for diagram in sources.diagrams.values() for one in diagrams.check(diagram, sources.snippets)]
    problems += _pages(project, sources)
    with collected(problems):
        sources.words.update({lang: words.read(project.root, lang) for lang in LANGS})
    if not sources.words:
        return sources, problems  # without them no page can be judged
    problems += words.differences(*sources.words.values())
    for file in files.listed(project.docs / TABLES, ""):
        name, _, lang = file.stem.rpartition(".")
        if file.suffix == ".md" and lang in LANGS:
            with collected(problems):
                sources.tables[name, lang] = files.read(file, shown(file, project.root))
        else:
            sources.published[PurePosixPath(file.name)] = file
    swept = {f"sweeps/{file.stem}" for file in files.listed(project.root / SWEEPS, ".json")}
    there = {"snippet": written, "diagram": drawn, "figure": written, "explorable": written | labs_there}
    problems += check(sources, there, written | swept)
    return sources, problems


def _pages(project: Project, sources: Sources) -> list[Problem]:
    """Read the pages of each language; what is wrong with them as files."""
    problems: list[Problem] = []
    for lang in LANGS:
        folder = project.docs / lang
        sources.pages[lang] = {}
        for file in files.listed(folder, ""):
            path = PurePosixPath(file.relative_to(folder).as_posix())
            source = f"docs/{lang}/{path}"
            if path.suffix == ".md":
                with collected(problems):
                    sources.unread.add((lang, path))
                    sources.pages[lang][path] = files.read(file, source)
                    sources.unread.remove((lang, path))
            elif path.suffix in PAGES:
                problems.append(Problem(source, 0, "the name of a page ends in .md: this one would be published raw"))
            elif not file.exists():
                problems.append(Problem(source, 0, f"is a link to {file.readlink()}, which is not there"))
    return problems


def check(sources: Sources, there: Mapping[str, set[str]], quotable: set[str]) -> list[Problem]:
    """What is wrong with the pages: each alone, what they show that is not `there` or the other way round, how the two
    of a pair differ. `there`: the names that a block of each kind may show; `quotable`: of all that has values."""
    pages, problems = sources.pages, []
    used: dict[str, set[str]] = {kind: set() for kind in there}
    sound: dict[str, set[PurePosixPath]] = {lang: set() for lang in LANGS}
    for lang, other in zip(LANGS, LANGS[::-1], strict=True):
        for path, text in pages[lang].items():
            source = f"docs/{lang}/{path}"
            if path not in pages[other] and (other, path) not in sources.unread:
                problems.append(Problem(source, 0, f"this page is missing in {other}: docs/{other}/{path}"))
            if wrong := faults(text, path, source, sources.words[lang]):
                problems += wrong
                continue
            sound[lang].add(path)
            lacking = [(q.line, f"snippet {q.name}.py") for q in page.quotes(text, source) if q.name not in quotable]
            for block in blocks(text, source):
                if block.kind in there:
                    used[block.kind].add(block.name)
                    if block.name not in there[block.kind]:
                        lacking.append((block.line, f"{block.kind} {block.argument}"))
                elif block.kind == "table" and (block.argument, lang) not in sources.tables:
                    lacking.append((block.line, f"docs/{TABLES}/{block.argument}.{lang}.md"))
            problems += [Problem(source, line, f"there is no {what}") for line, what in lacking]
    if not sources.unread and all(len(sound[lang]) == len(pages[lang]) for lang in LANGS):
        # else it may stand on a page that cannot be read
        for kind, suffix in (("snippet", ".py"), ("diagram", ".svg")):
            for name in sorted(there[kind] - used[kind]):
                problems.append(Problem(f"snippets/{name}{suffix}", 0, f"this {kind} is on no page"))
    for path in sorted(sound["zh"] & sound["en"]):
        problems += pairs.compare(pages["zh"][path], pages["en"][path], path, "docs")
    return problems


def faults(text: str, path: PurePosixPath, source: str, words: words.Words) -> list[Problem]:
    """What is wrong with one page taken alone: its blocks, quoted values, formulas and questions."""
    problems: list[Problem] = []
    for look in (blocks, page.quotes, page.formulas, lambda text, source: question.read(text, path, source, words)):
        with collected(problems):
            look(text, source)
    return problems

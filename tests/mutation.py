"""Change one thing in a program and see whether a test notices: `make mutation`.

    python tests/mutation.py snippets  [--only lstm/step ...] [--share 0.2]
    python tests/mutation.py sitebuild [--only page ...] [--share 0.2]

The mutants are cosmic-ray's, one for each kind of change and place. Its own runner starts Python, PyTorch and pytest
anew for each mutant, three seconds before the first test; here a process that has them loaded is forked for each.

Numerical snippets: what only draws or prints is left out, and so are the labs, which take their models from snippets.
A mutant counts as killed only by a test of the chapters' files, which know theory, finite differences, closed forms
and PyTorch, but no expected output.

The machinery: each module's own tests first (TESTS), those that build a site last, a browser never. With --direct no
site is built: a tenth of the time, and a figure that can only be too low; --again then tries the survivors in full.

Writes an account to .cache/mutation/; tests/survivors.toml says of those that live, why. Exits with 1 if fewer are
killed than must be.
"""

from __future__ import annotations

import argparse
import ast
import functools
import hashlib
import importlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.update(MPLBACKEND="Agg", OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", NO_MKDOCS_2_WARNING="1")

import pytest  # noqa: E402
import scratch  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / ".cache/mutation"
WANTED = {"snippets": 0.95, "sitebuild": 0.90}
OFFLINE = [  # the others need a browser or a site
    "test_a_site_of_a_few_files_is_finished", "test_in_the_zip_of_a_few_files_addresses_are_files",
    "test_what_has_an_address_of_its_own_is_given_no_version", "test_a_version_changes_with_what_the_file_holds_or_loads",
    "test_what_a_style_sheet_loads_has_its_version_whatever_its_quotes", "test_what_a_script_loads_has_its_version",
    "test_a_zip_of_the_same_contents_is_not_made_twice_unless_it_is_damaged", "test_without_the_shim_the_build_says_what_is_missing",
]  # fmt: skip
HISTORY = ["is_what_git_knows", "without_git"]
# The tests of each module, besides tests/<room>/test_<module>.py; what has none is tried by building scratch sites.
TESTS = {
    "__main__": ["programs/test_pyodide", "test_stage"], "build": ["test_check"],
    "adapter/preview": ["adapter/test_session"], "adapter/second_language": ["adapter/test_session"],
    "adapter/templates": ["adapter/test_session", "adapter/test_warm"], "adapter/warnings": ["base/test_problems"],
    "base/archive": ["base/test_store"],
    "base/problems": ["sources/test_snippet"], "base/progress": ["base/test_problems"],
    "finish/csp": ["finish/test_styles"], "finish/offline_zip": [f"finish/test_offline_zip::{test}" for test in OFFLINE],
    "finish/search": ["finish/test_styles", "site/test_finding::test_the_search_worker_is_the_themes_but_for_what_is_mended"],
    "finish/swap": ["base/test_store"], "finish/theme_fixes": ["finish/test_styles"],
    "pages/metadata": ["test_build", "site/test_finding::test_a_page_whose_figure_is_not_in_its_first_program_is_seen"],
    "programs/figures": ["programs/test_look", "programs/test_runner"], "programs/runner": ["programs/test_sandbox"],
    "programs/sandbox": ["programs/test_runner"],
    "sources/diagram": ["sources/test_page"],
    "sources/page": ["site/test_finding::test_front_matter_grows_by_what_is_told"],
    "sources/provenance": [
        *(f"site/test_finding::test_history_{test}" for test in HISTORY),
        "site/test_finding::test_the_date_is_that_of_the_sources",
    ],
}  # fmt: skip
OF_CHOSEN_TESTS = {"finish/offline_zip"}  # most of its own tests need a browser
BUILDS = [
    "adapter/test_bad_input::test_the_scratch_project_itself_is_sound",
    "adapter/test_faults::test_from_nothing_or_from_the_cache_the_site_is_the_same",
]
BUILD_FILES = {f"{test.partition('::')[0].rpartition('/')[2]}.py" for test in BUILDS}
# fixtures of tests that say little of a module for their time: a browser, labs that are trained, PyTorch
ELSEWHERE = {"chromium", "context", "tab", "open_page", "host", "results", "torch"}
SITES = {"site", "pages", "unpacked", "parsed", "staged"}  # and of those that build the whole site
ARITHMETIC = {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"}  # bits of floats only raise: too easily killed
BYTES = 6 * 2**30  # of address space; a mutant may ask for anything


@dataclass(frozen=True)
class Mutant:
    path: str  # from the project's root
    line: int
    operator: str
    occurrence: int  # cosmic-ray's number of the place
    before: str  # the line, or lines, as they were
    after: str


def mutants(path: Path, mutable) -> list[Mutant]:
    """One for each kind of change and place of a file, always the same; `mutable(line)` tells which lines count."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    source = path.read_text(encoding="utf-8")
    nodes = list(ast_nodes(get_ast(source)))
    places: dict[tuple, list[tuple[str, int]]] = {}
    for name in sorted(operator_names()):
        kind, _, rest = name.removeprefix("core/").partition("_")
        if kind in ("VariableInserter", "VariableReplacer"):  # need arguments
            continue
        if kind == "ReplaceBinaryOperator" and not set(rest.split("_")) <= ARITHMETIC:
            continue
        operator, occurrence = get_operator(name)(), 0
        for node in nodes:
            for place in operator.mutation_positions(node):
                places.setdefault((kind, place), []).append((name, occurrence))
                occurrence += 1
    found = []
    for (_, place), choices in sorted(places.items(), key=lambda item: (item[0][1], item[0][0])):
        line = place[0][0]
        if not mutable(line):
            continue
        digest = hashlib.sha256(f"{path.name} {place}".encode()).digest()
        name, occurrence = choices[digest[0] % len(choices)]
        try:
            mutated = mutate_code(source, get_operator(name)(), occurrence)
        except AttributeError:  # cosmic-ray 8.7 cannot change `except (one, other)`
            continue
        if mutated is None or not _parses(mutated) or _same(source, mutated):
            continue
        old, new = source.splitlines(), mutated.splitlines()
        changed = [n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b] or [line - 1]
        shown = [" ".join(part[changed[0] : changed[-1] + 1]).strip() for part in (old, new)]
        where = path.relative_to(ROOT).as_posix()
        found.append(Mutant(where, changed[0] + 1, name.removeprefix("core/"), occurrence, *shown))
    return found


def text_of(mutant: Mutant) -> str:
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    source = (ROOT / mutant.path).read_text(encoding="utf-8")
    return mutate_code(source, get_operator(f"core/{mutant.operator}")(), mutant.occurrence)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _same(one: str, other: str) -> bool:
    """Whether nothing changed but annotations, which nobody evaluates."""
    return _without_annotations(one) == _without_annotations(other)


@functools.lru_cache(maxsize=2)
def _without_annotations(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(0)
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
    return ast.dump(tree)


def numeric_lines(source: str) -> set[int]:
    """The lines of a snippet that compute: not those that only draw or print, nor those that give the experiment its
    size (T, seeds, rate = 20, 5, 0.1), for what theory says must hold at any."""
    tree = ast.parse(source)
    drawing = {"plt", "print"}
    for node in ast.walk(tree):  # fig, (left, right) = plt.subplots(…)
        if isinstance(node, ast.Assign) and _root(node.value) in drawing:
            drawing |= {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    for node in ast.walk(tree):  # for axis in axes, for axis, name in zip(axes, names)
        if not isinstance(node, ast.For):
            continue
        pairs = [(node.target, node.iter)]
        if isinstance(node.iter, ast.Call) and _root(node.iter.func) == "zip" and isinstance(node.target, ast.Tuple):
            pairs = list(zip(node.target.elts, node.iter.args, strict=False))
        drawing |= {to.id for to, source in pairs if isinstance(to, ast.Name) and _root(source) in drawing}
    left_out: set[int] = set()
    for node in ast.walk(tree):
        alone = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _root(node.value) in drawing
        if alone or isinstance(node, ast.Assign) and _root(node.value) in drawing:
            left_out |= set(range(node.lineno, node.end_lineno + 1))
    for node in tree.body:
        if isinstance(node, ast.Assign) and _literal(node.value):
            left_out |= set(range(node.lineno, node.end_lineno + 1))
    for node in ast.walk(tree):  # a loop that holds nothing else
        if isinstance(node, ast.For) and all(part.lineno in left_out for part in node.body):
            left_out |= set(range(node.lineno, node.body[0].lineno))
    return set(range(1, len(source.splitlines()) + 1)) - left_out


def _literal(node: ast.AST) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def _root(node: ast.AST) -> str:
    """`plt` of plt.figure(…).subplots(…)[0]."""
    while not isinstance(node, ast.Name):
        node = getattr(node, "func", None) or getattr(node, "value", None)
        if node is None:
            return ""
    return node.id


# -- the tests of one mutant, in a process forked for it -------------------------------------------------------


class FirstFailure:
    """What killed the mutant. `run` gives programs, by name, in place of conftest's, which pytest imports anew."""

    def __init__(self, run=None, builds=None):
        self.by, self.run, self.builds = "", run, builds

    def pytest_collection_modifyitems(self, items):
        """Only the tests that build a site, or only the others, as `builds` says; None: all."""
        if self.builds is not None:
            items[:] = [item for item in items if _builds(item) == self.builds]

    def pytest_collection_finish(self):
        if self.run:
            sys.modules["conftest"].run = self.run

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.by:
            self.by = report.nodeid

    def pytest_collectreport(self, report):
        if report.failed and not self.by:
            self.by = report.nodeid or "collection"


def _builds(item) -> bool | None:
    """Whether a test builds a site; None for one that says little of a module for its time."""
    fixtures = set(item.fixturenames)
    if ELSEWHERE & fixtures:
        return None
    return bool(SITES & fixtures) or item.path.name in BUILD_FILES


NOTHING_LEFT = pytest.ExitCode.NO_TESTS_COLLECTED
OPTIONS = ["-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore"]
OPTIONS += ["-W", "error::SyntaxWarning"]  # as for every test: 'lang is "zh"' is no program of ours


def quietly(arguments: list[str], plugin) -> int:
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    return pytest.main([*arguments, *OPTIONS], plugins=[plugin])


def forked(work, seconds: float):
    """Start `work() -> str` in a child of a group of its own: (pid, file of its answer, when to give up)."""
    handle, answer = tempfile.mkstemp()
    os.close(handle)
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
            Path(answer).write_text(work(), encoding="utf-8")
            status = 0
        finally:
            os._exit(status)
    return pid, Path(answer), time.monotonic() + seconds


def all_of(tasks, jobs: int, report) -> None:
    """Run tasks (key, work, seconds), `jobs` at a time; report(key, answer, free slot) as each ends."""
    waiting, running, free = list(reversed(tasks)), {}, list(range(jobs))
    while waiting or running:
        while waiting and free:
            key, work, seconds = waiting.pop()
            slot = free.pop()
            pid, answer, end = forked(lambda work=work, slot=slot: work(slot), seconds)
            running[pid] = key, answer, end, slot
        time.sleep(0.02)
        for pid, (key, answer, end, slot) in list(running.items()):
            done, _ = os.waitpid(pid, os.WNOHANG)
            late = time.monotonic() > end
            if not done and not late:
                continue
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # what the tests started, too
            if not done:
                os.waitpid(pid, 0)
            del running[pid]
            free.append(slot)
            said = answer.read_text(encoding="utf-8")
            answer.unlink()
            report(key, "time is up" if late and not done else said or "the process died")


# -- snippets --------------------------------------------------------------------------------------------------


class Recorder:
    """Which tests asked for which program, directly or through a fixture, and how long each test took."""

    def __init__(self):
        self.tests, self.seconds, self.fixtures, self.items = {}, {}, {}, []
        self.now, self.fixture = None, None

    def pytest_collection_finish(self, session):
        import conftest

        self.items = session.items
        run = conftest.run

        def recorded(name):
            if self.fixture:
                self.fixtures.setdefault(name, set()).add((self.now.split("::")[0], self.fixture))
            self.tests.setdefault(name, set()).add(self.now)
            return run(name)

        conftest.run = recorded

    def pytest_runtest_logstart(self, nodeid):
        self.now = nodeid

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        outer, self.fixture = self.fixture, fixturedef.argname if fixturedef.argname != "program" else None
        try:
            return (yield)
        finally:
            self.fixture = outer

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration

    def of(self, name: str) -> list[str]:
        asked = set(self.tests.get(name, ()))
        for file, fixture in self.fixtures.get(name, ()):
            asked |= {i.nodeid for i in self.items if i.nodeid.startswith(file + "::") and fixture in i.fixturenames}
        return sorted(asked, key=lambda test: self.seconds.get(test, 0))


def try_snippets(chosen: list[Mutant], jobs: int, report) -> None:
    import matplotlib.pyplot  # noqa: F401
    import torch

    torch.set_num_threads(1)
    os.environ["CI"] = "true"
    os.chdir(ROOT)
    recorder = Recorder()
    started = time.monotonic()
    if pytest.main(["tests/numerics", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider"], plugins=[recorder]) != 0:
        sys.exit("the tests fail without any mutant")
    print(f"{len(recorder.seconds)} tests pass on the programs as they are, in {time.monotonic() - started:.0f} s")
    _quick_hypothesis()
    execute, kept = sys.modules["conftest"].execute, sys.modules["conftest"].run
    cost = {}
    for mutant in chosen:
        name = mutant.path.removeprefix("snippets/").removesuffix(".py")
        if name not in cost:
            started = time.monotonic()
            execute(name, (ROOT / mutant.path).read_text(encoding="utf-8"))
            cost[name] = time.monotonic() - started + sum(recorder.seconds.get(t, 0) for t in recorder.of(name))

    def task(mutant):
        name = mutant.path.removeprefix("snippets/").removesuffix(".py")
        text, tests = text_of(mutant), recorder.of(name)

        def work(slot):
            @functools.cache
            def run(asked):
                return execute(name, text) if asked == name else kept(asked)

            first = FirstFailure(run)
            return f"killed by {first.by}" if tests and quietly(tests, first) != 0 else "survived"

        return mutant, work, 15 + 4 * cost[name]

    all_of([task(mutant) for mutant in chosen], jobs, report)


def _quick_hypothesis() -> None:
    from hypothesis import Phase, settings

    settings.register_profile("mutation", phases=[Phase.explicit, Phase.generate], database=None, derandomize=True)
    settings.load_profile("mutation")


# -- sitebuild -------------------------------------------------------------------------------------------------


def try_sitebuild(chosen: list[Mutant], jobs: int, report, direct: bool = False) -> None:
    """By the tests of each module that build no site; then, unless `direct`, the survivors by those that build one."""
    _load_what_it_imports()
    _quick_hypothesis()
    os.environ["CI"] = "true"
    # two mutants of the same length in one second, and Python would take the first one's bytecode for the second
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for path in sorted({m.path for m in chosen})}
    texts = {mutant: text_of(mutant) for mutant in chosen}
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / str(slot) / "project" for slot in range(jobs)]
        for copy in copies:
            _copy(copy)
        right = {part: scratch.contents(copies[0] / part) for part in ("sitebuild", ".cache/sitebuild")}

        def tried(slot: int, path: str, text: str, builds: bool) -> str:
            """What kills the module `path` that holds `text`; "" if nothing does."""
            copy = copies[slot]
            for part, files in right.items():
                _restore(copy / part, files)
            (copy / path).write_text(text, encoding="utf-8")
            os.chdir(copy)
            os.environ.update(TMPDIR=str(copy.parent), PYTHONPATH=str(copy))
            tempfile.tempdir = None
            sys.path[:0] = [str(copy), str(copy / "tests")]
            first = FirstFailure(builds=builds)
            failed = quietly([*tests_of(path, builds), "--rootdir", str(copy)], first) not in (0, NOTHING_LEFT)
            shutil.rmtree(copy.parent / f"pytest-of-{os.environ.get('USER', 'root')}", ignore_errors=True)
            return first.by or "an error" if failed else ""

        def seconds_of(paths, builds: bool) -> dict[str, float]:
            """How long the tests of modules take that nobody has changed. They must pass."""
            said: dict[str, str] = {}

            def work(slot, path):
                started = time.monotonic()
                by = tried(slot, path, sources[path], builds)
                return f"!{by}" if by else str(time.monotonic() - started)

            tasks = [(path, functools.partial(work, path=path), 600) for path in paths]
            all_of(tasks, jobs, said.__setitem__)
            broken = [f"{path} ({said[path]})" for path in paths if not said[path][0].isdigit()]
            if broken:
                sys.exit(f"the tests fail without any mutant: {', '.join(broken)}")
            return {path: float(said[path]) for path in paths}

        def work(slot, mutant, builds):
            by = tried(slot, mutant.path, texts[mutant], builds)
            return f"killed by {by}" if by else "survived"

        def tasks(some, limit, builds):
            return [(m, functools.partial(work, mutant=m, builds=builds), limit(m)) for m in some]

        seconds = seconds_of(sources, builds=False)
        left: list[Mutant] = []

        def first_report(mutant, said):
            if said == "survived" and not direct:
                left.append(mutant)
            else:
                report(mutant, said)

        all_of(tasks(chosen, lambda mutant: 10 + 4 * seconds[mutant.path], builds=False), jobs, first_report)
        if left:
            print(f"{len(left)} live on and meet the tests that build a site", flush=True)
            seconds_of([left[0].path], builds=True)
            all_of(tasks(left, lambda mutant: 600, builds=True), jobs, report)


def tests_of(path: str, builds: bool) -> list[str]:
    module = path.removeprefix("sitebuild/").removesuffix(".py")
    room, _, name = module.rpartition("/")
    own = f"{room}/test_{name}" if room else f"test_{name}"
    if not (ROOT / "tests" / f"{own}.py").is_file() or module in OF_CHOSEN_TESTS:
        own = None
    named = [own, *TESTS.get(module, []), "base/test_problems::test_no_step_can_change_what_an_earlier_one_made"]
    named = [test.replace("::", ".py::") if "::" in test else f"{test}.py" for test in named if test]
    more = [test.replace("::", ".py::") for test in BUILDS] if builds else []
    return [f"tests/{test}" for test in dict.fromkeys([*named, *more])]


def _load_what_it_imports() -> None:
    """Import the modules that sitebuild imports, but not its own: those a mutant's process reads from its copy."""
    sys.path.insert(0, str(ROOT))
    for file in (ROOT / "sitebuild").rglob("*.py"):
        importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    for name in [name for name in sys.modules if name.partition(".")[0] == "sitebuild"]:
        del sys.modules[name]
    sys.path.remove(str(ROOT))


def _restore(folder: Path, files: dict[str, bytes]) -> None:
    """Undo what the mutant before left in `folder`: its module, and what it put into the cache."""
    for path, there in scratch.contents(folder).items():
        if path not in files:
            (folder / path).unlink()
        elif there != files[path]:
            (folder / path).write_bytes(files[path])
    for path in files:
        if not (folder / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(files[path])


def _copy(folder: Path) -> None:
    ignored = shutil.ignore_patterns(".venv", "node_modules", "site", "mutation", "__pycache__", "sheets")
    shutil.copytree(ROOT, folder, ignore=ignored, symlinks=True)
    for name in (".venv", "node_modules"):
        os.symlink(ROOT / name, folder / name)


# -- the account -----------------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=WANTED)
    parser.add_argument("--only", nargs="+", default=[], help="names of snippets (lstm/step) or modules (page)")
    parser.add_argument("--share", type=float, default=1.0, help="try this part of the mutants, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument(
        "--again", action="store_true", help="try those that survived the last time, and correct its account"
    )
    parser.add_argument(
        "--direct", action="store_true", help="of sitebuild: by tests that build no site, in a tenth of the time"
    )
    parser.add_argument("--list", action="store_true", help="say what would be tried, and try nothing")
    options = parser.parse_args()
    found = []
    for file in sorted((ROOT / options.what).rglob("*.py")):
        name = file.relative_to(ROOT / options.what).with_suffix("").as_posix()
        if name.startswith("labs/") or options.only and name not in options.only:
            continue
        lines = numeric_lines(file.read_text(encoding="utf-8")) if options.what == "snippets" else None
        found += mutants(file, lambda line, lines=lines: lines is None or line in lines)
    chosen = [m for m in found if random.Random(f"{options.seed} {m}").random() < options.share]
    results: dict[Mutant, str] = {}
    account = OUT / f"{options.what}.json"
    if options.again:
        before = {Mutant(**{k: v for k, v in one.items() if k != "result"}): one["result"] for one in _read(account)}
        results = {mutant: before[mutant] for mutant in found if mutant in before}
        chosen = [mutant for mutant, said in results.items() if said == "survived"]
    print(f"{len(chosen)} of {len(found)} mutants of {options.what}", flush=True)
    if options.list:
        for mutant in chosen:
            print(f"{mutant.path}:{mutant.line}: {mutant.operator}: {mutant.after}")
        return 0
    started = time.monotonic()
    done = []

    def write():
        OUT.mkdir(parents=True, exist_ok=True)
        told = [{**asdict(mutant), "result": said} for mutant, said in results.items()]
        account.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")

    def report(mutant, said):
        results[mutant] = said
        done.append(mutant)
        if not said.startswith("killed"):
            print(f"{said}: {mutant.path}:{mutant.line}: {mutant.before}  ->  {mutant.after}", flush=True)
        if len(done) % 10 == 0:
            write()  # a run takes an hour, and somebody may end it before
            print(f"{len(done)}/{len(chosen)}, {time.monotonic() - started:.0f} s", flush=True)

    if options.what == "snippets":
        try_snippets(chosen, options.jobs, report)
    else:
        try_sitebuild(chosen, options.jobs, report, options.direct)
    alive = [mutant for mutant, said in results.items() if said == "survived"]
    killed = 1 - len(alive) / max(1, len(results))
    write()
    print(
        f"{len(results) - len(alive)} of {len(results)} killed: {killed:.1%} "
        f"(wanted: {WANTED[options.what]:.0%}), {time.monotonic() - started:.0f} s"
    )
    known = tomllib.loads((ROOT / "tests/survivors.toml").read_text(encoding="utf-8"))["survivor"]
    explained = {(one["path"], one["before"], one["after"]) for one in known}
    for mutant in alive:
        if (mutant.path, mutant.before, mutant.after) not in explained:
            print(f"not in tests/survivors.toml: {mutant.path}:{mutant.line}: {mutant.before}  ->  {mutant.after}")
    return int(killed < WANTED[options.what])


def _read(account: Path) -> list[dict]:
    if not account.is_file():
        sys.exit(f"{account.relative_to(ROOT)} is not there: run without --again first")
    return json.loads(account.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())

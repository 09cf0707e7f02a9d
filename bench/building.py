"""How long a build takes, and the preview: this site's machinery beside its peers, by turns, on one machine.

    python bench/building.py [--rounds 3] [--parts peers site preview growth]

The same small site for everyone (projects.py), built from nothing, again with nothing changed, and again with one
program edited, always both languages. Writes results/building.json, in which each part replaces its own, and from that
the tables of the page "How this site is built" (tables.py). Exits with 1 where a budget is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib.metadata
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import preview  # noqa: E402
import projects  # noqa: E402
import tables  # noqa: E402
from environments import python_with  # noqa: E402
from tables import OURS, PLAIN  # noqa: E402

RESULTS = Path(__file__).parent / "results"
PROGRAMS = PAGES = 12
SIZES = ((12, 6), (60, 30), (250, 125), (1000, 500))  # programs, pages
BOTH = str(Path(__file__).parent / "both.py")
PEERS = {  # what makes the project; how it is built; the file and the words of the one edit
    "markdown-exec": (projects.markdown_exec, ["mkdocs", "zh.yml", "en.yml"], "{lang}/index.md"),
    "sphinx-gallery": (projects.sphinx_gallery, ["sphinx", "zh", "en"], "{lang}/examples/plot_0000.py"),
    "mkdocs-jupyter": (projects.mkdocs_jupyter, ["mkdocs", "zh.yml", "en.yml"], "{lang}/index.ipynb"),
    "myst-nb": (projects.myst_nb, ["sphinx", "zh", "en"], "{lang}/index.md"),
}
EDITS = [f"np.full(H, 0.{digit})" for digit in range(1, 10)]  # instead of np.ones(H), one a round


def run(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds and peak memory (MB, of the largest process that it waited for) of one build. Exits if it fails."""
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONDONTWRITEBYTECODE": "",
        "SITE_URL": "http://a.test/",
    }
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed in {folder}:\n{said.read()[-3000:]}")
    return seconds, usage.ru_maxrss / 1024


def run_alone(what: list[str], folder: Path) -> tuple[float, float]:
    """Seconds of one build by a module or script of Python, and the peak memory (MB) of its own process."""
    with tempfile.TemporaryDirectory() as temporary:
        told = Path(temporary) / "peak"
        seconds, _ = run([sys.executable, str(Path(__file__).parent / "peak.py"), str(told), *what], folder)
        return seconds, float(told.read_text(encoding="utf-8"))


def edit(files: list[Path], words: str, to: str) -> str:
    for file in files:
        text = file.read_text(encoding="utf-8")
        if words not in text:
            sys.exit(f"{words!r} is not in {file}")
        file.write_text(text.replace(words, to, 1), encoding="utf-8")
    return to


class Timed:
    """The seconds of one builder's builds, by kind, and the memory of all."""

    def __init__(self, folder: Path, command: list[str], files: list[Path], make):
        self.folder, self.command, self.files, self.make = folder, command, files, make
        self.seconds: dict[str, list[float]] = {"cold": [], "warm": [], "edit": []}
        self.memory = 0.0

    def round(self, number: int) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.make(self.folder)
        self._time("cold")
        self._time("warm")
        if self.files:
            edit([self.folder / file for file in self.files], "np.ones(H)", EDITS[number])
            self._time("edit")

    def _time(self, kind: str) -> None:
        seconds, memory = run(self.command, self.folder)
        self.seconds[kind].append(seconds)
        self.memory = max(self.memory, memory)

    def summary(self) -> dict:
        medians = {kind: round(statistics.median(all_), 2) for kind, all_ in self.seconds.items() if all_}
        return {**medians, "memory": round(self.memory)}


def peers(rounds: int) -> dict:
    """Each builder's medians on the small site; the CPU seconds of the programs alone."""
    python = str(python_with(ROOT / "requirements-bench.txt"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ours = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
        timed = {
            OURS: Timed(
                folder / "ours", ours, ["snippets/bench/p0000.py"], lambda to: projects.ours(to, PROGRAMS, PAGES)
            ),
            # what our machinery gives MkDocs, without it: pages with their figures, and nothing that runs
            PLAIN: Timed(
                folder / "plain", [sys.executable, BOTH, "mkdocs", "zh.yml", "en.yml"], [],
                lambda to: projects.plain(to, folder / "ours"),
            ),
        }  # fmt: skip
        for name, (make, what, file) in PEERS.items():
            files = [file.format(lang=lang) for lang in projects.LANGS]
            timed[name] = Timed(
                folder / name, [python, BOTH, *what], files, lambda to, make=make: make(to, PROGRAMS, PAGES)
            )
        for number in range(rounds):
            for name, one in timed.items():
                one.round(number)
                print(name, {kind: round(all_[-1], 2) for kind, all_ in one.seconds.items() if all_}, flush=True)
        summaries = {name: one.summary() for name, one in timed.items()}
        locked = (ROOT / "requirements-bench.txt").read_text(encoding="utf-8")
        for name in PEERS:
            summaries[name]["version"] = re.search(rf"^{name}==([\w.]+)", locked, re.M)[1]
        summaries[PLAIN]["version"] = importlib.metadata.version("mkdocs")
        return {"rounds": rounds, "programs": PROGRAMS, "pages": PAGES, "cpu": cpu_seconds(), "builders": summaries}


def cpu_seconds() -> float:
    """The CPU seconds of all programs of the small site in both languages, figures saved, each alone in a process."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.backends.backend_svg
    import matplotlib.pyplot  # noqa: F401

    total = 0.0
    for number in range(PROGRAMS):
        for lang in projects.LANGS:
            text = projects.source(number, lang) + "import io; plt.savefig(io.StringIO(), format='svg')\n"
            pid = os.fork()
            if pid == 0:
                with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
                    exec(compile(text, "program", "exec"), {"__name__": "program"})
                os._exit(0)
            _, status, usage = os.wait4(pid, 0)
            if status:
                sys.exit(f"program {number} failed")
            total += usage.ru_utime + usage.ru_stime
    return round(total, 2)


def copy_of_the_site(folder: Path) -> Path:
    project = folder / "site"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(project)], check=True)
    os.symlink(ROOT / "node_modules", project / "node_modules")
    return project


SNIPPET, LINE = "snippets/rnn/scalar_chain.py", "import numpy as np\n"  # of the real site, the program that is edited


def site(rounds: int) -> dict:
    """The real site's seconds: from nothing, unchanged, one program edited; plain MkDocs on the same pages."""
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    with tempfile.TemporaryDirectory() as temporary:
        project = copy_of_the_site(Path(temporary))
        cold, memory = run(build, project)
        projects.plain(Path(temporary) / "plain", project)
        seconds: dict[str, list[float]] = {"warm": [], "edit": [], PLAIN: []}
        for number in range(rounds):
            seconds["warm"].append(run(build, project)[0])
            seconds[PLAIN].append(
                run([sys.executable, BOTH, "mkdocs", "zh.yml", "en.yml"], Path(temporary) / "plain")[0]
            )
            edit([project / SNIPPET], LINE, f"{LINE}\nrun_number = {number}\n")
            seconds["edit"].append(run(build, project)[0])
        medians = {kind: round(statistics.median(all_), 1) for kind, all_ in seconds.items()}
        return {"cold": round(cold, 1), **medians, "memory": round(memory), "cpu": _cpu_of(project)}


def _cpu_of(project: Path) -> float:
    """The seconds of all the site's programs, as they were measured when they ran."""
    from sitebuild.programs import results
    from sitebuild.sources.project import Project, load

    of = Project(project)
    sources = load(of)
    programs = [*sources.snippets.values(), *(lab.program for lab in sources.labs.values())]
    known, _ = results.known(programs, projects.LANGS, of.cache)
    return round(sum(result.seconds for result in known.values()), 1)


def previewed(rounds: int) -> dict:
    """Seconds until the preview of the real site shows an edited sentence, and an edited program less its own run."""
    with tempfile.TemporaryDirectory() as temporary:
        project = copy_of_the_site(Path(temporary))
        run([sys.executable, "-m", "mkdocs", "build", "--quiet"], project)
        sentences, programs = [], []
        with preview.serving(project) as home:
            page, address = project / "docs/zh/rnn/chain-rule.md", f"{home}rnn/chain-rule/"
            heading = next(line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("## "))
            program, before = project / SNIPPET, LINE
            last = f"{heading}\n"
            for number in range(rounds):
                last, old = f"{heading}\n\n第 {number} 次改动。\n", last
                sentences.append(preview.seen_after(page, old, last, address, f"第 {number} 次改动。"))
                after = f"{LINE}\nrun_number = 9000{number}\n"
                known = _results(project)
                seconds = preview.seen_after(program, before, after, address, f"9000{number}")
                before = after
                runs = _results(project)
                programs.append(seconds - max(runs[name] for name in runs.keys() - known.keys()))
        return {
            "sentence": round(statistics.median(sentences), 2), "slowest_sentence": round(max(sentences), 2),
            "program": round(statistics.median(programs), 2), "slowest_program": round(max(programs), 2),
        }  # fmt: skip


def _results(project: Path) -> dict[str, float]:
    """The seconds of every program's run that the project's cache holds."""
    entries = (project / ".cache/sitebuild/programs").glob("*.json")
    return {file.name: json.loads(file.read_bytes().rpartition(b"\n# sha256 ")[0])["seconds"] for file in entries}


def growth(_: int) -> list[dict]:
    """Our machinery, and plain MkDocs on its pages, as the site grows."""
    found = []
    for programs, pages in SIZES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            projects.ours(folder / "ours", programs, pages, pruned=True)
            build = ["mkdocs", "build", "--quiet"]
            measured = {"cold": run_alone(build, folder / "ours"), "warm": run_alone(build, folder / "ours")}
            projects.plain(folder / "plain", folder / "ours")
            measured[PLAIN] = run_alone([BOTH, "mkdocs", "zh.yml", "en.yml"], folder / "plain")
            found.append(
                {
                    "programs": programs, "pages": pages,
                    **{kind: round(seconds, 2) for kind, (seconds, _) in measured.items()},
                    "memory": {kind: round(memory) for kind, (_, memory) in measured.items()},
                }
            )  # fmt: skip
            print(found[-1], flush=True)
    return found


def budgets(told: dict) -> list[tuple[str, float, float]]:
    """(what, measured, at most) of all that the parts which were measured promise."""
    out = []
    if "peers" in told:
        by = told["peers"]["builders"]
        ours, plain = by[OURS], by[PLAIN]["warm"]
        bound = plain + told["peers"]["cpu"] / told["machine"]["cores"]
        out += [
            ("from nothing, s, against 0.85 of markdown-exec", ours["cold"], 0.85 * by["markdown-exec"]["cold"]),
            ("from nothing, s, against 1.15 of plain MkDocs and the programs on all cores", ours["cold"], 1.15 * bound),
            ("unchanged, s, against 1.15 of plain MkDocs", ours["warm"], 1.15 * plain),
            ("one edit, s, against plain MkDocs and 0.6", ours["edit"], plain + 0.6),
        ]
    if "preview" in told:
        out += [
            ("preview of a sentence, the slowest, s", told["preview"]["slowest_sentence"], 1.0),
            ("preview of a program less its run, the slowest, s", told["preview"]["slowest_program"], 1.5),
        ]
    if "growth" in told:
        first, last = told["growth"][0], told["growth"][-1]
        before = told["growth"][-2]
        slope = (last["warm"] - first["warm"]) / (last["pages"] - first["pages"])
        slope_before = (before["warm"] - first["warm"]) / (before["pages"] - first["pages"])
        out += [
            (
                f"from nothing, s a program, {last['programs']} against {first['programs']}",
                last["cold"] / last["programs"], first["cold"] / first["programs"],
            ),
            *(
                (f"memory of the parent, {kind}, MB, against 1.4 of {first['programs']} programs",
                 last["memory"][kind], 1.4 * first["memory"][kind])
                for kind in ("cold", "warm")
            ),
            (f"unchanged, s a page more, to {last['pages']}, 1.2 of to {before['pages']}", slope, 1.2 * slope_before),
        ]  # fmt: skip
    return out


def machine() -> dict:
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cores": os.cpu_count(), "processor": (names or [platform.processor()])[0], "system": platform.system(),
        "python": platform.python_version(),
    }  # fmt: skip


PARTS = {"peers": peers, "site": site, "preview": previewed, "growth": growth}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    file = RESULTS / "building.json"
    told = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    told |= {"date": datetime.date.today().isoformat(), "machine": machine()}
    for part in options.parts:
        told[part] = PARTS[part](options.rounds)
        print(part, json.dumps(told[part], indent=1))
        RESULTS.mkdir(exist_ok=True)
        file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    tables.write()
    missed = 0
    for what, measured, most in budgets(told):
        missed += measured > most
        print(f"{'over  ' if measured > most else 'within'} {measured:7.3f} (at most {most:.3f})  {what}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())

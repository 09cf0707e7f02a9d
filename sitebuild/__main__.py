"""Commands for authors:

python -m sitebuild check [--no-run]                say all that is wrong with the sources, without building the site
python -m sitebuild run rnn/spectral [--lang zh]   run one snippet as the build would; show what came out
python -m sitebuild stage OUT                      write finished Markdown that any MkDocs can build
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path

from sitebuild import LANGS
from sitebuild.base.problems import Problem, SiteError, shown
from sitebuild.base.progress import report
from sitebuild.programs import runner
from sitebuild.sources import settings, snippet
from sitebuild.sources.project import Project
from sitebuild.stage import stage


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 1 if anything is wrong with the sources."""
    parser = argparse.ArgumentParser(prog="sitebuild", description="Turn snippets and prose into pages.")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the project (default: this folder)")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="say all that is wrong with the sources, without building the site")
    checking.add_argument("--no-run", action="store_true", help="run no program, not even those that changed")
    run = commands.add_parser("run", help="run one snippet as the build would")
    run.add_argument("snippet", help="its name: rnn/spectral, or snippets/rnn/spectral.py")
    run.add_argument("--lang", choices=LANGS, default="en")
    run.add_argument("--out", type=Path, help="where to put the figures (default: .cache/figures)")
    staging = commands.add_parser("stage", help="write finished Markdown for a builder without our plugin")
    staging.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a console may not know ² or Chinese
    root = options.root.resolve()
    try:
        project = Project(root, **settings.of_plugin(root)) if (root / "mkdocs.yml").is_file() else Project(root)
        if options.command == "run":
            _run(project, options.snippet, options.lang, options.out)
        elif options.command == "check":
            _check(project, not options.no_run)
        else:
            home = settings.address(os.environ.get("SITE_URL", "http://127.0.0.1:8000/"))
            stage(project, options.out.resolve(), report, home, os.environ.get("REPOSITORY_URL", ""))
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _check(project: Project, run: bool) -> None:
    from sitebuild.check import check

    problems, waiting = check(project, run=run, report=report)
    for name in waiting:
        print(f"snippets/{name}.py changed and was not run: `make site` runs it")
    if problems:
        print(f"sources: {len(problems)} to mend")
        raise SiteError(problems)
    print("sources: nothing wrong")


def _run(project: Project, named: str, lang: str, out: Path | None) -> None:
    name = named.removeprefix("./").removeprefix("snippets/").removesuffix(".py")
    file = project.snippets / f"{name}.py"
    path = shown(file, project.root)
    if not file.is_file():
        raise SiteError(Problem(path, 0, "there is no such snippet"))
    program = snippet.read(file, name, path, project.seconds)
    result = runner.run([program], [lang], project.cache)[name, lang]
    print(result.stdout, end="")
    for value, content in result.values.items():
        whole = repr(content)
        print(f"  {value} = {whole if len(whole) <= 100 else whole[:99] + '…'}")
    folder = out or project.root / ".cache" / "figures"
    for number, figure in enumerate(result.figures):
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{name.replace('/', '-')}.{lang}{f'.{number}' if number else ''}.svg"
        # outside a page nothing sets a background, and black on a dark viewer would be lost
        target.write_text(figure.svg.replace("<svg ", '<svg style="background:#fff" ', 1), encoding="utf-8")
        print(f"figure {figure.label!r}: {shown(target, project.root)}")
    print(f"{result.seconds:.2f} s of at most {program.seconds} s")


if __name__ == "__main__":
    sys.exit(main())

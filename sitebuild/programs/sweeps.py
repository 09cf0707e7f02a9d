"""What the sweeps of bench/sweeps/ found, as values that prose quotes like a program's: {{ sweeps/forget_bias:held }}.

bench/sweep.py writes the files; a build only reads them, since a sweep takes minutes.
"""

from __future__ import annotations

import json
from pathlib import Path

from sitebuild import LANGS
from sitebuild.base import files
from sitebuild.base.problems import Problem, SiteError, shown
from sitebuild.programs.results import Result
from sitebuild.sources.project import SWEEPS


def results(root: Path) -> dict[tuple[str, str], Result]:
    """(name, language) -> what was found. Raises SiteError for a file that holds no results."""
    found, problems = {}, []
    for file in files.listed(root / SWEEPS, ".json"):
        try:
            told = json.loads(files.read(file, shown(file, root)))
            for lang in LANGS:
                found[f"sweeps/{file.stem}", lang] = Result(
                    "", (), told["values"][lang], told["values"][lang]["seconds"]
                )
        except SiteError as error:
            problems += error.problems
        except (KeyError, TypeError, ValueError) as error:
            problems.append(Problem(shown(file, root), 0, f"holds no results ({error}): `make sweeps` writes it"))
    if problems:
        raise SiteError(problems)
    return found

"""What is wrong with a source file, said so that its author finds the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: the file (relative to the project), the line (1-based; 0: the file as a whole), the reason.

    `detail` holds further lines, such as a traceback.
    """

    path: str
    line: int
    reason: str
    detail: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        tail = "".join(f"\n    {line}" for line in self.detail.splitlines())
        return f"{place}: {self.reason}{tail}"


class SiteError(Exception):
    """The site cannot be built. `problems` lists all that is known to be wrong, in order."""

    def __init__(self, problems: Problem | Iterable[Problem]):
        self.problems = [problems] if isinstance(problems, Problem) else sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@contextmanager
def collected(problems: list[Problem]) -> Iterator[None]:
    """Instead of the SiteError that ends what stands inside: its problems, added to the others."""
    try:
        yield
    except SiteError as error:
        problems += error.problems


def shown(path: Path, root: Path) -> str:
    """`path` as a message should name it: relative to the project where it lies inside."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return str(path)

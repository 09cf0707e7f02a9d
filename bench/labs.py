"""The seconds each lab takes on one core, against its budget. `make bench` runs it.

Each lab runs alone, in a fresh process, uncached. Exits with 1 if one is over its budget.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sitebuild.programs import runner  # noqa: E402
from sitebuild.sources.project import Project, load  # noqa: E402

SECONDS = 60
SECONDS_OF = {"labs/sequential_digits": 90}


def main():
    over = False
    for name, lab in load(Project(ROOT)).labs.items():
        with tempfile.TemporaryDirectory() as cache:
            result = runner.run([lab.program], ["en"], Path(cache), workers=1)[name, "en"]
        budget = SECONDS_OF.get(name, SECONDS)
        over |= result.seconds > budget
        print(f"{name:24} {result.seconds:5.1f} s (budget {budget} s)")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())

"""Run a module as `python -m` does, or a script, and write the peak memory of this process alone, in MB, to a file.

    python bench/peak.py FILE MODULE-OR-SCRIPT ARGUMENTS…

What the system tells of a process that has ended (ru_maxrss) counts its children, and on Linux who started it, too.
"""

import atexit
import re
import resource
import runpy
import sys
from pathlib import Path


def peak() -> float:
    """The most memory that this process has held, in MB."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.search(r"^VmHWM:\s*(\d+) kB$", status.read_text(), re.M)[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # macOS counts bytes


def main() -> None:
    file, what = Path(sys.argv[1]).resolve(), sys.argv[2]
    atexit.register(lambda: file.write_text(f"{peak():.1f}", encoding="utf-8"))
    sys.argv = sys.argv[2:]
    if what.endswith(".py"):
        runpy.run_path(what, run_name="__main__")
    else:
        runpy.run_module(what, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

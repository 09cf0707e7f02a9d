"""Two builds of the same commit are the same, byte for byte: from two clones in two folders, cold and warm.

What is quick to say, of a small project, stands in tests/adapter/test_faults.py and tests/finish/test_offline_zip.py; here it is the site.
"""

import os
import subprocess
import sys

import pytest
import scratch
from conftest import ROOT


def build(folder):
    environment = {
        **os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": "https://example.org/lstm/",
        "SOURCE_DATE_EPOCH": "1700000000",
    }  # fmt: skip
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return scratch.contents(folder / "site"), done.stderr


@pytest.mark.weekly
def test_two_clones_give_the_same_bytes_and_a_warm_build_those_of_a_cold_one(tmp_path):
    sites = []
    for name in ("one", "another/deeper"):
        folder = tmp_path / name / "project"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
        os.symlink(ROOT / "node_modules", folder / "node_modules")
        site, said = build(folder)
        assert "ran" in said, "an empty cache: every program runs"
        sites.append(site)
    warm, said = build(tmp_path / "one/project")
    assert said == "", "nothing runs"
    for other in (sites[1], warm):
        assert list(other) == list(sites[0])
        assert [path for path, data in other.items() if data != sites[0][path]] == []
    assert len(warm) > 300

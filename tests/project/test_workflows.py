"""The workflows are valid, safe by zizmor's rules, and name only what is there."""

import re

import pytest
import yaml
from conftest import ROOT
from environments import tool

GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
SCHEMAS = {
    **{file: "vendor.github-workflows" for file in WORKFLOWS},
    GITHUB / "dependabot.yml": "vendor.dependabot",
    **{file: "vendor.github-issue-forms" for file in GITHUB.glob("ISSUE_TEMPLATE/[0-9]*.yml")},
    GITHUB / "ISSUE_TEMPLATE/config.yml": "vendor.github-issue-config",
    ROOT / "CITATION.cff": "vendor.citation-file-format",
}


def zizmor(folder):
    return tool("zizmor", "--offline", "--no-progress", "--persona=pedantic", "--format=plain", folder)


def schema(name, file):
    return tool("check-jsonschema", "--builtin-schema", name, file)


def read(file):
    """A workflow as data; YAML 1.1 reads the key `on` as true."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def steps(file):
    return [step for job in read(file)["jobs"].values() for step in job["steps"]]


def test_zizmor_finds_nothing():
    done = zizmor(GITHUB)
    assert done.returncode == 0, done.stdout + done.stderr
    for file in [*WORKFLOWS, GITHUB / "dependabot.yml"]:
        assert f"completed {file}" in done.stderr, "every file was looked at"


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_each_file_fits_its_schema(file):
    done = schema(SCHEMAS[file], file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_job_ends_in_time():
    for file in WORKFLOWS:
        assert schema("custom.github-workflows-require-timeout", file).returncode == 0, file


def test_an_action_is_pinned_to_one_commit_everywhere_and_says_its_version():
    pinned = {}
    for file in WORKFLOWS:
        for action, commit, said in re.findall(r"uses: (\S+?)@(\S+)(.*)", file.read_text(encoding="utf-8")):
            assert re.fullmatch(r"[0-9a-f]{40}", commit) and re.fullmatch(r" # v\d+\.\d+\.\d+", said), (file, action)
            assert pinned.setdefault(action, commit + said) == commit + said, f"{action} at two commits"
    assert len(pinned) >= 5


def test_workflows_call_targets_of_the_makefile():
    targets = set(re.findall(r"^([\w-]+)%?:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    called = set()
    for file in WORKFLOWS:
        called |= {m for step in steps(file) for m in re.findall(r"\bmake ([\w-]+)", step.get("run", ""))}
    called |= set(read(GITHUB / "workflows/weekly.yml")["jobs"]["long"]["strategy"]["matrix"]["target"])
    assert {"test", "site", "audit", "bench", "torch"} <= called <= targets


def test_the_weekly_build_starts_from_nothing():
    jobs = read(GITHUB / "workflows/weekly.yml")["jobs"]
    assert not any("actions/cache" in step.get("uses", "") for step in jobs["cold"]["steps"])
    assert jobs["cold"]["steps"][-1]["run"] == "make site"


def test_programs_run_on_three_systems_and_every_python_that_is_promised():
    jobs = read(GITHUB / "workflows/test.yml")["jobs"]
    lowest = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[1]
    versions = [f"3.{minor}" for minor in range(int(lowest), 15)]
    assert jobs["test"]["strategy"]["matrix"]["python"] == jobs["programs"]["strategy"]["matrix"]["python"] == versions
    systems = [jobs["test"]["runs-on"], *jobs["programs"]["strategy"]["matrix"]["system"]]
    assert [system.split("-")[0] for system in systems] == ["ubuntu", "macos", "windows"]


def test_all_tests_of_numbers_run_on_the_other_systems():
    """They run programs and look at their values, but build no site and open no browser."""
    ran = " ".join(step.get("run", "") for step in read(GITHUB / "workflows/test.yml")["jobs"]["programs"]["steps"])
    assert re.findall(r"tests/\S+", ran) == ["tests/numerics"]
    numeric = {file for file in (ROOT / "tests").rglob("test_*.py") if "numerics" in file.parts}
    assert len(numeric) >= 6
    for file in numeric:
        assert not re.search(r"\b(site|pages|tab|chromium|tmp_path)[,)]", file.read_text(encoding="utf-8")), file

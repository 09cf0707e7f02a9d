"""Settings with which parts of the site would not work are refused before anything runs; what is harmless works."""

import os
import subprocess
import sys

import pytest
import scratch

from sitebuild.base.problems import SiteError
from sitebuild.sources import settings


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return scratch.make(tmp_path_factory.mktemp("settings"))


@pytest.mark.parametrize(
    "arguments, environment, said",
    [
        (["-t", "mkdocs"], {}, "theme: the pages are made for material, not for mkdocs"),
        (["--no-directory-urls"], {}, "use_directory_urls: is false: links of labs"),
        ([], {"SITE_URL": "https://example.org/?a=1"}, "site_url: is not the site's address"),
        ([], {"SITE_URL": "https://example.org/#top"}, "site_url: is not the site's address"),
    ],
)
def test_a_setting_that_would_break_links_is_refused(project, arguments, environment, said):
    done = scratch.build(project, *arguments, **environment)
    assert done.returncode == 1 and said in done.stdout + done.stderr, done.stdout + done.stderr
    assert "Traceback" not in done.stderr and "ran" not in done.stderr and not (project / "site").exists()


@pytest.mark.parametrize(
    "said, address",
    [("https://example.org/lstm", "https://example.org/lstm/"), ("http://localhost:8000//", "http://localhost:8000/")],
)
def test_an_address_ends_in_a_slash(said, address):
    assert settings.address(said) == address


@pytest.mark.parametrize("said", ["", "example.org/lstm", "ftp://example.org/", "https:///x", "https://example.org/?"])
def test_what_is_no_address_of_a_site(said):
    with pytest.raises(SiteError, match="^site_url: "):
        settings.address(said)


def test_a_dirty_build_builds(project):
    """MkDocs warns of it, and a warning of MkDocs stops a build."""
    done = scratch.build(project, "--dirty")
    assert done.returncode == 0 and (project / "site/en/index.html").is_file(), done.stdout + done.stderr


def test_a_program_is_run_under_a_console_that_knows_ascii_alone(project):
    file = project / "snippets/a/square.py"
    file.write_text('print("x²")\n', encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(scratch.ROOT), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "sitebuild", "run", "a/square"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
    )
    file.unlink()
    assert done.returncode == 0 and done.stdout.startswith("x\\xb2\n"), done.stderr

"""Settings with which parts of the site would not work are refused before anything runs; what is harmless works."""

import pytest
import scratch
from conftest import refused

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


@pytest.mark.parametrize("said", ["", "example.org/lstm", "ftp://example.org/", "https:///x", "https://example.org/?"])
def test_what_is_no_address_of_a_site(said):
    assert settings.address("https://example.org/lstm") == "https://example.org/lstm/"
    assert str(refused(settings.address, said)[0]).startswith("site_url: ")


def test_a_dirty_build_builds(project):
    """MkDocs warns of it, and a warning of MkDocs stops a build."""
    done = scratch.build(project, "--dirty")
    assert done.returncode == 0 and (project / "site/en/index.html").is_file(), done.stdout + done.stderr


def test_a_program_is_run_under_a_console_that_knows_ascii_alone(project, monkeypatch):
    file = project / "snippets/a/square.py"
    file.write_text('print("x²")\n', encoding="utf-8")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = scratch.run("sitebuild", "run", "a/square", cwd=project)
    file.unlink()
    assert done.returncode == 0 and done.stdout.startswith("x\\xb2\n"), done.stderr

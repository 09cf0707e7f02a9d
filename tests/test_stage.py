"""What `python -m sitebuild stage` writes builds without our plugin, and the commands for authors work."""

import re

import pytest
import scratch
from conftest import ROOT
from pymdownx.slugs import slugify
from scratch import run

from sitebuild.pages.jupyter_page import tidy


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """The real project, staged and built by plain MkDocs."""
    out = tmp_path_factory.mktemp("staged")
    done = run("sitebuild", "stage", str(out))
    assert done.returncode == 0, done.stderr
    for lang in ("zh", "en"):
        built = run("mkdocs", "build", "--quiet", "--strict", "-f", str(out / f"{lang}.yml"), cwd=out)
        assert built.returncode == 0, built.stdout + built.stderr
    return out


def test_the_staged_site_is_the_site(staged, site):
    for file in sorted(site.rglob("index.html")):
        theirs = (staged / "site" / file.relative_to(site)).read_text(encoding="utf-8")
        ours = file.read_text(encoding="utf-8")
        articles = [re.search(r"<article.*</article>", text, re.S)[0] for text in (ours, theirs)]
        if (
            ROOT / f"snippets/labs/{file.parent.name}.py"
        ).is_file():  # mkdocs-jupyter's page as it is, but for what the hook takes away
            articles[1] = tidy(articles[1], slugify(case="lower"))[0]
        # the line breaks of the theme's templates are left out by our build alone
        articles = [re.sub(r"\s*\n\s*", "\n", article) for article in articles]
        assert articles[0] == articles[1], file


@pytest.mark.parametrize("lang, label", [("zh", "时间步"), ("en", "time step")])
def test_run_shows_output_values_and_figure(lang, label, tmp_path):
    done = run("sitebuild", "run", "snippets/lstm/gates.py", "--lang", lang, "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "written at 5: +0.6781" in done.stdout and "drift = 0.0" in done.stdout
    (figure,) = tmp_path.glob("*.svg")
    assert label in figure.read_text(encoding="utf-8")
    done = run("sitebuild", "run", "snippets/lstm/gates.py", "--lang", lang)
    assert f".cache/figures/lstm-gates.{lang}.svg" in done.stdout, "where nobody says where"


def test_run_names_a_snippet_that_is_not_there():
    done = run("sitebuild", "run", "rnn/none")
    assert done.returncode == 1 and done.stderr == "snippets/rnn/none.py: there is no such snippet\n"


def test_stage_stops_at_bad_input_and_writes_nothing(tmp_path):
    project = scratch.make(tmp_path / "project")
    scratch.edit(project / "docs/en/index.md", "a/halve:last", "a/halve:lost")
    done = run("sitebuild", "stage", str(tmp_path / "out"), cwd=project)
    assert done.returncode == 1 and "quoted values differ" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_build_says_what_it_runs_and_is_quiet_when_nothing_runs(tmp_path):
    project = scratch.make(tmp_path / "project")
    first, second = scratch.build(project), scratch.build(project)
    assert first.returncode == second.returncode == 0
    assert re.search(r"ran +1/2 +a/halve \[(zh|en)\] +\d+\.\d s", first.stderr) and "2/2" in first.stderr
    assert second.stderr == "" and second.stdout == ""


@pytest.mark.parametrize("lang, name", [("en", "story.svg"), ("zh", "story.zh.svg")])
def test_the_readmes_picture_is_what_the_program_draws(lang, name, tmp_path):
    """Refresh: python -m sitebuild run home/story --lang LANG --out DIR, and copy the figure to docs/NAME."""
    assert run("sitebuild", "run", "home/story", "--lang", lang, "--out", str(tmp_path)).returncode == 0
    (figure,) = tmp_path.glob("*.svg")
    assert figure.read_text(encoding="utf-8") == (ROOT / "docs" / name).read_text(encoding="utf-8")

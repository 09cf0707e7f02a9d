"""Whatever is wrong with a source stops `mkdocs build`: exit code 1, file, line and reason, the old site untouched."""

import pytest
import scratch
from broken import CASES, CODE, append


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A scratch project whose site stands."""
    folder = scratch.make(tmp_path_factory.mktemp("project"))
    built = scratch.build(folder)
    assert built.returncode == 0, built.stderr
    assert (folder / "site/en/more/index.html").is_file()
    return folder


def check(folder, change, expected):
    """Apply `change`, build, compare; then put every source back."""
    site = scratch.contents(folder / "site")
    with scratch.kept(folder):
        change(folder)
        built = scratch.build(folder)
        said = built.stdout + built.stderr
        assert built.returncode == 1, said
        for part in expected:
            assert part in said, said
        assert "Traceback" not in said.replace("Traceback (most recent call last):\n      snippets/", ""), said
        assert scratch.contents(folder / "site") == site, "the site that stands must stay as it was"
        assert sorted(p.name for p in folder.glob(".site*")) == [], "nothing half-built may stay behind"


# Every case each time, within seconds: tests/test_check.py. That a build stops in the same words: one case of each of its
# steps, and all of them weekly.
OFTEN = {
    "two questions of one name", "a snippet that raises", "a snippet that eats memory", "a missing glyph", "a comment without twin",
    "a diagram without its equation", "a page that quotes no value", "a page in Chinese only", "equations that differ",
    "a formula KaTeX refuses", "a dead anchor", "a page outside the navigation",
}  # fmt: skip


@pytest.mark.parametrize("case", [pytest.param(c, marks=() if c in OFTEN else pytest.mark.weekly) for c in CASES])
def test_bad_input_stops_the_build_and_keeps_the_site(case, project):
    change, expected = CASES[case]
    check(project, change, expected)


def test_a_snippet_that_never_ends(project, monkeypatch):
    """In time: the limit is lowered for this test by the environment, as nobody wants to wait 30 s."""
    monkeypatch.setenv("SITEBUILD_SECONDS", "2")
    check(project, append(CODE, "while True:\n    last = 0\n"), [f"{CODE}:1", "does not end within 2 s"])


def test_a_site_without_an_address_is_not_built(project):
    built = scratch.build(project, SITE_URL="")
    said = built.stdout + built.stderr
    assert built.returncode == 1 and "site_url: is not the site's address" in said and "Traceback" not in said

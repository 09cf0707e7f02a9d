"""What is said of the sources and of a build names its place, and is in the author's words."""

import io
import logging

import pytest
import scratch

from sitebuild.adapter.warnings import Collector
from sitebuild.base.problems import Problem


def test_a_problem_is_told_with_its_place_and_its_details_below():
    assert str(Problem("a.md", 3, "wrong")) == "a.md:3: wrong"
    assert str(Problem("a.md", 0, "wrong", "one\ntwo")) == "a.md: wrong\n    one\n    two"


# -- MkDocs's warnings -------------------------------------------------------------------------------------


@pytest.fixture
def heard(tmp_path):
    """A logger that is quiet, what it shows, and the collector that listens."""
    page = '# A\n\n[x](none.md)\n\n[y]: gone.md\n<a href="far.md">\n'
    scratch.write(tmp_path, {"docs/en/a.md": page})
    collector, logger, shown = Collector(tmp_path), logging.Logger("mkdocs of a test"), io.StringIO()
    logger.addHandler(logging.StreamHandler(shown))
    logger.setLevel(logging.ERROR)  # as --quiet sets it
    collector.docs = tmp_path / "docs/en"
    collector.attach(logger)
    yield logger, shown, collector
    logger.handlers.clear()


@pytest.mark.parametrize(
    "message, problem",
    [
        ("Doc file 'a.md' contains a link 'none.md', but it is not found.", "docs/en/a.md:3: dead link 'none.md': but it is not found."),
        ("Doc file 'a.md' contains an absolute link 'gone.md', it was left as is.", "docs/en/a.md:5: dead link 'gone.md': it was left as is."),
        ("Doc file 'a.md' contains an unrecognized relative link 'far.md', it was left as is.", "docs/en/a.md:6: dead link 'far.md': it was left as is."),
        ("Doc file 'a.md' contains a link 'far.md', x\ny", "docs/en/a.md:6: dead link 'far.md': x\ny"),
        ("Doc file 'b.md' contains a link 'x.md', no", "docs/en/b.md: dead link 'x.md': no"),
        ("The following pages exist: new.md", "mkdocs.yml: The following pages exist: new.md"),
    ],
)  # fmt: skip
def test_a_warning_becomes_a_problem_with_its_line(message, problem, heard):
    """The messages are those of mkdocs/structure/pages.py."""
    logger, _, collector = heard
    logger.info("not a warning")
    logger.warning(message)
    assert [str(told) for told in collector.problems] == [problem]


def test_warnings_are_heard_under_quiet_and_muted_for_everyone_else(heard):
    logger, shown, collector = heard
    logger.warning("one")
    logger.error("two")
    assert [problem.reason for problem in collector.problems] == ["one", "two"] and shown.getvalue() == "two\n"

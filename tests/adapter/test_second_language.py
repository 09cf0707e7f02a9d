"""Work in a copy of the process (sitebuild/adapter/second_language.py): what comes back, what is logged, and that it ends."""

import logging
import os

import pytest
from mkdocs.exceptions import Abort

from sitebuild.adapter import second_language

pytestmark = pytest.mark.skipif(
    not second_language.POSSIBLE, reason="processes are copied on Linux only: elsewhere one waits"
)
LOG = logging.getLogger("tests.twin")


def test_what_the_work_returned_comes_back_and_what_it_changed_does_not():
    known = {"here": 1}

    def work():
        known["here"] += 1
        return known, os.getpid()

    returned, pid = second_language.Twin(work, LOG).result()
    assert returned == {"here": 2} and known == {"here": 1} and pid != os.getpid()


def test_its_messages_are_logged_here_in_order_and_only_when_it_is_done(caplog):
    def work():
        logging.getLogger("tests.twin.deeper").info("one %s", "page")
        LOG.warning("two")
        try:
            raise ValueError("why")
        except ValueError:
            LOG.exception("three")

    with caplog.at_level(logging.INFO, "tests.twin"):
        started = second_language.Twin(work, LOG)
        started.process.join()
        assert caplog.records == []
        started.result()
    said = [(record.levelname, record.getMessage().split("\n")[0]) for record in caplog.records]
    assert said == [("INFO", "one page"), ("WARNING", "two"), ("ERROR", "three")] and "ValueError: why" in caplog.text


def test_an_error_comes_back_with_its_traceback_and_a_death_is_told():
    def work():
        raise Abort("the site was left as it was")

    with pytest.raises(Abort, match="^the site was left as it was") as caught:
        second_language.Twin(work, LOG).result()
    assert "in work" in "".join(caught.value.__notes__)
    with pytest.raises(RuntimeError, match=r"died \(exit code 7\)"):
        second_language.Twin(lambda: os._exit(7), LOG).result()

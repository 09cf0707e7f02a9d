"""Work in a copy of the process (sitebuild/adapter/second_language.py): what comes back, what is logged, and that it ends."""

import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "one page"), ("WARNING", "two"), ("ERROR", "three"),
    ]  # fmt: skip
    assert "ValueError: why" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.ERROR, "tests.twin"):
        second_language.Twin(lambda: LOG.setLevel(logging.INFO) or LOG.info("quiet"), LOG).result()
    assert caplog.records == [], "what is muted here stays so"


def test_an_error_comes_back_as_itself_with_its_traceback():
    def work():
        raise Abort("the site was left as it was")

    with pytest.raises(Abort) as caught:
        second_language.Twin(work, LOG).result()
    assert str(caught.value) == "the site was left as it was" and "in work" in "".join(caught.value.__notes__)


def test_a_process_that_died_is_told():
    with pytest.raises(RuntimeError, match=r"died \(exit code 7\)"):
        second_language.Twin(lambda: os._exit(7), LOG).result()


def test_ctrl_c_is_for_the_process_that_started_it(capfd):
    ready, told = multiprocessing.Pipe()
    started = second_language.Twin(lambda: (told.send("ready"), time.sleep(0.5), "done")[-1], LOG)
    assert ready.recv() == "ready"
    os.kill(started.process.pid, signal.SIGINT)
    assert started.result() == "done" and capfd.readouterr().err == ""


def test_it_ends_with_the_process_that_started_it(tmp_path):
    program = (
        "import logging, pathlib, time\nfrom sitebuild.adapter import second_language as twin\n"
        "def work():\n    file = pathlib.Path('pid')\n    import os\n    file.write_text(str(os.getpid()))\n    time.sleep(60)\n"
        "twin.Twin(work, logging.getLogger('x'))\ntime.sleep(60)\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, env={**os.environ, "PYTHONPATH": root})
    file = tmp_path / "pid"
    until = time.monotonic() + 20
    while not (file.is_file() and file.read_text()):
        assert time.monotonic() < until
        time.sleep(0.05)
    pid = int(file.read_text())
    process.kill()
    process.wait()
    while time.monotonic() < until and alive(pid):
        time.sleep(0.05)
    assert not alive(pid)


def alive(pid):
    """Whether the process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

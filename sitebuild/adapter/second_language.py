"""Does a piece of work in a copy of this process, while this one goes on with another.

The copy starts with all that this process knows, and gives back what the work returned and what it logged.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress

# Windows cannot copy a process, and macOS's own libraries do not survive it.
POSSIBLE = sys.platform == "linux"


class Twin:
    """`work()` in a copy of this process. It ends with this one, and writes nothing to `log` itself."""

    def __init__(self, work: Callable[[], object], log: logging.Logger):
        self.log = log
        context = multiprocessing.get_context("fork")
        self.answer, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=_work, args=(work, log, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def result(self) -> object:
        """What the work returned, as soon as it is done; raises what it raised. Its messages are logged now."""
        try:
            returned, error, records = self.answer.recv()
        except EOFError:
            self.process.join()
            raise RuntimeError(f"a process of the build died (exit code {self.process.exitcode})") from None
        self.process.join()
        for record in records:
            if self.log.isEnabledFor(record.levelno):
                self.log.handle(record)
        if error:
            raise error
        return returned

    def stop(self) -> None:
        """End the work, whatever it is at."""
        self.process.kill()
        self.process.join()


class _Records(logging.Handler):
    """Keeps messages, in a form that can be sent to another process."""

    def __init__(self):
        super().__init__()
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        record.msg, record.args = record.getMessage(), None
        if record.exc_info:
            record.exc_text, record.exc_info = "".join(traceback.format_exception(*record.exc_info)), None
        self.kept.append(record)


def _work(work: Callable[[], object], log: logging.Logger, connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the process that started it, and so this one
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    records = _Records()
    log.handlers = [records]
    returned = error = None
    try:
        returned = work()
    except Exception as caught:
        error = _sendable(caught)
    with suppress(OSError):  # nobody listens any more
        connection.send((returned, error, records.kept))


def _sendable(error: Exception) -> Exception:
    """The exception with its traceback as a note; its text, if it cannot go to another process."""
    text = "".join(traceback.format_exception(error))
    error.add_note(text)
    try:
        return pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(text)


def _end_with(parent) -> None:
    parent.join()
    os._exit(1)

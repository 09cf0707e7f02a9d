"""Does a piece of work in a copy of this process, while this one goes on with another.

The copy starts with all that this process knows, and gives back what the work returned and what it logged.
"""

from __future__ import annotations

import logging
import multiprocessing
import pickle
import queue
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import QueueHandler

# Windows cannot copy a process, and macOS's own libraries do not survive it.
POSSIBLE = sys.platform == "linux"


class Twin:
    """`work()` in a copy of this process, which writes nothing to `log` itself. No pool of the standard library does
    this: what they are given has to be pickled, and MkDocs's configuration cannot be."""

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


def _work(work: Callable[[], object], log: logging.Logger, connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the process that started it, which ends this one
    records = queue.SimpleQueue()
    log.handlers = [QueueHandler(records)]  # it makes of each message one that can be sent
    returned = error = None
    try:
        returned = work()
    except Exception as caught:
        error = _sendable(caught)
    with suppress(OSError):  # nobody listens any more
        connection.send((returned, error, [records.get() for _ in range(records.qsize())]))


def _sendable(error: Exception) -> Exception:
    """The exception with its traceback as a note; its text, if it cannot go to another process."""
    text = "".join(traceback.format_exception(error))
    error.add_note(text)
    try:
        return pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(text)

"""How soon an edit is seen in `mkdocs serve`: seconds from writing the file to the page that shows it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 120  # seconds


@contextlib.contextmanager
def serving(project: Path, said: Path | None = None) -> Iterator[str]:
    """`mkdocs serve` of the project while this lasts: the address of its first page. What it says goes to `said`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", address]
    environment = {**os.environ, "SITE_URL": f"http://{address}/", "NO_MKDOCS_2_WARNING": "1"}
    with open(said or os.devnull, "w") as log:
        server = subprocess.Popen(command, cwd=project, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://{address}/", "<html")
            time.sleep(1)  # the watch over the files begins a moment after the server answers
            yield f"http://{address}/"
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str, text: str) -> float:
    """Seconds until the page at `address` holds `text`. Raises TimeoutError."""
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        with contextlib.suppress(OSError), urllib.request.urlopen(address) as answer:
            if text in answer.read().decode("utf-8"):
                return time.monotonic() - started
        time.sleep(0.01)
    raise TimeoutError(f"{address} does not show {text!r}")


def seen_after(file: Path, old: str, new: str, address: str, shown: str) -> float:
    """Seconds until `address` shows `shown`, once `old` has been replaced by `new` in `file`."""
    text = file.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times in {file}")
    file.write_text(text.replace(old, new), encoding="utf-8")
    return wait_for(address, shown)

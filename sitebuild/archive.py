"""Zip files that are the same, byte for byte, whenever they are made from the same contents."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can name


def write(file: Path, contents: Mapping[str, bytes]) -> None:
    """Write `contents`, by path inside the zip, to `file`: sorted, each dated 1980, readable by everyone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path, DATE)
            entry.create_system = 3  # Unix, wherever it is built: the permissions below are read that way
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, contents[path], zipfile.ZIP_DEFLATED)

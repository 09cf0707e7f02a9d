"""Zip files that are the same, byte for byte, whenever they are made from the same contents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can name


def packed(contents: Mapping[str, bytes]) -> bytes:
    """The zip of `contents`, by path inside it: sorted, each dated 1980, readable by everyone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path, DATE)
            entry.create_system = 3  # Unix, wherever it is built: the permissions below are read that way
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, contents[path], zipfile.ZIP_DEFLATED)
    return out.getvalue()

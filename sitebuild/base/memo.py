"""What functions said of a text, remembered: by the preview for all pages, by a build for the last few.

A build meets a page several times in a row and then no more; kept for all, the texts would fill the memory.
"""

from __future__ import annotations

import functools

FEW, MANY = 16, 4096
lasting = False  # set by the preview, before it builds for the first time


def remembered(function):
    """Like functools.lru_cache, for pure functions of a page's or a program's text."""
    few, everything = functools.lru_cache(FEW)(function), functools.lru_cache(MANY)(function)

    @functools.wraps(function)
    def ask(*arguments, **options):
        return (everything if lasting else few)(*arguments, **options)

    return ask

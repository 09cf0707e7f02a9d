"""What the theme gets wrong, put right in its finished HTML and script. Pure functions on text."""

from __future__ import annotations

import re

from sitebuild.base.problems import Problem, SiteError
from sitebuild.base.words import Words


def mend(page: str, words: Words) -> str:
    """A page of the theme without the faults that axe and html-validate find in it."""
    search, contents = words["theme.search"], words["theme.contents"]
    for old, new in (
        (' role="dialog">', f' role="dialog" aria-label="{search}">'),  # the search has no name
        (' data-md-component="source"', ""),  # with it, the script asks another host how many stars there are
        (' tabindex=""', ""),  # not a number
        ('type="checkbox" id="__drawer" autocomplete="off"', 'type="checkbox" id="__drawer"'),  # no effect there
        ('type="checkbox" id="__search" autocomplete="off"', 'type="checkbox" id="__search"'),
    ):
        page = page.replace(old, new)
    # a part of the table of contents, which may be called like a chapter
    return re.sub(r'<nav class="md-nav" aria-label="', rf"\g<0>{contents}", page)


def mend_script(bundle: str) -> str:
    """The theme's script, with each code block's toolbar a plain box: as <nav> all were landmarks of the same name.

    Raises SiteError if the theme does not make that toolbar any more as it did.
    """
    landmark = '"nav",{class:"md-code__nav"'
    if landmark not in bundle:
        reason = "the theme's script does not hold the toolbar of code blocks that is mended here"
        raise SiteError(Problem("sitebuild/finish/theme_fixes.py", 0, reason))
    return bundle.replace(landmark, landmark.replace("nav", "div", 1))

"""Turns snippets and prose into the pages of a bilingual site. One module a step; data moves one way.

snippet  ->  runner (child)  ->  page  ->  formulas  ->  site (staging)  ->  mkdocs_hooks
"""

LANGS = ("zh", "en")

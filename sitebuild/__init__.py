"""Turns bilingual programs and pages into the pages of a site. One room a kind of work; data moves one way.

base  <-  sources  <-  programs  <-  pages  <-  build  <-  adapter, which alone knows MkDocs  ->  finish
"""

LANGS = ("zh", "en")

"""Make the books of the site, EPUB and PDF in both languages: `make books` runs

    PYTHONPATH=tools python -m books STAGED OUT

on what `python -m sitebuild stage STAGED` wrote.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib

from books import chapters, epub, pdf
from sitebuild import LANGS

NAME = "lstm-by-experiment"
ADDRESS = "assets/books/"  # on the site
OFFER = {  # overrides/partials/books.html shows it
    "zh": "做成一本书：{links[pdf]}PDF</a>（{sizes[pdf]}）、{links[epub]}EPUB</a>（{sizes[epub]}），{date}",
    "en": "As a book: {links[pdf]}PDF</a> ({sizes[pdf]}), {links[epub]}EPUB</a> ({sizes[epub]}), {date}",
}
CHINESE = Path("/usr/share/fonts/opentype/noto")  # where Debian and Ubuntu keep Noto Serif and Sans CJK


def make(staged: Path, out: Path) -> None:
    if not list(CHINESE.glob("NotoSerifCJK-*")):
        sys.exit(f"{CHINESE} holds no Noto Serif CJK, in which the books are set: apt-get install fonts-noto-cjk")
    # figures are laid out by the metrics of the second folder's
    fonts = [CHINESE, Path(matplotlib.get_data_path()) / "fonts/ttf"]
    out.mkdir(parents=True, exist_ok=True)
    offers = {}
    for lang in LANGS:
        book = chapters.read(staged, lang)
        cover = pdf.write(book, out / f"{NAME}.{lang}.pdf", fonts)
        epub.write(book, cover, out / f"{NAME}.{lang}.epub")
        sizes = {kind: f"{(out / f'{NAME}.{lang}.{kind}').stat().st_size / 1e6:.1f} MB" for kind in ("pdf", "epub")}
        links = {kind: f"<a href=\"{{{{ '{ADDRESS}{NAME}.{lang}.{kind}' | url }}}}\" download>" for kind in sizes}
        offers[lang] = OFFER[lang].format(links=links, sizes=sizes, date=book.date)
    offer = '{{% if config.theme.language == "zh" %}}{zh}{{% else %}}{en}{{% endif %}}\n'.format(**offers)
    (out / "offer.html").write_text(offer, encoding="utf-8")


if __name__ == "__main__":
    make(*map(Path, sys.argv[1:]))

"""Contact sheets: every page in its eight forms (two languages, phone and desktop, light and dark), to be looked at.

    make sheets        writes .cache/sheets/index.html and one picture a page

Serves `site/` on this machine. Prints what the browser complained of; exits with 1 if it did.
"""

import html
import io
import shutil
import sys
from pathlib import Path

from conftest import FLAGS, served
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SITE, OUT = ROOT / "site", ROOT / ".cache/sheets"
FORMS = [(size, scheme) for size in ((390, 844), (1280, 900)) for scheme in ("light", "dark")]
WIDTH = {390: 260, 1280: 520}  # of each picture on a sheet
TALLEST = 6000  # a longer page is cut here on its sheet


def pictures(tab, address, complaints):
    """Screenshots of one page, the phone's before the desktop's, light before dark."""
    for (width, height), scheme in FORMS:
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        tab.goto(address, wait_until="networkidle")
        wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 1:
            complaints.append(f"{address} scrolls sideways by {wide} px at {width} px")
        picture = Image.open(io.BytesIO(tab.screenshot(full_page=True))).convert("RGB")
        scale = WIDTH[width] / width
        small = picture.resize((WIDTH[width], round(picture.height * scale)))
        yield small.crop((0, 0, small.width, min(small.height, TALLEST)))


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    paths = sorted(p.parent.relative_to(SITE).as_posix() for p in SITE.rglob("index.html"))
    paths = ["" if path == "." else path + "/" for path in paths if path.split("/")[0] != "en"]
    complaints, rows = [], []
    with served(SITE) as origin, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        tab = browser.new_page()
        tab.on("console", lambda m: m.type == "error" and complaints.append(f"{tab.url}: {m.text}"))
        for path in paths:
            parts = [p for lang in ("", "en/") for p in pictures(tab, f"{origin}/{lang}{path}", complaints)]
            sheet = Image.new("RGB", (sum(p.width + 8 for p in parts), max(p.height for p in parts)), "#888")
            at = 0
            for part in parts:
                sheet.paste(part, (at, 0))
                at += part.width + 8
            name = (path.strip("/") or "home").replace("/", "-") + ".png"
            sheet.save(OUT / name)
            rows.append(f'<h2 id="{name}">{html.escape(path or "home")}</h2><img src="{name}" loading="lazy" alt="">')
        browser.close()
    head = '<!doctype html><meta charset="utf-8"><title>Contact sheets</title><style>img { max-width: 100% }</style>'
    (OUT / "index.html").write_text(head + "\n".join(rows), encoding="utf-8")
    print(f"{len(rows)} sheets of {2 * len(FORMS)} pictures in {OUT.relative_to(ROOT)}", *complaints, sep="\n")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())

"""Contact sheets: every page in its eight forms (two languages, phone and desktop, light and dark), to be looked at.

    make sheets        writes .cache/sheets/index.html and eight pictures a page

Serves `site/` on this machine. Prints what the browser complained of; exits with 1 if it did.
"""

import shutil
import sys

from conftest import FLAGS, ROOT, served
from playwright.sync_api import sync_playwright

SITE, OUT = ROOT / "site", ROOT / ".cache/sheets"
FORMS = [(size, scheme) for size in ((390, 844), (1280, 900)) for scheme in ("light", "dark")]
HEAD = """<!doctype html><meta charset="utf-8"><title>Contact sheets</title>
<style>div { white-space: nowrap } img { vertical-align: top; zoom: 40% }</style>
"""


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    paths = sorted(file.parent.relative_to(SITE).as_posix() for file in SITE.rglob("index.html"))
    complaints, sheets = [], HEAD
    with served(SITE) as origin, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        tab = browser.new_page()
        tab.on("console", lambda m: m.type == "error" and complaints.append(f"{tab.url}: {m.text}"))
        for path in (path for path in paths if path.split("/")[0] != "en"):
            sheets += f"<h2>{path}</h2><div>"
            for number, (lang, ((width, height), scheme)) in enumerate(
                (lang, form) for lang in ("", "en/") for form in FORMS
            ):
                tab.set_viewport_size({"width": width, "height": height})
                tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                tab.goto(f"{origin}/{lang}{path}/", wait_until="networkidle")
                name = f"{'home' if path == '.' else path.replace('/', '-')}-{number}.png"
                tab.screenshot(path=OUT / name, full_page=True)
                sheets += f'<img src="{name}" loading="lazy" alt="">'
            sheets += "</div>\n"
        browser.close()
    (OUT / "index.html").write_text(sheets, encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}/index.html", *complaints, sep="\n")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())

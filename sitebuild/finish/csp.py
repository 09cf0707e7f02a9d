"""A content security policy in each page: scripts are the site's own, and nothing comes from or goes to another host.

GitHub Pages sends no header of ours, so it stands in a <meta>, before anything that it governs.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

# 'unsafe-inline' for styles: KaTeX and Matplotlib place things by style attributes, which cannot have a hash
# everywhere. data: for the fonts in KaTeX's style sheet and the icons in the theme's.
POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S)
CHARSET = re.compile(r"<meta charset=[^>]*>")


def write(site: Path) -> None:
    """Give every page of a built site the policy that allows its own inline scripts, by their hashes, and no others.

    Only where it is served: from a file system, a browser counts no file as 'self'.
    """
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        meta = f'<!-- served --><meta http-equiv="Content-Security-Policy" content="{of(text)}"><!-- /served -->'
        page.write_text(CHARSET.sub(lambda found, meta=meta: found[0] + meta, text, count=1), encoding="utf-8")


def of(page: str) -> str:
    """The policy of one page."""
    hashes = [
        f" 'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'"
        for attributes, body in SCRIPT.findall(page)
        if not re.search(r"\bsrc=|\btype=", attributes)  # with a type they are data, which nobody runs
    ]
    return POLICY.format(hashes="".join(dict.fromkeys(hashes)))

"""The content security policy: the site obeys it, and it forbids what it should."""

import base64
import hashlib
import re

from browsing import BASE, Page, search_for, wait_until


def directives(text):
    return {name: set(rest.split()) for name, _, rest in (part.strip().partition(" ") for part in text.split(";"))}


def test_each_page_has_a_policy_first_of_all_with_the_hash_of_each_of_its_scripts(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 60
    for file in pages:
        text = file.read_text(encoding="utf-8")
        elements = Page(text).elements
        policy, *others = [a for _, a in elements if a.get("http-equiv") == "Content-Security-Policy"]
        loads = [a for tag, a in elements if tag in ("script", "link", "img", "iframe", "source")]
        ordered = [attributes for _, attributes in elements if attributes in (policy, loads[0])]
        assert not others and ordered[0] == policy, file
        allowed = directives(policy["content"])
        inline = re.findall(r'<script(?: type="?module"?)?>(.*?)</script>', text, re.S)
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'" for t in inline}
        assert inline and allowed["script-src"] == {"'self'", *hashes}, file
        values = [(name, value or "") for _, attributes in elements for name, value in attributes.items()]
        assert not [one for one in values if one[0].startswith("on") or "javascript:" in one[1].lower()], file
        sources = set().union(*allowed.values())
        assert not [one for one in sources if re.match(r"https?:|\*|'unsafe-(eval|hashes)'", one)], "foreign origins"
        assert [name for name, values in allowed.items() if "'unsafe-inline'" in values] == ["style-src"]


REFUSED = {
    "an inline script": ("document.head.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))", "script-src-elem"),
    "an inline handler": ("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')", "script-src-attr"),
    "a script of another host": ("document.head.append(Object.assign(document.createElement('script'), {src: 'https://example.com/a.js'}))", "script-src-elem"),
    "a request to another host": ("fetch('https://example.com/').catch(() => 0)", "connect-src"),
    "a picture of another host": ("document.body.append(Object.assign(new Image(), {src: 'https://example.com/a.png'}))", "img-src"),
    "a frame": ("document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://example.com/'}))", "frame-src"),
    "a new base": ("document.head.append(Object.assign(document.createElement('base'), {href: 'https://example.com/'}))", "base-uri"),
}  # fmt: skip


def test_the_browser_refuses(context, origin):
    tab = context.new_page()
    tab.goto(origin + BASE + "en/lstm/gates/")
    tab.evaluate(
        "() => { window.refused = []; document.addEventListener('securitypolicyviolation', "
        "(event) => refused.push(event.effectiveDirective)) }"
    )
    kinds = set()
    for what, (script, kind) in REFUSED.items():
        tab.evaluate(f"() => {{ {script} }}")
        wait_until(tab, f"refused.includes('{kind}')")
        tab.evaluate("refused.length = 0")
        assert tab.evaluate("window.ran === undefined"), what
        kinds.add(kind)
    assert len(kinds) == 6


def test_what_a_reader_does_breaks_no_rule(tab, origin):
    """Dark, search, slider, copy; that no page breaks one as it loads is told by tests/site/test_every_page.py."""
    tab.goto(origin + BASE + "en/rnn/recurrence/")
    tab.evaluate(
        "() => { window.broken = []; document.addEventListener('securitypolicyviolation', e => broken.push(e.blockedURI)) }"
    )
    tab.locator(".md-header label[for^=__palette]:visible").first.click()
    tab.locator("input[type=range]").first.press("ArrowRight")
    tab.locator(".run .copy").first.click()
    tab.locator("details.program > summary").first.click()
    tab.locator(".md-code__button").first.click()
    search_for(tab, "clipping")
    assert tab.evaluate("window.broken") == [] and tab.complaints == []

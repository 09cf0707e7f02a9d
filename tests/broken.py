"""What can be wrong with a source, one thing at a time, and what has to be said of it."""

import scratch

CODE = "snippets/a/halve.py"
ZH, EN = "docs/zh/index.md", "docs/en/index.md"
DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" data-name="Small" data-zh="小图" data-snippet="a/halve">
  <a data-part="h" data-name="half" data-zh="一半" data-row="h_n" data-code="halves ="><path d="M0 0h1"/></a>
</svg>
"""


def replace(file, old, new):
    return lambda folder: scratch.edit(folder / file, old, new)


def add(file, text):
    return lambda folder: scratch.write(folder, {file: text})


def append(file, text):
    def change(folder):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return change


def remove(file):
    return lambda folder: (folder / file).unlink()


def both(*changes):
    def change(folder):
        for one in changes:
            one(folder)

    return change


def in_both_pages(text):
    return both(append(ZH, text), append(EN, text))


# case: (what is broken, what the message must hold: file:line, reason)
CASES = {
    "a question without an answer": (
        in_both_pages("\n## Why? {#q-why}\n"), [f"{ZH}:19: the question q-why has no answer below it"]
    ),
    "two questions of one name": (
        in_both_pages("\n## Why? {#q-why}\n\nSo.\n\n## Why, again? {#q-why}\n\nSo.\n"), ["the name q-why is taken, see line 19"]
    ),
    "a card of a question that does not exist": (
        in_both_pages("\n```cards more.md#q-none\n```\n"), [f"{ZH}:", "there is no question more.md#q-none"]
    ),
    "a question that the other language names differently": (
        both(append(ZH, "\n## 为何？ {#q-why}\n\n因此。\n"), append(EN, "\n## Why? {#q-because}\n\nSo.\n")),
        [f"{ZH}:19: headings' levels differ", "here '##{#q-why}', there '##{#q-because}'"],
    ),
    # what else a program may do that it must not: tests/programs/test_runner.py
    "a snippet that raises": (append(CODE, "1 / 0\n"), [f"{CODE}:14: ZeroDivisionError: division by zero", "in <module>"]),
    "a snippet that eats memory": (append(CODE, "x = [0] * 10**12\n"), [f"{CODE}:14: needs more than 3 GiB of memory"]),
    "a snippet that prints nan": (append(CODE, "print(np.nan)\n"), [f"{CODE}:14: prints a value that is not finite"]),
    "a comment without twin": (append(CODE, "# alone\n"), [f"{CODE}:14: an English comment without its Chinese twin"]),
    "a label without twin": (append(CODE, 'plt.ylabel("size")\n'), [f"{CODE}:14: the label 'size' has no Chinese twin"]),
    "a twin without original": (append(CODE, "#zh 没有原文\n"), [f"{CODE}:14: a Chinese comment (#zh) without its English"]),
    "a label that escapes the twin rule": (replace(CODE, "plt.show()\n", 'word = "left"\nplt.title(word)\nplt.show()\n'),
        [f"{CODE}:13: the Chinese figure shows 'left'"]),
    "a program that prints otherwise in Chinese": (append(CODE, 'print("a")  #zh "b"\n'), [f"{CODE}: prints different text in Chinese"]),
    "a snippet that is no Python": (append(CODE, "x = (\n"), [f"{CODE}:14: not a Python program"]),
    "a missing glyph": (append(CODE, 'plt.title("\U0001f9e0")\n'), [f"{CODE}:14: no glyph for"]),
    "a diagram on no page": (add("snippets/a/lost.svg", DRAWING), ["snippets/a/lost.svg: this diagram is on no page"]),
    "a diagram that is not there": (in_both_pages("\n```diagram a/none.svg\nx\n```\n"),
        [f"{ZH}:19: there is no diagram a/none.svg", f"{EN}:19: there is no diagram a/none.svg"]),
    "a diagram on one page only": (both(add("snippets/a/small.svg", DRAWING), append(EN, "\n```diagram a/small.svg\nx\n```\n")),
        [f"{ZH}: diagrams differ from {EN}:19: here 'nothing', there 'a/small.svg'"]),
    "a diagram without its equation": (  # what else may be wrong with one: tests/pages/test_expand.py
        both(add("snippets/a/small.svg", DRAWING), in_both_pages("\n```diagram a/small.svg\nx\n```\n")),
        [f"{ZH}:19: 0 rows of the page's aligned equations begin with h_n"],
    ),
    "a diagram of code that is not there": (
        both(add("snippets/a/small.svg", DRAWING.replace("halves =", "half =")), in_both_pages("\n```diagram a/small.svg\nx\n```\n")),
        ["snippets/a/small.svg:2: a/halve.py: 0 lines begin with 'half ='"],
    ),
    "a drawing that is no SVG": (add("snippets/a/small.svg", "<svg>"), ["snippets/a/small.svg:1: not well-formed XML"]),
    "a snippet on no page": (add("snippets/a/lost.py", "x = 1\n"), ["snippets/a/lost.py: this snippet is on no page"]),
    "a page that names no snippet": (in_both_pages("\n```snippet a/none.py\n```\n"),
        [f"{ZH}:19: there is no snippet a/none.py", f"{EN}:19: there is no snippet a/none.py"]),
    "a page that quotes no value": (
        both(replace(ZH, "a/halve:last", "a/halve:lost"), replace(EN, "a/halve:last", "a/halve:lost")),
        [f"{ZH}:7: a/halve.py has no value 'lost'; it has halves[…], last"],
    ),
    "a page that quotes from no snippet": (in_both_pages("\n{{ a/none:x }}\n"), [f"{ZH}:19: there is no snippet a/none.py"]),
    "a malformed quotation": (in_both_pages("\n{{ a/halve }}\n"), [f"{EN}:19: not a quoted value"]),
    "a format that does not fit": (both(replace(ZH, ".4f", ".4q"), replace(EN, ".4f", ".4q")),
        [f"{ZH}:7: the format '.4q' does not fit a/halve:last"]),
    "a caption without figure": (
        both(
            add("snippets/a/quiet.py", "print(1)\n"),
            append(ZH, "\n```snippet a/quiet.py\n图\n```\n"),
            append(EN, "\n```snippet a/quiet.py\nfig\n```\n"),
        ),
        [f"{ZH}:19: a/quiet draws no figure"],
    ),
    "a figure without caption": (both(replace(ZH, "每一步减半。\n", ""), replace(EN, "Each step halves it.\n", "")),
        [f"{ZH}:15: a/halve draws a figure: the block needs a caption"]),
    "a link in a caption": (both(replace(ZH, "每一步减半。", "[页](more.md)"), replace(EN, "Each step halves it.", "[p](more.md)")),
        [f"{ZH}:15: a caption must not hold links"]),
    "a page in Chinese only": (remove("docs/en/more.md"), ["docs/zh/more.md: this page is missing in en"]),
    "a page in English only": (add("docs/en/new.md", "# New\n"), ["docs/en/new.md: this page is missing in zh"]),
    "headings that differ": (replace(EN, "## Experiment", "### Experiment"), [f"{ZH}:13: headings' levels differ from {EN}:13"]),
    "snippets that differ": (replace(EN, "```snippet a/halve.py\nEach step halves it.\n```\n", ""), [f"{ZH}:15: snippets differ"]),
    "quoted values that differ": (replace(EN, ".4f", ".3f"), [f"{ZH}:7: quoted values differ from {EN}:7"]),
    "equations that differ": (replace(EN, "y = 2^{-n}", "y = 2^{n}"), [f"{ZH}:9: equations differ from {EN}:9"]),
    "inline formulas that differ": (replace(EN, "$n$", "$m$"), [f"{ZH}:7: inline formulas differ from {EN}:7"]),
    "links that differ": (replace(EN, "more.md#again", "index.md"), [f"{ZH}:7: links differ from {EN}:7"]),
    "a formula KaTeX refuses": (in_both_pages("\n$\\nosuch{x}$\n"), [f"{ZH}:19: KaTeX refuses", "nosuch"]),
    "a formula never closed": (in_both_pages("\n$$\nx = 1\n"), [f"{ZH}:19:", "$$"]),
    "a block never closed": (in_both_pages("\n```snippet a/halve.py\n"), [f"{ZH}:19: the block ```snippet a/halve.py is never closed"]),
    "a dead link": (in_both_pages("\n[x](none.md)\n"), [f"{ZH}:19: dead link 'none.md'", f"{EN}:19: dead link 'none.md'"]),
    "a dead anchor": (in_both_pages("\n[x](more.md#none)\n"), [f"{ZH}:19: dead link 'more.md#none'", "anchor"]),
    "a dead anchor on the page itself": (in_both_pages("\n[x](#none)\n"), [f"{EN}:19: dead link '#none'"]),
    "a raw Python fence": (in_both_pages("\n```python\nx = 1\n```\n"), [f"{ZH}:19: a Python program belongs in snippets/"]),
    "a fence pytest-codeblocks skips": (in_both_pages('\n```python title="x"\nx = 1\n```\n'),
        [f"{EN}:19: a Python program belongs", "pytest-codeblocks would skip"]),
    "a table on one page only": (
        both(add("docs/tables/few.en.md", "| a |\n| --- |\n| 1 |\n"), append(EN, "\n```table few\n```\n")),
        [f"{ZH}: tables differ from {EN}:19: here 'nothing', there 'few'"],
    ),
    "a table that nobody has written": (append(EN, "\n```table few\n```\n"), [f"{EN}:19: there is no docs/tables/few.en.md"]),
    "a page outside the navigation": (both(add("docs/zh/new.md", "# 新\n"), add("docs/en/new.md", "# New\n")),
        ["mkdocs.yml", "not included in the \"nav\" configuration", "new.md"]),
}  # fmt: skip

"""What `make bench` measured, as tables and a figure. A page shows them with a block that holds nothing:

    ```benchmark peers
    ```

The others: site, preview, growth, memory.

The numbers come from bench/results/building.json, which bench/building.py writes, and from nowhere else.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path

from sitebuild.base.placeholders import Drawing, in_place
from sitebuild.base.problems import Problem, SiteError
from sitebuild.pages.licences import empty_blocks

RESULTS = "bench/results"
FILE = f"{RESULTS}/building.json"
OURS, PLAIN = "sitebuild", "mkdocs"
NAMES = {
    OURS: {"zh": "**本站的构建**", "en": "**this site's build**"},
    PLAIN: {"zh": "单用 MkDocs（什么都不跑）", "en": "plain MkDocs (runs nothing)"},
}
HEADS = {
    "peers": {
        "zh": ("构建工具", "版本", "从零", "无改动", "改一段程序", "内存，MB"),
        "en": ("builder", "version", "from nothing", "unchanged", "one program edited", "memory, MB"),
    },
    "site": {
        "zh": ("整个网站", "秒"),
        "en": ("the whole site", "seconds"),
    },
    "preview": {
        "zh": ("改了什么", "秒，中位数", "秒，最慢"),
        "en": ("what was edited", "seconds, median", "seconds, slowest"),
    },
    "growth": {
        "zh": ("程序数", "页数", "从零", "每段程序", "无改动", "单用 MkDocs"),
        "en": ("programs", "pages", "from nothing", "a program", "unchanged", "plain MkDocs"),
    },
    "memory": {
        "zh": ("程序数", "页数", "从零，MB", "无改动，MB", "单用 MkDocs，MB"),
        "en": ("programs", "pages", "from nothing, MB", "unchanged, MB", "plain MkDocs, MB"),
    },
}
ROWS = {
    "cold": {"zh": "从零", "en": "from nothing"},
    "cpu": {"zh": "其中程序自己的运行时间，合计", "en": "of which the programs' own running time, all told"},
    "warm": {"zh": "无改动", "en": "unchanged"},
    "edit": {"zh": "改一段程序", "en": "one program edited"},
    PLAIN: {"zh": "单用 MkDocs，同样的页面", "en": "plain MkDocs, the same pages"},
    "sentence": {"zh": "一句话", "en": "a sentence"},
    "program": {"zh": "一段程序（不算它自己的运行时间）", "en": "a program (its own run not counted)"},
}
MEASURED = {
    "zh": "测于 {date}：{cores} 核 {processor}，{system}，Python {python}。",
    "en": "Measured on {date}: {cores} cores of {processor}, {system}, Python {python}.",
}
CAPTION = {
    "zh": "左：从零构建时，平均每段程序用几秒。右：没有改动时，重建一次用几秒。",
    "en": "Left: building from nothing, seconds a program. Right: building again with nothing changed, seconds.",
}


def shows(text: str, source: str) -> list[tuple[str, int]]:
    """The blocks of a page that show what was measured: (which, first line, 0-based). Raises SiteError for one
    ill-formed."""
    return empty_blocks(text, source, "benchmark", HEADS)


def fill(text: str, lang: str, source: str, root: Path, put_aside: Callable[[Drawing], str] = in_place) -> str:
    """The page with its blocks as tables and figures; `put_aside` as in page.expand. Raises SiteError where nothing
    was measured, see `shows`."""
    lines = text.split("\n")
    for which, at in reversed(shows(text, source)):
        try:
            told = json.loads((root / FILE).read_text(encoding="utf-8"))
            lines[at : at + 2] = _shown(which, lang, told, root, put_aside)
        except (OSError, KeyError, TypeError, ValueError) as error:
            reason = f"{FILE} does not hold what this block shows ({error}): `make bench` writes it"
            raise SiteError(Problem(source, at + 1, reason)) from None
    return "\n".join(lines)


def _shown(which: str, lang: str, told: dict, root: Path, put_aside) -> list[str]:
    of = told["growth" if which == "memory" else which]
    if which == "peers":
        rows = _builders(of["builders"], lang)
    elif which == "site":
        rows = [(ROWS[kind][lang], f"{of[kind]:.1f}") for kind in ("cold", "cpu", "warm", "edit", PLAIN)]
    elif which == "preview":
        rows = [
            (ROWS[kind][lang], f"{of[kind]:.2f}", f"{of[f'slowest_{kind}']:.2f}") for kind in ("sentence", "program")
        ]
    elif which == "memory":
        rows = [
            (str(one["programs"]), str(one["pages"]), *(str(one["memory"][kind]) for kind in ("cold", "warm", PLAIN)))
            for one in of
        ]
    else:
        rows = [
            (
                str(one["programs"]), str(one["pages"]), f"{one['cold']:.1f}", f"{one['cold'] / one['programs']:.2f}",
                f"{one['warm']:.1f}", f"{one[PLAIN]:.1f}",
            )
            for one in of
        ]  # fmt: skip
    heads = HEADS[which][lang]
    align = ["---"] + ["---:"] * (len(heads) - 1)
    table = [f"| {' | '.join(row)} |" for row in (heads, align, *rows)]
    measured = MEASURED[lang].format(date=told["date"], **told["machine"])
    return [*(_figure(root, lang, put_aside) if which == "growth" else []), *table, "", measured]


def _builders(builders: dict[str, dict], lang: str) -> list[tuple[str, ...]]:
    """Seconds, each with its ratio to ours."""
    rows = []
    for name, one in builders.items():
        cells = []
        for kind in ("cold", "warm", "edit"):
            if kind not in one or (name == PLAIN and kind == "edit"):
                cells.append("–")
            elif name == OURS:
                cells.append(f"**{one[kind]:.1f} s**")
            else:
                cells.append(f"{one[kind]:.1f} s (×\u00a0{one[kind] / builders[OURS][kind]:.1f})")
        label = NAMES.get(name, {}).get(lang, name)
        rows.append((label, one.get("version", ""), *cells, str(one["memory"])))
    return rows


def _figure(root: Path, lang: str, put_aside) -> list[str]:
    picture = (root / RESULTS / f"growth.{lang}.svg").read_text(encoding="utf-8").strip()
    picture = put_aside(Drawing(picture))
    picture = picture.replace("<svg ", f'<svg role="img" aria-label="{html.escape(CAPTION[lang])}" ', 1)
    return [
        f'<figure class="plot" data-search-exclude>\n{picture}\n<figcaption>{CAPTION[lang]}</figcaption>\n</figure>',
        "",
    ]

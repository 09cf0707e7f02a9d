"""What bench/building.py measured, as the tables and the figure of the page "How is this site built".

    python bench/tables.py

Reads bench/results/building.json, writes docs/tables/building-*.md. bench/building.py calls it at its end.
"""

from __future__ import annotations

import html
import json
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "docs/tables"
RESULTS = ROOT / "bench/results/building.json"
LANGS = ("zh", "en")
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
LABELS = {
    "programs": {"zh": "程序数", "en": "programs"},
    "cold": {"zh": "从零构建：每段程序的秒数", "en": "from nothing: seconds a program"},
    "pages": {"zh": "页数（每种语言）", "en": "pages of each language"},
    "warm": {"zh": "无改动：秒", "en": "unchanged: seconds"},
    OURS: {"zh": "本站", "en": "this site's build"},
    PLAIN: {"zh": "单用 MkDocs", "en": "plain MkDocs"},
}


def table(which: str, lang: str, told: dict) -> str:
    """The table `which` as Markdown, with the machine on which it was measured."""
    of = told["growth" if which == "memory" else which]
    if which == "peers":
        rows = _builders(of["builders"], lang)
    elif which == "site":
        rows = [(ROWS[kind][lang], f"{of[kind]:.1f}") for kind in ("cold", "cpu", "warm", "edit", PLAIN)]
    elif which == "preview":
        kinds = ("sentence", "program")
        rows = [(ROWS[kind][lang], f"{of[kind]:.2f}", f"{of[f'slowest_{kind}']:.2f}") for kind in kinds]
    elif which == "memory":
        rows = [(*_size(one), *(str(one["memory"][kind]) for kind in ("cold", "warm", PLAIN))) for one in of]
    else:
        seconds = [(one["cold"], one["cold"] / one["programs"], one["warm"], one[PLAIN]) for one in of]
        formats = ("{:.1f}", "{:.2f}", "{:.1f}", "{:.1f}")
        rows = [(*_size(one), *map(str.format, formats, row)) for one, row in zip(of, seconds, strict=True)]
    heads = HEADS[which][lang]
    align = ["---"] + ["---:"] * (len(heads) - 1)
    lines = [f"| {' | '.join(row)} |" for row in (heads, align, *rows)]
    measured = MEASURED[lang].format(date=told["date"], **told["machine"])
    return "\n".join([*lines, "", measured, ""])


def _size(one: dict) -> tuple[str, str]:
    return str(one["programs"]), str(one["pages"])


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


def figure(sizes: list[dict], lang: str) -> str:
    """The two curves of growth as a page shows a figure."""
    import matplotlib.pyplot as plt

    from sitebuild.programs import figures

    with tempfile.TemporaryDirectory() as folder:
        figures.set_up(Path(folder) / "font.ttf")
        if lang == "zh":
            plt.rcParams["font.sans-serif"] = ["PingFang SC"]
        drawn, (left, right) = plt.subplots(1, 2)
        left.plot([one["programs"] for one in sizes], [one["cold"] / one["programs"] for one in sizes], "o-")
        left.set_ylim(0)
        left.set_xscale("log")
        for name, kind, style in ((OURS, "warm", "o-"), (PLAIN, PLAIN, "s--")):
            right.plot([one["pages"] for one in sizes], [one[kind] for one in sizes], style, label=LABELS[name][lang])
        right.legend()
        for axes, x, y in ((left, "programs", "cold"), (right, "pages", "warm")):
            axes.set_xlabel(LABELS[x][lang])
            axes.set_ylabel(LABELS[y][lang])
        svg = figures.to_svg(drawn, f"growth {lang}")
        plt.close(drawn)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(CAPTION[lang])}" ', 1)
    return f'<figure class="plot" data-search-exclude>\n{svg}\n<figcaption>{CAPTION[lang]}</figcaption>\n</figure>\n'


def files(told: dict) -> dict[str, str]:
    """All tables of what was measured, by name; the figure stands above that of growth."""
    written = {}
    for which in HEADS:
        if ("growth" if which == "memory" else which) in told:
            for lang in LANGS:
                above = figure(told["growth"], lang) + "\n" if which == "growth" else ""
                written[f"building-{which}.{lang}.md"] = above + table(which, lang, told)
    return written


def write() -> None:
    for name, text in files(json.loads(RESULTS.read_text(encoding="utf-8"))).items():
        (TABLES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()

"""The same small site for each of the builders that are compared: N plotting programs on M pages, in two languages.

Each program takes as long as the median of this site's own, a fifth of a second, and draws one figure.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from sitebuild import LANGS
from sitebuild.pages import notebooks
from sitebuild.sources import snippet
from sitebuild.sources.project import Project
from sitebuild.stage import stage

ROOT = Path(__file__).resolve().parent.parent

PROGRAM = """\
import numpy as np
import matplotlib.pyplot as plt

# gradients of an RNN, carried back step by step; number {number}
#zh RNN 的梯度，一步步往回传；第 {number} 个
H, T, radius = 32, 200, {radius}
rng = np.random.default_rng({number})
norms = []
for _ in range(250):
    W = rng.standard_normal((H, H)) / np.sqrt(H) * radius
    g = np.ones(H)
    for t in range(T):
        g = W.T @ g
        norms.append(np.linalg.norm(g))
curves = np.array(norms).reshape(250, T)
last = curves[:, -1].mean()
print(f"radius {radius}: after {{T}} steps {{last:.1e}}")

plt.semilogy(curves[:5].T, lw=1)
plt.xlabel("steps back in time")  #zh "回溯的步数"
plt.ylabel("norm of the gradient")  #zh "梯度的范数"
plt.title(f"spectral radius {{radius}}")  #zh f"谱半径 {{radius}}"
plt.show()
"""
PROSE = {
    "zh": "反向传播时，梯度每往回走一步就乘一次同一个矩阵。谱半径小于一，它按指数消失；大于一，它按指数爆炸。",
    "en": "Going back, the gradient is multiplied by the same matrix once a step. With a spectral radius below one it "
    "vanishes exponentially; above one it explodes.",
}
TITLE = {"zh": "第 {number} 页", "en": "Page {number}"}
CAPTION = {
    "zh": "前五个矩阵，梯度范数随步数变化。",
    "en": "The first five matrices: the norm of the gradient over the steps.",
}


def names(programs: int) -> list[str]:
    return [f"bench/p{number:04}" for number in range(programs)]


def text_of(number: int) -> str:
    return PROGRAM.format(number=number, radius=round(0.8 + number % 12 * 0.03, 2))


def source(number: int, lang: str) -> str:
    """The program in one language, as its page shows it."""
    return snippet.parse(text_of(number), f"p{number}", "").source(lang)


def pages(programs: int, count: int) -> list[list[int]]:
    """The numbers of the programs on each of `count` pages."""
    return [list(range(programs))[page::count] for page in range(count)]


def prose(page: int, lang: str) -> str:
    return f"# {TITLE[lang].format(number=page)}\n\n" + f"{PROSE[lang]}\n\n" * 3


def ours(folder: Path, programs: int, count: int, pruned: bool = False) -> None:
    """A project of ours: its configuration is the site's own but for the navigation.

    `pruned` for a large one: parts of ten pages, and on each page links to those of its own part only. With links to
    all the others, whoever builds it, the time would grow with the square of the pages.
    """
    for number, name in enumerate(names(programs)):
        _write(folder / f"snippets/{name}.py", text_of(number))
    for lang in LANGS:
        for page, shown in enumerate(pages(programs, count)):
            blocks = "".join(f"```snippet bench/p{n:04}.py\n{CAPTION[lang]}\n```\n\n" for n in shown)
            _write(folder / f"docs/{lang}/{_file(page)}", prose(page, lang) + blocks)
    shutil.copytree(ROOT / "overrides", folder / "overrides")
    for name in ("sitebuild", "node_modules"):
        os.symlink(ROOT / name, folder / name)
    for name in [f"docs/words.{lang}.toml" for lang in LANGS]:
        shutil.copyfile(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        head, _, rest = (ROOT / name).read_text(encoding="utf-8").partition("\nnav:\n")
        tail = rest[rest.index("\ntheme:\n") :]
        files = [_file(page) for page in range(count)]
        parts = [{f"{start + 1} – {start + 10}": files[start : start + 10]} for start in range(1, count, 10)]
        nav = json.dumps([files[0], *parts] if pruned else files, ensure_ascii=False)
        if pruned:
            tail = tail.replace("navigation.sections", "navigation.prune")
        _write(folder / name, f"{head}\nnav: {nav}\n{tail}")


def _file(page: int) -> str:
    return f"page{page}.md" if page else "index.md"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


# -- the peers -------------------------------------------------------------------------------------------------


def plain(folder: Path, project: Path) -> None:
    """What `project`, one of ours that was built, gives MkDocs, for MkDocs without our plugin."""
    stage(Project(project), folder)


PRINTED = """\
import io
out = io.StringIO()
plt.savefig(out, format="svg")
plt.close()
print(out.getvalue()[out.getvalue().index("<svg"):])
"""


def markdown_exec(folder: Path, programs: int, count: int) -> None:
    """Fenced programs that MkDocs runs while it reads the page; they print their figure."""
    for lang in LANGS:
        for page, shown in enumerate(pages(programs, count)):
            blocks = "".join(
                f'```python exec="on" html="on" source="above"\n{headless(source(n, lang))}{PRINTED}```\n\n'
                for n in shown
            )
            _write(folder / f"{lang}/{_file(page)}", prose(page, lang) + blocks)
        _mkdocs(folder, lang, ["markdown-exec"])


def mkdocs_jupyter(folder: Path, programs: int, count: int) -> None:
    for lang in LANGS:  # each with a cache of its own, or one language would evict the other's
        for page, shown in enumerate(pages(programs, count)):
            cells = [notebooks.markdown_cell(prose(page, lang)), *(notebooks.code_cell(source(n, lang)) for n in shown)]
            _write(folder / f"{lang}/{_file(page)[:-3]}.ipynb", notebooks.notebook(cells, lang))
        _mkdocs(
            folder, lang, [{"mkdocs-jupyter": {"execute": True, "allow_errors": False, "cache_dir": f".cache/{lang}"}}]
        )


def sphinx_gallery(folder: Path, programs: int, count: int) -> None:
    """A gallery of programs; it has no pages of several programs, so each program is one."""
    for lang in LANGS:
        for number in range(programs):
            text = f'"""\nProgram {number}\n==========\n\n{PROSE[lang]}\n"""\n'
            _write(folder / f"{lang}/examples/plot_{number:04}.py", text + source(number, lang))
        _write(folder / f"{lang}/examples/GALLERY_HEADER.rst", "Programs\n========\n")
        _write(folder / f"{lang}/index.rst", "Programs\n========\n\n.. toctree::\n\n   gallery/index\n")
        settings = "{'examples_dirs': 'examples', 'gallery_dirs': 'gallery', 'parallel': 2, 'show_memory': False}"
        _write(
            folder / f"{lang}/conf.py",
            f"extensions = ['sphinx_gallery.gen_gallery']\nsphinx_gallery_conf = {settings}\n",
        )


def myst_nb(folder: Path, programs: int, count: int) -> None:
    """Notebooks in Markdown, run once and kept in its own cache."""
    head = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n"
    for lang in LANGS:
        for page, shown in enumerate(pages(programs, count)):
            blocks = "".join(f"```{{code-cell}} python3\n{source(n, lang)}```\n\n" for n in shown)
            _write(folder / f"{lang}/{_file(page)}", head + prose(page, lang) + blocks)
        rest = "\n   ".join(_file(page)[:-3] for page in range(1, count))
        with open(folder / f"{lang}/index.md", "a") as index:
            index.write(f"```{{toctree}}\n{rest.replace('   ', '')}\n```\n")
        _write(
            folder / f"{lang}/conf.py",
            "extensions = ['myst_nb']\nnb_execution_mode = 'cache'\nnb_execution_raise_on_error = True\n",
        )


def headless(text: str) -> str:
    """markdown-exec runs programs in MkDocs's own process, where nothing else says that there is no screen."""
    return text.replace(
        "import matplotlib.pyplot as plt\n",
        'import matplotlib\nmatplotlib.use("Agg")\nimport matplotlib.pyplot as plt\n',
    )


def _mkdocs(folder: Path, lang: str, plugins: list) -> None:
    """A configuration that looks and searches like the site's, with a peer's plugin instead of our plugin."""
    site = f"site{'/en' if lang == 'en' else ''}"
    theme = {"name": "material", "language": lang, "font": False, "features": ["content.code.copy"]}
    extensions = ["admonition", "attr_list", "md_in_html", "tables", "pymdownx.highlight", "pymdownx.superfences"]
    search = {"search": {"lang": ["en"], "pipeline": ["stopWordFilter"], "separator": r"[\s\u200b\-]+"}}
    config = {
        "site_name": "bench", "docs_dir": lang, "site_dir": site, "theme": theme,
        "plugins": [search, *plugins], "markdown_extensions": extensions,
    }  # fmt: skip
    _write(folder / f"{lang}.yml", json.dumps(config))

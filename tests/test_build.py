"""From sources to finished Markdown, on a scratch project, in this process and without MkDocs."""

import json
import os
import re
from pathlib import PurePosixPath

import pytest
import scratch
import yaml
from broken import append, replace

from sitebuild import LANGS, build
from sitebuild.sources.project import Project, load
from sitebuild.stage import stage

INDEX, MORE = PurePosixPath("index.md"), PurePosixPath("more.md")
HOME = "https://example.org/x/"
LAB = """\
# %% [markdown] en
# # A small lab
#
# It adds $a_1$. See [more](../more.md).
# %% [markdown] zh
# # 小实验
#
# 加上 $a_1$。见[下一页](../more.md)。
# %%
import matplotlib.pyplot as plt

total = 1 + 1
print(total)
# The figure: one line that rises.
#zh 图：一条上升的线。
plt.plot([1, total])
"""
QUESTION = {
    "en": "\n## Does it get small? {#q-small}\n\n**Yes.**\n\nIt is halved: $y_1$.\n",
    "zh": "\n## 会变小吗？ {#q-small}\n\n**会。**\n\n每步减半：$y_1$。\n",
}
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" data-name="Small" data-zh="小图" data-snippet="a/halve">\n'
    '<a data-part="h" data-name="halves" data-zh="减半" data-row="h_n" data-code="halves ="><text>h</text></a></svg>\n'
)
ROWS = "\n$$\n\\begin{aligned}\nh_n &= 2^{-n}\n\\end{aligned}\n$$\n\n```diagram a/small.svg\nx\n```\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The scratch project with a lab, a question that is shown as a card, a diagram, and a table."""
    # in a folder that is called as the labs are, which must not make every program one of them
    folder = scratch.make(tmp_path_factory.mktemp("project") / "labs/copy")
    files = {"snippets/labs/small.py": LAB, "snippets/a/small.svg": DRAWING, "docs/tables/licences.txt": "as it is"}
    for lang in LANGS:
        files[f"docs/tables/few.{lang}.md"] = f"| {lang} |\n| --- |\n| 1 |\n"
        files[f"docs/{lang}/deep/er.md"] = "# D\n\n```snippet a/halve.py\nx\n```\n\n[m](../more.md)\n"
        files[f"docs/{lang}/extra/file.txt"] = "as it is"
        append(f"docs/{lang}/more.md", "\n```table few\n```\n" + QUESTION[lang])(folder)
        append(f"docs/{lang}/index.md", "\n```cards more.md\n```\n" + ROWS)(folder)
    scratch.write(folder, files)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        replace(name, "nav: [index.md, more.md]", "nav:\n  - index.md\n  - labs/small.ipynb")(folder)
    return Project(folder)


@pytest.fixture(scope="module")
def built(project):
    ran, unused = [], project.cache / "programs/unused.json"
    scratch.write(unused.parent, {unused.name: "{}"})
    os.utime(unused, (0, 0))
    results = build.run(project, load(project), lambda *job: ran.append(job))
    pages = build.build(project, load(project), results, HOME, "https://github.com/o/r")
    assert len(ran) == 4, "a snippet and a lab in two languages"
    assert not unused.exists(), "what nobody asked for in weeks goes"
    return pages


def test_pages_are_finished_markdown(built):
    for lang, word, download in (("zh", "每一步减半。", "下载"), ("en", "Each step halves it.", "Download")):
        home, more = built.pages[lang][INDEX], built.pages[lang][MORE]
        assert (
            "0.0625" in home
            and word in home
            and re.search(r"```python\n *import numpy", home)
            and "last = 0.0625" in home
        )
        assert "```snippet" not in home and "{{ a/" not in home and "$y = 2" not in home and "<math" in home
        assert '<details class="card"' in home and '<figure class="diagram"' in home and "application/ld+json" in more
        assert f"| {lang} |\n| --- |\n| 1 |\n" in more and "```table" not in more
        assert f"[{download}](programs/a/halve.py)" in home
        assert f"[{download}](../programs/a/halve.py)" in built.pages[lang][PurePosixPath("deep/er.md")]
        colab = f"https://colab.research.google.com/github/o/r/blob/notebooks/{lang}/more.ipynb"
        assert "](notebooks/more.ipynb)" in more and colab in more and more.endswith('search-exclude="" }\n')
    assert '<span lang="en">' not in built.pages["en"][INDEX]
    assert [card.id for card in built.cards["zh"]] == ["q-small"] and len(built.cards["en"]) == 1


def test_files_to_serve_lie_beside_the_pages(built):
    for lang in LANGS:
        assets = built.assets[lang]
        names = {str(path) for path in assets}
        assert names >= {
            "assets/katex/katex.min.css", "licences.txt", "notebooks/index.ipynb", "notebooks/more.ipynb",
            "notebooks/deep/er.ipynb", "notebooks/labs/small.ipynb", "programs/a/halve.py", "interview/lstm-by-experiment.apkg",
            "pictures/index.png", "pictures/deep/er.png", "pictures/labs/small.png",
        }  # fmt: skip
        assert "pictures/more.png" not in names, "a page without a figure has none of its own"
        assert all(file.stat().st_size for file in assets.values())
        program = assets[PurePosixPath("programs/a/halve.py")].read_text(encoding="utf-8")
        assert ("一直减半" in program) == (lang == "zh") and "#zh" not in program
        assert assets[PurePosixPath("pictures/index.png")].read_bytes()[1:4] == b"PNG"
        book = assets[PurePosixPath("notebooks/index.ipynb")].read_text(encoding="utf-8")
        assert f"{HOME}{'' if lang == 'zh' else 'en/'}more/#again" in book
        ((path, shown),) = built.labs[lang].items()
        assert str(path) == "labs/small.ipynb" and "<math" in shown.read_text(encoding="utf-8")


def test_what_is_staged_is_whole_and_replaces_what_was_staged_before(project, tmp_path):
    out = tmp_path / "out"
    scratch.write(out, {"zh/stale.md": "old"})
    stage(project, out, None, HOME, "")
    assert not (out / "zh/stale.md").exists()
    for lang in LANGS:
        folder = out / lang
        front, text = (folder / "index.md").read_text(encoding="utf-8").split("---\n", 2)[1:]
        assert yaml.safe_load(front)["picture"] == "pictures/index.png" and "0.0625" in text
        assert (folder / "extra/file.txt").read_text() == "as it is" and (folder / "deep/er.md").is_file()
        assert (folder / "programs/a/halve.py").is_file() and (folder / "assets/katex/katex.min.css").is_file()
        assert json.loads((folder / "labs/small.ipynb").read_text(encoding="utf-8"))["cells"]
        lab = (folder / "labs/small.md").read_text(encoding="utf-8")
        assert "```python\nimport matplotlib" in lab and "description:" in lab and "```\n2\n```" in lab
        plain = yaml.safe_load((out / f"{lang}.yml").read_text(encoding="utf-8"))
        assert (out / plain["INHERIT"]).resolve() == project.root / ("mkdocs.yml" if lang == "zh" else "mkdocs.en.yml")
        assert (out / plain["theme"]["custom_dir"]).resolve() == project.root / "overrides"
        assert plain["docs_dir"] == lang and plain["site_dir"] == {"zh": "site", "en": "site/en"}[lang]
        assert plain.get("site_url") == {"zh": None, "en": HOME + "en/"}[lang] and plain["watch"] == []
        assert plain["extra"]["built"]["programs"] == 2 and plain["exclude_docs"] == "labs/small.md"
        other = yaml.safe_load((out / f"{lang}.zensical.yml").read_text(encoding="utf-8"))
        assert other == {"INHERIT": f"{lang}.yml", "exclude_docs": "", "nav": ["index.md", "labs/small.md"]}

"""Labs and notebooks: what they show must come out, and every notebook that a reader downloads runs."""

import html
import json
import re
from pathlib import PurePosixPath

import nbclient
import nbformat
import numpy as np
import pytest
import sweep
from browsing import programs
from conftest import ROOT, refused, replaced, sources
from numeric import central_difference, relative

from sitebuild import LANGS
from sitebuild.base import words
from sitebuild.base.markdown import scan
from sitebuild.pages import notebooks
from sitebuild.pages.links import address
from sitebuild.programs import runner
from sitebuild.programs.results import Figure, Result
from sitebuild.sources import lab as lab_source
from sitebuild.sources.blocks import named
from sitebuild.sources.project import Project

WORDS = {lang: words.read(ROOT, lang) for lang in LANGS}
SOURCES = sources()
LABS = SOURCES.labs
# Every build runs all programs and labs; what is different here is the notebook around them. A few of them run each time,
# with figures, with a check of gradients, a lab; weekly all in both languages.
OFTEN = {("zh", "rnn/recurrence.md"), ("en", "lstm/backward.md"), ("zh", "labs/remedies_race.md")}
RUNNING = [
    pytest.param(lang, path, marks=() if (lang, path) in OFTEN else pytest.mark.weekly)
    for lang in LANGS
    for path in [
        *(str(path) for path, text in SOURCES.pages[lang].items() if named(text, "", "snippet")),
        *(f"{name}.md" for name in LABS),
    ]
]


@pytest.fixture(scope="session")
def results():
    """The labs' results, from the cache that the build left."""
    return runner.run([lab.program for lab in LABS.values()], LANGS, Project(ROOT).cache)


def defined(name, cells, **constants):
    """The functions of a lab's first code cells, without its training; `constants` replace module-level names."""
    namespace = {"__name__": "lab"}
    for source in LABS[name].code("en")[:cells]:
        exec(compile(source, name, "exec"), namespace)
        namespace.update(constants)
    return namespace


# -- what must come out ------------------------------------------------------------------------------------


def test_networks_that_are_tuned_alike_read_the_digits_alike(results):
    """What every build shows; how it stays so elsewhere: bench/sweeps/digits.py."""
    v = results["labs/sequential_digits", "en"].values
    means = v["means"][2], v["means"][0], v["means"][1]
    assert min(means) > 0.8 and max(means) - min(means) < 0.1 and v["mistakes"] < 72


def test_the_rnn_adds_two_numbers_at_short_lags_and_runs_out_of_updates_at_the_longest(results):
    """What every build shows; how it stays so elsewhere: bench/sweeps/adding_problem.py."""
    v = results["labs/adding_problem", "en"].values
    assert v["baseline"] == pytest.approx(1 / 6) and v["measured"] == pytest.approx(1 / 6, rel=0.02)
    assert max(v["rnn_shortest"], v["wide_shortest"]) < v["most"], "short sequences it learns"
    # the others are those of the last length, the longest
    assert v["rnn"] == v["wide"] == v["most"] and max(v["lstm"], v["gru"]) < v["irnn"] < v["most"]


def test_gates_the_identity_and_a_learned_query_finish_the_race_and_the_plain_lanes_do_not(results):
    result = results["labs/remedies_race", "en"]
    lines = re.findall(r"lane (\d+): (finishes|never)\n", result.stdout)
    assert lines == [(str(lane), "finishes" if lane > 5 else "never") for lane in range(11)]
    assert result.values["finished"] == 5 and min(result.values["last"][:6]) > 1 / 60


# -- their derivatives -------------------------------------------------------------------------------------


def adding():
    """The functions of the adding lab, whose training stands in the same cell as the last of them."""
    lab = defined("labs/adding_problem", 3)
    exec(LABS["labs/adding_problem"].code("en")[3].split("\ncurves, times")[0], lab)
    return lab


DIGITS = [("digits", kind) for kind in ("RNN", "LSTM")]
ADDING = [("adding", kind) for kind in ("RNN", "IRNN", "LSTM", "GRU")]


@pytest.mark.parametrize("name, kind", DIGITS + ADDING)
def test_gradients_of_the_labs(name, kind):
    lab, rng = adding() if name == "adding" else defined("labs/sequential_digits", 3), np.random.default_rng(2)
    if name == "adding":
        x, y, p = rng.standard_normal((6, 3, 2)), rng.standard_normal((3, 1)), lab["start"](kind, 4, rng)
    else:
        x, y, p = rng.standard_normal((5, 4, 1)), np.array([0, 3, 9, 3]), lab["start"](kind, 3, 1.0, rng)
    p = [q.astype(float) for q in p]
    _, grads = lab["loss_and_gradients"](kind, x, y, p)
    for parameter, gradient in zip(p, grads, strict=True):
        numeric = central_difference(lambda: lab["loss_and_gradients"](kind, x, y, p)[0], parameter, 1e-5)
        # the digits' states are float32 at the start, zero; the rest is float64
        assert relative(gradient, numeric) < 1e-6


@pytest.mark.parametrize("kind", ["RNN", "IRNN", "LSTM", "GRU"])
def test_the_sweep_of_the_adding_problem_trains_the_networks_of_the_lab(kind):
    """Many networks at once, in bench/sweeps/adding_problem.py, have the losses and gradients of each by itself."""
    lab, the_sweep = adding(), sweep.read("adding_problem")
    begun = [the_sweep.start(kind.lower(), 4, 1.5, seed) for seed in range(2)]
    for ours, theirs in zip(begun[1], lab["start"](kind, 4, np.random.default_rng(1)), strict=True):
        assert np.array_equal(ours.squeeze(), theirs.squeeze()), "they start alike"
    p = [np.stack(q).astype(float) for q in zip(*begun, strict=True)]
    x, y = np.random.default_rng(2).standard_normal((6, 2, 3, 2)), np.random.default_rng(3).standard_normal((2, 3, 1))
    losses, grads = the_sweep.gradients(kind.lower(), x, y, p)
    for lane in range(2):
        own = [q[lane] if k in (0, 1, 3) else q[lane, 0] for k, q in enumerate(p)]
        loss, wanted = lab["loss_and_gradients"](kind, x[:, lane], y[lane], own)
        assert losses[lane] == pytest.approx(loss, rel=1e-6)
        for ours, theirs in zip(grads, wanted, strict=True):
            assert relative(ours[lane].squeeze(), theirs.squeeze()) < 1e-6


@pytest.mark.parametrize(
    "relu, norm, keep, write", [(0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 0.3), (0, 1, 1, 0.3)]
)
def test_gradients_of_the_race(torch, relu, norm, keep, write):
    lab = defined("labs/remedies_race", 2, T=6, B=3, H=5)
    rng = np.random.default_rng(3)
    x, dhs = rng.standard_normal((6, 3, 2)), rng.standard_normal((6, 3, 5))
    W, U, b = (torch.tensor(rng.standard_normal(s) / 2, requires_grad=True) for s in ((2, 5), (5, 5), (5,)))
    h, loss = torch.zeros(3, 5, dtype=torch.float64), 0
    for t in range(6):
        z = torch.tensor(x[t]) @ W + h @ U + b
        z = torch.nn.functional.layer_norm(z, (5,)) if norm else z
        h = keep * h + write * (torch.relu(z) if relu else torch.tanh(z))
        loss = loss + (h * torch.tensor(dhs[t])).sum()
    loss.backward()
    values = [q.detach().numpy() for q in (W, U, b)]
    hs, saved = lab["plain_forward"](x, *values, keep, write, relu, norm)
    assert relative(hs[-1], h.detach().numpy()) < 1e-10
    grads = lab["plain_backward"](dhs, x, hs, saved, values[1], keep, write, relu)
    for ours, theirs in zip(grads, (W.grad, U.grad, b.grad), strict=True):
        assert relative(ours, theirs.numpy()) < 1e-10


# -- notebooks to take along -------------------------------------------------------------------------------


def file_of(pages, lang, path):
    return pages.built.assets[lang][notebooks.FOLDER / PurePosixPath(path).with_suffix(".ipynb")]


@pytest.mark.parametrize("lang, path", RUNNING)
def test_every_notebook_runs_in_a_fresh_kernel_and_prints_what_the_page_shows(pages, results, lang, path, tmp_path):
    book = nbformat.read(file_of(pages, lang, path), as_version=4)
    nbformat.validate(book)
    nbclient.NotebookClient(book, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    printed = [
        "".join(o["text"] for o in cell.outputs if o.output_type == "stream" and o.name == "stdout")
        for cell in book.cells
        if cell.cell_type == "code"
    ]
    name = path.removesuffix(".md")
    if name in LABS:
        expected = [text for text, _ in results[name, lang].cells]
    else:
        blocks = named(SOURCES.pages[lang][PurePosixPath(path)], path, "snippet")
        shown = pages.built.pages[lang][PurePosixPath(path)]
        both = zip(blocks, programs(shown), strict=True)  # what stands in a box, a drill's solution, is quoted, not run
        expected = [html.unescape(output) for block, (_, output) in both if not block.fence.prefix]
        assert expected
    assert printed == expected
    assert list(tmp_path.iterdir()) == []


def test_a_chapter_is_one_notebook_with_its_pages_in_the_order_of_its_first(pages, tmp_path):
    book = nbformat.read(file_of(pages, "zh", "drills/index.md"), as_version=4)
    first = SOURCES.pages["zh"][PurePosixPath("drills/index.md")]
    titles = re.findall(r"^\| \[(.*?)\]\([\w-]+\.md\)", first, re.M)
    prose = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    assert [title[1] for text in prose for title in re.finditer("^# (.*)$", text, re.M)] == titles and len(titles) == 20
    nbclient.NotebookClient(book, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    said = [cell.outputs[0].text for cell in book.cells if cell.cell_type == "code"]
    assert len(said) == 20 and all("还没写" in text and "- " not in text for text in said)


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_offers_its_notebook_with_its_prose_and_equations(pages, lang):
    for path, text in SOURCES.pages[lang].items():
        book = nbformat.read(file_of(pages, lang, str(path)), as_version=4)
        nbformat.validate(book)
        prose = "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
        assert re.search(r"^# (.*)$", prose, re.M)[1] in text
        wanted = [f.latex for f in scan(text).formulas if f.display]
        assert [f.latex for f in scan(prose).formulas if f.display] == wanted, path
        for trace in ("{{", "```snippet", "<figure", "<data", "!!!", "???", "{#", "application/ld+json", ".md)"):
            assert trace not in prose, f"{path}: {trace}"
        for link in [link.target for link in scan(prose).links]:
            assert link.startswith("http"), f"{path}: {link}"


def test_colab_opens_notebooks_from_github_and_is_not_offered_without():
    path = PurePosixPath("rnn/detect.md")
    address = "https://colab.research.google.com/github/someone/lstm/blob/notebooks/zh/rnn/detect.ipynb"
    assert address in notebooks.links(path, WORDS["zh"], "https://github.com/someone/lstm")
    assert "Colab" not in notebooks.links(path, WORDS["zh"], "")


@pytest.mark.parametrize("lang", LANGS)
def test_each_block_offers_its_program(site, pages, lang):
    folder = site if lang == "zh" else site / "en"
    for name, snippet in SOURCES.snippets.items():
        assert (folder / f"programs/{name}.py").read_text(encoding="utf-8") == snippet.source(lang)
    for path, text in SOURCES.pages[lang].items():
        target = folder / address(path) / "index.html"
        made = target.read_text(encoding="utf-8")
        offered = re.findall(r'<a class="program"[^>]*href="[./]*programs/([\w/]+)\.py"', made)
        assert offered == [block.name for block in named(text, str(path), "snippet")], path
        assert re.search(r'href="[./]*notebooks/[\w/-]+\.ipynb"', made), path


# -- the labs as pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LABS)
@pytest.mark.parametrize("lang", LANGS)
def test_a_lab_is_a_page_like_the_others(site, results, lang, name):
    folder = site if lang == "zh" else site / "en"
    text = (folder / name / "index.html").read_text(encoding="utf-8")
    article = re.search(r"<article.*?</article>", text, re.S)[0]
    headings = re.findall(r'<h([1-6]) id="([^"]+)">', article)
    assert [level for level, _ in headings].count("1") == 1 and len(headings) >= 4
    assert len({name for _, name in headings}) == len(headings)
    for _, anchor in headings[1:]:
        assert f'href="#{anchor}"' in text.replace(article, ""), "the table of contents names every section"
    assert text.count('<figure class="plot"') == len(results[name, lang].figures) > 0
    assert "<style" not in article and "<script" not in article and "cdnjs" not in text
    assert len(text) < 250_000, "the notebook's own 570 kB of style are gone"
    assert '<div class="language-python highlight">' in article and "In [" not in article
    if scan("".join(cell[lang] for cell in LABS[name].cells if isinstance(cell, dict))).formulas:
        assert "<math" in article and "$" not in re.sub(r"<[^>]+>", "", article.split("<figure")[0]).split("def ")[0]
    assert "Error" not in re.sub(r"<code>.*?</code>", "", article, flags=re.S)
    index = json.loads((folder / "search/index.json").read_text(encoding="utf-8"))["docs"]
    assert any(entry["location"].startswith(f"{name}/#") for entry in index)


# -- reading a lab -----------------------------------------------------------------------------------------

LAB = """\
# %% [markdown] en
# # Title
#
# Some text.
# %% [markdown] zh
# # 标题
#
# 一些文字，
# 分成两行。
# %%
import numpy as np
# include lstm/backward: sigmoid as gate
x = gate(np.zeros(2))
# %%
# why
#zh 为什么
print(x)
"""


def parse(text):
    return lab_source.parse(text, "labs/x", "snippets/labs/x.py", SOURCES.snippets)


def test_a_lab_has_cells_in_two_languages():
    lab = parse(LAB)
    assert lab.cells == ({"en": "# Title\n\nSome text.", "zh": "# 标题\n\n一些文字，分成两行。"}, 0, 1)
    first, second = lab.code("en")
    assert "def gate(z):" in first and first.endswith("x = gate(np.zeros(2))")
    assert second == "# why\nprint(x)" and lab.code("zh")[1] == "# 为什么\nprint(x)"
    assert notebooks.description(lab, "en") == "Some text."


BROKEN = [
    ("lstm/backward: sigmoid", "lstm/none: sigmoid", 12, "no snippet lstm/none.py"),
    ("backward: sigmoid", "backward: softmax", 12, "no function 'softmax'"),
    ("[markdown] zh", "[markdown] fr", 5, "names its language"),
    ("# Some text.", "Some text.", 4, "begins with #"),
    ("#zh 为什么\n", "", 15, "without its Chinese twin"),
    ("# %% [markdown] zh\n# # 标题\n#\n# 一些文字，\n# 分成两行。\n", "", 2, "no twin in the other language"),
]


@pytest.mark.parametrize("old, new, line, reason", BROKEN)
def test_a_broken_lab_is_told_with_its_line(old, new, line, reason):
    problems = refused(parse, replaced(LAB, old, new))
    assert (line, True) in [(p.line, reason in p.reason) for p in problems], problems


def test_a_cell_that_draws_and_does_not_say_what_is_named_with_its_first_line():
    drew = Result("", (Figure("1", "<svg ></svg>"),), {}, 0.0, (("", 0), ("", 1)))
    (problem,) = refused(notebooks.lab_to_show, parse(LAB), WORDS["zh"], drew, {}, "")
    assert (problem.path, problem.line) == ("snippets/labs/x.py", 15) and "say what it shows" in problem.reason


# -- a lab as a page and as a notebook, without running it --------------------------------------------------

LINKS = "see [gates](../lstm/gates.md#why), [more](race.ipynb) and [a](https://example.org/a.md)."
DRAWN = LAB.replace("# Some text.", f"# It is $x_1$; {LINKS}").replace("# 一些文字，", f"# 见 $x_1$，{LINKS}")
DRAWN += "# The figure: two lines\n# that cross.\n#zh 图：两条线相交。\ny = 2\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><svg /></svg>'
RESULT = Result("one\n", (Figure("1", SVG), Figure("2", SVG)), {}, 0.1, (("one\n", 0), ("", 2)))
MATHS = {("x_1", False): "<b>x1</b>"}


@pytest.mark.parametrize(
    "lang, alt, said", [("en", "two lines that cross.", "open in Colab"), ("zh", "两条线相交。", "在 Colab 中打开")]
)
def test_a_lab_is_shown_with_its_outputs_figures_and_formulas(lang, alt, said):
    lab = parse(DRAWN)
    book = json.loads(notebooks.lab_to_show(lab, WORDS[lang], RESULT, MATHS, "https://github.com/o/r"))
    nbformat.validate(nbformat.from_dict(book))
    text, one, two, last = book["cells"]
    assert "<b>x1</b>" in text["source"] and "](../../lstm/gates" in text["source"] and "gates.md" not in text["source"]
    assert one["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "one\n"}]
    figures = [output["data"]["text/html"] for output in two["outputs"]]
    assert len(figures) == 2 and all(figure.count(f'<svg role="img" aria-label="{alt}"') == 1 for figure in figures)
    assert one["source"] == lab.code(lang)[0] and "The figure" not in lab.code("zh")[1]
    assert '<a href="../../notebooks/labs/x.ipynb" download="">' in last["source"] and said in last["source"]
    assert f"https://colab.research.google.com/github/o/r/blob/notebooks/{lang}/labs/x.ipynb" in last["source"]
    assert notebooks.first_alt(lab, WORDS[lang], RESULT) == alt
    plain = json.loads(notebooks.lab_to_show(lab, WORDS[lang], RESULT, MATHS, ""))
    assert "Colab" not in plain["cells"][-1]["source"]


def test_a_lab_to_take_along_has_no_outputs_and_its_formulas_in_latex():
    book = json.loads(notebooks.lab_to_take_along(parse(DRAWN), "en", "H/"))
    text, *code = book["cells"]
    assert "$x_1$" in text["source"]
    links = [link.target for link in scan(text["source"]).links]
    assert links == ["H/lstm/gates/#why", "H/labs/race/", "https://example.org/a.md"]
    assert len(code) == 2 and all(cell["outputs"] == [] for cell in code)


def test_the_cards_of_a_page_are_sections_of_its_notebook():
    text = '# T\n\n<details class="card" markdown="1">\n<summary markdown="span">Q?</summary>\n\nA.\n\n</details>\n\n??? note "More"\n    In.\nOut.\n'
    text += '\n<figure class="plot" x>\n<svg></svg>\n</figure>\n\n## S {#s}\n\nIt is <data value="1" title="t">1</data>.\n\n```python\nprint(1)\n```\n\n'
    text += "<!--pytest-codeblocks:expected-output-->\n\n```text\n1\n```\n\n[p](../a.md)\n"
    cells = json.loads(notebooks.page_to_take_along(text, PurePosixPath("b/c.md"), "en", "H/"))["cells"]
    one, code, last = (cell["source"] for cell in cells)
    blocks = [block.strip("\n") for block in re.split(r"\n{2,}", one)]
    assert blocks == ["# T", "### Q?", "A.", "> **More**\n>\n> In.\nOut.", "## S", "It is 1."]
    assert code == "print(1)" and last == "[p](H/a/)"

"""`python -m sitebuild check` says, in seconds, what a build would say, and what the house rules ask."""

import re
import time

import pytest
import scratch
from broken import CASES, CODE, EN, ZH, add, append, both, in_both_pages, replace
from conftest import ROOT
from scratch import run

from sitebuild import LANGS
from sitebuild.base import words
from sitebuild.check import anchors_of, check
from sitebuild.pages.links import address
from sitebuild.programs import runner
from sitebuild.sources import style
from sitebuild.sources.project import Project, survey

BOXES = {lang: style.boxes(words.read(ROOT, lang)) for lang in LANGS}  # of the short answer, of the mistake
PAGE = {
    "zh": """\
---
description: 一个只为测试而写的页面，说的是一步一步减半的数列为什么会变得这么小，要多少步。
---

# 为什么会变小？

{answer}

## 实验

第 $n$ 步的值是 {{{{ a/halve:last:.4f }}}}，见[下一页](more.md#again)。

```snippet a/halve.py
每一步减半。
```

!!! mistake "常见误解"
    以为会变成零。

**接着读：** [下一页](more.md)
""",
    "en": """\
---
description: A page for the tests only, about a sequence that is halved step by step, and how small it gets.
---

# Why does it get small?

{answer}

## Experiment

The value of step $n$ is {{{{ a/halve:last:.4f }}}}, see the [next page](more.md#again).

```snippet a/halve.py
Each step halves it.
```

!!! mistake "Common mistake"
    To think that it gets zero.

**Read on:** [next page](more.md)
""",
}


def box(lang):
    return f"{BOXES[lang][0]}\n    {'每步减半。' if lang == 'zh' else 'It is halved.'}"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A project that keeps every rule."""
    folder = scratch.make(tmp_path_factory.mktemp("kept"))
    for lang, text in PAGE.items():
        (folder / f"docs/{lang}/index.md").write_text(text.format(answer=box(lang)), encoding="utf-8")
        more = re.sub(r"\]\(more\.md(#again)?\)", "](index.md)", text.format(answer=box(lang)))
        more = re.sub(r"```snippet.*?```\n", "", more, flags=re.S).replace("\n## ", "\n## Again\n\n## ", 1)
        (folder / f"docs/{lang}/more.md").write_text(more, encoding="utf-8")
    table = "\n## 词\n\n| a | b | c |\n| --- | --- | --- |\n| [{}](../index.md) | {} | {} |\n"
    row = {"zh": ("细胞状态", "cell state", "单元状态、记忆元"), "en": ("cell state", "细胞状态", "unit memory")}
    for lang in LANGS:
        text = PAGE[lang].format(answer=box(lang)).replace("](more.md", "](../more.md")
        text = re.sub(r"```snippet.*?```\n", table.format(*row[lang]), text, flags=re.S)
        add(f"docs/{lang}/reference/glossary.md", text)(folder)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        replace(name, "[index.md, more.md]", "[index.md, more.md, Words: [reference/glossary.md]]")(folder)
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project of tests/adapter/test_bad_input.py: it builds, though it keeps no house rule."""
    return scratch.make(tmp_path_factory.mktemp("project"))


def said(folder, change=None, **options):
    """What a check says after `change`; then every source is put back."""
    with scratch.kept(folder):
        if change:
            change(folder)
        problems, waiting = check(Project(folder), **options)
        return "\n".join(map(str, problems)), waiting


def test_nothing_is_wrong_with_this_site_and_that_is_said_within_15_seconds(pages):
    """`pages` has run every program. CPU time of this process: it does the work, and other tests share the cores."""
    started = time.process_time()
    assert check(Project(ROOT)) == ([], [])
    assert time.process_time() - started < 15


def test_nothing_is_wrong_with_a_project_that_keeps_the_rules(kept):
    assert said(kept) == ("", [])


@pytest.mark.parametrize("case", CASES)
def test_whatever_stops_a_build_is_told(case, project):
    change, expected = CASES[case]
    told, _ = said(project, change)
    if case == "a page outside the navigation":  # MkDocs has words of its own for it
        expected = [f"mkdocs{one}.yml: docs/{one[1:] or 'zh'}/new.md is not in the navigation" for one in ("", ".en")]
    for part in expected:
        assert part in told, told


SECOND = both(append(ZH, "\n## 再来 {#more}\n"), append(EN, "\n## More {#more}\n"))
HOUSE = {
    "no description": (replace(ZH, "---\ndescription", "---\ntitle"), [f"{ZH}:1: a page begins with '---', 'description"]),
    "a description that says nothing": (
        replace(EN, re.search("description: (.*)", PAGE["en"])[1], "A page."), [f"{EN}:1: a page begins", "30 characters"],
    ),
    "no title": (both(replace(ZH, "# 为什么", "为什么"), replace(EN, "# Why", "Why")), [f"{EN}:4: a page has a title"]),
    "no short answer": (replace("docs/zh/more.md", BOXES["zh"][0], '!!! note "答"'), ["docs/zh/more.md:7: the short answer comes first"]),
    "a short answer below something else": (
        replace("docs/en/more.md", BOXES["en"][0], "First this.\n\n" + BOXES["en"][0]), ["docs/en/more.md:7: the short answer"],
    ),
    "no common mistake": (replace(ZH, BOXES["zh"][1], '!!! note "误"'), [f"{ZH}:21: a page ends with a box: {BOXES['zh'][1]}"]),
    "a section after the common mistake": (SECOND, [f"{ZH}:23: nothing but 'Read on' comes after the common mistake (line 18)"]),
    "a number in a program's notation": (in_both_pages("\nIt is 1.2e-5.\n"), [f"{EN}:23: a measured number is quoted", "not typed: 1.2e-5"]),
    "half-width punctuation": (append(ZH, "\n减半,再减半。\n"), [f"{ZH}:23: half-width punctuation", "…减半,再减半。…"]),
    "half-width brackets": (append(ZH, "\n减半(再减半)。\n"), [f"{ZH}:23: half-width punctuation"]),
    "quotation marks of another kind": (append(ZH, "\n说「减半」。\n"), [f"{ZH}:23: quotation marks are “ and ”: …说「减半」"]),
    "no space beside a Latin word": (append(ZH, "\n用LSTM 减半。\n"), [f"{ZH}:23: no space between", "…用LSTM 减半…"]),
    "a name of other books": (append(ZH, "\n单元状态减半。\n"), [f"{ZH}:23: says '单元状态'", "says '细胞状态'"]),
    "a name of other books, in a program": (replace(CODE, "一直减半", "记忆元减半"), [f"{CODE}:5: says '记忆元'"]),
    "a name of other books, in English": (append(EN, "\nUnit memory is halved.\n"), [f"{EN}:23: says 'unit memory'"]),
    "a program that ends a block and goes on": (append(CODE, "for k in steps:\n    k\nk\n"), [f"{CODE}:16: no blank line above, where a block ends"]),
    "a program with a blank line in a block": (append(CODE, "for k in steps:\n\n    k\n"), [f"{CODE}:15: a blank line inside a block"]),
    "a character that Chinese fonts lack": (replace(CODE, '"步数"', '"步数 h₁"'), [f"{CODE}:12: Chinese fonts lack '₁'"]),
    "a character that consoles cannot print": (replace(CODE, "last = {last", "2⁻⁴ = {last"), [f"{CODE}: prints '⁻', which consoles"]),
    "navigation to nowhere": (replace("mkdocs.yml", "more.md,", "more.md, gone.md,"), ["mkdocs.yml:13: the navigation lists gone.md"]),
    "a configuration that is no YAML": (replace("mkdocs.en.yml", "nav: [", "nav: [["), ["mkdocs.en.yml:", "not YAML"]),
}  # fmt: skip


@pytest.mark.parametrize("case", HOUSE)
def test_a_broken_house_rule_is_told(case, kept):
    change, expected = HOUSE[case]
    told, _ = said(kept, change)
    for part in expected:
        assert part in told, told


def test_markup_is_not_judged_as_prose(kept):
    text = "\n用 `a,b(LSTM)`、$x=1.2e-5$、[页](more.md#再来x)、<em>重</em>，“减半”。\n\n```text\n减半,1.2e-5\n```\n"
    told, _ = said(kept, replace("docs/zh/more.md", "\n## 实验", f"{text}\n## 实验"))
    assert [line for line in told.splitlines() if "differ" not in line and "dead link" not in line] == []


def test_everything_is_told_at_once(kept):
    """One broken file does not hide what is wrong with the others, and is not told of twice in other words."""
    change = both(
        append(CODE, "# alone\n"),
        add("snippets/labs/draft.py", "# %% [markdown] en\nno mark\n# %%\nx = 1\n"),
        append("docs/zh/more.md", "\n见[别处](none.md)。\n"),
        append("docs/en/reference/glossary.md", "\nIt costs $\\nosuch$.\n"),
    )
    told, _ = said(kept, change)
    assert "an English comment without its Chinese twin" in told
    assert "a line of a text cell begins with #" in told and "no twin in the other language" in told
    assert "docs/zh/more.md" in told and "dead link 'none.md'" in told
    assert "docs/en/reference/glossary.md" in told and "KaTeX refuses" in told
    assert "there is no snippet" not in told and "this snippet is on no page" not in told, told


@pytest.mark.parametrize("near, link", [("more.md", "mroe.md"), ("again", "more.md#agian")])
def test_a_dead_link_is_told_with_what_may_have_been_meant(kept, near, link):
    told, _ = said(kept, append("docs/en/index.md", f"\n[x]({link})\n"))
    assert f"docs/en/index.md:23: dead link {link!r}" in told and f"the nearest is {near}" in told


def test_a_dead_link_in_a_lab_is_told_with_its_line(kept):
    lab = "# %% [markdown] en\n# # A lab\n#\n# [x](../none.md)\n# %% [markdown] zh\n# # 实验\n#\n# [x](../none.md)\n# %%\nx = 1\n"
    told, waiting = said(kept, add("snippets/labs/draft.py", lab))
    assert "snippets/labs/draft.py:4: dead link '../none.md'" in told and "snippets/labs/draft.py:8: dead link" in told
    assert "snippets/labs/draft.py is not in the navigation: list labs/draft.ipynb" in told
    assert waiting == ["labs/draft"], "a lab takes minutes: it is not run here, and that is said"


def test_a_lab_that_ran_and_does_not_say_what_it_draws_is_told(kept):
    lab = "# %% [markdown] en\n# # A\n#\n# b\n# %% [markdown] zh\n# # 甲\n#\n# 乙\n# %%\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
    with scratch.kept(kept):
        add("snippets/labs/draft.py", lab)(kept)
        project = Project(kept)
        runner.run([one.program for one in survey(project)[0].labs.values()], LANGS, project.cache)
        problems, waiting = check(project, run=False)
    assert ("snippets/labs/draft.py", 10) in [(p.path, p.line) for p in problems if "say what it shows" in p.reason]
    assert "labs/draft" not in waiting


def test_a_program_runs_once_and_not_at_all_if_nobody_asked(tmp_path):
    project = scratch.make(tmp_path)
    ran = []
    told, waiting = said(project, run=False, report=lambda *job: ran.append(job))
    assert waiting == ["a/halve"] and ran == []
    assert "quoted" not in told and "a/halve" not in told, "what has no result is not judged"
    for expected in (2, 2):  # one program in two languages, the first time
        said(project, report=lambda *job: ran.append(job))
        assert len(ran) == expected


def test_anchors_are_those_that_the_site_has(pages, site):
    """Ours are computed from headings; the built page has them, and each that a table of contents leads to is ours."""
    for lang, folder in (("zh", site), ("en", site / "en")):
        for path, text in pages.built.pages[lang].items():
            made = folder / address(path) / "index.html"
            content = made.read_text(encoding="utf-8")
            ours = anchors_of(text)
            assert all(f'id="{anchor}"' in content for anchor in ours), path
            assert set(re.findall(r'class="headerlink" href="#([^"]+)"', content)) <= ours, path


def test_the_command_says_what_is_wrong_and_fails(tmp_path):
    project = scratch.make(tmp_path)
    append(EN, "\n[x](none.md)\n")(project)
    done = run("sitebuild", "check", cwd=project)
    assert done.returncode == 1 and f"{EN}:19: dead link 'none.md'" in done.stderr and "Traceback" not in done.stderr
    assert re.fullmatch(r"sources: \d+ to mend\n", done.stdout)

"""Every code block on every page is a complete program that prints what the page shows."""

import functools
import os
import re
import subprocess
import sys

import pytest
from browsing import programs
from conftest import ROOT

from sitebuild import LANGS
from sitebuild.sources import snippet
from sitebuild.sources.blocks import named
from sitebuild.sources.project import Project, load

SOURCES = load(Project(ROOT))
ENVIRONMENT = {**os.environ, "MPLBACKEND": "template", "PYTHONIOENCODING": "utf-8"}
# At the prompt, Python shows the value of each expression: the list of lines that plt.plot returns, and such.
SILENT = "import sys; sys.displayhook = lambda value: None\n"
# Both languages are one program (below): each runs here in one of them, by turns, and weekly in the other.
SHOWN = [
    pytest.param(lang, path, number, marks=() if (count + (lang == "en")) % 2 else pytest.mark.weekly)
    for lang in LANGS
    for count, (path, number) in enumerate(
        (path, number)
        for path, text in SOURCES.pages[lang].items()
        for number, _ in enumerate(named(text, str(path), "snippet"))
    )
]


@pytest.mark.parametrize("lang, path, number", SHOWN, ids=lambda part: str(part))
def test_a_block_pasted_into_pythons_prompt_prints_what_the_page_shows(pages, lang, path, number, tmp_path):
    """Line by line, as a terminal does; and draws without a complaint, in a Chinese font where there is one."""
    code, expected = programs(pages.built.pages[lang][path])[number]
    backend = "module://drawing" if lang == "en" or chinese_fonts() else "template"
    done = subprocess.run(
        [sys.executable, "-s", "-q", "-X", "utf8", "-i"], input=SILENT + code, cwd=tmp_path,
        env={**ENVIRONMENT, "MPLBACKEND": backend, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.sub(r">>> |\.\.\. ", "", done.stderr).strip() == ""
    assert done.stdout == expected
    assert list(tmp_path.iterdir()) == []


@functools.cache
def chinese_fonts():
    """The fonts of Chinese programs that this machine has."""
    from matplotlib import font_manager

    named = re.findall('"([^"]+)"', "".join(snippet.FONT_STATEMENT[1:]))
    return {font.name for font in font_manager.fontManager.ttflist} & {*named} - {"DejaVu Sans"}


def test_chinese_programs_draw_in_a_chinese_font():
    if not chinese_fonts() and not os.environ.get("CI"):
        pytest.skip("no Chinese font that Matplotlib sees: apt-get install fonts-noto-cjk")
    assert chinese_fonts(), "CI is set, but no Chinese font is installed: apt-get install fonts-noto-cjk"


@pytest.mark.parametrize("turn", [0, pytest.param(1, marks=pytest.mark.weekly)])
def test_pytest_codeblocks_runs_every_python_fence(pages, tmp_path, turn):
    """Unchanged, over the expanded pages, each in one language by turns, and the READMEs; none skipped."""
    fences = 0
    for lang in LANGS:
        for count, (path, text) in enumerate(pages.built.pages[lang].items(), lang == "en"):
            if count % 2 != turn:
                continue
            file = tmp_path / lang / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            fences += len(re.findall(r"^ *`{3,}[^\w\n]*(?:py|sh|bash)", text, re.M))
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
        found = len(re.findall(r"^ *`{3,}[^\w\n]*(?:py|sh|bash)", text, re.M))
        assert found > 0, f"{name} shows at least one program"
        fences += found
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--codeblocks", "-p", "no:cacheprovider", "--rootdir", str(tmp_path),
         "-c", str(tmp_path / "pytest.ini"), str(tmp_path)],
        cwd=ROOT, env={**ENVIRONMENT, "PATH": path}, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:]
    summary = done.stdout.splitlines()[-1]
    assert re.match(rf"{fences} passed", summary) and "skipped" not in summary, summary


def test_no_fence_escapes_pytest_codeblocks(pages):
    for lang in LANGS:
        for path, text in pages.built.pages[lang].items():
            for info in re.findall(r"^ *`{3,}(\S.*)$", text, re.M):
                assert info in ("python", "text"), f"{lang}/{path}: {info}"


def test_both_languages_are_one_program(pages):
    for source in pages.sources.snippets.values():
        assert snippet.skeleton(source.source("zh")) == snippet.skeleton(source.source("en"))

"""Formulas are found, typeset once, and pass through Markdown unchanged."""

import base64
import io
import re

import markdown as python_markdown
import pytest
from conftest import ROOT, refused
from fontTools.ttLib import TTFont
from mkdocs.config import load_config

from sitebuild.base import node
from sitebuild.base.html_elements import elements
from sitebuild.base.markdown import scan
from sitebuild.pages import formulas
from sitebuild.sources import page

KATEX = ROOT / "node_modules/katex"


@pytest.mark.parametrize("text, line", [("a\n\n$$\nx\n", 3), ("$$\nx\n$$\n\n$$ y", 5), ("$$\nx\n\ny\n$$", 1)])
def test_an_open_display_formula_is_named_with_its_line(text, line):
    (problem,) = refused(page.formulas, text, "p")
    assert str(problem).startswith(f"p:{line}: a formula begun with")


def test_katex_gives_html_with_mathml_once(tmp_path, monkeypatch):
    wanted = [("x^2", False), (r"\frac{1}{2}", True), (r"x \text{ 中文}", False)]
    rendered = formulas.render(wanted, tmp_path, KATEX)
    assert list(rendered) == wanted and all("<math" in html and "katex-html" in html for html in rendered.values())
    assert ["katex-display" in html for html in rendered.values()] == [False, True, False]
    monkeypatch.setattr(node.subprocess, "run", None)
    assert formulas.render(wanted, tmp_path, KATEX) == rendered, "what is typeset needs no Node"


def test_all_refused_formulas_are_told_with_the_reason(tmp_path):
    with pytest.raises(formulas.RefusedFormulasError) as caught:
        formulas.render([(r"\nosuch", False), ("x", False), (r"\frac{1}", True), ("中", False)], tmp_path, KATEX)
    assert set(caught.value.errors) == {(r"\nosuch", False), (r"\frac{1}", True), ("中", False)}
    assert "nosuch" in caught.value.errors[r"\nosuch", False]


def test_a_missing_katex_says_what_to_do(tmp_path):
    (problem,) = refused(formulas.render, [("x", False)], tmp_path, tmp_path / "node_modules/katex")
    assert str(problem).startswith("node_modules: KaTeX is not installed: run `make setup`")


def site_markdown(text):
    config = load_config(str(ROOT / "mkdocs.yml"))
    return python_markdown.markdown(text, extensions=config.markdown_extensions, extension_configs=config.mdx_configs)


HARD = r"\bar{z}_i * \underbrace{a_1 \cdot a_2}_{k} \left| x \right| \le [0, 1] \{\hat{y}\} \# \mathbb{E}[x^*_t]"


@pytest.mark.parametrize(
    "page",
    [
        "text $F$ and *more* text",
        "- item $F$\n- other",
        "| a | b |\n| --- | --- |\n| $F$ | c |",
        '!!! note "title"\n    inside $F$\n\n    $$\n    F\n    $$\n',
        "## head $F$\n\ntext",
        "[link $F$](https://example.org)",
        "**bold $F$**",
        "$$\nF\n$$",
    ],
)
def test_markdown_passes_a_formula_through_unchanged(page, tmp_path):
    page = page.replace("F", HARD)
    wanted = [(f.latex, f.display) for f in scan(page).formulas]
    rendered = formulas.render(wanted, tmp_path, KATEX)
    html = site_markdown(formulas.typeset(page, rendered))
    for key in wanted:
        expected = re.sub(r"<annotation .*?</annotation>", "", rendered[key])
        made, plain = (re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), text) for text in (html, expected))
        assert plain.replace("\n", " ") in made
    assert html.count("<bdi ") == html.count("</bdi>") == len(wanted)
    assert "<em>" not in html.replace("<em>more</em>", "")


def test_a_short_formula_keeps_the_punctuation_that_follows(tmp_path):
    rendered = formulas.render([("x", False), ("a+b=c+d=e+f", False)], tmp_path, KATEX)
    assert re.search(r'<span class="math-kept"><bdi .*</bdi>，</span>再', formulas.typeset("$x$，再", rendered))
    assert "math-kept" not in formulas.typeset("$x$ 再", rendered)
    assert "math-kept" not in formulas.typeset("$a+b=c+d=e+f$，再", rendered)


def test_only_the_fonts_that_are_used_are_served(tmp_path):
    def served(*latex):
        rendered = formulas.render([(one, False) for one in latex], tmp_path, KATEX).values()
        files = formulas.stylesheet_and_fonts(KATEX, tmp_path, rendered)
        css = files.pop("katex.min.css").decode()
        names = {path.removeprefix("fonts/") for path in files}
        assert set(re.findall(r"url\(fonts/([^)]+)\)", css)) == names
        inside = re.findall(r"@font-face\{([^}]*)url\(data:font/woff2;base64,[\w+/=]+\)", css)
        families = {re.search(r"font-family:\"?(KaTeX_\w+)", face)[1] for face in inside}
        assert css.count("@font-face") == len(inside) + len(names)
        return families, names

    assert served("x + 1") == ({"KaTeX_Main", "KaTeX_Math"}, set())
    sizes = {f"KaTeX_Size{n}" for n in (1, 2, 3)}
    assert served(r"\big( \Big( \bigg(") == ({"KaTeX_Main", *sizes}, set()), "what most pages need comes with the sheet"
    assert served(r"\mathbb{E} \big(") == ({"KaTeX_Main", "KaTeX_Size1"}, {"KaTeX_AMS-Regular.woff2"})


def test_a_font_holds_only_the_characters_that_are_used(tmp_path):
    def characters(font):
        return {chr(point) for table in TTFont(io.BytesIO(font))["cmap"].tables for point in table.cmap}

    rendered = formulas.render([(r"ab+1 \mathbb{E} \mathrm{FGH}", False)], tmp_path, KATEX).values()
    files = formulas.stylesheet_and_fonts(KATEX, tmp_path, rendered)
    faces = re.findall(r'font-family:"?(KaTeX_\w+)[^}]*base64,([^)]+)\)', files["katex.min.css"].decode())
    found = {family: characters(base64.b64decode(data)) for family, data in faces}
    assert found == {"KaTeX_Math": {"a", "b"}, "KaTeX_Main": set("+1FGH")}
    assert characters(files["fonts/KaTeX_AMS-Regular.woff2"]) == {"E"}


def test_latex_reaches_the_page_as_it_is_written():
    latex = r'a_1 < b^* & |x| \\ [c]! "d"' + "\ne"
    text = formulas.typeset(f"| a |\n| - |\n| ${latex.splitlines()[0]}$ |\n\n$$\n{latex}\n$$\n", dict.fromkeys(
        [(latex.splitlines()[0], False), (latex, True)], "<b>x</b>"))  # fmt: skip
    made = python_markdown.markdown(text, extensions=["tables", "attr_list", "md_in_html"])
    assert [one.attributes["data-tex"] for one in elements(made) if one.name == "bdi"] == [latex.splitlines()[0], latex]

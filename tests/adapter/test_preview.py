"""`mkdocs serve`: what was edited is seen, and nothing else is made anew; what stands in every page rebuilds all."""

import re
import time
import urllib.request

import pytest
import scratch
from preview import seen_after, serving, wait_for

from sitebuild.finish import offline_zip

WHOLE = "Building documentation..."


class Preview:
    def __init__(self, project, home, log):
        self.project, self.home, self.log = project, home, log

    def edit(self, file, old, new, address="", shown=None):
        """Edit, wait until `address` shows the new text, and give what the server said since."""
        before = len(self.log.read_text(encoding="utf-8"))
        seen_after(self.project / file, old, new, self.home + address, shown or new)
        self.settle()
        return self.log.read_text(encoding="utf-8")[before:]

    def settle(self):
        """Wait until the server has told the browsers of all that it has built."""
        for _ in range(600):
            said = self.log.read_text(encoding="utf-8")
            told = said.count("Reloading browsers") + said.count("An error happened")
            if told == said.count("Detected file changes"):
                return
            time.sleep(0.05)
        raise TimeoutError(said)


@pytest.fixture(scope="module")
def preview(tmp_path_factory):
    project = scratch.make(tmp_path_factory.mktemp("preview") / "project")
    log = project.parent / "log"
    with serving(project, log) as home:
        wait_for(home + "en/", "last = 0.0625")  # the program has run beside it
        preview = Preview(project, home, log)
        preview.settle()
        yield preview


def test_a_preview_keeps_nothing_and_offers_no_zip(preview):
    for path in ("", "en/"):
        with urllib.request.urlopen(preview.home + path) as answer:
            text = answer.read().decode("utf-8")
        assert "</html>" in text and not any(one in text for one in ("keep.js", "manifest", offline_zip.ZIP))


def rebuilt(said):
    return re.findall(r"Rebuilding (\S+)", said)


def test_an_edited_sentence_rebuilds_its_page_in_its_language_and_no_other(preview):
    said = preview.edit("docs/en/more.md", "A forget gate.", "A forget gate of its own.", "en/more/")
    assert rebuilt(said) == ["docs/en/more.md"] and WHOLE not in said


def test_a_formula_and_a_figure_stand_where_they_stood(preview):
    said = preview.edit("docs/en/index.md", "The value of step", "This is the value of step", "en/")
    assert rebuilt(said) == ["docs/en/index.md"] and WHOLE not in said
    (preview.project / "docs/en/more.md").touch()  # a change that changes nothing
    again = wait_for(preview.home + "en/", 'class="katex"'), wait_for(preview.home + "en/", "<svg")
    assert max(again) < 5


def test_an_edited_program_shows_its_new_output_in_both_languages(preview):
    said = preview.edit("snippets/a/halve.py", 'f"last = {', 'f"the last is {', "", "the last is 0.0625")
    assert sorted(rebuilt(said)) == ["docs/en/index.md", "docs/zh/index.md"] and WHOLE not in said
    wait_for(preview.home + "en/", "the last is 0.0625")
    wait_for(preview.home + "programs/a/halve.py", "the last is")  # the file to download


def test_what_is_wrong_is_said_once_mended_it_is_seen(preview):
    page = preview.project / "docs/zh/more.md"
    before = len(preview.log.read_text(encoding="utf-8"))
    page.write_text(page.read_text(encoding="utf-8") + "\n{{ a/halve nothing }}\n", encoding="utf-8")
    for _ in range(400):
        said = preview.log.read_text(encoding="utf-8")[before:]
        if "An error happened" in said:
            break
        time.sleep(0.05)
    assert "docs/zh/more.md:7: not a quoted value" in said and "Traceback" not in said
    preview.edit("docs/zh/more.md", "\n{{ a/halve nothing }}\n", "\n好了。\n", "more/", "好了。")


def test_a_title_stands_in_every_page_so_all_are_rebuilt(preview):
    said = preview.edit("docs/en/more.md", "# What more?", "# What else is there?", "en/", "What else is there?")
    assert WHOLE in said


def test_a_template_changes_every_page(preview):
    block = "{% block extrahead %}"
    said = preview.edit("overrides/main.html", block, block + "<!-- anew -->", "en/more/", "<!-- anew -->")
    assert WHOLE in said


def test_a_new_page_and_a_new_picture_are_there(preview):
    docs = preview.project / "docs"
    for lang in ("zh", "en"):
        (docs / lang / "new.md").write_text("# New\n\nJust written.\n", encoding="utf-8")
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        scratch.edit(preview.project / name, "more.md]", "more.md, new.md]")
    wait_for(preview.home + "en/new/", "Just written.")
    for text in ("first", "second"):
        (docs / "zh/note.txt").write_text(text, encoding="utf-8")
        wait_for(preview.home + "note.txt", text)


def test_pages_are_shown_before_their_programs_have_run(tmp_path):
    project = scratch.make(tmp_path / "project")
    program = project / "snippets/a/halve.py"
    scratch.edit(program, "import numpy as", "import time\n\nimport numpy as")
    scratch.edit(program, "plt.show()", "time.sleep(6)\nplt.show()")
    with serving(project, tmp_path / "log") as home:
        with urllib.request.urlopen(home + "en/") as answer:
            first = answer.read().decode("utf-8")
        assert "This program has not run yet" in first and "Each step halves it." in first and "0.0625" not in first
        wait_for(home, "last = 0.0625")
        wait_for(home + "en/", "last = 0.0625")
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")

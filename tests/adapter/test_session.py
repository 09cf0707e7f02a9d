"""What the preview decides: without MkDocs's own building (tests/adapter/test_preview.py has that)."""

import os
import sys
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import jinja2
import pytest
from mkdocs.exceptions import Abort, BuildError
from mkdocs.livereload import LiveReloadServer

from sitebuild import LANGS
from sitebuild.adapter import preview, second_language, templates
from sitebuild.base import placeholders, store
from sitebuild.sources.project import Project

PAGE, OTHER = PurePosixPath("a.md"), PurePosixPath("b.md")


def test_a_process_is_copied_on_linux_only():
    assert (sys.platform == "linux") == second_language.POSSIBLE


def test_a_template_is_compiled_once_and_again_when_it_is_damaged_or_edited(tmp_path, monkeypatch):
    compiled, compile_ = [], jinja2.Environment._compile
    monkeypatch.setattr(jinja2.Environment, "_compile", lambda *asked: compiled.append(asked) or compile_(*asked))

    def rendered(text):
        env = jinja2.Environment(
            loader=jinja2.DictLoader({"a.html": text}), bytecode_cache=templates.Compiled(tmp_path)
        )
        return env.get_template("a.html").render(name="x")

    for text, count in (("Hi {{ name }}", 1), ("Hi {{ name }}", 1), ("Ho {{ name }}", 2), ("Ho {{ name }}", 2)):
        assert rendered(text) == text.replace("{{ name }}", "x") and len(compiled) == count
    (folder,) = tmp_path.iterdir()
    (file,) = folder.iterdir()
    assert folder.name == f"jinja-{jinja2.__version__}" and store.kept(file)
    file.write_bytes(file.read_bytes()[:-1])
    assert rendered("Ho {{ name }}") == "Ho x" and len(compiled) == 3 and store.kept(file)


# -- the preview's decision ------------------------------------------------------------------------------------


class Built:
    """A project of two pages in two languages, built once; what is asked of MkDocs is written down in `made`."""

    def __init__(self, root, monkeypatch):
        self.project, self.made, self.titles = Project(root), [], {}
        self.shelf = placeholders.Shelf()
        for file in ("mkdocs.yml", "overrides/main.html", "docs/zh/a.md", "docs/zh/logo.png", "lab.ipynb"):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text("old")
        (root / "asset").write_text("old")
        self.pages = self.of({PAGE: "one", OTHER: "two"})
        self.next = self.pages
        self.built = {lang: self.language(lang, root) for lang in LANGS}
        self.site = SimpleNamespace(pages=self.pages, built=self.built)
        monkeypatch.setattr(preview.builder_of_mkdocs, "_populate_page", self.populate)
        monkeypatch.setattr(preview.builder_of_mkdocs, "_build_page", lambda page, *_: self.made.append(page.name))
        self.rebuild = preview.Rebuild(self.project, lambda: self.made.append("whole"), lambda: self.next, self.site)

    def of(self, english, assets=("asset",), labs=("lab.ipynb",)):
        return SimpleNamespace(
            pages={
                lang: placeholders.Whole(pages, self.shelf)
                for lang, pages in (("zh", {PAGE: "一", OTHER: "二"}), ("en", english))
            },
            assets={lang: {PurePosixPath(name): self.project.root / name for name in assets} for lang in LANGS},
            labs={lang: {PurePosixPath(name): self.project.root / name for name in labs} for lang in LANGS},
        )

    def language(self, lang, root):
        site = root / "site" / lang
        site.mkdir(parents=True)
        (site / "asset").write_text("old")
        level = SimpleNamespace(links=SimpleNamespace(anchors="warn"))
        files = {
            str(path): SimpleNamespace(
                page=SimpleNamespace(
                    name=f"{lang}/{path}", title="T", meta={},
                    validate_anchor_links=lambda files, log_level, lang=lang, path=path: self.made.append(
                        f"links of {lang}/{path}"
                    ),
                )
            )
            for path in (PAGE, OTHER)
        }  # fmt: skip
        of_files = SimpleNamespace(get_file_from_path=files.__getitem__, documentation_pages=lambda: list(files))
        return preview.Built(SimpleNamespace(site_dir=str(site), validation=level), of_files, None, None)

    def content(self, lang, path):
        return self.built[lang].files.get_file_from_path(str(path)).content_string

    def page(self, lang, path):
        return self.built[lang].files.get_file_from_path(str(path)).page

    def populate(self, page, *_):
        page.title = self.titles.get(page.name, page.title)
        self.made.append(f"read {page.name}")

    def shows(self, *made):
        """What a rebuild makes."""
        self.made.clear()
        self.rebuild()
        return self.made == list(made)


@pytest.fixture
def built(tmp_path, monkeypatch):
    return Built(tmp_path, monkeypatch)


def test_only_pages_whose_text_changed_are_made_anew(built):
    assert built.shows(), "nothing changed"
    built.next = built.of({PAGE: "one more", OTHER: "two"})
    assert built.shows("read en/a.md", "en/a.md", "links of en/a.md")
    assert built.site.pages is built.next
    assert built.content("en", PAGE) == "one more"
    assert built.page("en", PAGE).meta == {"search": {"exclude": True}}, "no dictionary of Chinese for a preview"
    assert built.page("zh", PAGE).meta == {}
    assert built.shows(), "and not again"
    built.next = built.of({PAGE: "a", OTHER: "a"})  # before and after in the alphabet
    assert built.shows("read en/a.md", "en/a.md", "read en/b.md", "en/b.md", "links of en/a.md", "links of en/b.md")


def test_a_new_title_page_file_or_lab_rebuilds_everything(built):
    built.next, built.titles = built.of({PAGE: "one more", OTHER: "two"}), {"en/a.md": "Another"}
    assert built.shows("read en/a.md", "whole")
    built.titles = {}
    built.site.pages = built.next
    for changed in (
        built.of({PAGE: "one more", OTHER: "two", PurePosixPath("c.md"): "three"}),
        built.of({PAGE: "one more"}),
        built.of({PAGE: "one more", OTHER: "two"}, assets=("asset", "lab.ipynb")),
        built.of({PAGE: "one more", OTHER: "two"}, labs=()),
    ):
        built.site.pages, built.next = built.of({PAGE: "one more", OTHER: "two"}), changed
        assert built.shows("whole")


def test_the_preview_looks_at_the_same_files_more_often(tmp_path):
    (tmp_path / "docs").mkdir()
    server = LiveReloadServer(lambda: None, "127.0.0.1", 0, str(tmp_path))
    server.watch(str(tmp_path / "docs"))
    server.watch(str(tmp_path / "docs"))  # for two reasons
    preview.look_often(server)
    assert preview.LOOK < 0.5 and server.observer.timeout == preview.LOOK
    server.observer.start()
    try:
        (tmp_path / "docs/a.md").write_text("new")
        with server._rebuild_cond:
            assert server._rebuild_cond.wait_for(lambda: server._want_rebuild, timeout=10)
    finally:
        server.observer.stop()


@pytest.mark.parametrize("file", ["mkdocs.yml", "overrides/main.html", "docs/zh/logo.png", "lab.ipynb"])
def test_what_every_page_may_hold_rebuilds_everything_once(built, file):
    os.utime(built.project.root / file, (1, 1))
    assert built.shows("whole") and built.shows()


def test_the_sources_of_pages_are_no_such_thing(built):
    os.utime(built.project.root / "docs/zh/a.md", (1, 1))
    assert built.shows()


def test_before_both_languages_were_built_everything_is(built):
    del built.built["en"]
    assert built.shows("whole")
    assert not preview.alike(None, built.pages) and preview.alike(built.pages, built.pages)


def test_a_mistake_leaves_the_preview_as_it_was(built, caplog):
    def fail():
        raise BuildError("a.md:1: what is wrong")

    built.rebuild.staged = fail
    with pytest.raises(Abort, match="The preview stays as it was"):
        built.rebuild()
    assert "a.md:1: what is wrong" in caplog.text and built.made == [] and built.site.pages is built.pages


def test_a_newer_file_beside_the_pages_is_copied_and_no_other(built):
    shown = [Path(built.built[lang].config.site_dir) / "asset" for lang in LANGS]
    (built.project.root / "asset").write_text("new")
    os.utime(built.project.root / "asset", (1, 1))
    assert built.shows() and {file.read_text() for file in shown} == {"old"}
    os.utime(built.project.root / "asset")
    for file in shown:
        os.utime(file, (1, 1))
    assert built.shows() and {file.read_text() for file in shown} == {"new"}
    shown[0].unlink()
    assert built.shows() and not shown[0].exists(), "what the site does not have, only a whole build brings"

"""The adapter to MkDocs, with stand-ins for what MkDocs hands over; whole builds are tested in test_bad_input.py."""

import errno
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import pytest
from mkdocs.exceptions import Abort, PluginError

from sitebuild.adapter import plugin as adapter
from sitebuild.base.problems import Problem, SiteError
from sitebuild.build import Pages
from sitebuild.pages import placeholders


@pytest.fixture
def plugin():
    """The plugin as MkDocs has it during a build, with the pages of both languages staged."""
    made = adapter.SitePlugin()
    made.pages = Pages(
        {lang: placeholders.Whole({}, made.shelf) for lang in ("zh", "en")}, {"zh": {}, "en": {}}, {}, {"zh": {}, "en": {}},
        {"zh": {PurePosixPath("a.md"): {"picture": "p"}}, "en": {}}, {"date": "2024-05-06"},
    )  # fmt: skip
    return made


@pytest.fixture
def config(tmp_path):
    """The Chinese configuration of a project at `tmp_path`."""
    return SimpleNamespace(
        theme={"language": "zh"}, config_file_path=str(tmp_path / "mkdocs.yml"), site_url="https://example.org/x/",
        site_dir=str(tmp_path / "site"), docs_dir=str(tmp_path / "docs/zh"), extra={}, repo_url=None,
    )  # fmt: skip


def page_of(source):
    return SimpleNamespace(
        meta={"description": "d"}, file=SimpleNamespace(src_uri=source, content_string="# A"), update_date="", toc=None,
        url="a/", markdown="# A", content=None,
    )  # fmt: skip


def test_a_build_grows_beside_the_site_that_stands_and_a_preview_does_not(plugin, config, tmp_path):
    site = tmp_path / "site"
    plugin.on_config(config)
    assert plugin.home == "https://example.org/x/" and plugin.target == site
    assert Path(config.site_dir) == plugin.building != site and plugin.building.parent == tmp_path
    assert config.extra["offline"] is True and plugin.collector.docs == tmp_path / "docs/zh"
    plugin.on_build_error(ValueError("x"))
    assert not plugin.building.exists(), "what is half built goes"
    plugin.serving, config.site_dir = True, str(site)
    plugin.on_config(config)
    assert config.site_dir == str(site) and config.extra["offline"] is False
    adapter.mkdocs_log.removeHandler(plugin.collector)


def test_a_site_without_an_address_is_not_built(plugin, config):
    config.site_url = ""
    with pytest.raises(Abort, match="^site_url is empty: "):
        plugin.on_config(config)


def test_the_chinese_build_makes_the_pages_of_both_languages(plugin, config, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(adapter.build, "load", lambda project: project)
    monkeypatch.setattr(adapter.build, "build", lambda *parts: asked.append(parts) or "pages")
    plugin.home = "H/"
    for repository in (None, "https://github.com/o/r"):
        config.repo_url = repository
        plugin.on_pre_build(config)
        project, sources, _, home, code, shelf = asked.pop()
        assert project.root == sources.root == tmp_path and (home, code) == ("H/", repository or "")
        assert shelf is plugin.shelf
    assert plugin.pages == "pages"
    config.theme["language"] = "en"
    plugin.on_pre_build(config)
    assert asked == []

    def fail(project):
        raise SiteError([Problem("a.md", 1, "x"), Problem("b.md", 0, "y")])

    config.theme["language"] = "zh"
    monkeypatch.setattr(adapter.build, "load", fail)
    with pytest.raises(PluginError, match="^2 problems in the sources:\na.md:1: x\nb.md: y$"):
        plugin.on_pre_build(config)


def test_the_dictionary_is_loaded_when_the_first_core_is_free(plugin, config, monkeypatch):
    loaded, done = [], 0
    monkeypatch.setattr(plugin, "cutter", SimpleNamespace(expect=lambda: loaded.append(done)))
    monkeypatch.setattr(adapter.build, "load", lambda project: None)
    for total in (1, 4):

        def build(project, sources, report, *rest, total=total):
            nonlocal done
            for done in range(1, total + 1):
                report(done, total, "a/b", "en", 0.1)

        monkeypatch.setattr(adapter.build, "build", build)
        plugin.on_pre_build(config)
    assert loaded == [3], "once, while the last program runs"


def test_the_themes_search_worker_is_mended_and_another_one_is_told(plugin, config, monkeypatch):
    worker = SimpleNamespace(src_uri="assets/javascripts/workers/search.1.min.js", content_string="theirs")
    other = SimpleNamespace(src_uri="assets/javascripts/bundle.js", content_string="theirs")
    monkeypatch.setattr(adapter.search, "mended", lambda text, path: f"{text}, mended: {path}")
    begun = []
    monkeypatch.setattr(plugin, "begin_beside", begun.append)
    plugin.on_files([worker, other], config)
    assert begun == [config] and (worker.content_string, other.content_string) == (
        f"theirs, mended: {worker.src_uri}",
        "theirs",
    )
    assert config.extra["built"] == {"date": "2024-05-06"}

    def fail(text, path):
        raise SiteError(Problem(path, 0, "another one"))

    monkeypatch.setattr(adapter.search, "mended", fail)
    with pytest.raises(PluginError, match="search.1.min.js: another one"):
        plugin.on_files([worker], config)


def test_what_runs_beside_is_begun_once_and_ended_where_the_build_fails(plugin, config, tmp_path, monkeypatch):
    begun, ended = [], []

    class Twin:
        def __init__(self, work, log):
            begun.append(log)

        def stop(self):
            ended.append(self)

    monkeypatch.setattr(adapter.second_language, "Twin", Twin)
    monkeypatch.setattr(adapter.styles, "start", lambda cache, modules: (cache, modules))
    for possible, serving in ((False, False), (True, True), (True, False)):
        monkeypatch.setattr(adapter.second_language, "POSSIBLE", possible)
        plugin.serving = serving
        plugin.on_files([], config)
    config.theme["language"] = "en"
    plugin.on_files([], config)
    assert begun == [adapter.mkdocs_log] and plugin.pruner == (
        adapter.build.Project(tmp_path).cache, tmp_path / "node_modules",
    )  # fmt: skip
    english, plugin.collector = plugin.english, adapter.Collector(tmp_path)
    plugin.on_build_error(ValueError("x"))
    assert ended == [english] and plugin.english is None


def test_a_missing_purgecss_stops_the_build_before_its_pages(plugin, config, monkeypatch):
    monkeypatch.setattr(adapter.second_language, "POSSIBLE", False)
    with pytest.raises(Abort, match="^1 problem, the site was left as it was:\nnode_modules: PurgeCSS is not"):
        plugin.on_files([], config)


def test_an_error_of_the_disk_is_told_in_one_line(plugin, config, tmp_path):
    plugin.collector = adapter.Collector(tmp_path)
    with pytest.raises(Abort, match="a.html: No space left on device: the site was left as it was"):
        plugin.on_build_error(OSError(errno.ENOSPC, "No space left on device", "a.html"))
    with pytest.raises(Abort, match="a file: No space"):
        plugin.on_build_error(OSError(errno.ENOSPC, "No space left on device"))
    plugin.on_build_error(FileNotFoundError(errno.ENOENT, "no such file", "x"))  # of ours: with its traceback


def test_problems_are_counted():
    assert [adapter._count(range(n)) for n in (0, 1, 2)] == ["0 problems", "1 problem", "2 problems"]


def test_templates_are_told_of_a_page_and_its_twin(plugin, config):
    page = page_of("a.md")
    page.content = plugin.on_page_content("<p>", page, config, None)
    assert page.meta == {"description": "d", "picture": "p"} and page.update_date == "2024-05-06" and page.toc is None
    plugin.home = "https://example.org/x/"
    twins = plugin.on_page_context({"a": 1}, page, config, None)
    assert twins == {"a": 1, "twins": {"zh": "https://example.org/x/a/", "en": "https://example.org/x/en/a/"}}


def test_what_was_put_aside_is_back_when_the_template_has_its_turn(plugin, config):
    page, shelf = page_of("a.md"), plugin.shelf
    page.content = f"<p><bdi>{shelf.put('x²')}</bdi>{shelf.put_drawing('<svg><path/></svg>')}</p>"
    plugin.on_page_context({}, page, config, None)
    assert page.content == "<p><bdi>x²</bdi><svg><path/></svg></p>"


def test_the_contents_of_a_notebook_are_nested_by_level(plugin, config):
    page = page_of("labs/x.ipynb")
    html = "".join(
        f"<h{level}>{name}</h{level}>" for level, name in [(1, "A"), (2, "B"), (3, "C"), (3, "D"), (2, "E"), (4, "F")]
    )
    made = plugin.on_page_content(html + "<style>x</style>", page, config, None)
    assert "<style" not in made and '<h3 id="d">' in made

    def nested(entries):
        return [(entry.title, entry.level, nested(entry.children)) for entry in entries]

    assert nested(page.toc) == [("A", 1, [("B", 2, [("C", 3, []), ("D", 3, [])]), ("E", 2, [("F", 4, [])])])]


def test_english_pages_share_the_files_of_the_chinese_ones(plugin, config):
    env = SimpleNamespace(filters={})
    files = [SimpleNamespace(src_uri=uri) for uri in ("assets/a.css", "b.md", "assets/c.js")]
    assert plugin.on_env(env, config, list(files)) is env and env.filters == {}
    config.theme["language"] = "en"
    kept = list(files)
    plugin.on_env(env, config, kept)
    assert [file.src_uri for file in kept] == ["b.md"]
    context = {"base_url": "..", "page": None, "config": config}
    shown = [env.filters["url"](context, address) for address in ("assets/a.css", "b/")]
    assert shown == ["../../assets/a.css", "../b/"]

"""The adapter to MkDocs, with stand-ins for what MkDocs hands over; whole builds are tested in test_bad_input.py."""

import errno
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import pytest
from mkdocs.exceptions import Abort, PluginError

from sitebuild.adapter import hooks
from sitebuild.base.problems import Problem, SiteError
from sitebuild.build import Pages
from sitebuild.pages import placeholders


@pytest.fixture
def config(tmp_path, monkeypatch):
    """The Chinese configuration of a project at `tmp_path`; the session is put back afterwards."""
    shelf = placeholders.Shelf()
    pages = Pages(
        {lang: placeholders.Whole({}, shelf) for lang in ("zh", "en")}, {"zh": {}, "en": {}}, {}, {"zh": {}, "en": {}},
        {"zh": {PurePosixPath("a.md"): {"picture": "p"}}, "en": {}}, {"date": "2024-05-06"},
    )  # fmt: skip
    for name, value in {
        "pages": pages,
        "shelf": shelf,
        "serving": False,
        "english": None,
        "pruner": None,
        "home": "",
        "target": None,
        "building": None,
        "collector": None,
    }.items():
        monkeypatch.setattr(hooks.session, name, value)
    return SimpleNamespace(
        theme={"language": "zh"}, config_file_path=str(tmp_path / "mkdocs.yml"), site_url="https://example.org/x/",
        site_dir=str(tmp_path / "site"), docs_dir=str(tmp_path / "docs/zh"), extra={}, repo_url=None,
    )  # fmt: skip


def page_of(source):
    return SimpleNamespace(
        meta={"description": "d"}, file=SimpleNamespace(src_uri=source, content_string="# A"), update_date="", toc=None,
        url="a/", markdown="# A", content=None,
    )  # fmt: skip


def test_a_build_grows_beside_the_site_that_stands_and_a_preview_does_not(config, tmp_path):
    site = tmp_path / "site"
    hooks.on_config(config)
    assert hooks.session.home == "https://example.org/x/" and hooks.session.target == site
    assert Path(config.site_dir) == hooks.session.building != site and hooks.session.building.parent == tmp_path
    assert config.extra["offline"] is True and hooks.session.collector.docs == tmp_path / "docs/zh"
    hooks.on_build_error(ValueError("x"))
    assert not hooks.session.building.exists(), "what is half built goes"
    hooks.session.serving, config.site_dir = True, str(site)
    hooks.on_config(config)
    assert config.site_dir == str(site) and config.extra["offline"] is False
    hooks.mkdocs_log.removeHandler(hooks.session.collector)


def test_a_site_without_an_address_is_not_built(config):
    config.site_url = ""
    with pytest.raises(Abort, match="^site_url is empty: "):
        hooks.on_config(config)


def test_the_chinese_build_makes_the_pages_of_both_languages(config, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(hooks.build, "load", lambda project: project)
    monkeypatch.setattr(hooks.build, "build", lambda *parts: asked.append(parts) or "pages")
    hooks.session.home = "H/"
    for repository in (None, "https://github.com/o/r"):
        config.repo_url = repository
        hooks.on_pre_build(config)
        project, sources, _, home, code, shelf = asked.pop()
        assert project.root == sources.root == tmp_path and (home, code) == ("H/", repository or "")
        assert shelf is hooks.session.shelf
    assert hooks.session.pages == "pages"
    config.theme["language"] = "en"
    hooks.on_pre_build(config)
    assert asked == []

    def fail(project):
        raise SiteError([Problem("a.md", 1, "x"), Problem("b.md", 0, "y")])

    config.theme["language"] = "zh"
    monkeypatch.setattr(hooks.build, "load", fail)
    with pytest.raises(PluginError, match="^2 problems in the sources:\na.md:1: x\nb.md: y$"):
        hooks.on_pre_build(config)


def test_the_dictionary_is_loaded_when_the_first_core_is_free(config, monkeypatch):
    loaded, done = [], 0
    monkeypatch.setattr(hooks.session, "cutter", SimpleNamespace(expect=lambda: loaded.append(done)))
    monkeypatch.setattr(hooks.build, "load", lambda project: None)
    for total in (1, 4):

        def build(project, sources, report, *rest, total=total):
            nonlocal done
            for done in range(1, total + 1):
                report(done, total, "a/b", "en", 0.1)

        monkeypatch.setattr(hooks.build, "build", build)
        hooks.on_pre_build(config)
    assert loaded == [3], "once, while the last program runs"


def test_the_themes_search_worker_is_mended_and_another_one_is_told(config, monkeypatch):
    worker = SimpleNamespace(src_uri="assets/javascripts/workers/search.1.min.js", content_string="theirs")
    other = SimpleNamespace(src_uri="assets/javascripts/bundle.js", content_string="theirs")
    monkeypatch.setattr(hooks.search, "mended", lambda text, path: f"{text}, mended: {path}")
    begun = []
    monkeypatch.setattr(hooks, "_begin_beside", begun.append)
    hooks.on_files([worker, other], config)
    assert begun == [config] and (worker.content_string, other.content_string) == (
        f"theirs, mended: {worker.src_uri}",
        "theirs",
    )
    assert config.extra["built"] == {"date": "2024-05-06"}

    def fail(text, path):
        raise SiteError(Problem(path, 0, "another one"))

    monkeypatch.setattr(hooks.search, "mended", fail)
    with pytest.raises(PluginError, match="search.1.min.js: another one"):
        hooks.on_files([worker], config)


def test_what_runs_beside_is_begun_once_and_ended_where_the_build_fails(config, tmp_path, monkeypatch):
    begun, ended = [], []

    class Twin:
        def __init__(self, work, log):
            begun.append(log)

        def stop(self):
            ended.append(self)

    monkeypatch.setattr(hooks.second_language, "Twin", Twin)
    monkeypatch.setattr(hooks.styles, "start", lambda cache, modules: (cache, modules))
    for possible, serving in ((False, False), (True, True), (True, False)):
        monkeypatch.setattr(hooks.second_language, "POSSIBLE", possible)
        hooks.session.serving = serving
        hooks.on_files([], config)
    config.theme["language"] = "en"
    hooks.on_files([], config)
    assert begun == [hooks.mkdocs_log] and hooks.session.pruner == (
        hooks.build.Project(tmp_path).cache, tmp_path / "node_modules",
    )  # fmt: skip
    english, hooks.session.collector = hooks.session.english, hooks.Collector(tmp_path)
    hooks.on_build_error(ValueError("x"))
    assert ended == [english] and hooks.session.english is None


def test_a_missing_purgecss_stops_the_build_before_its_pages(config, monkeypatch):
    monkeypatch.setattr(hooks.second_language, "POSSIBLE", False)
    with pytest.raises(Abort, match="^1 problem, the site was left as it was:\nnode_modules: PurgeCSS is not"):
        hooks.on_files([], config)


def test_an_error_of_the_disk_is_told_in_one_line(config, tmp_path):
    hooks.session.collector = hooks.Collector(tmp_path)
    with pytest.raises(Abort, match="a.html: No space left on device: the site was left as it was"):
        hooks.on_build_error(OSError(errno.ENOSPC, "No space left on device", "a.html"))
    with pytest.raises(Abort, match="a file: No space"):
        hooks.on_build_error(OSError(errno.ENOSPC, "No space left on device"))
    hooks.on_build_error(FileNotFoundError(errno.ENOENT, "no such file", "x"))  # of ours: with its traceback


def test_problems_are_counted():
    assert [hooks._count(range(n)) for n in (0, 1, 2)] == ["0 problems", "1 problem", "2 problems"]


def event(name, value, **arguments):
    """What MkDocs makes of `value` by our handlers of an event, in their order."""
    handlers = sorted(getattr(hooks, name).methods, key=lambda one: -getattr(one, "mkdocs_priority", 0))
    for handler in handlers:
        value = handler(value, **arguments)
    return value


def test_templates_are_told_of_a_page_and_its_twin(config):
    page = page_of("a.md")
    page.content = event("on_page_content", "<p>", page=page, config=config, files=None)
    assert page.meta == {"description": "d", "picture": "p"} and page.update_date == "2024-05-06" and page.toc is None
    hooks.session.home = "https://example.org/x/"
    twins = event("on_page_context", {"a": 1}, page=page, config=config, nav=None)
    assert twins == {"a": 1, "twins": {"zh": "https://example.org/x/a/", "en": "https://example.org/x/en/a/"}}


def test_of_a_page_that_waits_to_be_written_nothing_is_held_in_full(config):
    page, shelf = page_of("a.md"), hooks.session.shelf
    drawing = placeholders.Drawing("<svg><path/></svg>")
    light = f"<p>{'long ' * 1000}<bdi>{shelf.put('x²')}</bdi>{shelf.put_drawing(drawing)}</p>"
    page.content = event("on_page_content", light, page=page, config=config, files=None)
    assert len(page.content) < 50 and page.markdown == page.file.content_string == ""
    assert sum(map(len, shelf.held.values())) < 300
    hooks._back({}, page, config, None)
    assert page.content == light, "as the search reads it"
    hooks._complete({}, page, config, None)
    assert page.content == f"<p>{'long ' * 1000}<bdi>x²</bdi><svg><path/></svg></p>"


def test_the_contents_of_a_notebook_are_nested_by_level(config):
    page = page_of("labs/x.ipynb")
    html = "".join(
        f"<h{level}>{name}</h{level}>" for level, name in [(1, "A"), (2, "B"), (3, "C"), (3, "D"), (2, "E"), (4, "F")]
    )
    made = hooks._described(html + "<style>x</style>", page, config, None)
    assert "<style" not in made and '<h3 id="d">' in made

    def nested(entries):
        return [(entry.title, entry.level, nested(entry.children)) for entry in entries]

    assert nested(page.toc) == [("A", 1, [("B", 2, [("C", 3, []), ("D", 3, [])]), ("E", 2, [("F", 4, [])])])]


def test_english_pages_share_the_files_of_the_chinese_ones(config):
    env = SimpleNamespace(filters={})
    files = [SimpleNamespace(src_uri=uri) for uri in ("assets/a.css", "b.md", "assets/c.js")]
    assert hooks.on_env(env, config, list(files)) is env and env.filters == {}
    config.theme["language"] = "en"
    kept = list(files)
    hooks.on_env(env, config, kept)
    assert [file.src_uri for file in kept] == ["b.md"]
    context = {"base_url": "..", "page": None, "config": config}
    shown = [env.filters["url"](context, address) for address in ("assets/a.css", "b/")]
    assert shown == ["../../assets/a.css", "../b/"]

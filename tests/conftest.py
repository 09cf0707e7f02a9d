"""Fixtures shared by all tests."""

import contextlib
import functools
import http.server
import importlib
import io
import os
import shutil
import subprocess
import sys
import threading
import types
from pathlib import Path
from urllib.parse import urlsplit

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from sitebuild.base import store
from sitebuild.programs import pyodide

ROOT = Path(__file__).resolve().parent.parent


STUB = """\
const answer = JSON.stringify({ stdout: "a stub\\n", figures: [], error: "", line: 0 });
self.loadPyodide = async () => ({ loadPackage: async () => {}, runPythonAsync: async () => answer });
"""


def stub_runtime(folder):
    """In the place of Python for browsers: it answers every program with the same words. Gives the folder."""
    store.put(folder / "pyodide.js", STUB.encode())
    store.put(folder / "pyodide.asm.wasm", b"nothing")
    about = {"version": "0", "kind": "classic", "script": "pyodide.js", "packages": []}
    pyodide.describe(folder, about, ["pyodide.js", "pyodide.asm.wasm"])
    return folder


# What a reader gets is built with it, whatever this machine has. tests/site/test_run.py puts real ones in its place.
os.environ["SITE_RUNTIME"] = str(stub_runtime(ROOT / ".cache/stub-runtime"))


def execute(name, text):
    """The namespace, figures and output of the snippet `name` whose source is `text`."""
    import matplotlib.pyplot as plt

    path = ROOT / "snippets" / f"{name}.py"
    namespace = {"__name__": "snippet"}
    printed = io.StringIO()
    plt.close("all")
    show, plt.show = plt.show, lambda *_, **__: None
    try:
        with contextlib.redirect_stdout(printed), plt.rc_context():
            exec(compile(text, str(path), "exec"), namespace)
        figures = [plt.figure(number) for number in plt.get_fignums()]
    finally:
        plt.show = show
        plt.close("all")
    names = {key: value for key, value in namespace.items() if not key.startswith("__")}
    return types.SimpleNamespace(**names, figures=figures, stdout=printed.getvalue())


@functools.cache
def run(name):
    return execute(name, (ROOT / "snippets" / f"{name}.py").read_text(encoding="utf-8"))


# The files that take longest, first: or one worker ends long after the other.
LONG = (
    "site/test_accessible", "adapter/test_faults", "site/test_reader", "pages/test_notebooks", "adapter/test_bad_input",
    "project/test_blocks", "site/test_browser", "project/test_zensical", "finish/test_offline_zip", "site/test_run",
    "test_stage",
)  # fmt: skip


# What `make test-fast` runs: the engine room by room, and the numbers; nothing that builds a site, opens a browser or
# waits for the labs.
FAST = {"base", "sources", "programs", "pages", "extras", "finish", "tools", "numerics"}
SLOW = {"site", "pages", "built", "chromium", "results", "oldest", "staged"}  # fixtures


def pytest_addoption(parser):
    parser.addoption("--fast", action="store_true", help="the engine and the numbers, without a site or a browser")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--fast"):
        left = [item for item in items if not _fast(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if _fast(item)]
    places = {ROOT / f"tests/{name}.py": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


def _fast(item):
    room = item.path.relative_to(ROOT / "tests").parts[0]
    return (room in FAST or item.path.name == "test_build.py") and not SLOW & set(item.fixturenames)


@pytest.fixture(scope="session")
def program():
    """A function: snippet name ("lstm/gates") -> its module-level names, its figures, its stdout.

    The program runs once a session; a test must not change what it is given.
    """
    return run


@pytest.fixture(scope="session")
def torch():
    """PyTorch, the yardstick. Without it the test skips; where CI is set, it fails."""
    try:
        module = importlib.import_module("torch")
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("CI is set, but PyTorch is not installed: pip install torch==2.13.0")
        pytest.skip("PyTorch is not installed: pip install torch==2.13.0")
    module.set_num_threads(1)
    return module


@pytest.fixture(scope="session")
def pages():
    """The whole project, expanded: sources, and finished Markdown by language and path."""
    from sitebuild import build
    from sitebuild.sources.project import Project, load

    project = Project(ROOT)
    sources = load(project)
    return types.SimpleNamespace(project=project, sources=sources, built=build.build(project, sources))


SITE_URL = "https://example.org/lstm/"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The built site, as `mkdocs build` makes it for an address with a sub-path."""
    folder = tmp_path_factory.mktemp("built") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": SITE_URL}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI is set, but there is no Chromium (looked for: " + ", ".join(names) + ")")
        pytest.skip("there is no Chromium: install it, or set CHROMIUM to its path")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def origin(site):
    """Where the site is served, below a sub-path, as on GitHub Pages."""

    base = urlsplit(SITE_URL).path

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path):
            if not path.startswith(base):
                return str(site / "not below the base")
            return super().translate_path("/" + path.removeprefix(base))

        def log_message(self, *_):
            pass

    handler = functools.partial(Handler, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(chromium, origin):
    # the service worker has tests of its own, tests/finish/test_offline_zip.py; here each page comes straight from the host
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    yield context
    context.close()


@pytest.fixture
def tab(context, origin):
    """A tab that collects what the browser complains of."""
    tab = context.new_page()
    tab.complaints = []
    tab.on("console", lambda m: m.type == "error" and tab.complaints.append(m.text))
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    # leaving a page aborts what it still loads: no fault of the page
    tab.on("requestfailed", lambda r: "ERR_ABORTED" in r.failure or tab.complaints.append(r.url))
    tab.on("request", lambda r: r.url.startswith(("data:", origin)) or tab.complaints.append(f"other host: {r.url}"))
    return tab

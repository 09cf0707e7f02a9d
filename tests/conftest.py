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
import runtime

from sitebuild.base import store
from sitebuild.base.problems import SiteError

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
    runtime.describe(folder, about, ["pyodide.js", "pyodide.asm.wasm"])
    return folder


# What a reader gets is built with it, whatever this machine has. tests/site/test_run.py puts real ones in its place.
os.environ["SITE_RUNTIME"] = str(stub_runtime(ROOT / ".cache/stub-runtime"))


def refused(function, *arguments, **options):
    """The problems for which `function` refuses what it is given."""
    with pytest.raises(SiteError) as caught:
        function(*arguments, **options)
    return caught.value.problems


def replaced(text, old, new):
    """`text` with `new` in the place of `old`; where `old` is not, a case would test nothing."""
    assert old in text, f"there is no {old!r}"
    return text.replace(old, new)


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
def sources():
    """What the project's authors wrote, read once in a worker."""
    from sitebuild.sources.project import Project, load

    return load(Project(ROOT))


@functools.cache
def run(name):
    return execute(name, (ROOT / "snippets" / f"{name}.py").read_text(encoding="utf-8"))


# What `make test-fast` runs: the engine room by room, and the numbers; nothing that builds a site, opens a browser or
# trains for long.
FAST = {"base", "sources", "programs", "pages", "extras", "finish", "numerics", "explorables", "tools"}
TRAINED = {  # each takes several seconds
    "lstm/swap", "remedies/batch_norm_training", "remedies/clip_training",
    "remedies/degradation", "remedies/floor_per_layer", "remedies/irnn", "remedies/kept_orthogonal", "remedies/residual_training",
}  # fmt: skip
SLOW = {"site", "pages", "built", "chromium", "results", "oldest", "staged"}  # fixtures


def pytest_addoption(parser):
    parser.addoption(
        "--fast", action="store_true", help="the engine and the numbers, without a site, a browser or a long training"
    )


def pytest_collection_modifyitems(config, items):
    if config.getoption("--fast"):
        left = [item for item in items if not _fast(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if _fast(item)]


def _fast(item):
    room = item.path.relative_to(ROOT / "tests").parts[0]
    return (room in FAST or item.path.name in ("test_build.py", "test_house.py")) and not SLOW & set(item.fixturenames)


@pytest.fixture(scope="session")
def program(pytestconfig):
    """A function: snippet name ("lstm/gates") -> its module-level names, its figures, its stdout.

    The program runs once a session; a test must not change what it is given.
    """

    def asked(name):
        if pytestconfig.getoption("--fast") and name in TRAINED:
            pytest.skip(f"{name} trains for long: `make test` runs it")
        return run(name)

    return asked


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
def shared(tmp_path_factory):
    """A folder of all workers of a run, and what lets one of them in at a time: the others wait and find it done."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder

    @contextlib.contextmanager
    def alone():
        import fcntl  # not on Windows, where only programs are tested

        with open(folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder

    return alone


@pytest.fixture(scope="session")
def pages(shared):
    """The whole project, expanded: sources, and finished Markdown by language and path."""
    from sitebuild import build
    from sitebuild.sources.project import Project

    project = Project(ROOT)
    with shared():
        return types.SimpleNamespace(
            project=project, sources=sources(), built=build.build(project, sources(), build.run(project, sources()))
        )


SITE_URL = "https://example.org/lstm/"


@pytest.fixture(scope="session")
def site(shared):
    """The built site, as `mkdocs build` makes it for an address with a sub-path."""
    with shared() as folder:
        site = folder / "built/site"  # appears at once, when it is whole
        if not site.is_dir():
            command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(site)]
            environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": SITE_URL}
            built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
            assert built.returncode == 0, built.stdout + built.stderr
    return site


@contextlib.contextmanager
def served(folder, base="/", elsewhere=lambda path: None):
    """Serve `folder` below `base`: the host's address. `elsewhere(path)` may give another file for a path in it."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path):
            if not path.startswith(base):
                return str(folder / "not below the base")
            path = urlsplit(path).path.removeprefix(base)
            return str(elsewhere(path) or super().translate_path("/" + path))

        def log_message(self, *_):
            pass

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


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
    with served(site, urlsplit(SITE_URL).path) as address:
        yield address


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

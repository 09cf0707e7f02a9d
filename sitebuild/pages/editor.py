"""The editor in which readers change a program: CodeMirror and what we take of it, as one script of our own."""

from __future__ import annotations

from pathlib import Path

from sitebuild.base import node, store

HERE = Path(__file__).parent


def bundled(modules: Path, cache: Path) -> bytes:
    """The script that overrides/assets/run.js loads at the first edit; `modules` is npm's folder. Raises SiteError."""
    source, how = ((HERE / name).read_text(encoding="utf-8") for name in ("codemirror.js", "bundle.mjs"))
    lock = modules.parent / "package-lock.json"
    state = source, how, lock.read_text(encoding="utf-8") if lock.is_file() else ""
    return store.cached(cache, "editor.js", state, lambda: node.answer(HERE / "bundle.mjs", source, modules, "esbuild"))

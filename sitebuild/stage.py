"""What a builder without our plugin can read: finished Markdown, and a configuration for plain MkDocs and Zensical."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from sitebuild import LANGS, build
from sitebuild.base.markdown import scan
from sitebuild.pages import notebooks
from sitebuild.sources.project import Project, load


def stage(project: Project, out: Path, report=None, home: str = "", repository: str = "") -> None:
    """Write finished Markdown and assets to OUT/zh and OUT/en, and a configuration for each.

    `mkdocs build -f OUT/zh.yml` builds them without our plugin, `zensical build -f OUT/zh.zensical.yml`, which knows
    no notebooks, with the labs as Markdown. Raises SiteError; then OUT is untouched.
    """
    sources = load(project)
    pages = build.build(project, sources, build.run(project, sources, report), home, repository)
    for lang in LANGS:
        folder = out / lang
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(project.docs / lang, folder, ignore=shutil.ignore_patterns("*.md", ".*"))
        for path, text in pages.pages[lang].items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(with_meta(text, pages.meta[lang][path]), encoding="utf-8")
        for path, source in [*pages.assets[lang].items(), *pages.labs[lang].items()]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / path)
        for path, source in pages.labs[lang].items():
            text = notebooks.as_markdown(source.read_text(encoding="utf-8"))
            text = with_meta(text, pages.meta[lang][path])
            (folder / path.with_suffix(".md")).write_text(text, encoding="utf-8")
        config = project.root / ("mkdocs.yml" if lang == "zh" else f"mkdocs.{lang}.yml")
        relative = os.path.relpath(config, out)
        theme = os.path.relpath(project.root / "overrides", out)
        address = f"site_url: {json.dumps(home + 'en/')}\n" if home and lang == "en" else ""
        (out / f"{lang}.yml").write_text(
            f"INHERIT: {json.dumps(relative)}\nwatch: []\ndocs_dir: {lang}\n{address}"
            f"site_dir: {'site' if lang == 'zh' else 'site/' + lang}\n"
            f"theme:\n  custom_dir: {json.dumps(theme)}\nextra:\n  built: {json.dumps(pages.built)}\n"
            "plugins:\n  sitebuild: {enabled: false}\n"
            "  mkdocs-jupyter:\n    include: [labs/*.ipynb]\n    ignore: [notebooks/labs/*.ipynb]\n"
            f"exclude_docs: {json.dumps(chr(10).join(str(path.with_suffix('.md')) for path in pages.labs[lang]))}\n",
            encoding="utf-8",
        )
        listed = re.search(r"^nav:.*\n(?:[ -].*\n)*", config.read_text(encoding="utf-8"), re.M)[0]
        (out / f"{lang}.zensical.yml").write_text(
            f'INHERIT: {lang}.yml\nexclude_docs: ""\n{listed.replace(".ipynb", ".md")}', encoding="utf-8"
        )


def with_meta(markdown: str, meta: Mapping[str, object]) -> str:
    """The page with `meta` at the end of its front matter, as JSON: YAML reads that."""
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in meta.items())
    scanned = scan(markdown)
    return f"---\n{scanned.front_matter}{lines}---\n{markdown[scanned.body_start :]}"

"""A small project of two pages in two languages and one snippet, for tests that build, break and rebuild."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

WORDS = ("docs/words.zh.toml", "docs/words.en.toml")

SNIPPET = """\
import numpy as np
import matplotlib.pyplot as plt

# halve until it is small
#zh 一直减半，直到很小
steps = np.arange(5)
halves = 0.5**steps  # (T,)
last = halves[-1]
print(f"last = {last:.4f}")

plt.plot(steps, halves)
plt.xlabel("step")  #zh "步数"
plt.show()
"""

PAGES = {
    "zh/index.md": """\
---
description: 首页
---

# 为什么会变小？

第 $n$ 步的值是 {{ a/halve:last:.4f }}，见[下一页](more.md#again)。

$$
y = 2^{-n} \\quad \\text{（每步减半）}
$$

## 实验

```snippet a/halve.py
每一步减半。
```
""",
    "en/index.md": """\
---
description: home
---

# Why does it get small?

The value of step $n$ is {{ a/halve:last:.4f }}, see the [next page](more.md#again).

$$
y = 2^{-n} \\quad \\text{(halved at each step)}
$$

## Experiment

```snippet a/halve.py
Each step halves it.
```
""",
    "zh/more.md": "# 还有呢？\n\n## Again\n\n遗忘门。[回首页](index.md)\n",
    "en/more.md": "# What more?\n\n## Again\n\nA forget gate. [Home](index.md)\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files into `folder` by their paths in it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def edit(file: Path, old: str, new: str):
    """Put `new` in the place of `old`, which must be there once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file}: {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def make(folder: Path) -> Path:
    """Write the scratch project into `folder`; its configuration is the site's own but for the navigation."""
    write(folder, {"snippets/a/halve.py": SNIPPET, **{f"docs/{name}": text for name, text in PAGES.items()}})
    shutil.copytree(ROOT / "overrides", folder / "overrides")
    os.symlink(ROOT / "sitebuild", folder / "sitebuild")
    os.symlink(ROOT / "node_modules", folder / "node_modules")
    for name in WORDS:
        shutil.copyfile(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        head, _, rest = text.partition("\nnav:\n")
        tail = rest[rest.index("\ntheme:\n") :]
        (folder / name).write_text(f"{head}\nnav: [index.md, more.md]\n{tail}", encoding="utf-8")
    return folder


def build(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """`mkdocs build` in the scratch project, as anyone would call it."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", *arguments],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@contextlib.contextmanager
def kept(folder: Path):
    """Whatever happens to the project's sources inside, they are put back."""
    sources = {part: contents(folder / part) for part in ("docs", "snippets")}
    configurations = {file: file.read_bytes() for file in folder.glob("mkdocs*.yml")}
    try:
        yield
    finally:
        for part, files in sources.items():
            for file in contents(folder / part).keys() - files.keys():
                (folder / part / file).unlink()
            for file, content in files.items():
                (folder / part / file).write_bytes(content)
        for file, content in configurations.items():
            file.write_bytes(content)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, by path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def run(*arguments, cwd=ROOT):
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", *arguments], cwd=cwd, env=environment, capture_output=True, text=True)

"""`mkdocs gh-deploy`, which builds and then publishes the folder of the site, publishes both languages."""

import os
import subprocess
import sys

import scratch


def git(*arguments, cwd):
    return subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout


def test_gh_deploy_publishes_the_whole_site(tmp_path):
    git("init", "--quiet", "--bare", "remote.git", cwd=tmp_path)
    folder = scratch.make(tmp_path / "project")
    git("init", "--quiet", cwd=folder)
    git("remote", "add", "origin", str(tmp_path / "remote.git"), cwd=folder)
    git("config", "user.name", "A", cwd=folder)
    git("config", "user.email", "a@example.org", cwd=folder)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "gh-deploy", "--quiet"],
        cwd=folder, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    published = git("ls-tree", "-r", "--name-only", "gh-pages", cwd=tmp_path / "remote.git").split("\n")
    assert set(scratch.contents(folder / "site")) == set(filter(None, published)) - {".nojekyll"}
    assert {"index.html", "en/index.html"} <= set(published)

"""A build keeps what is not its own: what is hidden in the folder of the site, and a link to that folder."""

import os
import subprocess

import pytest
import scratch

from sitebuild.finish import swap


def git(folder, *arguments):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return scratch.make(tmp_path_factory.mktemp("kept"))


def test_a_worktree_of_the_branch_that_is_published_keeps_its_commits(project):
    git(project, "init", "--quiet")
    git(project, "commit", "--quiet", "--allow-empty", "-m", "one")
    git(project, "worktree", "add", "--quiet", "-b", "pages", "site")
    site = project / "site"
    (site / "CNAME").write_text("example.org")
    git(site, "add", "CNAME")
    git(site, "commit", "--quiet", "-m", "not pushed")
    (site / ".nojekyll").touch()
    (site / ".well-known").mkdir()
    (site / ".well-known/security.txt").write_text("x")
    done = scratch.build(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert git(site, "log", "--format=%s").stdout == "not pushed\none\n"
    assert (site / ".nojekyll").is_file() and (site / ".well-known/security.txt").read_text() == "x"
    assert (site / "index.html").is_file() and not (site / "CNAME").exists(), "plain MkDocs keeps hidden files alone"
    assert [left.name for left in project.iterdir() if left.name.startswith(".site")] == []


def test_a_site_that_is_a_link_stays_one(project, tmp_path):
    folder = tmp_path / "elsewhere/www"
    folder.mkdir(parents=True)
    (folder / "stale.html").touch()
    (tmp_path / "link").symlink_to(folder)
    done = scratch.build(project, "--site-dir", str(tmp_path / "link"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "link").is_symlink() and (folder / "en/index.html").is_file()
    assert not (folder / "stale.html").exists() and os.listdir(tmp_path / "elsewhere") == ["www"]


def test_a_site_whose_place_cannot_be_taken_is_told_before_anything_runs(project, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("mine")
    done = scratch.build(project, "--site-dir", str(tmp_path / "file"))
    assert done.returncode != 0 and "file: is no folder: the site was left as it was" in done.stdout + done.stderr
    assert (tmp_path / "file").read_text() == "mine" and "Traceback" not in done.stderr
    monkeypatch.setattr(os.path, "ismount", lambda path: True)
    with pytest.raises(OSError, match="is a mount point"):
        swap.begin(tmp_path)


def test_what_is_hidden_outlives_a_build_that_was_killed_between_two_moves(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("new")
    (site / ".well-known").mkdir()
    (site / ".well-known/new").touch()
    old = tmp_path / f".site.abc{swap.OLD}"
    (old / ".git").mkdir(parents=True)
    (old / ".well-known").mkdir()
    (old / ".well-known/old").touch()
    (old / "index.html").write_text("old")
    os.utime(old, (0, 0))
    swap.begin(site)
    assert (site / ".git").is_dir() and (site / "index.html").read_text() == "new"
    assert {file.name for file in (site / ".well-known").iterdir()} == {"new", "old"}

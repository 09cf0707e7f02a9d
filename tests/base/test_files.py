"""What editors and other systems leave in and beside source files."""

import pytest
from conftest import refused

from sitebuild.base import files


@pytest.mark.parametrize(
    "content, text", [("\ufeffa\r\nb\rc", "a\nb\nc"), ("门\u2028\x85\x0c\n", "门\u2028\x85\x0c\n")]
)
def test_the_text_of_a_file(tmp_path, content, text):
    (tmp_path / "a").write_bytes(content.encode())
    assert files.read(tmp_path / "a", "a") == text


@pytest.mark.parametrize(
    "content, line, reason",
    [
        ("a\n\n门".encode("gbk"), 3, "not written in UTF-8"),
        (b"\xef\xbb\xbf" + "a\n门".encode("gbk"), 2, "not written in UTF-8"),
        ("a\nb".encode("utf-16"), 1, "GBK or UTF-16"),
        ("a\nb".encode("utf-16-le"), 1, "holds a NUL character"),
    ],
)
def test_another_encoding_is_told_with_its_line(tmp_path, content, line, reason):
    (tmp_path / "a").write_bytes(content)
    (problem,) = refused(files.read, tmp_path / "a", "docs/a.md")
    assert (problem.path, problem.line) == ("docs/a.md", line) and reason in problem.reason


def test_what_is_not_there_is_told(tmp_path):
    (tmp_path / "a").symlink_to("gone")
    for name, reason in (("a", "is a link to gone, which is not there"), ("b", "No such file or directory")):
        assert f"{name}.md: cannot be read: {reason}" in str(refused(files.read, tmp_path / name, f"{name}.md")[0])


def test_hidden_files_and_folders_are_not_listed(tmp_path):
    for name in (".hidden.md", "._a.md", ".obsidian/b.md", "c/.ipynb_checkpoints/d.md", "c/e.md", "f.md", "g.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".#f.md").symlink_to("someone@host.1234")
    (tmp_path / "folder.md").mkdir()
    assert [file.name for file in files.listed(tmp_path, ".md")] == ["e.md", "f.md"]
    assert [file.name for file in files.listed(tmp_path, ".md", ".txt")] == ["e.md", "f.md", "g.txt"]

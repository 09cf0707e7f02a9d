"""Sources as other people's editors and systems leave them: a byte order mark, other encodings, hidden files."""

import pytest
import scratch
from broken import CODE, EN, ZH

from sitebuild.check import check
from sitebuild.sources.project import Project, survey

LAB = "# %% [markdown] en\n# # A lab\n#\n# It adds.\n# %% [markdown] zh\n# # 实验\n#\n# 相加。\n# %%\nx = 1\n"
LEAVINGS = [
    "docs/zh/._index.md", "docs/en/.obsidian/note.md", "docs/en/.ipynb_checkpoints/more-checkpoint.md",
    "snippets/a/._halve.py", "snippets/.ipynb_checkpoints/halve-checkpoint.py", "snippets/labs/._small.py",
    "snippets/a/.small.svg", "docs/.DS_Store", "docs/zh/.more.md.swp",
]  # fmt: skip
LOCKS = ["docs/zh/.#index.md", "docs/en/.#index.md", "snippets/a/.#halve.py", "docs/.#words.zh.toml"]


@pytest.fixture
def folder(tmp_path):
    """A project whose every source begins with a byte order mark, with leavings all over."""
    folder = scratch.make(tmp_path)
    scratch.write(folder, {"snippets/labs/small.py": LAB})
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        scratch.edit(folder / name, "more.md]", "more.md, labs/small.ipynb]")
    for file in [*folder.glob("docs/**/*.*"), *folder.glob("snippets/**/*.py"), *folder.glob("mkdocs*.yml")]:
        if file.is_file():
            file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    for name in LEAVINGS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X \xff")
    for name in LOCKS:
        (folder / name).symlink_to("someone@host.4711:1732694400")
    return folder


def test_a_project_full_of_leavings_is_built_and_checked(folder):
    done = scratch.build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    for page in ("index.html", "en/index.html", "labs/small/index.html"):
        said = (folder / "site" / page).read_text(encoding="utf-8")
        assert "description: " not in said and "\ufeff" not in said and "<h1" in said
    problems, _ = check(Project(folder))
    assert [str(one) for one in problems if "a page begins with" not in one.reason and "short answer" not in one.reason
            and "a page ends with" not in one.reason and one.line != 0] == []  # fmt: skip
    published = [file.name for file in (folder / "site").rglob("*") if file.name.startswith(".")]
    assert published == []


def test_each_source_in_another_encoding_is_told_and_nothing_else(folder):
    chinese = [ZH, CODE, "snippets/labs/small.py", "docs/words.zh.toml"]
    for name in (*chinese, EN):  # the English one is the same in both encodings
        (folder / name).write_bytes((folder / name).read_text(encoding="utf-8-sig").encode("gbk", "replace"))
    (folder / "docs/en/more.md").write_text("# A", encoding="utf-16")
    (folder / "docs/zh/more.md").unlink()
    (folder / "docs/zh/more.md").symlink_to("gone.md")
    (folder / "docs/en/picture.png").symlink_to("lost.png")
    said = [str(problem) for problem in survey(Project(folder))[1]]
    others = ["docs/en/more.md", "docs/zh/more.md", "docs/en/picture.png"]
    assert sorted(line.split(":")[0] for line in said) == sorted([*chinese, *others]), said
    assert any(line.startswith("docs/zh/more.md: cannot be read: is a link to gone.md") for line in said)
    done = scratch.build(folder)
    assert done.returncode != 0 and "Traceback" not in done.stderr and all(line in done.stderr for line in said)


def test_a_page_of_another_ending_is_told(folder):
    (folder / "docs/en/new.markdown").write_text("# New {{ a/halve:last }}", encoding="utf-8")
    said = [str(problem) for problem in survey(Project(folder))[1]]
    assert said == ["docs/en/new.markdown: the name of a page ends in .md: this one would be published raw"]


def test_odd_line_separators_do_not_move_the_lines_of_messages(folder):
    odd = "a\u2028b\x85c\x0cd"
    for name, text in ((ZH, f"\n{odd}\n\n{{{{ a/none }}}}\n"), (EN, f"\n{odd}\n\n{{{{ a/none }}}}\n")):
        (folder / name).write_text((folder / name).read_text(encoding="utf-8-sig") + text, encoding="utf-8")
    lines = f'x = "{odd}"\n\x0c\n# alone\ny = 1\n'
    (folder / CODE).write_text((folder / CODE).read_text(encoding="utf-8-sig") + lines, encoding="utf-8")
    said = [str(problem) for problem in survey(Project(folder))[1]]
    assert [line.rpartition(":")[0].rsplit(" ")[0] for line in said if "quoted" in line] != []
    assert f"{ZH}:21: not a quoted value" in "\n".join(said) and f"{EN}:21: not a quoted value" in "\n".join(said)
    assert f"{CODE}:16: an English comment without" in "\n".join(said), said

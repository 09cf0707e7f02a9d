"""What CONTRIBUTING tells an author to do works as it stands, and what stands beside the README holds."""

import re
import shutil
import tomllib

import pytest
import scratch
import yaml
from conftest import ROOT

from sitebuild.base.markdown import scan
from sitebuild.check import check
from sitebuild.sources.project import Project

GUIDES = {"en": "CONTRIBUTING.md", "zh": "CONTRIBUTING.zh.md"}
BOTH = [f"{name}{lang}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING") for lang in ("", ".zh")]
HAN = re.compile(r"[\u4e00-\u9fff]")


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(guide):
    """The fenced blocks of a guide, each with the line above it."""
    lines = text(guide).split("\n")
    above = [next(filter(None, reversed(lines[: fence.line - 1]))) for fence in scan(text(guide)).fences]
    return list(zip(above, [fence.body + "\n" for fence in scan(text(guide)).fences], strict=True))


def files(guide):
    """The files that a guide shows whole: a line that names the file and nothing else, then a block."""
    shown = {re.fullmatch(r"`([\w/.]+)`[:：]", above): block for above, block in blocks(guide)}
    return {match[1]: block for match, block in shown.items() if match}


@pytest.fixture
def project(tmp_path):
    """A copy of this project, with what its programs have printed and drawn."""
    for name in ("docs", "snippets", "bench/results"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / ".cache/sitebuild/programs", tmp_path / ".cache/sitebuild/programs")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def follow(guide, project):
    """Do what the guide says: a snippet, a page in two languages, a line in two navigations, a question."""
    for name, content in files(guide).items():
        (project / name).write_text(content, encoding="utf-8")
    (line,) = [block for _, block in blocks(guide) if re.fullmatch(r" +- [\w/]+\.md\n", block)]
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        folder = line.strip(" -").split("/")[0]
        before = re.search(
            rf"^      - .*{folder}/recurrence\.md\n", (project / name).read_text(encoding="utf-8"), re.M
        )[0]
        scratch.edit(project / name, before, before + line)
    questions = [block for _, block in blocks(guide) if "{#q-" in block]
    assert len(questions) == 2
    for block in questions:
        lang = "zh" if HAN.search(block) else "en"
        mistake = '!!! mistake "常见误解"' if lang == "zh" else '!!! mistake "Common mistake"'
        scratch.edit(project / f"docs/{lang}/interview/follow-ups.md", mistake, f"{block}\n{mistake}")


@pytest.mark.parametrize("guide", GUIDES.values())
def test_who_does_what_the_guide_says_has_nothing_to_mend(guide, project, pages):
    assert set(files(guide)) == {"snippets/rnn/halving.py", "docs/en/rnn/halving.md", "docs/zh/rnn/halving.md"}
    follow(guide, project)
    problems, waiting = check(Project(project))
    assert "\n".join(map(str, problems)) == "" and waiting == []


@pytest.mark.parametrize("guide", GUIDES.values())
def test_the_messages_that_the_guide_shows_are_those_that_one_gets(guide, project, pages):
    follow(guide, project)
    scratch.edit(project / "snippets/rnn/halving.py", "#zh 同一个权重，一遍遍地乘\n", "")
    told = {str(problem) for problem in check(Project(project))[0]}
    scratch.edit(project / "snippets/rnn/halving.py", "again\n", "again\n#zh 同一个权重，一遍遍地乘\n")
    scratch.edit(project / "docs/en/rnn/halving.md", "halving:last", "halving:lats")
    scratch.edit(project / "docs/zh/rnn/halving.md", "另见[链式法则](chain-rule.md)", "另见[链式法则](chainrule.md)")
    told |= {str(problem) for problem in check(Project(project))[0]}
    (shown,) = [block for _, block in blocks(guide) if "#zh …" in block]
    for line in shown.splitlines():
        assert line in told, told


def test_both_guides_show_the_same(pages):
    en, zh = (sorted(block for _, block in blocks(guide) if "make " not in block) for guide in GUIDES.values())
    assert en == zh
    levels = [[heading.level for heading in scan(text(guide)).headings] for guide in GUIDES.values()]
    assert levels[0] == levels[1]


@pytest.mark.parametrize("name", [*BOTH, "CHANGELOG.md", "SECURITY.md"])
def test_what_is_named_is_there(name):
    for target in re.findall(r"\]\(([^)#\s]+)", scan(text(name)).prose):
        assert (ROOT / target).exists(), f"{name}: {target}"
    targets = [re.escape(target).replace("%", r"\w+") for target in re.findall(r"^([\w%-]+):", text("Makefile"), re.M)]
    for named in re.findall(r"(?:\$ |`)make ([a-z-]+)", text(name)):
        assert any(re.fullmatch(target, named) for target in targets), f"{name}: make {named}"


def test_each_entry_of_the_changelog_is_in_both_languages():
    entries = re.findall(r"^- (.+)\n  (.+)$", text("CHANGELOG.md"), re.M)
    assert len(entries) == text("CHANGELOG.md").count("\n- ") >= 5
    for english, chinese in entries:
        assert not HAN.search(english) and HAN.search(chinese), english


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert str(yaml.safe_load(text("CITATION.cff"))["version"]) == version
    assert re.search(r"^## (\S+),", text("CHANGELOG.md"), re.M)[1] == version


def test_forms_speak_both_languages():
    forms = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[0-9]*.yml"))
    assert len(forms) == 4
    for form in forms:
        data = yaml.safe_load(form.read_text(encoding="utf-8"))
        said = [data["name"], data["description"], *(field["attributes"]["label"] for field in data["body"])]
        said += [field["attributes"]["description"] for field in data["body"] if "description" in field["attributes"]]
        for words in said:
            assert HAN.search(words) and re.search(r"[A-Za-z]{3}", words), f"{form.name}: {words}"

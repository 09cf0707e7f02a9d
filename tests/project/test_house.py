"""The rules of the house: which room may use which, and how much one can hold in one's head. See ARCHITECTURE.md."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "sitebuild"
MODULES = {file.relative_to(ROOT).with_suffix("").as_posix(): file for file in sorted(ROOT.rglob("*.py"))}
# each may use itself and what stands before it; what has no folder is a room by itself
ROOMS = [
    "",
    "base",
    "sources",
    "programs",
    "pages",
    "extras",
    "finish",
    "build",
    "check",
    "stage",
    "adapter",
    "__main__",
]
LINES, FUNCTION, PARAMETERS = 300, 60, 6
ALL = 6563  # lines of the engine; the plan is 5,000: the number may only sink


def room_of(module: str) -> str:
    return "" if module == "__init__" else module.split("/")[0]


def imports(module: str, text: str) -> set[str]:
    """The modules of the engine, and the packages of others, that a module imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    engine = set()
    for name in found:
        parts = name.split(".")
        if parts[0] != "sitebuild":
            engine.add(parts[0])
            continue
        inside = ["/".join(parts[1:end]) for end in range(len(parts), 1, -1)]
        engine.add("sitebuild:" + next((one for one in inside if one in MODULES), "__init__"))
    return engine


def used(module: str) -> set[str]:
    text = MODULES[module].read_text(encoding="utf-8")
    return {one.removeprefix("sitebuild:") for one in imports(module, text) if one.startswith("sitebuild:")}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_uses_only_rooms_before_its_own(module):
    ours = ROOMS.index(room_of(module))
    assert not {one for one in used(module) if ROOMS.index(room_of(one)) > ours}
    if room_of(module) == "finish":
        assert {room_of(one) for one in used(module)} <= {"", "base", "finish"}, "it works on the finished folder alone"


def test_no_modules_use_each_other_in_a_circle():
    seen: dict[str, bool] = {}

    def visit(module, above):
        assert module not in above, " → ".join([*above, module])
        if module not in seen:
            for one in used(module):
                visit(one, [*above, module])
            seen[module] = True

    for module in MODULES:
        visit(module, [])


def test_only_the_adapter_knows_mkdocs():
    knows = {
        module for module, file in MODULES.items() if "mkdocs" in imports(module, file.read_text(encoding="utf-8"))
    }
    assert knows and {room_of(module) for module in knows} == {"adapter"}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_can_be_held_in_ones_head(module):
    text = MODULES[module].read_text(encoding="utf-8")
    assert text.count("\n") <= LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            asked = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            assert node.end_lineno - node.lineno < FUNCTION, node.name
            assert len([name for name in asked if name not in ("self", "cls")]) <= PARAMETERS, node.name


def test_the_engine_stays_small():
    assert sum(file.read_text(encoding="utf-8").count("\n") for file in MODULES.values()) < ALL


@pytest.mark.parametrize("module", MODULES)
def test_what_readers_see_is_said_elsewhere(module):
    """In docs/words.*.toml. A comment or a docstring may show what it speaks of; so may the comment that
    sources/snippet puts into Chinese programs."""
    text = MODULES[module].read_text(encoding="utf-8").replace("  # 中文字体'", "'")
    docs = {
        node.body[0].lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
    }
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in (tokenize.COMMENT,) and token.start[0] not in docs:
            assert not re.search("[\u3000-\u9fff\uff00-\uffef]", token.string), token.start

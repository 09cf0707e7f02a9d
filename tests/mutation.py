"""Change one thing in a program or in the engine and see whether a test notices: `make mutation`.

    python tests/mutation.py snippets  [--share 0.1] [--seed 0] [--only lstm/step ...]
    python tests/mutation.py sitebuild [--share 0.1] [--seed 0] [--only pages/questions ...]

Each mutant is tried in a copy of the project. A program's mutant meets the tests of tests/numerics that name the program,
which know theory, finite differences and PyTorch, but no expected output; lines that only draw or print, and those that
give the experiment its size, are left alone. A module's mutant meets the tests of the module, then those of the engine,
then a few that build a site. Prints what survives; exits with 1 if fewer are killed than WANTED.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
WANTED = {"snippets": 0.95, "sitebuild": 0.90}
ROOMS = ["base", "sources", "programs", "pages", "extras", "finish", "test_build.py", "test_check.py"]
BUILDS = ["adapter", "test_stage.py"]
SECONDS = 600  # for the tests of one mutant; who does not end is killed, too
SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.And: ast.Or, ast.Or: ast.And, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


def changes(node: ast.AST) -> list[tuple[str, object]]:
    """What may be changed at `node`: (field, its new value)."""
    if isinstance(node, (ast.BinOp, ast.BoolOp, ast.AugAssign)) and type(node.op) in SWAPS:
        return [("op", SWAPS[type(node.op)]())]
    if isinstance(node, ast.Compare):
        return [("ops", [SWAPS[type(node.ops[0])](), *node.ops[1:]])]
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return [("value", not node.value)]
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return [("value", node.value + 1)]
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        return [("test", ast.UnaryOp(ast.Not(), node.test))]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [("op", ast.UAdd())]
    if isinstance(node, ast.For):
        return [("iter", ast.List([], ast.Load()))]
    return []


def mutants(path: str, source: str, left_out: set[int]) -> list[tuple[str, int, str, str]]:
    """(path, line, the statement as it becomes, the whole text) of each mutant of a file."""
    tree, found = ast.parse(source), []
    annotations = set()
    for node in ast.walk(tree):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            annotations |= set(ast.walk(part)) if part else set()
    for statement in [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]:
        inner = [statement]
        while inner:
            node = inner.pop(0)
            inner += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
            for field, value in changes(node) if node not in annotations and statement.lineno not in left_out else ():
                kept = getattr(node, field)
                setattr(node, field, value)
                found.append((path, node.lineno, ast.unparse(statement).split("\n")[0], ast.unparse(tree)))
                setattr(node, field, kept)
    return found


def not_numeric(source: str) -> set[int]:
    """The lines of a program whose statements only draw, print, or name constants."""
    drawing, lines = {"plt", "print"}, set()
    for node in ast.walk(ast.parse(source)):
        value = getattr(node, "value", None)
        if not isinstance(node, (ast.Assign, ast.Expr)) or value is None:
            continue
        called = value
        while isinstance(called, (ast.Call, ast.Attribute, ast.Subscript)):
            called = called.func if isinstance(called, ast.Call) else called.value
        draws = isinstance(called, ast.Name) and called.id in drawing
        if draws and isinstance(node, ast.Assign):  # fig, ax = plt.subplots()
            drawing |= {name.id for name in ast.walk(node.targets[0]) if isinstance(name, ast.Name)}
        if draws or (
            node.col_offset == 0 and not any(isinstance(part, (ast.Name, ast.Call)) for part in ast.walk(value))
        ):
            lines |= set(range(node.lineno, node.end_lineno + 1))
    loops = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.For)]
    return lines | {loop.lineno for loop in loops if all(part.lineno in lines for part in loop.body)}


def stages(what: str, path: str) -> list[list[str]]:
    """The tests that a mutant of `path` meets, one list after the other."""
    name = path.removeprefix(f"{what}/").removesuffix(".py")
    if what == "snippets":
        stem = name.rpartition("_")[0] or name  # f"remedies/scoreboard_{where}"
        files = sorted(file for file in (ROOT / "tests/numerics").rglob("test_*.py"))
        texts = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}
        return [[file for file, text in texts.items() if f'"{name}"' in text or f"{stem}_{{" in text]]
    room, _, module = name.rpartition("/")
    own = f"tests/{room}/test_{module}.py".replace("//", "/")
    first = [["--fast", own]] if (ROOT / own).is_file() else []
    return [*first, ["--fast", *(f"tests/{room}" for room in ROOMS)], [f"tests/{room}" for room in BUILDS]]


def killed_by(copy: Path, tests: list[str]) -> str:
    """The first test that fails in `copy`, or what else went wrong; "" if all pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(copy), "CI": "true", "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        [*command, *tests], cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            said, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            return "time"
    if process.returncode in (0, 5):  # 5: none of these tests is fast
        return ""
    failed = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0] if failed else said[-200:]


def copied(folder: Path) -> Path:
    ignored = shutil.ignore_patterns(".git", ".venv", "node_modules", "site", "__pycache__", "sheets")
    shutil.copytree(ROOT, folder, ignore=ignored, symlinks=True)
    for name in (".venv", "node_modules"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=WANTED)
    parser.add_argument("--only", nargs="+", default=[], help="names of programs (lstm/step) or modules (pages/cards)")
    parser.add_argument("--share", type=float, default=1.0, help="try this part of the mutants, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    found = []
    for file in sorted((ROOT / options.what).rglob("*.py")):
        name = file.relative_to(ROOT / options.what).with_suffix("").as_posix()
        if not name.startswith("labs/") and (not options.only or name in options.only):
            source = file.read_text(encoding="utf-8")
            left_out = not_numeric(source) if options.what == "snippets" else set()
            found += mutants(file.relative_to(ROOT).as_posix(), source, left_out)
    chosen = random.Random(options.seed).sample(found, round(options.share * len(found)))
    print(f"{len(chosen)} of {len(found)} mutants of {options.what}", flush=True)
    started, survived = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder:
        free = SimpleQueue()
        for job in range(options.jobs):
            free.put(copied(Path(folder) / str(job) / "project"))

        def tried(mutant):
            path, line, shown, text = mutant
            copy = free.get()
            (copy / path).write_text(text, encoding="utf-8")
            by = next(filter(None, (killed_by(copy, tests) for tests in stages(options.what, path) if tests)), "")
            shutil.copyfile(ROOT / path, copy / path)
            free.put(copy)
            print(f"{by or 'SURVIVED'}: {path}:{line}: {shown}", flush=True)
            if not by:
                survived.append(mutant)

        with ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(tried, chosen))
    share = 1 - len(survived) / max(1, len(chosen))
    print(f"{len(chosen) - len(survived)} of {len(chosen)} killed: {share:.1%}, {time.monotonic() - started:.0f} s")
    return int(share < WANTED[options.what])


if __name__ == "__main__":
    sys.exit(main())

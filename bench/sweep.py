"""Does a sentence that ranks one thing above another hold when what it does not mention is varied?

    python bench/sweep.py [name ...]        all of them, or those named: python bench/sweep.py forget_bias

Each file of sweeps/ asks it of one sentence of the site and is read by a person as easily as by this runner:

    SETTINGS = grid(width=(16, 32, 64), length=(25, 50, 100), inputs=(0.1, 0.3, 1.0))
    SEEDS = 5                               # of each setting
    RATES = (0.01, 0.03, 0.1)               # each side is given its own best
    FIXED = {"batch": "the product does not depend on it"}      # what the habit asks for and is not varied, and why

    def measure(width, length, inputs):     # the numbers of both sides in one setting, medians over the seeds
        return {"lstm": …, "rnn": …}

    def holds(row):                         # whether the sentence is true of that setting; row has setting and numbers
        return row["lstm"] > row["rnn"]

    def together(rows):                     # if the sentence speaks of all settings at once ("from … to …")
    def values(rows):                       # further numbers that prose quotes, finite

Writes results/sweeps/NAME.json, whose values pages quote: {{ sweeps/NAME:held }}, of, varied, seconds, and those of
`values`. Exits with 1 if a sentence does not hold.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import ast
import hashlib
import importlib.util
import itertools
import json
import math
import sys
import time
import types
from pathlib import Path

HERE = Path(__file__).resolve().parent
SNIPPETS = HERE.parent / "snippets"
RESULTS = HERE / "results/sweeps"
# what a comparison is expected to vary: STYLE of CONTRIBUTING.md, tests/programs/test_sweeps.py
WORDS = {
    "width": ("宽度", "width"),
    "depth": ("层数", "depth"),
    "length": ("步数", "length"),
    "lag": ("时滞", "lag"),
    "batch": ("批大小", "batch"),
    "inputs": ("输入的标准差", "input deviation"),
    "gain": ("权重的倍数", "weight gain"),
    "bias": ("遗忘门偏置", "forget bias"),
    "task": ("任务", "task"),
    "updates": ("更新次数", "updates"),
    "kind": ("情形", "kind"),
}


def grid(**axes) -> list[dict]:
    """Every combination of the axes' values."""
    return [dict(zip(axes, chosen, strict=True)) for chosen in itertools.product(*axes.values())]


def around(centre: dict, **axes) -> list[dict]:
    """The centre, and each value of each axis by itself, all else as in the centre."""
    return [centre] + [{**centre, axis: v} for axis, values in axes.items() for v in values if v != centre[axis]]


def take(name: str, *wanted: str) -> types.ModuleType:
    """The functions and constants `wanted` of the snippet `name`, and what they import, without running the rest.

    A constant that is set on what comes back (`p.H = 64`) is what its functions use from then on.
    """
    tree = ast.parse((SNIPPETS / f"{name}.py").read_text(encoding="utf-8"))
    kept = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom) or _defines(node) & {*wanted}]
    missing = {*wanted} - set().union(*map(_defines, kept))
    if missing:
        raise LookupError(f"snippets/{name}.py has no {', '.join(sorted(missing))}")
    module = types.ModuleType(name)
    exec(compile(ast.Module(kept, []), f"snippets/{name}.py", "exec"), module.__dict__)
    return module


def _defines(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return set()


def names() -> list[str]:
    return sorted(file.stem for file in (HERE / "sweeps").glob("*.py"))


def read(name: str) -> types.ModuleType:
    """The module sweeps/NAME.py, which finds this one as `sweep`."""
    sys.modules.setdefault("sweep", sys.modules[__name__])
    spec = importlib.util.spec_from_file_location(f"sweeps_{name}", HERE / f"sweeps/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def digest(name: str) -> str:
    """Of the sweep, of what it takes of snippets and of the modules beside this one that it imports: a result that was
    measured with others is out of date. What else a snippet prints or draws, and its comments, do not count."""
    text = (HERE / f"sweeps/{name}.py").read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    named = {str(node.value) for node in nodes if isinstance(node, ast.Constant) and len(str(node.value)) < 80}
    words = {word for one in named for word in one.split()}
    imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom)} - {"sweep"}
    texts = [text]
    for file in sorted(SNIPPETS / f"{one}.py" for one in named if "/" in one):
        if file.is_file():
            program = file.read_text(encoding="utf-8")
            whole = file.parent.name == "labs"  # run as it stands, up to the statement that the sweep calls END, if any
            end = getattr(read(name), "END", "") if whole else ""
            tree = ast.parse(program[: program.index(f"\n{end}")] if end else program)
            taken = [ast.unparse(node) for node in tree.body if not whole and _defines(node) & words]
            texts += taken or [ast.unparse(tree)]
    files = (HERE / f"{one}.py" for one in sorted(imported))
    texts += [file.read_text(encoding="utf-8") for file in files if file.is_file()]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def ranges(sweep: types.ModuleType) -> dict[str, list]:
    """axis -> its values, in order"""
    return {axis: sorted({row[axis] for row in sweep.SETTINGS}) for axis in sweep.SETTINGS[0]}


def varied(sweep: types.ModuleType, lang: str) -> str:
    """What was varied, in words: "width 16–64, length 25–100; 5 seeds; each at its own best of 3 rates"."""
    zh = lang == "zh"
    parts = []
    for axis, chosen in ranges(sweep).items():
        span = f"{chosen[0]}–{chosen[-1]}" if len(chosen) > 1 else f"{chosen[0]}"
        word = WORDS[axis][0 if zh else 1]
        if isinstance(chosen[0], str):
            parts.append(f"{len(chosen)} 种{word}" if zh else f"{len(chosen)} {word}s")
        else:
            parts.append(f"{word} {span}")
    text = ("、" if zh else ", ").join(parts) + ("；" if zh else "; ")
    text += f"{sweep.SEEDS} 个种子" if zh else f"{sweep.SEEDS} seeds"
    if rates := getattr(sweep, "RATES", ()):
        many = len(rates)
        text += f"；各取 {many} 个学习率中最好的" if zh else f"; each at its own best of {many} rates"
    return text


def run(name: str, report=print) -> dict:
    """Measure every setting of a sweep. Returns what its file of results holds."""
    sweep, started = read(name), time.perf_counter()
    rows = []
    for setting in sweep.SETTINGS:
        numbers = {key: float(value) for key, value in sweep.measure(**setting).items()}
        row = {**setting, **numbers}
        row["held"] = bool(sweep.holds(row)) if hasattr(sweep, "holds") else True
        rows.append(row)
        report(f"{name}: " + "  ".join(f"{k}={v:.3g}" if isinstance(v, float) else f"{k}={v}" for k, v in row.items()))
    more = {key: float(value) for key, value in sweep.values(rows).items()} if hasattr(sweep, "values") else {}
    if wrong := [key for key, value in more.items() if not math.isfinite(value)]:
        raise ValueError(f"{name}: prose cannot quote what is not finite: {', '.join(wrong)}")
    together = bool(sweep.together(rows)) if hasattr(sweep, "together") else True
    seconds = round(time.perf_counter() - started, 1)
    common = {"held": sum(row["held"] for row in rows), "of": len(rows), "seconds": seconds, **more}
    return {
        "source": digest(name),
        "holds": together and all(row["held"] for row in rows),
        "values": {lang: {**common, "varied": varied(sweep, lang)} for lang in ("zh", "en")},
        "rows": rows,
    }


def main() -> int:
    failed = []
    for name in sys.argv[1:] or names():
        result = run(name, lambda line: print(line, flush=True))
        RESULTS.mkdir(parents=True, exist_ok=True)
        text = json.dumps(result, ensure_ascii=False, indent=1).replace("NaN", "null").replace("Infinity", "null")
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        told = result["values"]["en"]
        verdict = "holds" if result["holds"] else "DOES NOT HOLD"
        print(f"{name}: {verdict}, {told['held']} of {told['of']} settings; {told['varied']}; {told['seconds']} s")
        failed += [] if result["holds"] else [name]
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())

"""A program's own list of numbers, for each of which it draws a figure: a reader may add one, see run.js."""

from __future__ import annotations

import ast

from sitebuild.base.problems import Problem, SiteError


def parameter(tree: ast.Module, path: str) -> str:
    """The name of a program's own list of frames: where a loop over it draws a figure that is called by its values,

        radii = (0.5, 0.9)
        for radius in radii:
            plt.figure(f"ρ = {radius}")

    a reader may add a value to it. "" for none. Raises SiteError if that is no place to add a number to.
    """
    for loop in tree.body:
        if not (isinstance(loop, ast.For) and isinstance(loop.iter, ast.Name) and isinstance(loop.target, ast.Name)):
            continue
        calls = [node for node in ast.walk(loop) if isinstance(node, ast.Call)]
        labels = [call.args[0] for call in calls if call.args and ast.unparse(call.func) == "plt.figure"]
        if loop.target.id in _names(*labels):
            name = loop.iter.id
            if not _numbers(
                [node for node in tree.body if isinstance(node, ast.Assign) and name in _names(*node.targets)]
            ):
                reason = f"draws a figure for each of {name}: let {name} be one line of numbers, {name} = (1, 2)"
                raise SiteError(Problem(path, loop.lineno, f"{reason}, set once"))
            return name
    return ""


def _names(*nodes: ast.AST) -> set[str]:
    """The variables that stand in the nodes."""
    return {part.id for node in nodes for part in ast.walk(node) if isinstance(part, ast.Name)}


def _numbers(assigned: list[ast.Assign]) -> bool:
    """Whether that is one variable, set once to a tuple of numbers on one line."""
    if len(assigned) != 1 or not isinstance(assigned[0].targets[0], ast.Name):
        return False
    value = assigned[0].value
    one_line = isinstance(value, ast.Tuple) and value.lineno == value.end_lineno and len(value.elts) > 1
    return one_line and all(isinstance(one, ast.Constant) and type(one.value) in (int, float) for one in value.elts)

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
        drawn = (
            call for call in ast.walk(loop) if isinstance(call, ast.Call) and ast.unparse(call.func) == "plt.figure"
        )
        if any(_names(label, loop.target.id) for call in drawn for label in call.args[:1]):
            name = loop.iter.id
            if not _numbers(tree, name):
                reason = f"draws a figure for each of {name}: let {name} be one line of numbers, {name} = (1, 2)"
                raise SiteError(Problem(path, loop.lineno, f"{reason}, set once"))
            return name
    return ""


def _names(node: ast.AST, name: str) -> bool:
    """Whether a variable of that name stands in the node."""
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node))


def _numbers(tree: ast.Module, name: str) -> bool:
    """Whether the program sets `name` once, to a tuple of numbers on one line."""
    assigned = [
        node for node in tree.body if isinstance(node, ast.Assign) and any(_names(one, name) for one in node.targets)
    ]
    if len(assigned) != 1 or not isinstance(assigned[0].targets[0], ast.Name):
        return False
    value = assigned[0].value
    return (
        isinstance(value, ast.Tuple)
        and value.lineno == value.end_lineno
        and len(value.elts) > 1
        and all(isinstance(one, ast.Constant) and type(one.value) in (int, float) for one in value.elts)
    )

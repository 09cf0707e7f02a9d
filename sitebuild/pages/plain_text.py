"""Markdown as plain text: for search engines, which show it, and for whoever hears it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import markdown as python_markdown

from sitebuild.base.html_elements import elements, words
from sitebuild.base.markdown import Formula, replace, scan

SYMBOLS = {
    "partial": "∂", "odot": "⊙", "sigma": "σ", "gamma": "γ", "beta": "β", "rho": "ρ", "tau": "τ", "lambda": "λ",
    "theta": "θ", "delta": "δ", "eta": "η", "varphi": "φ", "epsilon": "ε", "le": "≤", "ge": "≥", "ne": "≠",
    "approx": "≈", "cdot": "·", "times": "×", "pm": "±", "sum": "Σ", "prod": "∏", "top": "ᵀ", "to": "→",
    "infty": "∞", "dots": "…", "ell": "ℓ", "in": "∈", "sim": "~", "mathbb": "", "mathrm": "", "text": "",
    "operatorname": "", "big": "", "Big": "", "bigl": "", "bigr": "", "left": "", "right": "", "quad": " ",
    "qquad": " ", "sqrt": "√", "tilde": "", "hat": "", "tfrac": "", "frac": "", "log": "log ", "ln": "ln ",
    "exp": "exp", "tanh": "tanh", "min": "min", "max": "max", "prime": "′", "Pi": "Π", "Delta": "Δ", "langle": "⟨",
    "rangle": "⟩", "leftarrow": "←", "alpha": "α", "mu": "μ", "pi": "π", "det": "det",
}  # fmt: skip
# Chinese characters and punctuation: a space between two of them is left from markup
WIDE = "[\u2e80-\u9fff\uff00-\uff60]"
UNREAD = ("script", "style", "svg")
HELD, END = "\ue000", "\ue001"  # of private use: Markdown leaves them alone


def plain(markdown: str) -> str:
    """Markdown as plain text: no markup, formulas in Unicode. Raises LookupError, see `formula_as_text`."""
    made = to_html(markdown, lambda formula: formula_as_text(formula.latex))
    for element in reversed(elements(made)):
        if element.name in UNREAD:
            made = made[: element.start] + made[element.end :]
        elif element.name == "sup":
            made = f"{made[: element.start]}^{made[element.start :]}"
    return re.sub(f"(?<={WIDE}) (?={WIDE})", "", " ".join(words(made).split()))


def formula_as_text(latex: str) -> str:
    """A formula in Unicode, as one would type it into a chat. Raises LookupError for a command it does not know."""
    text = re.sub(r"\\[td]?frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", latex)
    text = re.sub(r"\\[td]?frac(\w)(\w)", r"\1/\2", text)
    text = text.replace(r"\|", "‖").replace(r"\{", "{").replace(r"\}", "}")
    text = re.sub(r"\\[,;!: ]", " ", text)
    text = re.sub(r"\\partial ", "∂", text)
    text = re.sub(r"\\([a-zA-Z]+)", lambda m: SYMBOLS[m[1]], text)
    text = re.sub(r"\{(.?)\}", r"\1", text)
    return " ".join(re.sub(r"[{}]", lambda m: {"{": "(", "}": ")"}[m[0]], text).split())


def to_html(markdown: str, written: Callable[[Formula], str]) -> str:
    """Markdown as HTML, each formula as the text that is `written` for it."""
    formulas = scan(markdown).formulas
    held = [(one.start, one.end, f"{HELD}{number}{END}") for number, one in enumerate(formulas)]
    held += [(dollar.start, dollar.end, "$") for dollar in scan(markdown).escaped_dollars]
    made = python_markdown.markdown(replace(markdown, held), extensions=["tables", "fenced_code"])
    return re.sub(f"{HELD}(\\d+){END}", lambda match: html.escape(written(formulas[int(match[1])])), made)

"""Answers to the drill dropout, see tests/drills/test_drills.py."""

MASK = "rng.binomial(1, 1 - p, x.shape) / (1 - p)"

WRONG = {
    "not scaled in training": ([(MASK, "(rng.random(x.shape) >= p) / 1.0")], "larger now", "当场放大"),
    "scaled in evaluation": (
        [("        return x, np.ones_like(x)", "        return x * (1 - p), np.full_like(x, 1 - p)")],
        "nothing scaled",
        "也不缩放",
    ),
    "dropped in evaluation": (
        [("    if not training:\n        return x, np.ones_like(x)\n", "")],
        "nothing is dropped",
        "什么也不丢",
    ),
    "p kept": ([(MASK, "(rng.random(x.shape) < p) / p")], "not kept", "不是留下的"),
    "divided by p": ([(MASK, "(rng.random(x.shape) >= p) / max(p, 1e-9)")], "what is left is 1 - p", "留下的是 1 - p"),
    "whole columns": (
        [(MASK, "(rng.random(x.shape[-1]) + np.zeros(x.shape) >= p) / (1 - p)")],
        "number by number",
        "逐个数",
    ),
    "whole rows": (
        [(MASK, "(rng.random((len(x),) + (1,) * (x.ndim - 1)) + np.zeros(x.shape) >= p) / (1 - p)")],
        "number by number",
        "逐个数",
    ),
    "NumPy's global generator": ([("rng.binomial", "np.random.binomial")], "use rng", "要用 rng"),
    "a generator of its own": ([("rng.binomial", "np.random.default_rng(0).binomial")], "drops the same", "丢的却相同"),
    "the gradient passes everywhere": ([("    return dy * kept", "    return dy")], "the same mask", "同一个掩码"),
    "the gradient is not scaled": (
        [("    return dy * kept", "    return dy * (kept > 0)")],
        "scaled like the number",
        "梯度也放大",
    ),
    "x changed in place": (
        [("    return x * mask, mask", "    x *= mask\n    return x, mask")],
        "x is changed",
        "x 被改动",
    ),
    "float64 made of float32": ([("    mask = mask.astype(x.dtype)\n", "")], "float64", "float64"),
    "noise around 1 instead": (
        [(MASK, "1 + np.sqrt(p / (1 - p)) * rng.standard_normal(x.shape)")],
        "are dropped, not",
        "丢掉了",
    ),
    "dy changed in place": (
        [("    return dy * kept", "    dy *= kept\n    return dy")],
        "dy is changed",
        "dy 被改动了",
    ),
    "a mask kept in float64": (
        [("    return x * mask, mask\n", "    return x * mask, mask.astype(float)\n")],
        "comes out as",
        "出来的是",
    ),
}

RIGHT = {
    "by np.where": """def dropout(x, p, rng, training):
    if training and p > 0:
        out = rng.uniform(size=x.shape) < p
        return np.where(out, 0, x / (1 - p)).astype(x.dtype), (out, 1 - p)
    return x.copy(), (np.zeros(x.shape, bool), 1.0)


def dropout_backward(dy, kept):
    out, left = kept
    dx = dy / left
    dx[out] = 0
    return dx
""",
    "drawn as uniform numbers": """def dropout(x, p, rng, training):
    keep = (rng.random(x.shape) >= p).astype(x.dtype) if training else np.ones_like(x)
    factor = 1 / (1 - p) if training else 1.0
    return x * keep * factor, (keep, factor)


def dropout_backward(dy, kept):
    keep, factor = kept
    return dy * keep * factor
""",
}

"""Answers to the drill clipping, see tests/drills/test_drills.py."""

WRONG = {
    "each number cut": (
        """def clip(grads, limit):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    return [np.clip(g, -limit / 3, limit / 3) for g in grads], norm
""",
        "direction has changed",
        "方向变了",
    ),
    "each array by its own norm": (
        """def clip(grads, limit):
    norm = np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads))
    return [g * min(1.0, limit / max(np.linalg.norm(g), 1e-12)) for g in grads], norm
""",
        "one norm for all",
        "合在一起算",
    ),
    "always scaled": ([("max(norm, limit)", "norm")], "must stay as it is", "不该动"),
    "scaled when short, left when long": (
        [("max(norm, limit)", "min(norm, limit)")],
        "afterwards, not 6.5",
        "不是 6.5",
    ),
    "divided by the norm only": (
        [("limit / max(norm, limit)", "1 / max(norm, limit)")],
        "afterwards, not 6.5",
        "不是 6.5",
    ),
    "the root forgotten": (
        [
            (
                "np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads))",
                "sum((g.astype(float) ** 2).sum() for g in grads)",
            )
        ],
        "afterwards, not 6.5",
        "不是 6.5",
    ),
    "norms added": (
        [
            (
                "np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads))",
                "sum(np.linalg.norm(g.astype(float)) for g in grads)",
            )
        ],
        "afterwards, not 6.5",
        "不是 6.5",
    ),
    "changed in place": (
        """def clip(grads, limit):
    norm = np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads))
    if norm > limit:
        for g in grads:
            g *= limit / norm
    return grads, norm
""",
        "are changed",
        "被改动了",
    ),
    "the norm after": (
        """def clip(grads, limit):
    norm = np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads))
    factor = float(min(1.0, limit / max(norm, 1e-12)))
    return [factor * g for g in grads], factor * norm
""",
        "not 13",
        "不是 13",
    ),
    "divided by zero": ([("limit / max(norm, limit)", "np.minimum(1.0, norm * limit / norm**2)")], "0 / 0", "0 / 0"),
    "squares overflow": ([("g.astype(float)", "g")], "squares overflow", "平方溢出"),
    "a NaN hidden": (
        [("(g.astype(float) ** 2).sum()", "np.nansum(g.astype(float) ** 2)")],
        "NaN is hidden",
        "NaN 被藏",
    ),
}

RIGHT = {
    "one long vector": """def clip(grads, limit):
    everything = np.concatenate([g.ravel() for g in grads]).astype(np.float64)
    norm = np.linalg.norm(everything)
    if not norm > limit:
        return [g.copy() for g in grads], norm
    return [(g.astype(np.float64) * (limit / norm)).astype(g.dtype) for g in grads], norm
""",
    "as PyTorch does it": """def clip(grads, limit):
    total = np.linalg.norm([np.linalg.norm(g.astype(np.float64)) for g in grads])
    coefficient = min(1.0, float(limit / (total + 1e-6)))
    return [g * coefficient for g in grads], total
""",
}

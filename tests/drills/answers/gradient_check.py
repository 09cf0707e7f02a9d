"""Answers to the drill gradient_check, see tests/drills/test_drills.py."""

WRONG = {
    "a forward difference": (
        [
            (
                "        x[index] = keep - 1e-5\n        down = f(x)\n        x[index] = keep\n        true[index] = (up - down) / 2e-5",
                "        x[index] = keep\n        true[index] = (up - f(x)) / 1e-5",
            )
        ],
        "which difference",
        "哪种差分",
    ),
    "divided by one step": ([("(up - down) / 2e-5", "(up - down) / 1e-5")], "two steps apart", "两点相距两步"),
    "a step lost in rounding": ([("1e-5", "1e-13"), ("2e-5", "2e-13")], "which step", "步长多大"),
    "a step too large": ([("1e-5", "1e-1"), ("2e-5", "2e-1")], "which step", "步长多大"),
    "x is not put back": ([("        x[index] = keep\n        true", "        true")], "left changed", "没有还原"),
    "an absolute error": ([("error / max(np.abs(true).max(), 1e-30)", "error")], "must be relative", "要算相对的"),
    "0 / 0": ([("max(np.abs(true).max(), 1e-30)", "np.abs(true).max()")], "where both are 0", "两边都是 0"),
    "no absolute value": ([("np.abs(g(x) - true).max()", "(g(x) - true).max()")], "and its sign", "取绝对值"),
    "positive and negative errors cancel": (
        [("np.abs(g(x) - true).max()", "np.abs((g(x) - true).mean())")],
        "transposed",
        "转置了",
    ),
    "a few numbers only": (
        [
            ("np.ndindex(*x.shape):", "list(np.ndindex(*x.shape))[:3]:"),
            ("np.abs(g(x) - true).max()", "np.abs((g(x) - true).ravel()[:3]).max()"),
        ],
        "every number counts",
        "每个数都要查",
    ),
    "a NaN passes": ([("np.abs(g(x) - true).max()", "np.nanmax(np.abs(g(x) - true))")], "NaN in it", "里面有 NaN"),
    "a copy is moved, not x": (
        [
            (
                "    for index in np.ndindex(*x.shape):\n",
                "    x0, x = x, x.ravel()\n    true = true.ravel()\n    f0, f = f, lambda _: f0(x0)\n    for index in range(x.size):\n",
            ),
            ("g(x) - true)", "g(x0).ravel() - true)"),
        ],
        "a view of other arrays",
        "不连续的视图",
    ),
}

RIGHT = {
    "by norms, on a copy": """def gradient_check(f, g, x):
    numeric = np.empty(x.size)
    for n in range(x.size):
        moved = np.zeros(x.size)
        moved[n] = 1e-6
        moved = moved.reshape(x.shape)
        numeric[n] = (f(x + moved) - f(x - moved)) / 2e-6
    claimed = np.asarray(g(x)).reshape(-1)
    size = np.linalg.norm(claimed) + np.linalg.norm(numeric)
    return np.linalg.norm(claimed - numeric) / size if size != 0 else 0.0
""",
    "five points": """def gradient_check(f, g, x):
    true = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[index] = 1e-3
        true[index] = (8 * (f(x + e) - f(x - e)) - (f(x + 2 * e) - f(x - 2 * e))) / 12e-3
    wrong = np.abs(g(x) - true)
    scale = np.abs(true).max()
    if not wrong.any():
        return 0.0
    return wrong.max() / scale if scale > 0 else np.inf
""",
}

"""Answers to the drill truncated_bptt, see tests/drills/test_drills.py."""

ZERO = "        dh = 0\n"
LOOP = "range(min(start + K, len(x)) - 1, start - 1, -1)"

WRONG = {
    "not cut": (
        [
            (
                "    for start in range(0, len(x), K):\n" + ZERO,
                "    dh = 0\n    for start in range(0, len(x), len(x)):\n",
            ),
            ("start + K", "start + len(x)"),
        ],
        "nothing is cut",
        "没有截断",
    ),
    "cut between, and backward windows joined": (
        [
            (
                "    for start in range(0, len(x), K):\n" + ZERO,
                "    dh = 0\n    for start in list(range(0, len(x), K))[::-1]:\n",
            )
        ],
        "nothing is cut",
        "没有截断",
    ),
    "dh is never reset, windows forward": (
        [("    for start in range(0, len(x), K):\n" + ZERO, "    dh = 0\n    for start in range(0, len(x), K):\n")],
        "each from its own first state",
        "自己的初始状态",
    ),
    "windows one step longer": (
        [("range(0, len(x), K)", "range(0, len(x), K + 1)"), ("start + K, len", "start + K + 1, len")],
        "steps long, not",
        "步，应为",
    ),
    "the last, shorter window left out": (
        [("range(0, len(x), K):", "range(0, len(x) - K + 1, K):")],
        "steps are missing",
        "漏了几步",
    ),
    "cut from the end": (
        [
            (
                "    for start in range(0, len(x), K):",
                "    for start in range(len(x) % K - K if len(x) % K else 0, len(x), K):",
            ),
            ("start - 1, -1)", "max(start, 0) - 1, -1)"),
        ],
        "cut from the end",
        "从末尾切起",
    ),
    "one step only": ([("            dh = dz @ U.T\n", "")], "each from its own", "自己的初始状态"),
    "the first step of each window left out": ([("start - 1, -1)", "start, -1)")], "window", "窗"),
    "the state starts at 0 in each window": (
        [("hs[t].T @ dz", "(hs[t] if t > start else 0 * hs[t]).T @ dz")],
        "first state",
        "初始状态",
    ),
    "averaged over the windows": (
        [("return dW, dU, db", "n = -(-len(x) // K)\n    return dW / n, dU / n, db / n")],
        "the sum over windows",
        "各窗之和",
    ),
    "dhs written to": (
        [("            dz = (dh + dhs[t])", "            dhs[t] += dh\n            dz = dhs[t]")],
        "dhs is changed",
        "dhs 被改动",
    ),
}

RIGHT = {
    "backwards through all steps, dh set to zero at the borders": """def truncated(dhs, x, hs, W, U, K):
    T = len(x)
    dzs, dh = np.zeros_like(dhs), np.zeros_like(hs[0])
    for t in reversed(range(T)):
        if (t + 1) % K == 0:
            dh = np.zeros_like(dh)
        dzs[t] = (dhs[t] + dh) * (1 - hs[t + 1] * hs[t + 1])
        dh = dzs[t].dot(U.T)
    return np.einsum("tbd,tbh->dh", x, dzs), np.einsum("tbk,tbh->kh", hs[:-1], dzs), dzs.sum((0, 1))
""",
    "a function for each window": """def truncated(dhs, x, hs, W, U, K):
    def window(g, x, hs):
        if not len(x):
            return 0 * W, 0 * U, 0 * W[0], np.zeros_like(hs[0])
        a, c, e, back = window(g[1:], x[1:], hs[1:])
        dz = (g[0] + back) / (1 / (1 - hs[1] ** 2))
        return a + x[0].T @ dz, c + hs[0].T @ dz, e + dz.sum(0), dz @ U.T

    total = [0 * W, 0 * U, 0 * W[0]]
    for s in range(0, len(x), K):
        parts = window(dhs[s : s + K], x[s : s + K], hs[s : s + K + 1])
        total = [one + part for one, part in zip(total, parts)]
    return tuple(total)
""",
}

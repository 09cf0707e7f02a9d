"""Answers to the drill lstm_backward, see tests/drills/test_drills.py."""

WRONG = {
    "dh is overwritten before dc uses it": (
        [
            ("        dc = dc + dh", "        late = dc\n        dc = dc + dh"),
            ("        dc = dc * f\n", "        dc = (late + dh * o * (1 - tanh_c**2)) * f\n"),
        ],
        "overwritten",
        "覆盖",
    ),
    "f multiplies the new c": ([("dc * cs[t] * f", "dc * cs[t + 1] * f")], "old c", "旧的 c"),
    "slope of tanh for f": ([("f * (1 - f)", "(1 - f**2)")], "old c", "旧的 c"),
    "slope of sigmoid for g": ([("(1 - g**2)", "g * (1 - g)")], "gates ['g']", "['g'] 门"),
    "tanh of c forgotten": ([("(1 - tanh_c**2)", "(1 - cs[t + 1]**2)")], "slope", "斜率"),
    "no slope between h and c": ([("dh * o * (1 - tanh_c**2)", "dh * o")], "slope", "斜率"),
    "c is not handed on": ([("        dc = dc * f\n", "        dc = 0 * dc\n")], "handed back", "往回传"),
    "the future's dh is dropped": ([("dh = dh + dhs[t]", "dh = dhs[t]")], "right at T = 1", "T = 1 时是对的"),
    "dU from the h after the step": ([("hs[t].T", "hs[t + 1].T")], "which arrays", "哪两个数组"),
    "the last step's gradient only": ([("dW = dW + x[t].T", "dW = x[t].T")], "add up", "加起来"),
    "averaged over the batch": (
        [
            (
                "dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1)",
                "dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1) / len(dh)",
            )
        ],
        "not averaged",
        "不是求平均",
    ),
    "gates in another order": ([("[dzi, dzf, dzg, dzo]", "[dzi, dzf, dzo, dzg]")], "gates ['g', 'o']", "['g', 'o'] 门"),
    "hs is written to": (
        [("        dU = dU + hs[t].T @ dz\n", "        dU = dU + hs[t].T @ dz\n        hs[t] = 0\n")],
        "['hs'] changed",
        "['hs'] 被改动",
    ),
    "dhs is written to": (
        [("dh = dh + dhs[t]", "dhs[t] += dh\n        dh = dhs[t]")],
        "['dhs'] changed",
        "['dhs'] 被改动",
    ),
}

RIGHT = {
    "gate by gate": """def backward(dhs, x, hs, cs, gates, W, U):
    grads = {name: 0 for name in "WUb"}
    dx, dh_next, dc_next = [], 0, 0
    for t in reversed(range(len(dhs))):
        i, f, g, o = gates[t]
        dh = dhs[t] + dh_next
        do = dh * np.tanh(cs[t + 1])
        dc = dh * o / np.cosh(cs[t + 1]) ** 2 + dc_next
        da = np.hstack([dc * g * (i - i * i), dc * cs[t] * (f - f * f), dc * i * (1 - g * g), do * (o - o * o)])
        grads["W"] = grads["W"] + np.einsum("bd,bk->dk", x[t], da)
        grads["U"] = grads["U"] + np.einsum("bh,bk->hk", hs[t], da)
        grads["b"] = grads["b"] + da.sum(0)
        dx.insert(0, da.dot(W.T))
        dh_next, dc_next = da.dot(U.T), dc * f
    return np.array(dx), dh_next, dc_next, grads["W"], grads["U"], grads["b"]
""",
    "all steps' weights at once": """def backward(dhs, x, hs, cs, gates, W, U):
    dzs, dh, dc = np.empty((*x.shape[:2], U.shape[1]), x.dtype), np.zeros_like(hs[0]), np.zeros_like(cs[0])
    for t in range(len(x))[::-1]:
        i, f, g, o = gates[t]
        dh = dh + dhs[t]
        dc = dc + dh * o * (1 - np.tanh(cs[t + 1]) ** 2)
        parts = dc * g * i * (1 - i), dc * cs[t] * f * (1 - f), dc * i * (1 - g**2), dh * np.tanh(cs[t + 1]) * o * (1 - o)
        dzs[t] = np.concatenate(parts, axis=1)
        dh, dc = dzs[t] @ U.T, dc * f
    flat = dzs.reshape(-1, dzs.shape[-1])
    return dzs @ W.T, dh, dc, x.reshape(len(flat), -1).T @ flat, hs[:-1].reshape(len(flat), -1).T @ flat, flat.sum(0)
""",
}

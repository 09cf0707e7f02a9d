"""Answers to the drill multi_head_attention, see tests/drills/test_drills.py."""

WRONG = {
    "divided by the root of the whole width": (
        [("(D // heads) ** 0.5", "D**0.5")],
        "a head has D / heads",
        "一个头只有",
    ),
    "not divided": ([(" / (D // heads) ** 0.5", "")], "not divided", "没有除以"),
    "reshaped to heads without swapping": (
        [
            ("split = (B, T, heads, D // heads)", "split = (B, heads, T, D // heads)"),
            (".reshape(split).swapaxes(1, 2)", ".reshape(split)"),
            ("(weights @ v).swapaxes(1, 2)", "(weights @ v)"),
        ],
        "moves no axis",
        "不会换轴",
    ),
    "joined without swapping back": (
        [("(weights @ v).swapaxes(1, 2).reshape", "(weights @ v).reshape")],
        "moves no axis",
        "不会换轴",
    ),
    "columns dealt to the heads in turn": (
        [
            ("split = (B, T, heads, D // heads)", "split = (B, T, D // heads, heads)"),
            (".reshape(split).swapaxes(1, 2)", ".reshape(split).transpose(0, 3, 1, 2)"),
            ("(weights @ v).swapaxes(1, 2)", "(weights @ v).transpose(0, 2, 3, 1)"),
        ],
        "three heads",
        "三个头",
    ),
    "the softmax over the queries": ([("axis=3", "axis=2")], "do not sum to 1", "之和不是 1"),
    "the softmax over the heads": ([("axis=3", "axis=1")], "equal scores", "打分相等"),
    "no output matrix": ([("joined @ Wo", "joined")], "Wo is missing", "少乘了 Wo"),
    "a softmax without shift": (
        [("scores - scores.max(axis=3, keepdims=True)", "scores")],
        "largest score",
        "最大的打分",
    ),
    "queries and keys exchanged": ([("q @ k.swapaxes(2, 3)", "k @ q.swapaxes(2, 3)")], "which columns", "用哪些列"),
    "np.sqrt makes float64": ([("(D // heads) ** 0.5", "np.array([(D // heads) ** 0.5])")], "float64", "float64"),
}

RIGHT = {
    "head by head": """def multi_head(x, Wq, Wk, Wv, Wo, heads):
    d = x.shape[2] // heads
    out = np.zeros_like(x)
    for n in range(heads):
        own = slice(n * d, n * d + d)
        s = (x @ Wq[:, own]) @ (x @ Wk[:, own]).transpose(0, 2, 1) / d**0.5
        e = np.exp(s - s.max(-1, keepdims=True))
        out = out + (e / e.sum(-1, keepdims=True)) @ (x @ Wv[:, own]) @ Wo[own]
    return out
""",
    "einsum": """def multi_head(x, Wq, Wk, Wv, Wo, heads):
    B, T, D = x.shape
    d = D // heads
    q, k, v = (np.einsum("btc,chd->bthd", x, W.reshape(D, heads, d)) for W in (Wq, Wk, Wv))
    s = np.einsum("bthd,bshd->bhts", q, k) * d**-0.5
    a = np.exp(s - s.max(3)[..., None])
    a /= a.sum(3)[..., None]
    return np.einsum("bhts,bshd,hdc->btc", a, v, Wo.reshape(heads, d, D))
""",
}

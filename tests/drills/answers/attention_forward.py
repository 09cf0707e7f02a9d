"""Answers to the drill attention_forward, see tests/drills/test_drills.py."""

MASK = "        scores = np.where(np.tri(q.shape[1], dtype=bool), scores, -np.inf)\n"
LAST = "    return weights @ v, weights\n"

WRONG = {
    "not divided by the root of d": ([(" / q.shape[-1] ** 0.5", "")], "not divided by the root", "没有除以"),
    "divided by d": ([("** 0.5", "** 1.0")], "not by its root", "不是它的平方根"),
    "divided by the root of the number of keys": (
        [("q.shape[-1] ** 0.5", "k.shape[1] ** 0.5")],
        "by what",
        "除的是什么",
    ),
    "the softmax over the queries": ([("axis=-1", "axis=1")], "which axis", "沿哪个轴"),
    "the mask after the softmax": (
        [
            (MASK, "        pass\n"),
            (LAST, "    weights = weights * np.tri(q.shape[1], weights.shape[2]) if causal else weights\n" + LAST),
        ],
        "before the softmax",
        "softmax 之前",
    ),
    "masked scores set to 0": ([("-np.inf", "0.0")], "sees later keys", "后面的 key"),
    "the mask upside down": (
        [("np.tri(q.shape[1], dtype=bool)", "np.tri(q.shape[1], dtype=bool).T")],
        "upside down",
        "反了",
    ),
    "the diagonal is masked, too": (
        [("np.tri(q.shape[1], dtype=bool)", "np.tri(q.shape[1], k=-1, dtype=bool) | (np.arange(q.shape[1]) == 0)")],
        "itself",
        "自己",
    ),
    "a softmax without shift": (
        [("scores - scores.max(axis=-1, keepdims=True)", "scores")],
        "each query's largest",
        "最大的打分",
    ),
    "shifted by the largest of all": (
        [("scores.max(axis=-1, keepdims=True)", "scores.max()")],
        "not finite",
        "不是有限的数",
    ),
    "np.sqrt makes float64": ([("q.shape[-1] ** 0.5", "np.array([np.sqrt(q.shape[-1])])")], "float64", "float64"),
    "values are not weighted": (
        [("weights @ v, weights", "weights @ v[:, ::-1], weights")],
        "weighted mean",
        "加权平均",
    ),
    "no mask at all": ([(MASK, "        pass\n")], "sees later keys", "后面的 key"),
    "q is scaled in place": (
        [
            ("    scores = q @", "    q /= q.shape[-1] ** 0.5\n    scores = q @"),
            ("1, 2) / q.shape[-1] ** 0.5", "1, 2)"),
        ],
        "inputs are changed",
        "输入被改动",
    ),
}

RIGHT = {
    "einsum, a large negative number added": """def attention(q, k, v, causal):
    scores = np.einsum("btd,bsd->bts", q / q.shape[2] ** 0.5, k)
    if causal:
        length = q.shape[1]
        scores = scores + np.triu(np.full((length, length), -1e30, q.dtype), 1)
    e = np.exp(scores - np.max(scores, -1)[:, :, None])
    weights = e / np.sum(e, -1)[:, :, None]
    return np.einsum("bts,bse->bte", weights, v), weights
""",
    "one query after the other": """def attention(q, k, v, causal):
    B, T, D = q.shape
    weights = np.zeros((B, T, k.shape[1]), q.dtype)
    for b in range(B):
        for t in range(T):
            seen = t + 1 if causal else k.shape[1]
            s = k[b, :seen] @ q[b, t] / D**0.5
            e = np.exp(s - s.max())
            weights[b, t, :seen] = e / e.sum()
    return weights @ v, weights
""",
}

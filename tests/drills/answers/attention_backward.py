"""Answers to the drill attention_backward, see tests/drills/test_drills.py."""

WRONG = {
    "the root of d forgotten": ([(" / q.shape[2] ** 0.5", "")], "too large by the root", "√D 倍：打分"),
    "the root of d divided by twice": ([("** 0.5", "** 1.0")], "divided twice", "除了两次"),
    "the softmax as if it were elementwise": (
        [("weights * (dweights - mean)", "weights * (1 - weights) * dweights")],
        "each row's softmax",
        "每一行的 softmax",
    ),
    "no mean": ([("(dweights - mean)", "dweights")], "the mean of d is missing", "少减了 d 的平均"),
    "a mean that is not weighted": (
        [("(weights * dweights).sum(axis=2, keepdims=True)", "dweights.mean(axis=2, keepdims=True)")],
        "each row's softmax",
        "每一行的 softmax",
    ),
    "the mean over the queries": ([("sum(axis=2", "sum(axis=1")], "each row's softmax", "每一行的 softmax"),
    "dv without transposing the weights": (
        [("weights.swapaxes(1, 2) @ dout", "weights @ dout")],
        "through the weights",
        "经过权重",
    ),
    "dk without transposing": ([("dscores.swapaxes(1, 2) @ q", "dscores @ q")], "dk: off", "dk：偏差"),
    "divided by the weights": (
        [("weights * (dweights - mean)", "weights**2 * (dweights - mean) / weights")],
        "masked weights are 0",
        "被掩掉的权重是 0",
    ),
    "q and k exchanged": (
        [("dscores @ k, dscores.swapaxes(1, 2) @ q", "dscores.swapaxes(1, 2) @ q, dscores @ k")],
        "dq: off",
        "dq：偏差",
    ),
}

RIGHT = {
    "the Jacobian of each row": """def backward(dout, q, k, v, weights):
    B, T, D = q.shape
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for b in range(B):
        for t in range(T):
            a = weights[b, t]
            ds = (np.diag(a) - np.outer(a, a)) @ (v[b] @ dout[b, t]) / D**0.5
            dq[b, t] = ds @ k[b]
            dk[b] += np.outer(ds, q[b, t])
            dv[b] += np.outer(a, dout[b, t])
    return dq, dk, dv
""",
    "the mean from the output": """def backward(dout, q, k, v, weights):
    out = weights @ v
    d = np.einsum("bte,bse->bts", dout, v) - (dout * out).sum(-1)[..., None]
    ds = weights * d * q.shape[-1] ** -0.5
    return np.einsum("bts,bsd->btd", ds, k), np.einsum("bts,btd->bsd", ds, q), np.einsum("bts,bte->bse", weights, dout)
""",
}

"""Answers to the drill rnn_bptt, see tests/drills/test_drills.py."""

WRONG = {
    "every step from the first state": ([("hs[t] @ U + b", "h @ U + b")], "hand h on", "传下去"),
    "no first state in the list": ([("return np.array(hs)", "return np.array(hs[1:])")], "has shape", "形状是"),
    "a sigmoid": (
        [("np.tanh(x[t] @ W + hs[t] @ U + b)", "1 / (1 + np.exp(-(x[t] @ W + hs[t] @ U + b)))")],
        "is not tanh",
        "不是 x W",
    ),
    "the slope from the old state": ([("hs[t + 1] ** 2", "hs[t] ** 2")], "with the new h", "h 是新的"),
    "the slope of a sigmoid": (
        [("(1 - hs[t + 1] ** 2)", "hs[t + 1] * (1 - hs[t + 1])")],
        "slope of tanh",
        "tanh 的斜率",
    ),
    "the slope forgotten": ([(" * (1 - hs[t + 1] ** 2)", "")], "slope of tanh", "tanh 的斜率"),
    "the future left out": ([("(dh + dhs[t])", "dhs[t]")], "goes back through dz", "往回传"),
    "the loss's own gradient left out": (
        [("(dh + dhs[t])", "(dh if t < len(x) - 1 else dhs[t])")],
        "goes back through dz",
        "往回传",
    ),
    "U not transposed": ([("dh = dz @ U.T", "dh = dz @ U")], "U, transposed", "U 的转置"),
    "without the slope on the way back": ([("dh = dz @ U.T", "dh = (dh + dhs[t]) @ U.T")], "through dz", "经过 dz"),
    "dU from the new state": ([("hs[t].T @ dz", "hs[t + 1].T @ dz")], "before the step", "之前的状态"),
    "the last gradient only": ([("dW = dW + x[t].T @ dz", "dW = x[t].T @ dz")], "add up", "累加"),
    "averaged over the batch": ([("dz.sum(axis=0)", "dz.mean(axis=0)")], "do not average", "不要平均"),
    "dhs written to": (
        [("        dz = (dh + dhs[t])", "        dhs[t] += dh\n        dz = dhs[t]")],
        "dhs is changed",
        "dhs 被改动",
    ),
    "forward in time": ([("range(len(x) - 1, -1, -1)", "range(len(x))")], "goes back", "往回传"),
    "hs written to": (
        [("        dh = dz @ U.T\n", "        dh = dz @ U.T\n        hs[t + 1] = 0\n")],
        "hs, W or U is changed",
        "hs、W 或 U 被改动",
    ),
}

RIGHT = {
    "einsum": """def forward(x, h, W, U, b):
    hs = np.empty((len(x) + 1, *h.shape), x.dtype)
    hs[0] = h
    z = np.einsum("tbd,dh->tbh", x, W) + b
    for t, z_t in enumerate(z):
        hs[t + 1] = np.tanh(z_t + hs[t].dot(U))
    return hs


def backward(dhs, x, hs, W, U):
    dz = np.zeros_like(dhs)
    after = np.zeros_like(dhs[0])
    for t in reversed(range(len(x))):
        dz[t] = (1 - hs[t + 1]) * (1 + hs[t + 1]) * (dhs[t] + after)
        after = np.einsum("bh,kh->bk", dz[t], U)
    dU = np.einsum("tbk,tbh->kh", hs[:-1], dz)
    return dz @ W.T, after, np.einsum("tbd,tbh->dh", x, dz), dU, dz.sum((0, 1))
""",
    "one matrix for both": """def forward(x, h, W, U, b):
    both, hs = np.vstack([W, U]), [h]
    for x_t in x:
        h = np.tanh(np.hstack([x_t, h]) @ both + b)
        hs += [h]
    return np.stack(hs)


def backward(dhs, x, hs, W, U):
    D, both = len(W), np.vstack([W, U])
    grads, db, back, dx = np.zeros_like(both), np.zeros_like(hs[0, 0]), np.zeros_like(hs[0]), []
    for t in range(len(x))[::-1]:
        d = (dhs[t] + back) / np.cosh(np.arctanh(hs[t + 1])) ** 2 if np.abs(hs[t + 1]).max() < 0.9 else (dhs[t] + back) * (1 - hs[t + 1] * hs[t + 1])
        grads = grads + np.hstack([x[t], hs[t]]).T @ d
        db = db + np.ones(len(d), d.dtype) @ d
        whole = d @ both.T
        dx, back = [whole[:, :D]] + dx, whole[:, D:]
    return np.array(dx), back, grads[:D], grads[D:], db
""",
}

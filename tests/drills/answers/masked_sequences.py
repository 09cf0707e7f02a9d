"""Answers to the drill masked_sequences, see tests/drills/test_drills.py."""

WRONG = {
    "no mask": ([("np.where(real, new, hs[t])", "new")], "goes on; it should stay", "还在变"),
    "the state becomes 0": (
        [("np.where(real, new, hs[t])", "np.where(real, new, 0)")],
        "is 0; it should stay",
        "状态成了 0",
    ),
    "multiplied by the mask": ([("np.where(real, new, hs[t])", "new * real")], "is 0; it should stay", "状态成了 0"),
    "only the inputs are masked": (
        [
            ("        new = np.tanh(x[t] @ W", "        new = np.tanh(x[t] * (t < lengths)[:, None] @ W"),
            ("np.where(real, new, hs[t])", "new"),
        ],
        "goes on; it should stay",
        "还在变",
    ),
    "one step too long": (
        [("        real = (t < lengths)[:, None]  # (B, 1)", "        real = (t <= lengths)[:, None]")],
        "goes on; it should stay",
        "还在变",
    ),
    "one step too short": (
        [("        real = (t < lengths)[:, None]  # (B, 1)", "        real = (t < lengths - 1)[:, None]")],
        "is real, and its state",
        "是真实的",
    ),
    "the gradient stops at the padding": (
        [("dh = np.where(real, dz @ U.T, dh)", "dh = dz @ U.T")],
        "passes as it is",
        "原样通过",
    ),
    "no mask on the way back": (
        [
            ("np.where(real, dh * (1 - hs[t + 1] ** 2), 0)", "dh * (1 - hs[t + 1] ** 2)"),
            ("np.where(real, dz @ U.T, dh)", "dz @ U.T"),
        ],
        "padded steps add nothing",
        "没有贡献",
    ),
    "the loss of padded steps dropped": (
        [("dh = dh + dhs[t]", "dh = dh + dhs[t] * real")],
        "passes as it is",
        "原样通过",
    ),
    "divided by all steps": (
        [("losses[real].mean()", "(losses * real).mean()")],
        "divide by the real ones",
        "除以真实的步数",
    ),
    "the mean of means": (
        [("losses[real].mean()", "((losses * real).sum(axis=0) / lengths).mean()")],
        "short ones count too much",
        "短的占多了",
    ),
    "the mean of padding, too": ([("losses[real].mean()", "losses.mean()")], "at real steps", "真实时间步"),
    "the slope forgotten": ([(" * (1 - hs[t + 1] ** 2)", "")], "even where nothing is padded", "没有填充的样本也不对"),
    "dhs written to": (
        [("        dh = dh + dhs[t]\n", "        dhs[t] += dh\n        dh = dhs[t]\n")],
        "dhs is changed",
        "dhs 被改动",
    ),
    "hs written to": (
        [
            (
                "        dh = np.where(real, dz @ U.T, dh)\n",
                "        dh = np.where(real, dz @ U.T, dh)\n        hs[t + 1] = 0\n",
            )
        ],
        "hs, W or U is changed",
        "hs、W 或 U 被改动",
    ),
}

RIGHT = {
    "the mask as numbers": """def forward(x, lengths, h, W, U, b):
    T = len(x)
    mask = (np.arange(T)[:, None] < lengths).astype(x.dtype)[..., None]
    hs = np.zeros((T + 1, *h.shape), x.dtype)
    hs[0] = h
    for t in range(T):
        hs[t + 1] = mask[t] * np.tanh(x[t].dot(W) + hs[t].dot(U) + b) + (1 - mask[t]) * hs[t]
    return hs


def backward(dhs, x, lengths, hs, W, U):
    mask = (np.arange(len(x))[:, None] < lengths).astype(x.dtype)[..., None]
    dzs, after = np.zeros_like(dhs), np.zeros_like(hs[0])
    for t in reversed(range(len(x))):
        g = after + dhs[t]
        dzs[t] = mask[t] * g * (1 - hs[t + 1]) * (1 + hs[t + 1])
        after = dzs[t] @ U.T + (1 - mask[t]) * g
    dU = np.einsum("tbk,tbh->kh", hs[:-1], dzs)
    return dzs @ W.T, after, np.einsum("tbd,tbh->dh", x, dzs), dU, dzs.sum((0, 1))


def mean_loss(losses, lengths):
    mask = np.arange(losses.shape[0])[:, None] < lengths[None]
    return (losses * mask).sum() / lengths.sum()
""",
    "example by example": """def forward(x, lengths, h, W, U, b):
    hs = np.repeat(h[None], len(x) + 1, axis=0)
    for n, length in enumerate(lengths):
        for t in range(length):
            hs[t + 1 :, n] = np.tanh(x[t, n] @ W + hs[t, n] @ U + b)
    return hs


def backward(dhs, x, lengths, hs, W, U):
    dx, dh = np.zeros_like(x), np.zeros_like(hs[0])
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(W[0])
    for n, length in enumerate(lengths):
        g = dhs[length:, n].sum(0)
        for t in reversed(range(length)):
            g = g + dhs[t, n]
            dz = g * (1 - hs[t + 1, n] ** 2)
            dx[t, n] = W @ dz
            dW += np.outer(x[t, n], dz)
            dU += np.outer(hs[t, n], dz)
            db += dz
            g = U @ dz
        dh[n] = g
    return dx, dh, dW, dU, db


def mean_loss(losses, lengths):
    total = sum(losses[:length, n].sum() for n, length in enumerate(lengths))
    return total / np.sum(lengths)
""",
}

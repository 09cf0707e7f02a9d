"""Answers to the drill lstm_forward, see tests/drills/test_drills.py."""

STEP = "        c = f * c + i * g\n"
ORDER = "i, f, g, o = np.split"

WRONG = {
    "the order i, f, o, g": ([(ORDER, "i, f, o, g = np.split")], "with", "时"),
    "the order of the paper, f first": ([(ORDER, "f, i, g, o = np.split")], "with f open", "f 全开"),
    "a sigmoid for g": ([("np.tanh(g)", "sigmoid(g)")], "g has the sigmoid", "g 用了 sigmoid"),
    "no tanh on g": ([("np.tanh(g)", "g")], "c is tanh(g)", "c 是 tanh(g)"),
    "no tanh on c": ([("o * np.tanh(c)", "o * c")], "h is tanh(c)", "h 是 tanh(c)"),
    "i and f exchanged": ([("f * c + i * g", "i * c + f * g")], "with f open", "f 全开"),
    "the gates coupled": ([("+ i * g", "+ (1 - f) * g")], "c is f c + i g", "c 是 f c + i g"),
    "h is not carried on": (
        [("x[t] @ W + h @ U", "x[t] @ W + hs0 @ U"), ("    hs = []\n", "    hs, hs0 = [], h\n")],
        "two pieces",
        "分两段",
    ),
    "no h at all": ([("x[t] @ W + h @ U", "x[t] @ W")], "h is not heard", "没有用到 h"),
    "h from the old c": (
        [(STEP + "        h = o * np.tanh(c)\n", "        h = o * np.tanh(c)\n" + STEP)],
        "made of the new c",
        "由新的 c",
    ),
    "the gates interleaved": (
        [
            (
                "i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=1)",
                "i, f, g, o = np.moveaxis((x[t] @ W + h @ U + b).reshape(len(h), -1, 4), 2, 0)",
            )
        ],
        "side by side",
        "各占 H 列",
    ),
    "only the last h": ([("np.array(hs), c", "h, c")], "shapes", "形状是"),
    "the batch first": ([("np.array(hs), c", "np.array(hs).swapaxes(0, 1), c")], "shapes", "形状是"),
    "c changed in place": ([(STEP, "        c *= f\n        c += i * g\n")], "is changed", "被改动了"),
    "a sigmoid by two exponentials": ([("sigmoid(f)", "np.exp(f) / (1 + np.exp(f))")], "not finite", "不是有限的数"),
    "buffers of float64": ([("np.array(hs), c", "np.array(hs, dtype=np.float64), c")], "float64", "float64"),
}

RIGHT = {
    "all inputs at once, sigmoid by tanh": """def lstm(x, h, c, W, U, b):
    T, B, _ = x.shape
    H = h.shape[1]
    zx = x.reshape(T * B, -1) @ W + b
    hs = np.empty((T, B, H), x.dtype)
    for t, z in enumerate(zx.reshape(T, B, 4 * H)):
        z = z + h @ U
        s = (np.tanh(z / 2) + 1) / 2
        c = s[:, H : 2 * H] * c + s[:, :H] * np.tanh(z[:, 2 * H : 3 * H])
        h = s[:, 3 * H :] * np.tanh(c)
        hs[t] = h
    return hs, c
""",
    "gate by gate": """def lstm(x, h, c, W, U, b):
    H = len(U)
    parts = [slice(n * H, (n + 1) * H) for n in range(4)]
    out = []
    for x_t in x:
        i, f, g, o = (np.einsum("bd,dh->bh", x_t, W[:, p]) + np.einsum("bk,kh->bh", h, U[:, p]) + b[p] for p in parts)
        i, f, o = (1 / (1 + np.exp(-v)) for v in (i, f, o))
        c = c * f + np.tanh(g) * i
        h = np.tanh(c) * o
        out += [h]
    return np.stack(out), c
""",
}

"""Answers to the drill gru_forward, see tests/drills/test_drills.py."""

WRONG = {
    "the reset gate before the product": (
        [
            (
                "n = np.tanh(xn + r * hn)",
                "H = h.shape[1]\n        n = np.tanh(xn + (r * h) @ U[:, 2 * H :] + d[2 * H :])",
            )
        ],
        "before the product",
        "乘积之前",
    ),
    "z and 1 - z exchanged": ([("(1 - z) * n + z * h", "z * n + (1 - z) * h")], "z keeps the old", "z 保留旧状态"),
    "the order z, r, n": (
        [("xr, xz, xn", "xz, xr, xn"), ("hr, hz, hn", "hz, hr, hn")],
        "in the order r, z, n",
        "顺序是 r, z, n",
    ),
    "d outside the reset gate": (
        [("r * hn)", "r * (hn - d[-h.shape[1] :]) + d[-h.shape[1] :])")],
        "shuts d out",
        "把 d 也关",
    ),
    "no reset gate": ([("xn + r * hn", "xn + hn")], "shuts d out", "把 d 也关"),
    "r on the whole sum": ([("np.tanh(xn + r * hn)", "np.tanh(r * (xn + hn))")], "with z and r shut", "z、r 全关"),
    "a sigmoid for n": ([("np.tanh(xn + r * hn)", "sigmoid(xn + r * hn)")], "is tanh", "tanh"),
    "h is not carried on": (
        [("        h = (1 - z) * n + z * h\n        hs.append(h)", "        hs.append((1 - z) * n + z * h)")],
        "in two pieces",
        "分两段",
    ),
    "the second bias forgotten": ([("h @ U + d", "h @ U")], "hear x, h, b and d", "要听 x、h、b、d"),
    "z times both": ([("(1 - z) * n + z * h", "z * n + z * h")], "z open", "z 全开"),
    "an LSTM's sum": ([("(1 - z) * n + z * h", "n + z * h")], "z open", "z 全开"),
    "the state changed in place": (
        [
            ("        h = (1 - z) * n + z * h\n", "        h *= z\n        h += (1 - z) * n\n"),
            ("hs.append(h)", "hs.append(h.copy())"),
        ],
        "is changed",
        "被改动",
    ),
    "the same array in each place of the list": (
        [
            ("    hs = []\n", "    hs, h = [], h.copy()\n"),
            ("        h = (1 - z) * n + z * h\n", "        h[:] = (1 - z) * n + z * h\n"),
        ],
        "in two pieces",
        "分两段",
    ),
}

RIGHT = {
    "all inputs at once": """def gru(x, h, W, U, b, d):
    H = h.shape[1]
    zx = np.einsum("tbd,dk->tbk", x, W) + b
    hs = np.zeros((*x.shape[:2], H), x.dtype)
    for t in range(len(x)):
        zh = h.dot(U) + d
        g = 1 / (1 + np.exp(-(zx[t, :, : 2 * H] + zh[:, : 2 * H])))
        n = np.tanh(zx[t, :, 2 * H :] + g[:, :H] * zh[:, 2 * H :])
        h = n + g[:, H:] * (h - n)
        hs[t] = h
    return hs
""",
    "gate by gate": """def gru(x, h, W, U, b, d):
    H = len(U)
    r_, z_, n_ = slice(0, H), slice(H, 2 * H), slice(2 * H, None)
    states = []
    for step in x:
        r = (np.tanh((step @ W[:, r_] + b[r_] + h @ U[:, r_] + d[r_]) / 2) + 1) / 2
        z = (np.tanh((step @ W[:, z_] + b[z_] + h @ U[:, z_] + d[z_]) / 2) + 1) / 2
        n = np.tanh(step @ W[:, n_] + b[n_] + r * (h @ U[:, n_] + d[n_]))
        states.append(h := z * h + (1 - z) * n)
    return np.stack(states)
""",
}

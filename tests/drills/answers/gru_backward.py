"""Answers to the drill gru_backward, see tests/drills/test_drills.py."""

WRONG = {
    "dz without the old state": ([("(hs[t] - n)", "(-n)")], "gates ['z']", "['z'] 门"),
    "z and 1 - z exchanged": ([("dn = dh * (1 - z)", "dn = dh * z")], "gates ['r', 'n']", "['r', 'n'] 门"),
    "the sign of dz": ([("(hs[t] - n)", "(n - hs[t])")], "gates ['z']", "['z'] 门"),
    "the slope of n forgotten": ([(" * (1 - n**2)", "")], "gates ['r', 'n']", "['r', 'n'] 门"),
    "dr without hn": ([("dr = dn * hn *", "dr = dn * hs[t] *")], "gates ['r']", "['r'] 门"),
    "r left out on the way to h": ([("[dr, dz, dn * r]", "[dr, dz, dn]")], "r stands between", "隔着 r"),
    "the direct path forgotten": (
        [("dh = dh * z + dzh @ U.T", "dh = dzh @ U.T")],
        "two ways to the old h",
        "通到旧 h 的有两路",
    ),
    "the path through the gates forgotten": (
        [("dh = dh * z + dzh @ U.T", "dh = dh * z")],
        "two ways to the old h",
        "通到旧 h 的有两路",
    ),
    "the future dropped": ([("dh = dh + dhs[t]", "dh = dhs[t]")], "goes back times z", "乘 z 往回传"),
    "dU from the new state": ([("hs[t].T @ dzh", "hs[t + 1].T @ dzh")], "which arrays meet", "哪两个数组"),
    "the last step's gradient only": ([("dW = dW + x[t].T", "dW = x[t].T")], "the steps add up", "要累加"),
    "gates in another order": (
        [("[dr, dz, dn], axis=1)", "[dz, dr, dn], axis=1)")],
        "gates ['r', 'z']",
        "['r', 'z'] 门",
    ),
    "dhs written to": ([("dh = dh + dhs[t]", "dhs[t] += dh\n        dh = dhs[t]")], "dhs is changed", "dhs 被改动"),
    "hs written to": (
        [("        dh = dh * z + dzh @ U.T\n", "        dh = dh * z + dzh @ U.T\n        hs[t + 1] = 0\n")],
        "hs, W or U is changed",
        "hs、W 或 U 被改动",
    ),
}

RIGHT = {
    "weights at the end": """def backward(dhs, x, hs, gates, W, U):
    T, H = len(x), hs.shape[2]
    to_x, to_h = [], []
    back = np.zeros_like(hs[0])
    for t in reversed(range(T)):
        r, z, n, hn = gates[t]
        g = dhs[t] + back
        an = g * (1 - z) * (1 - n * n)
        ar = an * hn * (r - r * r)
        az = g * (hs[t] - n) * (z - z * z)
        to_x.insert(0, np.hstack([ar, az, an]))
        to_h.insert(0, np.hstack([ar, az, an * r]))
        back = z * g + to_h[0].dot(U.T)
    X, Y = np.array(to_x), np.array(to_h)
    dW = np.einsum("tbd,tbk->dk", x, X)
    dU = np.einsum("tbh,tbk->hk", hs[:-1], Y)
    return X @ W.T, back, dW, dU, X.sum((0, 1)), Y.sum((0, 1))
""",
    "gate by gate": """def backward(dhs, x, hs, gates, W, U):
    H = len(U)
    dx, dW, dU = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U)
    db, dd = np.zeros(3 * H, x.dtype), np.zeros(3 * H, x.dtype)
    dh = np.zeros_like(hs[0])
    for t in range(len(x))[::-1]:
        r, z, n, hn = gates[t]
        total = dh + dhs[t]
        dh = total * z
        dn = total * (1 - z) * (1 - n**2)
        parts = [(dn * hn * r * (1 - r), 1), (total * (hs[t] - n) * z * (1 - z), 1), (dn, r)]
        for k, (a, factor) in enumerate(parts):
            own = slice(k * H, (k + 1) * H)
            dx[t] += a @ W[:, own].T
            dW[:, own] += x[t].T @ a
            db[own] += a.sum(0)
            a = a * factor
            dh = dh + a @ U[:, own].T
            dU[:, own] += hs[t].T @ a
            dd[own] += a.sum(0)
    return dx, dh, dW, dU, db, dd
""",
}

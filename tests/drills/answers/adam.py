"""Answers to the drill adam, see tests/drills/test_drills.py."""

WRONG = {
    "no correction": ([("v / (1 - b2**n)", "v"), ("(m / (1 - b1**n))", "m")], "correct them", "要修正"),
    "m not corrected": ([("(m / (1 - b1**n))", "m")], "m is not corrected", "m 没有修正"),
    "v not corrected": ([("v / (1 - b2**n)", "v")], "v is not corrected", "v 没有修正"),
    "corrected as if n were always 1": ([("b2**n", "b2"), ("b1**n", "b1")], "goes with n", "随 n 变"),
    "corrected with b * n": ([("b2**n", "b2 * n"), ("b1**n", "b1 * n")], "goes with n", "随 n 变"),
    "counted from 0": (
        [("b2**n", "b2 ** (n - 1)"), ("b1**n", "b1 ** (n - 1)")],
        "whatever the gradient's size",
        "不管梯度多大",
    ),
    "no root": ([("np.sqrt(v / (1 - b2**n))", "v / (1 - b2**n)")], "whatever the gradient's size", "不管梯度多大"),
    "eps inside the root": (
        [("np.sqrt(v / (1 - b2**n)) + eps", "np.sqrt(v / (1 - b2**n) + eps)")],
        "outside the root",
        "根号外面",
    ),
    "the step added": ([("w - rate", "w + rate")], "climbs", "上坡"),
    "m and v weighted the wrong way round": ([("b1 * m + (1 - b1) * g", "(1 - b1) * m + b1 * g")], "m is", "m 是"),
    "v of the mean, not the mean of squares": ([("(1 - b2) * g**2", "(1 - b2) * m**2")], "v is", "v 是"),
    "one size for all weights": ([("(1 - b2) * g**2", "(1 - b2) * (g**2).mean()")], "v is no norm", "v 不是范数"),
    "m changed in place": (
        [("    m = b1 * m + (1 - b1) * g\n", "    m *= b1\n    m += (1 - b1) * g\n")],
        "are changed",
        "被改动了",
    ),
    "the corrected means are kept": (
        [("return w, m, v", "return w, m / (1 - b1**n), v / (1 - b2**n)")],
        "m is",
        "m 是",
    ),
    "the gradient instead of m": ([("(m / (1 - b1**n))", "g")], "different sign", "符号相反"),
}

RIGHT = {
    "as in the paper": """def adam(w, g, m, v, n, rate, b1, b2, eps):
    m_new = m + (1 - b1) * (g - m)
    v_new = v + (1 - b2) * (np.square(g) - v)
    m_hat = m_new / (1 - b1**n)
    v_hat = v_new / (1 - b2**n)
    return w - rate * m_hat / (v_hat**0.5 + eps), m_new, v_new
""",
    "as in PyTorch": """def adam(w, g, m, v, n, rate, b1, b2, eps):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g * g
    denominator = np.sqrt(v) / (1 - b2**n) ** 0.5 + eps
    return w - rate / (1 - b1**n) * m / denominator, m, v
""",
}

"""Answers to the drill softmax_cross_entropy, see tests/drills/test_drills.py."""

SHIFT = "    z = z - z.max(axis=1, keepdims=True)\n"

WRONG = {
    "a softmax without shift": ([(SHIFT, "")], "largest", "最大值"),
    "the log of a probability that is 0": (
        [("np.log(total[:, 0]) - z[rows, y]", "-np.log((e / total)[rows, y])")],
        "log of the sum",
        "和的对数",
    ),
    "a small number inside the log": (
        [("np.log(total[:, 0]) - z[rows, y]", "-np.log((e / total)[rows, y] + 1e-12)")],
        "no small number",
        "不要加小数",
    ),
    "summed over the batch": (
        [("- z[rows, y]).mean()", "- z[rows, y]).sum()"), ("dz / len(z)", "dz")],
        "not averaged",
        "没有平均",
    ),
    "the gradient not divided by B": ([("dz / len(z)", "dz")], "divided by B", "除以 B"),
    "averaged over the classes, too": (
        [("- z[rows, y]).mean()", "- z[rows, y]).mean() / z.shape[1]"), ("dz / len(z)", "dz / z.size")],
        "not log",
        "不是 log",
    ),
    "target minus probability": ([("dz / len(z)", "-dz / len(z)")], "probability minus target", "概率减目标"),
    "one-hot forgotten": ([("    dz[rows, y] -= 1\n", "")], "minus one-hot", "减 one-hot"),
    "1 taken from whole columns": ([("dz[rows, y] -= 1", "dz[:, y] -= 1")], "minus one-hot", "减 one-hot"),
    "one maximum for all rows": ([("z.max(axis=1, keepdims=True)", "z.max() * 2")], "large scores", "很大的打分"),
    "the softmax over the batch": ([("axis=1", "axis=0"), ("total[:, 0]", "total[0, y]")], "equal scores", "打分相等"),
    "z changed in place": ([("    z = z - z.max", "    z -= z.max")], "z is changed", "z 被改动"),
    "a softmax of probabilities": (
        [("    e = np.exp(z)\n", "    z = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)\n    e = np.exp(z)\n")],
        "of two classes",
        "只有两类时",
    ),
    "shifted by the largest size": (
        [("z.max(axis=1, keepdims=True)", "np.abs(z).max(axis=1, keepdims=True)")],
        "each row's largest",
        "每行先减最大值",
    ),
    "one maximum, shifted once": (
        [("z.max(axis=1, keepdims=True)", "z.max()")],
        "each row's largest",
        "每行先减最大值",
    ),
}

RIGHT = {
    "log-sum-exp and one-hot": """def cross_entropy(z, y):
    target = np.eye(z.shape[1], dtype=z.dtype)[y]
    top = z.max(1, keepdims=True)
    lse = top + np.log(np.exp(z - top).sum(1, keepdims=True))
    loss = (lse - z)[target == 1].sum() / z.shape[0]
    return loss, (np.exp(z - lse) - target) / z.shape[0]
""",
    "example by example": """def cross_entropy(z, y):
    loss, dz = 0.0, np.empty_like(z)
    for n in range(len(z)):
        s = z[n] - z[n].max()
        p = np.exp(s) / np.exp(s).sum()
        loss += (np.logaddexp.reduce(s) - s[y[n]]) / len(z)
        p[y[n]] -= 1
        dz[n] = p / len(z)
    return loss, dz
""",
}

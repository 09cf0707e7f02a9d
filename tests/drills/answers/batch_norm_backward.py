"""Answers to the drill batch_norm_backward, see tests/drills/test_drills.py."""

MEAN = " - d.mean(axis=0)"
VARIANCE = " - normalized * (d * normalized).mean(axis=0)"

WRONG = {
    "mean and variance held fixed": ([(MEAN, ""), (VARIANCE, "")], "two terms are missing", "少了两项"),
    "the mean's share forgotten": ([(MEAN, "")], "the mean's share", "平均那一份"),
    "the variance's share forgotten": ([(VARIANCE, "")], "the variance's share", "方差那一份"),
    "gamma forgotten": ([("d = dy * gamma", "d = dy")], "gamma is missing", "少乘了 gamma"),
    "the deviation forgotten": ([("inverse * centred", "centred")], "1 over the deviation", "少除了标准差"),
    "the deviation twice": ([("inverse * centred", "inverse**2 * centred")], "dx: ", "dx："),
    "sums where means belong": ([("d.mean(axis=0)", "d.sum(axis=0)")], "the mean's share", "平均那一份"),
    "the variance's sum not divided by B": (
        [("(d * normalized).mean(axis=0)", "(d * normalized).sum(axis=0)")],
        "the variance's share",
        "方差那一份",
    ),
    "dgamma averaged": (
        [("dgamma = (dy * normalized).sum(axis=0)", "dgamma = (dy * normalized).mean(axis=0)")],
        "do not average",
        "不要平均",
    ),
    "dbeta averaged": ([("dbeta = dy.sum(axis=0)", "dbeta = dy.mean(axis=0)")], "do not average", "不要平均"),
    "dgamma without the normalized x": (
        [("(dy * normalized).sum(axis=0)\n    dbeta", "dy.sum(axis=0)\n    dbeta")],
        "dgamma: off",
        "dgamma：不对",
    ),
    "one number for all features": ([("dbeta = dy.sum(axis=0)", "dbeta = dy.sum()")], "has shape", "形状是"),
    "dy changed in place": (
        [("    d = dy * gamma\n", "    dy *= gamma\n    d = dy\n")],
        "dy is changed",
        "dy 被改动了",
    ),
    "the normalized x changed in place": (
        [("    return inverse", "    normalized *= (d * normalized).mean(axis=0)\n    return inverse")],
        "what forward kept is changed",
        "前向留下的数组被改动了",
    ),
}

RIGHT = {
    "step by step through the graph": """def backward(dy, gamma, normalized, inverse):
    B = len(dy)
    dn = gamma * dy
    x_mu = normalized / inverse
    dvar = (dn * x_mu).sum(0) * -0.5 * inverse**3
    dmu = -(dn * inverse).sum(0) - 2 * dvar * x_mu.sum(0) / B
    return dn * inverse + dvar * 2 * x_mu / B + dmu / B, np.sum(dy * normalized, 0), np.sum(dy, 0)
""",
    "by dgamma and dbeta": """def backward(dy, gamma, normalized, inverse):
    dbeta = np.einsum("bd->d", dy)
    dgamma = np.einsum("bd,bd->d", dy, normalized)
    return gamma * inverse / len(dy) * (len(dy) * dy - dbeta - normalized * dgamma), dgamma, dbeta
""",
}

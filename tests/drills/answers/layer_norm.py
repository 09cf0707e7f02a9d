"""Answers to the drill layer_norm, see tests/drills/test_drills.py."""

LN = "inverse * (d - d.mean(axis=-1, keepdims=True) - along)"

WRONG = {
    "over the batch": (
        [("x - x.mean(axis=-1, keepdims=True)", "x - x.mean(axis=0, keepdims=True)")],
        "mean 0 over its features",
        "对特征的平均应为 0",
    ),
    "the unbiased variance": (
        [("(centred**2).mean(axis=-1, keepdims=True)", "centred.var(axis=-1, ddof=1, keepdims=True)")],
        "not D - 1",
        "不是 D - 1",
    ),
    "no root": ([("1 / np.sqrt((centred**2)", "1 / ((centred**2)")], "and a root", "再开方"),
    "eps outside the root": (
        [
            (
                "np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps)",
                "(np.sqrt((centred**2).mean(axis=-1, keepdims=True)) + eps)",
            )
        ],
        "inside the root",
        "根号里面",
    ),
    "the mean's share forgotten": ([(LN, "inverse * (d - along)")], "the mean's share", "平均那一份"),
    "the variance's share forgotten": (
        [(LN, "inverse * (d - d.mean(axis=-1, keepdims=True))")],
        "the length's share",
        "长度那一份",
    ),
    "mean and deviation held fixed": ([(LN, "inverse * d")], "the mean's share", "平均那一份"),
    "dgamma for each example": ([("(dy * n).sum(axis=rest)", "(dy * n)")], "has shape", "形状是"),
    "dbeta over the features": (
        [("dy.sum(axis=rest)", "dy.sum(axis=-1)")],
        "LN, dbeta: has shape",
        "LN, dbeta：形状是",
    ),
    "RMSNorm with a mean": (
        [
            (
                "(x**2).mean(axis=-1, keepdims=True) + eps)\n    return gamma * x * inverse",
                "(x**2).mean(axis=-1, keepdims=True) + eps)\n    x = x - x.mean(axis=-1, keepdims=True)\n    return gamma * x * inverse",
            )
        ],
        "subtracts no mean",
        "不减平均",
    ),
    "RMSNorm by the norm, not its mean": ([("np.sqrt((x**2).mean(", "np.sqrt((x**2).sum(")], "by D", "除以 D"),
    "RMSNorm feature by feature": (
        [("np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps)", "np.sqrt(x**2 * 1.1 + eps)")],
        "the same number",
        "同一个数",
    ),
    "RMSNorm's divisor held fixed": (
        [("inverse * (d - n * (d * n).mean(axis=-1, keepdims=True))", "inverse * d")],
        "RMS, dx: the length",
        "RMS, dx：少了长度",
    ),
    "RMSNorm with LN's mean in its gradient": (
        [("inverse * (d - n * (d * n)", "inverse * (d - d.mean(axis=-1, keepdims=True) - n * (d * n)")],
        "RMS, dx",
        "RMS, dx",
    ),
    "gamma forgotten in the backward pass": (
        [("    d = dy * gamma\n    along", "    d = dy\n    along")],
        "LN, dx",
        "LN, dx",
    ),
    "the mean taken from x in place": (
        [
            (
                "    centred = x - x.mean(axis=-1, keepdims=True)\n",
                "    x -= x.mean(axis=-1, keepdims=True)\n    centred = x\n",
            )
        ],
        "x is changed",
        "x 被改动了",
    ),
    "gamma multiplied into dy": (
        [("    d = dy * gamma\n", "    dy *= gamma\n    d = dy\n")],
        "dy is changed",
        "dy 被改动了",
    ),
    "gradients in float64": (
        [("    d = dy * gamma\n", "    d = dy * gamma.astype(float)\n")],
        "comes out as",
        "出来的是",
    ),
}

RIGHT = {
    "other things kept": """def layer_norm(x, gamma, beta, eps):
    m, v = x.mean(-1)[..., None], x.var(-1)[..., None]
    return (x - m) / (v + eps) ** 0.5 * gamma + beta, (x, m, v + eps, gamma)


def layer_norm_backward(dy, kept):
    x, m, v, gamma = kept
    D = x.shape[-1]
    dn = dy * gamma
    dv = (dn * (x - m)).sum(-1, keepdims=True) * -0.5 * v**-1.5
    dx = dn * v**-0.5
    dx = dx - dx.sum(-1, keepdims=True) / D + dv * 2 * (x - m) / D
    n = ((x - m) * v**-0.5).reshape(-1, D)
    return dx, np.einsum("bd,bd->d", dy.reshape(-1, D), n), dy.reshape(-1, D).sum(0)


def rms_norm(x, gamma, eps):
    r = (np.mean(x * x, -1, keepdims=True) + eps) ** -0.5
    return x * r * gamma, (x, r, gamma)


def rms_norm_backward(dy, kept):
    x, r, gamma = kept
    D = x.shape[-1]
    dot = (dy * gamma * x).sum(-1, keepdims=True)
    return dy * gamma * r - x * r**3 * dot / D, (dy * x * r).reshape(-1, D).sum(0)
""",
    "by the Jacobian": """def layer_norm(x, gamma, beta, eps):
    D = x.shape[-1]
    c = x @ (np.eye(D, dtype=x.dtype) - np.full((D, D), 1 / D, x.dtype))
    s = ((c * c).sum(-1, keepdims=True) / D + eps) ** 0.5
    return beta + gamma * (c / s), (c / s, s, gamma, D)


def layer_norm_backward(dy, kept):
    n, s, gamma, D = kept
    P = np.eye(D, dtype=dy.dtype) - 1 / D
    J = (P - n[..., :, None] * n[..., None, :] / D) / s[..., None]
    dx = (J @ (dy * gamma)[..., None])[..., 0]
    flat = dy.reshape(-1, D)
    return dx, (flat * n.reshape(-1, D)).sum(0), flat.sum(0)


def rms_norm(x, gamma, eps):
    s = np.sqrt(np.square(x).mean(-1, keepdims=True) + eps)
    return gamma / s * x, (x / s, s, gamma)


def rms_norm_backward(dy, kept):
    n, s, gamma = kept
    D = n.shape[-1]
    J = (np.eye(D, dtype=dy.dtype) - n[..., :, None] * n[..., None, :] / D) / s[..., None]
    return np.einsum("...ij,...j->...i", J, dy * gamma), (dy * n).reshape(-1, D).sum(0)
""",
}

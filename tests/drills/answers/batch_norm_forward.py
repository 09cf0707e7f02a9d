"""Answers to the drill batch_norm_forward, see tests/drills/test_drills.py."""

SPREAD = "((x - now) ** 2).mean(axis=0)"
Y = "gamma * (x - now) / np.sqrt(spread + eps) + beta"

WRONG = {
    "normalized by the unbiased variance": (
        [(SPREAD, "((x - now) ** 2).sum(axis=0) / (len(x) - 1)"), ("spread * len(x) / (len(x) - 1)", "spread")],
        "divided by B",
        "应除以 B",
    ),
    "the biased variance kept": ([("spread * len(x) / (len(x) - 1)", "spread")], "takes the unbiased", "要用无偏的"),
    "Keras's momentum": (
        [("(1 - momentum) * mean + momentum * now", "momentum * mean + (1 - momentum) * now")],
        "share of the new",
        "新的一批所占",
    ),
    "over the features": ([("axis=0", "axis=1, keepdims=True")], "which axis", "沿哪个轴"),
    "no root": ([("np.sqrt(spread + eps)", "(spread + eps)")], "is there a root", "开方了吗"),
    "eps outside the root": ([("np.sqrt(spread + eps)", "(np.sqrt(spread) + eps)")], "inside the root", "在根号里面"),
    "no eps": ([("np.sqrt(spread + eps)", "np.sqrt(spread)")], "becomes 0", "应是 0"),
    "eval by the batch": ([("    if training:\n", "    if 1:\n")], "in eval", "评估时"),
    "eval moves the running values": (
        [("+ beta, mean, var", "+ beta, (1 - momentum) * mean + momentum * x.mean(axis=0), var")],
        "running values stay",
        "不更新",
    ),
    "beta before gamma": ([(Y, "gamma * ((x - now) / np.sqrt(spread + eps) + beta)")], "plus beta", "再加 beta"),
    "the running values are replaced": (
        [("(1 - momentum) * mean + momentum * now", "now")],
        "the running mean is",
        "滑动平均是",
    ),
    "the running mean changed in place": (
        [("mean = (1 - momentum) * mean + momentum * now", "mean *= 1 - momentum\n        mean += momentum * now")],
        "is changed",
        "被改动了",
    ),
    "the mean square for the variance": ([(SPREAD, "(x**2).mean(axis=0)")], "variance 1", "方差应为 1"),
    "no eps in eval": ([("np.sqrt(var + eps)", "np.sqrt(var)")], "eps is missing", "少了 eps"),
    "one running mean for all features": (
        [("momentum * now", "momentum * x.mean()")],
        "the running mean is 9.70",
        "滑动平均是 9.70",
    ),
    "one running variance for all features": (
        [("momentum * unbiased", "momentum * x.var(ddof=1)")],
        "the running variance is",
        "滑动方差是",
    ),
}

RIGHT = {
    "with np.var": """def batch_norm(x, gamma, beta, mean, var, training, momentum, eps):
    if not training:
        scale = gamma / (var + eps) ** 0.5
        return x * scale + (beta - mean * scale), mean, var
    m, v = np.mean(x, 0), np.var(x, 0)
    y = beta + gamma * (x - m) * (v + eps) ** -0.5
    return y, mean + momentum * (m - mean), var + momentum * (np.var(x, 0, ddof=1) - var)
""",
    "feature by feature": """def batch_norm(x, gamma, beta, mean, var, training, momentum, eps):
    y, mean, var = np.empty_like(x), mean.copy(), var.copy()
    for d in range(x.shape[1]):
        m, v = mean[d], var[d]
        if training:
            m = x[:, d].sum() / len(x)
            squares = ((x[:, d] - m) ** 2).sum()
            v = squares / len(x)
            mean[d] = mean[d] * (1 - momentum) + m * momentum
            var[d] = var[d] * (1 - momentum) + squares / (len(x) - 1) * momentum
        y[:, d] = (x[:, d] - m) / np.sqrt(v + eps) * gamma[d] + beta[d]
    return y, mean, var
""",
}

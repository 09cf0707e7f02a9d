"""Answers to the drill initialization, see tests/drills/test_drills.py."""

LIMIT = "np.sqrt(6 / (fan_in + fan_out))"
HE = "np.sqrt(2 / fan_in) * rng.standard_normal((fan_in, fan_out))"

WRONG = {
    "Xavier's deviation taken for the limit": ([(LIMIT, "np.sqrt(2 / (fan_in + fan_out))")], "0.33 times", "0.33 倍"),
    "no root": ([(LIMIT, "6 / (fan_in + fan_out)")], "Xavier's variance", "Xavier 的方差"),
    "Xavier by the input alone": ([(LIMIT, "np.sqrt(3 / fan_in)")], "times what it should be", "应有的"),
    "Xavier drawn from a normal distribution": (
        [("rng.uniform(-limit, limit, (fan_in, fan_out))", "rng.standard_normal((fan_in, fan_out)) * limit / 3**0.5")],
        "is not uniform",
        "不是均匀分布",
    ),
    "from 0 to the limit": (
        [("rng.uniform(-limit, limit", "rng.uniform(0, 2 * limit")],
        "not centred",
        "不以 0 为中心",
    ),
    "He with the variance as the deviation": ([("np.sqrt(2 / fan_in)", "2 / fan_in")], "a root", "少开了方"),
    "He without the 2": ([("np.sqrt(2 / fan_in)", "np.sqrt(1 / fan_in)")], "times what it should be", "应有的"),
    "He by the output": ([("np.sqrt(2 / fan_in)", "np.sqrt(2 / fan_out)")], "which of them counts", "该用哪个"),
    "He for weights the other way round": (
        [(HE, "np.sqrt(2 / fan_in) * rng.standard_normal((fan_out, fan_in))")],
        "has shape",
        "形状是",
    ),
    "orthogonal only on average": (
        [
            (
                "    q, r = np.linalg.qr(rng.standard_normal((n, n)))\n    return q @ np.diag(np.sign(np.diag(r)))",
                "    return rng.standard_normal((n, n)) / n**0.5",
            )
        ],
        "does not keep lengths",
        "长度变了",
    ),
    "QR without the signs": ([(" @ np.diag(np.sign(np.diag(r)))", "")], "sign is preferred", "有偏向"),
    "NumPy's global generator": (
        [("rng.uniform(-limit", "np.random.uniform(-limit")],
        "same seed gives other",
        "同一个种子",
    ),
}

RIGHT = {
    "by the deviation": """def xavier_uniform(rng, fan_in, fan_out):
    deviation = (2 / (fan_in + fan_out)) ** 0.5
    return (2 * rng.random((fan_in, fan_out)) - 1) * 3**0.5 * deviation


def he_normal(rng, fan_in, fan_out):
    return rng.normal(0, (2 / fan_in) ** 0.5, size=(fan_in, fan_out))


def orthogonal(rng, n):
    u, _, vt = np.linalg.svd(rng.normal(size=(n, n)))
    return u @ vt
""",
    "rows of QR": """def xavier_uniform(rng, fan_in, fan_out):
    bound = np.sqrt(3.0) * np.sqrt(2.0 / (fan_in + fan_out))
    return rng.uniform(low=-bound, high=bound, size=(fan_out, fan_in)).T


def he_normal(rng, fan_in, fan_out):
    W = rng.standard_normal((fan_in, fan_out))
    return W / np.sqrt(fan_in / 2)


def orthogonal(rng, n):
    q, r = np.linalg.qr(rng.normal(size=(n, n)))
    d = np.diagonal(r)
    return (q * (d / np.abs(d))).T
""",
}

"""minGRU, whose gates see the input only, recalls a marked value over long lags; to keep the first of several, which
asks whether something is stored, it does not learn, a GRU of as many parameters does."""

import numpy as np

LAGS = {"recall": 200, "first": 24}
SETTINGS = [dict(task="recall", width=8, lag=200, inputs=1.0)]
for task, lag in (("recall", 50), ("first", 24)):
    SETTINGS += [dict(task=task, width=8, lag=lag, inputs=inputs) for inputs in (0.3, 1.0, 3.0)]
    SETTINGS += [dict(task=task, width=16, lag=lag, inputs=1.0)]
SETTINGS += [dict(task="first", width=8, lag=12, inputs=1.0)]
SEEDS = 5
RATES = (0.01, 0.03, 0.1)
FIXED = {"batch": "the lag is varied instead, from 12 to 200"}
BATCH, UPDATES = 16, {"recall": 160, "first": 300}
BLOCKS = {"min": 2, "gru": 3, "lstm": 4}


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def draw(task, T, deviation, rng):
    """Inputs (T, B, 2), value and marker; wanted at the end: the value at the marker, which stands in the first tenth
    ("recall"), or at the first of one to four markers ("first")."""
    x = np.zeros((T, BATCH, 2))
    x[..., 0] = rng.standard_normal((T, BATCH))
    for n in range(BATCH):
        many, end = (1, max(1, T // 10)) if task == "recall" else (rng.integers(1, 5), T - 1)
        x[rng.choice(end, many, replace=False), n, 1] = 1
    wanted = x[x[..., 1].argmax(axis=0), np.arange(BATCH), 0]
    x[..., 0] *= deviation
    return x, wanted[:, None]


def start(kind, H, lag, rng):
    """Chrono initialization for all: a time scale for each unit, between 1 and the lag."""
    k, b, c = H**-0.5, np.zeros(BLOCKS[kind] * H), np.log(rng.uniform(1, lag - 1, H))
    b[:H] = {"min": -c, "gru": 0 * c, "lstm": -c}[kind]
    b[H : 2 * H] = {"min": 0 * c, "gru": c, "lstm": c}[kind]
    params = {"W": rng.uniform(-k, k, (2, len(b))), "b": b, "v": rng.uniform(-k, k, (H, 1))}
    return params | ({} if kind == "min" else {"U": rng.uniform(-k, k, (H, len(b)))})


def gradients(kind, params, x, wanted):
    """Mean squared error of y = h_T v, and its gradient by each parameter, for many runs at once (T, R, B, D)."""
    T, R, B, _ = x.shape
    H, A = params["v"].shape[1], x @ params["W"] + params["b"][:, None]
    h = c = np.zeros((R, B, H), x.dtype)
    saved, dA, U = [], np.empty_like(A), params.get("U")
    for t in range(T):
        if kind == "min":  # h_t = (1 − z) h_{t−1} + z n
            z, n = sigmoid(A[t, ..., :H]), A[t, ..., H:]
            saved.append((h, z, n))
            h = h + z * (n - h)
        elif kind == "gru":
            a, u = A[t], h @ U
            gates = sigmoid(a[..., : 2 * H] + u[..., : 2 * H])
            n = np.tanh(a[..., 2 * H :] + gates[..., :H] * u[..., 2 * H :])
            saved.append((h, gates, u[..., 2 * H :], n))
            h = n + gates[..., H:] * (h - n)
        else:
            a = A[t] + h @ U
            gates, g = sigmoid(a[..., : 3 * H]), np.tanh(a[..., 3 * H :])
            new = gates[..., H : 2 * H] * c + gates[..., :H] * g
            saved.append((h, c, gates, g, np.tanh(new)))
            h, c = gates[..., 2 * H :] * saved[-1][-1], new
    error = h @ params["v"] - wanted
    found = {"v": h.swapaxes(1, 2) @ (2 * error / B)}
    dh, dc = 2 * error / B @ params["v"].swapaxes(1, 2), np.zeros_like(h)
    if kind != "min":
        found["U"], back = np.zeros_like(U), np.ascontiguousarray(U.swapaxes(1, 2))
    for t in range(T - 1, -1, -1):
        da = dA[t]
        if kind == "min":
            h, z, n = saved[t]
            da[..., :H], da[..., H:] = dh * (n - h) * z * (1 - z), dh * z
            dh = dh * (1 - z)
        elif kind == "gru":
            h, gates, un, n = saved[t]
            r, z = gates[..., :H], gates[..., H:]
            dn = dh * (1 - z) * (1 - n * n)
            da[..., :H], da[..., H : 2 * H], da[..., 2 * H :] = dn * un, dh * (h - n), dn
            da[..., : 2 * H] *= gates * (1 - gates)
            du = da.copy()
            du[..., 2 * H :] *= r
            found["U"] += h.swapaxes(1, 2) @ du
            dh = dh * z + du @ back
        else:
            h, c, gates, g, squashed = saved[t]
            i, f, o = gates[..., :H], gates[..., H : 2 * H], gates[..., 2 * H :]
            dc = dc + dh * o * (1 - squashed**2)
            da[..., :H], da[..., H : 2 * H], da[..., 2 * H : 3 * H] = dc * g, dc * c, dh * squashed
            da[..., : 3 * H] *= gates * (1 - gates)
            da[..., 3 * H :] = dc * i * (1 - g * g)
            found["U"] += h.swapaxes(1, 2) @ da
            dc, dh = dc * f, da @ back
    found["b"] = dA.sum(axis=(0, 2))
    found["W"] = np.einsum("trbd,trbk->rdk", x, dA, optimize=True)
    return (error**2).mean(axis=(1, 2)), found


def learned(kind, H, task, lag, inputs):
    """The mean loss of the last 30 updates, the median of the seeds, at the side's own best rate."""
    starts = [start(kind, H, lag, np.random.default_rng(seed)) for seed in range(SEEDS)]
    params = {k: np.array([one[k] for _ in RATES for one in starts], np.float32) for k in starts[0]}
    mean, square = {k: np.zeros_like(p) for k, p in params.items()}, {k: np.zeros_like(p) for k, p in params.items()}
    rngs, losses = [np.random.default_rng(100 + seed) for seed in range(SEEDS)], []
    rates = np.repeat(RATES, SEEDS).astype(np.float32)
    for k in range(1, UPDATES[task] + 1):
        drawn = [draw(task, lag, inputs, rng) for rng in rngs]
        x = np.stack([one for _ in RATES for one, _ in drawn], axis=1).astype(np.float32)
        wanted = np.stack([one for _ in RATES for _, one in drawn]).astype(np.float32)
        loss, found = gradients(kind, params, x, wanted)
        losses.append(loss)
        norm = np.sqrt(sum((g**2).sum(axis=tuple(range(1, g.ndim))) for g in found.values()))
        for name, p in params.items():
            wide = (-1,) + (1,) * (p.ndim - 1)
            g = found[name] * np.minimum(1, 1 / (norm + 1e-9)).reshape(wide)  # clipped by norm at 1
            mean[name] = 0.9 * mean[name] + 0.1 * g
            square[name] = 0.999 * square[name] + 0.001 * g * g
            step = mean[name] / (1 - 0.9**k) / (np.sqrt(square[name] / (1 - 0.999**k)) + 1e-8)
            params[name] = (p - rates.reshape(wide) * step).astype(np.float32)
    ends = np.array(losses[-30:]).mean(axis=0).reshape(len(RATES), SEEDS)
    return np.median(ends, axis=1).min()


def alike(width):
    """Units of a GRU with about as many parameters, 3 (2H + H² + H), as a minGRU of `width`, 2 (2·width + width)."""
    return min(range(1, width), key=lambda H: abs(3 * (H * H + 3 * H) - 6 * width))


def measure(task, width, lag, inputs):
    setting = (task, lag, inputs)
    told = {kind: learned(kind, width, *setting) for kind in BLOCKS}
    return told | {"gru_alike": learned("gru", alike(width), *setting)}


def holds(row):
    if row["task"] == "recall":
        return row["min"] < 0.1
    return row["min"] > 0.3 and max(row["gru"], row["gru_alike"]) < 0.15


def values(rows):
    told, longest = {}, rows[0]
    for kind in ("min", "gru", "lstm", "gru_alike"):
        told[f"{kind}_200"] = longest[kind]
        told[f"{kind}_recall"] = max(row[kind] for row in rows if row["task"] == "recall")
        told[f"{kind}_first"] = max(row[kind] for row in rows if row["task"] == "first")
    told["min_first_low"] = min(row["min"] for row in rows if row["task"] == "first")
    return told

"""At its own best rate an LSTM without a forget gate ends with a larger loss than the standard one on a task that
has to erase. Where the other variants stand changes from setting to setting: no more is said of them."""

import numpy as np
from sweep import around

SETTINGS = around(dict(width=8, length=20, updates=150), width=(16,), length=(10, 40), updates=(300,))
SEEDS, RATES, B, D = 5, (0.01, 0.03, 0.1), 32, 2
FIXED = {
    "batch": "32 sequences; the length is varied by 4",
    "inputs": "the wanted value is one of the inputs: another size of them is another task",
}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# every function with its derivative
sigm = sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))
hard = lambda z: np.clip(z / 4 + 0.5, 0, 1), lambda z: 0.25 * (abs(z) < 2)
tanh = np.tanh, lambda z: 1 - np.tanh(z) ** 2
same = lambda z: z, np.ones_like
one = np.ones_like, np.zeros_like
CASES = {  # gates, forget gate, candidate, output
    "standard": (sigm, sigm, tanh, tanh),
    "hard_gates": (hard, hard, tanh, tanh),
    "identity": (sigm, sigm, same, same),
    "no_output": (sigm, sigm, tanh, same),
    "raw_forget": (sigm, same, tanh, tanh),
    "no_forget": (sigm, one, tanh, tanh),
}


def draw(rng, T):
    """SEEDS batches of T steps, each a number and its mark (T, SEEDS, B, D), and the last marked number of each."""
    x, y = rng.standard_normal((T, SEEDS, B, D)), 0
    x[..., 1] = rng.random((T, SEEDS, B)) < 0.2
    x[0, ..., 1] = 1
    for x_t in x:
        y = np.where(x_t[..., 1:] == 1, x_t[..., :1], y)
    return x, y


def forward(x, W, U, b, gate, forget, candidate, output):
    h = c = np.zeros((SEEDS, B, U.shape[1]))
    tape = []
    for x_t in x:
        zi, zf, zg, zo = np.split(x_t @ W + h @ U + b, 4, axis=-1)
        i, f, g, o = gate[0](zi), forget[0](zf), candidate[0](zg), gate[0](zo)
        tape.append((x_t, h, c, zi, zf, zg, zo, i, f, g, o))
        c = f * c + i * g
        h = o * output[0](c)
    return h, c, tape


def backward(dh, c, tape, U, gate, forget, candidate, output):
    dW = dU = db = dc = 0
    for x_t, h, before, zi, zf, zg, zo, i, f, g, o in reversed(tape):
        dc = dc + dh * o * output[1](c)
        dzi = dc * g * gate[1](zi)
        dzf = dc * before * forget[1](zf)
        dzg = dc * i * candidate[1](zg)
        dzo = dh * output[0](c) * gate[1](zo)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=-1)
        dW = dW + x_t.swapaxes(1, 2) @ dz
        dU = dU + h.swapaxes(1, 2) @ dz
        db = db + dz.sum(axis=1, keepdims=True)
        dh = dz @ U.swapaxes(1, 2)
        dc = dc * f
        c = before
    return [dW, dU, db]


def train(case, width, length, updates, rate):
    """Each seed's loss over the last thirty updates of Adam, after clipping by value."""
    rng, k = np.random.default_rng(0), 1 / np.sqrt(width)
    sizes = ((D, 4 * width), (width, 4 * width), (1, 4 * width), (width, 1))
    p = [rng.uniform(-k, k, (SEEDS, *size)) for size in sizes]
    p[2][..., width : 2 * width] += 1
    m, s, losses = [0] * 4, [0] * 4, []
    for n in range(1, updates + 1):
        x, y = draw(rng, length)
        W, U, b, v = p
        h, c, tape = forward(x, W, U, b, *case)
        error = h @ v - y
        losses.append((error**2).mean(axis=(1, 2)))
        grads = backward(2 / B * error @ v.swapaxes(1, 2), c, tape, U, *case)
        grads.append(2 / B * h.swapaxes(1, 2) @ error)
        for j, g in enumerate(np.clip(g, -1, 1) for g in grads):
            m[j] = 0.9 * m[j] + 0.1 * g
            s[j] = 0.99 * s[j] + 0.01 * g**2
            size = np.sqrt(s[j] / (1 - 0.99**n)) + 1e-8
            p[j] = p[j] - rate * m[j] / (1 - 0.9**n) / size
    return np.mean(losses[-30:], axis=0)


def measure(width, length, updates):
    found = {}
    with np.errstate(all="ignore"):
        for name, case in CASES.items():
            runs = [np.nan_to_num(train(case, width, length, updates, rate), nan=9.0) for rate in RATES]
            found[name] = min(np.median(run) for run in runs)
    return found


def holds(row):
    return row["no_forget"] > 1.2 * row["standard"]


def values(rows):
    ratio = {name: [row[name] / row["standard"] for row in rows] for name in CASES if name != "standard"}
    ends = {f"{name}_{end}": f(found) for name, found in ratio.items() for end, f in (("low", min), ("high", max))}
    return {**ends, "raw_worse": sum(row["raw_forget"] > row["no_forget"] for row in rows)}

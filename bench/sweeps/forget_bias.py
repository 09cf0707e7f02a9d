"""At initialization, one forget bias (4) keeps an LSTM's full gradient at every width, length and size of input; an
RNN that starts orthogonal can keep it too, but needs another gain for each of them. The cell alone, with a bias of
2, keeps nothing of it anywhere: what is left comes through h."""

import numpy as np
from sweep import grid

SETTINGS = grid(width=(16, 32, 64), length=(100, 400), inputs=(0.1, 0.3, 1.0))
SEEDS = 5
FIXED = {"rates": "nothing is trained", "batch": "one sequence at a time: the gradient of each stands for itself"}
GAINS = (0.9, 1.0, 1.1, 1.2, 1.3, 1.5, 2.0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm(H, T, bias, inputs, seed):
    """(by all paths, by the cell alone): the largest singular value of ∂c_T/∂c_0"""
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    U = rng.uniform(-k, k, (H, 4 * H))
    h, c, Jc, Jh, cell = np.zeros(H), np.zeros(H), np.eye(H), np.zeros((H, H)), np.ones(H)
    for _ in range(T):
        i, f, g, o = np.split(h @ U + inputs * rng.standard_normal(4 * H), 4)
        i, f, g, o = sigmoid(i), sigmoid(f + bias), np.tanh(g), sigmoid(o)
        Ji, Jf, Jg, Jo = np.split(Jh @ U, 4, axis=1)
        Jc = Jc * f + Ji * (g * i * (1 - i)) + Jf * (c * f * (1 - f)) + Jg * (i * (1 - g**2))
        c = f * c + i * g
        Jh = Jc * (o * (1 - np.tanh(c) ** 2)) + Jo * (np.tanh(c) * o * (1 - o))
        h, cell = o * np.tanh(c), cell * f
    return np.linalg.norm(Jc, 2), cell.max()


def rnn(H, T, gain, inputs, seed):
    rng = np.random.default_rng(seed)
    U = gain * np.linalg.qr(rng.standard_normal((H, H)))[0]
    h, J = np.zeros(H), np.eye(H)
    for _ in range(T):
        h = np.tanh(h @ U + inputs * rng.standard_normal(H))
        J = J @ U * (1 - h**2)
    return np.linalg.norm(J, 2)


def measure(width, length, inputs):
    found = {}
    for bias in (0, 2, 4):
        runs = [lstm(width, length, bias, inputs, seed) for seed in range(SEEDS)]
        found[f"lstm_{bias}"], found[f"cell_{bias}"] = np.median(runs, axis=0)
    for gain in GAINS:
        found[f"rnn_{gain}"] = np.median([rnn(width, length, gain, inputs, seed) for seed in range(SEEDS)])
    return found


def holds(row):
    return 0.1 < row["lstm_4"] < 1e5 and row["cell_2"] < 1e-4 * row["lstm_2"] + 1e-6 and row["lstm_0"] < 1e-9


def together(rows):
    spans = [np.ptp(np.log10([row[f"rnn_{gain}"] for row in rows])) for gain in GAINS]
    return min(spans) > 20


def values(rows):
    spans = {gain: np.ptp(np.log10([row[f"rnn_{gain}"] for row in rows])) for gain in GAINS}
    steady = min(spans, key=spans.get)
    return {
        "lowest": min(row["lstm_4"] for row in rows),
        "highest": max(row["lstm_4"] for row in rows),
        "lowest_2": min(row["lstm_2"] for row in rows),
        "highest_2": max(row["lstm_2"] for row in rows),
        "highest_0": max(row["lstm_0"] for row in rows),
        "highest_cell_2": max(row["cell_2"] for row in rows),
        "gain": steady,
        "rnn_lowest": min(row[f"rnn_{steady}"] for row in rows),
        "rnn_highest": max(row[f"rnn_{steady}"] for row in rows),
    }

import numpy as np
import matplotlib.pyplot as plt

L, n, batch, seeds = 50, 128, 32, 5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


functions = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
    "LeakyReLU": (lambda z: np.maximum(z, z / 100), lambda z: np.where(z > 0, 1, 0.01)),
}
looks = {"sigmoid": "C3-", "tanh": "C0-", "ReLU": "C2-", "LeakyReLU": "C1--"}
deviations = {"Xavier": np.sqrt(1 / n), "He": np.sqrt(2 / n), "N(0, 1)": 1.0}


def gradient_by_layer(function, slope, deviation, seed):
    rng = np.random.default_rng(seed)
    h, Ws, slopes = rng.standard_normal((batch, n)), [], []
    for layer in range(L):
        Ws.append(deviation * rng.standard_normal((n, n)))
        z = h @ Ws[-1]
        slopes.append(slope(z))
        h = function(z)
    g, norms = rng.standard_normal((batch, n)), []
    for W, d in zip(Ws[::-1], slopes[::-1]):
        norms.append(np.linalg.norm(g))
        g = (g * d) @ W.T
    return np.log10(norms + [np.linalg.norm(g)])[::-1] - np.log10(norms[0])


# log10 of what is left of the gradient at the input, median over seeds
#zh 到输入处梯度还剩多少（log10），取各种子的中位数
left, middle = {}, {}
for scheme, deviation in deviations.items():
    for name, pair in functions.items():
        runs = [gradient_by_layer(*pair, deviation, seed) for seed in range(seeds)]
        left[name, scheme] = np.median([run[0] for run in runs])
        middle[name, scheme] = np.median(runs, axis=0)

for name in functions:
    xavier, he, normal = (left[name, scheme] for scheme in deviations)
    print(f"{name:9} Xavier {xavier:+6.1f}  He {he:+6.1f}  N(0, 1) {normal:+4.0f}")

for scheme in ("Xavier", "He", "N(0, 1)"):
    plt.figure(scheme)
    for name in functions:
        plt.plot(middle[name, scheme], looks[name], label=name)
    plt.ylim(-60, 60)
    plt.xlabel("layer")  #zh "层"
    plt.ylabel("log10 ‖∂L/∂h‖, 0 at the top")  #zh "h 的梯度的范数（log10，顶层为 0）"
    plt.legend(loc="upper right", ncols=2)

plt.show()

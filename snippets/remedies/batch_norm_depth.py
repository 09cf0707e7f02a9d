import numpy as np
import matplotlib.pyplot as plt

n, batch, seeds, deepest = 128, 128, 3, 50
depths = (10, 25, 50)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


functions = {
    "sigmoid": (sigmoid, lambda h: h * (1 - h), np.sqrt(1 / n)),
    "ReLU": (lambda z: np.maximum(z, 0), lambda h: 1.0 * (h > 0), np.sqrt(2 / n)),
}


def gradient_by_layer(name, normalize, L, seed):
    function, slope, deviation = functions[name]
    rng = np.random.default_rng(seed)
    h, layers = rng.standard_normal((batch, n)), []
    for layer in range(L):
        W = deviation * rng.standard_normal((n, n))
        z, scale = h @ W, 1.0
        if normalize:
            scale = 1 / np.sqrt(z.var(axis=0) + 1e-5)
            z = (z - z.mean(axis=0)) * scale
        h = function(z)
        layers.append((W, z, scale, slope(h)))
    g, norms = rng.standard_normal((batch, n)), []
    for W, z, scale, d in layers[::-1]:
        norms.append(np.linalg.norm(g))
        g = g * d
        if normalize:
            g = scale * (g - g.mean(axis=0) - z * (g * z).mean(axis=0))
        g = g @ W.T
    return np.array(norms + [np.linalg.norm(g)])[::-1] / norms[0]


middle, rate = {}, {}
for L in depths:
    for name in functions:
        for normalize in (False, True):
            runs = [gradient_by_layer(name, normalize, L, s) for s in range(seeds)]
            curve = np.exp(np.mean(np.log(runs), axis=0))
            middle[L, name, normalize] = curve
            # a layer's factor, without the first and last four layers
            #zh 每层的倍数，不算最前和最后各四层
            rate[L, name, normalize] = (curve[4] / curve[-5]) ** (1 / (L - 8))

# infinite width and batch: √(E φ′² / Var φ) for standard normal z
#zh 宽度和批大小趋于无穷时：√(E φ′² / Var φ)，z 服从标准正态
z = np.linspace(-8, 8, 4001)
weight = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
h = sigmoid(z)
variance = weight @ h**2 - (weight @ h) ** 2
limit_sigmoid = np.sqrt(weight @ (h * (1 - h)) ** 2 / variance)
limit_relu = np.sqrt(np.pi / (np.pi - 1))
print(f"factor a layer, {deepest} layers")
for name, limit in (("sigmoid", limit_sigmoid), ("ReLU", limit_relu)):
    plain, bn = rate[deepest, name, False], rate[deepest, name, True]
    print(f"{name:7}: {plain:.2f}, BN {bn:.2f} (theory {limit:.2f})")

for L in depths:
    plt.figure(f"L = {L}")
    for name, color in (("sigmoid", "C3"), ("ReLU", "C2")):
        plt.semilogy(middle[L, name, False], color + "--", label=name)
        plt.semilogy(middle[L, name, True], color, label=name + " + BN")
    plt.axis((0, deepest, 1e-32, 1e8))
    plt.xlabel("layer")  #zh "层"
    plt.ylabel("norm of the gradient, 1 at the top")  #zh "h 的梯度的范数（顶层为 1）"
    plt.legend(loc="lower right")

plt.show()

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


rate, left = {}, {}
for L in depths:
    axis = plt.figure(f"L = {L}").gca()
    for name, color in (("sigmoid", "C3"), ("ReLU", "C2")):
        for normalize, style, suffix in ((False, "--", ""), (True, "-", " + BN")):
            runs = [gradient_by_layer(name, normalize, L, s) for s in range(seeds)]
            middle = np.exp(np.mean(np.log(runs), axis=0))
            # a layer's factor, without the first and last four layers
            #zh 每层的倍数，不算最前和最后各四层
            rate[name, normalize] = (middle[4] / middle[-5]) ** (1 / (L - 8))
            left[name, normalize] = middle[0]
            axis.semilogy(middle, color, ls=style, label=name + suffix)
    axis.set_xlim(0, deepest)
    axis.set_ylim(1e-32, 1e8)
    axis.set_xlabel("layer")  #zh "层"
    axis.set_ylabel("norm of the gradient, 1 at the top")  #zh "h 的梯度的范数（顶层为 1）"
    axis.legend(loc="lower right")

# infinite width and batch: √(E φ′² / Var φ) for standard normal z
#zh 宽度和批量无穷大时：√(E φ′² / Var φ)，z 服从标准正态
z = np.linspace(-8, 8, 4001)
weight = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
h = sigmoid(z)
variance = weight @ h**2 - (weight @ h) ** 2
limit_sigmoid = np.sqrt(weight @ (h * (1 - h)) ** 2 / variance)
limit_relu = np.sqrt(np.pi / (np.pi - 1))
sigmoid_plain, sigmoid_bn = rate["sigmoid", False], rate["sigmoid", True]
relu_plain, relu_bn = rate["ReLU", False], rate["ReLU", True]
print(f"factor a layer, {deepest} layers")
print(f"sigmoid: {sigmoid_plain:.2f}, BN {sigmoid_bn:.2f} (theory {limit_sigmoid:.2f})")
print(f"ReLU   : {relu_plain:.2f}, BN {relu_bn:.2f} (theory {limit_relu:.2f})")
plt.show()

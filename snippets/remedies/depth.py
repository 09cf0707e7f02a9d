import numpy as np
import matplotlib.pyplot as plt

L, n, batch, seeds = 50, 64, 32, 5

# n times the variance of the weights, the axis of the normalization N,
# and the two factors of h ← keep · h + scale · f(N(h)) W
#zh 权重方差的 n 倍、归一化 N 的轴，
#zh 以及 h ← keep · h + scale · f(N(h)) W 的两个系数
kinds = {
    "1/(3n)": (1 / 3, None, 0, 1),
    "2/n (He)": (2, None, 0, 1),
    "1/(3n), BN": (1 / 3, 0, 0, 1),
    "1/(3n), h + F": (1 / 3, None, 1, 1),
    "1/(3n), h + 0.14 F": (1 / 3, None, 1, 1 / np.sqrt(L)),
}


def drawn(seed, count):
    # variance 1, uniform; hashed, for a script of this site draws them, too
    #zh 方差为 1 的均匀分布；用散列得到，好让本站的脚本也抽出同样的数
    x = np.arange(count, dtype=np.uint32) + np.uint32(seed << 18)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ x >> shift) * np.uint32(factor)
    return np.sqrt(3) * ((x ^ x >> 16) / 2**31 - 1)


def relu(z):
    return np.maximum(z, 0), 1.0 * (z > 0)


def gradient_by_layer(f, kind, seed):
    gain, axis, keep, scale = kind
    numbers = drawn(seed, (2 * batch + L * n) * n)
    h, g, W = np.split(numbers.reshape(-1, n), [batch, 2 * batch])
    W, tape = np.sqrt(gain / n) * W.reshape(L, n, n), []
    for layer in range(L):
        z, factor = h, 1.0
        if axis is not None:
            factor = 1 / np.sqrt(h.var(axis, keepdims=True) + 1e-5)
            z = factor * (h - h.mean(axis, keepdims=True))
        value, slope = f(z)
        tape.append((z, factor, slope))
        h = keep * h + scale * value @ W[layer]
    norms = [np.linalg.norm(g)]
    for layer in reversed(range(L)):
        z, factor, slope = tape[layer]
        d = (g @ W[layer].T) * slope
        if axis is not None:
            along = (d * z).mean(axis, keepdims=True)
            d = factor * (d - d.mean(axis, keepdims=True) - along * z)
        g = keep * g + scale * d
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1]) / norms[0]


middles, left = [], {}
for name, kind in kinds.items():
    runs = [gradient_by_layer(relu, kind, seed) for seed in range(seeds)]
    middle = np.exp(np.mean(np.log(runs), axis=0))
    left[name] = middle[0]
    middles.append(middle)
    print(f"{name:18}: {middle[0]:.0e}")

looks = ("C3v-", "C0o-", "C4D-", "C2^-", "C1s-")
for middle, name, look in zip(middles, kinds, looks):
    plt.semilogy(middle, look, ms=4, markevery=5, label=name)

plt.axhspan(1e-3, 1e3, color="C2", alpha=0.15, lw=0)
plt.xlabel("layer")  #zh "层"
plt.ylabel("norm of the gradient, 1 at the top")  #zh "h 的梯度的范数（顶层为 1）"
plt.legend()
plt.show()

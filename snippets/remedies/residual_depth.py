import numpy as np
import matplotlib.pyplot as plt

L, n, batch, seeds = 50, 64, 32, 5

# h ← keep · h + scale · ReLU(h) W, where W has the variance gain / n
#zh h ← keep · h + scale · ReLU(h) W，其中 W 的方差为 gain / n
kinds = {
    "plain, variance 1/(3n)": (0, 1, 1 / 3, "C3", "v"),  #zh "普通，方差 1/(3n)"
    "plain, He": (0, 1, 2, "C0", "o"),  #zh "普通，He"
    "residual": (1, 1, 2, "C2", "^"),  #zh "残差"
    "residual, branch × 1/√L": (1, 1 / np.sqrt(L), 2, "C2", "s"),  #zh "残差，支路 × 1/√L"
    "highway, gate 0.05": (0.95, 0.05, 2, "C1", "D"),  #zh "高速公路网络，门 0.05"
}


def gradient_by_layer(keep, scale, gain, seed):
    rng = np.random.default_rng(seed)
    h, layers = rng.standard_normal((batch, n)), []
    for layer in range(L):
        W = np.sqrt(gain / n) * rng.standard_normal((n, n))
        layers.append((W, h > 0))
        h = keep * h + scale * np.maximum(h, 0) @ W
    g, norms = rng.standard_normal((batch, n)), []
    for W, on in layers[::-1]:
        norms.append(np.linalg.norm(g))
        g = keep * g + scale * (g @ W.T) * on
    return np.array(norms + [np.linalg.norm(g)])[::-1] / norms[0]


reach, middles = [], []
for name, (keep, scale, gain, color, marker) in kinds.items():
    runs = [gradient_by_layer(keep, scale, gain, seed) for seed in range(seeds)]
    middle = np.exp(np.mean(np.log(runs), axis=0))
    middles.append(middle)
    reach.append(middle[0])

default, he, residual, scaled, highway = reach
spread = np.log10([gradient_by_layer(0, 1, 2, seed)[0] for seed in range(seeds)])
lowest, highest = 10 ** min(spread), 10 ** max(spread)
print(f"plain, variance 1/(3n): {default:.0e}")
print(f"plain, He             : {he:.2f} ({lowest:.2f} to {highest:.2f})")
print(f"residual              : {residual:.0e}")
print(f"residual, scaled      : {scaled:.2f}")
print(f"highway, gate 0.05    : {highway:.2f}")

for middle, (name, kind) in zip(middles, kinds.items()):
    color, marker = kind[3:]
    plt.semilogy(middle, color, marker=marker, ms=4, markevery=5, label=name)

plt.ylim(1e-22, 1e12)
plt.xlabel("layer")  #zh "层"
plt.ylabel("norm of the gradient, 1 at the top")  #zh "h 的梯度的范数（顶层为 1）"
plt.legend()
plt.show()

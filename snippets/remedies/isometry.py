import numpy as np
import matplotlib.pyplot as plt

n, L, seeds = 100, 30, 3


def orthogonal(rng):
    return np.linalg.qr(rng.standard_normal((n, n)))[0]


def gaussian(rng):
    return rng.standard_normal((n, n)) / np.sqrt(n)


def singular_values(draw, gain, relu, seed, size=0.1):
    # of ∂h_L/∂h_0, for an input whose entries have the deviation `size`
    #zh ∂h_L/∂h_0 的奇异值，输入各元素的标准差是 size
    rng = np.random.default_rng(seed)
    h, J = size * rng.standard_normal(n), np.eye(n)
    for l in range(L):
        W = gain * draw(rng)
        z = h @ W
        h = np.maximum(z, 0) if relu else np.tanh(z)
        J = J @ W * ((z > 0) if relu else 1 - h**2)
    return np.linalg.svd(J, compute_uv=False)


cases = (
    (orthogonal, 1.0, False, "C2", "o", "tanh, orthogonal"),  #zh "tanh，正交"
    (gaussian, 1.0, False, "C0", "s", "tanh, Gaussian 1/n"),  #zh "tanh，高斯 1/n"
    (orthogonal, np.sqrt(2), True, "C1", "^", "ReLU, orthogonal × √2"),  #zh "ReLU，正交 × √2"
    (gaussian, np.sqrt(2), True, "C3", "v", "ReLU, He"),
)
middles, largest, median, shares = [], [], [], []
for draw, gain, relu, color, marker, name in cases:
    s = np.array([singular_values(draw, gain, relu, seed) for seed in range(seeds)])
    middle = np.median(s, axis=0)  # (n,)
    middles.append(middle)
    largest.append(middle[0])
    median.append(np.median(middle))
    shares.append((middle > 0.1).mean())

print("share of directions that keep more than a tenth:")
print(*(f"{share:.2f}" for share in shares))

for middle, (draw, gain, relu, color, marker, name) in zip(middles, cases):
    curve = np.maximum(middle, 1e-12)
    plt.semilogy(range(1, n + 1), curve, color, marker=marker, markevery=10, label=name)

plt.ylim(1e-12, 1e2)
plt.xlabel("singular values, the largest first")  #zh "奇异值，从大到小"
plt.ylabel("factor over 30 layers")  #zh "三十层的因子"
plt.legend()
plt.show()

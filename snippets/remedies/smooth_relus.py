import numpy as np
import matplotlib.pyplot as plt

L, n, batch, seeds = 50, 128, 32, 5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


functions = {
    "ReLU": lambda z: np.where(z.real > 0, z, 0),
    "PReLU": lambda z: np.where(z.real > 0, z, z / 4),
    "ELU": lambda z: np.where(z.real > 0, z, np.exp(np.minimum(z, 0)) - 1),
    "SiLU": lambda z: z * sigmoid(z),
    "GELU": lambda z: z * sigmoid(np.sqrt(8 / np.pi) * (z + 0.044715 * z**3)),
}


def measure(phi, normalize, seed):
    rng = np.random.default_rng(seed)
    h, tape, sizes = rng.standard_normal((batch, n)), [], []
    for layer in range(L):
        W = rng.standard_normal((n, n)) * np.sqrt(2 / n)
        z, r = h @ W, np.ones((batch, 1))
        if normalize:
            # divide each example by the root of its mean square
            #zh 每个样本除以自己的均方根
            r = np.sqrt((z**2).mean(axis=1, keepdims=True))
        y = z / r
        # complex step: the imaginary part carries the slope, exactly
        #zh 复步微分：虚部携带斜率，没有误差
        h = phi(y + 1e-100j)
        tape.append((W, r, y, h.imag / 1e-100))
        h = h.real
        sizes.append(np.sqrt((h**2).mean()))
    g = rng.standard_normal((batch, n))
    dh = g
    for W, r, y, slope in tape[::-1]:
        dy = dh * slope
        dz = dy - normalize * y * (dy * y).mean(axis=1, keepdims=True)
        dh = dz / r @ W.T
    return sizes, np.linalg.norm(dh) / np.linalg.norm(g)


size, left = {}, {}
for name, phi in functions.items():
    for normalize in (False, True):
        runs = [measure(phi, normalize, seed) for seed in range(seeds)]
        size[name, normalize] = np.median([sizes for sizes, _ in runs], axis=0)
        left[name, normalize] = np.median([np.log10(share) for _, share in runs])
    plain, normalized = left[name, False], left[name, True]
    print(f"{name:5} plain 10^{plain:.1f}, normalized 10^{normalized:.1f}")

for name in functions:
    plt.semilogy(range(1, L + 1), size[name, False], label=name)

plt.xlabel("layer")  #zh "层"
plt.ylabel("size of the signal, not normalized")  #zh "信号的大小（不归一化）"
plt.legend()
plt.show()

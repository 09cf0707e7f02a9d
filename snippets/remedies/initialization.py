import numpy as np
import matplotlib.pyplot as plt

n, L, batch, seeds = 128, 30, 64, 3


def draw(scheme, rng):
    if scheme == "orthogonal":
        q, r = np.linalg.qr(rng.standard_normal((n, n)))
        # signs of r's diagonal: only so is every orthogonal matrix equally likely
        #zh 乘上 r 对角线的符号，这样抽到每个正交矩阵的机会才相等
        return q * np.sign(np.diag(r))
    variance = {"Xavier": 2 / (n + n), "He": 2 / n}[scheme]
    return np.sqrt(variance) * rng.standard_normal((n, n))


def ratios(scheme, function, seed):
    rng = np.random.default_rng(seed)
    h, layers = 1e-6 * rng.standard_normal((batch, n)), []
    forward, back = [(h**2).mean()], []
    for layer in range(L):
        W = draw(scheme, rng)
        z = h @ W
        h = np.maximum(z, 0) if function == "ReLU" else np.tanh(z)
        layers.append((W, 1.0 * (z > 0) if function == "ReLU" else 1 - h**2))
        forward.append((z**2).mean())
    g = rng.standard_normal((batch, n))
    back = [(g**2).mean()]
    for W, d in layers[::-1]:
        g = (g * d) @ W.T
        back.append((g**2).mean())
    return np.array(forward) / forward[0], np.array(back)[::-1] / back[0]


factor, size = {}, {}
for scheme in ("Xavier", "He", "orthogonal"):
    for function in ("tanh", "ReLU"):
        both = [ratios(scheme, function, seed) for seed in range(seeds)]
        forward, back = (np.exp(np.mean(np.log(runs), axis=0)) for runs in zip(*both))
        size[function, scheme] = forward, back
        f, g = forward[-1] ** (1 / L), back[0] ** (1 / L)
        factor[function, scheme] = f, g
        print(f"{function} {scheme:10}: forward x {f:.2f}, backward x {g:.2f} a layer")

# linear layers, one after the other: the singular values of the product
#zh 一层接一层的线性层：乘积的奇异值
products = {}
for scheme in ("Xavier", "orthogonal"):
    rng, product = np.random.default_rng(0), np.eye(n)
    for layer in range(L):
        product = product @ draw(scheme, rng)
    values = np.linalg.svd(product, compute_uv=False)
    products[scheme] = values
    print(f"{scheme:10}: largest {values[0]:.1f}, median {values[n // 2]:.0e}")

fig, axes = plt.subplots(2, 1, figsize=(4.95, 5.6), sharey=True)
for scheme, look in (("Xavier", "C0o-"), ("He", "C2^-"), ("orthogonal", "C1s-")):
    for axis, function in zip(axes, ("tanh", "ReLU")):
        forward, back = size[function, scheme]
        axis.semilogy(forward, look, ms=4, markevery=6)
        axis.semilogy(back, look[:2] + ":")
        axis.set_title(function)
        axis.set_xlabel("layer")  #zh "层"

axes[0].plot([], [], "C0o-", label="Xavier")
axes[0].plot([], [], "C2^-", label="He")
axes[0].plot([], [], "C1s-", label="orthogonal")  #zh "正交"
axes[0].plot([], [], "k:", label="backward")  #zh "反向"
axes[0].set_ylabel("variance, relative")  #zh "相对方差"
axes[0].legend()
plt.show()

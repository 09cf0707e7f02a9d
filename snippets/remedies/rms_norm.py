import numpy as np

n, seeds, tiny = 256, 5, 1e-100


def layer_norm(x):
    return (x - x.mean()) / np.sqrt(((x - x.mean()) ** 2).mean())


def rms_norm(x):
    return x / np.sqrt((x**2).mean())


def jacobian(norm, x):
    # complex step: the imaginary part carries the derivative, exactly
    #zh 复步微分：虚部携带导数，没有误差
    return np.array([norm(x + tiny * 1j * e).imag / tiny for e in np.eye(n)])


rng = np.random.default_rng(0)
x, blocked = 1 + rng.standard_normal(n), {}
for norm in (layer_norm, rms_norm):
    sigma = np.linalg.svd(jacobian(norm, x), compute_uv=False)
    blocked[norm.__name__] = int((sigma < 1e-9).sum())
    moved = abs(norm(x + 1) - norm(x)).max()
    grown = abs(norm(3 * x) - norm(x)).max()
    print(f"{norm.__name__:10} directions blocked: {blocked[norm.__name__]}")
    print(f"{norm.__name__:10} changed by a shift {moved:.1f}, a factor {grown:.1f}")

# a pre-norm stream of ReLU branches: how large is its mean beside its deviation?
#zh 前归一化的主干，支路是 ReLU：均值与标准差之比有多大？
depths, offsets = 64, {}
for norm in (layer_norm, rms_norm):
    ratios = np.zeros((seeds, depths))
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        h = rng.standard_normal(n)
        for layer in range(depths):
            W, V = rng.standard_normal((2, n, n)) / np.sqrt(n)
            h = h + np.maximum(norm(h) @ W, 0) @ V
            ratios[seed, layer] = abs(h.mean()) / h.std()
    offsets[norm.__name__] = np.median(ratios, axis=0)

largest = max(offsets["rms_norm"])
print(f"mean of the stream: at most {largest:.2f} deviations")

import numpy as np

D, H, T, seeds, tiny = 4, 32, 200, 5, 1e-100


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def step(kind, x, h, c, W, U, b, p):
    z_i, z_f, z_g, z_o = np.split(x @ W + h @ U + b, 4)
    if kind == "peepholes":
        # the input and the forget gate look at the old cell, the output gate at the new
        #zh 输入门和遗忘门看旧的细胞，输出门看新的
        z_i = z_i + p[0] * c
        z_f = z_f + p[1] * c
    f = sigmoid(z_f)
    i = 1 - f if kind == "coupled" else sigmoid(z_i)
    c = f * c + i * np.tanh(z_g)
    if kind == "peepholes":
        z_o = z_o + p[2] * c
    return sigmoid(z_o) * np.tanh(c), c, f


def run(kind, seed):
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    W, U = rng.uniform(-k, k, (D, 4 * H)), rng.uniform(-k, k, (H, 4 * H))
    p, b = rng.uniform(-k, k, (3, H)), np.repeat([0.0, 3.0, 0.0, 0.0], H)
    h, c, off, largest = np.zeros(H), np.zeros(H), [], 0
    for t in range(T):
        # complex step: the imaginary part is the factor from old to new cell
        #zh 复步微分：虚部就是从旧细胞到新细胞的因子
        x = rng.standard_normal(D)
        h, c, f = step(kind, x, h, c + 1j * tiny, W, U, b, p)
        off.append(abs(c.imag / tiny - f.real).mean())
        h, c = h.real, c.real
        largest = max(largest, abs(c).max())
    return np.mean(off), largest


count = 4 * (D * H + H**2 + H)
parameters = {"standard": count, "peepholes": count + 3 * H, "coupled": 3 * count // 4}
off, largest = {}, {}
for kind in parameters:
    runs = [run(kind, seed) for seed in range(seeds)]
    off[kind] = np.median([factor for factor, _ in runs])
    largest[kind] = np.median([cell for _, cell in runs])
    print(f"{kind:9} largest cell {largest[kind]:.1f}, factor off f by {off[kind]:.3f}")

print("parameters:", *(f"{kind} {number}" for kind, number in parameters.items()))

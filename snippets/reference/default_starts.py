import numpy as np
import matplotlib.pyplot as plt

D, H, T, B, seeds = 16, 64, 60, 8, 3


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def orthogonal(rng, rows, columns):
    q, r = np.linalg.qr(rng.standard_normal((columns, rows)))
    return (q * np.sign(np.diag(r))).T


def pytorch(rng):
    # everything uniform, the two biases as well
    #zh 全部均匀分布，两个偏置也是
    k = 1 / np.sqrt(H)
    W, U = rng.uniform(-k, k, (D, 4 * H)), rng.uniform(-k, k, (H, 4 * H))
    return W, U, rng.uniform(-k, k, 4 * H) + rng.uniform(-k, k, 4 * H)


def keras(rng):
    # Glorot and orthogonal over the whole (., 4H), the forget bias 1
    #zh Glorot 和正交都按整个 (., 4H) 来算，遗忘门偏置为 1
    k = np.sqrt(6 / (D + 4 * H))
    W, U = rng.uniform(-k, k, (D, 4 * H)), orthogonal(rng, H, 4 * H)
    return W, U, np.repeat([0.0, 1, 0, 0], H)


def flax(rng):
    # LeCun and orthogonal for each gate by itself, biases 0
    #zh LeCun 和正交都逐个门来算，偏置为 0
    U = np.concatenate([orthogonal(rng, H, H) for _ in range(4)], axis=1)
    return rng.standard_normal((D, 4 * H)) / np.sqrt(D), U, np.zeros(4 * H)


def gradient(start, seed):
    rng = np.random.default_rng(seed)
    W, U, b = start(rng)
    h, c, tape = np.zeros((B, H)), np.zeros((B, H)), []
    for t in range(T):
        z = rng.standard_normal((B, D)) @ W + h @ U + b
        i, f, g, o = np.split(z, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c_prev, c = c, f * c + i * g
        h = o * np.tanh(c)
        tape.append((i, f, g, o, c_prev, np.tanh(c)))
    dh, dc, norms = rng.standard_normal((B, H)), np.zeros((B, H)), []
    for i, f, g, o, c_prev, tanh_c in tape[::-1]:
        dc = dc + dh * o * (1 - tanh_c**2)
        norms.append(np.linalg.norm(dc))
        do = dh * tanh_c * o * (1 - o)
        dz = [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), do]
        dh, dc = np.concatenate(dz, axis=1) @ U.T, dc * f
    return np.array(norms) / norms[0]


def pytorch_with_1(rng):
    W, U, b = pytorch(rng)
    b[H : 2 * H] = 1
    return W, U, b


starts = {"PyTorch": pytorch, "Keras": keras, "Flax": flax}
starts["PyTorch, b_f = 1"] = pytorch_with_1
curves, factor = {}, {}
for name, start in starts.items():
    logs = np.mean([np.log(gradient(start, seed)) for seed in range(seeds)], axis=0)
    curves[name] = np.exp(logs)
    factor[name] = np.exp((logs[-1] - logs[10]) / (T - 11))
    print(f"{name:16} × {factor[name]:.2f} a step")

for name, style in zip(starts, ("C0o-", "C1s-", "C2^-", "C0o--")):
    plt.semilogy(curves[name], style, ms=4, markevery=6, label=name)

plt.xlabel("steps back")  #zh "往回走的步数"
plt.ylabel("gradient of c, last step = 1")  #zh "c 的梯度，最后一步为 1"
plt.legend()
plt.show()

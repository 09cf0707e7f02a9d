import numpy as np
import matplotlib.pyplot as plt

H, T, seeds, bias = 32, 60, 5, 0.5
steps = np.arange(T + 1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def both_paths(scale, seed):
    rng = np.random.default_rng(seed)
    U = scale * rng.standard_normal((H, 4 * H)) / np.sqrt(H)
    h, c, keep = np.zeros(H), np.zeros(H), np.ones(H)
    Jc, Jh, full, cell = np.eye(H), np.zeros((H, H)), [1.0], [1.0]
    for t in range(T):
        z = np.split(h @ U + rng.standard_normal(4 * H), 4)
        i, f, g, o = sigmoid(z[0]), sigmoid(z[1] + bias), np.tanh(z[2]), sigmoid(z[3])
        Jz = np.split(Jh @ U, 4, axis=1)
        slopes = g * i * (1 - i), c * f * (1 - f), i * (1 - g**2)
        # ∂c_t/∂c_0 = the cell's own path + what comes back through h and the gates
        #zh ∂c_t/∂c_0 = 细胞自己的路径 + 经 h 和各个门绕回来的部分
        Jc = Jc * f + sum(J * s for J, s in zip(Jz, slopes))
        c = f * c + i * g
        Jh = Jc * (o * (1 - np.tanh(c) ** 2)) + Jz[3] * (np.tanh(c) * o * (1 - o))
        h = o * np.tanh(c)
        keep = keep * f
        full.append(np.linalg.norm(Jc, 2))
        cell.append(keep.max())
    return np.array(full), np.array(cell)


runs, result = {}, {}
for scale in (0, 1, 8):
    found = [both_paths(scale, seed) for seed in range(seeds)]
    runs[scale] = np.array(found)  # (S, 2, T+1)
    full, cell = np.median(runs[scale], axis=0)
    gap = np.abs(runs[scale][:, 0] - runs[scale][:, 1]).max()
    result[scale] = full[-1], cell[-1], gap
    print(f"scale {scale}: full {full[-1]:.0e}, product of f {cell[-1]:.0e}")

for scale, color, marker in ((0, "C2", "^"), (1, "C1", "s"), (8, "C3", "v")):
    full, cell = np.median(runs[scale], axis=0)
    plt.semilogy(steps, runs[scale][:, 0].T, color=color, alpha=0.3, lw=1)
    plt.semilogy(steps, full, color=color, marker=marker, markevery=10)
    plt.semilogy(steps, cell, "--", color=color)
    plt.plot([], [], color=color, marker=marker, label=f"σ(U)√n = {scale}")

plt.plot([], [], "--", color="gray", label="∏ f")
plt.xlabel("steps, k")  #zh "步数 k"
plt.ylabel("‖∂c_k/∂c_0‖")  #zh "c_k 对 c_0 的导数的范数"
plt.legend()
plt.show()

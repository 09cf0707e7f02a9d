import numpy as np
import matplotlib.pyplot as plt

T, H, seeds = 100, 32, 7


def gradients(radius, seed):
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.standard_normal((H, H)))
    U, h = radius * q, [np.zeros(H)]
    for t in range(T):
        h.append(np.tanh(0.05 * rng.standard_normal(H) + h[t] @ U))
    g, total, out = rng.standard_normal(H), np.zeros((H, H)), []
    for t in range(T - 1, -1, -1):
        dz = g * (1 - h[t + 1] ** 2)
        total = total + np.outer(h[t], dz)
        out.append(total)
        g = dz @ U.T
    return np.array(out)


steps = np.arange(1, T + 1)
kept = {}
for radius in (0.8, 0.95, 1.0):
    runs = []
    for seed in range(seeds):
        parts = gradients(radius, seed)
        full = parts[-1]
        sizes = np.linalg.norm(parts, axis=(1, 2)) * np.linalg.norm(full)
        runs.append((parts * full).sum(axis=(1, 2)) / sizes)
    kept[radius] = np.mean(runs, axis=0)

short_10, long_10 = kept[0.8][9], kept[1.0][9]
need = int(np.argmax(kept[1.0] > 0.9)) + 1
need_short = int(np.argmax(kept[0.8] > 0.9)) + 1
print(f"cosine of 10 steps with all: {short_10:.2f} and {long_10:.2f}")
print(f"steps for a cosine of 0.9: {need_short} and {need}")

for radius, color, marker in ((0.8, "C0", "o"), (0.95, "C1", "s"), (1.0, "C3", "^")):
    label = f"σ = {radius}"
    plt.plot(steps, kept[radius], color, marker=marker, markevery=10, label=label)

plt.xlabel("steps of backpropagation, k")  #zh "反向传播的步数 k"
plt.ylabel("cosine to the full gradient")  #zh "与完整梯度的余弦"
plt.legend()
plt.show()

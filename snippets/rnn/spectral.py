import numpy as np
import matplotlib.pyplot as plt

H, T, seeds = 64, 60, 5
steps = np.arange(T + 1)
radii = (0.5, 0.9, 1.0, 1.1, 1.5)
runs, fit = {}, {}


def gradient_norms(radius, scale, rng):
    U = rng.standard_normal((H, H))
    U *= radius / np.abs(np.linalg.eigvals(U)).max()
    h, slopes = np.zeros(H), []
    for t in range(T):
        h = np.tanh(h @ U + scale * rng.standard_normal(H))
        slopes.append(1 - h**2)  # φ′(z_t)
    g = rng.standard_normal(H)
    norms = [np.linalg.norm(g)]
    for t in range(T - 1, -1, -1):
        g = (g * slopes[t]) @ U.T  # ∂L/∂h_{t-1}
        norms.append(np.linalg.norm(g))
    return np.array(norms) / norms[0]


for radius in radii:
    # tiny inputs keep tanh linear; inputs of size 1 push it towards saturation
    #zh 输入很小时 tanh 近似线性；输入大小为 1 时开始饱和
    for scale in (1e-12, 1.0):
        rngs = [np.random.default_rng(s) for s in range(seeds)]
        found = np.array([gradient_norms(radius, scale, rng) for rng in rngs])
        slope = (np.log(found[:, -1]) - np.log(found[:, 10])).mean() / (T - 10)
        runs[radius, scale] = found
        fit[radius, scale] = np.exp(slope)
    a, b = fit[radius, 1e-12], fit[radius, 1.0]
    print(f"radius {radius}: per step {a:.2f} linear, {b:.2f} saturating")

for radius in radii:
    plt.figure(f"ρ = {radius}")
    for scale, color, label in (
        (1e-12, "C0", "nearly linear"),  #zh "近似线性"
        (1.0, "C3", "saturating"),  #zh "饱和"
    ):
        found = runs[radius, scale]
        plt.semilogy(steps, found.T, color=color, alpha=0.4, lw=1)
        plt.semilogy(steps, np.median(found, axis=0), color=color, label=label)
    plt.semilogy(steps, radius**steps, "--", color="black", label="ρ^k")
    plt.ylim(1e-30, 1e12)
    plt.xlabel("steps back in time, k")  #zh "回溯的时间步数 k"
    plt.ylabel("norm of the gradient, last step 1")  #zh "梯度的范数（最后一步为 1）"
    plt.legend(loc="lower left")

plt.show()

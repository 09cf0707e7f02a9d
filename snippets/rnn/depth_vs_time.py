import numpy as np
import matplotlib.pyplot as plt

H, T, seeds = 128, 100, 10
steps = np.arange(T + 1)


def norms(shared, sigma, seed):
    rng = np.random.default_rng(seed)
    U = sigma * rng.standard_normal((H, H)) / np.sqrt(H)
    g, out = rng.standard_normal(H), []
    for k in steps:
        out.append(np.log10(np.linalg.norm(g)))
        if not shared:
            U = sigma * rng.standard_normal((H, H)) / np.sqrt(H)
        g = g @ U.T
    return np.array(out) - out[0]


rates = {}
for shared, color, marker, label in (
    (True, "C0", "o", "one shared matrix (time)"),  #zh "共用一个矩阵（时间）"
    (False, "C2", "^", "a new matrix each layer (depth)"),  #zh "每层一个新矩阵（深度）"
):
    runs = np.array([norms(shared, 1.0, seed) for seed in range(seeds)])
    # mean growth per step and its spread over seeds, in units of log₁₀ per 100 steps
    #zh 100 步总增长（log₁₀）的均值，以及在各种子间的离散程度
    rates[shared] = runs[:, -1].mean(), runs[:, -1].std()
    plt.plot(steps, runs.T, color=color, alpha=0.5, lw=1)
    plt.plot([], [], color=color, marker=marker, label=label)

time_mean, time_spread = rates[True]
depth_mean, depth_spread = rates[False]
print(f"time : 10^({time_mean:+.1f} +- {time_spread:.1f}) after {T}")
print(f"depth: 10^({depth_mean:+.1f} +- {depth_spread:.1f}) after {T}")

plt.axhline(0, color="black", ls="--", lw=1)
plt.xlabel("matrices multiplied, k")  #zh "相乘的矩阵个数 k"
plt.ylabel("log₁₀ ‖g_k‖ / ‖g₀‖")
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

H, T, seeds = 128, 100, 10
steps = np.arange(T + 1)


def norms(shared, n, T, seed):
    rng = np.random.default_rng(seed)
    U = rng.standard_normal((n, n)) / np.sqrt(n)
    g = rng.standard_normal(n)
    out = [np.log10(np.linalg.norm(g))]
    for k in range(T):
        if not shared:
            U = rng.standard_normal((n, n)) / np.sqrt(n)
        g = g @ U.T
        out.append(np.log10(np.linalg.norm(g)))
    return np.array(out) - out[0]


widths = {True: (16, 32, 64, 128, 256, 512), False: (16, 32, 64, 128)}
runs, rates, spreads = {}, {}, {}
for shared in (True, False):
    # the norm after T factors, in powers of ten: how far apart the seeds lie
    #zh 乘完 T 个因子后的范数，以 10 的幂次计：每种宽度下，各种子相差多远
    for n in widths[shared]:
        found = [norms(shared, n, T, seed) for seed in range(seeds)]
        runs[shared, n] = np.array(found)  # (seeds, T+1)
    rates[shared] = runs[shared, H][:, -1].mean(), runs[shared, H][:, -1].std()
    spreads[shared] = [runs[shared, n][:, -1].std() for n in widths[shared]]

time_mean, time_spread = rates[True]
depth_mean, depth_spread = rates[False]
narrow, wide = spreads[True][0], spreads[True][-1]
print(f"time : 10^({time_mean:+.1f} +- {time_spread:.1f}) after {T}")
print(f"depth: 10^({depth_mean:+.1f} +- {depth_spread:.1f}) after {T}")
print(f"one matrix, 16 units: +- {narrow:.1f}, 512 units: +- {wide:.1f}")

fig, axes = plt.subplots(2, 1, figsize=(4.95, 5.6))
for shared, color, marker, label in (
    (True, "C0", "o", "one matrix (time)"),  #zh "同一个矩阵（时间）"
    (False, "C2", "^", "new ones (depth)"),  #zh "每层新矩阵（深度）"
):
    axes[0].plot(steps, runs[shared, H].T, color=color, alpha=0.5, lw=1)
    axes[1].loglog(widths[shared], spreads[shared], color + marker + "-", label=label)

axes[0].axhline(0, color="black", ls="--", lw=1)
axes[0].set_xlabel("matrices multiplied, k")  #zh "相乘的矩阵个数 k"
axes[0].set_ylabel("log10 ‖g_k‖ / ‖g_0‖")
axes[1].set_xticks(widths[True], widths[True])
axes[1].set_xticks([], minor=True)
axes[1].set_xlabel("width n")  #zh "宽度 n"
axes[1].set_title("scatter over seeds after 100")  #zh "乘 100 个之后，各种子散开多少"
axes[1].legend()
plt.show()

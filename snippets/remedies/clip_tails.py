import numpy as np
import matplotlib.pyplot as plt

n, B, seeds, updates, tail, c = 10, 1, 40, 1000, 1.5, 1.0


def noise(heavy, rng):
    # a random direction, as long as a normal vector, or P(length > r) = r^-tail
    #zh 方向随机；长度像正态分布的向量，或者满足 P(长度 > r) = r^-tail
    z = rng.standard_normal((B, seeds, n)) / np.sqrt(n)
    if heavy:
        length = 1 + rng.pareto(tail, (B, seeds, 1))
        z = length * z / np.linalg.norm(z, axis=2, keepdims=True)
    return z.mean(axis=0)


def descend(how, heavy, rates):
    # L = ½‖θ‖², its gradient is θ; all rates see the same noise: (rates, seeds, n)
    #zh L = ½‖θ‖²，梯度就是 θ；各个学习率遇到的噪声相同：θ 是 (学习率, 种子, n)
    rng = np.random.default_rng(0)
    theta, losses = np.full((len(rates), seeds, n), 3 / np.sqrt(n)), []
    for update in range(updates):
        g = theta + noise(heavy, rng)
        norm = np.linalg.norm(g, axis=2, keepdims=True)
        factor = np.minimum(1, c / norm) if how == "clipped" else 1
        theta = theta - rates[:, None, None] * factor * g
        losses.append((theta**2).sum(axis=2) / 2)
    return np.median(np.mean(losses[-100:], axis=0), axis=1)


rates, ends, best = np.geomspace(1e-4, 1, 13), {}, {}
for heavy in (0, 1):
    for how in ("plain", "clipped"):
        end = descend(how, heavy, rates)
        ends[how, heavy] = end
        best[how, heavy] = end.min()
        rate = rates[end.argmin()]
        print(f"heavy {heavy}, {how:7}: {end.min():.4f} at rate {rate:.4f}")

fig, axes = plt.subplots(2, 1, figsize=(4.95, 5.6), sharey=True)
titles = (
    "normal noise",  #zh "正态噪声"
    "heavy-tailed noise",  #zh "重尾噪声"
)
for heavy, (axis, title) in enumerate(zip(axes, titles)):
    plain, clipped = ends["plain", heavy], ends["clipped", heavy]
    axis.loglog(rates, plain, "C3o-", ms=4, label="no clipping")  #zh "不裁剪"
    axis.loglog(rates, clipped, "C0s-", ms=4, label="clipped to norm 1")  #zh "范数裁剪到 1"
    axis.set_title(title)
    axis.minorticks_off()
    axis.set_xlabel("learning rate η")  #zh "学习率 η"

axes[0].set_ylim(1e-3, 30)
axes[0].set_ylabel("loss at the end")  #zh "最后的损失"
axes[0].legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt


def clip_by_norm(grads, limit):
    # one factor for all parameters; 1e-6 as in PyTorch, against a division by zero
    #zh 所有参数共用一个系数；1e-6 与 PyTorch 相同，防止除以零
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    factor = min(1.0, limit / (norm + 1e-6))
    return [g * factor for g in grads]


def clip_by_value(grads, limit):
    return [np.clip(g, -limit, limit) for g in grads]


def cosine(a, b):
    return (a @ b) / np.linalg.norm(a) / np.linalg.norm(b)


g = np.array([10.0, 1.0])
by_norm, by_value = clip_by_norm([g], 1.0)[0], clip_by_value([g], 1.0)[0]
cosine_norm, cosine_value = cosine(g, by_norm), cosine(g, by_value)
turned = np.degrees(np.arccos(cosine_value))
print(f"by norm : {by_norm.round(3)}, cosine {cosine_norm:.2f}")
print(f"by value: {by_value.round(3)}, cosine {cosine_value:.2f}")

# a gradient of 10000 normal entries: ever lower thresholds
#zh 一万个正态分布分量的梯度：阈值越来越低
wide = np.random.default_rng(0).standard_normal(10_000)
limits = np.geomspace(0.01, 20, 25)
kept_value = [cosine(wide, clip_by_value([wide], c)[0]) for c in limits]
kept_norm = [cosine(wide, clip_by_norm([wide], c)[0]) for c in limits]
lowest = kept_value[0]
print(f"10000 entries, lowest threshold: cosine {lowest:.3f}")

thresholds = (1, 2, 5)
for limit in thresholds:
    top, bottom = plt.figure(f"c = {limit}", figsize=(4.95, 5.6)).subplots(2, 1)
    scaled, cut = clip_by_norm([g], limit)[0], clip_by_value([g], limit)[0]
    top.plot([0, g[0]], [0, g[1]], "gray", lw=5, alpha=0.4)
    top.plot([0, scaled[0]], [0, scaled[1]], "C0o-", markevery=[1], label="by norm")  #zh "按范数"
    top.plot([0, cut[0]], [0, cut[1]], "C3s--", markevery=[1], label="by value")  #zh "按值"
    top.set_xlim(0, 11)
    top.set_ylim(0, 1.6)
    top.set_xlabel("∂L/∂θ_1")  #zh "L 对 θ_1 的导数"
    top.set_ylabel("∂L/∂θ_2")  #zh "L 对 θ_2 的导数"
    top.legend(ncols=2, loc="upper left")
    bottom.semilogx(limits, kept_norm, "C0")
    bottom.semilogx(limits, kept_value, "C3--")
    bottom.axvline(limit, color="gray", lw=1)
    bottom.axhline(np.sqrt(2 / np.pi), color="black", ls=":", lw=1)
    bottom.set_ylim(0.7, 1.05)
    bottom.minorticks_off()
    bottom.set_xlabel("threshold c")  #zh "阈值 c"
    bottom.set_ylabel("cosine to the true gradient")  #zh "与真梯度的余弦"

plt.show()

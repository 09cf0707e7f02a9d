import numpy as np
import matplotlib.pyplot as plt

rng = np.random.default_rng(0)
N, C, H, W, groups = 4, 6, 5, 5, 2
x = 3 + 2 * rng.standard_normal((N, C, H, W))


def normalize(x, axes, eps=1e-5):
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps), mean.size


def group_norm(x, groups):
    # the channels of a group share their statistics, each image by itself
    #zh 同组的通道共用统计量，每张图各算各的
    y, count = normalize(x.reshape(N, groups, C // groups, H, W), (2, 3, 4))
    return y.reshape(x.shape), count


outputs = {
    "BN": normalize(x, (0, 2, 3)),
    "LN": normalize(x, (1, 2, 3)),
    "GN": group_norm(x, groups),
    "IN": normalize(x, (2, 3)),
}
for name, (y, count) in outputs.items():
    print(f"{name}: {count:2} means, each over {x.size // count:3} numbers")

one_group = np.abs(group_norm(x, 1)[0] - outputs["LN"][0]).max()
all_groups = np.abs(group_norm(x, C)[0] - outputs["IN"][0]).max()
print(f"GN with 1 group is LN: {one_group < 1e-12}")
print(f"GN with C groups is IN: {all_groups < 1e-12}")

# who shares statistics with the plane (image 0, channel 0): change it, see who moves
#zh 谁和（第 0 张图，第 0 个通道）共用统计量：改它，看谁跟着变
changed = x.copy()
changed[0, 0] += rng.standard_normal((H, W))
others = [normalize(changed, (0, 2, 3)), normalize(changed, (1, 2, 3))]
others += [group_norm(changed, groups), normalize(changed, (2, 3))]
figure, axes = plt.subplots(1, 4, figsize=(4.95, 1.9), sharey=True)
shares = {}
for panel, (name, (y, _)), (moved, _) in zip(axes, outputs.items(), others):
    shares[name] = np.abs(moved - y).max(axis=(2, 3)) > 1e-9  # (N, C)
    panel.pcolormesh(shares[name], cmap="Blues", vmax=1.6, edgecolors="gray", lw=0.8)
    panel.set_title(name)
    panel.set_xlabel("channel")  #zh "通道"
    panel.set_aspect("equal")

axes[0].set_ylabel("image")  #zh "图"
plt.show()

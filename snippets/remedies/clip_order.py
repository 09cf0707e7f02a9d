import numpy as np

n, parts, scale, c = 10_000, 4, 2.0**14, 1e-4
rng = np.random.default_rng(0)


def clip(g):
    return g * min(1, c / np.linalg.norm(g))


def half(g):
    # as a 16-bit float keeps it: below 6e-8 nothing is left
    #zh 按 16 位浮点数保存：小于 6e-8 的都变成 0
    return g.astype(np.float16).astype(float)


def angle(a, b):
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    return np.degrees(np.arccos(min(1, cosine)))


# gradients of four micro-batches, entries of very different size; one batch is large
#zh 四个小批的梯度，分量的大小相差悬殊；有一批特别大
grads = 1e-9 * 10 ** (4 * rng.random((parts, n))) * rng.choice([-1, 1], (parts, n))
grads[0] *= 20
right = clip(grads.sum(axis=0))
lost = np.mean(half(grads) == 0)
lost_scaled = np.mean(half(scale * grads) == 0)
print(f"entries that 16 bits lose: {lost:.0%}, scaled {lost_scaled:.0%}")

steps = {
    "scale, add, unscale, clip": clip(half(scale * grads).sum(axis=0) / scale),
    "no scaling": clip(half(grads).sum(axis=0)),
    "clip, then unscale": clip(half(scale * grads).sum(axis=0)) / scale,
    "clip each part, then add": sum(clip(g) for g in half(scale * grads) / scale),
}
length, turned = {}, {}
for name, step in steps.items():
    length[name] = np.linalg.norm(step) / c
    turned[name] = angle(step, right)
    print(f"{name:26} length {length[name]:7.5f}, turned {turned[name]:3.0f} degrees")

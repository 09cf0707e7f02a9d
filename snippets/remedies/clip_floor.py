import numpy as np
import matplotlib.pyplot as plt

T, H, rate, delta, updates, starts = 60, 32, 0.1, 1.0, 60, 200

# a vanishing RNN: what each step adds to the gradient of the recurrent matrix
#zh 梯度消失的 RNN：每一步给循环矩阵的梯度添了多少
rng = np.random.default_rng(0)
U = rng.standard_normal((H, H))
U *= 0.8 / max(abs(np.linalg.eigvals(U)))
h = [np.zeros(H)]
for t in range(T):
    h.append(np.tanh(h[t] @ U + 0.3 * rng.standard_normal(H)))

g, parts = 1e-3 * rng.standard_normal(H), np.zeros((T, H, H))
for t in range(T - 1, -1, -1):
    dz = g * (1 - h[t + 1] ** 2)
    parts[t] = np.outer(h[t], dz)
    g = dz @ U.T


def share(parts):
    sizes = np.linalg.norm(parts, axis=(1, 2))
    return sizes[: T // 2].sum() / sizes.sum()


whole = np.linalg.norm(parts.sum(axis=0))
factor = delta / whole
share_before, share_after = share(parts), share(factor * parts)
print(f"norm {whole:.1e} -> {np.linalg.norm(factor * parts.sum(axis=0)):.1f}")
print(f"first half's share: {share_before:.6e} before")
print(f"                    {share_after:.6e} after")


def descend(theta, floor):
    path = [theta]
    for update in range(updates):
        g = theta  # L = ½‖θ‖²
        norm = np.linalg.norm(g)
        theta = theta - rate * g * max(1, floor / norm)
        path.append(theta)
    return np.linalg.norm(path, axis=1)


# where does it end? the nearer and the farther of the last two points, over many starts
#zh 最后停在哪里？最后两点中较近的和较远的，换许多起点
starting = 3 * rng.standard_normal((starts, 2))
ends = np.array([descend(theta, delta)[-2:] for theta in starting])
nearer, farther = ends.min(axis=1), ends.max(axis=1)
half = rate * delta / 2
closest, largest_near = nearer.min(), nearer.max()
nearest, farthest = farther.min(), farther.max()
plain = descend(np.array([3.0, 1.0]), 0.0)
lifted = descend(np.array([3.0, 1.0]), delta)
print(f"the nearer of two points: {closest:.3f} to {largest_near:.3f} away")
print(f"the farther: {nearest:.3f} to {farthest:.3f}")

fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
top.semilogy(np.linalg.norm(parts, axis=(1, 2)), "C0", label="as it is")  #zh "原样"
top.semilogy(factor * np.linalg.norm(parts, axis=(1, 2)), "C3--", label="lifted")  #zh "放大后"
top.set_xlabel("time step t")  #zh "时间步 t"
top.set_ylabel("what step t adds to ∂L/∂U")  #zh "第 t 步给 U 的梯度的份额"
top.legend()
bottom.semilogy(plain, "C0", label="plain descent")  #zh "普通梯度下降"
bottom.semilogy(lifted, "C3", label="norm at least δ")  #zh "范数不小于 δ"
bottom.axhline(half, color="black", ls="--", lw=1, label="ηδ/2")
bottom.set_xlabel("update")  #zh "更新次数"
bottom.set_ylabel("distance to the optimum")  #zh "到最优点的距离"
bottom.legend()
plt.show()

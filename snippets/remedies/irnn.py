import numpy as np
import matplotlib.pyplot as plt

T, B, H, updates, seeds = 80, 32, 16, 400, 3


def task(rng):
    # add the two marked numbers out of T
    #zh 把 T 个数里做了标记的两个相加
    x = np.zeros((T, B, 2))
    x[:, :, 0] = rng.random((T, B))
    first, second = rng.integers(0, T // 2, B), rng.integers(T // 2, T, B)
    x[first, range(B), 1] = 1
    x[second, range(B), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=0)[:, None]


def train(start, seed, rate=0.003):
    rng = np.random.default_rng(seed)
    p = [rng.standard_normal((2, H)) / np.sqrt(2), start(rng), np.zeros(H)]
    p += [rng.standard_normal((H, 1)) / np.sqrt(H), np.ones(1)]
    m, s, losses = [0 * q for q in p], [0 * q for q in p], []
    for update in range(1, updates + 1):
        x, y = task(rng)
        W, U, b, v, mean = p
        h = np.zeros((T + 1, B, H))
        for t in range(T):
            h[t + 1] = np.maximum(x[t] @ W + h[t] @ U + b, 0)
        error = h[T] @ v + mean - y
        losses.append((error**2).mean())
        dh, dz = 2 * error @ v.T / B, np.zeros((T, B, H))
        for t in range(T - 1, -1, -1):
            dz[t] = dh * (h[t + 1] > 0)
            dh = dz[t] @ U.T
        grads = [np.tensordot(a, dz, ((0, 1), (0, 1))) for a in (x, h[:-1])]
        grads += [dz.sum(axis=(0, 1)), 2 * h[T].T @ error / B, 2 * error.mean(axis=0)]
        norm = max(1, np.sqrt(sum((g**2).sum() for g in grads)))
        for k, g in enumerate(grads):
            # Adam, after clipping to norm 1
            #zh 先把范数裁剪到 1，再用 Adam
            m[k] = 0.9 * m[k] + 0.1 * g / norm
            s[k] = 0.99 * s[k] + 0.01 * (g / norm) ** 2
            size = np.sqrt(s[k] / (1 - 0.99**update)) + 1e-8
            p[k] = p[k] - rate * m[k] / (1 - 0.9**update) / size
    return np.array(losses)


# always answering 1, the mean of what is wanted: 1/6 in the limit
#zh 永远回答 1，也就是目标的均值：极限是 1/6
baseline = np.mean([(task(np.random.default_rng(k))[1] - 1) ** 2 for k in range(1000)])
runs, share = {}, {}
for name, start in (
    ("identity", lambda rng: np.eye(H)),
    ("random", lambda rng: rng.uniform(-1, 1, (H, H)) / np.sqrt(H)),
):
    runs[name] = np.array([train(start, seed) for seed in range(seeds)])
    share[name] = runs[name][:, -50:].mean(axis=1) / baseline
    print(f"{name:8}: {sum(share[name] < 2 / 3)} of {seeds} below 2/3 of the baseline")

stuck = sum(share["random"] > 0.9)
for name, color in (("identity", "C2"), ("random", "C3")):
    smooth = runs[name].reshape(seeds, -1, 20).mean(axis=2)
    plt.semilogy(range(20, updates + 1, 20), smooth.T, color)

plt.plot([], [], "C2", label="identity")  #zh "单位矩阵"
plt.plot([], [], "C3", label="random")  #zh "随机"
plt.axhline(baseline, color="black", ls="--", lw=1)
plt.ylim(0.01, 3)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("loss")  #zh "损失"
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T, H, B, updates, rate, seeds = 200, 8, 32, 200, 0.05, 3
losses = np.zeros((seeds, updates))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


for seed in range(seeds):
    rng = np.random.default_rng(seed)
    Wz, Wn = rng.uniform(-0.35, 0.35, (2, 2, H))
    v = rng.uniform(-0.35, 0.35, H)
    # time scales between 1 and T
    #zh 时间尺度在 1 和 T 之间
    b = -np.log(rng.uniform(1, T - 1, H))
    mean, square = [0] * 4, [0] * 4
    for k in range(updates):
        # a value and a marker; wanted at the end: the value at the marker
        #zh 一个值，一个标记；最后要报出标记处的值
        x, n = np.zeros((T, B, 2)), np.arange(B)
        x[..., 0] = rng.standard_normal((T, B))
        p = rng.integers(T // 10, size=B)
        x[p, n, 1] = 1
        # gate and candidate of all steps at once: neither looks at h
        #zh 所有时间步的门和候选一次算完：两者都不看 h
        z, g, h = sigmoid(x @ Wz + b), x @ Wn, np.zeros((T + 1, B, H))
        for t in range(T):
            h[t + 1] = (1 - z[t]) * h[t] + z[t] * g[t]
        error = h[T] @ v - x[p, n, 0]
        losses[seed, k] = (error**2).mean()
        # the whole gradient through time is a product of 1 - z
        #zh 沿时间的全部梯度，就是 1 - z 的连乘
        keep = np.ones((T + 1, B, H))
        for t in range(T - 1, -1, -1):
            keep[t] = keep[t + 1] * (1 - z[t])
        dh = 2 / B * error[:, None] * v * keep[1:]  # (T, B, H)
        dz, dg = dh * (g - h[:-1]) * z * (1 - z), dh * z
        grads = [np.einsum("tbd,tbh->dh", x, d) for d in (dz, dg)]
        grads += [dz.sum(axis=(0, 1)), 2 / B * error @ h[T]]
        for j, (param, grad) in enumerate(zip((Wz, Wn, b, v), grads)):
            # Adam
            #zh Adam
            mean[j] = 0.9 * mean[j] + 0.1 * grad
            square[j] = 0.999 * square[j] + 0.001 * grad**2
            size = np.sqrt(square[j] / (1 - 0.999 ** (k + 1))) + 1e-8
            param -= rate * mean[j] / (1 - 0.9 ** (k + 1)) / size

# the same states without a loop over steps: ∏ and a running sum
#zh 不按步循环也得到同样的状态：连乘加累加
share = np.exp(np.cumsum(np.log(1 - z), axis=0))
at_once = share * np.cumsum(z * g / share, axis=0)
same = np.abs(at_once - h[1:]).max() / np.abs(h).max()
end = losses[:, -20:].mean(axis=1).max()
print(f"loop and running sum agree: {same < 1e-6}")
print(f"mean squared error at the end below 0.05, all seeds: {end < 0.05}")

fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
top.semilogy(losses.T, "C2", lw=0.8, alpha=0.7)
top.set_xlabel("update")  #zh "更新次数"
top.set_ylabel("mean squared error")  #zh "均方误差"
bottom.plot(keep[:, 0], "C2", lw=0.8)
bottom.axvline(p[0], color="black", ls="--", lw=1)
bottom.set_xlabel("step t (dashed: the marker)")  #zh "时间步 t（虚线：标记）"
bottom.set_ylabel("∏ (1 - z) from t to the end")  #zh "从 t 到结尾的 ∏ (1 - z)"
plt.show()

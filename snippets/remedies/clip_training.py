import numpy as np
import matplotlib.pyplot as plt

T, B, H, rate, seeds, updates = 50, 32, 16, 0.006, 7, 300
np.seterr(all="ignore")


def train(seed, limit):
    rng = np.random.default_rng(seed)
    W, v = rng.standard_normal((1, H)) / 4, rng.standard_normal((H, 1)) / 4
    U = 0.9 * np.eye(H) + 0.05 * rng.standard_normal((H, H)) / np.sqrt(H)
    losses = []
    for update in range(updates):
        x = rng.standard_normal((T, B, 1))
        h = [np.zeros((B, H))]
        for t in range(T):
            h.append(x[t] @ W + h[t] @ U)
        error = h[T] @ v - x.sum(axis=0) / np.sqrt(T)  # (B, 1)
        losses.append((error**2).mean())
        if not losses[-1] < 1e12:
            break
        dv, dh = 2 * h[T].T @ error / B, 2 * error @ v.T / B
        dW, dU = 0, 0
        for t in range(T - 1, -1, -1):
            dW, dU = dW + x[t].T @ dh, dU + h[t].T @ dh
            dh = dh @ U.T
        # the one line that is new: all gradients times one factor
        #zh 唯一新增的一行：全部梯度乘以同一个系数
        norm = np.sqrt((dW**2).sum() + (dU**2).sum() + (dv**2).sum())
        step = rate * min(1, limit / norm)
        W, U, v = W - step * dW, U - step * dU, v - step * dv
    return np.array(losses)


ends = {}
for limit, color in ((np.inf, "C3"), (1.0, "C0")):
    ends[limit] = []
    for seed in range(seeds):
        losses = train(seed, limit)
        plt.semilogy(losses, color, lw=0.8, alpha=0.7)
        ends[limit].append(losses[-10:].mean() if len(losses) == updates else np.inf)

survived = sum(np.isfinite(ends[np.inf]))
learned = sum(np.array(ends[1.0]) < 0.5)
worst, best = max(ends[1.0]), min(ends[1.0])
print(f"no clipping  : {survived} of {seeds} seeds reach update {updates}")
print(f"clipped at 1 : {learned} of {seeds} learn, loss {best:.2f} to {worst:.2f}")
plt.plot([], [], "C3", label="no clipping")  #zh "不裁剪"
plt.plot([], [], "C0", label="clipped to norm 1")  #zh "范数裁剪到 1"
plt.axhline(1, color="black", ls="--", lw=1)
plt.ylim(1e-2, 1e6)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("loss")  #zh "损失"
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T, B, H, rate, healthy_rate, seeds = 50, 32, 16, 0.006, 0.001, 7
np.seterr(all="ignore")


def train(seed, rate, updates):
    rng = np.random.default_rng(seed)
    W, v = rng.standard_normal((1, H)) / 4, rng.standard_normal((H, 1)) / 4
    U = 0.9 * np.eye(H) + 0.05 * rng.standard_normal((H, H)) / np.sqrt(H)
    losses, norms, early = [], [], []
    for update in range(updates):
        x, h = rng.standard_normal((T, B, 1)), [np.zeros((B, H))]
        for t in range(T):
            h.append(x[t] @ W + h[t] @ U)
        # wanted: the sum of all inputs
        #zh 目标：所有输入之和
        error = h[T] @ v - x.sum(axis=0) / np.sqrt(T)  # (B, 1)
        losses.append((error**2).mean())
        dv = 2 * h[T].T @ error / B
        dh = 2 * error @ v.T / B
        dW, dU, parts = 0, 0, []
        for t in range(T - 1, -1, -1):
            dW = dW + x[t].T @ dh
            dU = dU + h[t].T @ dh
            parts.append(np.linalg.norm(dh))
            dh = dh @ U.T
        # one number to log: the norm of all gradients taken together
        #zh 值得记录的一个数：全部梯度合在一起的范数
        norms.append(np.sqrt((dW**2).sum() + (dU**2).sum() + (dv**2).sum()))
        early.append(sum(parts[-10:]) / sum(parts))
        W = W - rate * dW
        U = U - rate * dU
        v = v - rate * dv
    return np.array(losses), np.array(norms), np.array(early)


def alarm(norms, times):
    # the first norm that is so many times the median of the last fifty
    #zh 第一个达到最近五十次中位数这么多倍的范数
    for update in range(1, len(norms)):
        if norms[update] > times * np.median(norms[max(0, update - 50) : update]):
            return update


healthy = [train(seed, healthy_rate, 200) for seed in range(seeds)]
false = {k: sum(alarm(n, k) is not None for _, n, _ in healthy) for k in (10, 100)}
healthy_worst = max(losses[-10:].mean() for losses, _, _ in healthy)

runs = []
for seed in range(seeds):
    losses, norms, early = train(seed, rate, 40)
    at = alarm(norms, 100)
    dead = int(np.argmin(np.isfinite(losses)))
    runs.append((norms, at, dead))
    print(f"seed {seed}: alarm at update {at}, not finite at {dead}")

leads = sorted(dead - at for _, at, dead in runs)
best = losses[:at].min()
print(f"seed 6: loss {losses[0]:.1f}, best {best:.1f}, alarm {losses[at]:.1f}")
print(f"rate {healthy_rate}: every seed ends below {healthy_worst:.2f}, yet")
print(f"ten times rings on {false[10]} of {seeds}, a hundred times on {false[100]}")

for seed, (norms, at, dead) in enumerate(runs):
    plt.semilogy(norms, "C0o-", ms=3, lw=0.8, alpha=1 if seed == 6 else 0.4)
    plt.plot(at, norms[at], "C3s", ms=7, fillstyle="none")

plt.plot([], [], "C3s", fillstyle="none", label="alarm: 100 times the median")  #zh "警报：中位数的一百倍"
plt.ylim(1e-1, 1e12)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("norm of the whole gradient")  #zh "总梯度的范数"
plt.legend()
plt.show()

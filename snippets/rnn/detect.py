import numpy as np
import matplotlib.pyplot as plt

T, B, H, rate, seeds = 50, 32, 16, 0.006, 7
np.seterr(all="ignore")


def train(seed, updates=40):
    rng = np.random.default_rng(seed)
    W, v = rng.standard_normal((1, H)) / 4, rng.standard_normal((H, 1)) / 4
    U = 0.9 * np.eye(H) + 0.05 * rng.standard_normal((H, H)) / np.sqrt(H)
    losses, norms, early = [], [], []
    for update in range(updates):
        x = rng.standard_normal((T, B, 1))
        h = [np.zeros((B, H))]
        for t in range(T):
            h.append(x[t] @ W + h[t] @ U)
        # wanted: the sum of all inputs
        #zh 目标：所有输入之和
        error = h[T] @ v - x.sum(axis=0) / np.sqrt(T)  # (B, 1)
        losses.append((error**2).mean())
        dv, dh = 2 * h[T].T @ error / B, 2 * error @ v.T / B
        dW, dU, parts = 0, 0, []
        for t in range(T - 1, -1, -1):
            dW, dU = dW + x[t].T @ dh, dU + h[t].T @ dh
            parts.append(np.linalg.norm(dh))
            dh = dh @ U.T
        # one number to log: the norm of all gradients taken together
        #zh 值得记录的一个数：全部梯度合在一起的范数
        norms.append(np.sqrt((dW**2).sum() + (dU**2).sum() + (dv**2).sum()))
        early.append(sum(parts[-10:]) / sum(parts))
        W, U, v = W - rate * dW, U - rate * dU, v - rate * dv
    return np.array(losses), np.array(norms), np.array(early)


# alarm: a gradient norm ten times that of the first update
#zh 警报：梯度范数达到第一次更新时的十倍
leads = []
for seed in range(seeds):
    losses, norms, early = train(seed)
    alarm = int(np.argmax(norms > 10 * norms[0]))
    dead = int(np.argmin(np.isfinite(losses)))
    leads.append(dead - alarm)
    print(f"seed {seed}: alarm at update {alarm}, not finite at {dead}")
    plt.semilogy(norms, "C0o-", ms=3, lw=0.8, alpha=1 if seed == 6 else 0.4)
    plt.plot(alarm, norms[alarm], "C3s", ms=7, fillstyle="none")

shortest, longest = min(leads), max(leads)
loss_first, loss_best, loss_alarm = losses[0], losses[:alarm].min(), losses[alarm]
share_first, share_alarm = early[0], early[alarm]
print(f"seed 6: loss {loss_first:.1f}, best {loss_best:.1f}")
print(f"seed 6: at the alarm {loss_alarm:.1f}")
plt.plot([], [], "C3s", fillstyle="none", label="alarm: ten times the first norm")  #zh "警报：首次范数的十倍"
plt.ylim(1e-1, 1e12)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("norm of the whole gradient")  #zh "总梯度的范数"
plt.legend()
plt.show()

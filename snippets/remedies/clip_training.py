import numpy as np
import matplotlib.pyplot as plt

T, B, H, size, seeds, updates = 50, 32, 16, 1.0, 5, 300
np.seterr(all="ignore")


def train(how, rates):
    # all rates and seeds at once: M networks, W (M, 1, H), U (M, H, H), v (M, H, 1)
    #zh 所有学习率和种子一起算：M 个网络，W (M, 1, H)、U (M, H, H)、v (M, H, 1)
    rngs = [np.random.default_rng(seed) for seed in range(seeds)]
    W, v, U, losses = [], [], [], []
    for rng in rngs:
        W.append(rng.standard_normal((1, H)) / 4)
        v.append(rng.standard_normal((H, 1)) / 4)
        U.append(0.9 * np.eye(H) + 0.05 * rng.standard_normal((H, H)) / np.sqrt(H))
    W, v, U = (np.tile(p, (len(rates), 1, 1)) for p in (W, v, U))
    rate = np.repeat(rates, seeds)[:, None, None]
    for update in range(updates):
        x = size * np.array([rng.standard_normal((T, B)) for rng in rngs] * len(rates))
        # a linear network: h_T = Σ x_t K_t, with one row K_t = W U^(T-1-t) a step
        #zh 网络是线性的：h_T = Σ x_t K_t，每一步只要一行 K_t = W U^(T-1-t)
        K = [W]
        for t in range(T - 1):
            K.insert(0, K[0] @ U)
        K = np.concatenate(K, axis=1)  # (M, T, H)
        wanted = x.sum(axis=1)[..., None] / np.sqrt(T) / size
        error = x.swapaxes(1, 2) @ K @ v - wanted
        losses.append((error**2).mean(axis=(1, 2)))
        signal = x @ error * 2 / B  # (M, T, 1)
        dv, dU, dW = K.swapaxes(1, 2) @ signal, 0 * U, 0 * W
        for t in range(T):
            # dW is the gradient of K_t here, and of W = K_{T-1} at the end
            #zh 这里的 dW 是 K_t 的梯度，到最后就是 W = K_{T-1} 的梯度
            dW = signal[:, t : t + 1] @ v.swapaxes(1, 2) + dW @ U.swapaxes(1, 2)
            if t < T - 1:
                dU += K[:, t + 1 : t + 2].swapaxes(1, 2) @ dW
        squares = [(g**2).sum(axis=(1, 2), keepdims=True) for g in (dW, dU, dv)]
        norm = np.sqrt(sum(squares))
        clip = np.minimum(1, 1 / norm)
        factor = {"plain": 1, "clipped": clip, "normalized": 1 / norm}
        step = rate * factor[how]
        W = W - step * dW
        U = U - step * dU
        v = v - step * dv
    return np.reshape(losses, (updates, len(rates), seeds))


rates = np.geomspace(1e-4, 0.1, 10)
ends, medians, best, highest = {}, {}, {}, {}
for how in ("plain", "clipped", "normalized"):
    ends[how] = train(how, rates)[-10:].mean(axis=0)
    ends[how][~np.isfinite(ends[how])] = np.inf
    medians[how] = np.median(ends[how], axis=1)
    worst = ends[how].max(axis=1)
    best[how] = medians[how].min()
    highest[how] = rates[worst < 0.3].max()
    print(f"{how:10}: learns up to rate {highest[how]:.4f}; loss {best[how]:.3f}")

plt.loglog(rates, medians["plain"], "C3o-", ms=5, label="no clipping")  #zh "不裁剪"
plt.loglog(rates, medians["clipped"], "C0s-", ms=5, label="clipped to norm 1")  #zh "范数裁剪到 1"
plt.loglog(rates, medians["normalized"], "C1^--", ms=5, label="norm always 1")  #zh "范数总是 1"
plt.axhline(1, color="black", ls="--", lw=1)
plt.ylim(3e-3, 30)
plt.minorticks_off()
plt.xlabel("learning rate η")  #zh "学习率 η"
plt.ylabel("loss after 300 updates")  #zh "300 次更新后的损失"
plt.legend()
plt.show()

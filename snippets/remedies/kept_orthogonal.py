import numpy as np
import matplotlib.pyplot as plt

A, S, lag, H, B, updates, seeds = 4, 3, 30, 32, 16, 150, 5


def retract(M):
    # the orthogonal factor of M = QR, with R's diagonal positive
    #zh M = QR 的正交因子，R 的对角线取正
    q, r = np.linalg.qr(M)
    return q * np.sign(np.diagonal(r, axis1=-2, axis2=-1))[..., None, :]


def train(kept, tanh, rate, seed):
    rng = np.random.default_rng(seed)
    p = [rng.standard_normal((A + 1, H)) / np.sqrt(A + 1)]
    p += [retract(rng.standard_normal((H, H)))]
    p += [rng.standard_normal((H, A)) / np.sqrt(H)]
    m, s, losses, T = [0 * q for q in p], [0 * q for q in p], [], S + lag + S
    for update in range(1, updates + 1):
        # S symbols, a lag, then S times the sign to repeat them
        #zh S 个符号，一段时滞，然后 S 次提示，要求复述
        wanted, x = np.eye(A)[rng.integers(0, A, (S, B))], np.zeros((T, B, A + 1))
        x[:S, :, :A] = wanted
        x[S + lag :, :, A] = 1
        W, U, V = p
        h, dz = np.zeros((T + 1, B, H)), np.zeros((T, B, H))
        for t in range(T):
            z = x[t] @ W + h[t] @ U
            h[t + 1] = np.tanh(z) if tanh else z
        y = np.exp(h[-S:] @ V - (h[-S:] @ V).max(axis=2, keepdims=True))
        y /= y.sum(axis=2, keepdims=True)
        losses.append(-np.log((y * wanted).sum(axis=2) + 1e-30).mean())
        dy, dh = (y - wanted) / (B * S), np.zeros((B, H))
        for t in range(T - 1, -1, -1):
            if t >= T - S:
                dh = dh + dy[t - T + S] @ V.T
            dz[t] = dh * (1 - h[t + 1] ** 2) if tanh else dh
            dh = dz[t] @ U.T
        pairs = (x, dz), (h[:-1], dz), (h[-S:], dy)
        grads = [np.tensordot(a, b, ((0, 1), (0, 1))) for a, b in pairs]
        norm = max(1, np.sqrt(sum((g**2).sum() for g in grads)))
        for k, g in enumerate(grads):
            m[k] = 0.9 * m[k] + 0.1 * g / norm
            s[k] = 0.99 * s[k] + 0.01 * (g / norm) ** 2
            size = np.sqrt(s[k] / (1 - 0.99**update)) + 1e-8
            p[k] = p[k] - rate * m[k] / (1 - 0.9**update) / size
        p[1] = retract(p[1]) if kept else p[1]
    return losses, np.linalg.svd(p[1], compute_uv=False)


# kept orthogonal? tanh units? and the best of four learning rates
#zh 始终正交吗？用 tanh 单元吗？以及四个学习率里最好的一个
kinds = {"kept": (True, False, 0.01), "free": (False, False, 0.001)}
kinds["tanh"] = (True, True, 0.03)
curves, ends, spread = {}, {}, {}
for name, kind in kinds.items():
    losses, sigmas = zip(*[train(*kind, seed) for seed in range(seeds)])
    curves[name] = np.median(losses, axis=0)
    ends[name] = np.sort(np.array(losses)[:, -20:].mean(axis=1))
    spread[name] = np.median(sigmas, axis=0)[[-1, 0]]
    print(f"{name}: {sum(ends[name] < 0.05)} learned; sigma {spread[name].round(1)}")

plt.semilogy(curves["kept"], "C2", label="linear, kept orthogonal")  #zh "线性，始终正交"
plt.semilogy(curves["free"], "C0--", label="linear, free to drift")  #zh "线性，任其漂移"
plt.semilogy(curves["tanh"], "C3-.", label="tanh, kept orthogonal")  #zh "tanh，始终正交"
plt.axhline(np.log(A), color="black", ls="--", lw=1)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("loss (median of 5 seeds)")  #zh "损失（5 个种子的中位数）"
plt.legend()
plt.show()

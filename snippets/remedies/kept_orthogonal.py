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


ends, ranges = [], []
for kept, tanh, rate, color, label in (
    (True, False, 0.01, "C2", "linear, kept orthogonal"),  #zh "线性，始终正交"
    (False, False, 0.001, "C0", "linear, free to drift"),  #zh "线性，任其漂移"
    (True, True, 0.03, "C3", "tanh, kept orthogonal"),  #zh "tanh，始终正交"
):
    runs = [train(kept, tanh, rate, seed) for seed in range(seeds)]
    ends.append([np.mean(losses[-20:]) for losses, _ in runs])
    ranges.append([(values[-1], values[0]) for _, values in runs])
    learned = sum(end < 0.05 for end in ends[-1])
    low, high = np.median(ranges[-1], axis=0)
    print(f"learned: {learned} of {seeds}; singular values {low:.1f} to {high:.1f}")
    smooth = np.array([losses for losses, _ in runs])
    smooth = smooth.reshape(seeds, -1, 10).mean(axis=2)
    plt.semilogy(range(10, updates + 1, 10), smooth.T, color, lw=1)
    plt.semilogy([], [], color, label=label)

kept_worst, free_worst, tanh_best = max(ends[0]), max(ends[1]), min(ends[2])
drift_low, drift_high = np.median(ranges[1], axis=0)
guess = np.log(A)
plt.axhline(guess, color="black", ls="--", lw=1)
plt.ylim(1e-5, 5)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("loss")  #zh "损失"
plt.legend()
plt.show()

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


kinds = {
    "kept": (True, False, 0.01),
    "free": (False, False, 0.001),
    "tanh": (True, True, 0.03),
}
curves, ends, spread = {}, {}, {}
for name, kind in kinds.items():
    runs = [train(*kind, seed) for seed in range(seeds)]
    curves[name] = np.array([losses for losses, _ in runs])
    ends[name] = np.sort(curves[name][:, -20:].mean(axis=1))
    spread[name] = np.median([(sigma[-1], sigma[0]) for _, sigma in runs], axis=0)
    low, high = spread[name]
    learned = sum(ends[name] < 0.05)
    print(f"learned: {learned} of {seeds}; singular values {low:.1f} to {high:.1f}")

guess = np.log(A)
for name, color in (("kept", "C2"), ("free", "C0"), ("tanh", "C3")):
    smooth = curves[name].reshape(seeds, -1, 10).mean(axis=2)
    plt.semilogy(range(10, updates + 1, 10), smooth.T, color, lw=1)

plt.plot([], [], "C2", label="linear, kept orthogonal")  #zh "线性，始终正交"
plt.plot([], [], "C0", label="linear, free to drift")  #zh "线性，任其漂移"
plt.plot([], [], "C3", label="tanh, kept orthogonal")  #zh "tanh，始终正交"
plt.axhline(guess, color="black", ls="--", lw=1)
plt.ylim(1e-5, 5)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("loss")  #zh "损失"
plt.legend()
plt.show()

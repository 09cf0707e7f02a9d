import numpy as np
import matplotlib.pyplot as plt

S, T, B, D, H, rate, updates = 5, 20, 32, 2, 8, 0.03, 200
np.seterr(over="ignore")

# every function with its derivative
#zh 每个函数连同导数
tanh = np.tanh, lambda z: 1 - np.tanh(z) ** 2
soft = lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2
hard = lambda z: np.clip(z, -1, 1), lambda z: 1.0 * (abs(z) < 1)
relu = lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)
same = lambda z: z, lambda z: np.ones_like(z)
sigm = lambda z: 1 / (1 + np.exp(-z)), lambda z: 0.25 / np.cosh(z / 2) ** 2
hsig = lambda z: np.clip(z / 4 + 0.5, 0, 1), lambda z: 0.25 * (abs(z) < 2)
one = lambda z: np.ones_like(z), lambda z: np.zeros_like(z)


def train(gate, forget, candidate, output):
    # S networks (seeds) at once; wanted: the last marked value of the sequence
    #zh S 个网络（种子）同时训练；目标：序列中最后一个带标记的值
    rng, k = np.random.default_rng(0), 1 / np.sqrt(H)
    sizes = ((D, 4 * H), (H, 4 * H), (1, 4 * H), (H, 1))
    P = [rng.uniform(-k, k, (S,) + size) for size in sizes]
    P[2][..., H : 2 * H] += 1
    m, q, losses = [0 * p for p in P], [0 * p for p in P], []
    for n in range(1, updates + 1):
        x, y = rng.standard_normal((T, S, B, D)), 0
        x[..., 1] = rng.random((T, S, B)) < 0.2
        x[0, ..., 1] = 1
        h = c = np.zeros((S, B, H))
        tape, phis = [], (gate, forget, candidate, gate)
        for t in range(T):
            y = np.where(x[t, ..., 1:] == 1, x[t, ..., :1], y)
            z = np.split(x[t] @ P[0] + h @ P[1] + P[2], 4, axis=-1)
            i, f, g, o = (phi[0](part) for phi, part in zip(phis, z))
            tape.append((z, i, f, g, o, c, h, f * c + i * g))
            c = tape[-1][-1]
            h = o * output[0](c)
        error = h @ P[3] - y
        losses.append((error**2).mean(axis=(1, 2)))
        grads, dc = [0, 0, 0, 2 * h.swapaxes(1, 2) @ error / B], 0
        dh = 2 * error @ P[3].swapaxes(1, 2) / B
        for t in range(T - 1, -1, -1):
            z, i, f, g, o, c_prev, h_prev, c = tape[t]
            dc = dc + dh * o * output[1](c)
            dz = np.concatenate([dc * g, dc * c_prev, dc * i, dh * output[0](c)], -1)
            dz *= np.concatenate([phi[1](part) for phi, part in zip(phis, z)], -1)
            grads[0] = grads[0] + x[t].swapaxes(1, 2) @ dz
            grads[1] = grads[1] + h_prev.swapaxes(1, 2) @ dz
            grads[2] = grads[2] + dz.sum(axis=1, keepdims=True)
            dh, dc = dz @ P[1].swapaxes(1, 2), dc * f
        for p, d, a, v in zip(P, grads, m, q):
            d = np.clip(d, -1, 1)
            a += 0.1 * (d - a)
            v += 0.01 * (d**2 - v)
            p -= rate * a / (1 - 0.9**n) / (np.sqrt(v / (1 - 0.99**n)) + 1e-8)
    return np.sort(np.mean(losses[-30:], axis=0))


cases = {
    "standard": (sigm, sigm, tanh, tanh),  #zh "标准"
    "softsign": (sigm, sigm, soft, soft),
    "hard tanh": (sigm, sigm, hard, hard),  #zh "硬 tanh"
    "hard-sigmoid gates": (hsig, hsig, tanh, tanh),  #zh "硬 sigmoid 门"
    "ReLU": (sigm, sigm, relu, relu),
    "identity": (sigm, sigm, same, same),  #zh "恒等"
    "no output activation": (sigm, sigm, tanh, same),  #zh "输出不激活"
    "forget gate not squashed": (sigm, same, tanh, tanh),  #zh "遗忘门不压缩"
    "no forget gate": (sigm, one, tanh, tanh),  #zh "没有遗忘门"
}
finals = np.array([train(*case) for case in cases.values()])  # (case, S)
median, worst = np.median(finals, axis=1), finals[:, -1]
short = "standard softsign hard hard-gates relu identity no-out raw-f no-f"
for row, text in enumerate(short.split()):
    print(f"{text:10} median {median[row]:.2f}")
standard, softsign, hardtanh, hardgates, relus, identity, no_out, raw_f, no_f = median
worst_no_f, worst_standard = worst[-1], worst[0]

plt.semilogx(finals, np.arange(len(cases)), "C1o", alpha=0.4)
plt.semilogx(median, np.arange(len(cases)), "C1|", ms=14, mew=3)
plt.yticks(np.arange(len(cases)), list(cases))
plt.gca().invert_yaxis()
plt.xlabel("mean squared error (5 seeds; bar: median)")  #zh "均方误差（5 个种子，竖线为中位数）"
plt.show()

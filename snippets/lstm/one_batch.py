import numpy as np
import matplotlib.pyplot as plt

T, B, K, H, updates, seeds = 8, 16, 4, 16, 100, 5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(x, W, U, b):
    hs, cs, gates = [np.zeros((x.shape[1], H))], [np.zeros((x.shape[1], H))], []
    for t in range(len(x)):
        i, f, g, o = np.split(x[t] @ W + hs[t] @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        cs.append(f * cs[t] + i * g)
        hs.append(o * np.tanh(cs[t + 1]))
        gates.append((i, f, g, o))
    return np.array(hs), cs, gates


def backward(dhs, x, hs, cs, gates, U):
    dW, dU, db, dh, dc = 0, 0, 0, 0, 0
    for t in range(len(x) - 1, -1, -1):
        i, f, g, o = gates[t]
        tanh_c = np.tanh(cs[t + 1])
        dh = dh + dhs[t]
        dc = dc + dh * o * (1 - tanh_c**2)
        dzi, dzf = dc * g * i * (1 - i), dc * cs[t] * f * (1 - f)
        dzg, dzo = dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1)
        dW = dW + x[t].T @ dz
        dU = dU + hs[t].T @ dz
        db = db + dz.sum(axis=0)
        dh = dz @ U.T
        dc = dc * f
    return [dW, dU, db]


def logits(x, w, mistake):
    # x is (B, T, D); an LSTM that wants (T, B, D) takes the examples for steps
    #zh x 是 (B, T, D)；LSTM 要的是 (T, B, D)，不换轴就把样本当成时间步
    W, U, b, v, d = w
    x = x if mistake == "axes" else x.swapaxes(0, 1)
    hs, cs, gates = forward(x, W, U, b)
    read = hs[1:, -1] if mistake == "axes" else hs[-1]  # (B, H)
    return read @ v + d, read, x, hs, cs, gates


def train(mistake, rate, seed):
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    sizes = ((K, 4 * H), (H, 4 * H), (4 * H,), (H, K), (K,))
    w = [rng.uniform(-k, k, size) for size in sizes]
    m, s, losses = [0 * a for a in w], [0 * a for a in w], []
    # which of four symbols stands first? one batch, always the same
    #zh 四种符号，第一个是哪种？始终是同一批
    symbols = rng.integers(0, K, (B, T))
    x, y = np.eye(K)[symbols], np.eye(K)[symbols[:, 0]]
    total = [0 * a for a in w]
    for n in range(1, updates + 1):
        z, read, seen, hs, cs, gates = logits(x, w, mistake)
        p = softmax(z)
        if mistake == "softmax twice":
            once = p
            p = softmax(once)
            dp = (p - y) / B
            dz = once * (dp - (dp * once).sum(axis=1, keepdims=True))
        else:
            dz = (p - y) / B
        losses.append(-np.log((p * y).sum(axis=1)).mean())
        dhs = np.zeros_like(hs[1:])
        if mistake == "axes":
            dhs[:, -1] = dz @ w[3].T
        else:
            dhs[-1] = dz @ w[3].T
        grads = backward(dhs, seen, hs, cs, gates, w[1]) + [read.T @ dz, dz.sum(axis=0)]
        for j, g in enumerate(grads):
            total[j] = total[j] + g if mistake == "not zeroed" else g
            m[j] = 0.9 * m[j] + 0.1 * total[j]
            s[j] = 0.99 * s[j] + 0.01 * total[j] ** 2
            size = np.sqrt(s[j] / (1 - 0.99**n)) + 1e-8
            w[j] = w[j] - rate * m[j] / (1 - 0.9**n) / size
    # on other batches; and does a prediction move with its example?
    #zh 换别的批还对不对；样本换了位置，预测跟着走吗
    fresh = rng.integers(0, K, (50, B, T))
    named = [logits(np.eye(K)[f], w, mistake)[0].argmax(axis=1) for f in fresh]
    right = np.mean(named == fresh[:, :, 0])
    moved = logits(x[::-1], w, mistake)[0] - logits(x, w, mistake)[0][::-1]
    return losses, right, np.abs(moved).max()


cases = {
    "none": (0.03, "C1s-"),
    "rate": (0.03 / 1000, "C2^-"),
    "not zeroed": (0.03, "C3v-"),
    "softmax twice": (0.03, "C0o-"),
    "axes": (0.03, "C4D-"),
}
floor, start = np.log(np.e + K - 1) - 1, np.log(K)
curves, lowest, right, moved = {}, {}, {}, {}
for name, (rate, look) in cases.items():
    runs = [train(name, rate, seed) for seed in range(seeds)]
    curves[name] = np.median([run[0] for run in runs], axis=0)
    lowest[name] = min(min(run[0]) for run in runs)
    right[name] = np.median([run[1] for run in runs])
    moved[name] = max(run[2] for run in runs)
    learned = curves[name][-1] < 0.05
    print(f"{name:13} learned: {learned}, follows its example: {moved[name] < 1e-9}")

print(f"starts at log {K} = {start:.4f}; softmax twice stays above {floor:.4f}")

labels = (
    "no mistake",  #zh "没有错"
    "rate / 1000",  #zh "学习率 / 1000"
    "gradient not zeroed",  #zh "梯度没清零"
    "softmax twice",  #zh "做了两次 softmax"
    "batch taken for time",  #zh "把批当成时间"
)
for (name, (rate, look)), label in zip(cases.items(), labels):
    plt.semilogy(curves[name], look, ms=4, markevery=8, label=label)

plt.axhline(start, color="black", ls="--", lw=1)
plt.axhline(floor, color="C0", ls="--", lw=1)
plt.xlabel("update, always on the same batch")  #zh "更新次数（始终是同一批）"
plt.ylabel("cross-entropy (median of 5 seeds)")  #zh "交叉熵（5 个种子的中位数）"
plt.legend(fontsize=8)
plt.show()

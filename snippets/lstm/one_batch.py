import numpy as np
import matplotlib.pyplot as plt

T, B, K, H, updates, seeds = 8, 16, 4, 16, 200, 5
np.seterr(over="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def network(x, y, W, V, twice):
    h, c, tape = np.zeros((len(y), H)), np.zeros((len(y), H)), []
    for x_t in x:
        z = np.concatenate([x_t, h], axis=1)
        i, f, g, o = np.split(z @ W, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        tape.append((z, c, i, f, g, o))
        c = f * c + i * g
        h = o * np.tanh(c)
    once = softmax(h @ V)
    p = softmax(once) if twice else once
    du = (p - y) / len(y)
    if twice:
        du = once * (du - (du * once).sum(axis=1, keepdims=True))
    dh, dc, dW = du @ V.T, 0, 0
    for z, before, i, f, g, o in reversed(tape):
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        dzi, dzf = dc * g * i * (1 - i), dc * before * f * (1 - f)
        dzg, dzo = dc * i * (1 - g**2), dh * np.tanh(c) * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1)
        dW = dW + z.T @ dz
        dh = (dz @ W.T)[:, -H:]
        dc, c = dc * f, before
    return p, [dW, h.T @ du]


def train(mistake, rate, seed):
    rng, k, losses, total = np.random.default_rng(seed), 1 / np.sqrt(H), [], [0, 0]
    w = [rng.uniform(-k, k, (K + H, 4 * H)), rng.uniform(-k, k, (H, K))]
    # which of four symbols stands first? one batch, always the same
    #zh 四种符号，第一个是哪种？始终是同一批
    x = np.eye(K)[rng.integers(0, K, (T, B))]
    for update in range(updates):
        p, grads = network(x, x[0], *w, mistake == "softmax twice")
        losses.append(-np.log((p * x[0]).sum(axis=1)).mean())
        for j, g in enumerate(grads):
            total[j] = total[j] + g if mistake == "not zeroed" else g
            w[j] = w[j] - rate * total[j]
    return losses


rates = {"none": 1, "rate": 1 / 1000, "not zeroed": 1, "softmax twice": 1}
curves = {}
for mistake, rate in rates.items():
    curves[mistake] = np.median([train(mistake, rate, s) for s in range(seeds)], axis=0)
    print(f"{mistake:13} learned: {curves[mistake][-1] < 0.05}")

floor = np.log(np.e + K - 1) - 1
plt.semilogy(curves["none"], "C1", label="no mistake")  #zh "没有错"
plt.plot(curves["rate"], "C2-.", label="rate / 1000")  #zh "学习率 / 1000"
plt.plot(curves["not zeroed"], "C3:", label="not zeroed")  #zh "梯度没清零"
plt.plot(curves["softmax twice"], "C0", label="softmax twice")  #zh "两次 softmax"
plt.axhline(floor, color="C0", ls="--", lw=1)
plt.xlabel("update, always on the same batch")  #zh "更新次数（始终是同一批）"
plt.ylabel("cross-entropy (median of 5 seeds)")  #zh "交叉熵（5 个种子的中位数）"
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T, B, K, H, rate, updates, seeds = 8, 16, 4, 16, 2, 300, 5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def network(x, y, W, V):
    # x is (B, T, K), the loop wants (T, B, K): the state runs from example to example
    #zh x 是 (B, T, K)，循环要的是 (T, B, K)：状态从一个样本走到下一个样本
    h, c, hs, tape = np.zeros((T, H)), np.zeros((T, H)), [], []
    for x_t in x:
        z = np.concatenate([x_t, h], axis=1)
        i, f, g, o = np.split(z @ W, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        tape.append((z, c, i, f, g, o))
        c = f * c + i * g
        h = o * np.tanh(c)
        hs.append(h)
    # out[:, -1] is (B, H), as it should be: no error message
    #zh out[:, -1] 的形状是 (B, H)，一点不差：不会报错
    last = np.array(hs)[:, -1]
    p = softmax(last @ V)
    du, dh, dc, dW = (p - y) / B, np.zeros((T, H)), 0, 0
    for k in range(B - 1, -1, -1):
        z, before, i, f, g, o = tape[k]
        dh[-1] = dh[-1] + V @ du[k]
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        dzi, dzf = dc * g * i * (1 - i), dc * before * f * (1 - f)
        dzg, dzo = dc * i * (1 - g**2), dh * np.tanh(c) * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1)
        dW = dW + z.T @ dz
        dh = (dz @ W.T)[:, -H:]
        dc = dc * f
        c = before
    return p, [dW, last.T @ du]


# which of four symbols stands first? one batch, always the same
#zh 四种符号，第一个是哪种？始终是同一批
right = {"this batch": [], "reversed": [], "fresh": []}
for seed in range(seeds):
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    w = [rng.uniform(-k, k, (K + H, 4 * H)), rng.uniform(-k, k, (H, K))]
    x = np.eye(K)[rng.integers(0, K, (B, T))]
    fresh = np.eye(K)[rng.integers(0, K, (50, B, T))]
    for update in range(updates):
        w = [a - rate * g for a, g in zip(w, network(x, x[:, 0], *w)[1])]
    for name, batches in zip(right, ([x], [x[::-1]], fresh)):
        found = [network(a, a[:, 0], *w)[0].argmax(axis=1) for a in batches]
        right[name].append(np.mean(found == np.argmax(batches, axis=3)[:, :, 0]))

for name, share in right.items():
    print(f"{name:10} at least 0.9 right: {min(share) >= 0.9}")

labels = (
    "the batch it learned",  #zh "学过的那一批"
    "the same, reversed",  #zh "同一批，倒过来"
    "fresh batches",  #zh "别的批"
)
plt.plot(list(right.values()), labels, "C1o", alpha=0.5)
plt.axvline(1 / K, color="black", ls="--", lw=1)
plt.gca().invert_yaxis()
plt.xlabel("share of right answers (5 seeds)")  #zh "答对的比例（5 个种子）"
plt.show()

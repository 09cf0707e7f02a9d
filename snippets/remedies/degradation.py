#seconds 60
import numpy as np
import matplotlib.pyplot as plt

S, n, points, updates, rates = 3, 16, 80, 150, (0.1, 0.3, 1.0)
np.seterr(over="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def train(L, keep, rate):
    # a layer: h = keep h + ReLU(BN(h W)); S seeds at once: arrays begin with S
    #zh 一层：h = keep h + ReLU(BN(h W))；S 个种子同时训练，数组的第一维是 S
    rng = np.random.default_rng(0)
    x = rng.standard_normal((S, points, 2))
    y = np.cos(3 * x).prod(axis=2, keepdims=True) > 0
    V = rng.standard_normal((S, 2, n)) / np.sqrt(2)
    W = rng.standard_normal((L, S, n, n)) * np.sqrt(2 / n)
    w = rng.standard_normal((S, n, 1)) / np.sqrt(n)
    dW, losses = np.zeros_like(W), []
    for update in range(updates):
        h, normed, scales = [x @ V], [], []
        for k in range(L):
            z = h[k] @ W[k]
            z = z - z.mean(axis=1, keepdims=True)
            scales.append(1 / np.sqrt((z**2).mean(axis=1, keepdims=True) + 1e-5))
            normed.append(z * scales[k])
            h.append(keep * h[k] + np.maximum(normed[k], 0))
        out = h[L] @ w
        losses.append(np.mean(np.logaddexp(0, out) - y * out, axis=(1, 2)))
        error = (sigmoid(out) - y) / points
        g = error @ w.swapaxes(1, 2)
        for k in range(L - 1, -1, -1):
            d = g * (normed[k] > 0)
            along = normed[k] * (d * normed[k]).mean(axis=1, keepdims=True)
            d = scales[k] * (d - d.mean(axis=1, keepdims=True) - along)
            dW[k] = h[k].swapaxes(1, 2) @ d
            g = keep * g + d @ W[k].swapaxes(1, 2)
        V = V - rate * x.swapaxes(1, 2) @ g
        w = w - rate * h[L].swapaxes(1, 2) @ error
        W = W - rate * dW
        if update == 0:
            sizes = np.linalg.norm(dW, axis=(2, 3))
    return np.median(losses, axis=1), np.median(sizes[0] / sizes[-1])


curves, ratio = {}, {}
for keep, kind in ((0, "plain"), (1, "shortcuts")):
    for L in (6, 30):
        # each network at its own best rate
        #zh 每个网络各用自己最好的学习率
        runs = [train(L, keep, rate) for rate in rates]
        losses, grown = min(runs, key=lambda run: run[0][-10:].mean())
        curves[kind, L] = losses
        ratio[kind, L] = grown
        print(f"{kind:9} {L:2} layers, loss below 0.3: {losses[-10:].mean() < 0.3}")

looks = {
    "plain, 6 layers": "C3--",  #zh "普通，6 层"
    "plain, 30 layers": "C3-",  #zh "普通，30 层"
    "shortcuts, 6 layers": "C2--",  #zh "残差连接，6 层"
    "shortcuts, 30 layers": "C2-",  #zh "残差连接，30 层"
}
for (label, look), losses in zip(looks.items(), curves.values()):
    plt.semilogy(range(0, updates, 3), losses[::3], look, label=label)

plt.xlabel("update")  #zh "更新次数"
plt.ylabel("training loss")  #zh "训练损失"
plt.legend()
plt.show()

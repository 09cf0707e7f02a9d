import numpy as np
import matplotlib.pyplot as plt

H, points, updates = 8, 64, 2000
rates = (0.01, 0.03, 0.1, 0.3)
x = np.linspace(-2, 2, points)[:, None]
y = np.sin(2 * x)


def train(W, v, rate):
    b, losses = np.zeros(H), []
    for update in range(updates):
        h = np.tanh(x @ W + b)
        error = h @ v - y
        losses.append((error**2).mean())
        dv = 2 * h.T @ error / points
        dz = 2 * error @ v.T / points * (1 - h**2)
        v = v - rate * dv
        W = W - rate * x.T @ dz
        b = b - rate * dz.sum(axis=0)
    return losses, W


rng = np.random.default_rng(0)
random = rng.standard_normal((1, H)), rng.standard_normal((H, 1)) / np.sqrt(H)
equal = np.ones((1, H)), np.ones((H, 1)) / H
starts = {
    "zeros": (np.zeros((1, H)), np.zeros((H, 1))),
    "equal": equal,
    "nearly": (equal[0] + 0.01 * random[0], equal[1]),
    "random": random,
}
curves, best, units = {}, {}, {}
for name, start in starts.items():
    # each start at its own best rate
    #zh 每种初始值各用自己最好的学习率
    runs = [train(*start, rate) for rate in rates]
    losses, W = min(runs, key=lambda run: run[0][-1])
    curves[name] = losses
    best[name] = losses[-1]
    units[name] = len(np.unique(W.round(6)))
    print(f"{name:7} loss {best[name]:.3f}, different units: {units[name]} of {H}")

looks = {
    "all zeros": "C7-",  #zh "全零"
    "all equal": "C3--",  #zh "全部相等"
    "equal but for 0.01": "C1-",  #zh "几乎相等，差 0.01"
    "random": "C0-",  #zh "随机"
}
for (label, look), losses in zip(looks.items(), curves.values()):
    plt.loglog(range(1, updates + 1, 10), losses[::10], look, label=label)

plt.xlabel("update")  #zh "更新次数"
plt.ylabel("mean squared error")  #zh "均方误差"
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt


def layer_norm(x, gamma, beta, eps=1e-5):
    # statistics over the features, for each example by itself
    #zh 统计量按特征算，每个样本各算各的
    scale = 1 / np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    normalized = (x - x.mean(axis=-1, keepdims=True)) * scale
    return gamma * normalized + beta, (normalized, scale)


def backward(dy, gamma, normalized, scale):
    d = dy * gamma
    dx = d - d.mean(axis=-1, keepdims=True)
    dx = scale * (dx - normalized * (d * normalized).mean(axis=-1, keepdims=True))
    return dx, (dy * normalized).sum(axis=0), dy.sum(axis=0)


rng = np.random.default_rng(0)
B, H, T, eps = 64, 64, 40, 1e-5
x, weight = rng.standard_normal((3, 5)), rng.standard_normal((3, 5))
gamma, beta, worst = rng.standard_normal(5), rng.standard_normal(5), 0.0


def loss():
    return (weight * layer_norm(x, gamma, beta)[0]).sum()


grads = backward(weight, gamma, *layer_norm(x, gamma, beta)[1])
for p, g in zip((x, gamma, beta), grads):
    for index in np.ndindex(*p.shape):
        keep = p[index]
        p[index] = keep + eps
        up = loss()
        p[index] = keep - eps
        down = loss()
        p[index] = keep
        worst = max(worst, abs(g[index] - (up - down) / (2 * eps)))

print(f"gradient check, error < 1e-7: {worst < 1e-7}")

# an example's output does not depend on its batch
#zh 一个样本的输出与同批的其他样本无关
alone = layer_norm(x[:1], gamma, beta)[0]
together = layer_norm(x, gamma, beta)[0][:1]
difference = np.abs(alone - together).max()
print(f"alone and in a batch differ by {difference:.0f}")

# one RNN: the size of its pre-activations over time, with inputs that grow
#zh 同一个 RNN，输入逐渐变大：预激活的大小随时间的变化
W, U = (rng.standard_normal((m, H)) / np.sqrt(m) for m in (8, H))
sizes = {"none": [], "batch": [], "layer": []}
for kind, deviations in sizes.items():
    rng, h = np.random.default_rng(1), np.zeros((B, H))
    for t in range(T):
        z = rng.standard_normal((B, 8)) * (1 + 0.1 * t) @ W + h @ U
        if t == 0:
            mean, deviation = z.mean(axis=0), z.std(axis=0)
        if kind == "batch":
            z = (z - mean) / deviation
        if kind == "layer":
            z = layer_norm(z, 1, 0)[0]
        deviations.append(z.std())
        h = np.tanh(z)

none, batch, layer = sizes.values()
print(f"last step: none {none[-1]:.2f}, BN {batch[-1]:.2f}, LN {layer[-1]:.2f}")

steps = range(1, T + 1)
plt.plot(steps, none, "C0o-", ms=4, markevery=4, label="nothing")  #zh "无"
plt.plot(steps, batch, "C4D-", ms=4, markevery=4, label="BN, statistics of step 1")  #zh "BN，沿用第 1 步的统计量"
plt.plot(steps, layer, "C2^-", ms=4, markevery=4, label="LN")
plt.xlabel("time step t")  #zh "时间步 t"
plt.ylabel("deviation of z_t")  #zh "z_t 的标准差"
plt.legend()
plt.show()

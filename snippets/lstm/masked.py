import numpy as np
import matplotlib.pyplot as plt


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, h, c, mask, W, U, b):
    # mask[t]: 1 where a sequence has an element, 0 where it is padding, (B, 1)
    #zh mask[t]：有元素是 1，填充是 0，形状 (B, 1)
    hs, cs, gates = [h], [c], []
    for t in range(len(x)):
        i, f, g, o = np.split(x[t] @ W + hs[t] @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = f * cs[t] + i * g
        h = o * np.tanh(c)
        cs.append(mask[t] * c + (1 - mask[t]) * cs[t])
        hs.append(mask[t] * h + (1 - mask[t]) * hs[t])
        gates.append((i, f, g, o, c))
    return hs, cs, gates


def backward(dhs, x, hs, cs, gates, mask, W, U):
    # what a masked step does not compute, it hands back as it came
    #zh 被掩掉的一步没有算过什么，梯度原样往回交
    dx, dW, dU, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), 0
    dh, dc = np.zeros_like(hs[0]), np.zeros_like(cs[0])
    arrived = []
    for t in range(len(x) - 1, -1, -1):
        i, f, g, o, c = gates[t]
        dh = dh + dhs[t]
        arrived.append(np.sqrt((dh**2 + dc**2).sum(axis=1)))  # (B,)
        dc_now = mask[t] * (dc + dh * o * (1 - np.tanh(c) ** 2))
        dzi, dzf = dc_now * g * i * (1 - i), dc_now * cs[t] * f * (1 - f)
        dzg, dzo = dc_now * i * (1 - g**2), mask[t] * dh * np.tanh(c) * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1)  # (B, 4H)
        dx[t] = dz @ W.T
        dW, dU, db = dW + x[t].T @ dz, dU + hs[t].T @ dz, db + dz.sum(axis=0)
        dh = dz @ U.T + (1 - mask[t]) * dh
        dc = dc_now * f + (1 - mask[t]) * dc
    return dx, dh, dc, dW, dU, db, np.array(arrived[::-1])


T, real, D, H, seeds = 30, 10, 4, 32, 5
runs = {"masked": [], "unmasked": []}
for seed in range(seeds):
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    W, U, b = (rng.uniform(-k, k, (n, 4 * H)) for n in (D, H, 1))
    # two sequences of ten elements, padded to thirty; the loss reads the last state
    #zh 两个十个元素的序列，补到三十；损失看最后的状态
    x, dhs, start = np.zeros((T, 2, D)), np.zeros((T, 2, H)), np.zeros((2, H))
    x[:real] = rng.standard_normal((real, 2, D))
    dhs[-1] = rng.standard_normal((2, H))
    mask = (np.arange(T) < real).reshape(T, 1, 1) * 1.0
    for name, m in (("masked", mask), ("unmasked", np.ones((T, 1, 1)))):
        hs, cs, gates = forward(x, start, start, m, W, U, b)
        arrived = backward(dhs, x, hs, cs, gates, m, W, U)[-1][:, 0]
        apart = np.array([np.linalg.norm(c[0] - c[1]) for c in cs[1:]])
        runs[name].append([apart / apart[real - 1], arrived / arrived[-1]])

masked, unmasked = (np.median(runs[name], axis=0)[:, real - 1 :] for name in runs)
print(f"masked:   state {masked[0, -1]:.0f}, gradient {masked[1, 0]:.0f}")
print(f"unmasked: state {unmasked[0, -1]:.0e}, gradient {unmasked[1, 0]:.0e}")

plt.semilogy(masked[0], "C1s-", markevery=5, label="mask: both")  #zh "有掩码：两者"
plt.semilogy(unmasked[0], "C3v-", markevery=5, label="no mask: states")  #zh "没有：状态的差别"
plt.semilogy(unmasked[1], "C0o--", markevery=5, label="no mask: gradient")  #zh "没有：梯度"
plt.xlabel("steps of padding behind the end")  #zh "序列末尾之后的填充步数"
plt.ylabel("what is left")  #zh "还剩多少"
plt.legend(loc="lower center")
plt.show()

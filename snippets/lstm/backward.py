import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, h, c, W, U, b):
    # hs[t] and cs[t] are the states after t steps, (B, H)
    #zh hs[t] 和 cs[t] 是走完 t 步之后的状态，形状 (B, H)
    hs, cs, gates = [h], [c], []
    for t in range(len(x)):
        z = x[t] @ W + hs[t] @ U + b  # (B, 4H)
        i, f, g, o = np.split(z, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        cs.append(f * cs[t] + i * g)
        hs.append(o * np.tanh(cs[t + 1]))
        gates.append((i, f, g, o))
    return np.array(hs), np.array(cs), gates


def backward(dhs, x, hs, cs, gates, W, U):
    # dhs[t]: the loss's own gradient of hs[t + 1]; the rest comes from the future
    #zh dhs[t]：损失直接给 hs[t + 1] 的梯度，其余来自未来的时间步
    dx, dW, dU, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), 0
    dh, dc = np.zeros_like(hs[0]), np.zeros_like(cs[0])
    for t in range(len(x) - 1, -1, -1):
        i, f, g, o = gates[t]
        tanh_c = np.tanh(cs[t + 1])
        dh = dh + dhs[t]
        dc = dc + dh * o * (1 - tanh_c**2)
        dzi = dc * g * i * (1 - i)
        dzf = dc * cs[t] * f * (1 - f)
        dzg = dc * i * (1 - g**2)
        dzo = dh * tanh_c * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1)  # (B, 4H)
        dx[t] = dz @ W.T
        dW = dW + x[t].T @ dz
        dU = dU + hs[t].T @ dz
        db = db + dz.sum(axis=0)
        dh = dz @ U.T
        dc = dc * f
    return dx, dh, dc, dW, dU, db


rng = np.random.default_rng(0)
T, B, D, H = 6, 2, 3, 4
x, h0, c0 = (rng.standard_normal(s) for s in ((T, B, D), (B, H), (B, H)))
W, U, b = (rng.standard_normal(s) / 2 for s in ((D, 4 * H), (H, 4 * H), (4 * H,)))
weight = rng.standard_normal((T, B, H))


def loss():
    return (weight * forward(x, h0, c0, W, U, b)[0][1:]).sum()


grads = backward(weight, x, *forward(x, h0, c0, W, U, b), W, U)
worst, eps = 0.0, 1e-6
for name, p, g in zip(("x", "h0", "c0", "W", "U", "b"), (x, h0, c0, W, U, b), grads):
    numeric = np.zeros_like(p)
    for index in np.ndindex(*p.shape):
        keep = p[index]
        p[index] = keep + eps
        up = loss()
        p[index] = keep - eps
        down = loss()
        p[index] = keep
        numeric[index] = (up - down) / (2 * eps)
    error = np.abs(g - numeric).max() / np.abs(numeric).max()
    worst = max(worst, error)
    print(f"d{name:3}{str(p.shape):10} error < 1e-7: {error < 1e-7}")

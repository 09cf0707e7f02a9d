import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, h, W, U, b):
    # W (D, 3H), U (H, 3H), b (3H): reset r, update z, candidate n
    #zh W (D, 3H)、U (H, 3H)、b (3H)：重置门 r、更新门 z、候选状态 n
    H, hs, saved = h.shape[1], [h], []
    for x_t in x:
        a, u = x_t @ W + b, h @ U
        r, z = sigmoid(a[:, :H] + u[:, :H]), sigmoid(a[:, H : 2 * H] + u[:, H : 2 * H])
        # the reset gate after the product, as cuDNN and PyTorch do
        #zh 重置门放在乘法之后，与 cuDNN 和 PyTorch 相同
        n = np.tanh(a[:, 2 * H :] + r * u[:, 2 * H :])
        saved.append((r, z, n, u[:, 2 * H :]))
        h = (1 - z) * n + z * h
        hs.append(h)
    return np.array(hs), saved


def backward(dhs, x, hs, saved, W, U):
    dW, dU, db, dx = np.zeros_like(W), np.zeros_like(U), 0, np.zeros_like(x)
    dh = np.zeros_like(hs[0])
    for t in range(len(x) - 1, -1, -1):
        r, z, n, un = saved[t]
        dh = dh + dhs[t]
        dn = dh * (1 - z) * (1 - n**2)
        dz = dh * (hs[t] - n) * z * (1 - z)
        dr = dn * un * r * (1 - r)
        da = np.concatenate([dr, dz, dn], axis=1)
        du = np.concatenate([dr, dz, dn * r], axis=1)
        dW = dW + x[t].T @ da
        dU = dU + hs[t].T @ du
        db = db + da.sum(axis=0)
        dx[t] = da @ W.T
        # z carries the gradient on, as f does in an LSTM
        #zh z 把梯度往前传，如同 LSTM 里的 f
        dh = dh * z + du @ U.T
    return dx, dh, dW, dU, db


rng = np.random.default_rng(0)
T, B, D, H = 6, 2, 3, 4
x, h0 = rng.standard_normal((T, B, D)), rng.standard_normal((B, H))
W, U, b = (rng.standard_normal(s) / 2 for s in ((D, 3 * H), (H, 3 * H), (3 * H,)))
weight = rng.standard_normal((T, B, H))


def loss():
    return (weight * forward(x, h0, W, U, b)[0][1:]).sum()


grads, worst, eps = backward(weight, x, *forward(x, h0, W, U, b), W, U), 0.0, 1e-6
for name, p, g in zip(("x", "h0", "W", "U", "b"), (x, h0, W, U, b), grads):
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

count, lstm_count = W.size + U.size + b.size, (W.size + U.size + b.size) * 4 // 3
print(f"parameters: {count}, an LSTM's {lstm_count}")

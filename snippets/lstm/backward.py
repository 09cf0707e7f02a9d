import numpy as np


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def forward(x, h, c, W, U, b):
    # all steps' share of the input at once: one large product instead of T small ones
    #zh 所有时间步的输入部分一次算完：一次大矩阵乘法代替 T 次小的
    T, (B, H) = len(x), h.shape
    gates = x @ W  # (T, B, 4H)
    gates += b
    hs, cs = np.empty((T + 1, B, H), gates.dtype), np.empty((T + 1, B, H), gates.dtype)
    hs[0], cs[0] = h, c
    # the large matrix to the left, laid out once: NumPy multiplies faster so
    #zh 大矩阵放在左边，并先重排一次：NumPy 这样乘得更快
    UT = np.ascontiguousarray(U.T)
    for t in range(T):
        # in place: the pre-activations become the gates
        #zh 就地计算：预激活变成门
        gates[t] += (UT @ hs[t].T).T
        i, f, g, o = np.split(gates[t], 4, axis=1)
        i[:], f[:], g[:], o[:] = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        cs[t + 1] = f * cs[t] + i * g
        hs[t + 1] = o * np.tanh(cs[t + 1])
    return hs, cs, gates


def backward(dhs, x, hs, cs, gates, W, U):
    # dhs[t]: what the loss says about h_{t+1} directly; the rest comes from the future
    #zh dhs[t]：损失直接给 h_{t+1} 的梯度，其余来自未来的时间步
    T, (B, H) = len(x), hs[0].shape
    dz = np.empty_like(gates)  # (T, B, 4H)
    dh, dc = np.zeros((B, H), gates.dtype), np.zeros((B, H), gates.dtype)
    for t in range(T - 1, -1, -1):
        i, f, g, o = np.split(gates[t], 4, axis=1)
        tanh_c = np.tanh(cs[t + 1])
        dh = dh + dhs[t]
        dc = dc + dh * o * (1 - tanh_c**2)
        dz[t, :, :H] = dc * g * i * (1 - i)
        dz[t, :, H : 2 * H] = dc * cs[t] * f * (1 - f)
        dz[t, :, 2 * H : 3 * H] = dc * i * (1 - g**2)
        dz[t, :, 3 * H :] = dh * tanh_c * o * (1 - o)
        dc = dc * f
        dh = (U @ dz[t].T).T
    flat = dz.reshape(T * B, -1)
    dW = x.reshape(T * B, -1).T @ flat
    dU = hs[:-1].reshape(T * B, -1).T @ flat
    return dz @ W.T, dh, dc, dW, dU, flat.sum(axis=0)


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
        keep, sides = p[index], []
        for p[index] in (keep + eps, keep - eps):
            sides.append(loss())
        p[index] = keep
        numeric[index] = (sides[0] - sides[1]) / (2 * eps)
    error = np.abs(g - numeric).max() / np.abs(numeric).max()
    worst = max(worst, error)
    print(f"d{name:3}{str(p.shape):10} error < 1e-7: {error < 1e-7}")

import numpy as np

rng = np.random.default_rng(0)
T, B, D, H = 6, 3, 2, 4


def forward(x, h0, W, U, b):
    # h[t] is the state after t steps, (B, H)
    #zh h[t] 是走完 t 步之后的状态，形状 (B, H)
    h = [h0]
    for t in range(len(x)):
        h.append(np.tanh(x[t] @ W + h[t] @ U + b))
    return h


def backward(x, h, U, dh_out):
    # dh_out[t]: what the loss says about h[t+1] directly, (T, B, H)
    #zh dh_out[t]：损失直接传给 h[t+1] 的梯度，形状 (T, B, H)
    dW, dU = np.zeros((x.shape[2], len(U))), np.zeros(U.shape)
    db, dh = np.zeros(len(U)), np.zeros_like(h[0])
    for t in range(len(x) - 1, -1, -1):
        dz = (dh + dh_out[t]) * (1 - h[t + 1] ** 2)
        # the weights are shared, so every step adds its part
        #zh 权重共享，所以每一步的贡献都要累加
        dW = dW + x[t].T @ dz
        dU = dU + h[t].T @ dz
        db = db + dz.sum(axis=0)
        dh = dz @ U.T
    return dW, dU, db, dh


x, h0 = rng.standard_normal((T, B, D)), rng.standard_normal((B, H))
params = [rng.standard_normal(s) * 0.5 for s in ((D, H), (H, H), (H,))]
readout = rng.standard_normal((T, B, H))


def loss():
    h = forward(x, h0, *params)
    return sum((readout[t] * h[t + 1]).sum() for t in range(T))


grads = backward(x, forward(x, h0, *params), params[1], readout)
errors, eps = [], 1e-6
for p, g in zip(params + [h0], grads):
    numeric = np.zeros_like(p)
    for index in np.ndindex(*p.shape):
        keep = p[index]
        p[index] = keep + eps
        up = loss()
        p[index] = keep - eps
        down = loss()
        p[index] = keep
        numeric[index] = (up - down) / (2 * eps)
    errors.append(np.abs(g - numeric).max() / np.abs(numeric).max())

worst = max(errors)
for name, shape, error in zip(("W", "U", "b", "h0"), params + [h0], errors):
    print(f"d{name:2} {str(shape.shape):6} error < 1e-7: {error < 1e-7}")

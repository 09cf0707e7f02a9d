import numpy as np
import matplotlib.pyplot as plt

T, batch, rate, updates, seeds = 20, 128, 0.3, 3000, 5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def draw(size, rng):
    # one marker a sequence, at any step; wanted: c_T = the marked input
    #zh 每个序列有一个标记，位置任意；目标：c_T = 标记处的输入
    x = rng.standard_normal((size, T))  # (B, T)
    m = np.eye(T)[rng.integers(T, size=size)]  # (B, T)
    return x, m, (x * m).sum(axis=1)


def learn(w, u, b, x, m, wanted):
    # c_t = c_{t-1} + i_t w x_t with the gate i_t = σ(u m_t + b);
    # gradients of half the loss
    #zh c_t = c_{t-1} + i_t w x_t，其中门 i_t = σ(u m_t + b)；
    #zh 梯度对损失的一半求
    i = sigmoid(u * m + b)  # (B, T)
    error = (i * w * x).sum(axis=1, keepdims=True) - wanted[:, None]
    dw = (error * i * x).sum() / len(x)
    dz = error * w * x * i * (1 - i) / len(x)
    return (error**2).mean(), dw, (dz * m).sum(), dz.sum()


# the best cell without a gate, though told the marker as one more input:
# c_T = Σ_t (w x_t + a m_t), fitted by least squares
#zh 没有门的细胞最多能做到多好？标记也告诉它，作为多出来的一个输入：
#zh c_T = Σ_t (w x_t + a m_t)，用最小二乘拟合
x, m, wanted = draw(100000, np.random.default_rng(seeds))
inputs = np.stack([x.sum(axis=1), m.sum(axis=1)], axis=1)
w_plain, a_plain = np.linalg.lstsq(inputs, wanted, rcond=None)[0]
plain = ((inputs @ (w_plain, a_plain) - wanted) ** 2).mean()

curves, finals, leaves, opened, closed, products = [], [], [], [], [], []
for seed in range(seeds):
    rng, losses = np.random.default_rng(seed), []
    w, u, b = rng.uniform(-0.5, 0.5, 3)
    for update in range(updates):
        loss, dw, du, db = learn(w, u, b, *draw(batch, rng))
        w = w - rate * dw
        u = u - rate * du
        b = b - rate * db
        losses.append(loss)
    finals.append(np.mean(losses[-100:]))
    leaves.append(np.argmax(np.array(losses) < plain / 2))
    opened.append(sigmoid(u + b))
    closed.append(sigmoid(b))
    products.append(w * opened[-1])
    curves.append(np.array(losses))

worst, at_marker, elsewhere = max(finals), min(opened), max(closed)
gain, plateau, product = plain / worst, min(leaves), np.mean(products)
print(f"loss {plain:.2f} without gate, {worst:.4f} with (worst seed)")
print(f"i = {at_marker:.2f} at the marker (lowest of {seeds} seeds)")
print(f"i = {elsewhere:.4f} elsewhere (highest of {seeds})")
print(f"i·w = {product:.2f} at the marker")

some = np.unique(np.geomspace(1, updates, 60).astype(int))
fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
for losses, high, low in zip(curves, opened, closed):
    top.loglog(some, losses[some - 1], "C1", lw=0.8, alpha=0.6)
    bottom.plot(range(1, T + 1), [low] * 7 + [high] + [low] * 12, "C1s-", alpha=0.4)

top.axhline(plain, color="C0", lw=3, alpha=0.5)
top.axhline(1 - 1 / T, color="black", ls="--", lw=1)
top.text(1, 0.3, "no gate", color="C0")  #zh "没有门"
top.text(1, 0.005, "with gate", color="C1")  #zh "有门"
top.set_xlabel("update")  #zh "更新次数"
top.set_ylabel("loss")  #zh "损失"
bottom.set_xlabel("time step t (marker at 8)")  #zh "时间步 t（标记在第 8 步）"
bottom.set_ylabel("input gate i_t")  #zh "输入门 i_t"
plt.show()

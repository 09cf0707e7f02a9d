import numpy as np
import matplotlib.pyplot as plt

T, batch, rate, updates, seeds = 20, 128, 0.3, 3000, 5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def draw(size, rng):
    # the cell holds c; one marker a sequence, at any step;
    # wanted: y_t = c at the marker, silence elsewhere
    #zh 细胞里存着 c；每个序列有一个标记，位置任意；
    #zh 目标：标记处 y_t = c，其余各步沉默
    c = rng.standard_normal((size, 1))  # (B, 1)
    m = np.eye(T)[rng.integers(T, size=size)]  # (B, T)
    return c, m, m * c


def learn(v, u, b, c, m, wanted):
    # y_t = o_t v c with the gate o_t = σ(u m_t + b);
    # gradients of half the loss
    #zh y_t = o_t v c，其中门 o_t = σ(u m_t + b)；
    #zh 梯度对损失的一半求
    o = sigmoid(u * m + b)  # (B, T)
    error = o * v * c - wanted  # (B, T)
    dv = (error * o * c).sum() / len(c)
    dz = error * v * c * o * (1 - o) / len(c)
    return (error**2).sum() / len(c), dv, (dz * m).sum(), dz.sum()


# the best output without a gate, though told the marker as one more input:
# y_t = v c + a m_t, fitted by least squares
#zh 没有门的输出最多能做到多好？标记也告诉它，作为多出来的一个输入：
#zh y_t = v c + a m_t，用最小二乘拟合
c, m, wanted = draw(100000, np.random.default_rng(seeds))
inputs = np.stack([(c + 0 * m).ravel(), m.ravel()], axis=1)
v_plain, a_plain = np.linalg.lstsq(inputs, wanted.ravel(), rcond=None)[0]
plain = ((v_plain * c + a_plain * m - wanted) ** 2).sum() / len(c)

curves, finals, opened, closed, products = [], [], [], [], []
for seed in range(seeds):
    rng, losses = np.random.default_rng(seed), []
    v, u, b = rng.uniform(-0.5, 0.5, 3)
    for update in range(updates):
        loss, dv, du, db = learn(v, u, b, *draw(batch, rng))
        v = v - rate * dv
        u = u - rate * du
        b = b - rate * db
        losses.append(loss)
    finals.append(np.mean(losses[-100:]))
    opened.append(sigmoid(u + b))
    closed.append(sigmoid(b))
    products.append(v * opened[-1])
    curves.append(np.array(losses))

worst, at_marker, elsewhere = max(finals), min(opened), max(closed)
gain, product = plain / worst, np.mean(products)
print(f"loss {plain:.2f} without gate, {worst:.4f} with (worst seed)")
print(f"o = {at_marker:.2f} at the marker (lowest of {seeds} seeds)")
print(f"o = {elsewhere:.4f} elsewhere (highest of {seeds})")
print(f"o·v = {product:.2f} at the marker")

some = np.unique(np.geomspace(1, updates, 60).astype(int))
fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
for losses, high, low in zip(curves, opened, closed):
    top.loglog(some, losses[some - 1], "C1", lw=0.8, alpha=0.6)
    bottom.plot(range(1, T + 1), [low] * 14 + [high] + [low] * 5, "C1s-", alpha=0.4)

top.axhline(plain, color="C0", lw=3, alpha=0.5)
top.axhline(1 - 1 / T, color="black", ls="--", lw=1)
top.text(1, 0.3, "no gate", color="C0")  #zh "没有门"
top.text(1, 0.005, "with gate", color="C1")  #zh "有门"
top.set_xlabel("update")  #zh "更新次数"
top.set_ylabel("loss")  #zh "损失"
bottom.set_xlabel("time step t (marker at 15)")  #zh "时间步 t（标记在第 15 步）"
bottom.set_ylabel("output gate o_t")  #zh "输出门 o_t"
plt.show()

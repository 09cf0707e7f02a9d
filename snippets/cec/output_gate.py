import numpy as np
import matplotlib.pyplot as plt

T, batch, rate, updates, seeds = 20, 256, 0.5, 3000, 5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# the task of the output conflict, with a gate that sees a marker m (1 at the last step, else 0):
# y_t = o_t v c with o_t = σ(u m_t + b)
#zh 与输出冲突同一个任务，多了一个门；门看得见标记 m（最后一步为 1，其余为 0）：
#zh y_t = o_t v c，其中 o_t = σ(u m_t + b)
m = np.zeros(T)
m[-1] = 1
fig, (left, right) = plt.subplots(1, 2, figsize=(6.5, 3.2))
finals, at_marker, elsewhere, opening = [], [], [], []
for seed in range(seeds):
    rng = np.random.default_rng(seed)
    v, u, b = rng.uniform(-0.5, 0.5, 3)
    losses = []
    for update in range(updates):
        c = rng.standard_normal(batch)  # (B,)
        o = sigmoid(u * m + b)  # (T,)
        error = np.outer(o * v - m, c)  # (T, B)
        do = (error * c).mean(axis=1)
        dz = v * do * o * (1 - o)
        v, u, b = v - rate * do @ o, u - rate * dz @ m, b - rate * dz.sum()
        losses.append((error**2).mean(axis=1).sum())
    o = sigmoid(u * m + b)
    finals.append(np.mean(losses[-100:]))
    at_marker.append(v * o[-1])
    elsewhere.append(v * o[0])
    opening.append(o[-1] / o[0])
    left.semilogy(np.convolve(losses, np.ones(20) / 20, "valid"), "C1", alpha=0.6, lw=1)
    right.plot(np.arange(1, T + 1), v * o, "C1s", alpha=0.4)

worst, without = max(finals), 1 - 1 / T
gain, ratio = without / worst, min(opening)
effect, leak = np.mean(at_marker), np.mean(np.abs(elsewhere))
print(f"loss {worst:.4f} or less (without gate {without:.2f})")
print(f"effective weight: {effect:.2f} at the marker, {leak:.3f} elsewhere")
print(f"gate at the marker at least {ratio:.0f} times as open")

left.axhline(without, color="black", ls="--")
left.set_xlabel("update")  #zh "更新次数"
left.set_ylabel("loss")  #zh "损失"
right.axhline(1 / T, color="black", ls="--", label="v* = 1/T")
right.set_xlabel("time step t")  #zh "时间步 t"
right.set_ylabel("effective weight o_t·v")  #zh "有效权重 o_t·v"
right.legend()
plt.show()

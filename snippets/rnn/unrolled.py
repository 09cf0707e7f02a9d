import numpy as np

# two units, set by hand: of "lamp on" and "pressed" at least one is true; not both
#zh 两个单元，手工设定：“灯亮着”和“按了按钮”，至少成立一件；没有都成立
W = np.array([[10.0, -10.0]])  # (D, H)
U = np.array([[5.0, -5.0], [5.0, -5.0]])  # (H, H)
b = np.array([-5.0, 15.0])  # (H,)
V = np.array([[0.5], [0.5]])  # (H, 1)


def step(x, h):
    z = x @ W + h @ U + b
    h = np.tanh(z)
    y = h @ V
    return h, y


pressed = np.array([1.0, 0.0, 1.0, 1.0])
x = pressed.reshape(4, 1, 1)  # (T, B, D)
h0 = np.array([[-1.0, 1.0]])  # (B, H)

# rolled up: a loop around one step
#zh 卷起来：一个循环，套着同一步
h = h0
for t in range(4):
    h, y = step(x[t], h)
    units = " ".join(f"{unit:+.2f}" for unit in h[0])
    print(f"t = {t + 1}  x = {pressed[t]:.0f}  h = {units}  y = {y.item():.2f}")

# unrolled: the same step, written out for each time
#zh 展开：同一步，每个时刻写一遍
h1, y1 = step(x[0], h0)
h2, y2 = step(x[1], h1)
h3, y3 = step(x[2], h2)
h4, y4 = step(x[3], h3)
apart = np.abs(h4 - h).max()
print(f"rolled and unrolled differ by {apart:.0f}")

# a much longer sequence, the same weights
#zh 长得多的序列，还是这些权重
T, lamp = 10_000, 0
presses = np.random.default_rng(0).integers(0, 2, (T, 1, 1))
h, wrong, factors = h0, 0, []
for t in range(T):
    lamp = (lamp + presses[t].item()) % 2
    h, y = step(presses[t], h)
    wrong = wrong + (round(y.item()) != lamp)
    # one step back multiplies a gradient by no more than the norm of ∂h_t/∂h_{t-1}
    #zh 往回一步，梯度至多乘上 ∂h_t/∂h_{t-1} 的范数
    factors.append(np.linalg.norm(U * (1 - h**2), 2))

largest = max(factors)
print(f"{T} steps: {wrong} wrong answers")
print(f"one step back: at most × {largest:.4f}")

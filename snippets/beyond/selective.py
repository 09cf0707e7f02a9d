import numpy as np
import matplotlib.pyplot as plt

T, N, tiny = 20, 20000, 1e-100
w, bias = 14.0, -7.0


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def selective(x, marks, h):
    # Mamba's step with A = -1: the input chooses how much time Δ passes
    #zh Mamba 的一步，取 A = -1：过了多少时间 Δ，由输入决定
    delta, states = np.log(1 + np.exp(w * marks + bias)), []
    for t in range(T):
        f = np.exp(-delta[t])
        h = f * h + (1 - f) * x[t]
        states.append(h)
    return np.array(states)


def gated(x, marks, h):
    # a leaky unit with a gate
    #zh 带门的漏积分单元
    z, states = sigmoid(w * marks + bias), []
    for t in range(T):
        h = (1 - z[t]) * h + z[t] * x[t]
        states.append(h)
    return np.array(states)


# noise, one step of it marked; wanted at the end: the value at the mark
#zh 一串噪声，其中一步带标记；最后要报出标记处的值
rng = np.random.default_rng(0)
x, marks, at = rng.standard_normal((T, N)), np.zeros((T, N)), rng.integers(T, size=N)
marks[at, np.arange(N)] = 1
wanted = (x * marks).sum(axis=0)
h = selective(x, marks, np.zeros(N))
same = np.abs(h - gated(x, marks, np.zeros(N))).max()
error = ((h[-1] - wanted) ** 2).mean() / (wanted**2).mean()

# every recurrence with fixed weights is a filter: the best of all filters
#zh 权重固定的线性递推都是滤波器：取所有滤波器里最好的
inputs = np.concatenate([x, marks]).T
best = inputs @ np.linalg.lstsq(inputs, wanted, rcond=None)[0]
fixed = ((best - wanted) ** 2).mean() / (wanted**2).mean()

# the whole gradient, by a complex step at h_0, against the product of gates
#zh 完整的梯度，在 h_0 处用复步微分来求，与门的连乘对照
gates = 1 - sigmoid(w * marks + bias)
whole = selective(x, marks, np.full(N, tiny * 1j)).imag / tiny
agree = np.abs(whole - np.cumprod(gates, axis=0)).max()
print(f"selective step and gate agree to 1e-12: {same < 1e-12}")
print(f"whole gradient and product of gates too: {agree < 1e-12}")
print(f"error: selective {error:.3f}, best fixed filter {fixed:.2f}")

fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
for n, look in zip((12, 18, 23), ("C0", "C1", "C2")):
    top.plot(x[:, n], look + ".", ms=3)
    top.plot(h[:, n], look)
    top.plot(at[n], wanted[n], look + "o", ms=8, mfc="none")
    bottom.semilogy(whole[:, n], look)

top.set_ylabel("input (dots), state (line)")  #zh "输入（点）、状态（线）"
bottom.set_ylabel("gradient of h_t at h_0")  #zh "h_t 对 h_0 的梯度"
for axis in (top, bottom):
    axis.set_xlabel("step t")  #zh "时间步 t"

plt.show()

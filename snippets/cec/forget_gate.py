import numpy as np
import matplotlib.pyplot as plt

T, batch, rate, updates, seeds, long = 40, 64, 0.2, 300, 5, 2000


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def stream(steps, size, rng):
    x, m = rng.random((steps, size)), 1.0 * (rng.random((steps, size)) < 0.1)
    # wanted: the sum since the last marker
    #zh 目标：自上一个标记以来的和
    y = np.zeros((steps + 1, size))
    for t in range(steps):
        y[t + 1] = (1 - m[t]) * y[t] + x[t]
    return x, m, y[1:]


def run(x, m, u, b):
    # 2000: c_t = f_t c_{t-1} + x_t, f_t = σ(u m_t + b)
    #zh 2000 年的形式：c_t = f_t c_{t-1} + x_t，f_t = σ(u m_t + b)
    f, c = sigmoid(u * m + b), [np.zeros(x.shape[1])]
    for t in range(len(x)):
        c.append(f[t] * c[t] + x[t])
    return f, np.array(c)


peaks, keeps, resets = [], [], []
for seed in range(seeds):
    rng, u, b = np.random.default_rng(seed), 0.0, 1.0
    for update in range(updates):
        x, m, y = stream(T, batch, rng)
        f, c = run(x, m, u, b)
        error, dc, du, db = c[1:] - y, 0, 0, 0
        for t in range(T - 1, -1, -1):
            dc = dc + error[t]
            dz = dc * c[t] * f[t] * (1 - f[t])
            du, db = du + (dz * m[t]).mean(), db + dz.mean()
            dc = dc * f[t]
        norm = max(1, np.hypot(du, db))
        u, b = u - rate * du / norm, b - rate * db / norm
    x, m, y = stream(long, 1, rng)
    with_gate = run(x, m, u, b)[1][1:, 0]
    without = np.cumsum(x)
    peaks.append(with_gate.max())
    keeps.append(sigmoid(b))
    resets.append(sigmoid(u + b))
    plt.semilogy(without, "C0", alpha=0.5, lw=1)
    plt.semilogy(with_gate, "C1", alpha=0.3, lw=0.5)

grown, peak = without[-1], max(peaks)
keep, reset = min(keeps), max(resets)
print(f"without: c = {grown:.0f} after {long} steps, and growing")
print(f"with: never above {peak:.0f}")
print(f"f = {keep:.3f} or more between markers, {reset:.2f} or less at one")

plt.semilogy([], [], "C0", label="1997: no forget gate")  #zh "1997：没有遗忘门"
plt.semilogy([], [], "C1", label="2000: with forget gate")  #zh "2000：有遗忘门"
plt.xlabel("time step t")  #zh "时间步 t"
plt.ylabel("cell state c")  #zh "细胞状态 c"
plt.legend()
plt.show()

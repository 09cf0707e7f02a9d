import numpy as np
import matplotlib.pyplot as plt

T, batch, rate, updates, seeds, long = 40, 64, 0.2, 300, 5, 2000


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def cell(f, x):
    # c_t = f_t c_{t-1} + x_t; f = 1 is the carousel of 1997
    #zh c_t = f_t c_{t-1} + x_t；f = 1 就是 1997 年的传送带
    c = np.zeros((len(x) + 1, x.shape[1]))
    for t in range(len(x)):
        c[t + 1] = f[t] * c[t] + x[t]
    return c


def stream(steps, size, rng):
    x = rng.random((steps, size))
    # markers come with probability 0.1; wanted: the sum since the last one
    #zh 标记以 0.1 的概率出现；目标：自上一个标记以来的和
    m = 1.0 * (rng.random((steps, size)) < 0.1)
    return x, m, cell(1 - m, x)


def learn(u, b, x, m, wanted):
    f = sigmoid(u * m + b)
    c = cell(f, x)
    dc, dz = 0, np.zeros_like(x)
    for t in range(len(x) - 1, -1, -1):
        dc = dc + c[t + 1] - wanted[t + 1]
        dz[t] = dc * c[t] * f[t] * (1 - f[t])
        dc = dc * f[t]
    return (dz * m).sum() / x.shape[1], dz.sum() / x.shape[1]


runs, peaks, wanted_peaks, misses, keeps, resets = [], [], [], [], [], []
for seed in range(seeds):
    rng, u, b = np.random.default_rng(seed), 0.0, 1.0
    for update in range(updates):
        du, db = learn(u, b, *stream(T, batch, rng))
        # clip the norm of the gradient to 1
        #zh 把梯度的范数裁剪到 1
        norm = max(1, np.hypot(du, db))
        u = u - rate * du / norm
        b = b - rate * db / norm
    # now a stream fifty times as long as those it was trained on
    #zh 再给一条流，是训练序列的五十倍长
    x, m, wanted = stream(long, 1, rng)
    c = cell(sigmoid(u * m + b), x)
    peaks.append(c.max())
    wanted_peaks.append(wanted.max())
    misses.append(np.abs(c - wanted).mean())
    keeps.append(sigmoid(b))
    resets.append(sigmoid(u + b))
    runs.append((cell(1 + 0 * m, x), c))

grown, peak, wanted_peak = runs[-1][0][-1, 0], max(peaks), max(wanted_peaks)
keep, reset, miss = min(keeps), max(resets), max(misses)
print(f"f = 1: c = {grown:.0f} after {long} steps")
print(f"learned f: highest c = {peak:.0f} (wanted {wanted_peak:.0f})")
print(f"f = {keep:.3f} between markers, {reset:.3f} at one (worst)")

fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
for without, c in runs:
    top.plot(range(0, long + 1, 10), without[::10], "C0", lw=1, alpha=0.5)
    top.plot(range(0, long + 1, 10), c[::10], "C1", lw=0.5, alpha=0.5)

top.text(long, 700, "f = 1", color="C0", ha="right")
top.text(long, 100, "learned f", color="C1", ha="right")  #zh "学出的 f"
top.set_xlabel("time step t")  #zh "时间步 t"
top.set_ylabel("cell state c")  #zh "细胞状态 c"
bottom.plot(c[:80], "C1")
bottom.plot(wanted[:80], "black", ls="--", lw=1)
bottom.set_xlabel("the first 80 steps")  #zh "前 80 步"
plt.show()

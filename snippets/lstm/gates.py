import numpy as np
import matplotlib.pyplot as plt

T = 40
rng = np.random.default_rng(0)
x = rng.uniform(-1, 1, T + 1)

# gates set by hand: write at step 5, erase at 25, write again at 30; read at 20 and 38
#zh 手工设定门：第 5 步写入，第 25 步擦除，第 30 步再写；第 20、38 步读出
i, f, o = np.zeros(T + 1), np.ones(T + 1), np.zeros(T + 1)
i[[5, 30]] = 1
f[[5, 25, 30]] = 0
o[[20, 38]] = 1

c, h = np.zeros(T + 1), np.zeros(T + 1)
for t in range(1, T + 1):
    g = np.tanh(x[t])
    c[t] = f[t] * c[t - 1] + i[t] * g
    h[t] = o[t] * np.tanh(c[t])

first = np.tanh(x[5])
drift = np.abs(c[5:25] - first).max()
read = h[20]
print(f"written at 5: {first:+.4f}, held until 24 with error {drift:.0f}")
print(f"read at 20: h = {read:+.4f} = tanh(c)")
print(f"erased at 25: c = {c[25]:.0f}, written at 30: {c[30]:+.4f}")

fig, (top, middle, low) = plt.subplots(3, 1, sharex=True, figsize=(4.95, 4.8))
top.plot(np.tanh(x), "o", color="gray", ms=3, label="candidate g")  #zh "候选状态 g"
top.step(range(T + 1), c, "C1", where="post", label="cell state c")  #zh "细胞状态 c"
top.legend(loc="lower right", ncol=2)
for row, gate in enumerate((o, f, i)):
    top_edge, color = row + 0.8 * gate, f"C{row + 2}"
    middle.fill_between(range(T + 1), row, top_edge, step="post", color=color)

middle.set_yticks([0.4, 1.4, 2.4], ["o", "f", "i"])
middle.set_ylabel("gates")  #zh "门"
low.stem(h, linefmt="C1-", markerfmt="C1s", basefmt="gray", label="h")
low.set_ylabel("output h")  #zh "输出 h"
low.set_xlabel("time step t")  #zh "时间步 t"
plt.show()

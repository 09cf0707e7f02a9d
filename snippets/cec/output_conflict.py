import numpy as np
import matplotlib.pyplot as plt

T, batch, rate, updates, tail = 20, 1024, 0.01, 600, 300
rng = np.random.default_rng(0)

# the cell holds c from the first step on; the output is y_t = v c at every step;
# wanted: y_T = c, and silence before, y_t = 0
#zh 细胞从第一步起就存着 c；每一步的输出都是 y_t = v c；
#zh 目标：最后一步读出 y_T = c，之前保持沉默 y_t = 0
v, vs, losses, read, silence = 0.0, [], [], [], []
for update in range(updates):
    c = rng.standard_normal(batch)  # (B,)
    y = v * np.tile(c, (T, 1))  # (T, B)
    wanted = np.zeros((T, batch))
    wanted[-1] = c
    error = y - wanted
    read.append((error[-1] * c).mean())
    silence.append((error[:-1] * c).mean(axis=1).sum())
    v -= rate * (read[-1] + silence[-1])
    vs.append(v)
    losses.append((error**2).mean(axis=1).sum())

v, loss = np.mean(vs[-tail:]), np.mean(losses[-tail:])
v_best, loss_best = 1 / T, 1 - 1 / T
pull, push = np.mean(read[-tail:]), np.mean(silence[-tail:])
print(f"v = {v:.2f}  (closed form {v_best:.2f})")
print(f"loss = {loss:.2f}  (closed form {loss_best:.2f})")
print(f"gradient of v: read {pull:+.2f}, keep silent {push:+.2f}")

plt.plot(read, "C0", lw=1, label="from the step to read")  #zh "来自该读出的一步"
plt.plot(silence, "C3", lw=1, label="from the steps to keep silent")  #zh "来自该沉默的各步"
plt.plot(np.add(read, silence), "gray", lw=0.8, label="their sum")  #zh "两者之和"
plt.axhline(0, color="black", lw=0.8)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("gradient of v")  #zh "v 的梯度"
plt.ylim(-1.6, 2.6)
plt.legend(loc="upper right")
plt.show()

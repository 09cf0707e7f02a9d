import numpy as np
import matplotlib.pyplot as plt

T, batch, rate, updates, tail = 20, 256, 0.01, 600, 300
rng = np.random.default_rng(0)

# one linear cell that never forgets, c_t = c_{t-1} + w x_t; wanted: c_T = x_1
#zh 一个从不遗忘的线性细胞：c_t = c_{t-1} + w x_t；目标：c_T = x_1
w, ws, losses, store, ignore = 0.0, [], [], [], []
for update in range(updates):
    x = rng.standard_normal((batch, T))  # (B, T)
    error = w * x.sum(axis=1) - x[:, 0]  # (B,)
    # the same weight hears two voices: the step to keep, and the T-1 steps to skip
    #zh 同一个权重听到两种声音：该记住的那一步，和该忽略的 T-1 步
    store.append((error * x[:, 0]).mean())
    ignore.append((error * x[:, 1:].sum(axis=1)).mean())
    w -= rate * (store[-1] + ignore[-1])
    ws.append(w)
    losses.append((error**2).mean())

# SGD hovers around the optimum: average the second half
#zh SGD 在最优点附近徘徊：取后一半的平均
w, loss = np.mean(ws[-tail:]), np.mean(losses[-tail:])
w_best, loss_best = 1 / T, 1 - 1 / T
pull, push = np.mean(store[-tail:]), np.mean(ignore[-tail:])
print(f"w = {w:.2f}  (closed form {w_best:.2f})")
print(f"loss = {loss:.2f}  (closed form {loss_best:.2f})")
print(f"gradient of w: store {pull:+.2f}, ignore {push:+.2f}")

plt.plot(store, "C0", lw=1, label="from the step to keep")  #zh "来自该记住的一步"
plt.plot(ignore, "C3", lw=1, label="from the steps to skip")  #zh "来自该忽略的各步"
plt.plot(np.add(store, ignore), "gray", lw=0.8, label="their sum")  #zh "两者之和"
plt.axhline(0, color="black", lw=0.8)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("gradient of w")  #zh "w 的梯度"
plt.ylim(-1.6, 2.6)
plt.legend(loc="upper right")
plt.show()

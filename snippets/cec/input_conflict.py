import numpy as np
import matplotlib.pyplot as plt

T, batch, rate, updates, seeds = 20, 4096, 0.01, 60, 5
ws, losses, stores, ignores = np.zeros((4, seeds, updates))

for seed in range(seeds):
    rng, w = np.random.default_rng(seed), 0.0
    for k in range(updates):
        # one linear cell that keeps everything, c_t = c_{t-1} + w x_t;
        # wanted: c_T = x_1
        #zh 一个什么都留住的线性细胞：c_t = c_{t-1} + w x_t；
        #zh 目标：c_T = x_1
        x = rng.standard_normal((batch, T))  # (B, T)
        error = w * x.sum(axis=1) - x[:, 0]  # (B,)
        # one weight hears two voices: the step to keep, the T-1 to ignore
        #zh 一个权重听到两种声音：该记的那一步，和该忽略的 T-1 步
        store = (error * x[:, 0]).mean()
        ignore = (error * x[:, 1:].sum(axis=1)).mean()
        w -= rate * (store + ignore)
        ws[seed, k] = w
        losses[seed, k] = (error**2).mean()
        stores[seed, k] = store
        ignores[seed, k] = ignore

# SGD hovers around the optimum: average the second half of every run
#zh SGD 在最优点附近徘徊：取各次训练后一半的平均
end = updates // 2
w, loss = ws[:, end:].mean(), losses[:, end:].mean()
pull, push = stores[:, end:].mean(), ignores[:, end:].mean()
w_best, loss_best = 1 / T, 1 - 1 / T
print(f"w = {w:.2f}  (closed form {w_best:.2f})")
print(f"squared error = {loss:.2f}  (closed form {loss_best:.2f})")
print(f"gradient of w: store {pull:+.2f}, ignore {push:+.2f}")

plt.plot(stores.T, "C0", lw=1, alpha=0.5)
plt.plot(ignores.T, "C3", lw=1, alpha=0.5)
plt.plot((stores + ignores).mean(axis=0), "gray")
plt.text(updates, pull + 0.06, "store", color="C0", ha="right")  #zh "记住"
plt.text(updates, push - 0.25, "ignore", color="C3", ha="right")  #zh "忽略"
plt.text(updates, 0.06, "their sum", color="gray", ha="right")  #zh "两者之和"
plt.axhline(1 / T - 1, color="black", ls="--", lw=1)
plt.axhline(1 - 1 / T, color="black", ls="--", lw=1)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("gradient of w")  #zh "w 的梯度"
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T, batch, rate, updates, seeds = 20, 4096, 0.01, 60, 5
vs, losses, reads, silences = np.zeros((4, seeds, updates))

for seed in range(seeds):
    rng, v = np.random.default_rng(seed), 0.0
    for k in range(updates):
        # the cell holds c all along and shows y_t = v c at every step;
        # wanted: y_T = c, and silence before, y_t = 0
        #zh 细胞一直存着 c，每一步都露出 y_t = v c；
        #zh 目标：y_T = c，之前保持沉默，y_t = 0
        c = rng.standard_normal((batch, 1))  # (B, 1)
        wanted = c * (np.arange(1, T + 1) == T)  # (B, T)
        error = v * c - wanted  # (B, T)
        # one weight hears two voices: the step to read, the T-1 before it
        #zh 一个权重听到两种声音：该读出的那一步，和之前的 T-1 步
        read = (error[:, -1:] * c).mean()
        silence = (error[:, :-1] * c).sum(axis=1).mean()
        v -= rate * (read + silence)
        vs[seed, k] = v
        losses[seed, k] = (error**2).sum(axis=1).mean()
        reads[seed, k] = read
        silences[seed, k] = silence

end = updates // 2
v, loss = vs[:, end:].mean(), losses[:, end:].mean()
pull, push = reads[:, end:].mean(), silences[:, end:].mean()
v_best, loss_best = 1 / T, 1 - 1 / T
print(f"v = {v:.2f}  (closed form {v_best:.2f})")
print(f"squared error = {loss:.2f}  (closed form {loss_best:.2f})")
print(f"gradient of v: read {pull:+.2f}, keep silent {push:+.2f}")

plt.plot(reads.T, "C0", lw=1, alpha=0.5)
plt.plot(silences.T, "C3", lw=1, alpha=0.5)
plt.plot((reads + silences).mean(axis=0), "gray")
plt.text(updates, pull + 0.06, "read", color="C0", ha="right")  #zh "读出"
plt.text(updates, push - 0.25, "silent", color="C3", ha="right")  #zh "沉默"
plt.text(updates, 0.06, "their sum", color="gray", ha="right")  #zh "两者之和"
plt.axhline(1 / T - 1, color="black", ls="--", lw=1)
plt.axhline(1 - 1 / T, color="black", ls="--", lw=1)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("gradient of v")  #zh "v 的梯度"
plt.show()

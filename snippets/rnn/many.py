import numpy as np
import matplotlib.pyplot as plt

T, D, H, seeds = 30, 4, 32, 5


def signals(reads, seed):
    # reads: the steps at which the loss looks at the state
    #zh reads：损失在哪些步看状态
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    W, U = rng.uniform(-k, k, (D, H)), rng.uniform(-k, k, (H, H))
    x, asked = rng.standard_normal((T, D)), rng.standard_normal((T, H))
    h = [np.zeros(H)]
    for t in range(T):
        h.append(np.tanh(x[t] @ W + h[t] @ U))
    dh, sizes = np.zeros(H), np.zeros(T)
    for t in range(T - 1, -1, -1):
        if t in reads:
            dh = dh + asked[t]
        sizes[t] = np.linalg.norm(dh)
        dh = (dh * (1 - h[t + 1] ** 2)) @ U.T
    return sizes


last, every = [T - 1], range(T)
one = np.median([signals(last, seed) for seed in range(seeds)], axis=0)
many = np.median([signals(every, seed) for seed in range(seeds)], axis=0)
share_one, share_many = one[0] / one[-1], many[0] / many[-1]
print(f"first step's signal, as a share of the last step's, after {T} steps")
print(f"many to one:  {share_one:.0e}")
print(f"many to many: {share_many:.1f}")

steps = np.arange(1, T + 1)
plt.semilogy(steps, many, "C0o-", label="many to many")  #zh "多对多"
plt.semilogy(steps, one, "C5v-", label="many to one")  #zh "多对一"
plt.xlabel("time step t")  #zh "时间步 t"
plt.ylabel("‖∂L/∂h_t‖")  #zh "h_t 处梯度的范数"
plt.legend()
plt.show()

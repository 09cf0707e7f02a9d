import numpy as np
import matplotlib.pyplot as plt

T, B, eps = 8, 200, 1e-6
w, u = 1.0, 0.8
x = np.random.default_rng(0).uniform(-1, 1, (T, B))


def last_state(own):
    # own[t]: the recurrent weight of step t, as if each step had its own
    #zh own[t]：第 t 步的循环权重，就当每一步各有各的
    h = np.zeros(B)
    for t in range(T):
        h = np.tanh(w * x[t] + own[t] * h)
    return h


def slope(nudged):
    # how the last state changes when the nudged copies do
    #zh 动一动这几份权重，最后的状态变多少
    up, down = u + eps * nudged, u - eps * nudged
    return (last_state(up) - last_state(down)) / (2 * eps)


copies = np.array([slope(copy) for copy in np.eye(T)])  # (T, B)
shared = slope(np.ones(T))
apart = np.abs(copies.sum(axis=0) - shared).max()
size = np.abs(copies).mean(axis=1)
print(f"sum of the copies = the shared weight: {apart < 1e-8}")
print("mean size by step:", " ".join(f"{value:.2f}" for value in size))

plt.bar(np.arange(1, T + 1), size, color="C0")
plt.xlabel("step t whose copy of u is changed")  #zh "改的是第 t 步的那份 u"
plt.ylabel("mean |∂h_8/∂u_t|")  #zh "h_8 对 u_t 的导数，平均大小"
plt.show()

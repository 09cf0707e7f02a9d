import numpy as np
import matplotlib.pyplot as plt

np.seterr(over="ignore", invalid="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def naive(i, f, g):
    c, s, out = 0.0, 0.0, []
    for i_t, f_t, g_t in zip(i, f, g):
        c, s = np.exp(f_t) * c + np.exp(i_t) * g_t, np.exp(f_t) * s + np.exp(i_t)
        out.append(c / s)
    return np.array(out)


def stable(i, f, g):
    # m is the largest exponent so far: c and s are kept divided by exp(m)
    #zh m 是至今最大的指数：c 和 s 都除以 exp(m) 来保存
    c, s, m, out = 0.0, 0.0, -np.inf, []
    for i_t, f_t, g_t in zip(i, f, g):
        new = max(f_t + m, i_t)
        c = np.exp(f_t + m - new) * c + np.exp(i_t - new) * g_t
        s = np.exp(f_t + m - new) * s + np.exp(i_t - new)
        m = new
        out.append(c / s)
    return np.array(out)


# each new value comes with a gate logit 5 higher than the last
#zh 每个新值的门输入都比上一个高 5
T = 200
rng = np.random.default_rng(0)
g, i, f = rng.uniform(-1, 1, T), 5.0 * np.arange(T), np.zeros(T)
c, sigmoid_cell = 0.0, []
for t in range(T):
    # a sigmoid input gate, forget gate open: it can only add
    #zh sigmoid 输入门、遗忘门全开：只能累加
    c = c + sigmoid(i[t]) * g[t]
    sigmoid_cell.append(c)

both = naive(i, f, g)
agree = int(np.isfinite(both).sum())
worst = np.nanmax(np.abs(both - stable(i, f, g)))
miss_exp = np.abs(stable(i, f, g) - g).max()
miss_sigmoid = np.abs(np.array(sigmoid_cell) - g).max()
print(f"naive form finite for {agree} of {T} steps")
print(f"there, the two differ by less than 1e-12: {worst < 1e-12}")
print(f"farthest from the newest value: exp {miss_exp:.3f}, sigmoid {miss_sigmoid:.1f}")
plt.plot(g[:40], "k.", label="newest value")  #zh "最新的值"
plt.plot(stable(i, f, g)[:40], "C1", label="exp gates, normalized")  #zh "指数门，带归一化"
plt.plot(sigmoid_cell[:40], "C0", ls="--", label="sigmoid input gate, f = 1")  #zh "sigmoid 输入门，f = 1"
plt.xlabel("time step t")  #zh "时间步 t"
plt.ylabel("what the cell holds")  #zh "细胞里的值"
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T, d = 48, 8
rng = np.random.default_rng(0)
q, k, v = rng.standard_normal((3, T, d))
k = k / np.sqrt(d)
# logits of the input gate, logarithms of the forget gate; one of each a step
#zh 输入门的打分，遗忘门的对数；每步各一个
z_i = 2 * rng.standard_normal(T)
log_f = -np.log(1 + np.exp(-rng.standard_normal(T) - 3))
z_i[20] = 9.0
log_f[30] = -16.0


def recurrent():
    # a matrix for a memory: C holds v under k, n counts, m is the largest exponent
    #zh 记忆是一个矩阵：C 把 v 存在 k 名下，n 计数，m 是最大的指数
    C, n, m, y = np.zeros((d, d)), np.zeros(d), -np.inf, []
    for t in range(T):
        new_m = max(log_f[t] + m, z_i[t])
        i = np.exp(z_i[t] - new_m)
        f = np.exp(log_f[t] + m - new_m)
        C = f * C + i * np.outer(k[t], v[t])
        n = f * n + i * k[t]
        m = new_m
        y.append(q[t] @ C / max(abs(q[t] @ n), np.exp(-m)))
    return np.array(y)


def parallel():
    # all steps at once: step j weighs e^z_i[j] times f over j+1 ... t at step t
    #zh 所有时间步一次算完：第 t 步看第 j 步，权重是 e^z_i[j] 乘 j+1 到 t 的 f
    total = np.cumsum(log_f)
    D = total[:, None] - total[None, :] + z_i[None, :]
    D = np.where(np.tri(T) > 0, D, -np.inf)
    m = D.max(axis=1, keepdims=True)
    weights = np.exp(D - m)
    scores = q @ k.T * weights
    n = np.maximum(abs(scores.sum(axis=1, keepdims=True)), np.exp(-m))
    return scores @ v / n, weights


y, weights = parallel()
difference = abs(recurrent() - y).max()
print("loop and parallel form agree:", difference < 1e-12)
before, after = weights[29, 20], weights[30, 20]
print(f"weight of step 20, seen from 29: {before:.2f}, from 30: {after:.0e}")
print(f"kept from step to step: {d * d + d + 1} numbers; compared at once: {T} x {T}")

for t, look in ((25, "C1"), (29, "C4--"), (40, "C2:")):
    plt.semilogy(range(t + 1), weights[t, : t + 1], look, label=f"t = {t}")

plt.xlabel("step j")  #zh "第 j 步"
plt.ylabel("weight of step j at step t")  #zh "第 t 步给第 j 步的权重"
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T = 40
rng = np.random.default_rng(0)
s, v = rng.standard_normal((2, T))
gates = {
    "f = 1": np.ones(T),
    "f = 0.9": np.full(T, 0.9),
    "f_t, shut once": np.where(np.arange(T) == 20, 0.01, 0.99),  #zh "f_t，关一次"
}


def cell(s, v, f):
    # an LSTM's cell with input gate exp(s), and a second one that counts
    #zh LSTM 的细胞，输入门是 exp(s)；另一个细胞负责计数
    c, n, y = 0, 0, []
    for t in range(T):
        c = f[t] * c + np.exp(s[t]) * v[t]
        n = f[t] * n + np.exp(s[t])
        y.append(c / n)
    return np.array(y)


def attention(s, v, f):
    # a softmax over the past; log f is added to the scores
    #zh 对过去做 softmax；打分里加上 log f
    total = np.cumsum(np.log(f))
    scores = s + total[:, None] - total
    scores[np.triu(np.ones((T, T), bool), k=1)] = -np.inf
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    a = e / e.sum(axis=1, keepdims=True)
    return a, a @ v


differ, weights = {}, {}
for name, f in gates.items():
    a, y = attention(s, v, f)
    differ[name] = np.abs(y - cell(s, v, f)).max()
    weights[name] = a[-1]

same = max(differ.values()) < 1e-12
older = [a[:20].sum() for a in weights.values()]
print(f"cell and softmax agree to 1e-12: {same}")
for one, share in zip(("never", "always", "once"), older):
    print(f"forgets {one:6}: first 20 steps {share:.3f}")

for (name, a), look in zip(weights.items(), ("C4-", "C1--", "C2-.")):
    plt.semilogy(a, look, label=name)

plt.xlabel("step s")  #zh "时间步 s"
plt.ylabel("weight in the last output")  #zh "在最后输出里的权重"
plt.ylim(1e-5, 3)
plt.legend()
plt.show()

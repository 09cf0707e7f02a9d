import numpy as np
import matplotlib.pyplot as plt

H, N, size, updates, rate = 32, 32, 0.3, 200, 10


def run(T, rng):
    # a tanh RNN that forgets; the first step of each sequence is marked
    #zh 一个会忘事的 tanh RNN；每个序列的第一步带有标记
    U, mark, h = rng.standard_normal((H, H)), rng.standard_normal(H), [np.zeros((N, H))]
    U *= 0.9 / max(abs(np.linalg.eigvals(U)))
    for t in range(T):
        x = size * rng.standard_normal((N, H)) + mark * (t == 0)
        h.append(np.tanh(x + h[t] @ U))
    return np.array(h[1:]), U, rng.standard_normal(H)  # (T, N, H)


def weights(scores):
    a = np.exp(scores - scores.max(axis=0))
    return a / a.sum(axis=0)


def learn(h, v):
    # one query q for y = Σ_t a_t h_t·v; wanted: what the first state says
    #zh 一个查询 q，y = Σ_t a_t h_t·v；目标：第一个状态的内容
    q, said = np.zeros(H), h @ v
    for k in range(updates):
        a = weights(h @ q / np.sqrt(H))
        y = (a * said).sum(axis=0)
        dscores = a * (said - y) * (y - said[0])
        q -= rate / N * np.einsum("tn,tnh->h", dscores, h) / np.sqrt(H)
    return q


def first(h, U, v, q=None):
    # the gradient of y at the first state, through attention and through time
    #zh y 对第一个状态的梯度：经过注意力，也经过时间
    direct, g = np.zeros_like(h), np.zeros((N, H))
    direct[-1] = v
    if q is not None:
        a, said = weights(h @ q / np.sqrt(H))[..., None], (h @ v)[..., None]
        direct = a * v + a * (said - (a * said).sum(axis=0)) * q / np.sqrt(H)
    for t in range(len(h) - 1, 0, -1):
        g = ((g + direct[t]) * (1 - h[t] ** 2)) @ U.T
    return np.median(np.linalg.norm(g + direct[0], axis=1)) / np.linalg.norm(v)


lengths, seeds = np.array([10, 20, 50, 100, 200]), 3
found = np.zeros((3, seeds, len(lengths)))
for seed in range(seeds):
    for k, T in enumerate(lengths):
        h, U, v = run(T, np.random.default_rng(seed))
        queries = None, np.zeros(H), learn(h, v)
        found[:, seed, k] = [first(h, U, v, q) for q in queries]

last, mean, learned = np.median(found, axis=1)
longest, without, with_attention, at_end = lengths[-1], last[-1], mean[-1], learned[-1]
times_T = with_attention * longest
print(f"T = {longest}: last state {without:.0e}")
print(f"query 0: {times_T:.1f} / T, learned query: above 0.9: {at_end > 0.9}")

plt.loglog(lengths, last, "C0o-", label="last state only")  #zh "只用最后的状态"
plt.loglog(lengths, mean, "C1s--", label="query 0: the mean of all states")  #zh "查询为 0：各状态的平均"
plt.loglog(lengths, learned, "C1s-", label="learned query")  #zh "学出来的查询"
plt.ylim(1e-12, 8)
plt.xlabel("length T")  #zh "序列长度 T"
plt.ylabel("‖∂y/∂h_1‖ / ‖v‖")  #zh "y 对 h_1 的导数的范数 / ‖v‖"
plt.legend()
plt.show()

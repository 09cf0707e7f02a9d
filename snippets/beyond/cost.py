import numpy as np
import matplotlib.pyplot as plt

H, d = 64, 64
lengths = np.array([16, 32, 64, 128, 256, 512, 1024])
rng = np.random.default_rng(0)
W, U = rng.standard_normal((2, H, 4 * H)) / np.sqrt(H)
W_qkv = rng.standard_normal((d, 3 * d)) / np.sqrt(d)
W_o = rng.standard_normal((d, d)) / np.sqrt(d)
spent = []


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def product(a, b):
    # what it costs: this many multiplications, in one go
    #zh 代价：这么多次乘法，一次做完
    spent.append(len(a) * b.size)
    return a @ b


def lstm(x):
    h, c = np.zeros((2, 1, H))
    inputs = product(x, W)
    for z in inputs:
        i, f, g, o = np.split(z + product(h, U), 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    # kept for the next step
    #zh 为下一步留着的
    return h.size + c.size


def attention(x):
    q, k, v = np.split(product(x, W_qkv), 3, axis=1)
    s = product(q, k.T) / np.sqrt(d)
    s[np.triu(np.ones_like(s, bool), k=1)] = -np.inf
    e = np.exp(s - s.max(axis=1, keepdims=True))
    product(product(e / e.sum(axis=1, keepdims=True), v), W_o)
    return k.size + v.size


bill = np.zeros((2, len(lengths), 3))
for n, layer in enumerate((lstm, attention)):
    for j, T in enumerate(lengths):
        spent.clear()
        kept = layer(rng.standard_normal((T, d)))
        bill[n, j] = len(spent), sum(spent) / T, kept

equal = lengths[bill[0, :, 1] == bill[1, :, 1]][0]
longest = lengths[-1]
print("           in a row  per step  kept")
for name, one in zip(("LSTM", "attention"), bill[:, -1].astype(int)):
    print(f"{name:10} {one[0]:8} {one[1]:9} {one[2]:5}")

titles = (
    "products in a row",  #zh "先后要做的矩阵乘法"
    "multiplications per step",  #zh "每步的乘法次数"
    "numbers kept",  #zh "要留着的数"
)
fig, axes = plt.subplots(3, 1, figsize=(4.95, 7.2))
for j, axis in enumerate(axes):
    axis.loglog(lengths, bill[0, :, j], "C1s-", label="LSTM")
    axis.loglog(lengths, bill[1, :, j], "C4^-", label="attention")  #zh "注意力"
    axis.set_title(titles[j])
    axis.set_xlabel("length T")  #zh "序列长度 T"

axes[0].legend()
plt.show()

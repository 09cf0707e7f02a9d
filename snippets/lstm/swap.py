#seconds 120
import numpy as np
import matplotlib.pyplot as plt

S, T, B, D, H, rate, updates = 5, 20, 32, 2, 8, 0.03, 150
np.seterr(over="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# every function with its derivative
#zh 每个函数连同导数
sigm = sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))
hard = lambda z: np.clip(z / 4 + 0.5, 0, 1), lambda z: 0.25 * (abs(z) < 2)
tanh = np.tanh, lambda z: 1 - np.tanh(z) ** 2
same = lambda z: z, np.ones_like
one = np.ones_like, np.zeros_like


def draw(rng):
    # S networks (seeds) at once; wanted: the last marked value of the sequence
    #zh S 个网络（种子）同时训练；目标：序列中最后一个带标记的值
    x, y = rng.standard_normal((T, S, B, D)), 0
    x[..., 1] = rng.random((T, S, B)) < 0.2
    x[0, ..., 1] = 1
    for t in range(T):
        y = np.where(x[t, ..., 1:] == 1, x[t, ..., :1], y)
    return x, y


def forward(x, W, U, b, gate, forget, candidate, output):
    h, c, tape = np.zeros((S, B, H)), np.zeros((S, B, H)), []
    for t in range(T):
        zi, zf, zg, zo = np.split(x[t] @ W + h @ U + b, 4, axis=-1)
        i, f, g, o = gate[0](zi), forget[0](zf), candidate[0](zg), gate[0](zo)
        tape.append((h, c, zi, zf, zg, zo, i, f, g, o))
        c = f * c + i * g
        h = o * output[0](c)
    return h, c, tape


def backward(x, tape, dh, U, c, gate, forget, candidate, output):
    dW, dU, db, dc = 0, 0, 0, 0
    for t in range(T - 1, -1, -1):
        h, before, zi, zf, zg, zo, i, f, g, o = tape[t]
        dc = dc + dh * o * output[1](c)
        dzi = dc * g * gate[1](zi)
        dzf = dc * before * forget[1](zf)
        dzg = dc * i * candidate[1](zg)
        dzo = dh * output[0](c) * gate[1](zo)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=-1)  # (S, B, 4H)
        dW = dW + x[t].swapaxes(1, 2) @ dz
        dU = dU + h.swapaxes(1, 2) @ dz
        db = db + dz.sum(axis=1, keepdims=True)
        dh = dz @ U.swapaxes(1, 2)
        dc = dc * f
        c = before
    return [dW, dU, db]


def train(case):
    rng, k = np.random.default_rng(0), 1 / np.sqrt(H)
    sizes = ((D, 4 * H), (H, 4 * H), (1, 4 * H), (H, 1))
    p = [rng.uniform(-k, k, (S,) + size) for size in sizes]
    p[2][..., H : 2 * H] += 1
    m, s, losses = [0 * q for q in p], [0 * q for q in p], []
    for n in range(1, updates + 1):
        x, y = draw(rng)
        W, U, b, v = p
        h, c, tape = forward(x, W, U, b, *case)
        error = h @ v - y
        losses.append((error**2).mean(axis=(1, 2)))
        dh = 2 / B * error @ v.swapaxes(1, 2)
        grads = backward(x, tape, dh, U, c, *case)
        grads = grads + [2 / B * h.swapaxes(1, 2) @ error]
        for j, g in enumerate(grads):
            # Adam, after clipping by value
            #zh 先按值裁剪，再用 Adam
            g = np.clip(g, -1, 1)
            m[j] = 0.9 * m[j] + 0.1 * g
            s[j] = 0.99 * s[j] + 0.01 * g**2
            size = np.sqrt(s[j] / (1 - 0.99**n)) + 1e-8
            p[j] = p[j] - rate * m[j] / (1 - 0.9**n) / size
    return np.sort(np.mean(losses[-30:], axis=0))


# gates, forget gate, candidate, output
#zh 门、遗忘门、候选状态、输出
cases = {
    "standard": (sigm, sigm, tanh, tanh),
    "hard gates": (hard, hard, tanh, tanh),
    "identity": (sigm, sigm, same, same),
    "no output": (sigm, sigm, tanh, same),
    "raw forget": (sigm, same, tanh, tanh),
    "no forget": (sigm, one, tanh, tanh),
}
finals, median = {}, {}
for name, case in cases.items():
    finals[name] = train(case)
    median[name] = np.median(finals[name])
    print(f"{name:10} median {median[name]:.1g}")

labels = (
    "standard",  #zh "标准"
    "hard-sigmoid gates",  #zh "硬 sigmoid 门"
    "candidate and output not squashed",  #zh "候选状态和输出不压缩"
    "output not squashed",  #zh "输出不压缩"
    "forget gate not squashed",  #zh "遗忘门不压缩"
    "no forget gate",  #zh "没有遗忘门"
)
for row, name in enumerate(cases):
    plt.semilogx(finals[name], [row] * S, "C1o", alpha=0.4)
    plt.semilogx(median[name], row, "C1|", ms=14, mew=3)

plt.yticks(range(len(labels)), labels)
plt.gca().invert_yaxis()
plt.xlabel("mean squared error (5 seeds; bar: median)")  #zh "均方误差（5 个种子，竖线为中位数）"
plt.show()

#seconds 120
import numpy as np
import matplotlib.pyplot as plt

S, T, B, D, H, rate, updates = 5, 20, 32, 2, 8, 0.03, 200
np.seterr(over="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# every function with its derivative
#zh 每个函数连同导数
tanh = np.tanh, lambda z: 1 - np.tanh(z) ** 2
soft = lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2
hard = lambda z: np.clip(z, -1, 1), lambda z: 1.0 * (abs(z) < 1)
relu = lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)
same = lambda z: z, lambda z: np.ones_like(z)


def draw(rng):
    # S networks (seeds) at once; wanted: the last marked value of the sequence
    #zh S 个网络（种子）同时训练；目标：序列中最后一个带标记的值
    x, y = rng.standard_normal((T, S, B, D)), 0
    x[..., 1] = rng.random((T, S, B)) < 0.2
    x[0, ..., 1] = 1
    for t in range(T):
        y = np.where(x[t, ..., 1:] == 1, x[t, ..., :1], y)
    return x, y


def forward(x, W, U, b, candidate, output):
    h, c, tape = np.zeros((S, B, H)), np.zeros((S, B, H)), []
    for t in range(T):
        zi, zf, zg, zo = np.split(x[t] @ W + h @ U + b, 4, axis=-1)
        i, f, g, o = sigmoid(zi), sigmoid(zf), candidate[0](zg), sigmoid(zo)
        new = f * c + i * g
        tape.append((zg, i, f, g, o, c, h, new))
        c = new
        h = o * output[0](c)
    return h, tape


def backward(x, tape, dh, U, candidate, output):
    dW, dU, db, dc = 0, 0, 0, 0
    for t in range(T - 1, -1, -1):
        zg, i, f, g, o, c, h, new = tape[t]
        dc = dc + dh * o * output[1](new)
        dzi = dc * g * i * (1 - i)
        dzf = dc * c * f * (1 - f)
        dzg = dc * i * candidate[1](zg)
        dzo = dh * output[0](new) * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=-1)  # (S, B, 4H)
        dW = dW + x[t].swapaxes(1, 2) @ dz
        dU = dU + h.swapaxes(1, 2) @ dz
        db = db + dz.sum(axis=1, keepdims=True)
        dh = dz @ U.swapaxes(1, 2)
        dc = dc * f
    return [dW, dU, db]


def train(candidate, output):
    rng, k = np.random.default_rng(0), 1 / np.sqrt(H)
    sizes = ((D, 4 * H), (H, 4 * H), (1, 4 * H), (H, 1))
    p = [rng.uniform(-k, k, (S,) + size) for size in sizes]
    p[2][..., H : 2 * H] += 1
    m, s, losses = [0 * q for q in p], [0 * q for q in p], []
    for n in range(1, updates + 1):
        x, y = draw(rng)
        W, U, b, v = p
        h, tape = forward(x, W, U, b, candidate, output)
        error = h @ v - y
        losses.append((error**2).mean(axis=(1, 2)))
        dh = 2 / B * error @ v.swapaxes(1, 2)
        grads = backward(x, tape, dh, U, candidate, output)
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


cases = {
    "standard": (tanh, tanh),
    "softsign": (soft, soft),
    "hard": (hard, hard),
    "relu": (relu, relu),
    "identity": (same, same),
    "no-out": (tanh, same),
}
labels = (
    "standard",  #zh "标准"
    "softsign",
    "hard tanh",  #zh "硬 tanh"
    "ReLU",
    "identity",  #zh "恒等"
    "no output activation",  #zh "输出不激活"
)
finals, median = {}, {}
for name, case in cases.items():
    finals[name] = train(*case)
    median[name] = np.median(finals[name])
    print(f"{name:10} median {median[name]:.2f}")

for row, name in enumerate(cases):
    plt.semilogx(finals[name], [row] * S, "C1o", alpha=0.4)
    plt.semilogx(median[name], row, "C1|", ms=14, mew=3)

plt.yticks(range(len(labels)), labels)
plt.gca().invert_yaxis()
plt.xlabel("mean squared error (5 seeds; bar: median)")  #zh "均方误差（5 个种子，竖线为中位数）"
plt.show()

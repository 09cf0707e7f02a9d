import numpy as np
import matplotlib.pyplot as plt

T, H, seeds, tiny = 40, 32, 7, 1e-100


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm(x, W, U, b):
    h, c, out = np.zeros(x[0].shape), np.zeros(x[0].shape), []
    for x_t in x:
        i, f, g, o = np.split(x_t @ W + h @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        out.append(h)
    return np.array(out)


def stack(x, layers, shortcut=0):
    # what one layer says at each step is the next one's input
    #zh 下面一层每一步的输出，就是上面一层的输入
    for W, U, b in layers:
        x = lstm(x, W, U, b) + shortcut * x
    return x


def felt(depth, shortcut, seed):
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    layers = []
    for layer in range(depth):
        W, U, b = (rng.uniform(-k, k, (n, 4 * H)) for n in (H, H, 1))
        b[:, H : 2 * H] = 2
        layers.append((W, U, b))
    # complex step: row t of the batch has the element t changed by i·ε
    #zh 复步微分：批里第 t 行，把第 t 个元素加上 i·ε
    x = np.repeat(rng.standard_normal((T, 1, H)), T, axis=1) + 0j
    for t in range(T):
        x[t, t] = x[t, t] + 1j * tiny * rng.standard_normal(H) / np.sqrt(H)
    top = stack(x, layers, shortcut)[-1].imag / tiny
    return np.linalg.norm(top, axis=1)[::-1]


curves = {}
for depth, shortcut in ((1, 0), (2, 0), (4, 0), (4, 1)):
    runs = [felt(depth, shortcut, seed) for seed in range(seeds)]
    curves[depth, shortcut] = np.median(runs, axis=0)
    now, before = curves[depth, shortcut][[0, 20]]
    print(f"layers {depth}, shortcut {shortcut}: {now:.1e}, 20 steps back {before:.1e}")

plt.semilogy(curves[1, 0], "C1s-", markevery=4, label="1 layer")  #zh "1 层"
plt.semilogy(curves[2, 0], "C0o-", markevery=4, label="2 layers")  #zh "2 层"
plt.semilogy(curves[4, 0], "C3v-", markevery=4, label="4 layers")  #zh "4 层"
plt.semilogy(curves[4, 1], "C2^--", markevery=4, label="4 with shortcuts")  #zh "4 层加近路"
plt.xlabel("steps back in time, k")  #zh "回溯的时间步数 k"
plt.ylabel("how much the last output feels it")  #zh "最后的输出受到的影响"
plt.legend()
plt.show()

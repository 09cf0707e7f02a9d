import numpy as np
import matplotlib.pyplot as plt

H, T, seeds = 32, 100, 5
steps = np.arange(T + 1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm(bias, rng):
    k = 1 / np.sqrt(H)
    U = rng.uniform(-k, k, (H, 4 * H))
    h, c, tape = np.zeros(H), np.zeros(H), []
    for t in range(T):
        z = np.split(h @ U + k * rng.standard_normal(4 * H), 4)
        i, f, g, o = sigmoid(z[0]), sigmoid(z[1] + bias), np.tanh(z[2]), sigmoid(z[3])
        tape.append((i, f, g, o, c, f * c + i * g))
        c = tape[-1][-1]
        h = o * np.tanh(c)
    dh, dc = np.zeros(H), rng.standard_normal(H)
    norms = []
    for i, f, g, o, c_prev, c in reversed(tape):
        # what reaches c_t: along the cell, and through h_t
        #zh 传到 c_t 的梯度：沿细胞来的，加上经 h_t 来的
        d = dc + dh * o * (1 - np.tanh(c) ** 2)
        norms.append(np.linalg.norm(d))
        do = dh * np.tanh(c) * o * (1 - o)
        dz = [d * g * i * (1 - i), d * c_prev * f * (1 - f), d * i * (1 - g**2), do]
        dh, dc = np.concatenate(dz) @ U.T, d * f
    norms.append(np.linalg.norm(dc))
    return np.array(norms) / norms[0]


def rnn(rng):
    k = 1 / np.sqrt(H)
    U = rng.uniform(-k, k, (H, H))
    h, slopes = np.zeros(H), []
    for t in range(T):
        h = np.tanh(h @ U + k * rng.standard_normal(H))
        slopes.append(1 - h**2)
    g = rng.standard_normal(H)
    norms = [np.linalg.norm(g)]
    for slope in reversed(slopes):
        g = (g * slope) @ U.T
        norms.append(np.linalg.norm(g))
    return np.array(norms) / norms[0]


networks = {
    "RNN": rnn,
    "LSTM, b_f = 0": lambda rng: lstm(0.0, rng),
    "LSTM, b_f = 2": lambda rng: lstm(2.0, rng),
}
runs, ends = {}, {}
for name, run in networks.items():
    found = [run(np.random.default_rng(seed)) for seed in range(seeds)]
    runs[name] = np.array(found)  # (seeds, T+1)
    ends[name] = np.median(runs[name], axis=0)[-1]
    print(f"{name:13}: {ends[name]:.0e} after {T} steps")

for name, color, marker in zip(networks, ("C0", "C3", "C1"), ("o", "v", "s")):
    middle = np.median(runs[name], axis=0)
    plt.semilogy(steps, runs[name].T, color=color, alpha=0.3, lw=1)
    plt.semilogy(steps, middle, color=color, marker=marker, markevery=10, label=name)

plt.xlabel("steps back in time, k")  #zh "回溯的时间步数 k"
plt.ylabel("gradient left")  #zh "剩下的梯度"
plt.legend()
plt.show()

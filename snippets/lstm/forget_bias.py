import numpy as np
import matplotlib.pyplot as plt

H, T, seeds, gain = 32, 100, 5, 1.2
steps = np.arange(T + 1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_norms(bias, seed):
    rng = np.random.default_rng(seed)
    k = 1 / np.sqrt(H)  # PyTorch
    U = rng.uniform(-k, k, (H, 4 * H))
    Uf, Ui, Ug, Uo = U[:, :H], U[:, H : 2 * H], U[:, 2 * H : 3 * H], U[:, 3 * H :]
    h, c = np.zeros(H), np.zeros(H)
    # total derivatives by c_0, all paths: through the cell and through h
    #zh 对 c_0 的全导数，包含所有路径：既走细胞，也走 h
    Jc, Jh = np.eye(H), np.zeros((H, H))
    norms = [1.0]
    for t in range(T):
        x = rng.standard_normal(4 * H) * k
        f, i = sigmoid(h @ Uf + x[:H] + bias), sigmoid(h @ Ui + x[H : 2 * H])
        g, o = np.tanh(h @ Ug + x[2 * H : 3 * H]), sigmoid(h @ Uo + x[3 * H :])
        df, di, do = f * (1 - f), i * (1 - i), o * (1 - o)
        inner = Jh @ Uf * (c * df) + Jh @ Ui * (g * di) + Jh @ Ug * (i * (1 - g**2))
        c = f * c + i * g
        Jc = Jc * f + inner
        Jh = Jc * (o * (1 - np.tanh(c) ** 2)) + (Jh @ Uo) * (do * np.tanh(c))
        h = o * np.tanh(c)
        norms.append(np.linalg.norm(Jc, 2))
    return np.array(norms)


def rnn_norms(seed):
    rng = np.random.default_rng(seed)
    U = gain * np.linalg.qr(rng.standard_normal((H, H)))[0]
    h, J, norms = np.zeros(H), np.eye(H), [1.0]
    for t in range(T):
        h = np.tanh(h @ U + rng.standard_normal(H) / np.sqrt(H))
        J = J @ U * (1 - h**2)
        norms.append(np.linalg.norm(J, 2))
    return np.array(norms)


biases = (0, 1, 2, 4)
lstm, ends = {}, {}
for bias in biases:
    lstm[bias] = np.array([lstm_norms(bias, seed) for seed in range(seeds)])
    ends[bias] = np.median(lstm[bias][:, -1])
    print(f"b_f = {bias}: {ends[bias]:.0e} after {T} steps")

rnn = np.array([rnn_norms(seed) for seed in range(seeds)])
end_rnn = np.median(rnn[:, -1])
print(f"RNN    : {end_rnn:.0e} after {T} steps")

for bias in biases:
    plt.figure(f"b_f = {bias}")
    plt.semilogy(steps, rnn.T, "C0", alpha=0.5, lw=1)
    plt.semilogy(steps, lstm[bias].T, "C1", alpha=0.5, lw=1)
    plt.semilogy([], [], "C0o-", label="RNN")
    plt.semilogy([], [], "C1s-", label="LSTM")
    plt.semilogy(steps, sigmoid(bias) ** steps, "--", color="black", label="σ(b_f)^k")
    plt.ylim(1e-32, 1e4)
    plt.xlabel("steps, k")  #zh "步数 k"
    plt.ylabel("‖∂c_k/∂c_0‖, ‖∂h_k/∂h_0‖")  #zh "导数的范数：c_k 对 c_0，h_k 对 h_0"
    plt.legend(loc="lower left")

plt.show()

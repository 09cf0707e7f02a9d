import numpy as np
import matplotlib.pyplot as plt

H, trials = 8, 20
lengths = list(range(1, 11))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gradient(T, bug, seed):
    rng = np.random.default_rng(seed)
    x, U = rng.standard_normal((T, 4 * H)), rng.standard_normal((H, 4 * H)) / np.sqrt(H)
    h, c, tape = rng.standard_normal(H), rng.standard_normal(H), []
    for t in range(T):
        i, f, g, o = np.split(x[t] + h @ U, 4)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        tape.append((i, f, g, o, c, h, f * c + i * g))
        c = tape[-1][-1]
        h = o * np.tanh(c)
    dh, dc, dU = np.ones(H), np.zeros(H), np.zeros_like(U)
    for i, f, g, o, c_prev, h_prev, c in reversed(tape):
        slope = o * (1 - np.tanh(c) ** 2)
        d = dc + dh * slope  # ∂L/∂c_t
        dz = [d * g * i * (1 - i), d * c_prev * f * (1 - f)]
        dz = np.concatenate(dz + [d * i * (1 - g**2), dh * np.tanh(c) * o * (1 - o)])
        dU += np.outer(h_prev, dz)
        if bug:
            # dh is overwritten too early, and dc takes the wrong one
            #zh dh 过早覆盖，dc 用到的已经是上一步的 dh
            dh = dz @ U.T
            dc = (dc + dh * slope) * f
        else:
            dh, dc = dz @ U.T, d * f
    return dU


errors = np.zeros((trials, len(lengths)))
for seed in range(trials):
    for k, T in enumerate(lengths):
        right, wrong = gradient(T, False, seed), gradient(T, True, seed)
        errors[seed, k] = np.linalg.norm(wrong - right) / np.linalg.norm(right)

median = np.median(errors, axis=0)
smallest_5 = errors[:, 4].min()
print("relative error of dU, median of 20 networks:")
for T in (1, 2, 3, 5, 10):
    print(f"T = {T:2}: {median[T - 1]:.0%}")

plt.plot(lengths, errors.T, color="C3", alpha=0.3, lw=1)
plt.plot(lengths, median, "C3o-", label="median")  #zh "中位数"
plt.xlabel("length of the sequence, T")  #zh "序列长度 T"
plt.ylabel("relative error of ∂L/∂U")  #zh "U 的梯度的相对误差"
plt.legend()
plt.show()

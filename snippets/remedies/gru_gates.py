import numpy as np
import matplotlib.pyplot as plt

T, H, seeds, inputs, tiny = 50, 32, 5, 0.3, 1e-100


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def signal(update, reset, bias, seed):
    # how much a small change of the first state changes each later one
    #zh 最初的状态变一点点，之后每一步的状态变多少
    rng = np.random.default_rng(seed)
    U_z, U_r, U_n = rng.standard_normal((3, H, H)) / np.sqrt(H)
    h, d = rng.standard_normal((2, H))
    # complex step: the imaginary part carries the derivative, exactly
    #zh 复步微分：虚部携带导数，没有误差
    h = h + 1j * tiny * d / np.linalg.norm(d)
    sizes = []
    for t in range(T):
        x_z, x_r, x_n = inputs * rng.standard_normal((3, H))
        z = sigmoid(x_z + h @ U_z + bias) if update else 0
        r = sigmoid(x_r + h @ U_r) if reset else 1
        n = np.tanh(x_n + r * (h @ U_n))
        h = z * h + (1 - z) * n
        sizes.append(np.linalg.norm(h.imag) / tiny)
    return sizes


cases = {
    "both gates, bias 3": (True, True, 3),
    "both gates, bias 0": (True, True, 0),
    "no reset gate, bias 3": (True, False, 3),
    "no update gate": (False, True, 0),
    "neither: an RNN": (False, False, 0),
}
curves, left = {}, {}
for name, case in cases.items():
    curves[name] = np.median([signal(*case, seed) for seed in range(seeds)], axis=0)
    left[name] = curves[name][-1]
    print(f"{name:22} {left[name]:.0e}")

looks = {
    "both gates, bias 3": "C2-",  #zh "两个门，偏置 3"
    "both gates, bias 0": "C2--",  #zh "两个门，偏置 0"
    "no reset gate, bias 3": "C1:",  #zh "没有重置门，偏置 3"
    "no update gate": "C4-",  #zh "没有更新门"
    "neither: an RNN": "C0-",  #zh "都没有：就是 RNN"
}
for (label, look), curve in zip(looks.items(), curves.values()):
    plt.semilogy(range(1, T + 1), curve, look, label=label)

plt.xlabel("steps")  #zh "步数"
plt.ylabel("what is left of a small change")  #zh "微小变化还剩多少"
plt.legend()
plt.show()

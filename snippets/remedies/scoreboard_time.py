import numpy as np
import matplotlib.pyplot as plt

batch, steps, seeds, tiny = 8, 50, 5, 1e-100


def norm(z, axis):
    z = z - z.mean(axis=axis, keepdims=True)
    return z / np.sqrt((z**2).mean(axis=axis, keepdims=True) + 1e-5)


# a step: the state h, and z = hW + x
#zh 一步：状态 h，以及 z = hW + x
step = {
    "none": lambda h, z: np.tanh(z),
    "tanh": lambda h, z: np.tanh(z),
    "ReLU": lambda h, z: np.where(z.real > 0, z, 0),
    "orthogonal": lambda h, z: np.tanh(z),
    "residual": lambda h, z: h + np.tanh(z) / np.sqrt(steps),
    "BN": lambda h, z: np.tanh(norm(z, 0)),
    "LN": lambda h, z: np.tanh(norm(z, 1)),
}


def signal(kind, gain, n, inputs, seed):
    # how much a small change of the first state changes the last one
    #zh 最初的状态变一点点，最后的状态变多少
    rng = np.random.default_rng(seed)
    h, d = rng.standard_normal((2, batch, n))
    # complex step: the imaginary part carries the derivative, exactly
    #zh 复数步：虚部携带导数，没有误差
    h = h + 1j * tiny * d / np.linalg.norm(d)
    gain = {"ReLU": np.sqrt(2), "tanh": 1}.get(kind, gain)
    W = gain * rng.standard_normal((n, n)) / np.sqrt(n)
    W = np.linalg.qr(W)[0] if kind == "orthogonal" else W
    for t in range(steps):
        h = step[kind](h, h @ W + inputs * rng.standard_normal((batch, n)))
    return np.linalg.norm(h.imag) / tiny


def mark(found):
    inside = (found > 1e-3) & (found < 1e3)
    return "+" if inside.all() else "~" if inside.any() else "-"


gains, cell = (0.5, 3.0), {}
for kind in step:
    for gain in gains:
        # two widths, three sizes of input, several seeds
        #zh 两种宽度，三种大小的输入，几个种子
        found = [
            signal(kind, gain, n, inputs, seed)
            for n in (16, 32)
            for inputs in (0.1, 0.3, 1.0)
            for seed in range(seeds)
        ]
        cell[kind, gain] = np.sort(found)
        low, high = np.round(np.log10(cell[kind, gain][[0, -1]])) + 0.0
        print(f"{kind:10} {gain}: {low:4.0f} to {high:3.0f}  {mark(cell[kind, gain])}")

plt.axvspan(1e-3, 1e3, color="C2", alpha=0.15, lw=0)
for row, kind in enumerate(step):
    weak, strong = (np.clip(cell[kind, gain][[0, -1]], 1e-13, 1e13) for gain in gains)
    plt.semilogx(weak, [row - 0.15] * 2, "C0o-", ms=4)
    plt.semilogx(strong, [row + 0.15] * 2, "C3s-", ms=4)

names = "no remedy; tanh 1/n; ReLU + He; orthogonal"  #zh "不作处理; tanh 1/n; ReLU + He; 正交"
names += "; residual; BN; LN"  #zh "; 残差; 批归一化; 层归一化"
plt.yticks(range(7), names.split("; "))
plt.gca().invert_yaxis()
plt.xlabel("signal after 50 steps")  #zh "50 步之后的信号"
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T = 1000


def carry(w, f):
    # forward: one unit fed only by itself, c_t = f(w c_{t-1})
    #zh 前向：一个只和自己相连的单元，c_t = f(w c_{t-1})
    c, slopes = 0.5, []
    for t in range(T):
        c = np.tanh(w * c) if f == "tanh z" else w * c
        slopes.append(1 - c**2 if f == "tanh z" else 1.0)
    # backward: each step back multiplies the error by f′·w
    #zh 反向：每往回一步，误差乘一次 f′·w
    error = [1.0]
    for slope in reversed(slopes):
        error.append(error[-1] * slope * w)
    return c, error


cases = (("z", 1.01), ("z", 1.0), ("z", 0.99), ("tanh z", 1.01))
errors, arrived = {}, {}
for f, w in cases:
    state, error = carry(w, f)
    errors[f, w] = error
    arrived[f, w] = error[-1]
    print(f"f(z) = {f:6}  w = {w:.2f}: {error[-1]:.1e}")

for (f, w), look in zip(cases, ("C3^-", "C1s-", "C5v-", "C0o-")):
    plt.semilogy(errors[f, w], look, markevery=100, label=f"f(z) = {f}, w = {w}")

plt.xlabel("steps back in time, k")  #zh "回溯的时间步数 k"
plt.ylabel("error that arrives")  #zh "传到的误差"
plt.legend()
plt.show()

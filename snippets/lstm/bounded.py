import numpy as np
import matplotlib.pyplot as plt

T = 1000


def tanh(z):
    return np.tanh(z)


def relu(z):
    return np.maximum(z, 0)


# gates wide open, f = i = o = 1, and the candidate's pre-activation stays at 0.5
#zh 门全开：f = i = o = 1，候选状态的预激活恒为 0.5
states, outputs = {}, {}
for candidate in (tanh, relu):
    for output in (tanh, relu):
        c, cs, hs = 0.0, [], []
        for t in range(T):
            c = 1.0 * c + 1.0 * candidate(0.5)
            cs.append(c)
            hs.append(1.0 * output(c))
        states[candidate.__name__] = cs
        outputs[candidate.__name__, output.__name__] = hs

for name, c in states.items():
    print(f"candidate {name}: c = {c[9]:.0f}, {c[99]:.0f}, {c[999]:.0f}")

bounded, unbounded = max(outputs["relu", "tanh"]), max(outputs["relu", "relu"])
print(f"largest h: {bounded:.0f} with tanh output, {unbounded:.0f} with ReLU output")

steps = np.arange(1, T + 1)
plt.loglog(steps, states["relu"], "C1", label="c, candidate ReLU")  #zh "c，候选状态用 ReLU"
plt.loglog(steps, states["tanh"], "C0", label="c, candidate tanh")  #zh "c，候选状态用 tanh"
plt.loglog(steps, outputs["relu", "relu"], "C3v", markevery=99, label="h, output ReLU")  #zh "h，输出用 ReLU"
plt.loglog(steps, outputs["relu", "tanh"], "C2--", label="h, output tanh")  #zh "h，输出用 tanh"
plt.xlabel("time step t")  #zh "时间步 t"
plt.ylabel("size")  #zh "大小"
plt.legend()
plt.show()

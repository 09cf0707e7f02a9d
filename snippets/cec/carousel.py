import numpy as np
import matplotlib.pyplot as plt

T = 1000
steps = np.arange(T + 1)
left = {}
for w, color, marker in ((1.01, "C3", "^"), (1.0, "C1", "s"), (0.99, "C0", "o")):
    # a linear unit, f′ = 1: the error that flows back is multiplied by f′·w each step
    #zh 线性单元，f′ = 1：误差每往回一步就乘上一次 f′·w
    error = [1.0]
    for k in range(T):
        error.append(1.0 * w * error[k])
    left[w] = error[-1]
    print(f"w = {w}: {error[-1]:.1e} of the error after {T} steps")
    plt.semilogy(steps, error, color=color, marker=marker, markevery=100, label=f"w = {w}")

grown, kept, shrunk = left.values()
plt.xlabel("steps back in time, k")  #zh "回溯的时间步数 k"
plt.ylabel("error that arrives")  #zh "传到的误差"
plt.legend()
plt.show()

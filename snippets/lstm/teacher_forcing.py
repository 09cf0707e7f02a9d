import numpy as np
import matplotlib.pyplot as plt

T, a, learned = 60, 3.7, 3.7 + 1e-6


def step(x, a):
    return a * x * (1 - x)


# the sequence to be continued, and a model of it that is off by a millionth
#zh 要接着写下去的序列，和一个只差百万分之一的模型
truth = [0.3]
for t in range(T):
    truth.append(step(truth[t], a))

# forced: each step begins at the truth; free: at the model's own output
#zh 教师强制：每一步从真实值出发；自由运行：从模型自己的输出出发
forced, free = [0.3], [0.3]
forced_slope, free_slope = [0.0], [0.0]
for t in range(T):
    forced.append(step(truth[t], learned))
    forced_slope.append(truth[t] * (1 - truth[t]))
    # the way back through the output that was fed in
    #zh 经过喂回来的输出往回走
    back = learned * (1 - 2 * free[t])
    free_slope.append(free[t] * (1 - free[t]) + back * free_slope[t])
    free.append(step(free[t], learned))

errors = {"forced": np.abs(np.subtract(forced, truth))}
errors["free"] = np.abs(np.subtract(free, truth))
slopes = {"forced": np.abs(forced_slope), "free": np.abs(free_slope)}
apart = int(np.argmax(errors["free"] > 0.1))
print(f"teacher forcing: error at most {errors['forced'].max():.0e}")
print(f"running free: above 0.1 after {apart} steps")
print(f"gradient at the end: {slopes['forced'][-1]:.1f} and {slopes['free'][-1]:.0e}")

plt.semilogy(errors["forced"][1:], "C0o-", label="begun at the truth")  #zh "从真实值出发"
plt.semilogy(errors["free"][1:], "C3s-", label="on its own output")  #zh "用自己的输出"
plt.xlabel("step")  #zh "步"
plt.ylabel("error")  #zh "误差"
plt.legend()
plt.show()

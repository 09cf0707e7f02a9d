import numpy as np
import matplotlib.pyplot as plt

T = 60
u_f, b_f = -6.0, 5.0


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# one cell, one set of weights; the forget gate looks at the input: f = σ(u_f x + b_f)
#zh 同一个细胞、同一组权重；遗忘门看输入行事：f = σ(u_f x + b_f)
tau, curves = {}, {}
for x in (0.0, 1.0):
    f = sigmoid(u_f * x + b_f)
    c = [1.0]
    for t in range(T):
        c.append(f * c[t])
    curves[x] = c
    tau[x] = -T / np.log(c[T])
    print(f"x = {x:.0f}: f = {f:.3f}, tau = {tau[x]:.1f} steps")

ratio = tau[0.0] / tau[1.0]
print(f"same weights, time constants {ratio:.0f} to 1")

# both in one sequence: quiet, then a burst of x = 1, then quiet again
#zh 放进同一个序列：先安静，中间一段 x = 1，再安静
inputs = np.zeros(T)
inputs[30:33] = 1
c = [1.0]
for t in range(T):
    c.append(sigmoid(u_f * inputs[t] + b_f) * c[t])

for x, color, marker in ((0.0, "C1", "s"), (1.0, "C0", "o")):
    label = f"x = {x:.0f}, τ = {tau[x]:.1f}"
    plt.plot(curves[x], color=color, marker=marker, markevery=5, label=label)

plt.plot(c, "--", color="black", label="x = 1 at 30–32 only")  #zh "仅第 30–32 步 x = 1"
plt.xlabel("time step t")  #zh "时间步 t"
plt.ylabel("cell state c")  #zh "细胞状态 c"
plt.legend()
plt.show()

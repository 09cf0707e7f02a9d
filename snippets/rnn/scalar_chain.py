import numpy as np
import matplotlib.pyplot as plt

T = 100
steps = np.arange(T + 1)
grads = {}
for w in (0.9, 1.0, 1.1):
    h = [1.0]
    for t in range(T):
        h.append(w * h[t])
    # backward: every step multiplies by the same factor, ∂h_t/∂h_{t-1} = w
    #zh 反向：每一步都乘上同一个因子 ∂h_t/∂h_{t-1} = w
    g = [1.0]
    for t in range(T, 0, -1):
        g.append(g[-1] * w)
    grads[w] = np.array(g)  # ∂h_T/∂h_{T-k}, k = 0 … T
    print(f"w = {w}: dh_T/dh_0 = {grads[w][-1]:.3g}")

for w, style in ((1.1, "C3^-"), (1.0, "C1s-"), (0.9, "C0o-")):
    plt.semilogy(steps, grads[w], style, markevery=10, label=f"w = {w}")

plt.xlabel("steps back in time, k")  #zh "回溯的时间步数 k"
plt.ylabel("derivative by the state k steps back")  #zh "对 k 步之前的状态的导数"
plt.legend()
plt.show()

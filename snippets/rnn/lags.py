import numpy as np
import matplotlib.pyplot as plt

L, T, B, H = 3, 40, 16, 32
rng = np.random.default_rng(0)
W = rng.standard_normal((L, H, H)) / np.sqrt(H)
U = 0.9 * rng.standard_normal((L, H, H)) / np.sqrt(H)

# three recurrent layers, one upon the other; h[l, t] is the state of layer l
#zh 三层循环网络叠在一起：h[l, t] 是第 l 层的状态
h = np.zeros((L + 1, T + 1, B, H))
h[0, 1:] = rng.standard_normal((T, B, H))
for t in range(1, T + 1):
    for l in range(1, L + 1):
        h[l, t] = np.tanh(h[l - 1, t] @ W[l - 1] + h[l, t - 1] @ U[l - 1])

# a loss at the last step only; dh[l, t] is its gradient at that state
#zh 只有最后一步有损失；dh[l, t] 是它对那个状态的梯度
dh = np.zeros_like(h)
dh[L, T] = rng.standard_normal((B, H))
dW, dU = np.zeros_like(W), np.zeros_like(U)
for t in range(T, 0, -1):
    for l in range(L, 0, -1):
        dz = dh[l, t] * (1 - h[l, t] ** 2)
        dW[l - 1] += h[l - 1, t].T @ dz
        dU[l - 1] += h[l, t - 1].T @ dz
        dh[l - 1, t] += dz @ W[l - 1].T
        dh[l, t - 1] += dz @ U[l - 1].T

norms = np.linalg.norm(dh, axis=(2, 3)) / np.linalg.norm(dh[L, T])
weights = []
for l in range(1, L + 1):
    weights.append(np.linalg.norm(dU[l - 1]))
    print(f"layer {l}: dU {weights[-1]:.0f}, lag 0 {norms[l, T]:.2f}", end=", ")
    print(f"lag 30 {norms[l, T - 30]:.0e}")

looks = {
    "layer 1": "C0-",  #zh "第 1 层"
    "layer 2": "C1--",  #zh "第 2 层"
    "layer 3": "C2:",  #zh "第 3 层"
}
for l, (label, look) in enumerate(looks.items(), 1):
    plt.semilogy(range(T), norms[l, T:0:-1], look, label=label)

plt.xlabel("lag: steps before the loss")  #zh "时滞：损失之前多少步"
plt.ylabel("norm of the gradient at the state")  #zh "该状态处梯度的范数"
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

n, L = 64, 20
rng = np.random.default_rng(0)


def block(rng):
    # ∂(ReLU(h) W)/∂h for row vectors: about half of its rows are 0
    #zh 行向量的 ∂(ReLU(h) W)/∂h：约有一半的行是 0
    on = rng.random(n) < 0.5
    return on[:, None] * rng.standard_normal((n, n)) / np.sqrt(n)


def singular(matrix):
    return np.linalg.svd(matrix, compute_uv=False)


J, identity = block(rng), np.eye(n)
branch, shortcut, carousel = singular(J), singular(identity + J), singular(identity)
zeros = int((branch < 1e-12).sum())
lowest, highest = shortcut.min(), shortcut.max()
print(f"J    : {zeros} of {n} singular values are 0, largest {branch.max():.2f}")
print(f"I + J: {lowest:.2f} to {highest:.2f}")

# L blocks one after the other
#zh 一连 L 个块
products = {0: identity, 1: identity, 1 / np.sqrt(L): identity}
for layer in range(L):
    J = block(rng)
    products[0] = products[0] @ J
    for scale in (1, 1 / np.sqrt(L)):
        products[scale] = products[scale] @ (identity + scale * J)

deep_branch, deep_shortcut, deep_scaled = (singular(p) for p in products.values())
deep_lowest, deep_highest = deep_shortcut.min(), deep_shortcut.max()
scaled_lowest, scaled_highest = deep_scaled.min(), deep_scaled.max()
print(f"{L} blocks, J    : at most {deep_branch.max():.0e}")
print(f"{L} blocks, I + J: {deep_lowest:.0e} to {deep_highest:.0f}")
print(f"{L} blocks, scaled: {scaled_lowest:.2f} to {scaled_highest:.2f}")

fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6))
order = np.arange(1, n + 1)
top.plot(order, branch, "C3", label="J")
top.plot(order, shortcut, "C2", label="I + J")
top.plot(order, carousel, "C1", ls="--", label="CEC: I")
top.set_xlabel("one block: singular value no.")  #zh "一个块：第几个奇异值"
top.set_ylabel("singular value")  #zh "奇异值"
top.legend()
bottom.semilogy(order, np.maximum(deep_branch, 1e-12), "C3", label="ΠJ")
bottom.semilogy(order, deep_shortcut, "C2", label="Π(I + J)")
bottom.semilogy(order, deep_scaled, "C2", ls=":", label="Π(I + J/√L)")
bottom.semilogy(order, carousel, "C1", ls="--", label="CEC: I")
bottom.set_ylim(1e-5, 1e5)
bottom.set_xlabel("20 blocks: singular value no.")  #zh "20 个块：第几个奇异值"
bottom.legend()
plt.show()

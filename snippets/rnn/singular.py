import numpy as np
import matplotlib.pyplot as plt

T = 60
steps = np.arange(T + 1)


def gain(U):
    # the largest factor by which k steps can stretch any gradient: σ_1(U^k)
    #zh k 步最多能把梯度放大多少倍：σ_1(U^k)
    return [np.linalg.norm(np.linalg.matrix_power(U, k), 2) for k in steps]


normal = np.diag([0.9, 0.9])
skewed = np.array([[0.9, 3.0], [0.0, 0.9]])
radius = np.abs(np.linalg.eigvals(skewed)).max()
sigma = np.linalg.norm(skewed, 2)
grown = gain(skewed)
peak, peak_step, last = max(grown), int(np.argmax(grown)), grown[-1]
sure = 0.9 / sigma
shrunk = gain(skewed * sure)

print(f"spectral radius {radius:.2f}, largest singular value {sigma:.2f}")
print(f"grows to {peak:.1f} after {peak_step} steps, {last:.2f} after {T}")
print(f"scaled to sigma_1 = 0.9: never above {max(shrunk):.0f}")

# one unit saturated, the other not: the slopes alone turn shrinking into an explosion
#zh 一个单元饱和，另一个不饱和：单凭斜率，就能把缩小变成爆炸
U, D = np.array([[2.0, -3.0], [1.2, -1.6]]), np.diag([1.0, 0.01])
small, strong = np.abs(np.linalg.eigvals(U)).max(), np.linalg.norm(U, 2)
powers = [np.linalg.matrix_power(M, 50) for M in (U, D @ U.T)]
linear, slopes = (np.linalg.norm(power, 2) for power in powers)
print(f"spectral radius {small:.2f}, largest singular value {strong:.2f}")
print(f"50 steps: slopes 1 and 1 {linear:.0e}, slopes 1 and 0.01 {slopes:.0e}")

plt.semilogy(steps, grown, "C3", marker="^", markevery=6, label="σ_1 = 3.25, ρ = 0.9")
plt.semilogy(steps, gain(normal), "C0", marker="o", markevery=6, label="σ_1 = ρ = 0.9")
plt.semilogy(steps, shrunk, "C2", marker="s", markevery=6, label="σ_1 = 0.9, ρ = 0.25")
plt.semilogy(steps[:8], sigma ** steps[:8], "--", color="black", label="3.25^k")
plt.axhline(1, color="gray", lw=0.8)
plt.ylim(1e-12, 1e4)
plt.xlabel("steps, k")  #zh "步数 k"
plt.ylabel("σ_1(U^k)")
plt.legend()
plt.show()

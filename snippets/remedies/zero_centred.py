import numpy as np
import matplotlib.pyplot as plt

n, points, most = 10, 200, 2000
rng = np.random.default_rng(0)
positive = rng.random((points, n))
wanted = np.where(np.arange(n) % 2, -1, 1)


def descend(x, rate):
    # one linear unit with a bias; the target needs weights of both signs
    #zh 一个带偏置的线性单元；目标要求权重有正有负
    y, w, b, losses = x @ wanted, np.zeros(n), 0.0, []
    for update in range(most):
        error = x @ w + b - y
        losses.append((error**2).mean())
        w = w - rate * 2 * x.T @ error / points
        b = b - rate * 2 * error.mean()
    return np.array(losses)


# the gradient of each single example by the weights, at the start
#zh 刚开始时，每个样本各自对权重的梯度
inputs = {"positive": positive, "centred": positive - positive.mean(axis=0)}
rates = 1.25 ** np.arange(-14, 10)
curves, same, needed, condition = {}, {}, {}, {}
for name, x in inputs.items():
    grads = -2 * (x @ wanted)[:, None] * x
    same[name] = np.mean(abs(np.sign(grads).sum(axis=1)) == n)
    with np.errstate(all="ignore"):
        runs = [descend(x, rate) for rate in rates]
    counts = [np.argmax(losses < 1e-3) or most for losses in runs]
    needed[name] = min(counts)
    curves[name] = runs[np.argmin(counts)]
    # curvature along the steepest and the flattest direction
    #zh 最陡和最平的方向上，曲率之比
    curvatures = np.linalg.eigvalsh(x.T @ x / points)
    condition[name] = curvatures[-1] / curvatures[0]
    print(f"{name:9} signs alike: {same[name]:4.0%}, updates needed: {needed[name]}")

plt.semilogy(curves["positive"][:80], "C3", label="inputs between 0 and 1")  #zh "输入在 0 和 1 之间"
plt.semilogy(curves["centred"][:80], "C0", label="the same, minus their mean")  #zh "同样的输入，减去均值"
plt.axhline(1e-3, color="black", ls="--", lw=1)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("mean squared error")  #zh "均方误差"
plt.legend()
plt.show()

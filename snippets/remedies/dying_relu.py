import numpy as np
import matplotlib.pyplot as plt

n, hidden, updates, seeds, leak = 128, 100, 150, 4, 0.01
biases, rates = (0.0, -1.0, -2.0, -3.0, -4.0), (0.3, 1.0, 3.0, 10.0, 30.0)
np.seterr(over="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def train(bias, rate, slope, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 2))
    y = 1.0 * ((x**2).sum(axis=1, keepdims=True) < 1)  # (n, 1)
    W, b = rng.standard_normal((2, hidden)), np.full(hidden, bias)
    v, dead, signals = rng.standard_normal((hidden, 1)) / np.sqrt(hidden), [], []
    for update in range(updates + 1):
        z = x @ W + b
        d = np.where(z > 0, 1.0, slope)
        # logistic loss: its gradient by the output is p − y, never greater than 1
        #zh 逻辑损失：对输出的梯度是 p − y，绝不大于 1
        error = (sigmoid((z * d) @ v) - y) / n
        dz = error @ v.T * d
        # dead: off for every example
        #zh 死亡：对每个样本都关着
        dead.append((z <= 0).all(axis=0))
        signals.append(np.abs(dz).mean(axis=0))
        v = v - rate * (z * d).T @ error
        W = W - rate * x.T @ dz
        b = b - rate * dz.sum(axis=0)
    return dead, signals


at_start, at_end, by_rate, signal = {}, {}, {}, {}
for slope in (0.0, leak):
    for bias in biases:
        runs = [train(bias, 1.0, slope, seed) for seed in range(seeds)]
        at_start[bias, slope] = np.mean([dead[0].mean() for dead, _ in runs])
        at_end[bias, slope] = np.mean([dead[-1].mean() for dead, _ in runs])
        # the gradient that reaches dead units, against that of the others
        #zh 传到死亡神经元的梯度，与传到其余单元的相比
        if bias < 0:
            ratios = [s[0][d[0]].mean() / s[0][~d[0]].mean() for d, s in runs]
            signal[bias, slope] = np.mean(ratios)
    for rate in rates:
        runs = [train(0.0, rate, slope, seed)[0][-1].mean() for seed in range(seeds)]
        by_rate[rate, slope] = np.mean(runs)

dead_start, dead_end = at_start[-3.0, 0.0], at_end[-3.0, 0.0]
leaky_end = at_end[-3.0, leak]
dead_by_rate, leaky_by_rate = by_rate[10.0, 0.0], by_rate[10.0, leak]
relu_signal, leaky_signal = signal[-3.0, 0.0], signal[-3.0, leak]
print(f"bias -3: {dead_start:.0%} dead, later {dead_end:.0%} (Leaky {leaky_end:.0%})")
print(f"rate 10: {dead_by_rate:.0%} dead (Leaky {leaky_by_rate:.0%})")
print(f"gradient, dead to live: {relu_signal:.2f} (Leaky {leaky_signal:.2f})")

fig, (top, bottom) = plt.subplots(2, 1, figsize=(4.95, 5.6), sharey=True)
for slope, look, name in ((0.0, "C3o-", "ReLU"), (leak, "C2s-", "LeakyReLU")):
    top.plot(biases, [at_end[k, slope] for k in biases], look, label=name)
    bottom.semilogx(rates, [by_rate[k, slope] for k in rates], look)

top.plot(biases, [at_start[k, 0.0] for k in biases], "k--", lw=1, label="before")  #zh "训练前"
top.set_xlabel("bias at the start")  #zh "初始偏置"
top.set_ylabel("share of dead units")  #zh "死亡神经元的比例"
bottom.set_xlabel("learning rate")  #zh "学习率"
top.legend()
plt.show()

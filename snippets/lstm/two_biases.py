import numpy as np
import matplotlib.pyplot as plt

T, B, rate, updates, wanted = 50, 64, 0.02, 60, 0.95


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def learn(biases, rate):
    # one cell, c_t = f c_{t-1} + x_t, is to forget as a gate of 0.95 does
    #zh 一个细胞，c_t = f c_{t-1} + x_t，要学会像 0.95 的门那样遗忘
    rng, sums = np.random.default_rng(0), [sum(biases)]
    for update in range(updates):
        f = sigmoid(sum(biases))
        c, target, slope = np.zeros((3, B))
        for t in range(T):
            x = rng.standard_normal(B)
            # slope is dc/db: b enters at every step
            #zh slope 就是 dc/db：每一步都有 b
            slope = f * slope + f * (1 - f) * c
            c = f * c + x
            target = wanted * target + x
        # each bias is added to the same net input, so each gets the same gradient
        #zh 每个偏置都加在同一个预激活上，所以梯度相同
        db = ((c - target) * slope).mean()
        biases = [b - rate * db for b in biases]
        sums.append(sum(biases))
    return np.array(sums)


one, two, twice = learn([1.0], rate), learn([0.5, 0.5], rate), learn([1.0], 2 * rate)
moved, moved_two = one[1] - one[0], two[1] - two[0]
apart = np.abs(two - twice).max()
both = sigmoid(1.0 + 1.0)
print(f"first update: one bias {moved:+.4f}, the sum of two {moved_two:+.4f}")
print(f"two biases take the course of one at twice the rate: {apart < 1e-9}")
print(f"one bias of 1: f = {sigmoid(1.0):.2f}, two of 1: f = {both:.2f}")

plt.plot(sigmoid(one), "C0", label="one bias")  #zh "一个偏置"
plt.plot(sigmoid(two), "C1", lw=3, label="two biases, the same sum")  #zh "两个偏置，和相同"
plt.plot(sigmoid(twice), "k:", label="one bias, twice the rate")  #zh "一个偏置，学习率加倍"
plt.axhline(wanted, color="gray", ls="--", lw=1)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("forget gate f")  #zh "遗忘门 f"
plt.legend()
plt.show()

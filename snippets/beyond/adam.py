import numpy as np
import matplotlib.pyplot as plt

updates, beta1, beta2, epsilon = 5000, 0.9, 0.999, 1e-8


def adam(gradients, correct):
    # the steps, as multiples of the learning rate
    #zh 每一步有多长，以学习率为单位
    m, v, steps = 0.0, 0.0, []
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        if correct:
            # both began at 0: after t updates so much of their weight has come in
            #zh 两个平均都从 0 开始：t 次更新之后，权重只进来了这么多
            steps.append(m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + epsilon))
        else:
            steps.append(m / (np.sqrt(v) + epsilon))
    return np.array(steps)


same, first = {}, {}
for size in (0.001, 1.0, 1000.0):
    steps = adam(size * np.ones(updates), True)
    first[size] = steps[0]
    same[size] = steps[-1]
    print(f"gradient {size:6}: first step {first[size]:.2f}, last {same[size]:.2f}")

plain = adam(np.ones(updates), False)
start, longest = plain[0], plain.max()
late = int(np.flatnonzero(plain > 1.1)[-1]) + 1
print(f"not corrected: first {start:.2f}, longest {longest:.2f},")
print(f"more than a tenth too long for {late} updates")

# noise without a mean: each parameter goes to and fro, by less than the rate
#zh 只有噪声、均值为 0：每个参数来回走，步长不到学习率
rng = np.random.default_rng(0)
noise = adam(rng.standard_normal(updates), True)[1000:]
typical = np.sqrt((noise**2).mean())
print(f"pure noise: steps of {typical:.2f}")

plt.semilogx(range(1, updates + 1), plain, "C3", label="not corrected")  #zh "不修正"
plt.axhline(1, color="C0", label="corrected")  #zh "修正"
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("step, in learning rates")  #zh "步长（以学习率为单位）"
plt.legend()
plt.show()

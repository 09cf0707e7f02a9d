import numpy as np
import matplotlib.pyplot as plt

rng = np.random.default_rng(0)
mean, deviation, draws = 3.0, 2.0, 1000
sizes = (1, 2, 4, 8, 16, 32, 64)
# one example, one deviation above the mean: in evaluation it becomes 1, always
#zh 一个样本，比均值高一个标准差：评估模式下，它总是变成 1
example = mean + deviation
in_eval = (example - mean) / deviation


def batch_norm(x, eps=1e-5):
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps)


def backward(dy, x, eps=1e-5):
    hat = batch_norm(x, eps)
    d = dy - dy.mean() - hat * (dy * hat).mean()
    return d / np.sqrt(x.var() + eps)


# in training it becomes what its companions make of it
#zh 训练模式下，它变成什么，要看同批的是谁
middle, spread, gradient = [], [], []
for B in sizes:
    others = mean + deviation * rng.standard_normal((draws, B - 1))
    batch = np.concatenate([np.full((draws, 1), example), others], axis=1)  # (draws, B)
    y = batch_norm(batch)[:, 0]
    middle.append(y.mean())
    spread.append(y.std())
    dx = [backward(np.eye(B)[0], row)[0] for row in batch]
    gradient.append(np.median(dx) * deviation)
    print(f"B {B:2}: {y.mean():5.2f} ± {y.std():.2f}, gradient {gradient[-1]:.2f}")

middle, spread = np.array(middle), np.array(spread)
plt.semilogx(sizes, middle, "C4D-", base=2, label="mean over batches")  #zh "各批的平均"
plt.fill_between(sizes, middle - spread, middle + spread, color="C4", alpha=0.25, lw=0)
plt.axhline(in_eval, color="gray", ls="--", label="evaluation")  #zh "评估模式"
plt.xlabel("batch size B")  #zh "批大小 B"
plt.ylabel("normalized value of one example")  #zh "同一个样本归一化后的值"
plt.legend()
plt.show()

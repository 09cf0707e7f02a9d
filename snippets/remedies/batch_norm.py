import numpy as np


def batch_norm(x, gamma, beta, eps=1e-5):
    # statistics over the batch, for each feature by itself
    #zh 统计量按批算，每个特征各算各的
    mean, variance = x.mean(axis=0), x.var(axis=0)  # (D,)
    scale = 1 / np.sqrt(variance + eps)
    normalized = (x - mean) * scale  # (B, D)
    return gamma * normalized + beta, (normalized, scale)


def backward(dy, gamma, normalized, scale):
    dgamma, dbeta = (dy * normalized).sum(axis=0), dy.sum(axis=0)
    # x acts three ways: directly, through the mean, through the variance
    #zh x 有三条路：直接，经过均值，经过方差
    d = dy * gamma
    dx = d - d.mean(axis=0) - normalized * (d * normalized).mean(axis=0)
    return dx * scale, dgamma, dbeta


class Running:
    # what inference uses: running averages, with the unbiased variance
    #zh 推理时用的统计量：滑动平均，方差取无偏估计
    def __init__(self, D, momentum=0.1):
        self.mean = np.zeros(D)
        self.variance = np.ones(D)
        self.momentum = momentum
    def update(self, x):
        self.mean += self.momentum * (x.mean(axis=0) - self.mean)
        self.variance += self.momentum * (x.var(axis=0, ddof=1) - self.variance)
    def normalize(self, x, gamma, beta, eps=1e-5):
        return gamma * (x - self.mean) / np.sqrt(self.variance + eps) + beta


rng = np.random.default_rng(0)
B, D = 8, 3
x, weight = 3 + 5 * rng.standard_normal((B, D)), rng.standard_normal((B, D))
gamma, beta = rng.standard_normal(D), rng.standard_normal(D)


def loss():
    return (weight * batch_norm(x, gamma, beta)[0]).sum()


y, saved = batch_norm(x, gamma, beta)
grads, worst, eps = backward(weight, gamma, *saved), 0.0, 1e-5
for name, p, g in zip(("x", "gamma", "beta"), (x, gamma, beta), grads):
    numeric = np.zeros_like(p)
    for index in np.ndindex(*p.shape):
        keep = p[index]
        p[index] = keep + eps
        up = loss()
        p[index] = keep - eps
        down = loss()
        p[index] = keep
        numeric[index] = (up - down) / (2 * eps)
    error = np.abs(g - numeric).max() / np.abs(numeric).max()
    worst = max(worst, error)
    print(f"d{name:6}{str(p.shape):7} error < 1e-7: {error < 1e-7}")

# the same amount added to a whole batch changes nothing
#zh 给整批输入加上同一个数，输出不变
shift = np.abs(grads[0].sum(axis=0)).max()
print(f"gradient along a shift < 1e-12: {shift < 1e-12}")

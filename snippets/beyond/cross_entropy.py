import numpy as np
import matplotlib.pyplot as plt

K, right = 10, 0


def log_softmax(z):
    # the largest score subtracted: no exponential can overflow
    #zh 先减去最大的打分，指数就不会溢出
    z = z - z.max()
    return z - np.log(np.exp(z).sum())


def cross_entropy(z):
    return -log_softmax(z)[right]


def squared_error(z):
    p = np.exp(log_softmax(z))
    return ((p - np.eye(K)[right]) ** 2).sum() / 2


def softmax_twice(z):
    return cross_entropy(np.exp(log_softmax(z)))


def gradient(loss, z):
    # complex step: the imaginary part carries the derivative, exactly
    #zh 复步微分：虚部携带导数，没有误差
    return np.array([loss(z + 1e-100j * e).imag / 1e-100 for e in np.eye(K)])


z = 3 * np.random.default_rng(0).standard_normal(K)
p = np.exp(log_softmax(z))
off = abs(gradient(cross_entropy, z) - (p - np.eye(K)[right])).max()
print("the gradient of cross-entropy is p - y:", off < 1e-12)

# the right class has the score s, all others 0
#zh 正确的类打 s 分，其余都是 0 分
s = np.linspace(-10, 10, 81)
losses = {
    "cross-entropy": cross_entropy,
    "squared error": squared_error,
    "softmax twice": softmax_twice,
}
pull = {}
for name, loss in losses.items():
    pull[name] = [-gradient(loss, t * np.eye(K)[right])[right] for t in s]
    print(f"{name:13} pull on the right score at -10: {pull[name][0]:.0e}")

lowest = softmax_twice(1000 * np.eye(K)[right])
print(f"softmax twice: the loss never falls below {lowest:.2f}")

plt.plot(s, pull["cross-entropy"], "C0", label="cross-entropy")  #zh "交叉熵"
plt.plot(s, pull["squared error"], "C3", label="squared error")  #zh "平方误差"
plt.plot(s, pull["softmax twice"], "C1--", label="softmax twice")  #zh "softmax 做了两次"
plt.xlabel("score of the right class")  #zh "正确类的打分"
plt.ylabel("pull on that score")  #zh "对这个打分的拉力"
plt.legend()
plt.show()

import numpy as np

np.seterr(all="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def whole(x):
    return bool(np.isfinite(x).all())


# states that explode: first inf, and only then NaN, for inf - inf is no number
#zh 状态爆炸：先是 inf，然后才是 NaN，因为 inf - inf 不是数
rng = np.random.default_rng(0)
h, U, steps = np.ones(16), 0.3 * rng.standard_normal((16, 16)), []
while not np.isnan(h).any():
    h = h @ U
    steps.append(np.isinf(h).any())

after = len(steps) - 1 - steps.index(True)
soon = 0 < after
print(f"exploding: infinite first, NaN only later: {soon}")

naive, cured = {}, {}
# softmax of large logits: inf / inf; subtract the largest first
#zh 对很大的 logits 做 softmax：inf / inf；先减去最大的
z = np.array([1000.0, 0.0, -1000.0])
e = np.exp(z - z.max())
naive["softmax"] = np.exp(z) / np.exp(z).sum()
cured["softmax"] = e / e.sum()

# entropy or cross-entropy of a saturated p: 0 log 0; take log p from the logits
#zh p 已经饱和时求熵或交叉熵：0 log 0；log p 要从 logits 算
p = cured["softmax"]
log_p = z - z.max() - np.log(e.sum())
naive["0 log 0"] = -(p * np.log(p)).sum()
cured["0 log 0"] = -(p * log_p).sum()

# a constant feature, standardized: 0 / 0; a small number goes below the fraction
#zh 标准化一个恒定的特征：0 / 0；分母加一个小数
x = np.full(8, 20.0)
naive["constant"] = (x - x.mean()) / x.std()
cured["constant"] = (x - x.mean()) / (x.std() + 1e-8)

# a mean under a mask that lets nothing through: 0 / 0; divide by at least 1
#zh 掩码全是 0 时求平均：0 / 0；至少除以 1
mask = np.zeros(8)
naive["empty mask"] = (mask * x).sum() / mask.sum()
cured["empty mask"] = (mask * x).sum() / max(1, mask.sum())

# d√v/dv at v = 0 is inf, and the chain rule multiplies it by 0
#zh √v 在 v = 0 处的导数是 inf，链式法则再乘上 0
v, dv = 0.0, 0.0
naive["sqrt at 0"] = 0.5 / np.sqrt(v) * dv
cured["sqrt at 0"] = 0.5 / np.sqrt(v + 1e-8) * dv

# log σ(z), far out: log of 0, whose gradient is inf · 0; there is a form without
#zh 很远处的 log σ(z)：对 0 取对数，梯度是 inf · 0；换个写法就没有这回事
z = -800.0
s = sigmoid(z)
naive["log sigmoid"] = 1 / s * s * (1 - s)
cured["log sigmoid"] = 1 - s

failed = sum(not whole(naive[name]) for name in naive)
for name in naive:
    print(f"{name:11} naive finite: {whole(naive[name])}, cured: {whole(cured[name])}")

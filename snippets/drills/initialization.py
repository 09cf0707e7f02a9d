import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def xavier_uniform(rng, fan_in, fan_out):
    # weights (fan_in, fan_out), used as x @ W, from a uniform distribution around 0
    #zh 权重 (fan_in, fan_out)，用法是 x @ W，取自以 0 为中心的均匀分布
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out))


def he_normal(rng, fan_in, fan_out):
    # weights (fan_in, fan_out) for layers with ReLU, from a normal distribution
    #zh 权重 (fan_in, fan_out)，给带 ReLU 的层用，取自正态分布
    return np.sqrt(2 / fan_in) * rng.standard_normal((fan_in, fan_out))


def orthogonal(rng, n):
    # a square matrix (n, n) that keeps every length, no direction preferred
    #zh n 阶方阵，保持任何向量的长度，不偏向任何方向
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    return q @ np.diag(np.sign(np.diag(r)))


#end
# ---- the judge: variances and invariants; + right, - wrong, . not yet ----
#zh ---- 判卷：方差和不变量；+ 对，- 错，. 还没写 ----
score = []


def say(check, judge, *arguments):
    # judge gives what is wrong, "" if nothing is, None while nothing is written
    #zh judge 给出错在哪里；没有错就是 ""，还没写是 None
    try:
        wrong = judge(*arguments)
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong is None:
        print(f". {check}: not yet")  #zh f". {check}：还没写"
    elif wrong:
        print(f"- {check}: {wrong}")  #zh f"- {check}：{wrong}"
    else:
        print(f"+ {check}: right")  #zh f"+ {check}：对"
    score.append(wrong == "")


def spread(make, fan_in, fan_out, true):
    # the variance of so many weights is within 5 % of what it should be
    #zh 权重这么多，方差与应有的相差不超过 5 %
    W = make(np.random.default_rng(1), fan_in, fan_out)
    if W is None:
        return None
    if np.shape(W) != (fan_in, fan_out):
        return f"has shape {np.shape(W)}, not {(fan_in, fan_out)}"  #zh f"形状是 {np.shape(W)}，应为 {(fan_in, fan_out)}"
    if abs(W.mean()) > 0.05 * W.std():
        return "is not centred at 0"  #zh "不以 0 为中心"
    ratio = W.var() / true
    if abs(ratio - 1) < 0.05:
        return ""
    if abs(W.std() / true - 1) < 0.05:
        return "the deviation is what the variance should be: a root"  #zh "标准差等于应有的方差：少开了方"
    other = ratio * fan_out / fan_in
    if abs(other - 1) < 0.05:
        return "fan_in and fan_out: which of them counts?"  #zh "fan_in 和 fan_out，该用哪个？"
    return f"the variance is {ratio:.2f} times what it should be"  #zh f"方差是应有的 {ratio:.2f} 倍"


def uniform():
    W = xavier_uniform(np.random.default_rng(2), 300, 200)
    if W is None:
        return None
    # of a uniform distribution the largest is the root of 3 times the deviation
    #zh 均匀分布里，最大值是标准差的 √3 倍
    shape = np.abs(W).max() / W.std()
    return "" if abs(shape - 3**0.5) < 0.05 else "is not uniform"  #zh "不是均匀分布"


def normal():
    W = he_normal(np.random.default_rng(2), 300, 200)
    if W is None:
        return None
    kurtosis = (W**4).mean() / W.var() ** 2
    return "" if abs(kurtosis - 3) < 0.1 else "is not normal"  #zh "不是正态分布"


def lengths(n):
    Q = orthogonal(np.random.default_rng(3), n)
    if Q is None:
        return None
    if np.shape(Q) != (n, n):
        return f"has shape {np.shape(Q)}"  #zh f"形状是 {np.shape(Q)}"
    if np.abs(Q.T @ Q - np.eye(n)).max() > 1e-9:
        return "does not keep lengths: its columns must be orthonormal"  #zh "长度变了：各列要两两正交，长度为 1"
    return ""


def fair():
    # over many draws, no sign is preferred: QR alone makes the same signs ever again
    #zh 抽很多次，正负号不该偏向一边：QR 自己总是给出同样的符号
    rng = np.random.default_rng(4)
    first = orthogonal(rng, 3)
    if first is None:
        return None
    mean = np.mean([orthogonal(rng, 3) for _ in range(2000)], axis=0)
    if np.abs(mean).max() < 0.08:
        return ""
    return "some sign is preferred: multiply by the signs of R's diagonal"  #zh "正负号有偏向：乘上 R 对角线的符号"


def seeded(make, *arguments):
    one, two, other = (make(np.random.default_rng(s), *arguments) for s in (5, 5, 6))
    if one is None:
        return None
    if not np.array_equal(one, two):
        return "the same seed gives other weights: use rng"  #zh "同一个种子，结果却不同：要用 rng"
    return "another seed gives the same weights" if np.array_equal(one, other) else ""  #zh "换了种子，结果却相同"


say("Xavier's variance", spread, xavier_uniform, 400, 100, 2 / 500)  #zh "Xavier 的方差"
say("Xavier is uniform", uniform)  #zh "Xavier 是均匀分布"
say("He's variance", spread, he_normal, 400, 100, 2 / 400)  #zh "He 的方差"
say("He's variance, wide", spread, he_normal, 100, 400, 2 / 100)  #zh "He 的方差，输出更宽"
say("He is normal", normal)  #zh "He 是正态分布"
say("orthogonal", lengths, 6)  #zh "正交"
say("one number", lengths, 1)  #zh "只有一个数"
say("no direction preferred", fair)  #zh "不偏向任何方向"
say("seeds", seeded, xavier_uniform, 3, 2)  #zh "种子"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

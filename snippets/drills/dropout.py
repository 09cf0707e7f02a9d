import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def dropout(x, p, rng, training):
    # inverted dropout: each number of x is dropped with probability p, 0 <= p < 1
    #zh 反向缩放的 dropout（inverted）：x 的每个数以概率 p 丢掉，0 <= p < 1
    # returns y, and whatever the backward pass needs; all chance comes from rng
    #zh 返回 y，以及反向传播要用的任何东西；随机数都从 rng 取
    if not training:
        return x, np.ones_like(x)
    mask = rng.binomial(1, 1 - p, x.shape) / (1 - p)
    mask = mask.astype(x.dtype)
    return x * mask, mask


def dropout_backward(dy, kept):
    return dy * kept


#end
# ---- the judge: counts and means; + right, - wrong, . not yet ----
#zh ---- 判卷：数一数，平均一下；+ 对，- 错，. 还没写 ----
score = []


def run(p, training=True, seed=0, shape=(200, 200)):
    # of ones: what comes out is the mask
    #zh 输入全是 1，出来的就是掩码
    return dropout(np.ones(shape), p, np.random.default_rng(seed), training)


def written():
    try:
        return run(0.5) is not None
    except Exception:
        return True


def say(check, judge, *arguments):
    # judge gives what is wrong, "" if nothing is
    #zh judge 给出错在哪里；没有错就是 ""
    try:
        wrong = judge(*arguments) if written() else None
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong is None:
        print(f". {check}: not yet")  #zh f". {check}：还没写"
    elif wrong:
        print(f"- {check}: {wrong}")  #zh f"- {check}：{wrong}"
    else:
        print(f"+ {check}: right")  #zh f"+ {check}：对"
    score.append(wrong == "")


def share(p):
    # of 40,000 numbers the share that is dropped is within nine deviations of p
    #zh 四万个数里丢掉的比例，与 p 相差不超过九个标准差
    y = run(p)[0]
    if np.shape(y) != (200, 200):
        return f"has shape {np.shape(y)}"  #zh f"形状是 {np.shape(y)}"
    dropped = np.mean(y == 0)
    bound = 9 * np.sqrt(p * (1 - p) / y.size)
    if p > 0 and min(np.ptp(y, axis=1).max(), np.ptp(y, axis=0).max()) == 0:
        return "whole rows or columns are dropped: number by number"  #zh "整行或整列一起丢了：要逐个数来"
    if abs(dropped - p) <= bound:
        return ""
    if abs(1 - dropped - p) <= bound:
        return "p is the share that is dropped, not kept"  #zh "p 是丢掉的比例，不是留下的"
    return f"{dropped:.1%} are dropped, not {p:.0%}"  #zh f"丢掉了 {dropped:.1%}，应为 {p:.0%}"


def scale(p):
    y = run(p)[0]
    kept = y[y != 0]
    if np.abs(kept - 1 / (1 - p)).max() < 1e-9:
        return ""
    if np.abs(kept - 1).max() < 1e-9:
        return "what is kept must be larger now, not smaller in evaluation"  #zh "留下的要当场放大，不是等评估时再缩小"
    if np.abs(kept - 1 / p).max() < 1e-9:
        return "divided by p; what is left is 1 - p"  #zh "除成了 p；留下的是 1 - p"
    return "what is kept is divided by 1 - p"  #zh "留下的要除以 1 - p"


def evaluation():
    x = np.random.default_rng(1).standard_normal((3, 4))
    kept = x.copy()
    y, memory = dropout(x, 0.5, np.random.default_rng(0), False)
    if not np.array_equal(x, kept):
        return "x is changed"  #zh "x 被改动了"
    if not np.array_equal(y, x):
        return "in evaluation nothing is dropped and nothing scaled"  #zh "评估时什么也不丢，也不缩放"
    dx = dropout_backward(x, memory)
    if dx is None:
        return None
    return "" if np.array_equal(dx, x) else "in evaluation dy passes as it is"  #zh "评估时 dy 原样通过"


def backward(p):
    x = np.random.default_rng(2).standard_normal((30, 20))
    kept = x.copy()
    y, memory = dropout(x, p, np.random.default_rng(3), True)
    if not np.array_equal(x, kept):
        return "x is changed"  #zh "x 被改动了"
    dy = np.random.default_rng(4).standard_normal((30, 20))
    given = dy.copy()
    dx = dropout_backward(given, memory)
    if dx is None:
        return None
    if not np.array_equal(given, dy):
        return "dy is changed"  #zh "dy 被改动了"
    if np.abs(dx - dy * y / x).max() < 1e-9:
        return ""
    if np.abs(dx * (y == 0)).max() > 1e-9:
        return "a dropped number gets no gradient: the same mask"  #zh "丢掉的数没有梯度：要用同一个掩码"
    return "the gradient is scaled like the number"  #zh "数放大多少，梯度也放大多少"


def chance():
    one, same, other = (run(0.5, seed=seed)[0] for seed in (5, 5, 6))
    if not np.array_equal(one, same):
        return "the same seed drops other numbers: use rng"  #zh "同一个种子，丢的却不同：要用 rng"
    if np.array_equal(one, other):
        return "another seed drops the same numbers"  #zh "换了种子，丢的却相同"
    rng = np.random.default_rng(7)
    first, second = (dropout(np.ones(100), 0.5, rng, True)[0] for _ in range(2))
    return "each call draws anew" if np.array_equal(first, second) else ""  #zh "每次调用都要重新抽"


def float32():
    x = np.ones((5, 4), np.float32)
    y, memory = dropout(x, 0.5, np.random.default_rng(0), True)
    dx = dropout_backward(x, memory)
    if dx is None:
        return None
    kinds = {np.asarray(one).dtype.name for one in (y, dx)}
    return "" if kinds == {"float32"} else f"comes out as {sorted(kinds)}"  #zh f"出来的是 {sorted(kinds)}"


np.seterr(all="ignore")
for p in (0.3, 0.99, 0.0):
    say(f"p = {p}, dropped", share, p)  #zh f"p = {p}，丢掉的"
    say(f"p = {p}, kept", scale, p)  #zh f"p = {p}，留下的"

say("evaluation", evaluation)  #zh "评估"
say("backward", backward, 0.3)  #zh "反向"
say("chance", chance)  #zh "随机"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

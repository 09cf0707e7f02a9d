import numpy as np


def batch_norm(x, gamma, beta, eps):
    # x (B, D), gamma and beta (D,); returns y, and what backward needs
    #zh x 为 (B, D)，gamma、beta 为 (D,)；返回 y，以及反向传播要用的
    mean = x.mean(axis=0)
    inverse = 1 / np.sqrt(((x - mean) ** 2).mean(axis=0) + eps)
    normalized = (x - mean) * inverse
    return gamma * normalized + beta, (normalized, inverse)


# ---- yours ----
#zh ---- 你来写 ----
#solution
def backward(dy, gamma, normalized, inverse):
    # dy (B, D): the gradient of y; returns dx (B, D), dgamma (D,), dbeta (D,)
    #zh dy (B, D)：y 的梯度；返回 dx (B, D)、dgamma (D,)、dbeta (D,)
    # normalized (B, D), and inverse (D,), 1 over the deviation
    #zh normalized (B, D) 是归一化后的 x，inverse (D,) 是标准差的倒数
    dgamma = (dy * normalized).sum(axis=0)
    dbeta = dy.sum(axis=0)
    d = dy * gamma
    centred = d - d.mean(axis=0) - normalized * (d * normalized).mean(axis=0)
    return inverse * centred, dgamma, dbeta


#end
# ---- the judge: central differences of batch_norm; + right, - wrong, . not yet ----
#zh ---- 判卷：对 batch_norm 求中心差分；+ 对，- 错，. 还没写 ----
score = []


def draw(B, D, dtype=float):
    rng = np.random.default_rng(B)
    shapes = ((B, D), (D,), (D,), (B, D))
    return [(rng.standard_normal(shape) + 0.5).astype(dtype) for shape in shapes]


def answer(B, D, eps=0.1, dtype=float):
    x, gamma, beta, dy = draw(B, D, dtype)
    given = (dy, gamma, *batch_norm(x, gamma, beta, eps)[1])
    kept = [one.copy() for one in given]
    mine = backward(*given)
    if not np.array_equal(dy, kept[0]):
        raise ValueError("dy is changed")  #zh "dy 被改动了"
    if not all(np.array_equal(one, old) for one, old in zip(given, kept)):
        raise ValueError("what forward kept is changed")  #zh "前向留下的数组被改动了"
    return mine


def written():
    try:
        return answer(3, 2) is not None
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


def difference(B, D, which):
    p = draw(B, D)
    dy = p.pop()
    true = np.zeros_like(p[which])
    for index in np.ndindex(*true.shape):
        keep = p[which][index]
        p[which][index] = keep + 1e-5
        up = (dy * batch_norm(*p, 0.1)[0]).sum()
        p[which][index] = keep - 1e-5
        true[index] = (up - (dy * batch_norm(*p, 0.1)[0]).sum()) / 2e-5
        p[which][index] = keep
    return true


def off(mine, true):
    return not np.shape(mine) == true.shape or not np.abs(mine - true).max() < 1e-7


def gradient(which, B, D):
    mine, true = answer(B, D)[which], difference(B, D, which)
    if not off(mine, true):
        return ""
    if np.shape(mine) != true.shape:
        return f"has shape {np.shape(mine)}, not {true.shape}"  #zh f"形状是 {np.shape(mine)}，应为 {true.shape}"
    if which > 0 and not off(mine * B, true):
        return "sum over the batch, do not average"  #zh "对批求和，不要平均"
    if which > 0:
        return "off: dy alone, or dy times the normalized x, over the batch"  #zh "不对：dy 对批求和，或 dy 乘归一化的 x 再求和"
    x, gamma, beta, dy = draw(B, D)
    normalized, inverse = batch_norm(x, gamma, beta, 0.1)[1]
    if not off(mine * gamma, true):
        return "gamma is missing"  #zh "少乘了 gamma"
    if not off(mine * inverse, true):
        return "1 over the deviation is missing"  #zh "少除了标准差"
    if not off(mine, dy * gamma * inverse):
        return "mean and variance depend on x, too: two terms are missing"  #zh "平均和方差也随 x 变：少了两项"
    if np.abs(np.mean(mine, axis=0)).max() > 1e-7:
        return "the mean's share: a column of dx must sum to 0"  #zh "少了平均那一份：dx 每一列之和应为 0"
    return "the variance's share: how x moves the deviation"  #zh "少了方差那一份：x 一动，标准差也动"


def shifted():
    # a number added to a column of x changes nothing: its gradient is 0
    #zh x 的一列整体加一个数，结果不变：这一列梯度之和为 0
    dx = answer(7, 3)[0]
    if np.abs(dx.sum(axis=0)).max() < 1e-9:
        return ""
    return "the mean's share: a column of dx must sum to 0"  #zh "少了平均那一份：dx 每一列之和应为 0"


def single():
    # a batch of one is always beta: no gradient for x
    #zh 批里只有一个样本，输出恒为 beta：x 没有梯度
    dx = answer(1, 4)[0]
    return "" if np.abs(dx).max() < 1e-9 else "a batch of 1 gives beta, whatever x is"  #zh "批大小为 1 时，不管 x 是什么，输出都是 beta"


def float32():
    kinds = {np.asarray(one).dtype.name for one in answer(4, 3, dtype=np.float32)}
    return "" if kinds == {"float32"} else f"comes out as {sorted(kinds)}"  #zh f"出来的是 {sorted(kinds)}"


say("dx", gradient, 0, 5, 3)
say("dgamma", gradient, 1, 5, 3)
say("dbeta", gradient, 2, 5, 3)
say("dx, two examples, one feature", gradient, 0, 2, 1)  #zh "dx，两个样本，一个特征"
say("x shifted", shifted)  #zh "x 平移"
say("batch of 1", single)  #zh "批大小为 1"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

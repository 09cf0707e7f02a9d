import numpy as np


def attention(q, k, v):
    # causal; q and k (B, T, D), v and the outputs (B, T, E), the weights (B, T, T)
    #zh 因果注意力；q、k 为 (B, T, D)，v 和输出为 (B, T, E)，权重为 (B, T, T)
    scores = q @ k.swapaxes(1, 2) / q.shape[2] ** 0.5
    scores = np.where(np.tri(q.shape[1], dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=2, keepdims=True))
    weights = weights / weights.sum(axis=2, keepdims=True)
    return weights @ v, weights


# ---- yours ----
#zh ---- 你来写 ----
#solution
def backward(dout, q, k, v, weights):
    # dout (B, T, E): the gradient of the outputs; returns dq, dk, dv
    #zh dout (B, T, E)：输出的梯度；返回 dq, dk, dv
    dv = weights.swapaxes(1, 2) @ dout
    dweights = dout @ v.swapaxes(1, 2)
    mean = (weights * dweights).sum(axis=2, keepdims=True)
    dscores = weights * (dweights - mean) / q.shape[2] ** 0.5
    return dscores @ k, dscores.swapaxes(1, 2) @ q, dv


#end
# ---- the judge: central differences of attention; + right, - wrong, . not yet ----
#zh ---- 判卷：对 attention 求中心差分；+ 对，- 错，. 还没写 ----
score = []


def draw(B, T, D, E, dtype=float):
    rng = np.random.default_rng(T)
    shapes = ((B, T, D), (B, T, D), (B, T, E), (B, T, E))
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def written():
    try:
        q, k, v, dout = draw(1, 2, 2, 2)
        return backward(dout, q, k, v, attention(q, k, v)[1]) is not None
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


def error(mine, true):
    # relative to the largest number; infinite if the shapes differ
    #zh 相对于最大的那个数；形状不同就是无穷大
    if np.shape(mine) != true.shape:
        return np.inf
    return np.abs(mine - true).max() / max(np.abs(true).max(), 1e-9)


def difference(q, k, v, dout, which):
    true = np.zeros_like(which)
    for index in np.ndindex(*which.shape):
        keep = which[index]
        which[index] = keep + 1e-5
        up = (dout * attention(q, k, v)[0]).sum()
        which[index] = keep - 1e-5
        true[index] = (up - (dout * attention(q, k, v)[0]).sum()) / 2e-5
        which[index] = keep
    return true


def gradient(which, B, T, D, E):
    q, k, v, dout = draw(B, T, D, E)
    kept = dout.copy()
    answer = backward(dout, q, k, v, attention(q, k, v)[1])
    if not np.array_equal(dout, kept):
        return "dout is changed, and the caller still needs it"  #zh "dout 被改动了，调用者还要用"
    mine = answer[which]
    true = difference(q, k, v, dout, (q, k, v)[which])
    off = error(mine, true)
    if off < 1e-6:
        return ""
    if np.shape(mine) != true.shape:
        return f"has shape {np.shape(mine)}, not {true.shape}"  #zh f"形状是 {np.shape(mine)}，应为 {true.shape}"
    if which == 2:
        return f"off by {off:.0%}; v is reached through the weights"  #zh f"偏差 {off:.0%}；v 要经过权重才碰得到"
    if error(mine, true * D**0.5) < 1e-6:
        return "too large by the root of D, which divided the scores"  #zh "大了 √D 倍：打分是除过它的"
    if error(mine, true / D**0.5) < 1e-6:
        return "too small by the root of D: divided twice?"  #zh "小了 √D 倍：除了两次？"
    return f"off by {off:.0%}; {slope(mine)}"  #zh f"偏差 {off:.0%}；{slope(mine)}"


def slope(mine):
    if not np.isfinite(mine).all():
        return "not finite: masked weights are 0"  #zh "不是有限的数：被掩掉的权重是 0"
    return "does each row's softmax give back weights (d - mean of d)?"  #zh "每一行的 softmax 传回的是 weights (d - d 的平均) 吗？"


def first():
    # the first query sees one key alone: its weight is 1, whatever the score
    #zh 第一个 query 只看得到一个 key：不管打分多少，权重都是 1
    q, k, v, dout = draw(2, 4, 3, 2)
    dq = backward(dout, q, k, v, attention(q, k, v)[1])[0]
    if np.abs(dq[:, 0]).max() < 1e-9:
        return ""
    return "a weight of 1 does not move: the mean of d is missing"  #zh "权重为 1 就动不了：少减了 d 的平均"


def float32():
    q, k, v, dout = draw(2, 3, 5, 2, np.float32)
    answer = backward(dout, q, k, v, attention(q, k, v)[1])
    kinds = {np.asarray(one).dtype.name for one in answer}
    return "" if kinds == {"float32"} else f"comes out as {kinds}"  #zh f"出来的是 {kinds}"


for i, name in enumerate(("dq", "dk", "dv")):
    say(name, gradient, i, 2, 4, 3, 2)
    say(f"{name}, batch of 1", gradient, i, 1, 3, 2, 4)  #zh f"{name}，批大小为 1"

say("dq of the first query", first)  #zh "第一个 query 的 dq"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

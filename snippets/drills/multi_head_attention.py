import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def multi_head(x, Wq, Wk, Wv, Wo, heads):
    # x (B, T, D), each W (D, D); head n works on columns n D/heads to (n + 1) D/heads
    #zh x 为 (B, T, D)，每个 W 为 (D, D)；第 n 个头用第 n D/heads 到 (n + 1) D/heads 列
    # self-attention without a mask; returns (B, T, D)
    #zh 自注意力，不带掩码；返回 (B, T, D)
    B, T, D = x.shape
    split = (B, T, heads, D // heads)
    q = (x @ Wq).reshape(split).swapaxes(1, 2)  # (B, heads, T, D/heads)
    k = (x @ Wk).reshape(split).swapaxes(1, 2)
    v = (x @ Wv).reshape(split).swapaxes(1, 2)
    scores = q @ k.swapaxes(2, 3) / (D // heads) ** 0.5
    weights = np.exp(scores - scores.max(axis=3, keepdims=True))
    weights = weights / weights.sum(axis=3, keepdims=True)
    joined = (weights @ v).swapaxes(1, 2).reshape(B, T, D)
    return joined @ Wo


#end
# ---- the judge: closed forms; + right, - wrong, . not yet ----
#zh ---- 判卷：闭式解；+ 对，- 错，. 还没写 ----
score = []


def draw(B, T, D, dtype=float):
    rng = np.random.default_rng(D)
    shapes = ((B, T, D), (D, D), (D, D), (D, D), (D, D))
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def written():
    try:
        return multi_head(*draw(1, 2, 4), 2) is not None
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


def close(mine, true):
    return np.shape(mine) == np.shape(true) and np.abs(mine - true).max() < 1e-7


def alone(D, heads):
    # a step that sees itself alone gets its own value
    #zh 只看得到自己的一步，得到的就是自己的 value
    x, Wq, Wk, Wv, Wo = draw(3, 1, D)
    mine = multi_head(x, Wq, Wk, Wv, Wo, heads)
    if np.shape(mine) != x.shape:
        return f"has shape {np.shape(mine)}, not {x.shape}"  #zh f"形状是 {np.shape(mine)}，应为 {x.shape}"
    if close(mine, x @ Wv @ Wo):
        return ""
    if close(mine, x @ Wv):
        return "Wo is missing"  #zh "少乘了 Wo"
    return "one step alone must give x Wv Wo"  #zh "只有一步时，结果应当是 x Wv Wo"


def average(heads):
    # scores of 0: everybody takes the mean
    #zh 打分全为 0 时，每一步取的都是平均
    x, Wq, Wk, Wv, Wo = draw(2, 3, 6)
    mine = multi_head(x, 0 * Wq, Wk, Wv, Wo, heads)
    if close(mine, (x @ Wv @ Wo).mean(axis=1, keepdims=True) + 0 * x):
        return ""
    return "reshape moves no axis: swap before and after"  #zh "reshape 不会换轴：拆开后要换，合并前要换回来"


def weights(D, heads):
    # as many steps as a head has columns, Wv = Wo = 1: the weights can be solved for
    #zh 步数等于每个头的列数，再令 Wv = Wo = 1，就能解出权重
    T = D // heads
    x, Wq, Wk, one, _ = draw(2, T, D)
    one = np.eye(D)
    mine = multi_head(x, Wq / D, Wk, one, one, heads)
    for n in range(heads):
        own = slice(n * T, (n + 1) * T)
        solved = mine[..., own] @ np.linalg.inv(x[..., own])
        if not close(solved.sum(axis=2), np.ones((2, T))):
            return "the weights of a head do not sum to 1"  #zh "一个头的权重之和不是 1"
        q, k = x @ Wq[:, own] / D, x @ Wk[:, own]
        true = np.einsum("btd,bsd->bts", q, k[:, 1:] - k[:, :1])
        ratio = np.log(np.abs(solved[..., 1:] / solved[..., :1]))
        if close(ratio, true / D**0.5) and heads > 1:
            return "divided by the root of D; a head has D / heads"  #zh "除的是 √D；一个头只有 D / heads 维"
        if close(ratio, true):
            return "the scores are not divided"  #zh "打分没有除以 √(D / heads)"
        if not close(ratio, true / T**0.5):
            return f"head {n} is off: which columns, which divisor?"  #zh f"第 {n} 个头不对：用哪些列，除以什么？"
    return ""


def examples():
    x, Wq, Wk, Wv, Wo = draw(3, 4, 6)
    whole = multi_head(x, Wq, Wk, Wv, Wo, 2)
    single = multi_head(x[1:2], Wq, Wk, Wv, Wo, 2)
    if not close(single, whole[1:2]):
        return "an example alone gives something else"  #zh "单独一个样本，结果就不同"
    moved = multi_head(x[:, ::-1], Wq, Wk, Wv, Wo, 2)
    if not close(moved, whole[:, ::-1]):
        return "steps in another order give more than another order"  #zh "各步换了顺序，结果不只是换了顺序"
    return ""


def large(size):
    x, Wq, Wk, Wv, Wo = draw(2, 4, 6)
    if np.isfinite(multi_head(size * x, Wq, Wk, Wv, Wo, 3)).all():
        return ""
    return "not finite: subtract each row's largest score"  #zh "不是有限的数：每一行先减去最大的打分"


def float32():
    kind = np.asarray(multi_head(*draw(2, 3, 8, np.float32), 2)).dtype.name
    return "" if kind == "float32" else f"comes out as {kind}"  #zh f"出来的是 {kind}"


say("one step", alone, 6, 3)  #zh "只有一步"
say("equal scores", average, 2)  #zh "打分相等"
say("one head", weights, 4, 1)  #zh "一个头"
say("three heads", weights, 12, 3)  #zh "三个头"
say("each example for itself", examples)  #zh "样本之间互不相干"
say("large inputs", large, 100)  #zh "很大的输入"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

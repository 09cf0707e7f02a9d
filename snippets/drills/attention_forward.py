import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def attention(q, k, v, causal):
    # q (B, T, D), k (B, S, D), v (B, S, E)
    #zh q 为 (B, T, D)，k 为 (B, S, D)，v 为 (B, S, E)
    # causal: T = S, and query t sees the keys 0 to t alone
    #zh causal：此时 T = S，第 t 个 query 只看第 0 到 t 个 key
    # returns the outputs (B, T, E) and the weights (B, T, S)
    #zh 返回输出 (B, T, E) 和权重 (B, T, S)
    scores = q @ k.swapaxes(1, 2) / q.shape[-1] ** 0.5
    if causal:
        scores = np.where(np.tri(q.shape[1], dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ v, weights


#end
# ---- the judge: closed forms; + right, - wrong, . not yet ----
#zh ---- 判卷：闭式解；+ 对，- 错，. 还没写 ----
score = []


def draw(B, T, S, D, E, dtype=float):
    rng = np.random.default_rng(S)
    shapes = ((B, T, D), (B, S, D), (B, S, E))
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def written():
    try:
        return attention(*draw(1, 2, 2, 2, 2), False) is not None
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


def close(mine, true, digits=1e-9):
    return np.shape(mine) == np.shape(true) and np.abs(mine - true).max() < digits


def shapes(B, T, S, D, E):
    q, k, v = draw(B, T, S, D, E)
    kept = [q.copy(), k.copy(), v.copy()]
    out, weights = attention(q, k, v, False)
    if not all(np.array_equal(one, old) for one, old in zip((q, k, v), kept)):
        return "the inputs are changed"  #zh "输入被改动了"
    if np.shape(out) != (B, T, E) or np.shape(weights) != (B, T, S):
        return f"shapes {np.shape(out)} and {np.shape(weights)}"  #zh f"形状是 {np.shape(out)} 和 {np.shape(weights)}"
    if not close(weights.sum(axis=-1), np.ones((B, T))):
        return "weights do not sum to 1 over the keys: which axis?"  #zh "权重对 key 求和不是 1：沿哪个轴？"
    if not close(out, np.einsum("bts,bse->bte", weights, v)):
        return "the output is not the weighted mean of v"  #zh "输出不是 v 的加权平均"
    return ""


def ratio(D):
    # the logarithm of two weights' ratio is known
    #zh 两个权重之比的对数是知道的
    q, k, v = draw(2, 3, 4, D, 2)
    weights = attention(q, k, v, False)[1]
    mine = np.log(weights[..., 1:] / weights[..., :1])
    true = np.einsum("btd,bsd->bts", q, k[:, 1:] - k[:, :1])
    if close(mine, true / D**0.5):
        return ""
    if close(mine, true):
        return "the scores are not divided by the root of D"  #zh "打分没有除以 D 的平方根"
    if close(mine, true / D):
        return "divided by D, not by its root"  #zh "除的是 D，不是它的平方根"
    return "the scores are not those of q and k; by what are they divided?"  #zh "打分不是 q 和 k 的；除的是什么？"


def causal(T):
    q, k, v = draw(2, T, T, 3, 2)
    out, weights = attention(q, k, v, True)
    later = np.triu(np.ones((T, T)), 1)
    if not close(weights * later, np.zeros((2, T, T))):
        if close(weights * later.T, np.zeros((2, T, T))):
            return "each sees the future alone: the mask is upside down"  #zh "看到的恰好是未来：掩码反了"
        return "a query sees later keys"  #zh "query 看到了后面的 key"
    if not close(weights.sum(axis=-1), np.ones((2, T))):
        return "weights no longer sum to 1: mask before the softmax"  #zh "权重之和不再是 1：掩码要放在 softmax 之前"
    free = attention(q[:, -1:], k, v, False)[0]
    if not close(out[:, -1:], free):
        return "the last query must see all keys, itself too"  #zh "最后一个 query 应当看到所有 key，包括自己"
    if not close(out[:, 0], v[:, 0]):
        return "the first query sees itself alone"  #zh "第一个 query 只看得到自己"
    return ""


def large(size):
    q, k, v = draw(1, 3, 3, 4, 2)
    out = attention(size * q, size * k, v, True)[0]
    if not np.isfinite(out).all():
        return "not finite: subtract each query's largest score"  #zh "不是有限的数：每个 query 先减去自己最大的打分"
    return "" if close(out[:, 0], v[:, 0]) else "the first query sees itself"  #zh "第一个 query 只看得到自己"


def float32():
    answer = attention(*draw(2, 3, 3, 5, 2, np.float32), True)
    kinds = {np.asarray(one).dtype.name for one in answer}
    if kinds == {"float32"}:
        return ""
    return f"comes out as {kinds}; np.sqrt(D) is a float64"  #zh f"出来的是 {kinds}；np.sqrt(D) 是 float64"


say("shapes and sums", shapes, 2, 3, 5, 4, 6)  #zh "形状与求和"
say("batch of 1, one query, one key", shapes, 1, 1, 1, 3, 2)  #zh "批大小 1，一个 query，一个 key"
say("scores", ratio, 7)  #zh "打分"
say("causal mask", causal, 5)  #zh "因果掩码"
say("large scores", large, 300)  #zh "很大的打分"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

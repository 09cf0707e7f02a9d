import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def layer_norm(x, gamma, beta, eps):
    # x (..., D), gamma and beta (D,); returns y, and whatever the backward pass needs
    #zh x 为 (..., D)，gamma、beta 为 (D,)；返回 y，以及反向传播要用的任何东西
    centred = x - x.mean(axis=-1, keepdims=True)
    inverse = 1 / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps)
    n = centred * inverse
    return gamma * n + beta, (gamma, n, inverse)


def layer_norm_backward(dy, kept):
    # returns dx (..., D), dgamma (D,), dbeta (D,)
    #zh 返回 dx (..., D)、dgamma (D,)、dbeta (D,)
    gamma, n, inverse = kept
    d = dy * gamma
    along = n * (d * n).mean(axis=-1, keepdims=True)
    dx = inverse * (d - d.mean(axis=-1, keepdims=True) - along)
    rest = tuple(range(dy.ndim - 1))
    return dx, (dy * n).sum(axis=rest), dy.sum(axis=rest)


def rms_norm(x, gamma, eps):
    # divides by the root of the mean square alone; returns y, and whatever you need
    #zh 只除以均方根；返回 y，以及要用的任何东西
    inverse = 1 / np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps)
    return gamma * x * inverse, (gamma, x * inverse, inverse)


def rms_norm_backward(dy, kept):
    # returns dx (..., D), dgamma (D,)
    #zh 返回 dx (..., D)、dgamma (D,)
    gamma, n, inverse = kept
    d = dy * gamma
    dx = inverse * (d - n * (d * n).mean(axis=-1, keepdims=True))
    return dx, (dy * n).sum(axis=tuple(range(dy.ndim - 1)))


#end
# ---- the judge: invariants and differences; + right, - wrong, . not yet ----
#zh ---- 判卷：不变量和差分；+ 对，- 错，. 还没写 ----
score = []


def draw(shape, dtype=float):
    rng = np.random.default_rng(len(shape))
    D = shape[-1:]
    made = [rng.standard_normal(one) + 0.5 for one in (shape, D, D, shape)]
    return [one.astype(dtype) for one in made]


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


def normalized(rms, shape):
    x = 3 * draw(shape)[0] + 2
    kept, one, zero = x.copy(), np.ones(shape[-1]), np.zeros(shape[-1])
    answer = rms_norm(x, one, 0.0) if rms else layer_norm(x, one, zero, 0.0)
    if answer is None:
        return None
    y = answer[0]
    if not np.array_equal(x, kept):
        return "x is changed"  #zh "x 被改动了"
    if np.shape(y) != shape:
        return f"has shape {np.shape(y)}, not {shape}"  #zh f"形状是 {np.shape(y)}，应为 {shape}"
    mean, square = y.mean(axis=-1), (y**2).mean(axis=-1)
    if not rms and np.abs(mean).max() > 1e-9:
        return "each example must have mean 0 over its features"  #zh "每个样本对特征的平均应为 0"
    if rms and np.abs(mean).max() < 1e-9:
        return "RMSNorm subtracts no mean"  #zh "RMSNorm 不减平均"
    if np.abs(square - 1).max() < 1e-9:
        return ""
    if rms and np.ptp(y / x, axis=-1).max() > 1e-9:
        return "all features are divided by the same number"  #zh "所有特征除以同一个数"
    return "the mean square must be 1: by D, not D - 1, and a root"  #zh "均方应为 1：除以 D，不是 D - 1，再开方"


def scaled(rms):
    x, gamma, beta, _ = draw((3, 4))
    one, zero = np.ones(4), np.zeros(4)
    plain = rms_norm(x, one, 0.1) if rms else layer_norm(x, one, zero, 0.1)
    if plain is None:
        return None
    full = rms_norm(x, gamma, 0.1) if rms else layer_norm(x, gamma, beta, 0.1)
    if np.abs(full[0] - gamma * plain[0] - (0 if rms else beta)).max() > 1e-9:
        return "gamma multiplies feature by feature, beta is added after"  #zh "gamma 逐个特征相乘，beta 最后再加"
    # a vector as long as eps: the root of 1/2 is left
    #zh 向量的均方恰好等于 eps 时，剩下 √(1/2)
    tiny = np.array([[-1e-2, 1e-2]])
    two = np.ones(2)
    answer = rms_norm(tiny, two, 1e-4) if rms else layer_norm(tiny, two, 0 * two, 1e-4)
    off = abs(answer[0][0, 1] - 0.5**0.5)
    return "" if off < 1e-9 else "eps is added inside the root"  #zh "eps 加在根号里面"


def backward(rms, which, shape):
    p = draw(shape)
    dy = p.pop()
    forward, back = layer_norm, layer_norm_backward
    if rms:
        p.pop()
        forward, back = rms_norm, rms_norm_backward
    answer = forward(*p, 0.1)
    if answer is None:
        return None
    given = dy.copy()
    mine = back(given, answer[1])
    if mine is None:
        return None
    if not np.array_equal(given, dy):
        return "dy is changed"  #zh "dy 被改动了"
    mine, true = mine[which], np.zeros_like(p[which])
    for index in np.ndindex(*true.shape):
        keep = p[which][index]
        p[which][index] = keep + 1e-5
        up = (dy * forward(*p, 0.1)[0]).sum()
        p[which][index] = keep - 1e-5
        true[index] = (up - (dy * forward(*p, 0.1)[0]).sum()) / 2e-5
        p[which][index] = keep
    if np.shape(mine) != true.shape:
        return f"has shape {np.shape(mine)}, not {true.shape}"  #zh f"形状是 {np.shape(mine)}，应为 {true.shape}"
    if np.abs(mine - true).max() < 1e-7:
        return ""
    if which > 0:
        return "is a sum over all examples"  #zh "是对所有样本求和"
    if not rms and np.abs(mine.sum(axis=-1)).max() > 1e-7:
        return "the mean's share: over the features dx sums to 0"  #zh "少了平均那一份：dx 对特征求和应为 0"
    return "the length's share: how x moves what divides it"  #zh "少了长度那一份：x 一动，除数也动"


def float32(rms):
    x, gamma, beta, dy = draw((3, 4), np.float32)
    back = rms_norm_backward if rms else layer_norm_backward
    answer = rms_norm(x, gamma, 1e-5) if rms else layer_norm(x, gamma, beta, 1e-5)
    if answer is None:
        return None
    mine = back(dy, answer[1])
    if mine is None:
        return None
    kinds = {np.asarray(one).dtype.name for one in (answer[0], *mine)}
    return "" if kinds == {"float32"} else f"comes out as {sorted(kinds)}"  #zh f"出来的是 {sorted(kinds)}"


for name, rms in (("LN", False), ("RMS", True)):
    say(f"{name}, forward", normalized, rms, (2, 3, 4))  #zh f"{name}，前向"
    say(f"{name}, one example", normalized, rms, (5,))  #zh f"{name}，一个样本"
    say(f"{name}, gamma, beta, eps", scaled, rms)
    say(f"{name}, dx", backward, rms, 0, (2, 3, 4))
    say(f"{name}, dx, one example", backward, rms, 0, (1, 5))  #zh f"{name}，dx，一个样本"
    say(f"{name}, dgamma", backward, rms, 1, (2, 3, 4))
    say(f"{name}, float32", float32, rms)

say("LN, dbeta", backward, False, 2, (2, 3, 4))
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

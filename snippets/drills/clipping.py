import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def clip(grads, limit):
    # grads: a list of arrays of any shape; returns the clipped list and the norm before
    #zh grads：一列数组，形状不限；返回裁剪后的一列，和裁剪前的范数
    # one norm for all of them together; the arrays that came in stay as they are
    #zh 所有数组合在一起算一个范数；传进来的数组不要改动
    norm = np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads))
    factor = float(limit / max(norm, limit))
    return [factor * g for g in grads], norm


#end
# ---- the judge: closed forms; + right, - wrong, . not yet ----
#zh ---- 判卷：闭式解；+ 对，- 错，. 还没写 ----
score = []


def draw():
    rng = np.random.default_rng(0)
    shapes = ((3, 4), (4,), (2, 3, 2), ())
    return [np.asarray(rng.standard_normal(shape)) for shape in shapes]


def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


def written():
    try:
        return clip(draw(), 1.0) is not None
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


def long():
    # a gradient of three arrays whose norm is 13: 3, 4 and 12 long
    #zh 三个数组，长度为 3、4、12，合起来的范数是 13
    grads = [np.array([3.0]), np.array([[0.0, 4.0]]), np.full(9, 4.0)]
    kept = [g.copy() for g in grads]
    mine, norm = clip(grads, 6.5)
    if not all(np.array_equal(g, k) for g, k in zip(grads, kept)):
        return "the gradients that came in are changed"  #zh "传进来的梯度被改动了"
    if [np.shape(m) for m in mine] != [g.shape for g in grads]:
        return "shapes are lost"  #zh "形状丢了"
    ratio = flat(mine) / np.where(flat(grads) == 0, 1, flat(grads))
    ratio = ratio[flat(grads) != 0]
    if np.ptp(ratio) > 1e-6 and ratio[0] == 1 and ratio[1] == 1:
        return "each array has a factor of its own: one norm for all"  #zh "每个数组各有各的系数：范数要合在一起算"
    if np.ptp(ratio) > 1e-6:
        return "the direction has changed: scale, do not cut each number"  #zh "方向变了：要整体缩小，不是逐个截断"
    if abs(ratio[0] * 13 - 6.5) > 1e-3:
        return f"the norm is {ratio[0] * 13:.2f} afterwards, not 6.5"  #zh f"裁剪后范数是 {ratio[0] * 13:.2f}，不是 6.5"
    return "" if abs(norm - 13) < 1e-9 else "the norm returned is not 13"  #zh "返回的范数不是 13"


def short():
    grads = draw()
    before = np.linalg.norm(flat(grads))
    mine, norm = clip(grads, 2 * before)
    if abs(np.linalg.norm(flat(mine)) - before) > 1e-5:
        return "a short gradient must stay as it is"  #zh "本来就短的梯度，不该动"
    mine, norm = clip(grads, before * 1.0000001)
    return "" if abs(norm - before) < 1e-9 else "the norm before is returned"  #zh "要返回裁剪前的范数"


def zero():
    mine, norm = clip([np.zeros(3), np.zeros((2, 2))], 1.0)
    if not np.isfinite(flat(mine)).all():
        return "0 / 0: a gradient of zero has norm 0"  #zh "0 / 0：零梯度的范数是 0"
    return "" if norm == 0 and not flat(mine).any() else "zero stays zero"  #zh "零还是零"


def single(length, dtype):
    grads = [np.full(4, length / 2, dtype)]
    mine, norm = clip(grads, 1.0)
    if not abs(norm / length - 1) < 1e-3:
        return f"norm {norm} for one of {length:.0e}: squares overflow"  #zh f"算出的范数是 {norm}，本是 {length:.0e}：平方溢出了"
    if np.asarray(mine[0]).dtype != dtype:
        return f"comes out as {np.asarray(mine[0]).dtype}"  #zh f"出来的是 {np.asarray(mine[0]).dtype}"
    return "" if abs(np.linalg.norm(mine[0]) - 1) < 1e-3 else "off"  #zh "不对"


def broken():
    # one NaN makes the norm NaN, by which the caller sees it
    #zh 有一个 NaN，范数就是 NaN，调用者才看得出来
    grads = draw()
    grads[1][2] = np.nan
    norm = clip(grads, 1.0)[1]
    return "" if np.isnan(norm) else "a NaN is hidden"  #zh "NaN 被藏起来了"


np.seterr(all="ignore")
say("a long gradient", long)  #zh "太长的梯度"
say("a short one", short)  #zh "不长的梯度"
say("zero", zero)  #zh "零梯度"
say("one long array", single, 1e3, np.float64)  #zh "只有一个很长的数组"
say("float32, very long", single, 1e25, np.float32)  #zh "float32，极长的梯度"
say("NaN", broken)
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

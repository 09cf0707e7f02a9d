import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def gradient_check(f, g, x):
    # f(x) is a number, g(x) is said to be its gradient; x is float64, of any shape
    #zh f(x) 是一个数，g(x) 据说是它的梯度；x 是 float64 数组，形状不限
    # returns how far g is off, relative to the true gradient; x stays as it is
    #zh 返回 g 的误差，相对于真实的梯度；x 要保持原样
    true = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        keep = x[index]
        x[index] = keep + 1e-5
        up = f(x)
        x[index] = keep - 1e-5
        down = f(x)
        x[index] = keep
        true[index] = (up - down) / 2e-5
    error = np.abs(g(x) - true).max()
    return error / max(np.abs(true).max(), 1e-30)


#end
# ---- the judge: gradients with bugs in them; + right, - wrong, . not yet ----
#zh ---- 判卷：埋了错的梯度；+ 对，- 错，. 还没写 ----
score = []
rng = np.random.default_rng(0)
A = rng.standard_normal((4, 4))


def cubes(x):
    return (A[: len(x)] * x**3).sum()


def slopes(x):
    return 3 * A[: len(x)] * x**2


def written():
    try:
        return gradient_check(cubes, slopes, np.ones((2, 4))) is not None
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


def right(x):
    kept = x.copy()
    error = gradient_check(cubes, slopes, x)
    if not np.array_equal(x, kept):
        return "x is left changed"  #zh "x 没有还原"
    if np.shape(error) != ():
        return f"one number, please, not {np.shape(error)}"  #zh f"只要一个数，不要 {np.shape(error)}"
    if error >= 0 and error < 1e-7:
        return ""
    if abs(error - 0.5) < 0.01 or abs(error - 1) < 0.01:
        return f"a right gradient is {error:.0%} off: two steps apart?"  #zh f"梯度是对的，却说偏了 {error:.0%}：两点相距两步？"
    return f"a right gradient is {error:.0e} off: which step, which difference?"  #zh f"梯度是对的，却说偏了 {error:.0e}：步长多大，哪种差分？"


def planted(bug, scale=1.0):
    # a wrong gradient must be called wrong
    #zh 梯度错了，就得说它错
    def loss(x):
        return scale * cubes(x)
    def claimed(x):
        return scale * bug(slopes(x), x)
    error = gradient_check(loss, claimed, rng.standard_normal((4, 4)))
    if not error < 1e-3:
        return ""
    if scale < 1:
        return "not caught: the error must be relative"  #zh "没抓住：误差要算相对的"
    return f"not caught, error {error:.0e}; every number counts, and its sign"  #zh f"没抓住，误差 {error:.0e}；每个数都要查，还要取绝对值"


def doubled(d, x):
    return 2 * d


def smaller(d, x):
    return 0.9 * d


def lower(d, x):
    return d - 0.1 * np.abs(d)


def last(d, x):
    d[-1, -1] = 1.05 * d[-1, -1] + 0.05 * np.abs(d).max()
    return d


def swapped(d, x):
    return d.T


def vanished(d, x):
    return 0 * d


def broken(d, x):
    d[1, 1] = np.nan
    return d


def flat():
    # a loss that does not move: no division of 0 by 0
    #zh 损失不动的时候，不能出现 0 除以 0
    error = gradient_check(lambda x: 1.0, np.zeros_like, np.ones(3))
    if not error == 0:
        return f"error {error} where both are 0"  #zh f"两边都是 0，误差却是 {error}"
    error = gradient_check(lambda x: 1.0, np.ones_like, np.ones(3))
    return "" if error > 1e-3 else "a gradient where there is none is not caught"  #zh "本来没有梯度却给了一个，没抓住"


np.seterr(all="ignore")
say("a right gradient", right, rng.standard_normal((3, 4)))  #zh "对的梯度"
say("one number", right, np.array([[0.7, 0.0, 0.0, 0.0]]))  #zh "只有一个数不为零"
say("a view of other arrays", right, rng.standard_normal((8, 3)).T[:, ::2])  #zh "不连续的视图"
say("twice too large", planted, doubled)  #zh "大了一倍"
say("a tenth too small", planted, smaller)  #zh "小了一成"
say("too low everywhere", planted, lower)  #zh "处处偏低"
say("the last number alone is off", planted, last)  #zh "只错最后一个数"
say("transposed", planted, swapped)  #zh "转置了"
say("all zeros", planted, vanished)  #zh "全是零"
say("NaN in it", planted, broken)  #zh "里面有 NaN"
say("a tiny loss", planted, doubled, 1e-9)  #zh "损失极小"
say("a loss that does not move", flat)  #zh "损失不动"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def adam(w, g, m, v, n, rate, b1, b2, eps):
    # one update, the n-th (1, 2, ...), of the weights w with the gradient g
    #zh 用梯度 g 对权重 w 做第 n 次更新（n 从 1 数起）
    # m, v: the running means of g and g**2; returns the new w, m, v, changes nothing
    #zh m、v：g 和 g**2 的滑动平均；返回新的 w、m、v，传进来的不改动
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    size = np.sqrt(v / (1 - b2**n)) + eps
    w = w - rate * (m / (1 - b1**n)) / size
    return w, m, v


#end
# ---- the judge: closed forms; + right, - wrong, . not yet ----
#zh ---- 判卷：闭式解；+ 对，- 错，. 还没写 ----
score = []


def steps(gradients, eps=0.0):
    # the steps that adam takes for these gradients, from weights of 0
    #zh 从 0 出发，adam 对这些梯度走出的每一步
    w, m, v, taken = np.zeros_like(gradients[0]), 0 * gradients[0], 0 * gradients[0], []
    for n, g in enumerate(gradients, 1):
        moved, m, v = adam(w, g, m, v, n, 0.1, 0.9, 0.999, eps)
        taken.append(w - moved)
        w = moved
    return np.array(taken), m, v


def written():
    try:
        one = np.ones(2)
        return adam(one, one, one, one, 1, 0.1, 0.9, 0.99, 0.0) is not None
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
    return np.shape(mine) == np.shape(true) and np.abs(mine - true).max() < 1e-9


def constant(size):
    # a gradient that never changes: with both corrections each step is the rate
    #zh 梯度从不改变：两个修正都做，每一步就恰好是学习率
    g = np.array([size, -size])
    taken = steps([g] * 50)[0]
    if np.abs(taken - 0.1 * np.sign(g)).max() < 1e-9:
        return ""
    if taken[0, 0] < 0:
        return "the step climbs: subtract it"  #zh "这一步在上坡：要减去它"
    if abs(taken[0, 0] / 0.1 - 0.1 / 0.001**0.5) < 1e-6:
        return "both means start at 0: correct them"  #zh "两个平均都从 0 开始：要修正"
    if abs(taken[0, 0] / 0.1 - 0.1) < 1e-6:
        return "m is not corrected"  #zh "m 没有修正"
    if abs(taken[0, 0] / 0.1 - 1 / 0.001**0.5) < 1e-6:
        return "v is not corrected"  #zh "v 没有修正"
    if abs(taken[0, 0] / 0.1 - 1) < 1e-6:
        return "right at first, then not: the correction goes with n"  #zh "第一步对，后面不对：修正随 n 变"
    return "each step should be the rate, whatever the gradient's size"  #zh "不管梯度多大，每一步都应是学习率"


def means():
    # after gradients 1, 0, 0: m and v are known
    #zh 梯度依次为 1、0、0：m 和 v 是知道的
    one = np.array([1.0])
    _, m, v = steps([one, 0 * one, 0 * one])
    if not close(m, 0.1 * 0.9**2 * one):
        return f"m is {m[0]:.4f}, not 0.0810"  #zh f"m 是 {m[0]:.4f}，应为 0.0810"
    if not close(v, 0.001 * 0.999**2 * one):
        return f"v is {v[0]:.6f}, not 0.000998"  #zh f"v 是 {v[0]:.6f}，应为 0.000998"
    return ""


def elementwise():
    # each weight by itself
    #zh 每个权重各管各的
    rng = np.random.default_rng(0)
    gradients = [rng.standard_normal((2, 3)) for _ in range(7)]
    whole = steps(gradients)[0]
    part = steps([g[1:, 2:] for g in gradients])[0]
    if np.shape(whole) != (7, 2, 3):
        return f"shapes change to {np.shape(whole)[1:]}"  #zh f"形状变成了 {np.shape(whole)[1:]}"
    if not close(part, whole[:, 1:, 2:]):
        return "weights depend on each other: v is no norm"  #zh "权重之间互相影响：v 不是范数"
    # two steps of different gradients, worked out by hand
    #zh 两步，梯度不同，手算
    step = steps([np.array([1.0]), np.array([-2.0])])[0][1, 0]
    true = 0.1 * (0.09 - 0.2) / 0.19 / ((0.000999 + 0.004) / 0.001999) ** 0.5
    return "" if abs(step - true) < 1e-9 else "two gradients of different sign"  #zh "两个符号相反的梯度"


def epsilon():
    # a gradient of eps: half the rate, because eps stands outside the root
    #zh 梯度等于 eps：走半个学习率，因为 eps 在根号外面
    step = steps([np.array([1e-8])], eps=1e-8)[0][0, 0]
    if abs(step / 0.1 - 0.5) < 1e-6:
        return ""
    if abs(step / 0.1) < 1e-3:
        return "eps stands outside the root"  #zh "eps 应在根号外面"
    return "eps is added to the root of the corrected v"  #zh "eps 加在修正后的 v 的平方根上"


def zero():
    step, m, v = steps([np.zeros(2)] * 3, eps=1e-8)
    return "" if close(step, np.zeros((3, 2))) else "no gradient, no step"  #zh "没有梯度，就不该走"


def kept():
    arrays = [np.ones(3), np.full(3, 2.0), np.zeros(3), np.zeros(3)]
    old = [array.copy() for array in arrays]
    adam(*arrays, 1, 0.1, 0.9, 0.99, 1e-8)
    same = all(np.array_equal(array, one) for array, one in zip(arrays, old))
    return "" if same else "the arrays that came in are changed"  #zh "传进来的数组被改动了"


def float32():
    arrays = [np.ones(3, np.float32)] * 4
    kinds = {np.asarray(a).dtype.name for a in adam(*arrays, 3, 0.1, 0.9, 0.99, 1e-8)}
    return "" if kinds == {"float32"} else f"comes out as {kinds}"  #zh f"出来的是 {kinds}"


np.seterr(all="ignore")
say("a constant gradient", constant, 3.0)  #zh "梯度不变"
say("a small one", constant, 1e-4)  #zh "梯度很小"
say("the running means", means)  #zh "滑动平均"
say("weight by weight", elementwise)  #zh "逐个权重"
say("eps", epsilon)
say("no gradient", zero)  #zh "没有梯度"
say("inputs stay", kept)  #zh "输入不变"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

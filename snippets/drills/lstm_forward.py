import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# ---- yours ----
#zh ---- 你来写 ----
#solution
def lstm(x, h, c, W, U, b):
    # x (T, B, D), h and c (B, H); W (D, 4H), U (H, 4H), b (4H,): gates i, f, g, o
    #zh x 为 (T, B, D)，h、c 为 (B, H)；W (D, 4H)、U (H, 4H)、b (4H,) 里门的顺序是 i, f, g, o
    # returns all hidden states (T, B, H) and the last cell state (B, H)
    #zh 返回所有的隐藏状态 (T, B, H) 和最后的细胞状态 (B, H)
    hs = []
    for t in range(len(x)):
        i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        hs.append(h)
    return np.array(hs), c


#end
# ---- the judge: closed forms and invariants; + right, - wrong, . not yet ----
#zh ---- 判卷：闭式解和不变量；+ 对，- 错，. 还没写 ----
score = []
OPEN, SHUT = 50.0, -50.0


def draw(T, B, D, H, dtype=float):
    rng = np.random.default_rng(T)
    shapes = ((T, B, D), (B, H), (B, H), (D, 4 * H), (H, 4 * H), (4 * H,))
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def written():
    try:
        return lstm(*draw(1, 1, 1, 1)) is not None
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


def shapes(T, B, D, H):
    arguments = draw(T, B, D, H)
    kept = [one.copy() for one in arguments]
    hs, c = lstm(*arguments)
    if np.shape(hs) != (T, B, H) or np.shape(c) != (B, H):
        return f"shapes {np.shape(hs)} and {np.shape(c)}"  #zh f"形状是 {np.shape(hs)} 和 {np.shape(c)}"
    if not all(np.array_equal(one, old) for one, old in zip(arguments, kept)):
        return "what came in is changed"  #zh "传进来的数组被改动了"
    return ""


def gates(i, f, g, o, steps=1):
    # three units whose gates are set by b alone
    #zh 三个单元，门只由 b 决定
    x, h, c, W, U, b = draw(steps, 2, 3, 3)
    hs, last = lstm(0 * x, 0 * h, c, W, U, np.repeat([i, f, g, o], 3))
    return hs, last, c


def conveyor():
    hs, last, c = gates(SHUT, OPEN, 1.0, OPEN, 100)
    if not close(last, c):
        return "with f open and i shut c must stay for 100 steps"  #zh "f 全开、i 全关，c 应当一百步不变"
    if not close(hs[-1], np.tanh(c)):
        return "with o open h is tanh(c)"  #zh "o 全开时 h 是 tanh(c)"
    return ""


def written_over():
    hs, last, c = gates(OPEN, SHUT, 0.3, OPEN)
    if close(last, 0 * c + np.tanh(0.3)):
        return "" if close(hs[-1], np.tanh(last)) else "h is made of the new c"  #zh "h 由新的 c 算出"
    if close(last, 0 * c + sigmoid(0.3)):
        return "g has the sigmoid; it may be negative: tanh"  #zh "g 用了 sigmoid；它可正可负，应是 tanh"
    return "with i open and f shut c is tanh(g)"  #zh "i 全开、f 全关时 c 是 tanh(g)"


def closed():
    hs, last, c = gates(SHUT, OPEN, 1.0, SHUT)
    if close(hs[-1], 0 * c) and close(last, c):
        return ""
    return "with o shut h is 0, and c stays"  #zh "o 全关时 h 是 0，c 不变"


def halves():
    # gates of one half: c after T steps is a geometric sum
    #zh 三个门都是一半：T 步之后的 c 是等比级数
    T, g = 6, np.tanh(0.7)
    x, h, c, W, U, b = draw(T, 2, 3, 3)
    last = lstm(0 * x, h, c, W, 0 * U, np.repeat([0.0, 0.0, 0.7, 0.0], 3))[1]
    if close(last, 0.5**T * c + g * (1 - 0.5**T)):
        return ""
    return "with gates of 1/2, c is c / 2 + tanh(g) / 2 at each step"  #zh "门都是 1/2 时，每一步 c 变成 c / 2 + tanh(g) / 2"


def scalar():
    # one unit, one step, number by number: each gate hears x, h and b
    #zh 一个单元走一步，逐个数来算：每个门都听 x、h 和 b
    x, h, c, W, U, b = draw(1, 1, 1, 1)
    hs, last = lstm(x, h, c, W, U, b)
    last = last[0, 0]
    for quiet in ("x", "h"):
        mine = lstm(x * (quiet != "x"), h * (quiet != "h"), c, W, U, b)[1][0, 0]
        if abs(mine - last) < 1e-9:
            return f"{quiet} is not heard"  #zh f"没有用到 {quiet}"
    z = x[0, 0, 0] * W[0] + h[0, 0] * U[0] + b
    s = sigmoid(z)
    if abs(last - s[1] * c[0, 0] - s[0] * np.tanh(z[2])) > 1e-9:
        return "c is f c + i g"  #zh "c 是 f c + i g"
    return "" if abs(hs[0, 0, 0] - s[3] * np.tanh(last)) < 1e-9 else "h is o tanh(c)"  #zh "h 是 o tanh(c)"


def pieces():
    # a sequence in two pieces; one example alone; units in another order
    #zh 序列分两段；单独一个样本；单元换个顺序
    x, h, c, W, U, b = draw(5, 3, 2, 4)
    hs, last = lstm(x, h, c, W, U, b)
    first, between = lstm(x[:2], h, c, W, U, b)
    second, end = lstm(x[2:], first[-1], between, W, U, b)
    if not close(np.concatenate([first, second]), hs) or not close(end, last):
        return "in two pieces something else comes out"  #zh "分两段算，结果不同"
    if not close(lstm(x[:, 1:2], h[1:2], c[1:2], W, U, b)[0], hs[:, 1:2]):
        return "one example alone gives something else"  #zh "单独一个样本，结果不同"
    order = np.array([2, 0, 3, 1])
    all_four = (np.arange(4)[:, None] * 4 + order).ravel()
    U = U[order][:, all_four]
    moved = lstm(x, h[:, order], c[:, order], W[:, all_four], U, b[all_four])[0]
    if close(moved, hs[..., order]):
        return ""
    return "gates lie side by side, H columns each"  #zh "四个门并排，各占 H 列"


def finite(size, dtype):
    x, h, c, W, U, b = draw(4, 2, 3, 3, dtype)
    hs, last = lstm(dtype(size) * x, h, c, W, U, b)
    if not np.isfinite(hs).all():
        return "not finite"  #zh "不是有限的数"
    kinds = {np.asarray(hs).dtype.name, np.asarray(last).dtype.name}
    return "" if kinds == {np.dtype(dtype).name} else f"comes out as {kinds}"  #zh f"出来的是 {kinds}"


np.seterr(all="ignore")
say("shapes", shapes, 4, 2, 3, 5)  #zh "形状"
say("one step, batch of 1", shapes, 1, 1, 2, 1)  #zh "一步，批大小为 1"
say("the carousel", conveyor)  #zh "传送带"
say("writing", written_over)  #zh "写入"
say("the output gate", closed)  #zh "输出门"
say("half open", halves)  #zh "半开"
say("number by number", scalar)  #zh "逐个数"
say("in pieces", pieces)  #zh "拆开再拼"
say("large inputs", finite, 1e4, np.float64)  #zh "很大的输入"
say("float32 stays", finite, 1, np.float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

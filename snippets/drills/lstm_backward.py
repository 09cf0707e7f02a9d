import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, h, c, W, U, b):
    # x (T, B, D), h and c (B, H); hs[t] and cs[t] are the states after t steps
    #zh x 为 (T, B, D)，h、c 为 (B, H)；hs[t] 和 cs[t] 是走完 t 步之后的状态
    hs, cs, gates = [h], [c], []
    for t in range(len(x)):
        i, f, g, o = np.split(x[t] @ W + hs[t] @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        cs.append(f * cs[t] + i * g)
        hs.append(o * np.tanh(cs[t + 1]))
        gates.append((i, f, g, o))
    return np.array(hs), np.array(cs), gates


# ---- yours ----
#zh ---- 你来写 ----
#solution
def backward(dhs, x, hs, cs, gates, W, U):
    # dhs[t] (B, H): the loss's own gradient of h after step t + 1, without the future's
    #zh dhs[t] (B, H)：损失直接给第 t + 1 步之后的 h 的梯度，不含后面各步传回来的
    # returns dx, dh0, dc0, dW, dU, db, each shaped like what it is the gradient of
    #zh 返回 dx, dh0, dc0, dW, dU, db，形状各与原来的量相同
    dx, dW, dU, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), 0
    dh, dc = np.zeros_like(hs[0]), np.zeros_like(cs[0])
    for t in range(len(x) - 1, -1, -1):
        i, f, g, o = gates[t]
        tanh_c = np.tanh(cs[t + 1])
        dh = dh + dhs[t]
        dc = dc + dh * o * (1 - tanh_c**2)
        dzi = dc * g * i * (1 - i)
        dzf = dc * cs[t] * f * (1 - f)
        dzg = dc * i * (1 - g**2)
        dzo = dh * tanh_c * o * (1 - o)
        dz = np.concatenate([dzi, dzf, dzg, dzo], axis=1)  # (B, 4H)
        dx[t] = dz @ W.T
        dW = dW + x[t].T @ dz
        dU = dU + hs[t].T @ dz
        db = db + dz.sum(axis=0)
        dh = dz @ U.T
        dc = dc * f
    return dx, dh, dc, dW, dU, db


#end
# ---- the judge: central differences of forward; + right, - wrong, . not yet ----
#zh ---- 判卷：对 forward 求中心差分；+ 对，- 错，. 还没写 ----
names, score = ("dx", "dh0", "dc0", "dW", "dU", "db"), []


def say(check, wrong):
    # wrong: None while nothing is written, "" if all is right
    #zh wrong：还没写是 None，全对是 ""
    if wrong is None:
        print(f". {check}: not yet")  #zh f". {check}：还没写"
    elif wrong:
        print(f"- {check}: {wrong}")  #zh f"- {check}：{wrong}"
    else:
        print(f"+ {check}: right")  #zh f"+ {check}：对"
    score.append(wrong == "")


def off(mine, true):
    if np.shape(mine) != np.shape(true):
        return f"has shape {np.shape(mine)}, not {np.shape(true)}"  #zh f"形状是 {np.shape(mine)}，应为 {np.shape(true)}"
    error = np.abs(mine - true).max() / max(np.abs(true).max(), 1e-9)
    return "" if error < 1e-6 else f"off by {error:.0%}"  #zh f"偏差 {error:.0%}"


def draw(T, B, D, H, dtype=float):
    rng = np.random.default_rng(T)
    shapes = ((T, B, D), (B, H), (B, H), (D, 4 * H), (H, 4 * H), (4 * H,), (T, B, H))
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def difference(p, dhs, q):
    # the true gradient of q, one of p
    #zh q（p 中的一个）的真实梯度
    true = np.zeros_like(q)
    for index in np.ndindex(*q.shape):
        keep = q[index]
        q[index] = keep + 1e-5
        up = (dhs * forward(*p)[0][1:]).sum()
        q[index] = keep - 1e-5
        true[index] = (up - (dhs * forward(*p)[0][1:]).sum()) / 2e-5
        q[index] = keep
    return true


def hint(T, U, faults, mine, true):
    if np.shape(mine) != np.shape(true):
        return ""
    blocks = zip("ifgo", np.split(mine, 4), np.split(true, 4))
    gates = [gate for gate, m, t in blocks if off(m, t)]
    if T > 1 and not faults & {"dx", "dh0", "dc0"}:
        return "; right at T = 1: do the steps add up?"  #zh "；T = 1 时是对的：各步的加起来了吗？"
    if T > 1 and not U.any():
        return "; right at T = 1: is dc handed on, times f?"  #zh "；T = 1 时是对的：dc 乘以 f 往回传了吗？"
    if T > 1:
        return "; right at T = 1: is dh overwritten before dc uses it?"  #zh "；T = 1 时是对的：dc 还没用到，dh 就被覆盖了？"
    if faults == {"dc0"}:
        return "; handed back is dc times f: is dh overwritten before?"  #zh "；往回传的是 dc 乘 f：是不是先把 dh 覆盖了？"
    if not gates:
        return "; all gates are right: which arrays meet in it?"  #zh "；各门都对：它由哪两个数组得来？"
    if not off(mine * 2, true):
        return "; the batch is summed over, not averaged"  #zh "；对批是求和，不是求平均"
    if len(gates) == 4:
        return "; all gates: what lies between dh and dc?"  #zh "；四个门都错：从 dh 到 dc 隔着什么？"
    if gates == ["f"]:
        return "; gate f: it multiplies the old c, its slope is f (1 - f)"  #zh "；f 门：它乘的是旧的 c，斜率是 f (1 - f)"
    return f"; gates {gates}: what does each multiply, and its slope?"  #zh f"；错在 {gates} 门：各乘什么，斜率是什么？"


def answer(p, dhs, passed):
    # what backward returns, None if that is nothing; a program that fails says how
    #zh backward 返回什么；什么都没返回就是 None；程序出错时说明是什么错
    try:
        return backward(dhs, p[0], *passed, p[3], p[4])
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def compare(check, T, B, D, H, carried=1):
    p = draw(T, B, D, H)
    dhs = p.pop()
    p[4] *= carried
    passed = forward(*p)
    given = dict(dhs=dhs, x=p[0], hs=passed[0], cs=passed[1], W=p[3], U=p[4])
    kept = {name: a.copy() for name, a in given.items()}
    mine = answer(p, dhs, passed)
    changed = [name for name, a in given.items() if not np.array_equal(a, kept[name])]
    if changed:
        say(check, f"{changed} changed; the caller still needs it")  #zh f"{changed} 被改动了，调用者还要用"
        return
    if mine is None or isinstance(mine, str):
        say(check, mine)
        return
    if len(mine) != 6:
        say(check, f"{len(mine)} arrays returned, not 6")  #zh f"返回了 {len(mine)} 个数组，应为 6 个"
        return
    true = [difference(p, dhs, q) for q in p]
    faults = [(name, off(m, t)) for name, m, t in zip(names, mine, true) if off(m, t)]
    if faults and T > 1 and not score[0]:
        say(check, "wrong, too: one step first")  #zh "也不对：先把一步改对"
        return
    for name, fault in faults:
        where = hint(T, p[4], dict(faults).keys(), mine[5], true[5])
        say(f"{check}, {name}", fault + where)
    if not faults:
        say(check, "")


def finite(check, size, dtype):
    p = draw(6, 2, 3, 2, dtype)
    dhs = p.pop()
    p[3] *= size
    mine = answer(p, dhs, forward(*p))
    if mine is None or isinstance(mine, str):
        say(check, mine)
        return
    kinds = [np.asarray(m).dtype.name for m in mine]
    if not all(np.isfinite(m).all() for m in mine):
        say(check, "not finite")  #zh "不是有限的数"
    elif set(kinds) != {np.dtype(dtype).name}:
        say(check, f"comes out as {kinds}")  #zh f"算出来的类型是 {kinds}"
    else:
        say(check, "")


np.seterr(over="ignore")
compare("one step", 1, 2, 3, 2)  #zh "一步"
compare("four steps, U = 0", 4, 2, 3, 2, carried=0)  #zh "四步，U = 0"
compare("five steps", 5, 2, 3, 2)  #zh "五步"
compare("batch of 1", 3, 1, 2, 3)  #zh "批大小为 1"
finite("large inputs", 1000.0, float)  #zh "很大的输入"
finite("float32 stays", 1.0, np.float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

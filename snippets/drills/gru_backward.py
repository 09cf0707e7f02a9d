import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, h, W, U, b, d):
    # x (T, B, D), h (B, H); W (D, 3H), U (H, 3H), b and d (3H,): gates r, z, n
    #zh x 为 (T, B, D)，h 为 (B, H)；W (D, 3H)、U (H, 3H)、b 和 d (3H,)，门的顺序是 r, z, n
    hs, gates = [h], []
    for t in range(len(x)):
        xr, xz, xn = np.split(x[t] @ W + b, 3, axis=1)
        hr, hz, hn = np.split(hs[t] @ U + d, 3, axis=1)
        r, z = sigmoid(xr + hr), sigmoid(xz + hz)
        n = np.tanh(xn + r * hn)
        hs.append((1 - z) * n + z * hs[t])
        gates.append((r, z, n, hn))
    return np.array(hs), gates


# ---- yours ----
#zh ---- 你来写 ----
#solution
def backward(dhs, x, hs, gates, W, U):
    # dhs[t] (B, H): the loss's own gradient of hs[t + 1]; gates[t]: r, z, n, hn
    #zh dhs[t] (B, H)：损失直接给 hs[t + 1] 的梯度；gates[t]：r, z, n, hn
    # returns dx, dh (of the first state), dW, dU, db, dd
    #zh 返回 dx、dh（最初状态的）、dW、dU、db、dd
    dx, dW, dU, db, dd = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), 0, 0
    dh = np.zeros_like(hs[0])
    for t in range(len(x) - 1, -1, -1):
        r, z, n, hn = gates[t]
        dh = dh + dhs[t]
        dn = dh * (1 - z) * (1 - n**2)
        dz = dh * (hs[t] - n) * z * (1 - z)
        dr = dn * hn * r * (1 - r)
        dzx = np.concatenate([dr, dz, dn], axis=1)  # (B, 3H)
        dzh = np.concatenate([dr, dz, dn * r], axis=1)
        dx[t] = dzx @ W.T
        dW = dW + x[t].T @ dzx
        dU = dU + hs[t].T @ dzh
        db = db + dzx.sum(axis=0)
        dd = dd + dzh.sum(axis=0)
        dh = dh * z + dzh @ U.T
    return dx, dh, dW, dU, db, dd


#end
# ---- the judge: central differences of forward; + right, - wrong, . not yet ----
#zh ---- 判卷：对 forward 求中心差分；+ 对，- 错，. 还没写 ----
names, score = ("dx", "dh", "dW", "dU", "db", "dd"), []


def draw(T, B, D, H, dtype=float):
    rng = np.random.default_rng(T)
    shapes = ((T, B, D), (B, H), (D, 3 * H), (H, 3 * H), (3 * H,), (3 * H,), (T, B, H))
    p = [rng.standard_normal(shape).astype(dtype) for shape in shapes]
    return p[:-1], p[-1]


def answer(p, dhs):
    return backward(dhs, p[0], *forward(*p), p[2], p[3])


def written():
    try:
        return answer(*draw(1, 1, 1, 1)) is not None
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


def difference(loss, q):
    # the true gradient of q, by moving each number of it
    #zh 挪动 q 的每个数，得到它的真实梯度
    true = np.zeros_like(q)
    for index in np.ndindex(*q.shape):
        keep = q[index]
        q[index] = keep + 1e-5
        up = loss()
        q[index] = keep - 1e-5
        true[index] = (up - loss()) / 2e-5
        q[index] = keep
    return true


def off(mine, true):
    return np.shape(mine) != true.shape or not np.abs(mine - true).max() < 1e-6


def compare(T, B, D, H, carried=1):
    p, dhs = draw(T, B, D, H)
    p[3] *= carried
    kept = dhs.copy()
    hs, gates = forward(*p)
    before = [one.copy() for one in (*p, hs)]
    mine = backward(dhs, p[0], hs, gates, p[2], p[3])
    if not np.array_equal(dhs, kept):
        return "dhs is changed"  #zh "dhs 被改动了"
    if not all(map(np.array_equal, (*p, hs), before)):
        return "x, hs, W or U is changed"  #zh "x、hs、W 或 U 被改动了"
    def loss():
        return (kept * forward(*p)[0][1:]).sum()
    true = [difference(loss, q) for q in p]
    if len(mine) != 6:
        return f"{len(mine)} arrays, not 6"  #zh f"返回了 {len(mine)} 个数组，应为 6 个"
    shapes = [name for name, m, t in zip(names, mine, true) if np.shape(m) != t.shape]
    if shapes:
        return f"{shapes}: other shapes"  #zh f"{shapes}：形状不对"
    wrong = [name for name, m, t in zip(names, mine, true) if off(m, t)]
    if not wrong:
        return ""
    blocks = zip("rzn", np.split(mine[4], 3), np.split(true[4], 3))
    gates = [gate for gate, m, t in blocks if off(m, t)]
    if T > 1 and wrong in (["dW"], ["dU"], ["db"], ["dd"]):
        return f"{wrong}; the steps add up"  #zh f"{wrong}；各步的要累加"
    if T > 1 and carried == 0:
        return f"{wrong}; right at T = 1? dh goes back times z"  #zh f"{wrong}；T = 1 时对？dh 要乘 z 往回传"
    if T > 1:
        return f"{wrong}; right at T = 1? dh goes back through U, too"  #zh f"{wrong}；T = 1 时对？dh 还要经过 U 往回传"
    if not gates and "dd" in wrong:
        return f"{wrong}; r stands between n and h U + d"  #zh f"{wrong}；n 和 h U + d 之间隔着 r"
    if wrong == ["dh"]:
        return f"{wrong}; two ways to the old h: z, and all three gates"  #zh f"{wrong}；通到旧 h 的有两路：z，和三个门"
    if not gates:
        return f"{wrong}; all gates are right: which arrays meet?"  #zh f"{wrong}；各门都对：由哪两个数组得来？"
    return f"gates {gates}: what does each multiply, and its slope?"  #zh f"错在 {gates} 门：各乘什么，斜率是什么？"


def finite(size, dtype):
    p, dhs = draw(4, 2, 3, 3, dtype)
    p[0] *= dtype(size)
    mine = answer(p, dhs)
    if not all(np.isfinite(one).all() for one in mine):
        return "not finite"  #zh "不是有限的数"
    kinds = {np.asarray(one).dtype.name for one in mine}
    return "" if kinds == {np.dtype(dtype).name} else f"comes out as {kinds}"  #zh f"出来的是 {kinds}"


np.seterr(all="ignore")
say("one step", compare, 1, 2, 3, 4)  #zh "一步"
say("one step, batch of 1", compare, 1, 1, 2, 1)  #zh "一步，批大小为 1"
say("four steps, U = 0", compare, 4, 2, 3, 2, 0)  #zh "四步，U = 0"
say("five steps", compare, 5, 2, 3, 2)  #zh "五步"
say("large inputs", finite, 1e4, np.float64)  #zh "很大的输入"
say("float32 stays", finite, 1, np.float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

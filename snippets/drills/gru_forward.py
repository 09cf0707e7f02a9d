import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# ---- yours ----
#zh ---- 你来写 ----
#solution
def gru(x, h, W, U, b, d):
    # x (T, B, D), h (B, H); W (D, 3H) and b (3H,) for x, U (H, 3H) and d (3H,) for h
    #zh x 为 (T, B, D)，h 为 (B, H)；x 用 W (D, 3H) 和 b (3H,)，h 用 U (H, 3H) 和 d (3H,)
    # as in PyTorch: gates r, z, n; r multiplies h U + d of n; z keeps the old h
    #zh 约定同 PyTorch：门的顺序是 r, z, n；r 乘的是 n 的 h U + d；z 保留旧的 h
    # returns all states (T, B, H)
    #zh 返回各步的状态 (T, B, H)
    hs = []
    for t in range(len(x)):
        xr, xz, xn = np.split(x[t] @ W + b, 3, axis=1)
        hr, hz, hn = np.split(h @ U + d, 3, axis=1)
        r, z = sigmoid(xr + hr), sigmoid(xz + hz)
        n = np.tanh(xn + r * hn)
        h = (1 - z) * n + z * h
        hs.append(h)
    return np.array(hs)


#end
# ---- the judge: closed forms and invariants; + right, - wrong, . not yet ----
#zh ---- 判卷：闭式解和不变量；+ 对，- 错，. 还没写 ----
score = []
OPEN, SHUT = 50.0, -50.0


def draw(T, B, D, H, dtype=float):
    rng = np.random.default_rng(T)
    shapes = ((T, B, D), (B, H), (D, 3 * H), (H, 3 * H), (3 * H,), (3 * H,))
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def written():
    try:
        return gru(*draw(1, 1, 1, 1)) is not None
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
    hs = gru(*arguments)
    if np.shape(hs) != (T, B, H):
        return f"has shape {np.shape(hs)}, not {(T, B, H)}"  #zh f"形状是 {np.shape(hs)}，应为 {(T, B, H)}"
    if not all(np.array_equal(one, old) for one, old in zip(arguments, kept)):
        return "what came in is changed"  #zh "传进来的数组被改动了"
    return ""


def set_gates(r, z, steps=1):
    # r and z are set by b alone; n is as it comes
    #zh r 和 z 只由 b 决定，n 照常
    x, h, W, U, b, d = draw(steps, 2, 3, 4)
    for array in (W, U, d):
        array[..., :8] = 0
    b[:4] = r
    b[4:8] = z
    return gru(x, h, W, U, b, d), x, h, W[:, 8:], U[:, 8:], b[8:], d[8:]


def keeping():
    hs, x, h, W, U, b, d = set_gates(OPEN, OPEN, 100)
    if close(hs[-1], h):
        return ""
    if close(set_gates(OPEN, SHUT, 3)[0][-1], set_gates(OPEN, SHUT, 3)[2]):
        return "z keeps the old state here, 1 - z takes the new"  #zh "这里 z 保留旧状态，1 - z 写入新的"
    return "with z open h must stay for 100 steps"  #zh "z 全开，h 应当一百步不变"


def candidate():
    hs, x, h, W, U, b, d = set_gates(SHUT, SHUT)
    if not close(hs[0], np.tanh(x[0] @ W + b)):
        return "with z and r shut h is tanh(x W + b) of n: r shuts d out, too"  #zh "z、r 全关时 h 是 n 的 tanh(x W + b)：r 把 d 也关在外面"
    hs, x, h, W, U, b, d = set_gates(OPEN, SHUT)
    if not close(hs[0], np.tanh(x[0] @ W + b + h @ U + d)):
        return "with z shut and r open h is tanh of the whole sum"  #zh "z 全关、r 全开时 h 是整个和的 tanh"
    return ""


def resetting():
    # r differs from unit to unit: before the product or after it?
    #zh 各单元的 r 不同：r 乘在矩阵乘积之前还是之后？
    v = np.array([-1.0, 0.0, 1.0, 2.0])
    hs, x, h, W, U, b, d = set_gates(v, SHUT)
    r = sigmoid(v)
    if close(hs[0], np.tanh(x[0] @ W + b + r * (h @ U + d))):
        return ""
    if close(hs[0], np.tanh(x[0] @ W + b + (r * h) @ U + d)):
        return "r multiplies h before the product; PyTorch does so after"  #zh "r 乘在了矩阵乘积之前；PyTorch 乘在之后"
    return "r multiplies h U + d, and nothing else"  #zh "r 只乘 h U + d"


def halves():
    hs, x, h, W, U, b, d = set_gates(SHUT, 0.0)
    n = np.tanh(x[0] @ W + b)
    if close(hs[0], (n + h) / 2):
        return ""
    return "with z of 1/2 h is the mean of old and new"  #zh "z 为 1/2 时 h 是新旧的平均"


def heard():
    # each gate hears x, h, b and d
    #zh 每个门都听 x、h、b、d
    x, h, W, U, b, d = draw(1, 1, 1, 1)
    s = x[0, 0] * W[0] + b
    u = h[0, 0] * U[0] + d
    r, z = sigmoid(s[0] + u[0]), sigmoid(s[1] + u[1])
    true = (1 - z) * np.tanh(s[2] + r * u[2]) + z * h[0, 0]
    if abs(gru(x, h, W, U, b, d)[0, 0, 0] - true) < 1e-9:
        return ""
    return "one unit, one step: gates hear x, h, b and d, in the order r, z, n"  #zh "一个单元走一步：门要听 x、h、b、d，顺序是 r, z, n"


def pieces():
    x, h, W, U, b, d = draw(5, 3, 2, 4)
    hs = gru(x, h, W, U, b, d)
    first = gru(x[:2], h, W, U, b, d)
    second = gru(x[2:], first[-1], W, U, b, d)
    if not close(np.concatenate([first, second]), hs):
        return "in two pieces something else comes out"  #zh "分两段算，结果不同"
    if not close(gru(x[:, 1:2], h[1:2], W, U, b, d), hs[:, 1:2]):
        return "one example alone gives something else"  #zh "单独一个样本，结果不同"
    return ""


def finite(size, dtype):
    x, h, W, U, b, d = draw(4, 2, 3, 3, dtype)
    hs = gru(dtype(size) * x, h, W, U, b, d)
    if not np.isfinite(hs).all():
        return "not finite"  #zh "不是有限的数"
    kind = np.asarray(hs).dtype.name
    return "" if kind == np.dtype(dtype).name else f"comes out as {kind}"  #zh f"出来的是 {kind}"


np.seterr(all="ignore")
say("shapes", shapes, 4, 2, 3, 5)  #zh "形状"
say("one step, batch of 1", shapes, 1, 1, 2, 1)  #zh "一步，批大小为 1"
say("keeping", keeping)  #zh "保留"
say("the candidate", candidate)  #zh "候选状态"
say("the reset gate", resetting)  #zh "重置门"
say("half and half", halves)  #zh "一半一半"
say("number by number", heard)  #zh "逐个数"
say("in pieces", pieces)  #zh "拆开再拼"
say("large inputs", finite, 1e4, np.float64)  #zh "很大的输入"
say("float32 stays", finite, 1, np.float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

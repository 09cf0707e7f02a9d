import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def forward(x, h, W, U, b):
    # x (T, B, D), h (B, H), W (D, H), U (H, H), b (H,); tanh
    #zh x 为 (T, B, D)，h 为 (B, H)，W 为 (D, H)，U 为 (H, H)，b 为 (H,)；激活函数 tanh
    # returns hs (T + 1, B, H), the states; hs[0] is h
    #zh 返回各步的状态 hs (T + 1, B, H)，hs[0] 就是 h
    hs = [h]
    for t in range(len(x)):
        hs.append(np.tanh(x[t] @ W + hs[t] @ U + b))
    return np.array(hs)


def backward(dhs, x, hs, W, U):
    # dhs[t] (B, H): the loss's own gradient of hs[t + 1]
    #zh dhs[t] (B, H)：损失直接给 hs[t + 1] 的梯度
    # returns dx, dh (of the first state), dW, dU, db
    #zh 返回 dx、dh（最初状态的）、dW、dU、db
    dx, dW, dU, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), 0
    dh = np.zeros_like(hs[0])
    for t in range(len(x) - 1, -1, -1):
        dz = (dh + dhs[t]) * (1 - hs[t + 1] ** 2)
        dx[t] = dz @ W.T
        dW = dW + x[t].T @ dz
        dU = dU + hs[t].T @ dz
        db = db + dz.sum(axis=0)
        dh = dz @ U.T
    return dx, dh, dW, dU, db


#end
# ---- the judge: invariants and differences; + right, - wrong, . not yet ----
#zh ---- 判卷：不变量和差分；+ 对，- 错，. 还没写 ----
score = []


def draw(T, B, D, H, dtype=float):
    rng = np.random.default_rng(T)
    shapes = ((T, B, D), (B, H), (D, H), (H, H), (H,), (T, B, H))
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


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


def states(T, B, D, H):
    x, h, W, U, b, _ = draw(T, B, D, H)
    hs = forward(x, h, W, U, b)
    if hs is None:
        return None
    if np.shape(hs) != (T + 1, B, H):
        return f"has shape {np.shape(hs)}, not {(T + 1, B, H)}"  #zh f"形状是 {np.shape(hs)}，应为 {(T + 1, B, H)}"
    if not np.array_equal(hs[0], h):
        return "hs[0] is the state that came in"  #zh "hs[0] 是传进来的状态"
    # each state tells the sum that made it
    #zh 由每个状态可以反推出得到它的那个和
    z = np.arctanh(np.clip(hs[1:], -1 + 1e-15, 1 - 1e-15))
    inside = np.abs(hs[1:]) < 0.999
    true = x @ W + hs[:-1] @ U + b
    if np.abs((z - true) * inside).max() < 1e-6:
        return ""
    if np.abs((z - x @ W - h @ U - b) * inside).max() < 1e-6:
        return "every step starts at the first state: hand h on"  #zh "每一步都从最初的状态出发：h 要传下去"
    return "is not tanh of x W + h U + b"  #zh "不是 x W + h U + b 的 tanh"


def gradient(which, T, B, D, H):
    x, h, W, U, b, dhs = draw(T, B, D, H)
    hs = forward(x, h, W, U, b)
    if hs is None:
        return None
    kept = dhs.copy()
    before = [np.array(one) for one in (x, hs, W, U)]
    mine = backward(dhs, x, hs, W, U)
    if mine is None:
        return None
    if not np.array_equal(dhs, kept):
        return "dhs is changed"  #zh "dhs 被改动了"
    if not all(map(np.array_equal, (x, hs, W, U), before)):
        return "x, hs, W or U is changed"  #zh "x、hs、W 或 U 被改动了"
    def loss():
        return (kept * forward(x, h, W, U, b)[1:]).sum()
    true = difference(loss, (x, h, W, U, b)[which])
    if np.shape(mine[which]) != true.shape:
        return f"has shape {np.shape(mine[which])}, not {true.shape}"  #zh f"形状是 {np.shape(mine[which])}，应为 {true.shape}"
    if not off(mine[which], true):
        return ""
    if T == 1 and not off(mine[which] * B, true):
        return "sum over the batch, do not average"  #zh "对批求和，不要平均"
    if T == 1 and which == 3:
        return "dU is made of the state before the step"  #zh "dU 由这一步之前的状态得来"
    if T == 1:
        return "the slope of tanh is 1 - h**2, with the new h"  #zh "tanh 的斜率是 1 - h**2，h 是新的"
    if which > 1 and not off(mine[0], difference(loss, x)):
        return "right at T = 1? the steps' gradients add up"  #zh "T = 1 时对？各步的梯度要累加"
    return "right at T = 1? dh goes back through dz and U, transposed"  #zh "T = 1 时对？dh 要经过 dz 和 U 的转置往回传"


def zeros():
    # no loss, no gradient; a loss at the last step reaches the first
    #zh 没有损失就没有梯度；最后一步的损失传得到第一步
    x, h, W, U, b, dhs = draw(30, 2, 3, 3)
    U = np.linalg.qr(U)[0]
    hs = forward(0.01 * x, 0.01 * h, W, U, 0 * b)
    if hs is None:
        return None
    dhs[:-1] = 0
    mine = backward(dhs, 0.01 * x, hs, W, U)
    if mine is None:
        return None
    reached = np.linalg.norm(mine[1]) / np.linalg.norm(dhs[-1])
    return "" if reached > 0.5 else "30 steps back, an orthogonal U keeps the length"  #zh "往回三十步，正交的 U 会保持长度"


def finite(size, dtype):
    x, h, W, U, b, dhs = draw(4, 2, 3, 3, dtype)
    hs = forward(dtype(size) * x, h, W, U, b)
    if hs is None:
        return None
    mine = backward(dhs, dtype(size) * x, hs, W, U)
    if mine is None:
        return None
    if not all(np.isfinite(one).all() for one in (hs, *mine)):
        return "not finite"  #zh "不是有限的数"
    kinds = {np.asarray(one).dtype.name for one in (hs, *mine)}
    return "" if kinds == {np.dtype(dtype).name} else f"comes out as {kinds}"  #zh f"出来的是 {kinds}"


say("forward", states, 5, 2, 3, 4)  #zh "前向"
say("forward, one step, batch of 1", states, 1, 1, 2, 1)  #zh "前向，一步，批大小为 1"
for i, name in enumerate(("dx", "dh", "dW", "dU", "db")):
    say(f"{name}, one step", gradient, i, 1, 3, 2, 4)  #zh f"{name}，一步"
    say(f"{name}, five steps", gradient, i, 5, 2, 3, 4)  #zh f"{name}，五步"

say("thirty steps", zeros)  #zh "三十步"
say("large inputs", finite, 1e4, np.float64)  #zh "很大的输入"
say("float32 stays", finite, 1, np.float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

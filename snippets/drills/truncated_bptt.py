import numpy as np


def forward(x, h, W, U, b):
    # x (T, B, D), h (B, H); returns hs (T + 1, B, H), hs[0] is h
    #zh x 为 (T, B, D)，h 为 (B, H)；返回 hs (T + 1, B, H)，hs[0] 就是 h
    hs = [h]
    for t in range(len(x)):
        hs.append(np.tanh(x[t] @ W + hs[t] @ U + b))
    return np.array(hs)


# ---- yours ----
#zh ---- 你来写 ----
#solution
def truncated(dhs, x, hs, W, U, K):
    # windows of K steps, the last may be shorter; no gradient goes from one to another
    #zh 每 K 步一窗，最后一窗可以短些；窗与窗之间不传梯度
    # dhs[t] (B, H): the loss's own gradient of hs[t + 1]
    #zh dhs[t] (B, H)：损失直接给 hs[t + 1] 的梯度
    # returns dW, dU, db, summed over all windows
    #zh 返回 dW、dU、db，各窗相加
    dW, dU, db = 0, 0, 0
    for start in range(0, len(x), K):
        dh = 0
        for t in range(min(start + K, len(x)) - 1, start - 1, -1):
            dz = (dh + dhs[t]) * (1 - hs[t + 1] ** 2)
            dW = dW + x[t].T @ dz
            dU = dU + hs[t].T @ dz
            db = db + dz.sum(axis=0)
            dh = dz @ U.T
    return dW, dU, db


#end
# ---- the judge: differences, window by window; + right, - wrong, . not yet ----
#zh ---- 判卷：逐窗求差分；+ 对，- 错，. 还没写 ----
score = []


def draw(T, B, D, H, dtype=float):
    rng = np.random.default_rng(T)
    shapes = ((T, B, D), (B, H), (D, H), (H, H), (H,), (T, B, H))
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def written():
    try:
        x, h, W, U, b, dhs = draw(2, 1, 1, 1)
        return truncated(dhs, x, forward(x, h, W, U, b), W, U, 1) is not None
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


def by_windows(T, K, offset=0):
    # the true gradients: each window starts at a state that is held fixed
    #zh 真实的梯度：每一窗从一个固定的状态出发
    x, h, W, U, b, dhs = draw(T, 2, 3, 4)
    hs = forward(x, h, W, U, b)
    starts = [0] * (offset > 0) + list(range(offset, T, K))
    ends = starts[1:] + [T]
    def loss():
        total = 0
        for s, e in zip(starts, ends):
            total = total + (dhs[s:e] * forward(x[s:e], hs[s], W, U, b)[1:]).sum()
        return total
    return [difference(loss, q) for q in (W, U, b)]


def near(mine, true):
    return all(np.abs(m - t).max() < 1e-6 for m, t in zip(mine, true))


def windows(T, K):
    x, h, W, U, b, dhs = draw(T, 2, 3, 4)
    kept = dhs.copy()
    mine = truncated(dhs, x, forward(x, h, W, U, b), W, U, K)
    if not np.array_equal(dhs, kept):
        return "dhs is changed"  #zh "dhs 被改动了"
    if [np.shape(m) for m in mine] != [(3, 4), (4, 4), (4,)]:
        return f"shapes {[np.shape(m) for m in mine]}"  #zh f"形状是 {[np.shape(m) for m in mine]}"
    if near(mine, by_windows(T, K)):
        return ""
    if K < T and near(mine, by_windows(T, T)):
        return "nothing is cut: dh starts at 0 in each window"  #zh "没有截断：每一窗的 dh 都从 0 开始"
    if near(mine, by_windows(T, K + 1)):
        return f"the windows are {K + 1} steps long, not {K}"  #zh f"一窗有 {K + 1} 步，应为 {K} 步"
    if T % K and near(mine, by_windows(T, K, T % K)):
        return "cut from the end: the first window has K steps"  #zh "从末尾切起了：第一窗应有 K 步"
    if T % K and not near(mine, by_windows(T - T % K, K)):
        return "steps are missing or double: the last window is shorter"  #zh "漏了几步或重了几步：最后一窗短一些"
    return "is not the sum over windows, each from its own first state"  #zh "不是各窗之和，每一窗从自己的初始状态出发"


def last_only(T, K):
    # a loss at the last step alone: earlier windows get nothing
    #zh 只有最后一步有损失：前面的窗什么也收不到
    x, h, W, U, b, dhs = draw(T, 2, 3, 4)
    dhs[:-1] = 0
    x[: T - K] = 1e3
    W = W * 1e-3
    mine = truncated(dhs, x, forward(x, h, W, U, b), W, U, K)
    if np.abs(mine[0]).max() < 100:
        return ""
    return "inputs before the last window have a gradient"  #zh "最后一窗之前的输入也有了梯度"


def float32():
    x, h, W, U, b, dhs = draw(5, 2, 3, 4, np.float32)
    mine = truncated(dhs, x, forward(x, h, W, U, b), W, U, 2)
    kinds = {np.asarray(m).dtype.name for m in mine}
    return "" if kinds == {"float32"} else f"comes out as {kinds}"  #zh f"出来的是 {kinds}"


say("K = T: nothing is cut", windows, 6, 6)  #zh "K = T：不截断"
say("K > T", windows, 4, 9)
say("K = 3 of 6", windows, 6, 3)  #zh "6 步，K = 3"
say("K = 1", windows, 5, 1)
say("K = 3 of 7", windows, 7, 3)  #zh "7 步，K = 3"
say("a loss at the end", last_only, 6, 2)  #zh "损失只在最后"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

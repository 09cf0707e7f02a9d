import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def forward(x, lengths, h, W, U, b):
    # x (T, B, D), padded; lengths (B,), h (B, H); a tanh RNN
    #zh x 为 (T, B, D)，末尾有填充；lengths 为 (B,)，h 为 (B, H)；tanh RNN
    # returns hs (T + 1, B, H), hs[0] is h; after its end an example's state stays
    #zh 返回 hs (T + 1, B, H)，hs[0] 就是 h；样本结束之后状态不变
    hs = [h]
    for t in range(len(x)):
        new = np.tanh(x[t] @ W + hs[t] @ U + b)
        real = (t < lengths)[:, None]  # (B, 1)
        hs.append(np.where(real, new, hs[t]))
    return np.array(hs)


def backward(dhs, x, lengths, hs, W, U):
    # dhs[t] (B, H): the loss's own gradient of hs[t + 1]; returns dx, dh, dW, dU, db
    #zh dhs[t] (B, H)：损失直接给 hs[t + 1] 的梯度；返回 dx、dh、dW、dU、db
    dx, dW, dU, db, dh = np.zeros_like(x), 0, 0, 0, 0
    for t in range(len(x) - 1, -1, -1):
        real = (t < lengths)[:, None]
        dh = dh + dhs[t]
        dz = np.where(real, dh * (1 - hs[t + 1] ** 2), 0)
        dx[t] = dz @ W.T
        dW = dW + x[t].T @ dz
        dU = dU + hs[t].T @ dz
        db = db + dz.sum(axis=0)
        dh = np.where(real, dz @ U.T, dh)
    return dx, dh, dW, dU, db


def mean_loss(losses, lengths):
    # losses (T, B), one a step; the mean over all real steps of the batch
    #zh losses 为 (T, B)，每步一个；对整批的真实时间步取平均
    real = np.arange(len(losses))[:, None] < lengths
    return losses[real].mean()


#end
# ---- the judge: invariants and differences; + right, - wrong, . not yet ----
#zh ---- 判卷：不变量和差分；+ 对，- 错，. 还没写 ----
score = []
T, B, D, H = 6, 4, 2, 3
lengths = np.array([3, 6, 1, 5])


def draw(dtype=float):
    rng = np.random.default_rng(0)
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


def close(mine, true, digits=1e-9):
    return np.shape(mine) == np.shape(true) and np.abs(mine - true).max() < digits


def alone(n):
    # an example alone, cut to its length, without padding
    #zh 单独一个样本，截到它的长度，没有填充
    x, h, W, U, b, _ = draw()
    hs = forward(x, lengths, h, W, U, b)
    if hs is None:
        return None
    if np.shape(hs) != (T + 1, B, H):
        return f"has shape {np.shape(hs)}, not {(T + 1, B, H)}"  #zh f"形状是 {np.shape(hs)}，应为 {(T + 1, B, H)}"
    state, m = h[n], lengths[n]
    for t in range(m):
        state = np.tanh(x[t, n] @ W + state @ U + b)
        if not close(hs[t + 1, n], state):
            return f"step {t} is real, and its state is off"  #zh f"第 {t} 步是真实的，状态却不对"
    if close(hs[m:, n], state + 0 * hs[m:, n]):
        return ""
    if m < T and close(hs[m + 1 :, n], 0 * hs[m + 1 :, n]):
        return "after the end the state is 0; it should stay"  #zh "结束之后状态成了 0，应当不变"
    return "after the end the state goes on; it should stay"  #zh "结束之后状态还在变，应当不变"


def padding():
    x, h, W, U, b, _ = draw()
    hs = forward(x, lengths, h, W, U, b)
    if hs is None:
        return None
    other = np.where(np.arange(T)[:, None, None] < lengths[:, None], x, 1e6)
    kept = other.copy()
    moved = forward(other, lengths, h, W, U, b)
    if not np.array_equal(other, kept):
        return "x is changed"  #zh "x 被改动了"
    return "" if close(moved, hs) else "what stands in the padding matters"  #zh "填充里的内容有影响"


def nothing():
    # a sequence of length 0: its state is the first
    #zh 长度为 0 的序列：状态就是最初的
    x, h, W, U, b, _ = draw()
    hs = forward(x, 0 * lengths, h, W, U, b)
    if hs is None:
        return None
    return "" if close(hs[-1], h) else "of length 0, the first state stays"  #zh "长度为 0 时，保持最初的状态"


def gradient(which):
    x, h, W, U, b, dhs = draw()
    hs = forward(x, lengths, h, W, U, b)
    if hs is None:
        return None
    kept = dhs.copy()
    before = [np.array(one) for one in (x, hs, W, U)]
    mine = backward(dhs, x, lengths, hs, W, U)
    if mine is None:
        return None
    if not np.array_equal(dhs, kept):
        return "dhs is changed"  #zh "dhs 被改动了"
    if not all(map(np.array_equal, (x, hs, W, U), before)):
        return "x, hs, W or U is changed"  #zh "x、hs、W 或 U 被改动了"
    def loss():
        return (kept * forward(x, lengths, h, W, U, b)[1:]).sum()
    mine, true = mine[which], difference(loss, (x, h, W, U, b)[which])
    if close(mine, true, 1e-6):
        return ""
    if np.shape(mine) != true.shape:
        return f"has shape {np.shape(mine)}, not {true.shape}"  #zh f"形状是 {np.shape(mine)}，应为 {true.shape}"
    full = lengths == T
    if which < 2 and close(mine[..., full, :], true[..., full, :], 1e-6):
        return "right where nothing is padded: masked, dh passes as it is"  #zh "没有填充的样本是对的：填充的步上 dh 原样通过"
    if which < 2:
        return "is off even where nothing is padded"  #zh "没有填充的样本也不对"
    return "padded steps add nothing to the weights' gradients"  #zh "填充的步对权重的梯度没有贡献"


def average():
    losses = np.arange(1.0, T * B + 1).reshape(T, B)
    mine = mean_loss(losses, lengths)
    if mine is None:
        return None
    real = [losses[t, n] for n in range(B) for t in range(lengths[n])]
    each = [np.mean(losses[: lengths[n], n]) for n in range(B)]
    if np.shape(mine) == () and abs(mine - sum(real) / len(real)) < 1e-9:
        return ""
    if np.shape(mine) == () and abs(mine - sum(real) / (T * B)) < 1e-9:
        return "divided by all steps; divide by the real ones"  #zh "除以了所有的步，应除以真实的步数"
    if np.shape(mine) == () and abs(mine - np.mean(each)) < 1e-9:
        return "each example's mean first: short ones count too much"  #zh "先对每个样本平均了：短的占多了"
    return "the mean of the losses at real steps, one number"  #zh "应是真实时间步上损失的平均，一个数"


def float32():
    x, h, W, U, b, dhs = draw(np.float32)
    hs = forward(x, lengths, h, W, U, b)
    if hs is None:
        return None
    mine = backward(dhs, x, lengths, hs, W, U)
    if mine is None:
        return None
    kinds = {np.asarray(one).dtype.name for one in (hs, *mine)}
    return "" if kinds == {"float32"} else f"comes out as {kinds}"  #zh f"出来的是 {kinds}"


for n in range(B):
    say(f"length {lengths[n]}, forward", alone, n)  #zh f"长度 {lengths[n]}，前向"

say("other padding", padding)  #zh "换一种填充"
say("length 0", nothing)  #zh "长度 0"
for i, name in enumerate(("dx", "dh", "dW", "dU", "db")):
    say(name, gradient, i)

say("the mean loss", average)  #zh "平均损失"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

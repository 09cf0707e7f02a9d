import numpy as np


def forward(x, blocks):
    # x (B, D); each block is W1 (D, K), W2 (K, D): x + relu(x W1) W2
    #zh x 为 (B, D)；每一块是 W1 (D, K)、W2 (K, D)：x + relu(x W1) W2
    # returns the input and the output of each block, xs[0] to xs[len(blocks)]
    #zh 返回输入和每一块的输出，xs[0] 到 xs[len(blocks)]
    xs = [x]
    for W1, W2 in blocks:
        x = x + np.maximum(x @ W1, 0) @ W2
        xs.append(x)
    return xs


# ---- yours ----
#zh ---- 你来写 ----
#solution
def backward(dy, xs, blocks):
    # dy (B, D): the gradient of the last output
    #zh dy (B, D)：最后一块输出的梯度
    # returns dx (B, D), and a list of (dW1, dW2), in the blocks' order
    #zh 返回 dx (B, D)，和一列 (dW1, dW2)，顺序与 blocks 相同
    dx, grads = dy, []
    for n in range(len(blocks) - 1, -1, -1):
        W1, W2 = blocks[n]
        a = np.maximum(xs[n] @ W1, 0)
        da = (dx @ W2.T) * (a > 0)
        grads.insert(0, (xs[n].T @ da, a.T @ dx))
        dx = dx + da @ W1.T
    return dx, grads


#end
# ---- the judge: central differences of forward; + right, - wrong, . not yet ----
#zh ---- 判卷：对 forward 求中心差分；+ 对，- 错，. 还没写 ----
score = []


def draw(B, D, K, depth, dtype=float):
    rng = np.random.default_rng(depth)
    x, dy = rng.standard_normal((2, B, D)).astype(dtype)
    blocks = []
    for _ in range(depth):
        W1, W2 = rng.standard_normal((D, K)), rng.standard_normal((K, D)) / K
        blocks.append((W1.astype(dtype), W2.astype(dtype)))
    return x, dy, blocks


def written():
    try:
        x, dy, blocks = draw(1, 2, 3, 1)
        return backward(dy, forward(x, blocks), blocks) is not None
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


def off(mine, true):
    return np.shape(mine) != true.shape or not np.abs(mine - true).max() < 1e-6


def difference(x, dy, blocks, which):
    true = np.zeros_like(which)
    for index in np.ndindex(*which.shape):
        keep = which[index]
        which[index] = keep + 1e-6
        up = (dy * forward(x, blocks)[-1]).sum()
        which[index] = keep - 1e-6
        true[index] = (up - (dy * forward(x, blocks)[-1]).sum()) / 2e-6
        which[index] = keep
    return true


def inputs(B, D, K, depth):
    x, dy, blocks = draw(B, D, K, depth)
    mine = backward(dy, forward(x, blocks), blocks)[0]
    true = difference(x, dy, blocks, x)
    if np.shape(mine) != true.shape:
        return f"has shape {np.shape(mine)}, not {true.shape}"  #zh f"形状是 {np.shape(mine)}，应为 {true.shape}"
    if not off(mine, true):
        return ""
    if depth == 1 and not off(mine + dy, true):
        return "the shortcut is missing: both paths add up"  #zh "少了近路：两条路的梯度要相加"
    if depth == 1 and not off(mine, dy):
        return "the other path is missing, through W2, ReLU and W1"  #zh "少了另一条路：经过 W2、ReLU、W1"
    if depth == 1:
        return "the shortcut adds dy; the other path: W2, then ReLU, then W1"  #zh "近路加上 dy；另一条路依次经过 W2、ReLU、W1"
    return "one block was right? then each block hands on the sum of both"  #zh "一块是对的？那么每一块往回传的都是两条路之和"


def weights(B, D, K, depth):
    x, dy, blocks = draw(B, D, K, depth)
    grads = backward(dy, forward(x, blocks), blocks)[1]
    if len(grads) != depth:
        return f"{len(grads)} pairs for {depth} blocks"  #zh f"给了 {len(grads)} 对，却有 {depth} 块"
    for n in range(depth):
        for i in range(2):
            true = difference(x, dy, blocks, blocks[n][i])
            if off(grads[n][i], true) and not off(grads[-1 - n][i], true):
                return "the list is in the other order"  #zh "这一列的顺序反了"
            if off(grads[n][i], true):
                return f"dW{i + 1} of block {n}: which x, which dx meet in it?"  #zh f"dW{i + 1}（第 {n} 块）：它由哪个 x、哪个 dx 得来？"
    return ""


def open_path():
    # W2 of 0: the blocks do nothing, and dx is dy, however deep
    #zh W2 全为 0：块什么都不做，不管多深，dx 都是 dy
    x, dy, blocks = draw(3, 4, 5, 50)
    blocks = [(W1, 0 * W2) for W1, W2 in blocks]
    kept = dy.copy()
    dx = backward(dy, forward(x, blocks), blocks)[0]
    if np.array_equal(dx, kept):
        return ""
    return "with W2 = 0 the gradient passes 50 blocks as it is"  #zh "W2 = 0 时，梯度原样穿过 50 块"


def kept():
    x, dy, blocks = draw(3, 4, 5, 2)
    old, xs = dy.copy(), forward(x, blocks)
    given = xs + [W for block in blocks for W in block]
    before = [one.copy() for one in given]
    dx, grads = backward(dy, xs, blocks)
    if not np.array_equal(dy, old):
        return "dy is changed: dx += adds into it"  #zh "dy 被改动了：dx += 加到了它里面"
    same = all(np.array_equal(one, was) for one, was in zip(given, before))
    return "" if same else "xs or a weight is changed"  #zh "xs 或权重被改动了"


def float32():
    x, dy, blocks = draw(3, 4, 5, 2, np.float32)
    dx, grads = backward(dy, forward(x, blocks), blocks)
    kinds = {np.asarray(one).dtype.name for one in (dx, *grads[0])}
    return "" if kinds == {"float32"} else f"comes out as {sorted(kinds)}"  #zh f"出来的是 {sorted(kinds)}"


say("one block, dx", inputs, 3, 4, 5, 1)  #zh "一块，dx"
say("one block, weights", weights, 3, 4, 5, 1)  #zh "一块，权重"
say("four blocks, dx", inputs, 3, 4, 5, 4)  #zh "四块，dx"
say("four blocks, weights", weights, 3, 4, 5, 4)  #zh "四块，权重"
say("batch of 1", inputs, 1, 2, 7, 2)  #zh "批大小为 1"
say("fifty blocks that do nothing", open_path)  #zh "五十块什么都不做"
say("inputs stay", kept)  #zh "输入不变"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

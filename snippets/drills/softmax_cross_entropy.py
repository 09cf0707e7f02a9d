import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def cross_entropy(z, y):
    # logits z (B, K), right classes y (B,), whole numbers from 0 to K - 1
    #zh 打分 z 为 (B, K)，正确的类 y 为 (B,)，是 0 到 K - 1 的整数
    # returns the mean loss over the batch, and its gradient of z
    #zh 返回对批平均的损失，以及它对 z 的梯度
    rows = np.arange(len(z))
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    loss = (np.log(total[:, 0]) - z[rows, y]).mean()
    dz = e / total
    dz[rows, y] -= 1
    return loss, dz / len(z)


#end
# ---- the judge: closed forms and differences; + right, - wrong, . not yet ----
#zh ---- 判卷：闭式解和差分；+ 对，- 错，. 还没写 ----
score = []


def draw(B, K, dtype=float):
    rng = np.random.default_rng(K)
    return rng.standard_normal((B, K)).astype(dtype), rng.integers(0, K, B)


def written():
    try:
        return cross_entropy(*draw(2, 3)) is not None
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


def equal(B, K):
    # equal scores: every class has 1/K, and the loss is log K
    #zh 打分全相等：每一类都是 1/K，损失是 log K
    z, y = draw(B, K)
    loss = cross_entropy(0 * z + 3, y)[0]
    if np.shape(loss) != ():
        return f"the loss is one number, not {np.shape(loss)}"  #zh f"损失是一个数，不是 {np.shape(loss)}"
    if abs(loss - np.log(K)) < 1e-9:
        return ""
    if abs(loss - B * np.log(K)) < 1e-9:
        return "summed over the batch, not averaged"  #zh "对批求了和，没有平均"
    if abs(loss + np.log(K)) < 1e-9:
        return "the sign: a loss is not negative"  #zh "符号反了：损失不会是负的"
    return f"is {loss:.4f}, not log {K} = {np.log(K):.4f}"  #zh f"是 {loss:.4f}，不是 log {K} = {np.log(K):.4f}"


def two_classes():
    # of two classes only the difference counts: log(1 + exp(-d))
    #zh 只有两类时，只看差：log(1 + exp(-d))
    d = np.array([-2.0, 0.5, 3.0])
    z = np.stack([d + 7, 0 * d + 7], axis=1)
    loss = cross_entropy(z, np.zeros(3, int))[0]
    if abs(loss - np.log(1 + np.exp(-d)).mean()) < 1e-9:
        return ""
    return "of two classes: log(1 + exp(-d)), d their difference"  #zh "只有两类时，应是 log(1 + exp(-d))，d 是两者之差"


def gradient(B, K):
    z, y = draw(B, K)
    kept = z.copy()
    mine = cross_entropy(z, y)[1]
    if not np.array_equal(z, kept):
        return "z is changed"  #zh "z 被改动了"
    if np.shape(mine) != z.shape:
        return f"has shape {np.shape(mine)}, not {z.shape}"  #zh f"形状是 {np.shape(mine)}，应为 {z.shape}"
    true = np.zeros_like(z)
    for index in np.ndindex(*z.shape):
        keep = z[index]
        z[index] = keep + 1e-5
        up = cross_entropy(z, y)[0]
        z[index] = keep - 1e-5
        true[index] = (up - cross_entropy(z, y)[0]) / 2e-5
        z[index] = keep
    if np.abs(mine - true).max() < 1e-8:
        return ""
    if np.abs(mine / B - true).max() < 1e-8:
        return "the loss is a mean: its gradient is divided by B"  #zh "损失是平均，梯度也要除以 B"
    if np.abs(mine + true).max() < 1e-8:
        return "the sign: probability minus target"  #zh "符号反了：是概率减目标"
    if np.abs(mine.sum(axis=1)).max() > 1e-8:
        return "each row must sum to 0: softmax minus one-hot"  #zh "每一行之和应为 0：softmax 减 one-hot"
    return "is not that of your own loss"  #zh "与你自己的损失对不上"


def large(size):
    # the second row lies far below the first
    #zh 第二行整体远低于第一行
    z = np.array([[size, 0.0, -size], [-3 * size, -4 * size, -2 * size]])
    loss, dz = cross_entropy(z, np.array([0, 0]))
    if not np.isfinite(loss) or not np.isfinite(dz).all():
        return "not finite: subtract each row's largest, take log of the sum"  #zh "不是有限的数：每行先减最大值，再取和的对数"
    if abs(loss - size / 2) > 1e-9 * size:
        return f"is {loss:.1f}, not {size / 2:.1f}: no small number inside log"  #zh f"是 {loss:.1f}，不是 {size / 2:.1f}：log 里不要加小数"
    return ""


def shifted():
    z, y = draw(4, 5)
    one, two = cross_entropy(z, y), cross_entropy(z + np.arange(4)[:, None] * 10, y)
    if abs(one[0] - two[0]) < 1e-9 and np.abs(one[1] - two[1]).max() < 1e-9:
        return ""
    return "a number added to a row must change nothing"  #zh "整行加一个数，结果不该变"


def float32():
    z, y = draw(3, 4, np.float32)
    kind = np.asarray(cross_entropy(z, y)[1]).dtype.name
    return "" if kind == "float32" else f"comes out as {kind}"  #zh f"出来的是 {kind}"


np.seterr(all="ignore")
say("equal scores", equal, 4, 7)  #zh "打分相等"
say("two classes", two_classes)  #zh "只有两类"
say("the gradient", gradient, 5, 4)  #zh "梯度"
say("the gradient, batch of 1", gradient, 1, 3)  #zh "梯度，批大小为 1"
say("large scores", large, 1000.0)  #zh "很大的打分"
say("scores shifted", shifted)  #zh "打分平移"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

import numpy as np


# ---- yours ----
#zh ---- 你来写 ----
#solution
def batch_norm(x, gamma, beta, mean, var, training, momentum, eps):
    # x (B, D); gamma, beta and the running mean and var (D,)
    #zh x 为 (B, D)；gamma、beta 和滑动的 mean、var 为 (D,)
    # training: by the batch, and mean and var move by momentum, as in PyTorch
    #zh 训练时用这一批来归一化，mean、var 按 momentum 更新，约定同 PyTorch
    # returns y (B, D), the new mean, the new var; changes nothing that came in
    #zh 返回 y (B, D)、新的 mean、新的 var；传进来的都不改动
    if training:
        now = x.mean(axis=0)
        spread = ((x - now) ** 2).mean(axis=0)
        unbiased = spread * len(x) / (len(x) - 1)
        mean = (1 - momentum) * mean + momentum * now
        var = (1 - momentum) * var + momentum * unbiased
        return gamma * (x - now) / np.sqrt(spread + eps) + beta, mean, var
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var


#end
# ---- the judge: closed forms and invariants; + right, - wrong, . not yet ----
#zh ---- 判卷：闭式解和不变量；+ 对，- 错，. 还没写 ----
score = []


def run(x, gamma=1.0, beta=0.0, mean=0.0, var=1.0, training=True, eps=0.0):
    four = [np.full(x.shape[1], value, x.dtype) for value in (gamma, beta, mean, var)]
    kept = [x.copy()] + [one.copy() for one in four]
    answer = batch_norm(x, *four, training, 0.1, eps)
    if not all(np.array_equal(one, old) for one, old in zip([x] + four, kept)):
        raise ValueError("what came in is changed")  #zh "传进来的数组被改动了"
    return answer


def draw(B, D, dtype=float):
    return (3 * np.random.default_rng(B).standard_normal((B, D)) + 5).astype(dtype)


def written():
    try:
        return run(draw(4, 2)) is not None
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


def standard(B, D):
    x = draw(B, D)
    y = run(x)[0]
    if np.shape(y) != (B, D):
        return f"has shape {np.shape(y)}, not {(B, D)}"  #zh f"形状是 {np.shape(y)}，应为 {(B, D)}"
    if np.abs(y.mean(axis=0)).max() > 1e-9:
        return "each column must have mean 0: which axis?"  #zh "每一列的平均应为 0：沿哪个轴？"
    square = (y**2).mean(axis=0)
    if np.abs(square - 1).max() < 1e-9:
        return ""
    if np.abs(square - (B - 1) / B).max() < 1e-9:
        return "normalized by B - 1; the batch itself is divided by B"  #zh "归一化用了 B - 1；对这一批本身应除以 B"
    return "each column must have variance 1: is there a root?"  #zh "每一列的方差应为 1：开方了吗？"


def scaled():
    x = draw(6, 3)
    if np.abs(run(x, gamma=2.0, beta=7.0)[0] - 2 * run(x)[0] - 7).max() < 1e-9:
        return ""
    return "gamma times the normalized x, plus beta"  #zh "归一化之后乘 gamma，再加 beta"


def constant(eps):
    # a column that does not vary: eps alone keeps it finite
    #zh 一列全相同时，全靠 eps 才不出错
    y = run(0 * draw(4, 2) + 3, eps=eps)[0]
    if not np.isfinite(y).all() or np.abs(y).max() > 0:
        return "a constant column becomes 0"  #zh "一列全相同，结果应是 0"
    x = np.array([[-1.0], [1.0]]) * eps**0.5
    high = run(x, eps=eps)[0][1, 0]
    if abs(high - 0.5**0.5) < 1e-6:
        return ""
    return "eps is added to the variance, inside the root"  #zh "eps 加在方差上，在根号里面"


def running():
    x = np.array([[1.0, 0.0], [3.0, 10.0], [8.0, 20.0]])
    mean, var = (np.ravel(one)[0] for one in run(x, mean=10.0, var=100.0)[1:])
    if abs(mean - 4.6) < 1e-9:
        return "the momentum is the share of the new batch"  #zh "momentum 是新的一批所占的比重"
    if not abs(mean - 9.4) < 1e-9:
        return f"the running mean is {mean:.2f}, not 9.40"  #zh f"滑动平均是 {mean:.2f}，应为 9.40"
    if abs(var - 91.3) < 1e-9:
        return ""
    if abs(var - (90 + 26 / 30)) < 1e-9:
        return "the running variance takes the unbiased one, by B - 1"  #zh "滑动方差要用无偏的，除以 B - 1"
    return f"the running variance is {var:.2f}, not 91.30"  #zh f"滑动方差是 {var:.2f}，应为 91.30"


def evaluation():
    x = draw(5, 2)
    y, mean, var = run(x, 2.0, 1.0, mean=4.0, var=9.0, training=False, eps=7.0)
    if np.abs(mean - 4).max() > 0 or np.abs(var - 9).max() > 0:
        return "in eval the running values stay"  #zh "评估时滑动平均不更新"
    if np.abs(y - 2 * (x - 4) / 4 - 1).max() < 1e-9:
        single = run(x[:1], mean=4.0, var=9.0, training=False)[0]
        return "" if np.isfinite(single).all() else "one example alone must work"  #zh "只有一个样本也要能算"
    if np.abs(y - 2 * (x - 4) / 3 - 1).max() < 1e-9:
        return "in eval eps is missing"  #zh "评估时少了 eps"
    return "in eval x is normalized by the running values"  #zh "评估时用滑动平均来归一化"


def float32():
    answer = run(draw(4, 3, np.float32), eps=1e-5)
    kinds = {np.asarray(one).dtype.name for one in answer}
    return "" if kinds == {"float32"} else f"comes out as {sorted(kinds)}"  #zh f"出来的是 {sorted(kinds)}"


np.seterr(all="ignore")
say("mean and variance", standard, 5, 3)  #zh "平均与方差"
say("two examples, one feature", standard, 2, 1)  #zh "两个样本，一个特征"
say("gamma and beta", scaled)  #zh "gamma 和 beta"
say("a column that does not vary", constant, 1e-2)  #zh "全相同的一列"
say("running values", running)  #zh "滑动平均"
say("evaluation", evaluation)  #zh "评估"
say("float32 stays", float32)  #zh "float32 不变"
print(f"{sum(score)} of {len(score)} right")  #zh f"对了 {sum(score)} 项，共 {len(score)} 项"

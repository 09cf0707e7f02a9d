import numpy as np
import matplotlib.pyplot as plt

# one sequence: T steps of size D, two heads of size d
#zh 一个序列：T 步，每步 D 维；两个头，每个 d 维
T, D, heads, d = 8, 6, 2, 3
rng = np.random.default_rng(0)
x, dy = rng.standard_normal((2, T, D))
Wq, Wk, Wv = rng.standard_normal((3, heads, D, d)) / np.sqrt(D)
Wo = rng.standard_normal((heads, d, D))
future = np.triu(np.ones((T, T), bool), k=1)


def turn(m):
    return np.swapaxes(m, 1, 2)


def forward(x, Wq, Wk, Wv, Wo):
    q, k, v = x @ Wq, x @ Wk, x @ Wv  # (heads, T, d)
    s = np.where(future, -np.inf, q @ turn(k) / np.sqrt(d))  # (heads, T, T)
    e = np.exp(s - s.max(axis=2, keepdims=True))
    a = e / e.sum(axis=2, keepdims=True)
    o = a @ v
    y = (o @ Wo).sum(axis=0)  # (T, D)
    return q, k, v, a, o, y


def backward(dy):
    do = dy @ turn(Wo)
    dv = turn(a) @ do
    da = do @ turn(v)
    ds = a * (da - (a * da).sum(axis=2, keepdims=True))
    dq = ds @ k / np.sqrt(d)
    dk = turn(ds) @ q / np.sqrt(d)
    dx = (dq @ turn(Wq) + dk @ turn(Wk) + dv @ turn(Wv)).sum(axis=0)
    return dx, x.T @ dq, x.T @ dk, x.T @ dv, turn(o) @ dy


q, k, v, a, o, y = forward(x, Wq, Wk, Wv, Wo)
grads, worst, eps = backward(dy), 0, 1e-5
for param, grad in zip((x, Wq, Wk, Wv, Wo), grads):
    for at in np.ndindex(param.shape):
        kept, found = param[at], []
        for shift in (eps, -eps):
            param[at] = kept + shift
            found.append((forward(x, Wq, Wk, Wv, Wo)[-1] * dy).sum())
        param[at] = kept
        difference = abs((found[0] - found[1]) / (2 * eps) - grad[at])
        worst = max(worst, difference / np.abs(grad).max())

print(f"gradients agree with central differences: {worst < 1e-7}")

# how much x_s moves y_t: the size of each block of the Jacobian
#zh x_s 推得动 y_t 多少：雅可比矩阵每一块的大小
moves = np.zeros((T, T))
for t, n in np.ndindex(T, D):
    one = np.zeros((T, D))
    one[t, n] = 1
    moves[t] += (backward(one)[0] ** 2).sum(axis=1)

ahead = np.sqrt(moves[future]).max()
print(f"largest effect of a later step: {ahead:.0f}")
fig, axes = plt.subplots(1, 3, figsize=(4.95, 2.3), sharey=True)
titles = (
    "weights, head 1",  #zh "权重，头 1"
    "weights, head 2",  #zh "权重，头 2"
    "effect on y_t",  #zh "对 y_t 的作用"
)
for axis, shown, title in zip(axes, (a[0], a[1], np.sqrt(moves)), titles):
    axis.imshow(np.where(future, np.nan, shown), cmap="Blues", vmin=0, zorder=2)
    axis.set_title(title)
    axis.set_xlabel("step s")  #zh "时间步 s"

axes[0].set_ylabel("step t")  #zh "时间步 t"
plt.show()

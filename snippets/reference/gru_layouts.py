import numpy as np

rng = np.random.default_rng(0)
T, B, D, H = 5, 2, 3, 4
x = rng.standard_normal((T, B, D))
W, U = rng.standard_normal((D, 3 * H)), rng.standard_normal((H, 3 * H))
b_in, b_h = rng.standard_normal(3 * H), rng.standard_normal(3 * H)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def run(W, U, b_in, b_h, reset_after=True):
    # blocks in PyTorch's order: reset r, update z, candidate n
    #zh 按 PyTorch 的顺序：重置门 r、更新门 z、候选状态 n
    h = np.zeros((B, H))
    for x_t in x:
        a_r, a_z, a_n = np.split(x_t @ W + b_in, 3, axis=1)
        u_r, u_z, u_n = np.split(h @ U + b_h, 3, axis=1)
        r, z = sigmoid(a_r + u_r), sigmoid(a_z + u_z)
        if reset_after:
            n = np.tanh(a_n + r * u_n)
        else:
            # as in the paper of 2014: first reset, then multiply
            #zh 2014 年论文的写法：先重置，再相乘
            n = np.tanh(a_n + (r * h) @ U[:, 2 * H :] + b_h[2 * H :])
        h = (1 - z) * n + z * h
    return h


h = run(W, U, b_in, b_h)
off = lambda other: np.abs(other - h).max() / np.abs(h).max()

# r, z, n to Keras's z, r, n and back: swap the first two blocks
#zh r, z, n 换成 Keras 的 z, r, n，再换回来：前两块互换
swap = np.r_[H : 2 * H, 0:H, 2 * H : 3 * H]
keras = {"kernel": W[:, swap], "recurrent_kernel": U[:, swap]}
keras["bias"] = np.stack([b_in, b_h])[:, swap]
k, u, bias = keras.values()
same = off(run(k[:, swap], u[:, swap], *bias[:, swap]))
print(f"Keras, blocks swapped back: same output to 1e-12: {same < 1e-12}")
unswapped = off(run(k, u, *bias))
print(f"blocks not swapped back: off by {unswapped:.0%}")

# the reset gate before or after the product: two different networks
#zh 重置门在乘法之前还是之后：两个不同的网络
variant = off(run(W, U, b_in, b_h, reset_after=False))
print(f"reset before the product: off by {variant:.0%}")

# two biases: their sum is enough for r and z, not for n
#zh 两个偏置：r 和 z 只看它们的和，n 不是
gates = np.r_[np.ones(2 * H), np.zeros(H)]
moved_gates = off(run(W, U, b_in + gates * b_h, (1 - gates) * b_h))
moved_n = off(run(W, U, b_in + (1 - gates) * b_h, gates * b_h))
print(f"bias moved over in r and z: same to 1e-12: {moved_gates < 1e-12}")
print(f"bias moved over in n: off by {moved_n:.0%}")

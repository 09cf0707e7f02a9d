import numpy as np

rng = np.random.default_rng(0)
T, B, D, H = 5, 2, 3, 4
x = rng.standard_normal((T, B, D))
W, U, b = (rng.standard_normal(s) for s in ((D, 4 * H), (H, 4 * H), (4 * H,)))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def run(W, U, b):
    # this site's order: i, f, g, o
    #zh 本站的顺序：i, f, g, o
    h, c = np.zeros((B, H)), np.zeros((B, H))
    for x_t in x:
        i, f, g, o = np.split(x_t @ W + h @ U + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h


def reorder(array, old, new):
    blocks = dict(zip(old, np.split(array, 4, axis=-1)))
    return np.concatenate([blocks[gate] for gate in new], axis=-1)


# the same network as each framework stores it; two biases need only the right sum
#zh 同一个网络，各框架的存法；偏置有两个时，只要和对就行
half = rng.standard_normal(4 * H)
pytorch = {"weight_ih": W.T, "weight_hh": U.T, "bias_ih": half, "bias_hh": b - half}
keras = {"kernel": W, "recurrent_kernel": U, "bias": b}
flax = {}
for k, gate in enumerate("ifgo"):
    block = slice(k * H, (k + 1) * H)
    flax[f"i{gate}"] = {"kernel": W[:, block]}
    flax[f"h{gate}"] = {"kernel": U[:, block], "bias": b[block]}

onnx = {"W": reorder(W, "ifgo", "iofg").T[None]}
onnx["R"] = reorder(U, "ifgo", "iofg").T[None]
onnx["B"] = np.concatenate([reorder(b, "ifgo", "iofg"), np.zeros(4 * H)])[None]

# and back again
#zh 再读回来
back = {}
p = pytorch
back["PyTorch"] = p["weight_ih"].T, p["weight_hh"].T, p["bias_ih"] + p["bias_hh"]
back["Keras"] = tuple(keras.values())
back["Flax"] = (
    np.concatenate([flax[f"i{gate}"]["kernel"] for gate in "ifgo"], axis=1),
    np.concatenate([flax[f"h{gate}"]["kernel"] for gate in "ifgo"], axis=1),
    np.concatenate([flax[f"h{gate}"]["bias"] for gate in "ifgo"]),
)
stored = onnx["W"][0].T, onnx["R"][0].T, sum(np.split(onnx["B"][0], 2))
back["ONNX"] = tuple(reorder(array, "iofg", "ifgo") for array in stored)

h = run(W, U, b)
for name, arrays in back.items():
    same = np.abs(run(*arrays) - h).max()
    print(f"{name:8} same output to 1e-12: {same < 1e-12}")

# shapes never complain about a wrong order
#zh 顺序错了，形状不会报错
wrong = {}
for order in ("iofg", "igfo"):
    taken = [reorder(array, order, "ifgo") for array in (W, U, b)]
    wrong[order] = np.abs(run(*taken) - h).max() / np.abs(h).max()
    print(f"read as {order} instead: no error, output off by {wrong[order]:.0%}")

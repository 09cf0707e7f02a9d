import numpy as np
import matplotlib.pyplot as plt

T, B, D, H, p = 24, 2, 3, 12, 0.5
rng = np.random.default_rng(0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def layer(x, W, U, b):
    # no mask in here: from step to step h and c pass whole
    #zh 这里面没有掩码：从一步到下一步，h 和 c 原样通过
    h, c, out = np.zeros((B, H)), np.zeros((B, H)), []
    for t in range(len(x)):
        i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        out.append(h)
    return np.array(out)


def stack(x, layers, masks):
    # outs[l] is what layer l says; the mask meets it only on its way up
    #zh outs[l] 是第 l 层的输出；往上一层走的时候才乘掩码
    outs = [layer(x, *layers[0])]
    for l in range(1, len(layers)):
        outs.append(layer(masks[l - 1] * outs[l - 1], *layers[l]))
    return outs


x, layers = rng.standard_normal((T, B, D)), []
for size in (D, H, H):
    shapes = ((size, 4 * H), (H, 4 * H), (4 * H,))
    layers.append([rng.uniform(-0.5, 0.5, shape) for shape in shapes])

masks = (rng.random((2, T, B, H)) >= p) / (1 - p)
on, off = stack(x, layers, masks), stack(x, layers, np.ones_like(masks))

zeros = [np.mean(masks[l] * on[l] == 0) for l in range(2)] + [np.mean(on[2] == 0)]
first_same = np.array_equal(on[0], off[0])
last_same = np.array_equal(on[2], off[2])
alone = np.array_equal(stack(x, layers[:1], [])[0], off[0])
renewed = np.mean(masks[0, 1:] != masks[0, :-1])
print("zeros in what goes up from layer 1, 2, 3:", *(f"{z:.0%}" for z in zeros))
print(f"the first layer's states are as without dropout: {first_same}")
print(f"the last layer's are: {last_same}")
print(f"one layer alone has no dropout at all: {alone}")

fig, axes = plt.subplots(1, 2, sharey=True, figsize=(4.95, 2.6), layout="tight")
one = np.repeat(masks[0, :1, 0], T, axis=0)
axes[0].imshow(masks[0, :, 0].T, cmap="gray", aspect="auto")
axes[1].imshow(one.T, cmap="gray", aspect="auto")
axes[0].set_title("PyTorch: new at each step")  #zh "PyTorch：每步换掩码"
axes[1].set_title("variational: one mask")  #zh "变分：一个掩码用到底"
axes[0].set_ylabel("unit")  #zh "单元"
for ax in axes:
    ax.set_xlabel("step t")  #zh "时间步 t"

plt.show()

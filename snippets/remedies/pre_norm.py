import numpy as np
import matplotlib.pyplot as plt

n, batch, seeds = 64, 32, 5
depths = np.array([2, 4, 8, 16, 32, 64])


def normalize(x):
    scale = 1 / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    return (x - x.mean(axis=1, keepdims=True)) * scale, scale


def normalize_back(g, y, scale):
    g = g - g.mean(axis=1, keepdims=True) - y * (g * y).mean(axis=1, keepdims=True)
    return scale * g


def weight_gradients(pre, L, seed):
    rng = np.random.default_rng(seed)
    x, saved = rng.standard_normal((batch, n)), []
    for block in range(L):
        # the feed-forward half of a Transformer block, n -> 4n -> n
        #zh Transformer 块的前馈部分，n -> 4n -> n
        W = rng.standard_normal((n, 4 * n)) / np.sqrt(n)
        V = rng.standard_normal((4 * n, n)) / np.sqrt(4 * n)
        inside, outside = normalize(x) if pre else (x, None), None
        r = np.maximum(inside[0] @ W, 0)
        x = x + r @ V
        if not pre:
            outside = normalize(x)
            x = outside[0]
        saved.append((W, V, inside, outside, r))
    g = rng.standard_normal((batch, n))
    if pre:
        # a pre-norm network ends with one normalization
        #zh 前归一化的网络以一次归一化收尾
        g = normalize_back(g, *normalize(x))
    norms = []
    for W, V, inside, outside, r in saved[::-1]:
        if not pre:
            g = normalize_back(g, *outside)
        norms.append(np.linalg.norm(r.T @ g))
        through = ((g @ V.T) * (r > 0)) @ W.T
        g = g + (normalize_back(through, *inside) if pre else through)
    return norms[::-1]


last, even = {}, {}
for pre in (False, True):
    runs = [[weight_gradients(pre, L, seed) for seed in range(seeds)] for L in depths]
    last[pre] = np.array([np.mean([norms[-1] for norms in run]) for run in runs])
    even[pre] = np.mean([norms[0] / norms[-1] for norms in runs[-1]])
    print("pre-norm :" if pre else "post-norm:", last[pre].round(1))

# after L blocks the variance is 1 + L/2; the last normalization divides by its root
#zh L 块之后主干的方差是 1 + L/2，最后一次归一化除以它的平方根
theory = last[True][0] * np.sqrt(2 / (1 + depths / 2))
ratio, deepest = last[False][-1] / last[True][-1], int(depths[-1])
post_change = last[False][-1] / last[False][0]
post_even, expected = even[False], np.sqrt((1 + deepest / 2) / 1.5)
print(f"{deepest} blocks: post-norm {ratio:.1f} times pre-norm")

for pre, color, marker, label in (
    (False, "C3", "o", "post-norm: LN(x + f(x))"),  #zh "后归一化：LN(x + f(x))"
    (True, "C2", "^", "pre-norm: x + f(LN(x))"),  #zh "前归一化：x + f(LN(x))"
):
    plt.loglog(depths, last[pre], color, marker=marker, label=label)

plt.loglog(depths, theory, "k--", lw=1, label="1/√(1 + L/2)")
plt.minorticks_off()
plt.xticks(depths, depths)
plt.xlabel("blocks L")  #zh "块数 L"
plt.ylabel("norm of the gradient of V")  #zh "V 的梯度的范数"
plt.legend()
plt.show()

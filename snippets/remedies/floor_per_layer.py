import numpy as np
import matplotlib.pyplot as plt

depth, H, B, size, circle, seeds, updates, delta = 10, 16, 32, 1.0, False, 5, 400, 1.0


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def train(how, rates):
    # all rates and seeds at once: M networks, W[l] is (M, in, out)
    #zh 所有学习率和种子一起算：M 个网络，W[l] 是 (M, 输入, 输出)
    rngs = [np.random.default_rng(seed) for seed in range(seeds)]
    shapes = [(B, 2), (2, H), *[(H, H)] * (depth - 1), (H, 1)]
    draws = [[rng.standard_normal(shape) for rng in rngs] for shape in shapes]
    draws = [np.array(draw * len(rates)) for draw in draws]
    x, W = draws[0], [w / np.sqrt(w.shape[1]) for w in draws[1:]]
    b = [np.zeros((len(w), 1, w.shape[2])) for w in W]
    # which side of a line, or of a circle?
    #zh 在直线的哪一边？或者：在圆里还是圆外？
    place = (x**2).sum(axis=2) if circle else x.sum(axis=2)
    y = np.where(place > np.median(place, axis=1, keepdims=True), 1, -1)[..., None]
    for update in range(updates):
        h, grads = [size * x], [None] * (depth + 1)
        for l in range(depth):
            # beyond ±30 the slope would soon round to 0, and no floor lifts a 0
            #zh 超出 ±30，斜率很快就舍入成 0，下限再高也抬不起 0
            z = np.clip(h[l] @ W[l] + b[l], -30, 30)
            h.append(sigmoid(z))
        out = h[depth] @ W[depth] + b[depth]
        dz = -y * sigmoid(np.clip(-y * out, -30, 30)) / B
        for l in range(depth, -1, -1):
            grads[l] = h[l].swapaxes(1, 2) @ dz, dz.sum(axis=1, keepdims=True)
            dz = dz @ W[l].swapaxes(1, 2) * h[l] * (1 - h[l])
        squares = [sum((d**2).sum(axis=(1, 2)) for d in pair) for pair in grads]
        squares = np.array(squares)
        if update == 0:
            share = np.median(np.sqrt(squares[0] / squares.sum(axis=0)))
        # (depth + 1, M): each layer's own norm, or the norm of the whole for all
        #zh (depth + 1, M)：各层自己的范数，或者都用总范数
        norm = np.sqrt(squares)
        if how == "whole":
            norm = np.sqrt(squares.sum(axis=0)) + 0 * squares
        factor = 1 if how == "plain" else np.maximum(1, delta / (norm + 1e-30))
        decay = 1 - update / updates
        step = np.repeat(rates, seeds) * decay * (factor + 0 * norm)
        for l, (dW, db) in enumerate(grads):
            W[l] = W[l] - step[l, :, None, None] * dW
            b[l] = b[l] - step[l, :, None, None] * db
    right = ((out > 0) == (y > 0)).mean(axis=(1, 2))
    return right.reshape(len(rates), seeds), share


rates, medians, best, worst = np.geomspace(0.01, 10, 4), {}, {}, {}
for how in ("plain", "whole", "layer"):
    ends, share = train(how, rates)
    medians[how] = np.median(ends, axis=1)
    best[how] = medians[how].max()
    worst[how] = ends[medians[how].argmax()].min()
    print(f"{how:5}: {best[how]:.0%} right at its best rate")

print(f"worst seed with a floor for each layer: {worst['layer']:.0%}")
print(f"the first layer's norm over the whole norm, at first: {share:.0e}")

plt.semilogx(rates, medians["plain"], "C3o-", label="no floor")  #zh "没有下限"
plt.semilogx(rates, medians["whole"], "C1^--", label="a floor for the whole norm")  #zh "总范数有下限"
plt.semilogx(rates, medians["layer"], "C0s-", label="a floor for each layer")  #zh "每层各有下限"
plt.axhline(0.5, color="black", ls="--", lw=1)
plt.xlabel("learning rate η")  #zh "学习率 η"
plt.ylabel("share of right answers")  #zh "答对的比例"
plt.legend(loc="lower left")
plt.show()

import numpy as np
import matplotlib.pyplot as plt

n, rng, r2, skill, shift = 20_000, np.random.default_rng(0), {}, {}, {}
for momentum in (0.6, 0.0):
    # a slow series; a move repeats this share of the move before
    #zh 一条慢慢走的序列；每一步重复上一步的这么一部分
    a, moves = [0.0], [0.0]
    for e in rng.standard_normal(n):
        moves.append(momentum * moves[-1] + e)
        a.append(0.98 * a[-1] + moves[-1])
    # the best forecast there is: all but the noise e, which nobody knows
    #zh 最好的预测：除了谁也料不到的噪声 e，全都算上
    a, moves = np.array(a), np.array(moves)
    truth, last = a[1:], a[:-1]
    forecast = 0.98 * last + momentum * moves[:-1]
    error = ((truth - forecast) ** 2).mean()
    r2[momentum] = 1 - error / truth.var()
    skill[momentum] = 1 - error / ((truth - last) ** 2).mean()
    # by how many steps must the truth be shifted to fit the forecast best?
    #zh 真值要错开几步，才与预测最吻合？
    off = [((forecast[9:] - truth[9 - k : n - k]) ** 2).mean() for k in range(9)]
    shift[momentum] = int(np.argmin(off))
    print(f"momentum {momentum}: R2 {r2[momentum]:.2f},", end=" ")
    print(f"skill {skill[momentum]:.2f}, shifted by {shift[momentum]}")

plt.plot(truth[:60], "k", lw=1, label="truth")  #zh "真值"
plt.plot(forecast[:60], "C1", label="best forecast")  #zh "最好的预测"
plt.xlabel("step")  #zh "步"
plt.legend()
plt.show()

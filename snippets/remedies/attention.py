import numpy as np
import matplotlib.pyplot as plt

H, longest, seeds = 32, 200, 5


def reach(T, shortcut, seed):
    rng = np.random.default_rng(seed)
    U = rng.standard_normal((H, H))
    U *= 0.9 / max(abs(np.linalg.eigvals(U)))
    h = [np.zeros(H)]
    for t in range(T):
        h.append(np.tanh(0.3 * rng.standard_normal(H) + h[t] @ U))
    states, v = np.array(h[1:]), rng.standard_normal(H)
    if shortcut:
        # the last state asks, all states answer: y = Σ_t a_t h_t
        #zh 最后的状态提问，所有状态作答：y = Σ_t a_t h_t
        scores = states @ h[T] / np.sqrt(H)
        a = np.exp(scores - scores.max())
        a /= a.sum()
        da = states @ v
        dscores = a * (da - a @ da) / np.sqrt(H)
        direct = np.outer(a, v) + np.outer(dscores, h[T])
        direct[T - 1] += dscores @ states
    else:
        direct = np.zeros((T, H))
        direct[T - 1] = v
    g = np.zeros(H)
    for t in range(T - 1, -1, -1):
        g = g + direct[t]
        first = g
        g = (g * (1 - h[t + 1] ** 2)) @ U.T
    return np.linalg.norm(first) / np.linalg.norm(v)


lengths = np.array([1, 2, 5, 10, 20, 50, 100, longest])
ends = {}
for shortcut, color, marker, label in (
    (False, "C0", "o", "last state only"),  #zh "只用最后的状态"
    (True, "C1", "s", "attention over all states"),  #zh "对所有状态做注意力"
):
    runs = [[reach(T, shortcut, seed) for T in lengths] for seed in range(seeds)]
    middle = np.exp(np.mean(np.log(runs), axis=0))
    ends[shortcut] = middle[-1]
    plt.loglog(lengths, middle, color, marker=marker, label=label)

without, with_attention = ends[False], ends[True]
times_T = with_attention * longest
print(f"T = {longest}: without {without:.0e}, with attention {with_attention:.4f}")
print(f"attention times T: {times_T:.2f}")
plt.loglog(lengths, 1 / lengths, "k--", lw=1, label="1/T")
plt.ylim(1e-12, 3)
plt.xlabel("length T")  #zh "序列长度 T"
plt.ylabel("‖∂L/∂h₁‖ / ‖∂L/∂y‖")
plt.legend()
plt.show()

import numpy as np
import matplotlib.pyplot as plt

T, chunk, D, H, seeds, tiny = 60, 20, 4, 32, 5, 1e-100


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm(x, W, U, b, border):
    h, c, out = np.zeros((x.shape[1], H)), np.zeros((x.shape[1], H)), []
    for t in range(T):
        if t % chunk == 0:
            h, c = border(h), border(c)
        i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f + 2), np.tanh(g), sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        out.append(h)
    return np.array(out)


def whole(state):
    return state


def detach(state):
    # the value goes on, the derivative does not
    #zh 值带过去，导数不带
    return state.real


def reset(state):
    return 0 * state


felt, ends = {}, {}
for border in (whole, detach, reset):
    name, runs, stops = border.__name__, [], []
    for seed in range(seeds):
        rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
        W, U, b = (rng.uniform(-k, k, (n, 4 * H)) for n in (D, H, 1))
        # complex step: row t of the batch has the element t changed by i·ε
        #zh 复步微分：批里第 t 行，把第 t 个元素加上 i·ε
        x = np.repeat(rng.standard_normal((T, 1, D)), T, axis=1) + 0j
        for t in range(T):
            x[t, t] = x[t, t] + 1j * tiny * rng.standard_normal(D) / np.sqrt(D)
        out = lstm(x, W, U, b, border)
        runs.append(np.linalg.norm(out.imag / tiny, axis=-1))
        stops.append(out[-1, 0].real)
    # row: at which output; column: which element
    #zh 行：哪一步的输出；列：哪个元素
    felt[name] = np.median(runs, axis=0)  # (T, T)
    ends[name] = np.array(stops)

last, away, reach, credit = {}, {}, {}, {}
for name in felt:
    last[name] = felt[name][-1]
    away[name] = np.abs(ends[name] - ends["whole"]).max()
    reach[name] = np.count_nonzero(felt[name], axis=1)
    credit[name] = reach[name].mean()
    print(f"{name:6}  last output off by {away[name]:.2f}")
    print(f"  credit for {reach[name][-1]} steps, on average {credit[name]:.1f}")

steps = np.arange(1, T + 1)
plt.plot(steps, last["whole"], "C1s-", markevery=4, label="whole")  #zh "原样带走"
plt.plot(steps, last["detach"], "C0o-", markevery=4, label="detach")  #zh "只带数值"
plt.plot(steps, last["reset"], "C3v--", markevery=4, label="reset")  #zh "清零"
plt.xlabel("element t")  #zh "第 t 个元素"
plt.ylabel("how much the last output feels it")  #zh "最后的输出受到的影响"
plt.legend()
plt.show()

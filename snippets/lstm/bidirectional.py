import numpy as np
import matplotlib.pyplot as plt

T, D, H, seeds, tiny = 30, 4, 32, 5, 1e-100


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm(x, W, U, b):
    h, c, out = np.zeros((x.shape[1], len(U))), 0, []
    for x_t in x:
        i, f, g, o = np.split(x_t @ W + h @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        out.append(h)
    return np.array(out)


def both_ways(x, ahead, back):
    # the second LSTM reads from the end; its outputs are put back in order
    #zh 第二个 LSTM 从末尾读起，输出再按原来的顺序排好
    return lstm(x, *ahead), lstm(x[::-1], *back)[::-1]


felt = []
for seed in range(seeds):
    rng, k = np.random.default_rng(seed), 1 / np.sqrt(H)
    draw = [rng.uniform(-k, k, (n, 4 * H)) for n in (D, H, 1, D, H, 1)]
    # complex step: row k of the batch has the element k changed by i·ε
    #zh 复步微分：批里第 k 行，把第 k 个元素加上 i·ε
    x = np.repeat(rng.standard_normal((T, 1, D)), T, axis=1) + 0j
    for t in range(T):
        x[t, t] = x[t, t] + 1j * tiny * rng.standard_normal(D) / np.sqrt(D)
    halves = np.array(both_ways(x, draw[:3], draw[3:])).imag / tiny
    felt.append(np.linalg.norm(halves, axis=-1))

# row: at which output; column: which element
#zh 行：哪一步的输出；列：哪个元素
ahead, back = np.median(felt, axis=0)  # (T, T)
middle, steps = T // 2, np.arange(1, T + 1)
# the summary of the whole: the last output, or where each of the two has finished
#zh 整段的概括：最后一步的输出，还是两个方向各自读完的地方
last = np.hypot(ahead[-1], back[-1])
ends = np.hypot(ahead[-1], back[0])
read = np.count_nonzero(back[-1])
print(f"the back half of the last output has read {read} of {T} elements")
print(f"the first element, felt by the last output: {last[0]:.0e}")
print(f"                   felt by both ends:       {ends[0]:.0e}")

fig, sides = plt.subplots(2, 1, sharey=True, figsize=(4.95, 5.6))
sides[0].semilogy(steps, ahead[middle], "C1s", label="ahead")  #zh "正向"
sides[0].semilogy(steps, back[middle], "C0o", label="back")  #zh "反向"
sides[0].set_title(f"output {middle + 1}")  #zh f"第 {middle + 1} 步的输出"
sides[0].set_ylabel("how much it feels each element")  #zh "受各元素的影响"
sides[1].semilogy(steps, last, "C3v", label="last output")  #zh "最后一步的输出"
sides[1].semilogy(steps, ends, "C2^", label="both ends")  #zh "两端"
sides[1].set_title("summary of the whole")  #zh "整段的概括"
for side in sides:
    side.set_xlabel("element t")  #zh "第 t 个元素"
    side.legend()

plt.show()

import numpy as np
import matplotlib.pyplot as plt

T, H = 40, 16
np.seterr(all="ignore")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slstm(z, R, stabilized):
    h, c, n, m = np.zeros(H), np.zeros(H), np.zeros(H), np.full(H, -np.inf)
    outputs, sizes = [], []
    for t in range(T):
        z_i, z_f, z_g, z_o = np.split(z[t] + h @ R, 4)
        log_f = -np.log(1 + np.exp(-z_f))
        if stabilized:
            # m is the largest exponent so far; it needs no gradient
            #zh m 是到目前为止最大的指数；它不需要梯度
            new_m = np.maximum(log_f.real + m, z_i.real)
            i = np.exp(z_i - new_m)
            f = np.exp(log_f + m - new_m)
            m = new_m
        else:
            i = np.exp(z_i)
            f = np.exp(log_f)
        c = f * c + i * np.tanh(z_g)
        n = f * n + i
        h = sigmoid(z_o) * c / n
        outputs.append(h)
        sizes.append(abs(n).max())
    return np.array(outputs), np.array(sizes)


rng = np.random.default_rng(0)
z, R = rng.standard_normal((T, 4 * H)), rng.standard_normal((H, 4 * H)) / np.sqrt(H)
both = [slstm(z, R, stabilized)[0] for stabilized in (True, False)]
same = abs(both[0] - both[1]).max() < 1e-12
print("with and without m the outputs are the same:", same)

# the derivative in a random direction: m held fixed, and m moving along
#zh 沿一个随机方向的导数：m 固定不动，和 m 跟着动
d = rng.standard_normal(z.shape)
fixed = slstm(z + 1e-100j * d, R, True)[0].imag.sum() / 1e-100
ends = [slstm(z + step * d, R, True)[0].sum() for step in (1e-6, -1e-6)]
moving = (ends[0] - ends[1]) / 2e-6
print("m needs no gradient:", abs(fixed - moving) < 1e-6)

# input-gate logits that rise by 50 a step
#zh 输入门的打分每步升高 50
z[:, :H] = 50 * np.arange(T)[:, None]
plain, held = (slstm(z, R, stabilized) for stabilized in (False, True))
lost = int(np.argmin(np.isfinite(plain[0]).all(axis=1)))
print(f"without m not finite from step {lost} on, with m: never")

plt.plot(np.log10(plain[1][:lost]), "C3", label="without m")  #zh "没有 m"
plt.plot(np.log10(held[1]), "C1", label="with m")  #zh "有 m"
plt.xlabel("step")  #zh "时间步"
plt.ylabel("largest normalizer n, powers of ten")  #zh "最大的归一化量 n（10 的几次方）"
plt.legend()
plt.show()

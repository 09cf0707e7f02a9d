import numpy as np
import matplotlib.pyplot as plt

rng = np.random.default_rng(0)
updates, B, mean, deviation = 1500, 32, 3.0, 2.0
batches = mean + deviation * rng.standard_normal((updates, B))


def pytorch(momentum):
    # momentum is the share of what is new
    #zh momentum 是新值的份额
    running = [0.0]
    for x in batches:
        running.append((1 - momentum) * running[-1] + momentum * x.mean())
    return np.array(running)


def keras(momentum):
    # momentum is the share of what is old; so in Flax
    #zh momentum 是旧值的份额；Flax 也是
    running = [0.0]
    for x in batches:
        running.append(momentum * running[-1] + (1 - momentum) * x.mean())
    return np.array(running)


apart = np.abs(pytorch(0.1) - keras(0.9)).max()
print(f"PyTorch's 0.1 is Keras's 0.9: {apart < 1e-12}")
curves, needed = {}, {}
for m in (0.1, 0.01, 0.99):
    curve, name = pytorch(m), str(m)
    curves[name] = curve
    # of the start, 0, this share is left after k updates: (1 - momentum)^k
    #zh 走 k 步之后，初值 0 还占这么多：(1 - momentum)^k
    needed[name] = int(np.ceil(np.log(0.05) / np.log(1 - m)))
    noise = curve[-1000:].std()
    print(f"m = {name:4}: 95 % new after {needed[name]:3} updates, noise {noise:.2f}")

for name, color in (("0.99", "0.7"), ("0.1", "C4"), ("0.01", "C0")):
    plt.plot(curves[name][:301:2], color=color, label=f"m = {name}")

plt.axhline(mean, color="k", ls=":", lw=1)
plt.xlabel("update")  #zh "更新次数"
plt.ylabel("running mean")  #zh "滑动平均"
plt.legend()
plt.show()

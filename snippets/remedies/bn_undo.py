import numpy as np

rng = np.random.default_rng(0)
B, D, H = 16, 3, 4
x = rng.standard_normal((B, D))
W, b = rng.standard_normal((D, H)), rng.standard_normal(H)
weight = rng.standard_normal((B, H))
eps = 1e-5


def batch_norm(z, gamma, beta, eps=eps):
    hat = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps)
    return gamma * hat + beta


# 1. gamma and beta can undo it: with these two it hands on what came in
#zh 1. γ 和 β 能撤销归一化：取这两个值，进来什么就出去什么
z = x @ W + b
gamma, beta = np.sqrt(z.var(axis=0) + eps), z.mean(axis=0)
undone = np.abs(batch_norm(z, gamma, beta) - z).max()
print(f"gamma = deviation, beta = mean: identity to 1e-14: {undone < 1e-14}")

# 2. a bias below it is taken out again with the mean
#zh 2. 前面的偏置会随均值一起减掉
shifted = np.abs(batch_norm(z + 100, 1, 0) - batch_norm(z, 1, 0)).max()
db, step = np.zeros(H), 1e-6
for k in range(H):
    move = step * np.eye(H)[k]
    up, down = ((weight * batch_norm(z + s * move, 1, 0)).sum() for s in (1, -1))
    db[k] = (up - down) / (2 * step)

print(f"bias + 100: output moves < 1e-12: {shifted < 1e-12}")
print(f"gradient of the bias < 1e-7: {np.abs(db).max() < 1e-7}")

# 3. epsilon decides what becomes of a feature that hardly varies
#zh 3. 特征几乎不变时，结果由 ε 决定
kept = {}
for eps in (1e-5, 1e-3):
    row = []
    for deviation in (1, 0.1, 0.01, 0.001):
        feature = deviation * (z - z.mean(axis=0)) / z.std(axis=0)
        kept[deviation, eps] = batch_norm(feature, 1, 0, eps).std()
        row.append(f"{deviation}: {kept[deviation, eps]:.3f}")
    print(f"eps {eps:.0e}, before: after", *row, sep="  ")

# 4. ReLU after BN: no unit is dead at the start; BN after ReLU revives none
#zh 4. BN 之后接 ReLU，开头没有死亡神经元；BN 放在 ReLU 之后，救不活谁
low = z - 20
relu_last = np.maximum(batch_norm(low, 1, 0), 0).std(axis=0)
bn_last = batch_norm(np.maximum(low, 0), 1, 0).std(axis=0)
dead_before, dead_after = np.mean(relu_last == 0), np.mean(bn_last == 0)
print(f"bias - 20, dead units: BN before {dead_before:.0%}, after {dead_after:.0%}")

import numpy as np

rng = np.random.default_rng(0)
B, D, H = 2, 3, 5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_step(x, h, c, W, U, b):
    z = x @ W + h @ U + b  # (B, 4H)
    i, f, g, o = np.split(z, 4, axis=1)  # (B, H)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c, (i, f, g, o)


x = rng.standard_normal((B, D))
h, c = np.zeros((B, H)), np.zeros((B, H))
W = rng.uniform(-1, 1, (D, 4 * H)) / np.sqrt(H)
U = rng.uniform(-1, 1, (H, 4 * H)) / np.sqrt(H)
b = np.zeros(4 * H)

h, c, gates = lstm_step(x, h, c, W, U, b)
i, f, g, o = gates
for name, array in dict(x=x, W=W, U=U, b=b, i=i, f=f, g=g, o=o, c=c, h=h).items():
    print(f"{name}  {array.shape}")

params = W.size + U.size + b.size
formula = 4 * (D * H + H**2 + H)
pytorch = formula + 4 * H
print(f"parameters: {params} = 4n(m + n + 1)")

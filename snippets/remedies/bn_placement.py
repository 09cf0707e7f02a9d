import numpy as np

L, n, points, updates, seeds = 4, 32, 100, 100, 3
rates = (0.03, 0.1, 0.3)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def spirals(rng):
    t = np.sqrt(rng.random(points)) * 3 * np.pi
    arm = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / 5
    return np.concatenate([arm, -arm]), np.repeat([[0.0], [1.0]], points, axis=0)


def normalize(x, known):
    # known: mean and deviation of the training data, when others are classified
    #zh known：给新数据分类时，用训练数据的均值和标准差
    now = known or (x.mean(axis=0), np.sqrt(x.var(axis=0) + 1e-5))
    return (x - now[0]) / now[1], now


def forward(x, Ws, bs, v, place, known):
    h, saved = x, []
    for k in range(L):
        before, z = h, h @ Ws[k]
        if place == "before":
            hat, now = normalize(z, known[k])
            z = hat + bs[k]
            h = np.maximum(z, 0)
        else:
            z = z + bs[k]
            hat, now = normalize(np.maximum(z, 0), known[k])
            h = hat
        saved.append((before, z > 0, hat, now))
    return h, saved, sigmoid(h @ v)


def through(g, hat, deviation):
    return (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0)) / deviation


def train(place, rate, seed):
    rng = np.random.default_rng(seed)
    x, y = spirals(rng)
    Ws = [np.sqrt(2 / m) * rng.standard_normal((m, n)) for m in [2] + [n] * (L - 1)]
    bs, v = [np.zeros(n) for _ in Ws], np.zeros((n, 1))
    for update in range(updates):
        h, saved, out = forward(x, Ws, bs, v, place, [None] * L)
        error = (out - y) / len(x)
        g = error @ v.T
        v = v - rate * h.T @ error
        for k in range(L - 1, -1, -1):
            before, on, hat, now = saved[k]
            g = g * on if place == "before" else through(g, hat, now[1]) * on
            db = g.sum(axis=0)
            if place == "before":
                g = through(g, hat, now[1])
            dW, g = before.T @ g, g @ Ws[k].T
            Ws[k] = Ws[k] - rate * dW
            bs[k] = bs[k] - rate * db
    known = [now for _, _, _, now in forward(x, Ws, bs, v, place, [None] * L)[1]]
    x, y = spirals(rng)
    return np.mean((forward(x, Ws, bs, v, place, known)[2] > 0.5) == (y > 0.5))


right, best = {}, {}
for place in ("before", "after"):
    runs = np.array([[train(place, r, s) for s in range(seeds)] for r in rates])
    shares = runs.mean(axis=1)
    right[place] = shares
    best[place] = shares.max()
    print(f"BN {place:6} ReLU:", *(f"{share:4.0%}" for share in shares))

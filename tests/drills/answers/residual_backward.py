"""Answers to the drill residual_backward, see tests/drills/test_drills.py."""

WRONG = {
    "the shortcut forgotten": ([("dx = dx + da @ W1.T", "dx = da @ W1.T")], "the shortcut is missing", "少了近路"),
    "only the shortcut": ([("        dx = dx + da @ W1.T\n", "")], "other path is missing", "少了另一条路"),
    "the first gradient added everywhere": (
        [("dx = dx + da @ W1.T", "dx = dy + da @ W1.T")],
        "hands on the sum",
        "两条路之和",
    ),
    "no ReLU on the way back": ([(" * (a > 0)", "")], "then ReLU", "依次经过"),
    "the ReLU's mask from x": ([("(a > 0)", "(xs[n] @ np.ones_like(W1) > 0)")], "then ReLU", "依次经过"),
    "dx moved on before dW2 is taken": (
        [
            (
                "        grads.insert(0, (xs[n].T @ da, a.T @ dx))\n        dx = dx + da @ W1.T\n",
                "        dx = dx + da @ W1.T\n        grads.insert(0, (xs[n].T @ da, a.T @ dx))\n",
            )
        ],
        "which x, which dx",
        "哪个 x、哪个 dx",
    ),
    "dW1 from the block's output": ([("xs[n].T @ da", "xs[n + 1].T @ da")], "dW1 of block", "dW1（第"),
    "the gradients in backward order": (
        [("grads.insert(0, (xs[n].T @ da, a.T @ dx))", "grads.append((xs[n].T @ da, a.T @ dx))")],
        "other order",
        "顺序反了",
    ),
    "added into dy": ([("dx = dx + da @ W1.T", "dx += da @ W1.T")], "dx += adds into it", "加到了它里面"),
    "halved, as if it were a mean": ([("dx = dx + da @ W1.T", "dx = (dx + da @ W1.T) / 2")], "as it is", "原样穿过"),
    "averaged over the batch": (
        [("xs[n].T @ da, a.T @ dx", "xs[n].T @ da / len(dy), a.T @ dx / len(dy)")],
        "one block, weights",
        "一块，权重",
    ),
    "a step taken on the weights": (
        [("        dx = dx + da @ W1.T\n", "        dx = dx + da @ W1.T\n        W2 -= 0.1 * grads[0][1]\n")],
        "xs or a weight is changed",
        "xs 或权重被改动了",
    ),
}

RIGHT = {
    "recursion": """def backward(dy, xs, blocks):
    if not blocks:
        return dy, []
    W1, W2 = blocks[-1]
    z = xs[len(blocks) - 1] @ W1
    dz = np.where(z > 0, np.einsum("bd,kd->bk", dy, W2), 0).astype(dy.dtype)
    mine = np.einsum("bd,bk->dk", xs[len(blocks) - 1], dz), np.einsum("bk,bd->kd", np.maximum(z, 0), dy)
    dx, before = backward(dy + dz.dot(W1.T), xs, blocks[:-1])
    return dx, before + [mine]
""",
    "two lists reversed": """def backward(dy, xs, blocks):
    dx, collected = dy.copy(), []
    for x, (W1, W2) in list(zip(xs, blocks))[::-1]:
        z = x @ W1
        dz = (dx @ W2.T) * np.sign(np.maximum(z, 0))
        collected += [(x.T @ dz, (z * (z > 0)).T @ dx)]
        dx += dz @ W1.T
    return dx, collected[::-1]
""",
}

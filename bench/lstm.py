"""The NumPy LSTM of the pages against PyTorch's, forward and backward, CPU time of one thread, in one run.

Prints the ratio for two sizes; exits with 1 if one is over its budget. `make bench` runs it.
"""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import ast
import sys
import time
from pathlib import Path

import numpy as np
import torch

T, B, D = 100, 32, 32
BUDGETS = {128: 1.7, 512: 1.2}  # H: at most this many times PyTorch's CPU time
ROUNDS = 15

torch.set_num_threads(1)


def snippet_functions():
    """sigmoid, forward and backward as the page shows them, without the rest of the program."""
    file = Path(__file__).parent.parent / "snippets/lstm/backward.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    namespace = {"np": np}
    exec(compile(tree, str(file), "exec"), namespace)
    return namespace["forward"], namespace["backward"]


def cpu_seconds(work):
    started = time.process_time()
    work()
    return time.process_time() - started


def compare(H):
    """Median CPU seconds of NumPy and PyTorch for one forward and backward pass, measured by turns."""
    forward, backward = snippet_functions()
    rng = np.random.default_rng(0)
    x, dhs = (rng.standard_normal(s).astype(np.float32) for s in ((T, B, D), (T, B, H)))
    W, U, b = ((rng.standard_normal(s) / np.sqrt(H)).astype(np.float32) for s in ((D, 4 * H), (H, 4 * H), (4 * H,)))
    zero = np.zeros((B, H), np.float32)
    net = torch.nn.LSTM(D, H)
    tx, tdhs = torch.tensor(x, requires_grad=True), torch.tensor(dhs)

    def ours():
        hs, cs, gates = forward(x, zero, zero, W, U, b)
        return backward(dhs, x, hs, cs, gates, W, U)

    def theirs():
        net.zero_grad()
        net(tx)[0].backward(tdhs)

    ours(), theirs()  # warm up
    both = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(ROUNDS)]
    return np.median(both, axis=0)


def main():
    over = False
    for H, budget in BUDGETS.items():
        numpy_seconds, torch_seconds = compare(H)
        ratio = numpy_seconds / torch_seconds
        over |= ratio > budget
        print(
            f"T = {T}, B = {B}, H = {H:3}: NumPy {1000 * numpy_seconds:6.1f} ms,"
            f" PyTorch {1000 * torch_seconds:6.1f} ms,"
            f" ratio {ratio:.2f} (budget {budget})"
        )
    return int(over)


if __name__ == "__main__":
    sys.exit(main())

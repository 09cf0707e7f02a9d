"""What Keras on PyTorch, Flax and ONNX do: run by test_frameworks.py in a Python that has them.

Reads JSON: `torch`, the folder that PyTorch is in; `program`, the arrays of snippets/reference/; `lines`, the code of the
page by (framework, row). Writes JSON: `versions`; `seen`, what stands in the page's cells, by framework and row; `outputs`
of the programs' networks; `wrong`, what is wrong with the lines of each framework, if anything is.
"""

import inspect
import json
import os
import sys
import traceback

ASKED = json.load(sys.stdin)
sys.path.append(ASKED["torch"])
os.environ["KERAS_BACKEND"] = "torch"
os.environ["JAX_PLATFORMS"] = "cpu"

import flax
import jax
import jax.numpy as jnp
import keras
import numpy as np
import onnx
import optax
from flax import linen as nn
from onnx.reference import ReferenceEvaluator

jax.config.update("jax_enable_x64", True)
T, B, D, H = 7, 2, 3, 5
X = np.random.default_rng(0).standard_normal((B, T, D))
FRAMEWORKS = {"Keras": {}, "Flax": {}}


def default(of, name):
    return inspect.signature(of).parameters[name].default


def deviation(array):
    return float(np.std(np.asarray(array)))


def keras_layer(kind=keras.layers.LSTM, size=H, inputs=D, **options):
    layer = kind(size, **options)
    layer.build((None, None, inputs))
    return layer


def shapes(layer):
    return {weight.name: tuple(weight.shape) for weight in layer.weights}


def named(shape, sizes):
    names = {value: name for name, value in sizes.items()}
    return "(" + ", ".join(names[one] for one in shape) + ")"


SIZES = {"T": T, "B": B, "D": D, "H": H, "3H": 3 * H, "4H": 4 * H}


def numpy(array):
    return np.asarray(array.detach() if hasattr(array, "detach") else array)


# -- Keras: the cells of the page ----------------------------------------------------------------------------


def keras_lstm():
    seen = FRAMEWORKS["Keras"]
    layer = keras_layer(return_sequences=True, return_state=True, dtype="float64")
    found = shapes(layer)
    out, *states = map(numpy, layer(X))
    seen["input"] = [named(X.shape, SIZES)]
    assert out.shape == (B, T, H)
    seen["the other way"] = []
    assert "time_major" not in inspect.signature(keras.layers.LSTM).parameters
    seen["input weights"] = [f"kernel {named(found['kernel'], SIZES)}"]
    seen["recurrent weights"] = [f"recurrent_kernel {named(found['recurrent_kernel'], SIZES)}"]
    seen["biases"] = [f"bias {named(found['bias'], SIZES)}"]
    seen["numbers"] = [str(sum(int(np.prod(shape)) for shape in found.values()))]
    blocks = np.split(numpy(layer.cell.bias.value), 4)
    assert [set(block.tolist()) for block in blocks] == [{0.0}, {1.0}, {0.0}, {0.0}]
    seen["forget bias"] = ["1"]
    big = keras_layer(size=256, inputs=64)
    kernel, recurrent = numpy(big.cell.kernel.value), numpy(big.cell.recurrent_kernel.value)
    assert np.isclose(deviation(kernel), np.sqrt(2 / (64 + 4 * 256)), rtol=0.02)
    assert np.allclose(recurrent @ recurrent.T, np.eye(256), atol=1e-4)
    assert np.isclose(deviation(recurrent[:, :256]), 1 / np.sqrt(4 * 256), rtol=0.02)
    config = big.get_config()
    assert config["kernel_initializer"]["class_name"] == "GlorotUniform"
    assert config["recurrent_initializer"]["class_name"] == "Orthogonal"
    seen["input weights, start"] = [default(keras.layers.LSTM, "kernel_initializer")]
    seen["recurrent weights, start"] = [default(keras.layers.LSTM, "recurrent_initializer"), "(H, 4H)"]
    alone = numpy(keras_layer()(X.astype("float32")))
    seen["what is returned"] = [f"h {named(alone.shape, SIZES)}"]
    # which of the two states is h: the one that is the last output
    order = ["h" if np.array_equal(state, out[:, -1]) else "c" for state in states]
    seen["states"] = [f"[{', '.join(order)}]", named(states[0].shape, SIZES)]
    # dropout on the input, and on h; one mask for the whole sequence
    ones = np.ones((1, 40, 8), "float32")
    for option in ("dropout", "recurrent_dropout"):
        net = keras_layer(kind=keras.layers.SimpleRNN, size=8, inputs=8, return_sequences=True, **{option: 0.5})
        net.set_weights([np.eye(8), 0 * np.eye(8) if option == "dropout" else 0.5 * np.eye(8), np.zeros(8)])
        values = numpy(net(ones, training=True))[0]
        assert 1 < len(set(values[-1].round(6).tolist())) <= 3, "some of it is dropped"
        assert np.allclose(values[20:], values[20], atol=1e-4), "the same at every step"
    seen["dropout"] = ["dropout", "recurrent_dropout"]
    mask = np.arange(T) < np.array([[T], [3]])
    masked, h, _ = map(numpy, layer(X, mask=mask))
    assert np.allclose(h[1], out[1, 2]), (h[1], out[1])
    assert np.allclose(masked[1, 3:], out[1, 2]), (masked[1], out[1])
    seen["padding"] = ["mask"]


def keras_others():
    seen = FRAMEWORKS["Keras"]
    gru = keras_layer(kind=keras.layers.GRU)
    seen["GRU: reset gate"] = [f"reset_after={default(keras.layers.GRU, 'reset_after')}"]
    seen["GRU: biases"] = ["6H"]
    assert gru.cell.bias.shape == (2, 3 * H)
    assert keras_layer(kind=keras.layers.GRU, reset_after=False).cell.bias.shape == (3 * H,)
    keep = keras_layer(kind=keras.layers.GRU, dtype="float64", return_sequences=True)
    # z wide open: h stays, whatever comes in
    bias = np.zeros((2, 3 * H))
    bias[0, :H] = 100  # the first block is z
    keep.set_weights([numpy(w.value) for w in keep.weights[:2]] + [bias])
    assert np.allclose(numpy(keep(X, initial_state=np.full((B, H), 0.3))), 0.3)
    seen["GRU: z = 1"] = ["h"]
    norm = keras.layers.BatchNormalization
    seen["BN: momentum"] = [str(default(norm, "momentum"))]
    seen["BN: ε"] = [str(default(norm, "epsilon"))]
    seen["LN: ε"] = [str(default(keras.layers.LayerNormalization, "epsilon"))]
    batch = np.array([[1.0], [2.0], [6.0]])
    layer = norm(dtype="float64")
    layer(batch, training=True)
    assert np.isclose(numpy(layer.moving_mean.value), (1 - 0.99) * 3)
    seen["BN: share of the new mean"] = [f"{float(numpy(layer.moving_mean.value)[0]) / 3:.2g}"]
    divisor = 14 / ((float(numpy(layer.moving_variance.value)[0]) - 0.99) / 0.01)
    seen["BN: running variance over"] = [{3: "B", 2: "B − 1"}[round(divisor, 3)]]
    assert np.allclose(numpy(layer(batch, training=False)).std(), batch.std() / np.sqrt(0.99 + 0.14 / 3 + 1e-3))
    seen["to evaluate"] = ["training=False"]


# -- Flax: the cells of the page -------------------------------------------------------------------------------


def flax_layer(cell=None, x=X, **options):
    net = nn.RNN(cell or nn.LSTMCell(H, param_dtype=jnp.float64), **options)
    return net, net.init(jax.random.key(0), x)


def flax_lstm():
    seen = FRAMEWORKS["Flax"]
    net, variables = flax_layer()
    params = variables["params"]["cell"]
    out = np.asarray(net.apply(variables, X))
    assert out.shape == (B, T, H)
    seen["input"] = [named(X.shape, SIZES)]
    turned = nn.RNN(net.cell, time_major=True).apply(variables, X.swapaxes(0, 1))
    assert np.allclose(turned, out.swapaxes(0, 1))
    seen["the other way"] = ["time_major=True"]
    assert sorted(params) == sorted(f"{side}{gate}" for side in "ih" for gate in "ifgo")
    kernels = {name: {key: a.shape for key, a in value.items()} for name, value in params.items()}
    assert all(kernels[f"i{gate}"] == {"kernel": (D, H)} for gate in "ifgo")
    assert all(kernels[f"h{gate}"] == {"kernel": (H, H), "bias": (H,)} for gate in "ifgo")
    seen["input weights"] = ["kernel (D, H)"]
    seen["recurrent weights"] = ["kernel (H, H)"]
    seen["biases"] = ["bias (H)"]
    seen["order of the blocks"] = ["i", "f", "g", "o"]
    seen["numbers"] = [str(sum(a.size for a in jax.tree.leaves(params)))]
    assert all(np.all(params[f"h{gate}"]["bias"] == 0) for gate in "ifgo")
    seen["forget bias"] = ["0"]
    big = flax_layer(nn.LSTMCell(256), np.ones((1, 2, 64), "float32"))[1]["params"]["cell"]
    assert np.isclose(deviation(big["if"]["kernel"]), 1 / np.sqrt(64), rtol=0.03)
    U = np.asarray(big["hf"]["kernel"])
    assert np.allclose(U @ U.T, np.eye(256), atol=1e-4)
    assert nn.LSTMCell.kernel_init is not None and "lecun_normal" in nn.LSTMCell.__doc__
    seen["input weights, start"] = ["lecun_normal", "(D, H)"]
    seen["recurrent weights, start"] = ["orthogonal", "(H, H)"]
    seen["what is returned"] = [f"h {named(out.shape, SIZES)}"]
    carry, _ = flax_layer(return_carry=True)[0].apply(variables, X)
    order = ["h" if np.array_equal(state, out[:, -1]) else "c" for state in carry]
    seen["states"] = [f"({', '.join(order)})", named(carry[0].shape, SIZES)]
    assert "dropout" not in "".join(inspect.signature(nn.LSTMCell).parameters)
    seen["dropout"] = ["nn.Dropout"]
    short, padded = nn.RNN(net.cell, return_carry=True).apply(variables, X, seq_lengths=np.array([T, 3]))
    assert np.allclose(short[1][1], out[1, 2]) and np.array_equal(padded, out)  # what is returned goes on
    seen["padding"] = ["seq_lengths"]


def flax_others():
    seen = FRAMEWORKS["Flax"]
    cell = nn.GRUCell(H, param_dtype=jnp.float64)
    variables = cell.init(jax.random.key(0), np.zeros((B, H)), X[:, 0])
    params = jax.tree.map(np.array, variables["params"])
    assert sorted(params) == sorted(f"{side}{gate}" for side in "ih" for gate in "rzn")
    seen["GRU: order of the blocks"] = ["r", "z", "n"]
    biases = sum(value["bias"].size for value in params.values() if "bias" in value)
    seen["GRU: biases"] = [f"{biases // H}H"]
    # reset shut: after the product its bias is shut out, before it the bias would come through
    params["ir"]["bias"][:], params["hn"]["bias"][:], params["iz"]["bias"][:] = -1000, 50, -1000
    shut, _ = cell.apply({"params": params}, np.zeros((B, H)), 0 * X[:, 0])
    seen["GRU: reset gate"] = [] if np.allclose(shut, 0) else ["before"]
    params["iz"]["bias"][:] = 100
    kept, _ = cell.apply({"params": params}, np.full((B, H), 0.3), X[:, 0])
    assert np.allclose(kept, 0.3)
    seen["GRU: z = 1"] = ["h"]
    seen["BN: momentum"] = [str(default(nn.BatchNorm, "momentum"))]
    seen["BN: ε"] = [str(default(nn.BatchNorm, "epsilon"))]
    seen["LN: ε"] = [str(default(nn.LayerNorm, "epsilon"))]
    batch = np.array([[1.0], [2.0], [6.0]])
    norm = nn.BatchNorm(use_running_average=False, param_dtype=jnp.float64)
    start = norm.init(jax.random.key(0), batch)
    _, after = norm.apply(start, batch, mutable=["batch_stats"])
    stats = after["batch_stats"]
    seen["BN: share of the new mean"] = [f"{float(stats['mean'][0]) / 3:.2g}"]
    divisor = 14 / ((float(stats["var"][0]) - 0.99) / 0.01)
    seen["BN: running variance over"] = [{3: "B", 2: "B − 1"}[round(divisor, 3)]]
    quiet = nn.BatchNorm(use_running_average=True).apply({**start, **after}, batch)
    assert np.allclose(np.asarray(quiet).std(), batch.std() / np.sqrt(float(stats["var"][0]) + 1e-5))
    seen["to evaluate"] = ["use_running_average=True"]


# -- the programs' networks --------------------------------------------------------------------------------------


def arrays(value):
    if isinstance(value, dict):
        return {name: arrays(one) for name, one in value.items()}
    return np.array(value)


def outputs():
    """The last output of each framework with the weights that the programs have laid out for it."""
    found = {}
    lstm, gru = ASKED["program"]["layouts"], ASKED["program"]["gru_layouts"]
    x = np.array(lstm["x"])  # (T, B, D)
    size = np.array(lstm["keras"]["recurrent_kernel"]).shape[0]
    layer = keras_layer(size=size, inputs=x.shape[2], dtype="float64")
    layer.set_weights([np.array(lstm["keras"][name]) for name in ("kernel", "recurrent_kernel", "bias")])
    found["Keras"] = numpy(layer(x.swapaxes(0, 1))).tolist()
    params = {"params": {"cell": arrays(lstm["flax"])}}
    net = nn.RNN(nn.LSTMCell(size, param_dtype=jnp.float64), time_major=True)
    found["Flax"] = np.asarray(net.apply(params, x))[-1].tolist()
    node = onnx.helper.make_node("LSTM", ["X", "W", "R", "B"], ["", "h", ""], hidden_size=size)
    value = onnx.helper.make_tensor_value_info
    names = {"X": x, **{name: np.array(lstm["onnx"][name]) for name in "WRB"}}
    ins = [value(name, onnx.TensorProto.DOUBLE, array.shape) for name, array in names.items()]
    graph = onnx.helper.make_graph([node], "one", ins, [value("h", onnx.TensorProto.DOUBLE, None)])
    found["ONNX"] = ReferenceEvaluator(onnx.helper.make_model(graph)).run(None, names)[0][0].tolist()
    if np.allclose(found["Keras"], ASKED["program"]["h"]["layouts"], atol=1e-10, rtol=0):
        FRAMEWORKS["Keras"]["order of the blocks"] = ["i, f, g, o"]
    x = np.array(gru["x"])
    for after, name in ((True, "Keras GRU"), (False, "Keras GRU, reset before")):
        layer = keras_layer(kind=keras.layers.GRU, size=size, inputs=x.shape[2], dtype="float64", reset_after=after)
        bias = np.array(gru["keras"]["bias"])
        if not after:  # one bias: that of n at h stands outside the product then, and can be added to the other
            bias = bias.sum(axis=0)
        layer.set_weights([np.array(gru["keras"][name]) for name in ("kernel", "recurrent_kernel")] + [bias])
        found[name] = numpy(layer(x.swapaxes(0, 1))).tolist()
    if np.allclose(found["Keras GRU"], ASKED["program"]["h"]["gru_layouts"], atol=1e-10, rtol=0):
        FRAMEWORKS["Keras"]["GRU: order of the blocks"] = ["z, r, n"]
    return found


# -- the one-liners: run as they stand on the page ------------------------------------------------------------------


def keras_step(optimizer, gradients):
    """How far plain descent at rate 1 moves variables that start at 0."""
    variables = [keras.Variable(np.zeros(np.shape(g), "float32")) for g in gradients]
    optimizer.apply_gradients(zip([keras.ops.array(np.array(g, "float32")) for g in gradients], variables, strict=True))
    return np.concatenate([-numpy(variable.value) for variable in variables])


def keras_lines(run):
    assert np.allclose(keras_step(run("clip the norm of all")[1], [[3.0], [4.0]]), [0.6, 0.8], atol=1e-5)
    each = keras_step(keras.optimizers.SGD(1.0, clipnorm=1.0), [[3.0], [4.0]])
    assert np.allclose(each, [1, 1], atol=1e-5), "clipnorm: each variable by itself"
    assert np.allclose(keras_step(run("clip each number")[1], [[3.0], [-0.2]]), [0.5, -0.2])
    grads = [keras.ops.array([3.0]), keras.ops.array([4.0])]
    assert np.isclose(float(run("norm of all gradients", grads=grads)[1]), 5)
    layer = run("forget bias 1")[1]
    layer.build((None, None, D))
    assert np.array_equal(np.split(numpy(layer.cell.bias.value), 4)[1], np.ones(H))
    layer = run("cut the gradient between two pieces", x=X)[1]
    layer.build(X.shape)
    import torch

    piece = torch.ones((B, T, D), requires_grad=True)
    layer(piece)
    first = numpy(layer(np.ones((B, T, D), "float32")))
    assert not np.allclose(first, numpy(keras_layer()(np.ones((B, T, D), "float32")))), "it goes on where it was"
    second = layer(torch.ones((B, T, D)))
    assert second.requires_grad and torch.autograd.grad(second.sum(), piece, allow_unused=True) == (None,)
    layer = keras_layer()
    run("freeze a layer", layer=layer)
    assert layer.trainable_variables == [] and len(layer.variables) >= 3
    layer, rng = keras_layer(), np.random.default_rng(0)
    U = [np.linalg.qr(rng.standard_normal((H, H)))[0] for _ in range(4)]
    run("recurrent weights orthogonal, each gate", layer=layer, U=U)
    blocks = np.split(numpy(layer.cell.recurrent_kernel.value), 4, axis=1)
    assert all(np.allclose(block @ block.T, np.eye(H), atol=1e-5) for block in blocks)


def flax_lines(run):
    grads = {"a": jnp.array([3.0]), "b": jnp.array([4.0])}
    tx = run("clip the norm of all")[1]
    clipped, _ = tx.update(grads, tx.init({}))
    assert np.allclose([clipped["a"][0], clipped["b"][0]], [0.6, 0.8])
    tx = run("clip each number")[1]
    assert np.allclose(tx.update(jnp.array([3.0, -0.2]), tx.init(None))[0], [0.5, -0.2])
    assert np.isclose(float(run("norm of all gradients", grads=grads)[1]), 5)
    params = jax.tree.map(np.array, flax_layer()[1]["params"])
    run("forget bias 1", params=params)
    assert np.all(params["cell"]["hf"]["bias"] == 1) and np.all(params["cell"]["hi"]["bias"] == 0)
    net, variables = flax_layer(return_carry=True)

    def last(x):
        carry = run("cut the gradient between two pieces", carry=net.apply(variables, x)[0])[0]["carry"]
        return net.apply(variables, X, initial_carry=carry)[1].sum()

    assert np.all(jax.grad(last)(jnp.array(X)) == 0)
    params = run("freeze a layer", params=jnp.ones(3))[0]["params"]
    assert np.all(jax.grad(lambda p: run("freeze a layer", params=p)[0]["params"].sum())(params) == 0)
    cell = run("recurrent weights orthogonal, each gate")[1]
    U = cell.init(jax.random.key(0), (np.zeros((B, H)),) * 2, X[:, 0])["params"]["hf"]["kernel"]
    assert np.allclose(U @ U.T, np.eye(H), atol=1e-5)


def wrong(lines, look):
    """What is wrong with the lines of the page for one framework, or nothing."""
    ran = set()

    def run(row, **names):
        space = {"keras": keras, "np": np, "jnp": jnp, "jax": jax, "optax": optax, "nn": nn, "H": H, "D": D, **names}
        ran.add(row)
        try:
            return space, eval(lines[row], space)
        except SyntaxError:  # a statement
            exec(lines[row], space)
            return space, None

    try:
        look(run)
        assert ran == lines.keys(), ran ^ lines.keys()
    except Exception:
        return traceback.format_exc(limit=-2)
    return ""


if __name__ == "__main__":
    for look in (keras_lstm, keras_others, flax_lstm, flax_others):
        look()
    versions = {one.__name__: one.__version__ for one in (keras, flax, onnx, optax, jax)}
    said = [wrong(ASKED["lines"][name], look) for name, look in (("Keras", keras_lines), ("Flax", flax_lines))]
    print(json.dumps({"versions": versions, "outputs": outputs(), "seen": FRAMEWORKS, "wrong": said}))

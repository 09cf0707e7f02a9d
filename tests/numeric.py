"""Independent yardsticks for the programs: central differences, and a plain reading of the equations."""

import numpy as np


def central_difference(function, array, eps=1e-6):
    """∂function()/∂array, entry by entry; `function` takes nothing and reads `array`, which is changed in place."""
    gradient = np.zeros_like(array)
    for index in np.ndindex(*array.shape):
        keep = array[index]
        array[index] = keep + eps
        up = function()
        array[index] = keep - eps
        gradient[index] = (up - function()) / (2 * eps)
        array[index] = keep
    return gradient


def rounding(terms, eps=1e-6):
    """How far rounding alone may put the difference quotient of a sum of `terms`: each of the two values is off by a
    few units in the last place of what was added up, and the quotient divides that by the step."""
    return 4 * np.finfo(float).eps * np.abs(np.asarray(terms)).sum() / eps


def relative(one, other):
    """The largest difference of two arrays, relative to the largest entry."""
    return np.abs(np.asarray(one) - np.asarray(other)).max() / max(np.abs(np.asarray(other)).max(), 1e-300)


def lines_of(figure, axis=0):
    """label -> (x, y) of each line of a figure that has a label of its own."""
    lines = figure.axes[axis].get_lines()
    return {line.get_label(): line.get_data() for line in lines if not line.get_label().startswith("_")}


def with_setting(function, **settings):
    """Call `function` of a program with other module-level constants; put them back."""
    kept = {name: function.__globals__[name] for name in settings}

    def called(*arguments):
        function.__globals__.update(settings)
        try:
            return function(*arguments)
        finally:
            function.__globals__.update(kept)

    return called


def filled(torch, net, *arrays):
    """The network `net` of PyTorch, its parameters those of `arrays` in its own order."""
    with torch.no_grad():
        for parameter, array in zip(net.parameters(), arrays, strict=True):
            parameter.copy_(torch.tensor(array))
    return net


def lstm_step(torch, z, c):
    """h and c after a step of an LSTM in PyTorch, gates in the order i, f, g, o."""
    i, f, g, o = torch.chunk(z, 4, -1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def tensors(torch, *arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]

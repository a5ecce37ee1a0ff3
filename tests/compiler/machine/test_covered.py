"""What machine code covers, and what is said of what it does not."""

import numpy as np
import pytest

from autograd import Value, compiled, dot, gradient, no_grad, tanh, total
from tests.backends import needs_compiler
from tests.compiler.comparing import same

pytestmark = needs_compiler
RANDOM = np.random.default_rng(0)


def recurrent(steps, hidden, start):
    """A network with weights for what was before beside those for what comes in."""
    w = [[Value(x) for x in row] for row in RANDOM.normal(size=(hidden, hidden)) / hidden]
    u, b = ([Value(x) for x in RANDOM.normal(size=hidden)] for _ in range(2))

    def f(x):
        h = [start] * hidden
        for t in range(steps):
            h = [tanh(dot(w[i], h, b[i]) + u[i] * x[t]) for i in range(hidden)]
        return total(h)

    return f, steps


def with_slope():
    w = Value(0.5)

    def f(x):
        y = tanh(w * x[0] * x[1])
        return y + gradient(y, [x[0]])[0] ** 2

    return f, 2


def without_derivative():
    w = Value(0.5)

    def f(x):
        with no_grad():
            y = tanh(w * x[0])
        return y * w * x[1]

    return f, 2


CASES = {
    "recurrent from ones": recurrent(3, 2, 1.0),
    "recurrent from zeros": recurrent(12, 5, 0.0),
    "second derivatives": with_slope(),
    "no_grad": without_derivative(),
}


@pytest.mark.parametrize(("f", "count"), CASES.values(), ids=CASES)
def test_it_is_machine_code_and_right(f, count):
    numpy, c = compiled(f), compiled(f, backend="c")
    x = RANDOM.normal(size=(13, count))
    assert same(c(x), numpy(x))
    assert same(c.value_and_gradient(x)[1], numpy.value_and_gradient(x)[1])
    assert repr(c) == "<compiled f: machine code>"


def test_more_arguments_than_a_call_has_room_for():
    w = Value(0.5)
    f = compiled(lambda *xs: w * xs[0] + xs[-1], backend="c")
    columns = RANDOM.normal(size=(300, 4))
    with pytest.warns(RuntimeWarning, match="runs as a NumPy program, since it has 300 arguments"):
        assert f(*columns).tolist() == (0.5 * columns[0] + columns[-1]).tolist()
    assert "it has 300 arguments, more than 250: give numbers of one kind as one array" in repr(f)
    assert f(*columns[:250]).tolist() == (0.5 * columns[0] + columns[249]).tolist()
    assert repr(f).endswith(": machine code>")


def test_longer_programs_than_a_compiler_is_given():
    w = [Value(x) for x in RANDOM.normal(size=400)]

    def f(x):
        for i in range(0, 400, 4):
            x = tanh(w[i] * x + w[i + 1]) / (2.0 + w[i + 2].sin() * x.exp()) - w[i + 3]
        return x

    numpy, c = compiled(f), compiled(f, backend="c")
    x = RANDOM.normal(size=5)
    with pytest.warns(RuntimeWarning, match="runs as a NumPy program, since it has"):
        assert same(c(x), numpy(x))
    assert "statements, and compilers take very long with more than 1,500" in repr(c)

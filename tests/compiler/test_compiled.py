"""What can be compiled, and the batches that a compiled function takes."""

import functools
import random
import threading

import numpy as np
import pytest

from autograd import (
    Value,
    compiled,
    constant,
    dot,
    exp,
    gradient,
    logsumexp,
    maximum,
    no_grad,
    pick,
    scope,
    tanh,
    total,
    uniform,
)
from autograd.compiler import function as compiler
from autograd.compiler import programs
from nn import (
    MLP,
    Layer,
    Module,
    Parameter,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge,
    log_softmax,
    mse,
    softmax,
)
from tests.backends import each_compiled, may_be_uncovered
from tests.compiler.comparing import check, gradient_of, same

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(7, 3))
SIGNS = np.sign(RANDOM.normal(size=7))
LABELS = RANDOM.integers(0, 3, 7)
SEQUENCES = RANDOM.normal(size=(7, 4, 3))


def values(count: int, seed: int = 0) -> list[Value]:
    numbers = random.Random(seed)
    return [Value(numbers.uniform(-1.0, 1.0)) for _ in range(count)]


class Plain:
    """Stands for everything that a test captures."""

    def __init__(self, sizes: list[int], seed: int = 0) -> None:
        self.lists = [values(size, seed + i) for i, size in enumerate(sizes)]
        self.parameters = [v for part in self.lists for v in part]


# ------------------------------------------------------------------- networks and losses

LOSSES = {
    "mse": (lambda out, x, s, t: mse(out, x), 3),
    "cross entropy": (lambda out, x, s, t: cross_entropy(out, t), 3),
    "cross entropy of shares": (lambda out, x, s, t: cross_entropy(out, softmax(x)), 3),
    "hinge": (lambda out, x, s, t: hinge(out, s), 1),
    "binary cross entropy": (
        lambda out, x, s, t: binary_cross_entropy(out.sigmoid(), 0.5 + 0.5 * s), 1),
    "with logits": (
        lambda out, x, s, t: binary_cross_entropy_with_logits(out, 0.5 + 0.5 * s), 1),
    "log softmax": (lambda out, x, s, t: dot(log_softmax(out), x), 3),
}  # fmt: skip


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu", "linear"])
@pytest.mark.parametrize(("loss", "outputs"), LOSSES.values(), ids=LOSSES)
def test_networks_with_every_loss(activation, loss, outputs):
    model = MLP(3, [5, 1, outputs], activation, seed=1)
    check(lambda x, s, t: loss(model(x), x, s, t), X, SIGNS, LABELS, parameters=model.parameters())


def test_a_network_with_an_activation_of_ones_own():
    model = MLP(3, [4, 1], activation=lambda x: x * x.sigmoid() + 0.1 * x, seed=1)
    check(model, X, parameters=model.parameters())


def test_micrograds_style():
    weights, biases, last = [values(3, seed) for seed in range(4)], values(4, 9), values(4, 10)

    def f(x, y):
        hidden = [
            (sum((wi * xi for wi, xi in zip(w, x, strict=True)), b)).relu()
            for w, b in zip(weights, biases, strict=True)
        ]
        score = sum(w * h for w, h in zip(last, hidden, strict=True))
        return (1 + -y * score).relu()

    parameters = [*[w for row in weights for w in row], *biases, *last]
    check(f, X, SIGNS, parameters=parameters)


def test_a_sum_that_begins_with_a_value_made_inside():
    w = values(3)

    def f(x):
        result = Value(0.0)
        for wi, xi in zip(w, x, strict=True):
            result = result + wi * xi
        return result

    check(f, X, parameters=w)


def test_a_sequence_with_shared_weights():
    layer = Layer(3, 4, seed=0)
    check(lambda s: total([y for x in s for y in layer(x)]), SEQUENCES,
          parameters=layer.parameters())  # fmt: skip


def test_attention():
    """Both operands of the scores, and of the sums, depend on the example."""
    query, key, value = (Layer(3, 4, nonlin=False, seed=seed) for seed in range(3))

    def f(xs):
        qs, ks, vs = ([layer(x) for x in xs] for layer in (query, key, value))
        out = []
        for i, q in enumerate(qs):
            shares = softmax([dot(q, k) * 0.5 for k in ks[: i + 1]])
            out += [dot(shares, [v[d] for v in vs[: i + 1]]) for d in range(4)]
        return total([x * x for x in out])

    parameters = [p for layer in (query, key, value) for p in layer.parameters()]
    check(f, SEQUENCES, parameters=parameters)


def test_an_embedding():
    table = [values(2, seed) for seed in range(3)]

    def f(t):
        return total([pick([row[i] for row in table], t) ** 2 for i in range(2)])

    check(f, LABELS, parameters=[v for row in table for v in row])


def test_an_embedding_of_some_elements_of_an_argument():
    table, tokens = values(3), RANDOM.integers(0, 3, (7, 5))
    check(lambda x, t: pick(table, t[1]) * x[0] + pick(x, t[3]) * t[0], X, tokens, parameters=table)


@may_be_uncovered
def test_a_program_without_any_order():
    p = values(6)

    def f(x):
        parts = [
            dot(
                [p[(i * 3 + j) % 6] for j in range(1 + i % 3)],
                [x[(i + j) % 3] for j in range(1 + i % 3)],
            )
            for i in range(6)
        ]
        mixed = [maximum(parts[i], parts[i - 1], x[i % 3]).sin() for i in range(6)]
        return logsumexp(mixed) * parts[2] / (1.0 + exp(mixed[3])) - pick(mixed, 4)

    check(f, X, parameters=p)


def test_a_first_derivative_inside():
    w = values(2)

    def f(x):
        energy = (w[0] * x[0]).exp() * x[1] + w[1] * x[2] ** 3
        force = gradient(energy, x, create_graph=True)
        return total([component * component for component in force])

    check(f, X, parameters=w)


def test_the_value_of_a_derivative_inside():
    w = Value(0.5)
    f = compiled(lambda x: gradient((w * x).exp(), x))
    assert f(X[:, 0]) == pytest.approx(0.5 * np.exp(0.5 * X[:, 0]))


@may_be_uncovered
def test_no_grad_inside_stops_the_derivative():
    w = Value(0.5)

    def f(x):
        with no_grad():
            scale = (w * x[0]).exp()
        return scale * w + gradient(scale * x[1], x[1], create_graph=True)

    check(f, X, parameters=[w])


def test_a_function_without_parameters():
    f = check(lambda x, s: x[0] * x[1] - s, X, SIGNS)
    assert f.mean(X, SIGNS).kind == "constant"


def test_a_constant_function():
    assert compiled(lambda x: 3.0)(X).tolist() == [3.0] * 7
    assert compiled(lambda x: [x[0], 3, constant(2.0)])(X)[:, 1:].tolist() == [[3.0, 2.0]] * 7


def test_a_function_of_parameters_alone():
    model = MLP(2, [3, 1], seed=0)
    penalty = compiled(lambda: 1e-2 * sum(p * p for p in model.parameters()))
    expected = 1e-2 * sum(p.data**2 for p in model.parameters())
    assert penalty() == pytest.approx(expected)
    for output in (penalty.mean(), penalty.sum()):
        assert output.data == pytest.approx(expected)
        slopes = gradient_of(output, model.parameters())
        assert same(slopes, [2e-2 * p.data for p in model.parameters()])
    value, flat = penalty.value_and_gradient()
    assert (value, flat.shape) == (pytest.approx(expected), (13,))


def test_value_and_gradient_of_a_batch():
    model = MLP(3, [4, 1], seed=0)
    loss = compiled(lambda x, s: hinge(model(x), s))
    value, flat = loss.value_and_gradient(X, SIGNS)
    mean = loss.mean(X, SIGNS)
    assert value == mean.data
    assert same(flat, gradient_of(mean, model.parameters()))


def test_the_gradient_is_in_the_order_of_first_use():
    a, b, c = (Parameter(x) for x in (1.0, 2.0, 3.0))
    Parameter.pack([a, b, c])
    f = compiled(lambda x: c * x[0] + a * x[1])
    _, flat = f.value_and_gradient(X)
    assert f.parameters == [c, a]
    assert flat == pytest.approx([X[:, 0].mean(), X[:, 1].mean()])


def test_value_and_gradient_at_a_point():
    f = compiled(lambda x, y: x[0] * x[1] * y)
    value, (first, second) = f.value_and_gradient_at(np.array([2.0, 3.0]), np.array(0.5))
    assert (value, first.tolist(), second.tolist()) == (3.0, [1.5, 1.0], 6.0)


# ------------------------------------------------------------------- shapes of arguments

SHAPES = {
    "number": ((), lambda x: x.tanh()),
    "list": ((4,), lambda x: x[0] * x[3].tanh() - x[1]),
    "list of lists": ((2, 3), lambda x: x[0][0] * x[1][2] - x[1][0].exp()),
    "cube": ((2, 3, 2), lambda x: x[0][2][1] * x[1][0][0] + x[1][2][1]),
    "empty list": ((0,), lambda x: constant(float(len(x)))),
    "large": ((200,), lambda x: total(x[::3]) * x[199]),
}


@pytest.mark.parametrize(("shape", "f"), SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("batch", [1, 2, 300])
def test_shapes_of_arguments(shape, f, batch):
    check(f, np.random.default_rng(1).normal(size=(batch, *shape)))


@pytest.mark.parametrize(("shape", "f"), SHAPES.values(), ids=SHAPES)
def test_empty_batches(shape, f):
    w = Value(2.0)
    g, nothing = compiled(lambda x: w * f(x)), np.empty((0, *shape))
    assert g(nothing).shape == (0,)
    assert g.sum(nothing).data == 0.0
    assert gradient_of(g.sum(nothing), [w]) == [0.0]
    with pytest.raises(ValueError, match=r"mean\(\) of an empty batch"):
        g.mean(nothing)


@pytest.mark.parametrize(
    ("f", "shape"),
    [
        (lambda x: [x[0], x[1] * 2.0], (7, 2)),
        (lambda x: (x[0],), (7, 1)),
        (lambda x: [[x[0], 1.0], [2.0, x[2]]], (7, 2, 2)),
        (lambda x: np.array([x[0].tanh(), x[1]]), (7, 2)),
        (lambda x: [x[0].tanh()] * 3, (7, 3)),
        (lambda x: x[2], (7,)),
    ],
)
@each_compiled
def test_shapes_of_results(f, shape, backend):
    found = compiled(f, backend=backend)(X)
    assert (found.shape, found.dtype) == (shape, np.float64)
    expected = [[float(v) for v in np.ravel(f([Value(a) for a in x]))] for x in X.tolist()]
    assert found.reshape(7, -1) == pytest.approx(np.array(expected), rel=1e-14)


def test_ragged_results_are_nested_lists_of_arrays():
    a, (b, c) = compiled(lambda x: [x[0], [x[1], x[2] * 2.0]])(X)
    np.testing.assert_array_equal(np.array([a, b, c / 2.0]).T, X)


# -------------------------------------------------------------- kinds of arrays

ARRAYS = {
    "Fortran order": np.asfortranarray,
    "a view of every second": lambda x: np.repeat(x, 2, axis=0)[::2],
    "backwards": lambda x: x[::-1].copy()[::-1],
    "columns of a wider one": lambda x: np.hstack([x, x])[:, : x.shape[1]],
    "transposed": lambda x: x.T.copy().T,
    "broadcast": lambda x: np.broadcast_to(x[:1], x.shape),
    "float32": lambda x: x.astype(np.float32),
    "float16": lambda x: x.astype(np.float16),
    "extended": lambda x: x.astype(np.longdouble),
    "other byte order": lambda x: x.astype(x.dtype.newbyteorder()),
    "int64": lambda x: x.astype(np.int64),
    "int8": lambda x: x.astype(np.int8),
    "uint8": lambda x: np.abs(x).astype(np.uint8),
    "bool": lambda x: x > 0,
    "lists": lambda x: x.tolist(),
    "tuples": lambda x: tuple(map(tuple, x)),
}


@pytest.mark.parametrize("kind", ARRAYS.values(), ids=ARRAYS)
@pytest.mark.parametrize("size", [3, 80])
def test_kinds_of_arrays(kind, size):
    model = MLP(size, [4, 1], "tanh", seed=0)
    loss = compiled(lambda x: model(x) ** 2)
    given = kind(2.0 * np.random.default_rng(2).normal(size=(7, size)))
    plain = np.ascontiguousarray(given, dtype=np.float64)
    assert loss(given) == pytest.approx(loss(plain), rel=1e-13)
    assert same(loss.value_and_gradient(given)[1], loss.value_and_gradient(plain)[1])


@pytest.mark.parametrize("kind", [np.int64, np.int8, np.uint8, np.uint64, bool, float, np.float32])
def test_kinds_of_indices(kind):
    f = compiled(lambda x, t: pick(x, t))
    labels = np.array([0, 1, 1, 0, 1, 0, 1], dtype=kind)
    assert f(X, labels).tolist() == X[np.arange(7), labels.astype(int)].tolist()
    assert f(X, labels.tolist()).tolist() == f(X, labels).tolist()


def test_a_read_only_array_is_read_and_nothing_is_written_to_arguments():
    model = MLP(80, [4, 1], seed=0)
    x = np.random.default_rng(0).normal(size=(7, 80))
    before = x.copy()
    x.flags.writeable = False
    compiled(model).mean(x).backward()
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_none_stays_in_its_example(wrong):
    model = MLP(3, [4, 1], "tanh", seed=0)
    f = compiled(model)
    x = X.copy()
    x[3] = wrong
    others = np.arange(7) != 3
    np.testing.assert_array_equal(f(x)[others], f(X)[others])
    expected = model([wrong] * 3).data
    np.testing.assert_allclose(f(x)[3], expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((X, SIGNS[:5]), ValueError, "y has 5 examples and x has 7: all arguments need as many"),
        ((X, 1.0), TypeError, r"y must be an array whose first axis is the batch, not the single"),
        ((X.astype(object), SIGNS), TypeError, "x must be an array of real numbers, not of object"),
        ((X.astype(str), SIGNS), TypeError, "x must be an array of real numbers, not of text"),
        (([[1.0, 2.0], [3.0]], SIGNS[:2]), ValueError, "the examples of x have different shapes"),
        ((X * 1j, SIGNS), TypeError, "x must be an array of real numbers, not of complex128"),
        ((X, None), TypeError, "y must be an array of real numbers, not of object"),
        ((X[:, 0], SIGNS), TypeError, "not subscriptable"),
        ((X[:, :2], SIGNS), IndexError, "list index out of range"),
        ((X,), TypeError, "missing 1 required positional argument: 'y'"),
        ((X, SIGNS, SIGNS), TypeError, "takes 2 positional arguments but 3 were given"),
    ],
)
def test_arguments_that_do_not_fit(arguments, error, message):
    w = Value(2.0)
    f = compiled(lambda x, y: w * x[2] + y)
    for method in (f, f.mean, f.sum, f.value_and_gradient):
        with pytest.raises(error, match=message):
            method(*arguments)
    assert f(X, SIGNS).shape == (7,), "and it goes on"


def test_an_index_out_of_range_names_the_argument():
    with pytest.raises(IndexError, match=r"^labels holds the index 3, not one of 0 to 2$"):
        compiled(lambda x, labels: pick(x, labels))(X, LABELS * 0 + 3)


def test_only_one_result_has_a_mean():
    f = compiled(lambda x: [x[0], x[1]])
    for method in (f.mean, f.sum, f.value_and_gradient):
        with pytest.raises(ValueError, match=r"gives 2 numbers|must give one number"):
            method(X)


def test_a_batch_where_one_point_is_needed_says_so():
    f = compiled(lambda x: x[0] * x[1])
    with pytest.raises(TypeError) as caught:
        f.value_and_gradient_at(X)
    assert "are one point here, not a batch" in "".join(caught.value.__notes__)


def test_the_other_meaning_is_named_where_one_of_them_makes_no_sense():
    w = Value(2.0)
    with pytest.raises(ValueError, match=r"reads no parameters.*value_and_gradient_at"):
        compiled(lambda x: x[0] * x[1]).value_and_gradient(X)
    with pytest.raises(TypeError, match=r"takes batches.*value_and_gradient_at"):
        compiled(lambda x: w * x).value_and_gradient(3.0)


# ------------------------------------------------------------------------- compiling once


def test_each_shape_is_recorded_and_then_looked_at_again(monkeypatch):
    monkeypatch.setattr(programs, "monotonic", lambda: 1.0)
    recordings = []

    def f(x):
        recordings.append(len(x))
        return total(x)

    g = compiled(f)
    for size in (2, 3, 2, 3, 2):
        for batch in (1, 5, 100):
            g(np.ones((batch, size)))
            g.mean(np.ones((batch, size)))
            g(np.ones((batch, size), dtype=np.float32))
    # At the second call to see that it is the same, and the first again after the second.
    assert recordings == [2, 2, 3, 3, 2]


def test_plain_numbers_are_recorded_once():
    recordings = []
    f = compiled(lambda x: recordings.append(1) or x * x)
    assert [f(2.0), f(3), f.value_and_gradient_at(4.0)] == [4.0, 9.0, (16.0, 8.0)]
    assert recordings == [1, 1]  # the second time to see that it is the same


def test_a_recording_that_failed_is_tried_again():
    ready = []

    def f(x):
        if not ready:
            raise RuntimeError("not yet")
        return x * 2.0

    g = compiled(f)
    with pytest.raises(RuntimeError):
        g(X[:, 0])
    ready.append(True)
    assert g(X[:, 0]) == pytest.approx(2.0 * X[:, 0])


class Scorer(Module):
    """A callable object whose attributes have the names of a compiled function's."""

    def __init__(self):
        self.mean, self.sum, self.name = Parameter(2.0), Parameter(1.0), "scorer"

    def __call__(self, x):
        return self.mean * x[0] + self.sum

    def method(self, x):
        return self(x)


def scaled(x, factor):
    return x[0] * factor


FUNCTIONS = {
    "lambda": lambda x: 2.0 * x[0] + 1.0,
    "object": Scorer(),
    "method": Scorer().method,
    "partial": functools.partial(lambda a, x: a * x[0] + 1.0, 2.0),
    "partial by name": functools.partial(lambda x, a: a * x[0] + 1.0, a=2.0),
    "defaults": lambda x, a=2.0, *, b=1.0: a * x[0] + b,
    "any number of arguments": lambda *xs: 2.0 * xs[0][0] + 1.0,
    "compiled": compiled(lambda x: 2.0 * x[0] + 1.0),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_kinds_of_functions(function):
    f = compiled(function)
    assert f(X) == pytest.approx(2.0 * X[:, 0] + 1.0)
    assert f.mean(X).data == pytest.approx((2.0 * X[:, 0] + 1.0).mean())
    assert f.source


def test_several_arguments_without_names():
    f = compiled(lambda *xs: xs[0] * xs[1] - xs[2])
    assert f(*X.T) == pytest.approx(X[:, 0] * X[:, 1] - X[:, 2])
    assert f(1.0, 2.0, 3.0) == -1.0


def test_it_says_what_it_is():
    @compiled
    def loss(x):
        """How wrong it is."""
        return x[0]

    assert (repr(loss), loss.__doc__, loss.__name__) == (
        "<compiled loss>", "How wrong it is.", "loss")  # fmt: skip


# ------------------------------------------------------------------- Values as arguments


def test_values_run_the_function_as_it_is():
    w = Value(2.0)
    f = compiled(lambda x, y: w * x[0] + y)
    output = f([Value(3.0), Value(1.0)], 0.5)
    assert output.data == 6.5
    output.backward()
    assert w.grad == 3.0


def test_a_compiled_function_inside_another():
    w = Value(2.0)
    inner = compiled(lambda x: (w * x).tanh())
    check(lambda x: inner(x[0]) * inner(x[1]) + x[2], X, parameters=[w])


def test_a_mean_inside_another():
    w = Value(2.0)
    inner = compiled(lambda x: (w * x).tanh())
    outer = compiled(lambda x: inner.mean(x) * 2.0)
    expected = 2.0 * np.tanh(2.0 * X).mean(axis=1)
    assert outer(X) == pytest.approx(expected)
    w.data = 0.5
    assert outer(X) == pytest.approx(2.0 * np.tanh(0.5 * X).mean(axis=1))


# ------------------------------------------------------------------------------- chance


def test_draws_are_new_for_every_example_and_call():
    generator = np.random.default_rng(0)
    noise = compiled(lambda x: x + uniform(generator))
    drawn = np.concatenate([noise(np.zeros(500)), noise(np.zeros(500))])
    assert len(set(drawn)) == 1000
    assert 0.0 <= drawn.min() < 0.01 < 0.99 < drawn.max() < 1.0
    counts, _ = np.histogram(drawn, bins=10, range=(0.0, 1.0))
    assert (abs(counts - 100) < 50).all()


def test_the_same_seed_draws_the_same():
    def draws(seed):
        generator = np.random.default_rng(seed)
        f = compiled(lambda x: [x * uniform(generator), x * uniform(generator)])
        return np.concatenate([f(np.ones(5)), f(np.ones(3))]).tolist()

    assert draws(0) == draws(0) != draws(1)


def test_a_mask_as_of_dropout():
    generator, w = np.random.default_rng(0), Value(3.0)

    def f(x):
        kept = uniform(generator).greater(0.25)
        return w * x * kept / 0.75

    g = compiled(f)
    batch = g(np.ones(4000))
    assert set(batch.round(9)) == {0.0, 4.0}
    assert np.mean(batch > 0) == pytest.approx(0.75, abs=0.03)
    eager = np.array([f(Value(1.0)).data for _ in range(4000)])
    assert np.mean(eager > 0) == pytest.approx(0.75, abs=0.03)
    output = g.mean(np.ones(4000))
    assert gradient_of(output, [w]) == pytest.approx([output.data / 3.0]), "of the same mask"


def test_draws_in_a_function_of_parameters_alone():
    generator, w = np.random.default_rng(0), Value(2.0)
    f = compiled(lambda: w * uniform(generator))
    first, second = f.mean(), f.mean()
    assert first.data != second.data
    assert gradient_of(first, [w]) == pytest.approx([first.data / 2.0])


# ------------------------------------------------------------------------------- threads


def test_threads_at_once():
    model = MLP(3, [6, 1], "tanh", seed=0)
    model.parameters()
    loss = compiled(lambda x: model(x) ** 2)
    batches = [np.random.default_rng(i).normal(size=(5 + i % 3, 3)) for i in range(12)]
    expected = [np.array([model(x).data ** 2 for x in batch.tolist()]) for batch in batches]
    found = [[] for _ in batches]

    def work(i):
        for _ in range(20):
            value, slopes = loss.value_and_gradient(batches[i])
            found[i].append((loss(batches[i]), value, slopes))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(batches))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for results, values in zip(found, expected, strict=True):
        assert len(results) == 20
        for outputs, value, slopes in results:
            assert outputs == pytest.approx(values, rel=1e-12)
            assert value == pytest.approx(values.mean(), rel=1e-12)
            np.testing.assert_array_equal(slopes, results[0][2])


def test_eager_work_goes_on_in_other_threads_during_a_recording():
    w, started, finish = Value(2.0), threading.Event(), threading.Event()

    def slow(x):
        started.set()
        assert finish.wait(10)
        return w * x

    results = []
    thread = threading.Thread(target=lambda: results.append(compiled(slow)(np.ones(2))))
    thread.start()
    assert started.wait(10)
    try:
        y = w * 3.0
        y.backward()
        assert (y.data, w.grad, float(w), w > 1.0) == (6.0, 3.0, 2.0, True)
    finally:
        finish.set()
        thread.join()
    assert results[0].tolist() == [2.0, 2.0]


# --------------------------------------------------------------------------- large graphs


def test_a_deep_graph():
    w = Value(0.5)

    def f(x):
        for _ in range(3000):
            x = tanh(x) + w
        return x

    check(f, X[:2, 0], parameters=[w], backends=["numpy"])


def test_a_wide_graph_takes_time_in_proportion():
    w = values(100)
    f = compiled(lambda x: total([tanh(a * b) for a in w for b in x]))
    x = np.random.default_rng(0).normal(size=(3, 100))
    numbers = np.array([p.data for p in w])
    expected = np.tanh(numbers[:, None, None] * x).sum(axis=(0, 2))
    assert f(x) == pytest.approx(expected, rel=1e-12)


def test_the_source_and_the_program_are_those_of_the_latest_call():
    f = compiled(lambda x: x * 2.0)
    for what in ("source", "program"):
        with pytest.raises(compiler.CompilationError, match=f"has no {what} yet"):
            getattr(f, what)
    f(np.ones(3))
    assert "def forward(given_x):" in f.source
    assert f.program.instructions
    f(3.0)
    assert "def value(given_x):" in f.source
    with pytest.raises(compiler.CompilationError, match="last called with plain numbers"):
        _ = f.program


def test_scopes_around_a_call_do_not_matter():
    f = compiled(lambda x: x.tanh())
    with scope("outside"):
        assert f(np.zeros(2)).tolist() == [0.0, 0.0]
    assert "outside" not in f.source

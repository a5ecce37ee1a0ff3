"""A function that runs as machine code: what is said of it, batch sizes, copies, threads."""

import copy
import pickle
import re
import threading
import warnings

import numpy as np
import pytest

from autograd import Value, compiled, tanh, total, uniform
from nn import MLP, hinge
from tests.backends import needs_compiler
from tests.compiler.comparing import same

RANDOM = np.random.default_rng(0)
SIZES = [0, 1, 3, 4, 5, 7, 8, 9, 17, 33, 1000, 5000]  # around a vector, and around a block


def network(backend="c"):
    model = MLP(3, [5, 1], "tanh", seed=0)
    return compiled(lambda x, y: hinge(model(x), y), backend=backend)


def batch(size):
    return RANDOM.normal(size=(size, 3)), np.sign(RANDOM.normal(size=size))


def both(f):
    return [compiled(f, backend=backend) for backend in ("numpy", "c")]


# --------------------------------------------------------------------------- what is said


@needs_compiler
def test_it_says_that_it_is_machine_code_and_its_source_is_c():
    loss = network()
    loss.mean(*batch(3))
    assert repr(loss) == "<compiled result: machine code>"
    assert "static void forward(" in loss.source
    assert "def " not in loss.source


# ------------------------------------------------------------------------------- its text


@pytest.mark.parametrize(
    "names",
    [
        "if_, NULL",
        "weight, count",
        "theta, output",
        "é, ß",
        "batch, stride",
        "v, x0",
        "int, double",
    ],
)
@needs_compiler
def test_no_name_of_the_person_is_in_the_text(names):
    a, b = names.split(", ")
    f = compiled(eval(f"lambda {names}: {a} * {b}"), backend="c")
    plain = compiled(lambda nobody, knows: nobody * knows, backend="c")
    x, y = batch(4)
    assert f(x[:, 0], y).tolist() == (x[:, 0] * y).tolist()
    assert plain(x[:, 0], y).tolist() == (x[:, 0] * y).tolist()
    assert f.source == plain.source


@needs_compiler
def test_names_of_functions_and_parameters_are_not_in_the_text():
    w = Value(0.5, label="*/ #error")

    def printf(unusual_argument):
        return (w * unusual_argument).tanh()

    f = compiled(printf, backend="c")
    assert f(np.array([1.0]))[0] == pytest.approx(np.tanh(0.5), rel=1e-15)
    assert not re.search("printf|unusual|error", f.source)


# ----------------------------------------------------------------------- sizes of batches


@needs_compiler
def test_sizes_of_batches():
    numpy = network("numpy")
    c = network()
    for size in [*SIZES, *SIZES[::-1]]:
        x, y = batch(size)
        assert same(c(x, y), numpy(x, y))
        if size:
            (value, slopes), (expected, right) = (f.value_and_gradient(x, y) for f in (c, numpy))
            assert value == pytest.approx(expected, rel=1e-13)
            assert same(slopes, right)
        else:
            assert c.sum(x, y).data == 0.0
            with pytest.raises(ValueError, match="empty batch"):
                c.mean(x, y)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
@needs_compiler
def test_what_lies_behind_the_last_example_does_not_leak(wrong):
    """From an earlier batch whose last examples were NaN, in memory that the next one uses."""
    loss = network()
    fresh = network()
    x, y = batch(16)
    spoiled = x.copy()
    spoiled[5:] = wrong
    assert loss(spoiled, y)[:5].tolist() == fresh(x, y)[:5].tolist()
    loss.mean(spoiled, y)
    for size in (5, 8, 13):
        part = x[:size], y[:size]
        assert loss.value_and_gradient(*part)[0] == fresh.value_and_gradient(*part)[0]
        np.testing.assert_array_equal(
            loss.value_and_gradient(*part)[1], fresh.value_and_gradient(*part)[1]
        )


@needs_compiler
def test_what_a_vector_is_filled_up_with_is_of_no_sum():
    w = Value(2.0)
    loss = compiled(lambda x: (x * w).log(), backend="c")  # of 0 there, it may be
    for size in (9, 1, 15):
        value, (slope,) = loss.value_and_gradient(np.ones(size))
        assert (value, slope) == (pytest.approx(np.log(2.0)), pytest.approx(0.5))


# -------------------------------------------------------------------- parameters and draws


@needs_compiler
def test_parameters_alone():
    w = [Value(0.1 * i) for i in range(20)]
    numpy, c = both(lambda: total([tanh(x) * x for x in w]))
    assert c() == pytest.approx(numpy(), rel=1e-14)
    assert c.mean().data == pytest.approx(numpy.mean().data, rel=1e-14)
    assert same(c.value_and_gradient()[1], numpy.value_and_gradient()[1])


@needs_compiler
def test_gradient_at_a_point():
    w = Value(0.5)
    numpy, c = both(lambda x, y: total([tanh(w * a) * y for row in x for a in row]))
    point = RANDOM.normal(size=(2, 3)), np.array(0.7)
    (value, slopes), (expected, right) = (f.value_and_gradient_at(*point) for f in (c, numpy))
    assert value == pytest.approx(expected, rel=1e-14)
    assert [x.shape for x in slopes] == [(2, 3), ()]
    assert all(map(same, slopes, right))


@needs_compiler
def test_draws_are_those_of_the_numpy_program():
    """Also for batches of many blocks, where both draw all numbers block by block."""
    generators = [np.random.default_rng(3) for _ in range(2)]
    w = Value(0.5)
    numpy, c = (
        compiled(lambda x, g=g: total([tanh(a * w) * uniform(g) for a in x]), backend=backend)
        for backend, g in zip(("numpy", "c"), generators, strict=True)
    )
    for size in (1, 7, 100, 20000):
        x = RANDOM.normal(size=(size, 40))
        assert same(c(x), numpy(x))
        assert same(c.value_and_gradient(x)[1], numpy.value_and_gradient(x)[1])


# ---------------------------------------------------------------------- copies and threads


@needs_compiler
def test_a_copy_has_parameters_of_its_own():
    model = MLP(3, [4, 1], seed=0)
    f, x = compiled(model, backend="c"), batch(5)[0]
    expected = f(x).tolist()
    for twin in (copy.deepcopy(f), pickle.loads(pickle.dumps(f))):
        assert twin(x).tolist() == expected
        assert repr(twin).endswith(": machine code>")
    for p in model.parameters():
        p.data = 0.0
    assert copy.deepcopy(f)(x).tolist() == [0.0] * 5
    assert twin(x).tolist() == expected


@needs_compiler
def test_threads_that_call_one_function_get_each_their_own():
    loss = network()
    batches = [batch(size) for size in (3, 8, 50, 700)]
    expected = [loss.value_and_gradient(*b) for b in batches]
    wrong, start = [], threading.Barrier(len(batches))

    def work(given, value, slopes):
        start.wait()
        for _ in range(200):
            found = loss.value_and_gradient(*given)
            if found[0] != value or (found[1] != slopes).any():
                wrong.append(found)

    threads = [
        threading.Thread(target=work, args=(b, *e)) for b, e in zip(batches, expected, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@needs_compiler
def test_no_warning_of_numpy_comes_where_numbers_are_infinite():
    f = compiled(lambda x: (x.log() * x).exp(), backend="c")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(f(np.array([-1.0]))[0])

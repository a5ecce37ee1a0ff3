"""A program bound to buffers: batch sizes, blocks, indices, and what a call leaves behind."""

import math
import re
import tracemalloc

import numpy as np
import pytest

from autograd import Value, compiled, dot, pick, tanh, total
from autograd.compiler import execution, numpy_names, source
from autograd.compiler.execution import Runner
from autograd.compiler.folding import folded
from autograd.compiler.graph import Argument
from autograd.compiler.lowering import lowered
from autograd.compiler.numpy_source import NumpySource
from autograd.compiler.scheduling import scheduled
from tests.compiler.comparing import record_function

W = np.array([0.5, -1.5])


def runner(f=None) -> Runner:
    """`tanh(w0 x0 + w1 x1)`, with its parameters in a vector."""
    weights = [Value(w) for w in W]
    f = f or (lambda x: tanh(weights[0] * x[0] + weights[1] * x[1]))
    graph = folded(record_function(f, [Argument("x", (2,), integer=False)]))
    places = range(sum(node.kind == "parameter" for node in graph.nodes))
    made = Runner(NumpySource(lowered(scheduled(graph, "f", list(places), len(places)))), W.copy())
    return made


def columns(batch: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2, batch))


def expected(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    out = np.tanh(W @ x)
    return out, ((1.0 - out**2) * x).sum(axis=1)


@pytest.mark.parametrize("batch", [1, 2, 3, 1000])
def test_outputs_and_gradient(batch):
    x = columns(batch)
    out, slopes = expected(x)
    assert runner().outputs([x], batch)[:, 0] == pytest.approx(out, rel=1e-13)
    value, gradient = runner().weighted([x], batch, 0.25)
    assert value == pytest.approx(0.25 * out.sum(), rel=1e-12)
    assert gradient == pytest.approx(0.25 * slopes, rel=1e-12)


def test_an_empty_batch():
    assert runner().outputs([columns(0)], 0).shape == (0, 1)
    value, gradient = runner().weighted([columns(0)], 0, 1.0)
    assert (value, gradient.tolist()) == (0.0, [0.0, 0.0])


@pytest.mark.parametrize("block", [1, 3, 64, 10_000])
def test_blocks_change_nothing(block):
    x = columns(200)
    out, slopes = expected(x)
    made = runner()
    made._block = block
    assert made.outputs([x], 200)[:, 0] == pytest.approx(out, rel=1e-13)
    value, gradient = made.weighted([x], 200, 1.0)
    assert value == pytest.approx(out.sum(), rel=1e-12)
    assert gradient == pytest.approx(slopes, rel=1e-12)


@pytest.mark.parametrize("batch", [1, 5, 64, 65, 128, 1000])
def test_blocks_cover_the_batch_and_are_nearly_of_one_size(batch):
    made = runner()
    made._block = 64
    blocks = made.blocks(batch)
    assert [i for block in blocks for i in range(block.start, block.stop)] == list(range(batch))
    sizes = {block.stop - block.start for block in blocks}
    assert max(sizes) <= 64
    assert max(sizes) - min(sizes) <= 1


def test_buffers_of_a_batch_size_are_made_once():
    made = runner()
    assert made.bound(7) is made.bound(7)
    assert made.bound(7) is not made.bound(8)


def test_buffers_are_kept_up_to_so_many_bytes(monkeypatch):
    monkeypatch.setattr(execution, "_KEPT_BYTES", 1 << 18)
    made = runner()
    for batch in range(1, 200):
        made.outputs([columns(batch)], batch)
        kept = sum(bound.size for bound in made._bound.values())
        assert made._kept == kept <= 1 << 18
    assert 4 < len(made._bound) < 199


def test_buffers_of_a_few_batch_sizes_are_kept_whatever_they_take(monkeypatch):
    monkeypatch.setattr(execution, "_KEPT_BYTES", 0)
    made = runner()
    bounds = [made.bound(batch) for batch in (64, 17, 100, 36)]
    assert [made.bound(batch) for batch in (64, 17, 100, 36)] == bounds


def test_buffers_that_were_used_longest_ago_go_first(monkeypatch):
    monkeypatch.setattr(execution, "_KEPT_BYTES", 0)
    made = runner()
    for batch in (1, 2, 3, 4, 1, 5):
        made.bound(batch)
    assert list(made._bound) == [3, 4, 1, 5]


def test_a_binding_knows_about_how_many_bytes_it_takes():
    made = runner()
    made.outputs([columns(1)], 1)
    tracemalloc.start()
    bound = made.source.bind(made.theta, made.gradient, 10_000)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bound.size == pytest.approx(taken, rel=0.2)


def test_the_text_is_compiled_once_for_all_batch_sizes(monkeypatch):
    texts = []
    monkeypatch.setattr(source, "compile", lambda text, *how: texts.append(text)
                        or compile(text, *how), raising=False)  # fmt: skip
    made = runner()
    for batch in range(1, 50):
        made.weighted([columns(batch)], batch, 1.0)
    assert len(texts) == 3, "declarations, forward and backward"


def test_each_batch_size_has_code_of_its_own():
    """Python remembers in a function's code where its names lie, for one batch size's arrays."""
    made = runner()
    for name in ("forward", "backward"):
        one, other = (getattr(made.bound(batch), name) for batch in (1, 2))
        assert one.__code__ is not other.__code__
        assert one.__code__ == other.__code__


def test_batch_sizes_that_take_turns():
    made = runner()
    for batch in (5, 2, 5, 3, 2, 5):
        for weight in (1.0, 0.5):
            x = columns(batch, seed=batch)
            value, gradient = made.weighted([x], batch, weight)
            out, slopes = expected(x)
            assert value == pytest.approx(weight * out.sum(), rel=1e-12)
            assert gradient == pytest.approx(weight * slopes, rel=1e-12)


def test_weight_that_fresh_memory_holds_by_chance(monkeypatch):
    """Buffers begin as whatever was there: 0.25 in the first place does not make them ready."""

    def empty(shape, dtype=np.float64):
        array = np.full(shape, 7, dtype=dtype)
        array.flat[:: max(1, shape[-1] if isinstance(shape[-1], int) else 1)] = 0.25
        return array

    monkeypatch.setitem(numpy_names.FUNCTIONS, "empty", empty)
    x = columns(4)
    value, _ = runner().weighted([x], 4, 0.25)
    assert value == pytest.approx(0.25 * expected(x)[0].sum(), rel=1e-12)


def test_parameters_are_read_from_their_vector_at_every_call():
    made, x = runner(), columns(3)
    made.outputs([x], 3)
    made.theta[:] = 0.0
    assert made.outputs([x], 3).tolist() == [[0.0]] * 3


def test_results_are_the_callers_own():
    made, x = runner(), columns(3)
    out, (_, gradient) = made.outputs([x], 3), made.weighted([x], 3, 1.0)
    kept = out.copy(), gradient.copy()
    made.outputs([-x], 3)
    made.weighted([columns(3, seed=1)], 3, 5.0)
    np.testing.assert_array_equal(out, kept[0])
    np.testing.assert_array_equal(gradient, kept[1])


def picking(integer: bool) -> Runner:
    arguments = [Argument("x", (3,), integer=False), Argument("t", (2,), integer)]
    graph = folded(record_function(lambda x, t: pick(x, t[1]) + pick(x[:2], t[0]), arguments))
    return Runner(NumpySource(lowered(scheduled(graph, "f"))))


@pytest.mark.parametrize("integer", [True, False])
@pytest.mark.parametrize(
    ("indices", "message"),
    [
        ([[0, 1, 2], [0, 1, 2]], "t holds the index 2, not one of 0 to 1"),
        ([[0, 1, 1], [0, 1, 3]], "t holds the index 3, not one of 0 to 2"),
        ([[0, 1, 1], [0, -1, 2]], "t holds the index -1, not one of 0 to 2"),
    ],
)
def test_an_index_that_picks_nothing_is_an_error(integer, indices, message):
    x, t = np.ones((3, 3)), np.array(indices, dtype=int if integer else float)
    for run in (lambda: picking(integer).outputs([x, t], 3),
                lambda: picking(integer).weighted([x, t], 3, 1.0)):  # fmt: skip
        with pytest.raises(IndexError, match=f"^{message}$"):
            run()


def test_indices_between_other_numbers_are_checked_each_with_its_own_limit():
    def f(x, t):
        return pick(x, t[4]) + pick(x[:2], t[1]) * t[2]

    arguments = [Argument("x", (3,), integer=False), Argument("t", (5,), integer=True)]
    made = Runner(NumpySource(lowered(scheduled(folded(record_function(f, arguments)), "f"))))
    t = np.array([[9, 9], [0, 1], [9, 9], [9, 9], [2, 0]])
    assert made.outputs([np.ones((3, 2)), t], 2).tolist() == [[10.0], [10.0]]
    for place, index, limit in ((1, 2, 1), (4, 3, 2), (4, -1, 2)):
        wrong = t.copy()
        wrong[place, 1] = index
        with pytest.raises(
            IndexError, match=f"^t holds the index {index}, not one of 0 to {limit}$"
        ):
            made.outputs([np.ones((3, 2)), wrong], 2)


def test_the_gradient_of_picked_parameters_counts_these_and_not_the_whole_vector():
    table = [Value(0.5 * i) for i in range(6)]
    places = dict(zip(table, [90, 97, 93, 91, 99, 98], strict=True))  # of 100 numbers
    graph = folded(record_function(lambda t: pick(table, t) ** 2, [Argument("t", (), True)]))
    order = [places[node.content] for node in graph.nodes if node.kind == "parameter"]
    made = Runner(NumpySource(lowered(scheduled(graph, "f", order, 100))), np.arange(100.0))
    _, gradient = made.weighted([np.array([[0, 4, 4, 5, 1]])], 5, 1.0)
    expected = {90: 180.0, 99: 396.0, 98: 196.0, 97: 194.0}
    assert {i: x for i, x in enumerate(gradient) if i >= 90 and x} == expected
    assert re.search(r"bincount\(.*, 6\)", made.source.text)


@pytest.mark.parametrize("wrong", [0.5, np.nan, np.inf, -np.inf, 1e300])
def test_an_index_that_is_no_whole_number_is_an_error(wrong):
    t = np.array([[0.0, 1.0, 1.0], [0.0, wrong, 2.0]])
    with pytest.raises(IndexError, match=r"t holds the index .*, not one of 0 to 2"):
        picking(integer=False).outputs([np.ones((3, 3)), t], 3)


def test_indices_are_right_in_every_block():
    made = picking(integer=True)
    made._block = 4
    generator = np.random.default_rng(0)
    x, t = generator.normal(size=(3, 50)), generator.integers(0, 2, size=(2, 50))
    every = np.arange(50)
    assert made.outputs([x, t], 50)[:, 0] == pytest.approx(x[t[1], every] + x[t[0], every])


def test_nothing_is_said_about_infinities():
    made = runner(lambda x: (x[0] / x[1]).log())
    x = np.array([[1.0, 0.0, -1.0], [0.0, 0.0, 1.0]])
    out = made.outputs([x], 3)[:, 0]
    np.testing.assert_array_equal(out, [np.inf, np.nan, np.nan])
    made.weighted([x], 3, 1.0)


def test_infinities_that_cancel_in_a_sum_over_the_batch_are_silent():
    assert math.isnan(compiled(lambda x: x * 1.0).sum(np.array([math.inf, -math.inf])).data)


@pytest.mark.parametrize("batch", [1, 2, 7])
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("bias", [True, False])
def test_matrix_product_takes_no_zero_times_infinity_for_zero(batch, rows, columns, bias):
    weights = [[Value(0.0) for _ in range(columns)] for _ in range(rows)]
    biases = [[Value(0.0)] * bias for _ in range(rows)]
    f = compiled(lambda xs: [dot(ws, xs, *b) for ws, b in zip(weights, biases, strict=True)])
    X = np.zeros((batch, columns))
    X[0, -1] = math.inf
    assert np.isnan(f(X)).tolist() == [[True] * rows] + [[False] * rows] * (batch - 1)

    loss = compiled(lambda xs, scale: total(f.function(xs)) * scale)
    loss.sum(X, np.zeros(batch)).backward()
    assert [w.grad for ws in weights for w in ws] == pytest.approx(
        [math.nan if i == columns - 1 else 0.0 for _ in range(rows) for i in range(columns)],
        nan_ok=True,
    )


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_gradient_of_an_input_takes_no_zero_times_infinity_for_zero(batch):
    w, infinite = Value(1.0), Value(math.inf)
    compiled(lambda x: dot([infinite], [x * w]) * 0.0).sum(np.ones(batch)).backward()
    assert math.isnan(w.grad)


@pytest.mark.parametrize("index", [2, 3, 5, -1, 0.5, np.nan, 2.0**40])
def test_an_index_at_a_point_is_checked(index):
    w = [Value(1.0), Value(2.0)]
    for f in (lambda xs, ys, i: pick(xs, i) * ys[0], lambda xs, ys, i: pick(w, i) * ys[0]):
        with pytest.raises(IndexError, match=r"i holds the index .*, not one of 0 to 1"):
            compiled(f).value_and_gradient_at(np.array([1.0, 2.0]), np.array([3.0]), index)


def test_infinities_are_no_warning_in_blocks_either():
    made = runner()
    made._block = 2
    x = columns(5)
    x[:, 0], x[:, 3] = np.inf, -np.inf
    with np.errstate(all="raise"):
        made.weighted([x], 5, 1.0)

"""Steps as they are read in Python and in a terminal."""

import pytest

from autograd import Operation, Value, compiled, constant, dot, no_grad
from nn import MLP, Parameter, hinge, moons
from viz import TooManyNodesError, steps


def lines(loss: Value) -> list[str]:
    return [line for step in steps(loss) for line in step.rule.splitlines()]


def neuron() -> Value:
    x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(6.5, label="b")
    y = (w * x + b).tanh()
    y.label = "y"
    return y


def test_a_neuron_is_walked_forward_and_backward():
    assert "\n".join(map(str, steps(neuron()))) == (
        "forward  1/3  v1 = w * x = -3 * 2 = -6\n"
        "forward  2/3  v2 = v1 + b = -6 + 6.5 = 0.5\n"
        "forward  3/3  y = tanh(v2) = tanh(0.5) = 0.462117\n"
        "backward 1/6  y.grad: dy/dy = 1\n"
        "backward 2/6  v2.grad: 0 + dy/dy * sech²(v2) = 0 + 1 * 0.786448 = 0.786448\n"
        "backward 3/6  v1.grad: 0 + dy/dv2 * 1 = 0 + 0.786448 * 1 = 0.786448\n"
        "backward 4/6  b.grad: 0 + dy/dv2 * 1 = 0 + 0.786448 * 1 = 0.786448\n"
        "backward 5/6  w.grad: 0 + dy/dv1 * x = 0 + 0.786448 * 2 = 1.5729\n"
        "backward 6/6  x.grad: 0 + dy/dv1 * w = 0 + 0.786448 * -3 = -2.35934"
    )


def test_what_a_leaf_holds_already_is_named_so_that_a_forgotten_zero_grad_is_seen():
    w, x = Value(3.0, label="w"), Value(2.0, label="x")
    (w * x).backward()
    assert lines(w * x)[2:] == [
        "w.grad: 2 (there before) + dL/dL * x = 2 + 1 * 2 = 4",
        "x.grad: 3 (there before) + dL/dL * w = 3 + 1 * 3 = 6",
    ]


def test_what_a_node_got_in_the_same_pass_is_a_number_like_others():
    x = Value(3.0, label="x")
    assert lines(x * x)[2:] == [
        "x.grad: 0 + dL/dL * x = 0 + 1 * 3 = 3",
        "x.grad: 3 + dL/dL * x = 3 + 1 * 3 = 6",
    ]


def test_an_operation_on_any_number_of_operands_passes_to_all_in_one_step():
    ws = [Value(2.0, label=f"w{i}") for i in range(2)]
    xs = [Value(3.0, label=f"x{i}") for i in range(2)]
    last = steps(dot(ws, xs))[-1]
    assert str(last) == (
        "backward 2/2  w0.grad: 0 + dL/dL * x0 = 0 + 1 * 3 = 3\n"
        "              w1.grad: 0 + dL/dL * x1 = 0 + 1 * 3 = 3\n"
        "              x0.grad: 0 + dL/dL * w0 = 0 + 1 * 2 = 2\n"
        "              x1.grad: 0 + dL/dL * w1 = 0 + 1 * 2 = 2"
    )


def test_of_many_lines_a_few_are_printed_and_how_many_more():
    ws = [Value(1.0, label=f"w{i}") for i in range(40)]
    first, *_, last = steps(dot(ws, ws))
    assert first.rule == ("L = w0 * w0 + w1 * w1 + … + w39 * w39 = 1 * 1 + 1 * 1 + … + 1 * 1 = 40")
    assert str(last).splitlines()[-1].strip() == "and so for 75 more"
    assert len(last.rule.splitlines()) == len(last.changes) == 80


def test_what_is_known_after_a_step_is_all_that_was_found_until_then():
    x = Value(3.0, label="x")
    loss = x * x
    walk = steps(loss)
    assert [walk.known(i)[loss] for i in (0, 1)] == [(9.0, None), (9.0, 1.0)]
    assert [walk.known(i)[x] for i in (1, 2, 3, -1)] == [
        (3.0, None),
        (3.0, 3.0),
        (3.0, 6.0),
        (3.0, 6.0),
    ]
    with pytest.raises(IndexError):
        walk.known(4)


def test_steps_are_a_sequence():
    walk = steps(neuron())
    assert len(walk) == 9
    assert walk[-1].title == "v1 = w * x"
    assert [step.number for step in walk[:3]] == [1, 2, 3]
    assert list(reversed(walk)) == list(walk)[::-1]
    with pytest.raises(IndexError):
        walk[9]


def test_a_step_has_the_node_and_the_numbers_before_and_after():
    y = neuron()
    walk = steps(y)
    forward, backward = walk[2], walk[-1]
    assert (forward.phase, forward.node is y) == ("forward", True)
    assert [(c.name, c.before, c.after) for c in forward.changes] == [("data", None, y.data)]
    [change] = backward.changes
    assert (backward.phase, change.node.label, change.name) == ("backward", "x", "grad")
    y.backward()
    assert change.after == change.node.grad


def test_labels_that_are_taken_are_no_names_of_other_nodes():
    x, y = Value(1.0, label="v1"), Value(1.0, label="L")
    assert lines((x + y).tanh())[:2] == [
        "v2 = v1 + L = 1 + 1 = 2",
        "v3 = tanh(v2) = tanh(2) = 0.964028",
    ]


def long_labels() -> Value:
    return MLP(12, [3, 2, 1], seed=0)([1.0] * 12).tanh()


def hostile_labels() -> Value:
    odd = Operation("odd", symbol="\x1b]\n*", forward=lambda x: x, partials=(2.0,))
    return odd(dot(*_hostile_terms()))


def hostile_paths() -> Value:
    weights = [Parameter(1.0, label=f"\x1b.\n.{name}") for name in ("a\tb", "\u2028")]
    return dot(weights, [Value(1.0), Value(2.0)]).step()


def _hostile_terms() -> tuple[list[Value], list[float]]:
    texts = ["\x1b[31m", "a\nb", "<b>", "x" * 10_000, "\u202e\ud800", "%s {0}", "w + x"]
    return [Value(1.0, label=text) for text in texts], [2.0] * len(texts)


@pytest.mark.parametrize("graph", [long_labels, hostile_labels, hostile_paths, neuron])
def test_a_printed_step_is_under_100_characters_wide_and_has_nothing_unseen_in_it(graph):
    for step in steps(graph()):
        for line in str(step).split("\n"):
            assert len(line) < 100
            assert line.isprintable()


def chain(length: int) -> Value:
    value = Value(0.0)
    for _ in range(length - 1):
        value = value.tanh()
    return value


def within_a_compiled_function() -> Value:
    return compiled(lambda x: steps(x * x).root)(3.0)


def of_a_compiled_function() -> Value:
    model, data = MLP(2, [2, 1], seed=0), moons(10)
    loss = compiled(lambda x, y: hinge(model(x), y))
    return loss.mean(data.X, 2 * data.y - 1)


def of_a_compiled_function_that_is_zero() -> Value:
    model = MLP(2, [2, 1], seed=0)
    return compiled(lambda x: model(x) * 0.0).mean([[1.0, 2.0]])


def without_gradient() -> Value:
    with no_grad():
        return Value(1.0) * 2.0


REFUSED = {
    "a number": (lambda: 3.0, {}, TypeError, "steps() are those of a Value, not of float: 3.0"),
    "a model": (lambda: MLP(2, [3, 1]), {}, TypeError, "steps(model([1.0, 2.0]))"),
    "outputs": (lambda: [Value(1.0)], {}, TypeError, "Take one of them, as steps(outputs[0])"),
    "a function": (lambda: hinge, {}, TypeError, "Call it, and give what it returns"),
    "inside": (within_a_compiled_function, {}, TypeError, "steps() in a compiled function"),
    "a constant": (lambda: constant(3.0), {}, ValueError, "is a constant, which has no steps"),
    "no gradient": (without_gradient, {}, ValueError, "is a constant, which has no steps"),
    "compiled": (of_a_compiled_function, {}, ValueError, "is the result of a compiled function"),
    "zero": (of_a_compiled_function_that_is_zero, {}, ValueError, "is the result of a compiled"),
    "a large graph": (lambda: chain(1001), {}, TooManyNodesError, "more than 1,000 nodes"),
    "detail": (neuron, {"detail": "atoms"}, ValueError, "detail='atoms': it is one of 'values'"),
    "theme": (neuron, {"theme": "pink"}, ValueError, "theme='pink': it is one of 'light', "),
}


@pytest.mark.parametrize(("graph", "options", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_steps_is_refused_with_advice(graph, options, error, message):
    with pytest.raises(error) as caught:
        steps(graph(), **options)
    assert message in str(caught.value)


def test_a_graph_of_a_thousand_nodes_is_walked():
    assert len(steps(chain(1000))) == 999 + 1000


def test_within_a_neuron_its_weights_go_by_the_last_part_of_their_names():
    loss = MLP(2, [2, 1], seed=0)([1.0, 2.0]) * 1.0
    walk = steps(loss)
    first = next(step for step in walk if step.within)
    assert first.unit == first.within == "layers.0.neurons.0"
    assert str(first).splitlines() == [
        "forward  1/6  in layers.0.neurons.0",
        "              v1 = weights.0 * 1 + weights.1 * 2 + bias",
        "                = 0.273923 * 1 + -0.460427 * 2 + 0 = -0.64693",
    ]


def test_products_and_sums_of_a_dot_are_steps_if_they_are_asked_for():
    ws, xs = ([Value(x, label=f"{n}{i}") for i, x in enumerate((2.0, 3.0))] for n in "wx")
    loss = dot(ws, xs).tanh() * 2.0
    loss.backward()
    walk = steps(loss, detail="products")
    assert [step.rule for step in walk[:3]] == [
        "v1 = w0 * x0 = 2 * 2 = 4",
        "v2 = w1 * x1 = 3 * 3 = 9",
        "v3 = v1 + v2 = 4 + 9 = 13",
    ]
    last = walk.known(-1)
    assert [last[w].grad for w in ws] == [w.grad for w in ws]
    assert not any("there before" in step.rule for step in walk)

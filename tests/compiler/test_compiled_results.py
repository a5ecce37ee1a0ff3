"""What a compiled function gives is a Value like any other, whose operands are the parameters."""

import copy
import threading

import numpy as np
import pytest

import viz
from autograd import (
    AnomalyError,
    CompilationError,
    Value,
    check_gradients,
    compiled,
    detect_anomaly,
    gradient,
    hvp,
    jacobian,
    jvp,
    no_grad,
    topological_order,
    total,
)
from nn import MLP, SGD, Adam, Parameter, hinge, mse
from tests.backends import compiled_backends
from tests.compiler.comparing import gradient_of, same

RANDOM = np.random.default_rng(0)
X, SIGNS = RANDOM.normal(size=(7, 3)), np.sign(RANDOM.normal(size=7))


def eager_mean(f, *arrays):
    examples = zip(*[array.tolist() for array in arrays], strict=True)
    return total([f(*example) for example in examples]) / len(arrays[0])


class Fixture:
    """A model, its loss, and the same compiled."""

    def __init__(self, kind=Parameter, backend="numpy"):
        self.model = MLP(3, [4, 1], "tanh", seed=0)
        self.parameters = self.model.parameters()
        if kind is Value:
            for neuron in [n for layer in self.model.layers for n in layer.neurons]:
                neuron.weights = [Value(w.data) for w in neuron.weights]
                neuron.bias = Value(neuron.bias.data)
            self.parameters = [
                p
                for layer in self.model.layers
                for n in layer.neurons
                for p in (*n.weights, n.bias)
            ]
        self.compiled = compiled(self.loss, backend=backend)

    def loss(self, x, s):
        return hinge(self.model(x), s) + 0.1 * self.model(x) ** 2

    def penalty(self):
        return 1e-2 * sum(p * p for p in self.parameters)


@pytest.fixture(params=[Parameter, Value], ids=["Parameter", "Value"])
def kind(request):
    return request.param


@pytest.fixture(params=compiled_backends)
def made(request, kind):
    return Fixture(kind, request.param)


def test_it_is_a_node_whose_operands_are_the_parameters(made):
    mean = made.compiled.mean(X, SIGNS)
    assert mean.kind == "operation"
    assert mean.op.name == "loss"
    assert set(mean.operands) == set(made.parameters)
    slopes = dict(zip(mean.operands, mean.partials, strict=True))
    expected = gradient_of(mean, made.parameters)
    assert [slopes[p] for p in made.parameters] == expected.tolist()


def test_backward_twice_adds_twice(made):
    mean = made.compiled.mean(X, SIGNS)
    once = gradient_of(mean, made.parameters)
    mean.backward()
    assert same([p.grad for p in made.parameters], 2.0 * once)
    assert all(p.has_grad for p in made.parameters)


def test_two_results_before_the_first_backward(made):
    first, second = made.compiled.mean(X, SIGNS), made.compiled.mean(X[:2], SIGNS[:2])
    expected = [eager_mean(made.loss, X, SIGNS), eager_mean(made.loss, X[:2], SIGNS[:2])]
    for found, other in zip([second, first], expected[::-1], strict=True):
        assert same(gradient_of(found, made.parameters), gradient_of(other, made.parameters))


def test_it_mixes_with_eager_values(made):
    found = (made.compiled.mean(X, SIGNS) * 2.0).tanh() + made.penalty()
    expected = (eager_mean(made.loss, X, SIGNS) * 2.0).tanh() + made.penalty()
    assert found.data == pytest.approx(expected.data, rel=1e-12)
    assert same(gradient_of(found, made.parameters), gradient_of(expected, made.parameters))


def test_two_results_in_one_sum(made):
    parts = [made.compiled.sum(X[i:j], SIGNS[i:j]) for i, j in ((0, 2), (2, 3), (3, 7))]
    whole = made.compiled.sum(X, SIGNS)
    assert same(gradient_of(sum(parts), made.parameters), gradient_of(whole, made.parameters))


def test_gradient_without_touching_grad(made):
    output = made.compiled.mean(X, SIGNS) + made.penalty()
    expected = gradient_of(output, made.parameters)
    for p in made.parameters:
        p.forget_grad()
    slopes = gradient(output, made.parameters)
    assert same([slope.data for slope in slopes], expected)
    some = gradient(output, made.parameters[3])
    assert some.data == pytest.approx(expected[3])
    assert not any(p.has_grad for p in made.parameters)


def test_gradient_with_respect_to_what_lies_between(made):
    mean = made.compiled.mean(X, SIGNS)
    assert gradient(mean * mean, mean).data == pytest.approx(2.0 * mean.data)


def test_second_derivatives_are_refused_with_a_way_out(made):
    mean = made.compiled.mean(X, SIGNS)
    message = r"only first derivatives: to differentiate twice, call gradient\(\) inside"
    with pytest.raises(CompilationError, match=message):
        gradient(mean * mean, made.parameters, create_graph=True)


def test_transforms_of_functions_that_call_it():
    """A compiled function gets the transform's Values, and is then an ordinary function."""
    f = compiled(lambda x, y: (x * y).sin() * x)
    check_gradients(f, 0.3, 0.7)
    assert jacobian(f, 0.3, 0.7).shape == (1, 2)
    value, slope = jvp(f, (0.3, 0.7), (1.0, 0.0))
    assert (value, slope) == (f(0.3, 0.7), pytest.approx(f.value_and_gradient_at(0.3, 0.7)[1][0]))
    assert hvp(f, (0.3, 0.7), (1.0, 0.0))[0] == f(0.3, 0.7)


def test_intermediate_values_from_outside_pass_the_gradient_on():
    w = Value(2.0)
    scale = (w * 3.0).tanh()
    f = compiled(lambda x: scale * x)
    output = f.mean(np.array([1.0, 3.0]))
    expected = (w * 3.0).tanh() * 2.0
    assert gradient_of(output, [w]) == pytest.approx(gradient_of(expected, [w]))


def test_under_no_grad_it_is_a_constant(made):
    with no_grad():
        mean = made.compiled.mean(X, SIGNS)
    assert (mean.kind, mean.operands) == ("constant", ())
    assert mean.data == made.compiled.mean(X, SIGNS).data


def test_compiled_first_under_no_grad_it_has_gradients_later(made):
    with no_grad():
        made.compiled.mean(X, SIGNS)
    expected = gradient_of(eager_mean(made.loss, X, SIGNS), made.parameters)
    assert same(gradient_of(made.compiled.mean(X, SIGNS), made.parameters), expected)


def test_detect_anomaly_watches_every_operation():
    w = Value(2.0, label="w")
    loss = compiled(lambda x, y: (w * x).log() + y.exp())
    with detect_anomaly():
        good = loss.mean(np.array([1.0, 2.0]), np.array([0.0, 0.0]))
        with pytest.raises(AnomalyError, match=r"log\(\) gave nan"):
            loss.mean(np.array([1.0, -1.0]), np.array([0.0, 0.0]))
        with pytest.raises(ValueError, match="empty batch"):
            loss.mean(np.empty(0), np.empty(0))
        assert loss.sum(np.empty(0), np.empty(0)).data == 0.0
    expected = loss.mean(np.array([1.0, 2.0]), np.array([0.0, 0.0]))
    assert good.data == pytest.approx(expected.data)
    assert gradient_of(good, [w]) == pytest.approx(gradient_of(expected, [w]))


def test_detect_anomaly_around_backward(made):
    with detect_anomaly():
        made.compiled.mean(X, SIGNS).backward()
    mean = made.compiled.mean(X, SIGNS)
    with detect_anomaly():
        mean.backward()


# --------------------------------------------------------------- parameters that change


def changed_by_hand(made):
    for p in made.parameters:
        p.data = p.data * 0.5 + 0.1


def changed_by_an_optimizer(made):
    optimizer = SGD(made.parameters, 0.1)
    gradient_of(made.compiled.mean(X, SIGNS), made.parameters)
    optimizer.step()


def changed_by_an_optimizer_of_more(made):
    """The parameters move into a larger vector."""
    optimizer = Adam([Parameter(1.0), *made.parameters[::-1]], 0.1)
    gradient_of(made.compiled.mean(X, SIGNS), made.parameters)
    optimizer.step()


def changed_in_place(made):
    made.parameters[0].data += 1.0
    made.parameters[-1].data -= 1.0


@pytest.mark.parametrize(
    "change",
    [changed_by_hand, changed_by_an_optimizer, changed_by_an_optimizer_of_more, changed_in_place],
)
def test_parameters_that_changed_are_seen(made, change):
    made.compiled.mean(X, SIGNS).backward()
    before = [p.data for p in made.parameters]
    for _ in range(2):
        change(made)
        assert [p.data for p in made.parameters] != before
        found, expected = made.compiled.mean(X, SIGNS), eager_mean(made.loss, X, SIGNS)
        assert found.data == pytest.approx(expected.data, rel=1e-12)
        assert same(gradient_of(found, made.parameters), gradient_of(expected, made.parameters))


def test_loaded_parameters_are_seen():
    made, other = Fixture(), MLP(3, [4, 1], "tanh", seed=5)
    made.compiled.mean(X, SIGNS)
    made.model.load_state_dict(other.state_dict())
    expected = compiled(lambda x: other(x))(X)
    assert compiled(made.model)(X) == pytest.approx(expected, rel=1e-13)
    assert made.compiled(X, SIGNS) == pytest.approx(
        [made.loss(x, s).data for x, s in zip(X.tolist(), SIGNS, strict=True)], rel=1e-12
    )


def test_parameters_that_move_between_the_result_and_its_backward():
    made = Fixture()
    expected = gradient_of(made.compiled.mean(X, SIGNS), made.parameters)
    mean = made.compiled.mean(X, SIGNS)
    Parameter.pack([Parameter(1.0), *made.parameters])
    assert same(gradient_of(mean, made.parameters), expected)


def test_some_parameters_of_a_vector():
    """A function of one layer, whose parameters share a vector with all the others."""
    made = Fixture()
    made.compiled.mean(X, SIGNS)
    layer = made.model.layers[0]
    part = compiled(lambda x: total(layer(x)))
    found = part.mean(X)
    expected = eager_mean(lambda x: total(layer(x)), X)
    assert same(gradient_of(found, made.parameters), gradient_of(expected, made.parameters))
    value, flat = part.value_and_gradient(X)
    assert (value, len(flat)) == (pytest.approx(found.data), len(layer.parameters()))


def test_parameters_and_values_together():
    model, scale = MLP(3, [2, 1], seed=0), Value(0.5)
    f = lambda x: model(x) * scale  # noqa: E731
    everything = [*model.parameters(), scale]
    found, expected = compiled(f).mean(X), eager_mean(f, X)
    assert same(gradient_of(found, everything), gradient_of(expected, everything))


def test_two_functions_that_share_parameters():
    model = MLP(3, [4, 1], seed=0)
    first, second = compiled(lambda x: model(x)), compiled(lambda x: mse(model(x), 1.0))
    expected = gradient_of(eager_mean(lambda x: model(x) + mse(model(x), 1.0), X),
                           model.parameters())  # fmt: skip
    assert same(gradient_of(first.mean(X) + second.mean(X), model.parameters()), expected)


def test_training_is_that_of_the_eager_engine():
    histories = []
    for mean in (lambda made: made.compiled.mean(X, SIGNS),
                 lambda made: eager_mean(made.loss, X, SIGNS)):  # fmt: skip
        made = Fixture()
        optimizer, losses = SGD(made.parameters, 0.5), []
        for _ in range(20):
            loss = mean(made) + made.penalty()
            made.model.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.data)
        histories.append(losses)
    assert histories[0] == pytest.approx(histories[1], rel=1e-9)
    assert histories[0][-1] < histories[0][0]


def test_functions_compiled_in_threads_at_once_pack_the_parameters_once():
    for _ in range(20):
        model = MLP(3, [8, 1], "tanh", seed=0)
        start, results = threading.Barrier(4), []

        def work(model=model, start=start, results=results):
            f = compiled(model)
            start.wait()
            results.append(f.mean(X))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expected = gradient_of(eager_mean(model, X), model.parameters())
        for result in results:
            assert same(gradient_of(result, model.parameters()), expected)


# ------------------------------------------------------------------------------- pictures


def test_a_drawing_with_a_compiled_result_in_it(made):
    output = made.compiled.mean(X, SIGNS) + made.penalty()
    drawing = viz.draw(output)
    assert "loss" in str(drawing.dot)
    assert len(topological_order(output)) > len(made.parameters)


def test_a_copy_of_a_result_stands_for_itself():
    w = Value(2.0)
    output = compiled(lambda x: w * x).mean(np.array([1.0, 3.0]))
    twin = copy.deepcopy(output)
    twin.backward()
    assert (twin.data, twin.operands[0].grad, w.grad) == (4.0, 2.0, 0.0)

"""Parameters that are made together lie together, and are to a person as those made one by one."""

import copy
import pickle

import numpy as np
import pytest

from autograd import compiled
from nn import GPT, MLP, SGD, LayerNorm, Module, Parameter
from nn.parameters.many import parameters_of


class Squares(Module):
    def __init__(self, parameters):
        self.weights = parameters

    def __call__(self, x):
        return sum(w * w * x for w in self.weights)


MAKERS = {
    "together": parameters_of,
    "one by one": lambda numbers: [Parameter(number) for number in numbers],
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_they_begin_without_gradients_and_labels(make):
    for p, number in zip(make([1, np.float64(2.0), True]), [1.0, 2.0, 1.0], strict=True):
        assert (p.data, p.grad, p.has_grad, p.label, p.kind) == (
            number,
            0.0,
            False,
            "",
            "parameter",
        )
        assert type(p.data) is float


def test_a_wrong_number_among_them_is_refused():
    with pytest.raises(TypeError, match="a Value holds a real number, not str"):
        parameters_of([1.0, "2"])


def trained(parameters, chosen=slice(None)):
    """After some steps with those of them that were chosen, eagerly and compiled."""
    model = Squares(parameters)
    optimizer = SGD(parameters[chosen], 0.1, momentum=0.5)
    program = compiled(model)
    for x in (1.0, 2.0):
        optimizer.zero_grad()
        program.mean(np.array([x, 0.5])).backward()
        optimizer.step()
        optimizer.zero_grad()
        model(x).backward()
        optimizer.step()
    return [(p.data, p.grad) for p in parameters]


@pytest.mark.parametrize("chosen", [slice(None), slice(1, 3), slice(None, None, -2)])
def test_they_are_trained_as_those_made_one_by_one_are(chosen):
    one_by_one, together = (
        trained(make([0.5, -1.5, 2.5, 3.5]), chosen) for make in MAKERS.values()
    )
    assert one_by_one == together


def test_who_changes_the_list_changes_nothing_of_where_they_lie():
    ps = parameters_of([1.0, 2.0, 3.0])
    removed = ps.pop(0)
    ps.append(Parameter(4.0))
    trained(ps)
    assert removed.data == 1.0
    assert len(ps[0].theta.parameters) == 4  # that which was removed may still be used elsewhere


MODELS = [
    (MLP(40, [5, 5]), 20),
    (GPT(5, context=4, width=6, heads=3, layers=1), 100),
    (LayerNorm(9), 2),
]


@pytest.mark.parametrize(("model", "most"), MODELS, ids=[repr(model) for model, _ in MODELS])
def test_a_row_of_weights_is_one_vector_from_the_beginning(model, most):
    assert len({id(p.theta) for p in model.parameters()}) <= most < len(model.parameters())


COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda thing: pickle.loads(pickle.dumps(thing))}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("attributes", [{}, {"grad": 3.0}, {"scope": "encoder"}, {"label": "w"}])
def test_a_copy_has_all_that_they_have(copied, attributes):
    first, second = parameters_of([1.0, float("nan")])
    for name, content in attributes.items():
        setattr(first, name, content)
    twin = copied(first)
    for name in ("data", "grad", "has_grad", "label", "scope", "op", "kind"):
        assert getattr(twin, name) == getattr(first, name)
    twin.data = 5.0
    assert (first.data, twin.grad, np.isnan(copied(second).data)) == (1.0, first.grad, True)


def test_a_copy_of_many_takes_little_for_each():
    model = MLP(100, [10], seed=0)
    count = len(model.parameters())
    assert len(pickle.dumps(model)) < 65 * count

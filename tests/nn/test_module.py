from collections import UserList, deque

import numpy as np
import pytest

from autograd import Value, constant, no_grad
from nn import MLP, SGD, Layer, Module, Neuron, Parameter


class Everything(Module):
    """A module with parameters in all the places where they can be."""

    def __init__(self):
        self.name, self.count, self.table = "everything", 3, np.zeros(2)
        self.scale = Parameter(1.0)
        self.rows = [[Parameter(2.0), Parameter(3.0)], [Parameter(4.0), Parameter(5.0)]]
        self.parts = {"neuron": Neuron(1, seed=0), "pair": (Parameter(6.0), Layer(1, 1, seed=0))}
        self.again = self.scale
        self.computed, self.fixed = Value(7.0) * 2.0, constant(8.0)


NAMES = [
    "scale",
    "rows.0.0",
    "rows.0.1",
    "rows.1.0",
    "rows.1.1",
    "parts.neuron.weights.0",
    "parts.neuron.bias",
    "parts.pair.0",
    "parts.pair.1.neurons.0.weights.0",
    "parts.pair.1.neurons.0.bias",
]


def test_parameters_are_found_by_name_in_order_of_definition_each_once():
    module = Everything()
    assert [name for name, _ in module.named_parameters()] == NAMES
    assert module.parameters() == [parameter for _, parameter in module.named_parameters()]
    assert module.parameters()[0] is module.scale


def test_parameters_go_layer_by_layer_neuron_by_neuron_weights_then_bias():
    model = MLP(2, [2, 1], seed=0)
    neurons = [neuron for layer in model.layers for neuron in layer.neurons]
    expected = [p for neuron in neurons for p in [*neuron.weights, neuron.bias]]
    assert [id(p) for p in model.parameters()] == [id(p) for p in expected]


def test_zero_grad_forgets_every_gradient():
    model = MLP(2, [2, 1], seed=0)
    model([1.0, 2.0]).backward()
    assert any(p.has_grad for p in model.parameters())
    model.zero_grad()
    assert not any(p.has_grad for p in model.parameters())


def test_a_parameter_shared_by_two_parts_gets_both_gradients():
    model = MLP(1, [1, 1], activation="linear", seed=0)
    model.layers[1].neurons[0].weights = model.layers[0].neurons[0].weights
    (w, *_) = model.parameters()
    w.data = 3.0
    assert len(model.parameters()) == 3
    model([2.0]).backward()  # w (w x + b) + c
    assert w.grad == pytest.approx(2 * 3.0 * 2.0)


def test_state_dict_has_an_array_for_each_parameter_or_list_of_them():
    shapes = {name: a.shape for name, a in Everything().state_dict().items()}
    assert shapes == {
        "scale": (),
        "rows": (2, 2),
        "parts.neuron.weights": (1,),
        "parts.neuron.bias": (),
        "parts.pair.0": (),
        "parts.pair.1.neurons.0.weights": (1,),
        "parts.pair.1.neurons.0.bias": (),
    }


def test_state_dict_is_a_copy_and_goes_back_exactly():
    model, other = MLP(3, [4, 2], seed=0), MLP(3, [4, 2], seed=1)
    state = model.state_dict()
    model.parameters()[0].data += 1.0
    other.load_state_dict(state)
    model.parameters()[0].data -= 1.0
    assert [p.data for p in other.parameters()] == [
        p.data for p in MLP(3, [4, 2], seed=0).parameters()
    ]
    state["layers.0.neurons.0.weights"][:] = 0.0
    assert other.parameters()[0].data != 0.0


def test_a_state_with_shared_parameters_goes_back_exactly():
    module, w = Everything(), Parameter(1.0)
    module.partly = [module.scale, w]
    state = {name: a + 1.0 for name, a in module.state_dict().items()}
    assert state["partly"].tolist() == [2.0, 2.0]
    module.load_state_dict(state)
    assert (module.scale.data, w.data, module.rows[1][1].data) == (2.0, 2.0, 6.0)


def without(name):
    return lambda state: {key: a for key, a in state.items() if key != name}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("layers.1.neurons.0.bias"), r"nothing for layers\.1\.neurons\.0\.bias"),
        (lambda state: state | {"layers.9": 0.0}, r"this module has no layers\.9"),
        (
            lambda state: state | {"layers.1.neurons.0.weights": np.zeros(3)},
            r"layers\.1\.neurons\.0\.weights has the shape \(2,\), the state's is \(3,\)",
        ),
        (lambda state: state | {"layers.1.neurons.0.bias": "one"}, "is an array of real numbers"),
    ],
    ids=["missing", "unknown", "shape", "not a number"],
)
def test_a_state_that_does_not_fit_changes_nothing(change, message):
    model = MLP(2, [2, 1], seed=0)
    before = [p.data for p in model.parameters()]
    state = {name: a + 1.0 for name, a in model.state_dict().items()}
    with pytest.raises((ValueError, TypeError), match=message):
        model.load_state_dict(change(state))
    assert [p.data for p in model.parameters()] == before


def test_module_without_parameters():
    class Empty(Module):
        pass

    empty = Empty()
    assert (empty.parameters(), empty.state_dict()) == ([], {})
    empty.load_state_dict({})
    assert repr(empty) == "Empty(0 parameters)"


def test_summary_counts_shared_parameters_once_in_the_total():
    model = MLP(1, [1, 1], seed=0)
    model.layers[1] = model.layers[0]
    assert model.summary().splitlines()[-1].split() == ["total", "2"]


@pytest.mark.parametrize(
    ("sizes", "others", "message"),
    [
        ([3], [3, 2, 2, 2], r"this module has no (layers\S+, ){2}layers\S+ and 9 more$"),
        ([3, 2, 2, 2], [3], r"the state has nothing for (layers\S+, ){2}layers\S+ and 9 more$"),
        ([1], [1, 1], r"this module has no layers\S+bias, layers\S+weights$"),
    ],
)
def test_of_many_names_that_do_not_fit_three_are_said(sizes, others, message):
    with pytest.raises(ValueError, match=message):
        MLP(2, sizes).load_state_dict(MLP(2, others).state_dict())


def test_lists_of_unequal_length_have_a_state():
    class Ragged(Module):
        def __init__(self):
            self.rows = [[Parameter(1.0)], [Parameter(2.0), Parameter(3.0)]]

    one, other = Ragged(), Ragged()
    one.rows[1][0].data = 5.0
    other.load_state_dict(one.state_dict())
    assert {name: x.tolist() for name, x in other.state_dict().items()} == {
        "rows.0": [1.0],
        "rows.1": [5.0, 3.0],
    }


def test_an_array_of_parameters_is_a_list_of_them():
    class Matrix(Module):
        def __init__(self):
            self.W = np.array([[Parameter(1.0), Parameter(2.0)]], dtype=object)
            self.data = np.zeros((1000, 10))

    model = Matrix()
    assert [name for name, _ in model.named_parameters()] == ["W.0.0", "W.0.1"]
    assert {name: x.shape for name, x in model.state_dict().items()} == {"W": (1, 2)}


def test_the_mode_reaches_every_module_within():
    class Shared(Module):
        def __init__(self):
            self.parts = {"a": [MLP(2, [2, 1])]}
            self.again = self.parts["a"][0]
            self.home = self

    model = Shared()
    assert all(module.training for module in model.modules())
    assert [type(m).__name__ for m in model.modules()][:3] == ["Shared", "MLP", "Layer"]
    assert len(model.modules()) == 1 + 1 + 2 + 3  # each once
    assert model.eval() is model
    assert not any(module.training for module in model.modules())
    assert all(module.training for module in model.train().modules())


def test_a_mode_is_true_or_false():
    with pytest.raises(TypeError, match="training is True or False, not 'no'"):
        MLP(2, [1]).train("no")


def test_a_mode_that_is_back_is_as_if_it_had_never_changed():
    model = MLP(2, [1])
    before = dict(vars(model))
    model.eval().train()
    assert vars(model) == before


class Forward(Module):
    def forward(self, xs):
        return xs


class Nothing(Module):
    pass


@pytest.mark.parametrize(
    ("module", "way_out"),
    [(Forward(), r" \(forward\(\) is PyTorch's name for it\)"), (Nothing(), "")],
)
def test_a_module_that_cannot_be_called_says_what_to_define(module, way_out):
    message = rf"{type(module).__name__} cannot be called: define __call__\(self, x\), which gives"
    with pytest.raises(TypeError, match=rf"{message} the output for one example{way_out}$"):
        module([1.0])


class Line(Module):
    """It has Values where Parameters should be."""

    def __init__(self, *attributes):
        self.slope = Parameter(1.0)
        self.others = list(attributes)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (Line(Value(0.5)), r"Line.others.0 is a plain Value, .* Parameter\(0.5\), or cons"),
        (Line(Value(0.5), [Value(2.0)]), "Line.others.0 is a plain Value, as are 1 more, and what"),
        (Line({"a": Line(Value(-1.0))}), r"others.0.a.others.0 is .* constant\(-1\) if it stays"),
    ],
)  # fmt: skip
def test_values_in_the_place_of_parameters_are_noticed(module, text):
    with pytest.warns(UserWarning, match=text) as caught:
        optimizer = SGD(module.parameters())
    assert caught[0].filename == __file__
    assert set(optimizer.vector.parameters) == {p for _, p in module.named_parameters()}


@pytest.mark.parametrize(
    "hidden",
    [
        lambda p: deque([p]),
        lambda p: {p},
        lambda p: UserList([[p]]),
        lambda p: {"w": p}.values(),
        lambda p: [deque([Neuron(1)])],
    ],
    ids=["deque", "set", "UserList", "a dict's values", "modules in a deque"],
)
def test_parameters_where_none_are_looked_for_are_noticed(hidden):
    module = Line()
    module.own = hidden(Parameter(2.0))
    text = "Line.own.* has a Parameter in it that is neither trained nor saved.*: keep "
    with pytest.warns(UserWarning, match=text):
        assert module.parameters() == [module.slope]


def test_a_set_of_parameters_that_are_found_elsewhere_may_be_kept():
    module = Line(Parameter(2.0))
    module.decayed, module.seen = set(module.others), deque([1.0, "text", Value(2.0) * 2.0])
    assert len(module.parameters()) == 2


@pytest.mark.parametrize("slots", [("w",), "w"])
@pytest.mark.parametrize(("base", "lost"), [(Module, "trained or saved"), (SGD, "saved")])
def test_slots_in_which_nobody_looks_are_refused(base, lost, slots):
    with pytest.raises(TypeError, match=rf"^Own has __slots__ .*'w'.* would not be {lost}"):
        type("Own", (base,), {"__slots__": slots})


def test_slots_that_come_with_another_class_are_refused_and_empty_ones_are_not():
    mixed_in = type("MixedIn", (), {"__slots__": ("w",)})
    with pytest.raises(TypeError, match="MixedIn has __slots__"):
        type("Own", (Module, mixed_in), {})
    assert type("Own", (Module,), {"__slots__": ()})().parameters() == []


@pytest.mark.parametrize("base", [Module, SGD])
def test_another_class_gets_the_keywords_that_a_class_is_made_with(base):
    class Registered:
        def __init_subclass__(cls, called):
            cls.called = called

    class Own(base, Registered, called="mine"):
        pass

    assert Own.called == "mine"


@pytest.mark.parametrize(
    ("held", "name"),
    [
        ({0: Parameter(1.0), "0": Parameter(2.0)}, "held.0"),
        ({"a.b": Parameter(1.0), "a": {"b": Parameter(2.0)}}, "held.a.b"),
        ({"a.b": [Parameter(1.0)], "a": {"b": Parameter(2.0)}}, "held.a.b"),
    ],
)
def test_no_number_is_lost_to_another_of_the_same_name(held, name):
    module = Line()
    module.held = held
    before = [p.data for p in module.parameters()]
    message = rf"'{name}' is the name of .*1\.0.* and of .*2\.0.*, one of which would be lost"
    with pytest.raises(ValueError, match=message):
        module.state_dict()
    with pytest.raises(ValueError, match=message):
        module.load_state_dict({"slope": 3.0, "held.0": 4.0})
    assert [p.data for p in module.parameters()] == before


@pytest.mark.parametrize("state", [None, [1.0], "model.safetensors"])
def test_a_state_that_is_none_is_named(state):
    with pytest.raises(TypeError, match=r"the state is the dict that state_dict\(\) gave, not"):
        Line().load_state_dict(state)


def test_one_parameter_in_two_places_has_its_first_name():
    module, shared = Line(), Parameter(2.0)
    module.held = {0: shared, "0": shared}
    assert [*module.state_dict()] == ["slope", "held.0"]


def test_what_is_computed_or_constant_may_be_kept():
    module = Line(Value(2.0) * 3.0, constant(1.0), Parameter(0.0))
    module.latest = module.slope * 2.0
    with no_grad():
        module.known = module.slope * 3.0
    assert len(module.parameters()) == 2


@pytest.mark.parametrize(
    ("numbers", "error", "message"),
    [
        (np.ma.array([1.0, 2.0], mask=[0, 1]), TypeError, "is a masked array"),
        (np.array([1.0 + 2.0j, 0.0]), TypeError, "real numbers, not of complex128"),
        (["1", "2"], TypeError, "real numbers, not of <U1"),
        ([True, False], TypeError, "real numbers, not of bool"),
    ],
)
def test_a_state_of_something_else_than_real_numbers_is_refused(numbers, error, message):
    model = MLP(2, [1], seed=0)
    before = model.state_dict()
    with pytest.raises(error, match=message):
        model.load_state_dict({**before, "layers.0.neurons.0.weights": numbers})
    assert all(np.array_equal(x, before[name]) for name, x in model.state_dict().items())


def test_a_parameter_in_two_places_gets_one_number():
    class Tied(Module):
        def __init__(self):
            self.first = Parameter(1.0)
            self.all = [self.first, Parameter(2.0)]

    model = Tied()
    with pytest.raises(ValueError, match=r"all has the number 8 for the parameter first, which"):
        model.load_state_dict({"first": 7.0, "all": [8.0, 9.0]})
    model.load_state_dict({"first": 7.0, "all": [7.0, 9.0]})
    assert [p.data for p in model.parameters()] == [7.0, 9.0]

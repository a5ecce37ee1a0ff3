import copy
import pickle

import numpy as np
import pytest

from nn import MLP, SGD, AdaGrad, Adam, AdamW, Optimizer, Parameter, RMSProp


@pytest.mark.parametrize("make", [SGD, Adam, lambda ps: SGD(ps, momentum=0.9, nesterov=True)])
def test_the_learning_rate_may_change_between_steps(make):
    def first_steps(rates):
        w = Parameter(1.0)
        optimizer = make([w])
        for rate in rates:
            optimizer.learning_rate = rate
            optimizer.zero_grad()
            (w * w).backward()
            optimizer.step()
            yield w.data

    slow, fast = list(first_steps([0.1, 0.1])), list(first_steps([0.1, 0.2]))
    assert slow[0] == fast[0]
    assert slow[0] - fast[1] == pytest.approx(2 * (slow[0] - slow[1]))


def test_an_optimizer_of_some_parameters_leaves_the_others_alone():
    model = MLP(2, [3, 1], seed=0)
    last = model.layers[1].parameters()
    before = [p.data for p in model.layers[0].parameters()]
    optimizer = SGD(last, learning_rate=0.1)
    model([1.0, 2.0]).backward()
    bias = last[-1].data
    optimizer.step()
    optimizer.zero_grad()
    assert [p.data for p in model.layers[0].parameters()] == before
    assert last[-1].data == bias - 0.1
    assert not any(p.has_grad for p in last)
    assert any(p.has_grad for p in model.layers[0].parameters())


def test_two_optimizers_may_share_parameters():
    a, b, c = (Parameter(1.0) for _ in range(3))
    first, second = SGD([a, b], learning_rate=0.1), SGD([b, c], learning_rate=1.0)
    (a + b + c).backward()
    first.step()
    second.step()
    first.step()
    assert [p.data for p in (a, b, c)] == pytest.approx([0.8, -0.2, 0.0])


def test_parameters_changed_by_hand_are_seen():
    w = Parameter(1.0)
    optimizer = SGD([w], learning_rate=0.1)
    (w * w).backward()
    w.data, w.grad = 5.0, 10.0
    optimizer.step()
    assert w.data == 4.0


def test_an_optimizer_of_ones_own_is_one_formula():
    class SignDescent(Optimizer):
        def change(self, gradient):
            return self.rate * (1.0 * (gradient < 0) - (gradient > 0))

    a, b = Parameter(1.0), Parameter(1.0)
    optimizer = SignDescent([a, b], learning_rate=0.25)
    (a * 100.0 - b * 0.001).backward()
    optimizer.step()
    assert (a.data, b.data) == (0.75, 1.25)


MODEL, ONE = MLP(2, [1], seed=0), Parameter(1.0)
REPEATED = iter([ONE])

NOT_PARAMETERS = {
    "none": ([], ValueError, "there are no parameters .* Module .* Parameters, and not plain V"),
    "an iterator's, again": (REPEATED, ValueError, "An iterator gives its own only once: make it"),
    "a model": (MODEL, TypeError, r"such as model.parameters\(\), not MLP\(2 -> 1,"),
    "a method": (MODEL.parameters, TypeError, r"such as model.parameters\(\), not <bound"),
    "models": ([MODEL], TypeError, r"can be trained, not MLP.*: give its parameters\(\)"),
    "one": (ONE, TypeError, r"takes a list of parameters, .*, not Parameter"),
    "numbers": ([1.0], TypeError, r"leaf Values .* not 1.0: give it as Parameter\(...\)"),
    "an array": (np.ones((2, 2)), TypeError, r"not array\(.*: give one list of all"),
    "a state": (MODEL.state_dict(), TypeError, "can be trained, not 'layers.0.neurons.0.weights'"),
    "with names": (MODEL.named_parameters(), TypeError, r"parameters\(\) gives them without"),
    "groups": ([{"params": [ONE], "lr": 0.1}], TypeError, "make an optimizer for each"),
    "lists": ([[ONE], [ONE]], TypeError, r"give one list of all, such as \[\*first, \*second\]"),
    "a result": ([ONE * 2.0], TypeError, "it is computed from others, which are those to train"),
}


@pytest.mark.parametrize(
    ("parameters", "error", "message"), NOT_PARAMETERS.values(), ids=NOT_PARAMETERS
)
@pytest.mark.parametrize("make", [SGD, Adam])
def test_what_can_not_be_trained_is_named(make, parameters, error, message):
    list(REPEATED)
    with pytest.raises(error, match=message):
        make(parameters)


NO_SETTINGS = {
    "a rate of 0": (SGD, {"learning_rate": 0.0}, ValueError, "above 0 and finite, not 0.0"),
    "a rate of NaN": (Adam, {"learning_rate": np.nan}, ValueError, "above 0 and finite, not nan"),
    "an endless rate": (Adam, {"learning_rate": np.inf}, ValueError, "and finite, not inf"),
    "a rate in words": (SGD, {"learning_rate": "0.1"}, TypeError, "a number, or a function of"),
    "a class": (SGD, {"learning_rate": dict}, TypeError, r"such as dict\(...\), and not"),
    "a whole momentum": (SGD, {"momentum": 1.0}, ValueError, "momentum must be from 0 to below 1"),
    "no momentum": (SGD, {"nesterov": True}, ValueError, "needs a momentum above 0"),
    "a whole beta": (Adam, {"betas": (1.0, 0.9)}, ValueError, r"betas\[0\] must be from 0 to be"),
    "one beta": (Adam, {"betas": 0.9}, TypeError, r"betas is a pair, .* \(0.9, 0.999\), not 0.9"),
    "three betas": (AdamW, {"betas": (0.9, 0.9, 0.9)}, TypeError, "betas is a pair"),
    "an epsilon no float": (
        RMSProp,
        {"epsilon": 10**400},
        ValueError,
        "epsilon must be above 0 and finite, not 10",
    ),
    "no epsilon": (RMSProp, {"epsilon": 0}, ValueError, "epsilon must be above 0 and finite"),
    "a decay of 1": (RMSProp, {"decay": 1}, ValueError, "decay must be from 0 to below 1"),
    "no decay": (AdamW, {"weight_decay": -0.1}, ValueError, "weight_decay must be from 0 on"),
    "a squared epsilon": (AdaGrad, {"epsilon": "1e-8"}, TypeError, "epsilon must be a number"),
}


@pytest.mark.parametrize(
    ("make", "settings", "error", "message"), NO_SETTINGS.values(), ids=NO_SETTINGS
)
def test_settings_that_make_no_sense_are_named(make, settings, error, message):
    with pytest.raises(error, match=message):
        make([ONE], **settings)


@pytest.mark.parametrize("rate", [0.0, -1.0, None])
def test_a_rate_that_is_set_later_is_looked_at_too(rate):
    optimizer = SGD([ONE], 0.5)
    with pytest.raises((TypeError, ValueError), match="the learning rate"):
        optimizer.learning_rate = rate
    assert optimizer.learning_rate == 0.5


HABITS = {
    "lr": (SGD, "say learning_rate="),
    "weight_decay": (SGD, r"penalty=L2\(weights=w / 2\) where weight_decay is w, .* AdamW"),
    "eps": (Adam, "say epsilon="),
    "beta1": (AdamW, r"say betas=\(beta1, beta2\)"),
    "alpha": (RMSProp, "say decay= to RMSProp"),
    "rho": (RMSProp, "say decay= to RMSProp"),
    "lr_decay": (AdaGrad, r"learning_rate=InverseTimeDecay\(first, decay\)"),
    "params": (SGD, "say parameters=, or give them first"),
    "scheduler": (Adam, "give a schedule, .* as learning_rate="),
    "clipnorm": (Adam, r"clipping=clip_by_norm\(bound\)"),
    "clipvalue": (Adam, r"clipping=clip_by_value\(bound\)"),
}


@pytest.mark.parametrize(("name", "make", "message"), [(n, *x) for n, x in HABITS.items()])
def test_names_from_elsewhere_are_known(name, make, message):
    with pytest.raises(TypeError, match=f"{make.__name__} takes no {name}=: .*{message}"):
        make([ONE], **{name: 0.1})


def test_other_names_are_what_python_says():
    with pytest.raises(TypeError, match="unexpected keyword argument 'speed'"):
        SGD([ONE], speed=0.1)


@pytest.mark.parametrize("makes", ["lr", "**settings"])
def test_an_optimizer_of_ones_own_may_use_the_names_from_elsewhere(makes):
    class Own(SGD):
        def __init__(self, parameters, lr):
            super().__init__(parameters, lr)

    class Any(SGD):
        def __init__(self, parameters, **settings):
            super().__init__(parameters, settings["lr"])

    assert {"lr": Own, "**settings": Any}[makes]([ONE], lr=0.25).rate == 0.25


def test_the_base_has_no_formula():
    with pytest.raises(NotImplementedError, match=r"Optimizer must define change\(gradient\)"):
        Optimizer([ONE], 0.1).step()


SHOWN = {
    "Adam(3 parameters, learning_rate=0.01)": lambda ps: Adam(ps, 0.01),
    "SGD(1 parameter, learning_rate=0.1)": lambda ps: SGD(ps[:1], 0.1, momentum=0),
    "SGD(3 parameters, learning_rate=0.5, momentum=0.9, nesterov=True)": lambda ps: SGD(
        ps, 0.5, 0.9, nesterov=True
    ),
    "AdamW(3 parameters, learning_rate=0.001, betas=(0.5, 0.999))": lambda ps: AdamW(
        ps, betas=[0.5, 0.999]
    ),
    "RMSProp(3 parameters, learning_rate=<ufunc 'sqrt'>, clipping=<ufunc 'tanh'>)": (
        lambda ps: RMSProp(ps, np.sqrt, clipping=np.tanh)
    ),
    "Optimizer(3 parameters, learning_rate=1.0)": lambda ps: Optimizer(ps, 1),
}


@pytest.mark.parametrize(("shown", "make"), SHOWN.items(), ids=SHOWN)
def test_an_optimizer_shows_its_settings_as_they_were_given(shown, make):
    assert repr(make([Parameter(1.0) for _ in range(3)])) == shown


@pytest.mark.parametrize("make", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_is_of_its_own_parameters(make):
    w = Parameter(1.0)
    optimizer = SGD([w], np.float64(0.5), momentum=0.5)
    (w * w).backward()
    optimizer.step()
    again = make(optimizer)
    again.step()
    assert (w.data, again.vector.parameters[0].data) == (0.0, -1.5)
    assert (optimizer.steps, again.steps, again.rate) == (1, 2, 0.5)

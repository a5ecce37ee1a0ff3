"""What a compiled function reads from outside: seen at the next call, or within the run."""

import functools
import gc
import inspect
import random
import sys
import warnings
import weakref

import numpy as np
import pytest

from autograd import CompilationError, Value, compiled, constant, context, uniform
from autograd.compiler import programs
from autograd.watching import Watched
from nn import MLP, Layer, Module, Neuron, Parameter, mse

X = np.random.default_rng(0).normal(size=(5, 2))
FACTOR = 2.0


def double(x):
    return FACTOR * x


def slopes(function):
    """What the function multiplies the first number of an example with."""
    return function(X)[0] / X[0, 0]


# --------------------------------------------------------------- watched: seen at the next call


def test_a_global_that_is_set_anew(monkeypatch):
    f = compiled(lambda x: FACTOR * x[0])
    assert slopes(f) == 2.0
    monkeypatch.setitem(globals(), "FACTOR", 3.0)
    assert slopes(f) == 3.0


def test_a_global_of_a_function_that_is_called(monkeypatch):
    f = compiled(lambda x: sum([double(part) for part in x[:1]]))
    assert slopes(f) == 2.0
    monkeypatch.setitem(globals(), "FACTOR", 3.0)
    assert slopes(f) == 3.0
    monkeypatch.setitem(globals(), "double", lambda x: 7.0 * x)
    assert slopes(f) == 7.0


def test_a_cell_that_is_set_anew():
    factor = 2.0

    def f(x):
        return factor * x[0]

    g = compiled(f)
    assert slopes(g) == 2.0
    factor = 3.0
    assert slopes(g) == 3.0


def test_a_cell_that_is_emptied_and_filled_again():
    factor = 2.0

    def f(x):
        return factor * x[0]

    g = compiled(f)
    assert slopes(g) == 2.0
    del factor
    for _ in range(2):
        with pytest.raises(NameError, match="factor"):
            g(X)
    factor = 2.0
    assert slopes(g) == 2.0
    factor = 3.0
    assert slopes(g) == 3.0


def test_a_cell_that_is_empty_and_not_read():
    def f(x):
        return (late if len(x) > 2 else 2.0) * x[0]

    g = compiled(f)
    assert [slopes(g) for _ in range(3)] == [2.0, 2.0, 2.0]
    late = 3.0
    assert g(np.ones((2, 3))).tolist() == [late, late]


def test_defaults_that_are_set_anew():
    def f(x, factor=2.0, *, offset=0.0):
        return factor * x[0] + offset

    g = compiled(f)
    assert slopes(g) == 2.0
    f.__defaults__ = (3.0,)
    assert slopes(g) == 3.0
    f.__kwdefaults__ = {"offset": 1.0}
    assert g(X)[0] == 3.0 * X[0, 0] + 1.0


class Net(Module):
    scale = 2.0

    def __init__(self):
        self.neuron = Neuron(2, activation="linear")
        self.training = True

    def __call__(self, x):
        return self.scale * self.neuron(x) if self.training else self.neuron(x)


def eager(net):
    return [net(x.tolist()).data for x in X]


def replace_bias(net):
    net.neuron.bias = Parameter(100.0)


def replace_neuron(net):
    net.neuron = Neuron(2, activation="tanh")


def replace_weights(net):
    net.neuron.weights = [Parameter(1.0), Parameter(2.0)]


def shadow_an_attribute_of_the_class(net):
    net.scale = 5.0


def switch_a_mode(net):
    net.training = False


def through_the_dictionary(net):
    vars(net)["training"] = False
    net.anything = None  # what is set past the Module is seen when something else is set


CHANGES = [
    replace_bias,
    replace_neuron,
    replace_weights,
    shadow_an_attribute_of_the_class,
    switch_a_mode,
    through_the_dictionary,
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_attribute_of_a_module_that_is_set_anew(change):
    net = Net()
    f = compiled(lambda x: net(x))
    assert f(X) == pytest.approx(eager(net), rel=1e-12)
    change(net)
    assert f(X) == pytest.approx(eager(net), rel=1e-12)
    assert f.mean(X).data == pytest.approx(np.mean(eager(net)), rel=1e-12)


def test_an_attribute_that_is_deleted_or_appears():
    net = Net()
    f = compiled(net)
    net.scale = 5.0
    f(X)
    del net.scale
    assert f(X) == pytest.approx(eager(net), rel=1e-12)


def test_an_attribute_of_the_class(monkeypatch):
    net = Net()
    f = compiled(net)
    f(X)
    monkeypatch.setattr(Net, "scale", 9.0)
    assert f(X) == pytest.approx(eager(net), rel=1e-12)


def test_plain_numbers_see_it_too():
    net = Net()
    f = compiled(lambda x, y: net([x, y]))
    before = f(1.0, 2.0)
    net.training = False
    assert f(1.0, 2.0) == pytest.approx(before / 2.0, rel=1e-12)
    assert f.value_and_gradient_at(1.0, 2.0)[1][0] == pytest.approx(net.neuron.weights[0].data)


def test_a_mode_that_is_switched_back_and_forth_compiles_nothing_anew():
    net = Net()
    f = compiled(net)
    seen = []
    for training in (True, False, True, False, True):
        net.training = training
        assert f(X) == pytest.approx(eager(net), rel=1e-12)
        seen.append(f.program)
    assert seen[0] is seen[2] is seen[4]
    assert seen[1] is seen[3] is not seen[0]


def test_what_is_set_and_not_read_compiles_nothing_anew(monkeypatch):
    monkeypatch.setattr(programs, "monotonic", lambda: 1.0)
    recordings = []
    net = Net()
    f = compiled(lambda x: recordings.append(1) or net(x))
    for epoch in range(5):
        net.epoch = epoch
        f(X)
    assert len(recordings) == 2  # and once to see that it is the same


class Slotted(Watched):
    __slots__ = ("factor",)

    def __call__(self, x):
        return self.factor * x[0]


def test_an_attribute_in_a_slot():
    net = Slotted()
    net.factor = 2.0
    f = compiled(net)
    assert slopes(f) == 2.0
    net.factor = 3.0
    assert slopes(f) == 3.0


def test_a_layer_that_is_appended_or_exchanged():
    net = MLP(2, [2, 1])
    f = compiled(net)
    f(X)
    net.layers.append(Layer(1, 1))
    assert f(X) == pytest.approx([net(x.tolist()).data for x in X])
    net.layers[0] = Layer(2, 2, activation="tanh")
    assert f(X) == pytest.approx([net(x.tolist()).data for x in X])


def test_all_attributes_at_once():
    net = Net()
    f = compiled(lambda x: sum(p * p for p in net.parameters()) * x[0])
    f(X)
    net.other = Neuron(3)
    assert slopes(f) == pytest.approx(sum(p.data**2 for p in net.parameters()))


def test_a_parameter_that_was_replaced_is_none_any_more():
    net = Net()
    f = compiled(net)
    f.value_and_gradient(X)
    net.neuron.bias = Parameter(100.0)
    _, slopes_ = f.value_and_gradient(X)
    assert f.parameters == net.parameters()
    assert len(slopes_) == 3
    g = compiled(lambda x: net(x))
    g(X)
    assert set(g.parameters) == set(net.parameters())


def test_a_change_that_makes_no_difference_is_recorded_but_not_compiled():
    net = Net()
    net.note = "a"
    f = compiled(lambda x: net(x) * float(len(net.note)))
    f(X)
    before = f.program
    net.note = "b"
    f(X)
    assert f.program is before


def test_zeros_are_told_apart_by_their_sign():
    class Signed(Module):
        zero = 0.0

        def __call__(self, x):
            return x[0] / (0.0 * x[0] + self.zero) if self.zero else 1.0 / (x[0] * 0.0 + self.zero)

    net = Signed()
    f = compiled(lambda x: net.zero * abs(x[0]))
    assert not np.signbit(f(X)).any()
    net.zero = -0.0
    assert np.signbit(f(X)).all()


def test_too_many_states_are_warned_of():
    net = Net()
    f = compiled(net)
    for i in range(16):
        net.scale = float(i)
        f(X)
    net.scale = 16.0
    with pytest.warns(RuntimeWarning, match=r"than 16 states.*argument or a Parameter") as warned:
        f(X)
    assert warned[0].filename == __file__
    net.scale = 5.0
    assert f(X) == pytest.approx(eager(net), rel=1e-12)


# ------------------------------------------------------------------- reached in other ways


class Helper:
    kept = 1.0

    def scaled(self, x):
        return FACTOR * x

    @staticmethod
    def of_nobody(x):
        return FACTOR * x

    @classmethod
    def of_the_class(cls, x):
        return FACTOR * x

    def __call__(self, x):
        return FACTOR * x


class Own(Module):
    @staticmethod
    def of_nobody(x):
        return FACTOR * x

    @property
    def factor(self):
        return FACTOR

    def __call__(self, x):
        return self.of_nobody(x[0])


def swapped(function):
    @functools.wraps(function)
    def called(*arguments):
        return function(*arguments)

    return called


HELPER, OWN, THIS = Helper(), Own(), sys.modules[__name__]
WAYS = {
    "a static method of a Module": OWN,
    "a property of a Module": lambda x: OWN.factor * x[0],
    "a method of an object": lambda x: HELPER.scaled(x[0]),
    "a static method of a class": lambda x: Helper.of_nobody(x[0]),
    "a class method": lambda x: Helper.of_the_class(x[0]),
    "an object that can be called": lambda x: HELPER(x[0]),
    "an object made inside": lambda x: Helper().scaled(x[0]),
    "a module's function": lambda x: THIS.double(x[0]),
    "a module's number": lambda x: THIS.FACTOR * x[0],
    "a function in a tuple": lambda x, fs=(double,): fs[0](x[0]),
    "a function in a list": lambda x, fs=[double]: fs[0](x[0]),
    "a decorated function": swapped(lambda x: FACTOR * x[0]),
    "a partial": functools.partial(lambda f, x: f(x[0]), double),
    "a comprehension": lambda x: sum([double(part) for part in x[:1]]),
}


@pytest.mark.parametrize("function", WAYS.values(), ids=WAYS)
def test_a_global_is_watched_however_the_function_comes_to_read_it(function, monkeypatch):
    f = compiled(function)
    assert [slopes(f), slopes(f)] == [2.0, 2.0]
    monkeypatch.setitem(globals(), "FACTOR", 3.0)
    assert slopes(f) == 3.0


def test_attributes_of_classes_are_watched(monkeypatch):
    class Base(Module):
        factor = 2.0

        def scaled(self, x):
            return self.factor * x[0]

    class Derived(Base):
        def __call__(self, x):
            return super().scaled(x)

    f = compiled(Derived())
    assert slopes(f) == 2.0
    Base.factor = 3.0
    assert slopes(f) == 3.0
    Derived.factor = 4.0
    assert slopes(f) == 4.0
    Base.scaled = lambda self, x: 5.0 * x[0]
    assert slopes(f) == 5.0
    Derived.__call__ = lambda self, x: 6.0 * x[0]
    assert slopes(f) == 6.0
    g = compiled(lambda x: HELPER.kept * type(HELPER).kept * x[0])
    assert slopes(g) == 1.0
    monkeypatch.setattr(Helper, "kept", 2.0)
    assert slopes(g) == 4.0


def test_a_global_that_appears_later(monkeypatch):
    f = compiled(lambda x: len(x) * x[0])
    assert slopes(f) == 2.0
    monkeypatch.setitem(globals(), "len", lambda x: 7.0)
    assert slopes(f) == 7.0


def test_new_code_of_a_function():
    def f(x):
        return 2.0 * x[0]

    g = compiled(f)
    assert slopes(g) == 2.0
    f.__code__ = (lambda x: 3.0 * x[0]).__code__
    assert slopes(g) == 3.0


def test_a_constant_from_outside():
    c = constant(2.0)
    f = compiled(lambda x: c * x[0])
    assert slopes(f) == 2.0
    c.data = 5.0
    assert slopes(f) == 5.0


def test_functions_that_call_each_other_in_a_long_row():
    def following(f):
        return lambda x: f(x) * 1.0

    function = following(lambda x: x[0])
    for _ in range(150):
        function = following(function)
    assert slopes(compiled(function)) == 1.0


epoch = 0


def test_names_of_variables_and_of_other_methods_are_no_globals(monkeypatch):
    class Reporting(Module):
        def report(self):
            return f"epoch {epoch}"

        def __call__(self, x):
            return x[0] * 2.0

    net = Reporting()
    f = compiled(net)
    f(X)
    program, places = f.program, dict(f.programs._current)
    monkeypatch.setitem(globals(), "epoch", 1)
    f(X)
    assert f.program is program
    assert [*f.programs._current.values()] == [*places.values()]


# ------------------------------------------------------------ made or changed in the recording


class Lazy(Module):
    w = None

    def __call__(self, x):
        if self.w is None:
            self.w = Parameter(3.0)
        return self.w * x[0]


class Later(Module):
    def __call__(self, x):
        if not hasattr(self, "layer"):
            self.layer = Layer(len(x), 1, nonlin=False)
        return self.layer(x)


@pytest.mark.parametrize("kind", [Lazy, Later])
def test_parameters_that_are_made_when_they_are_first_wanted_are_trained(kind):
    net = kind()
    f = compiled(net)
    f.mean(X).backward()
    assert len(net.parameters()) == len(f.parameters) > 0
    assert net.parameters()[0].grad == pytest.approx(X[:, 0].mean())
    net.parameters()[0].data = 10.0
    assert f(X)[0] == pytest.approx(net(X[0].tolist()).data)


def test_a_count_of_its_calls_that_is_not_used_is_nobodys_business():
    net = Net()
    net.calls = 0

    def f(x):
        net.calls += 1
        return net(x)

    g = compiled(f)
    for _ in range(3):
        assert g(X) == pytest.approx(eager(net), rel=1e-12)


def test_a_count_of_its_calls_that_is_used_is_refused():
    net = Net()
    net.calls = 0

    def f(x):
        net.calls += 1
        return net.calls * x[0]

    with pytest.raises(CompilationError, match=r"changes something that it reads") as caught:
        compiled(f)(X)
    assert "the number" in str(caught.value)
    assert "net.calls * x[0]" in str(caught.value)


# --------------------------------------------------------- not watched: seen within the run


class Settings:
    factor = 2.0


def unwatched():
    numbers, settings, table = [2.0], Settings(), {"factor": 2.0}
    layers = [Neuron(2, activation="linear")]
    net = MLP(2, [2, 1])
    return {
        "a list": (lambda x: numbers[0] * x[0], lambda: numbers.append(numbers.pop() + 1.0)),
        "a dict": (lambda x: table["factor"] * x[0], lambda: table.update(factor=3.0)),
        "an object": (lambda x: settings.factor * x[0], lambda: setattr(settings, "factor", 3.0)),
        "a layer appended": (
            lambda x: [layer(x) for layer in layers][-1],
            lambda: layers.append(Neuron(2)),
        ),
        "a list of a module": (net, lambda: net.layers[0].neurons[0].weights.reverse()),
    }


@pytest.mark.parametrize("what", unwatched())
def test_what_is_not_watched_is_seen_at_the_second_call(what):
    function, change = unwatched()[what]
    f = compiled(function)
    f(X)
    change()
    with pytest.raises(CompilationError, match="no longer computes what was compiled") as caught:
        f(X)
    for way in ("argument", "Parameter", "uniform", 'backend="eager"', "test_outside.py"):
        assert way in str(caught.value)
    expected = [float(function(x.tolist())) for x in X]
    assert f(X) == pytest.approx(expected, rel=1e-12), "and then it is compiled as it is now"


@pytest.mark.parametrize("what", unwatched())
def test_what_is_not_watched_is_seen_by_a_check_and_in_a_long_run(what, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(programs, "monotonic", lambda: clock[0])
    function, change = unwatched()[what]
    f = compiled(function)
    for _ in range(3):
        f(X)
    f.check()
    change()
    f(X)  # a fiftieth of the time is not over
    clock[0] += 3600.0
    with pytest.raises(CompilationError, match="no longer computes"):
        f(X)
    f(X)
    f.check()


def test_a_new_shape_has_the_others_looked_at():
    numbers = [2.0]
    f = compiled(lambda x: numbers[0] * x[0])
    for _ in range(3):
        f(X)
    numbers[0] = 3.0
    assert f(X[:, :1])[0] == 3.0 * X[0, 0]
    with pytest.raises(CompilationError, match=r"the number 3.0 was 2.0"):
        f(X)


DRAWS = {
    "random": lambda x: x[0] * random.random(),
    "NumPy": lambda x: x[0] * float(np.random.default_rng().normal()),
    "a branch": lambda x: x[0] if next(COUNTER) % 2 else x[1],
    "a new Parameter": lambda x: Parameter(1.0) * x[0],
    "a new generator": lambda x: uniform(np.random.default_rng(0)) * x[0],
}
COUNTER = iter(range(10**6))


@pytest.mark.parametrize("function", DRAWS.values(), ids=DRAWS)
def test_randomness_is_seen_at_the_second_call(function):
    f = compiled(function)
    f.mean(X)
    with pytest.raises(CompilationError, match="no longer computes what was compiled"):
        f.mean(X)


def test_the_error_says_what_differs():
    layers = [lambda x: x.tanh()]
    f = compiled(lambda x: layers[0](x[0]))
    f(X)
    layers[0] = lambda x: x.exp()
    with pytest.raises(CompilationError, match=r"exp\(\) was tanh\(\)"):
        f(X)
    layers[0] = lambda x: x.exp() * 2.0
    f(X)
    layers[0] = lambda x: x.exp()
    with pytest.raises(CompilationError, match=r"multiply\(\) is missing"):
        f(X)


def test_recording_again_takes_at_most_two_percent_of_a_long_run(monkeypatch):
    clock, recorded = [0.0], []
    monkeypatch.setattr(programs, "monotonic", lambda: clock[0])
    real = programs.recorded

    def slow(*arguments, **named):
        recording = real(*arguments, **named)
        recording.seconds = 0.1
        recorded.append(clock[0])
        return recording

    monkeypatch.setattr(programs, "recorded", slow)
    f = compiled(lambda x: x[0] * 2.0)
    for _ in range(1000):
        f(X)
        clock[0] += 0.1
    assert 10 <= len(recorded) <= 2 + 0.02 * 100.0 / 0.1


# ----------------------------------------------------------------------------- what it costs


def test_programs_of_a_method_do_not_keep_its_instance():
    class Model(Module):
        def __init__(self):
            self.net = MLP(2, [2, 1])
            self.itself = self

        @compiled
        def loss(self, x, y):
            return mse(self.itself.net(x), y)

    model = Model()
    for _ in range(3):
        model.loss.mean(X, X[:, 0])
    reference = weakref.ref(model)
    del model
    gc.collect()
    assert reference() is None


def test_attributes_are_read_as_quickly_after_a_recording_as_before():
    compiled(Net())(X)
    assert "__getattribute__" not in vars(Watched)

    def failing(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compiled(failing)(X)
    assert "__getattribute__" not in vars(Watched)


def interrupted_at(place, call):
    """Whether the call was interrupted, where the function of that number begins to run.

    There, and at the ends of loops and calls, Python looks whether somebody pressed Ctrl-C. Not
    where a generator is closed or a finalizer runs: what is raised there goes nowhere.
    """
    remaining = [place]

    def tick(frame, event, argument):
        code = frame.f_code
        closing = code.co_flags & inspect.CO_GENERATOR or code.co_name == "close"
        if event == "call" and not closing:
            if not remaining[0]:
                sys.setprofile(None)
                raise KeyboardInterrupt
            remaining[0] -= 1

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(before)
    return False


def test_wherever_an_interrupt_arrives_the_thread_does_not_stay_recording():
    net, w = MLP(2, [1]), Value(2.0)
    place = 0
    while True:
        f = compiled(lambda x: (net(x) * w).tanh())
        interrupted = interrupted_at(place, lambda f=f: f(X))
        assert (w.data, (w * 2.0).data) == (2.0, 4.0), "numbers can be read"
        assert "__getattribute__" not in vars(Watched)
        assert f(X) == pytest.approx([(net(x.tolist()) * w).tanh().data for x in X])
        if not interrupted:
            break
        place += 1 + place // 20
    assert place > 100
    gc.collect()
    assert not context.special, "and operations are recorded as quickly as before"


def test_no_warning_is_given_for_ordinary_use():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = Net()
        f = compiled(net)
        for _ in range(20):
            net.training = not net.training
            f(X)


MODULES_CHANGED = {
    "one taken out": lambda layers, other: layers.pop(1),
    "turned round": lambda layers, other: layers.reverse(),
    "two exchanged": lambda layers, other: layers.__setitem__(slice(0, 2), layers[1::-1]),
    "an old one put in": lambda layers, other: layers.append(other),
    "an old one in another's place": lambda layers, other: layers.__setitem__(1, other),
}


@pytest.mark.parametrize("change", MODULES_CHANGED.values(), ids=MODULES_CHANGED)
@pytest.mark.parametrize("first", ["module", "function"])
def test_a_list_of_modules_is_watched_whoever_changes_it(change, first):
    class Chain(Module):
        def __init__(self):
            self.layers = [MLP(2, [2], "tanh", seed=seed) for seed in range(3)]
            self.layers[:0] = [] if first == "module" else [lambda x: x]

        def __call__(self, x):
            for layer in self.layers:
                x = layer(x)
            return x[0] * x[1]

    chain, other = Chain(), MLP(2, [2], "tanh", seed=9)
    f = compiled(lambda x: chain(x))
    x = np.ones((4, 2))
    for _ in range(5):
        f(x)
    change(chain.layers, other)
    assert f(x)[0] == pytest.approx(chain([1.0, 1.0]).data, rel=1e-12)


def test_a_number_of_numpy_that_is_set_again_is_the_same():
    net, f = Net(), None
    net.scale = np.float64(2.0)
    f = compiled(lambda x: net(x) * net.scale)
    f(X)
    program = f.programs.latest
    for _ in range(5):
        net.scale = np.float64(2.0)
        f(X)
    assert f.programs.latest is program

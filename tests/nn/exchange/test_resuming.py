"""Training goes on from a file to the same bits as if it had never stopped."""

import numpy as np
import pytest

from autograd import uniform
from nn import (
    MLP,
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    CheckpointError,
    Checkpoints,
    CosineDecay,
    Dropout,
    ExponentialDecay,
    History,
    InverseTimeDecay,
    Layer,
    LinearDecay,
    Module,
    Optimizer,
    Parameter,
    RMSProp,
    Sequential,
    StepDecay,
    WarmUp,
    clip_by_norm,
    clip_by_value,
    fit,
    hinge,
    load,
    moons,
    save,
)
from tests.nn.exchange.models import Line, numbers

MOONS = moons(60, seed=0)
SIGNS = 2.0 * MOONS.y - 1.0


SCHEDULES = [
    0.05,
    InverseTimeDecay(0.1, 0.1),
    ExponentialDecay(0.1, 0.99),
    StepDecay(0.1, every=3),
    LinearDecay(0.1, steps=20, last=0.01),
    CosineDecay(0.1, steps=20),
    WarmUp(3, CosineDecay(0.1, steps=20)),
]
OPTIMIZED = [
    *[lambda ps, rate=rate: SGD(ps, rate) for rate in SCHEDULES],
    lambda ps: SGD(ps, 0.05, momentum=0.9, nesterov=True, clipping=clip_by_norm(1.0)),
    lambda ps: AdaGrad(ps, 0.1, epsilon=1e-6),
    lambda ps: Adam(ps, 0.05, betas=(0.8, 0.9), epsilon=1e-4, clipping=clip_by_value(0.5)),
    lambda ps: AdamW(ps, WarmUp(2, 0.1), weight_decay=0.1),
    lambda ps: RMSProp(ps, 0.01, momentum=0.5, centered=True),
]


def small():
    return Sequential(Layer(2, 4, seed=0), Dropout(0.2, seed=1), Layer(4, 1, nonlin=False, seed=2))


def trained(model, optimizer, epochs, history=None):
    settings = {"loss": hinge, "batch_size": 20, "progress": False, "seed": 3, "backend": "eager"}
    return fit(model, MOONS.X, SIGNS, optimizer=optimizer, epochs=epochs, history=history,
               **settings)  # fmt: skip


@pytest.mark.parametrize("make", OPTIMIZED)
def test_training_goes_on_to_the_same_bits(make, path):
    whole = small()
    at_once = trained(whole, make(whole.parameters()), 2)
    model = small()
    optimizer = make(model.parameters())
    save(model, path, optimizer=optimizer, history=trained(model, optimizer, 1))
    loaded = load(path)
    history = trained(loaded.model, loaded.optimizer, 1, loaded.history)
    assert numbers(loaded.model) == numbers(whole)
    assert history == at_once


def test_a_training_that_was_stopped_goes_on_from_its_last_checkpoint(path):
    def compiled_training(model, optimizer, epochs, **arguments):
        return fit(model, MOONS.X, SIGNS, loss=hinge, optimizer=optimizer, epochs=epochs,
                   batch_size=20, progress=False, **arguments)  # fmt: skip

    whole, model = small(), small()
    at_once = compiled_training(whole, Adam(whole.parameters()), 4)
    compiled_training(model, Adam(model.parameters()), 3, callbacks=[Checkpoints(path, every=2)])
    loaded = load(path)
    assert len(loaded.history) == 2
    history = compiled_training(loaded.model, loaded.optimizer, 2, history=loaded.history)
    assert numbers(loaded.model) == numbers(whole)
    assert history == at_once


def test_an_optimizer_of_some_parameters_trains_the_same_ones(path):
    model = MLP(2, [3, 1], seed=0)
    save(model, path, optimizer=Adam(reversed(model.layers[1].parameters())))
    again, optimizer, *_ = load(path)
    assert optimizer.vector.parameters == again.layers[1].parameters()[::-1]


def test_the_optimizer_works_on_the_model_that_was_given(path):
    model = Line()
    save(model, path, optimizer=SGD(model.parameters()))
    given = Line()
    assert load(path, model=given).optimizer.vector.parameters == given.parameters()


class Reordered(Line):
    """The same attributes, set in another order."""

    def __init__(self):
        self.offsets, self.slope = [Parameter(0.0), Parameter(0.0)], Parameter(0.0)
        self.hidden = Layer(2, 3, seed=0)


def test_what_an_optimizer_remembers_is_not_given_to_other_parameters(path):
    model = Line()
    save(model, path)
    assert load(path, model=Reordered()).model.slope.data == 2.0
    save(model, path, optimizer=Adam(model.parameters()))
    with pytest.raises(CheckpointError, match="the parameters of its optimizer in another order"):
        load(path, model=Reordered())


class SignDescent(Optimizer):
    def change(self, gradient):
        return -self.rate * np.sign(gradient)


UNNAMED = [
    (lambda ps: SGD(ps, lambda step: 0.1), "SGD has the function <lambda> in it"),
    (lambda ps: SGD(ps, WarmUp(3, lambda step: 0.1)), "SGD has the function <lambda> in it"),
    (lambda ps: SGD(ps, clipping=np.tanh), "SGD has the function tanh in it"),
    (lambda ps: SignDescent(ps, 0.1), "SignDescent has the class SignDescent in it"),
]


@pytest.mark.parametrize(("make", "message"), UNNAMED, ids=[m for _, m in UNNAMED])
def test_what_has_no_name_is_refused_before_anything_is_written(make, message, path):
    model = MLP(2, [1], seed=0)
    with pytest.raises(ValueError, match=message) as caught:
        save(model, path, optimizer=make(model.parameters()))
    assert "optimizer.state_dict()" in str(caught.value)
    assert not list(path.parent.iterdir())


def test_another_models_optimizer_is_refused(path):
    with pytest.raises(ValueError, match="parameters that are not the model's"):
        save(MLP(2, [1]), path, optimizer=Adam(MLP(2, [1]).parameters()))


def test_a_history_that_was_interrupted_says_so_again(path):
    history = History(loss=[0.5, 0.25], accuracy=[0.1, 0.2], interrupted=True)
    save(MLP(2, [1]), path, history=history)
    assert load(path).history == history


class Noisy(Module):
    """A line, trained with noise from generators that lie in a list, a tuple and a dict."""

    def __init__(self, kinds=(np.random.PCG64,) * 3):
        self.line = Layer(2, 1, nonlin=False, seed=0)
        first, second, third = (np.random.Generator(kind(0)) for kind in kinds)
        self.noise = [first], ({"both": [second]}, third)

    def __call__(self, xs):
        if not self.training:
            return self.line(xs)
        [first], (both, third) = self.noise
        drawn = [uniform(g) for g in (first, both["both"][0], third) for _ in range(2)]
        return self.line(xs) + 0.1 * sum(drawn)


def test_training_goes_on_with_the_draws_of_generators_in_lists(path):
    settings = {"loss": hinge, "progress": False, "batch_size": 20}
    whole, parts = Noisy(), Noisy()
    expected = fit(whole, MOONS.X, SIGNS, epochs=4, optimizer=SGD(whole.parameters()), **settings)
    optimizer = SGD(parts.parameters())
    history = fit(parts, MOONS.X, SIGNS, epochs=2, optimizer=optimizer, **settings)
    save(parts, path, optimizer=optimizer, history=history)
    model, optimizer, history, _ = load(path, Noisy())
    fit(model, MOONS.X, SIGNS, epochs=2, optimizer=optimizer, history=history, **settings)
    assert history == expected
    assert numbers(model) == numbers(whole)


def test_a_generator_in_a_tuple_stays_of_its_kind(path):
    save(Noisy(), path)
    model = Noisy([np.random.PCG64, np.random.PCG64, np.random.SFC64])
    with pytest.raises(
        CheckpointError, match=r"'\.noise\.1\.1' is in a tuple, and of another kind"
    ):
        load(path, model)
    assert load(path, Noisy([np.random.SFC64, np.random.SFC64, np.random.PCG64]))


def test_two_generators_of_one_name_are_refused(path):
    model = Noisy()
    model.noise = {0: np.random.default_rng(0), "0": np.random.default_rng(1)}
    with pytest.raises(ValueError, match=r"two generators are called '\.noise\.0'"):
        save(model, path)

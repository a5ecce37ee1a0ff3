"""What model and loss read from outside while `fit` trains: seen, or drawn anew, or refused."""

import gc
import random
import sys
import warnings
from contextlib import nullcontext, suppress

import numpy as np
import pytest

from autograd import CompilationError, Value, context, no_grad, relu, step, uniform, where
from nn import (
    MLP,
    SGD,
    Module,
    Parameter,
    categorical_cross_entropy,
    cross_entropy,
    fit,
    hinge,
    moons,
    mse,
    predict,
    softmax,
)
from nn.training.examples import Examples
from nn.training.running import Running

MOONS = moons(60, seed=0)
SIGNS = 2.0 * MOONS.y - 1.0


def training(model, loss=hinge, **settings):
    settings = {"epochs": 3, "batch_size": 20, "progress": False} | settings
    return fit(model, MOONS.X, SIGNS, loss=loss, **settings)


class Dropout(Module):
    """A network of which a random half is left out, drawn by `draw`."""

    def __init__(self, draw):
        self.draw, self.net = draw, MLP(2, [8, 1], seed=0)

    def __call__(self, x):
        first, last = self.net.layers
        kept = [where(self.draw() < 0.5 if self.draw is random.random else 1.0, h, 0.0)
                for h in first.outputs(x)]  # fmt: skip
        return last(kept)


def test_a_dropout_drawn_by_python_is_refused_at_the_second_step():
    model = Dropout(random.random)
    with pytest.raises(CompilationError, match="no longer computes") as caught:
        training(model)
    assert "uniform(generator)" in str(caught.value)
    assert "epoch 1 of 3, step 1" in "".join(caught.value.__notes__)


def test_a_dropout_drawn_by_python_trains_eagerly():
    model = Dropout(random.random)
    random.seed(0)
    assert len(training(model, backend="eager").loss) == 3


class Masked(Module):
    """The same, drawn by the engine."""

    def __init__(self):
        self.generator, self.net = np.random.default_rng(0), MLP(2, [8, 1], seed=0)

    def __call__(self, x):
        first, last = self.net.layers
        kept = [h * step(uniform(self.generator) - 0.5) for h in first.outputs(x)]
        return last([relu(h) for h in kept])


def test_a_dropout_drawn_by_the_engine_is_drawn_for_every_example():
    model = Masked()
    training(model, epochs=10)
    before = predict(model, MOONS.X[:1].repeat(50, axis=0))
    model.generator = np.random.default_rng(1)
    assert len(set(before.tolist())) > 1
    assert predict(model, MOONS.X[:1]).shape == (1,)


class Scheduled(SGD):
    """Changes something that the loss reads, at its fifth step."""

    def __init__(self, parameters, change):
        super().__init__(parameters, learning_rate=0.01)
        self.do = change

    def change(self, gradient):
        if self.steps == 4:
            self.do()
        return super().change(gradient)


def test_what_is_not_watched_is_seen_before_the_training_ends():
    strength = [1.0]
    model = MLP(2, [4, 1], seed=0)
    optimizer = Scheduled(model.parameters(), lambda: strength.append(strength.pop() * 2.0))
    with pytest.raises(CompilationError, match=r"the number 2.0 was another one"):
        training(model, lambda p, y: strength[0] * hinge(p, y), optimizer=optimizer)


def test_an_attribute_that_a_callback_sets_is_seen_at_the_next_step():
    class Scaled(Module):
        def __init__(self):
            self.scale, self.w = 1.0, Parameter(0.0)

        def __call__(self, x):
            return self.scale * self.w

    histories = []
    for backend in ("numpy", "eager"):
        model = Scaled()
        optimizer = Scheduled(model.parameters(), lambda model=model: setattr(model, "scale", 3.0))
        histories.append(training(model, mse, optimizer=optimizer, backend=backend).loss)
    assert histories[0] == pytest.approx(histories[1], rel=1e-12)


def test_a_model_that_makes_its_parameters_when_it_is_first_called():
    class Lazy(Module):
        net = None

        def __call__(self, x):
            if self.net is None:
                self.net = MLP(len(x), [4, 1], seed=0)
            return self.net(x)

    model, whole = Lazy(), MLP(2, [4, 1], seed=0)
    assert training(model).loss == training(whole).loss


def test_a_training_in_no_grad_trains():
    histories = []
    for block in (no_grad(), nullcontext()):
        with block:
            histories.append(training(MLP(2, [4, 1], seed=0)).loss)
    assert histories[0] == histories[1]


SOFT = {
    "negative": -np.eye(2)[MOONS.y],
    "above 1": 2.0 * np.eye(2)[MOONS.y],
    "another sum": 0.4 * np.ones((60, 2)),
}


@pytest.mark.parametrize("y", SOFT.values(), ids=SOFT)
@pytest.mark.parametrize("loss", [cross_entropy, categorical_cross_entropy])
def test_targets_that_are_no_probabilities_are_refused(y, loss):
    def model(x):
        return softmax(net(x)) if loss is categorical_cross_entropy else net(x)

    net = MLP(2, [2], seed=0)
    with pytest.raises(ValueError, match=r"from 0 to 1, and sum to 1"):
        fit(model, MOONS.X, y, loss=loss, optimizer=SGD(net.parameters()), progress=False)


def test_an_interrupt_leaves_no_block_of_the_model_open():
    """Where the interrupt arrives at the end of a block, the block's end does not run."""
    for place in range(1, 12):
        remaining = [place]

        def tick(frame, event, argument, remaining=remaining):
            if event == "call" and frame.f_code.co_name == "_leave":
                remaining[0] -= 1
                if not remaining[0]:
                    sys.setprofile(None)
                    raise KeyboardInterrupt

        before = sys.getprofile()
        sys.setprofile(tick)
        try:
            with suppress(KeyboardInterrupt), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                training(MLP(2, [2, 1], seed=0), backend="eager", epochs=1)
        finally:
            sys.setprofile(before)
        assert (Value(1.0) * 2.0).scope == ""
        assert (Value(1.0) * 2.0).kind == "operation"
    gc.collect()
    assert not context.special


def test_what_fit_compiles_watches_a_persons_code_and_not_the_librarys():
    """Each place that is watched is looked at in every step."""
    running = Running(MLP(2, [4, 1], seed=0), hinge, "numpy")
    running.mean_loss(Examples(MOONS.X, SIGNS))
    [kept] = running._losses.programs._current.values()
    assert len(kept.outside._places) < 10

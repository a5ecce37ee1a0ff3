"""What people who come from elsewhere give to `fit` and those beside it, and what they are told."""

import pytest
from sklearn.metrics import mean_squared_error

from nn import (
    MLP,
    CosineDecay,
    ExponentialDecay,
    StepDecay,
    clip_by_norm,
    clip_by_value,
    evaluate,
    fit,
    learning_rate_range,
    moons,
    predict,
)

MOONS = moons(40, seed=0)


def trained(model=None, **settings):
    fit(model or MLP(2, [2], seed=0), MOONS.X, MOONS.y, epochs=1, progress=False, **settings)


MESSAGES = {
    "no name at all": (lambda: trained(zzz=1), "fit.* has no zzz=: it takes X, .*, seed, valid"),
    "a rate of a range": (
        lambda: learning_rate_range(MLP(2, [2]), MOONS.X, MOONS.y, lr=1),
        r"learning_rate_range\(\) has no lr=: say lowest= and highest=",
    ),
    "a name of fit's that it has not": (
        lambda: learning_rate_range(MLP(2, [2]), MOONS.X, MOONS.y, patience=1),
        "has no patience=: it takes X, backend, batch_size",
    ),
    "a class that predicts": (
        lambda: predict(MLP, MOONS.X),
        r"the model is the class MLP: make one of it, as MLP\(...\)",
    ),
    "a number that predicts": (lambda: predict(3, MOONS.X), "must be a function, not 3"),
}


SETTINGS = {
    "a norm": (lambda: clip_by_norm(max_norm=1.0), "clip_by_norm takes no max_norm=: say bound="),
    "a value": (lambda: clip_by_value(clip_value=1.0), "takes no clip_value=: say bound="),
    "gamma": (lambda: ExponentialDecay(0.1, gamma=0.9), "takes no gamma=: say factor="),
    "a step size": (lambda: StepDecay(0.1, step_size=3), "takes no step_size=: say every="),
    "a rate": (lambda: CosineDecay(lr=0.1, T_max=9), "CosineDecay takes no T_max=: say steps="),
    "an optimizer": (lambda: CosineDecay(0.1, 9, optimizer=0), "give the schedule to the optimi"),
}


@pytest.mark.parametrize(("make", "message"), SETTINGS.values(), ids=SETTINGS)
def test_a_setting_from_elsewhere_is_told_its_name_here(make, message):
    with pytest.raises(TypeError, match=message):
        make()


@pytest.mark.parametrize(("call", "message"), MESSAGES.values(), ids=MESSAGES)
def test_what_is_said_of_an_argument(call, message):
    with pytest.raises(TypeError, match=message) as caught:
        call()
    assert "unknown" not in str(caught.value)


@pytest.mark.parametrize("call", [
    lambda model: predict(model, MOONS.X[0]),
    lambda model: evaluate(model, MOONS.X[0], [0, 1]),
    lambda model: fit(model, MOONS.X[0], [0, 1], progress=False),
])  # fmt: skip
def test_one_example_where_many_are_wanted_is_said(call):
    with pytest.raises(Exception, match="2 inputs") as caught:
        call(MLP(2, [2], seed=0))
    assert (
        "2 examples of one number each. For one example of 2 numbers give [X])"
        in (caught.value.__notes__[-1])
    )


def test_losses_and_models_of_pytorch_are_told_what_is_here():
    torch = pytest.importorskip("torch")
    for loss in (torch.nn.MSELoss(), torch.nn.MSELoss, torch.nn.functional.mse_loss):
        with pytest.raises(
            TypeError, match=r"the loss is of PyTorch, .*which takes no Values.*mse"
        ):
            trained(loss=loss)
    with pytest.raises(TypeError, match=r"of PyTorch, Linear.*, and its outputs are no Values"):
        trained(torch.nn.Linear(2, 2))


def test_losses_of_scikit_learn_are_told_what_is_here():
    with pytest.raises(TypeError, match=r"of scikit-learn, mean_squared_error, .* say loss=mse"):
        trained(loss=mean_squared_error)

"""Every optimizer agrees with PyTorch's, step for step, to 1e-12."""

import numpy as np
import pytest

from autograd import Value, compiled
from nn import (
    MLP,
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    LinearDecay,
    Parameter,
    RMSProp,
    StepDecay,
    WarmUp,
    clip_by_norm,
    clip_by_value,
    mse,
)

torch = pytest.importorskip("torch")
optim = torch.optim

# Ours, our settings, PyTorch's, its settings.
CASES = {
    "descent": (SGD, {}, optim.SGD, {}),
    "momentum": (SGD, {"momentum": 0.9}, optim.SGD, {"momentum": 0.9}),
    "Nesterov": (
        SGD,
        {"momentum": 0.5, "nesterov": True},
        optim.SGD,
        {"momentum": 0.5, "nesterov": True},
    ),
    "AdaGrad": (AdaGrad, {}, optim.Adagrad, {}),
    "AdaGrad, epsilon": (AdaGrad, {"epsilon": 0.1}, optim.Adagrad, {"eps": 0.1}),
    "RMSProp": (RMSProp, {}, optim.RMSprop, {}),
    "RMSProp, settings": (
        RMSProp,
        {"decay": 0.9, "epsilon": 1e-3, "momentum": 0.8},
        optim.RMSprop,
        {"alpha": 0.9, "eps": 1e-3, "momentum": 0.8},
    ),
    "RMSProp, centered": (
        RMSProp,
        {"decay": 0.5, "epsilon": 1e-3, "centered": True},
        optim.RMSprop,
        {"alpha": 0.5, "eps": 1e-3, "centered": True},
    ),
    "RMSProp, centered, momentum": (
        RMSProp,
        {"centered": True, "momentum": 0.5},
        optim.RMSprop,
        {"centered": True, "momentum": 0.5},
    ),
    "Adam": (Adam, {}, optim.Adam, {}),
    "Adam, settings": (
        Adam,
        {"betas": (0.5, 0.9), "epsilon": 1e-4},
        optim.Adam,
        {"betas": (0.5, 0.9), "eps": 1e-4},
    ),
    "AdamW": (AdamW, {}, optim.AdamW, {}),
    "AdamW, settings": (
        AdamW,
        {"betas": (0.5, 0.9), "epsilon": 1e-4, "weight_decay": 0.5},
        optim.AdamW,
        {"betas": (0.5, 0.9), "eps": 1e-4, "weight_decay": 0.5},
    ),
}
CLIPPINGS = {
    "": (None, lambda tensors: None),
    "by norm": (
        clip_by_norm(0.5),
        lambda tensors: torch.nn.utils.clip_grad_norm_(tensors, 0.5),
    ),
    "by value": (
        clip_by_value(0.5),
        lambda tensors: torch.nn.utils.clip_grad_value_(tensors, 0.5),
    ),
}
RATES = {
    "a number": (0.02, lambda step: 1.0),
    "a schedule": (InverseTimeDecay(0.02, 0.1), lambda step: 1.0 / (1.0 + 0.1 * step)),
}


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)


def pair(case, parameters, tensors, rate=RATES["a number"], clipping=None):
    ours, settings, theirs, their_settings = CASES[case]
    reference = theirs(tensors, lr=0.02, **their_settings)
    scheduler = optim.lr_scheduler.LambdaLR(reference, rate[1])
    return ours(parameters, rate[0], **settings, clipping=clipping), reference, scheduler


@pytest.mark.parametrize("clipping", CLIPPINGS.values(), ids=CLIPPINGS)
@pytest.mark.parametrize("rate", RATES.values(), ids=RATES)
@pytest.mark.parametrize("case", CASES)
def test_steps_along_random_gradients(case, rate, clipping):
    random = np.random.default_rng(0)
    parameters = [Parameter(x) for x in random.normal(size=7)]
    numbers = tensor([p.data for p in parameters])
    optimizer, reference, scheduler = pair(case, parameters, [numbers], rate, clipping[0])
    for step in range(100):
        gradient = random.normal(size=7) * 10.0 ** random.integers(-3, 2, 7) * (step % 10 > 0)
        for p, g in zip(parameters, gradient, strict=True):
            p.grad = g
        numbers.grad = torch.tensor(gradient)
        optimizer.step()
        clipping[1]([numbers])
        reference.step()
        scheduler.step()
        assert [p.data for p in parameters] == pytest.approx(numbers.tolist(), rel=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_steps_down_a_compiled_loss(case):
    """Both get its gradients: near the minimum, rounding errors of two losses would grow."""
    X = np.random.default_rng(1).normal(size=(20, 2))
    model = MLP(2, [3, 1], activation="tanh", seed=0)
    numbers = tensor([p.data for p in model.parameters()])
    optimizer, reference, _ = pair(case, model.parameters(), [numbers])
    loss = compiled(lambda x, y: mse(model(x), y))
    for _ in range(100):
        optimizer.zero_grad()
        loss.mean(X, np.sin(X[:, 0]) + X[:, 1]).backward()
        numbers.grad = torch.tensor([p.grad for p in model.parameters()], dtype=torch.float64)
        optimizer.step()
        reference.step()
        assert [p.data for p in model.parameters()] == pytest.approx(numbers.tolist(), rel=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_steps_of_plain_values(case):
    values, tensors = [Value(x) for x in (1.0, -2.0)], [tensor(x) for x in (1.0, -2.0)]
    optimizer, reference, _ = pair(case, values, tensors)
    for _ in range(10):
        for step, (a, b) in ((optimizer, values), (reference, tensors)):
            step.zero_grad()
            (a * a + 10.0 * (b + 0.5 * a) ** 2).backward()
            step.step()
        assert [p.data for p in values] == pytest.approx([x.item() for x in tensors], rel=1e-12)


@pytest.mark.parametrize("clipping", CLIPPINGS.values(), ids=CLIPPINGS)
@pytest.mark.parametrize("case", CASES)
def test_a_gradient_that_is_nan_or_0(case, clipping):
    for gradient in ([0.0, np.nan, 1.0], [0.0, 0.0, 0.0]):
        parameters = [Parameter(x) for x in (1.0, -2.0, 0.5)]
        numbers = tensor([1.0, -2.0, 0.5])
        optimizer, reference, _ = pair(case, parameters, [numbers], clipping=clipping[0])
        for p, g in zip(parameters, gradient, strict=True):
            p.grad = g
        numbers.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        clipping[1]([numbers])
        reference.step()
        ours = [p.data for p in parameters]
        assert ours == pytest.approx(numbers.tolist(), rel=1e-12, nan_ok=True)


SCHEDULES = {
    "inverse time": (
        InverseTimeDecay(0.5, 0.01),
        lambda o: optim.lr_scheduler.LambdaLR(o, lambda step: 1.0 / (1.0 + 0.01 * step)),
    ),
    "exponential": (
        ExponentialDecay(0.5, 0.9),
        lambda o: optim.lr_scheduler.ExponentialLR(o, 0.9),
    ),
    "steps": (StepDecay(0.5, 30), lambda o: optim.lr_scheduler.StepLR(o, 30)),
    "steps, factor": (
        StepDecay(0.5, 7, factor=0.5),
        lambda o: optim.lr_scheduler.StepLR(o, 7, gamma=0.5),
    ),
    "linear": (
        LinearDecay(0.5, 40, last=0.1),
        lambda o: optim.lr_scheduler.LinearLR(o, 1.0, 0.2, total_iters=40),
    ),
    "cosine": (
        CosineDecay(0.5, 100, last=0.05),
        lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 100, eta_min=0.05),
    ),
    "warm-up": (
        WarmUp(9, 0.5),
        lambda o: optim.lr_scheduler.LinearLR(o, 0.1, 1.0, total_iters=9),
    ),
    "warm-up, then steps": (
        WarmUp(9, StepDecay(0.5, 20, factor=0.5)),
        lambda o: optim.lr_scheduler.SequentialLR(
            o,
            [
                optim.lr_scheduler.LinearLR(o, 0.1, 1.0, total_iters=9),
                optim.lr_scheduler.StepLR(o, 20, gamma=0.5),
            ],
            milestones=[9],
        ),
    ),
}


@pytest.mark.parametrize(("schedule", "theirs"), SCHEDULES.values(), ids=SCHEDULES)
def test_schedules(schedule, theirs):
    reference = optim.SGD([tensor([1.0])], lr=0.5)
    scheduler = theirs(reference)
    for step in range(101):
        rate = reference.param_groups[0]["lr"]
        assert schedule(step) == pytest.approx(rate, rel=1e-12, abs=1e-15), step
        reference.step()
        scheduler.step()


GRADIENTS = {
    "short": [0.1, -0.2],
    "long": [30.0, -40.0],
    "zeros": [0.0, 0.0],
    "large": [1e150, -1e100],
    "an infinite number": [np.inf, 1.0],
    "minus infinity": [1.0, -np.inf],
    "NaN": [np.nan, 1.0],
}


@pytest.mark.parametrize("clipping", ["by norm", "by value"])
@pytest.mark.parametrize("gradient", GRADIENTS.values(), ids=GRADIENTS)
def test_clipping(clipping, gradient):
    ours, theirs = CLIPPINGS[clipping]
    numbers = tensor([1.0, 1.0])
    numbers.grad = torch.tensor(gradient, dtype=torch.float64)
    theirs([numbers])
    clipped = ours(np.array(gradient)).tolist()
    assert clipped == pytest.approx(numbers.grad.tolist(), rel=1e-12, nan_ok=True)

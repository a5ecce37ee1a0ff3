"""A training that goes on from a history is as one that never ended, to the last bit."""

import numpy as np
import pytest

from nn import (
    L2,
    MLP,
    SGD,
    Adam,
    Checkpoints,
    CosineDecay,
    Dropout,
    EarlyStopping,
    History,
    RMSProp,
    Sequential,
    fit,
    load,
    moons,
)

MOONS = moons(40, seed=1)
HELD_OUT = MOONS.X[:8], 1 - MOONS.y[:8]


def network():
    return Sequential(MLP(2, [6], seed=0), Dropout(0.5, seed=0), MLP(6, [2], seed=1))


def numbers(model):
    return [p.data for p in model.parameters()]


def train(model, optimizer, epochs, **settings):
    settings = {"batch_size": 16, "progress": False} | settings
    return fit(model, MOONS.X, MOONS.y, optimizer=optimizer, epochs=epochs, **settings)


OPTIMIZERS = {
    "SGD": lambda ps: SGD(ps, 0.1),
    "momentum": lambda ps: SGD(ps, 0.1, momentum=0.9),
    "Adam": lambda ps: Adam(ps, 0.01),
    "RMSProp": lambda ps: RMSProp(ps, 0.01),
    "a schedule": lambda ps: Adam(ps, CosineDecay(0.1, 24)),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_four_and_four_epochs_are_eight(optimizer):
    settings = {"validation": HELD_OUT, "penalty": L2(weights=0.01)}
    whole, parts = network(), network()
    history = train(whole, optimizer(whole.parameters()), 8, **settings)
    kept = optimizer(parts.parameters())
    begun = train(parts, kept, 4, **settings)
    gone_on = train(parts, kept, 4, history=begun, **settings)
    assert numbers(parts) == numbers(whole)
    assert gone_on is begun
    assert gone_on == history
    assert len(history) == 8


@pytest.mark.parametrize("seed", [7, np.int64(7), None])
def test_a_generator_and_none_go_on_by_themselves(seed):
    def of_seed():
        return np.random.default_rng(7) if seed is None else seed

    whole, parts = network(), network()
    train(whole, SGD(whole.parameters(), 0.1), 4, seed=of_seed())
    optimizer, order = SGD(parts.parameters(), 0.1), of_seed()
    history = train(parts, optimizer, 2, seed=order)
    train(parts, optimizer, 2, seed=order, history=history)
    assert numbers(parts) == numbers(whole)


def test_epochs_are_numbered_on(capsys):
    model, seen = network(), []
    optimizer = SGD(model.parameters(), 0.1)
    history = train(model, optimizer, 2)
    train(model, optimizer, 3, history=history, progress=True,
          callbacks=[lambda p: seen.append((p.epoch, p.epochs))])  # fmt: skip
    assert sorted(set(seen)) == [(3, 5), (4, 5), (5, 5)]
    shown = capsys.readouterr().err
    assert "epoch 5/5" in shown
    assert "epoch 1/" not in shown


def test_what_was_saved_goes_on(tmp_path):
    path = tmp_path / "network.safetensors"
    whole, parts = network(), network()
    history = train(whole, Adam(whole.parameters(), 0.01), 6)
    train(parts, Adam(parts.parameters(), 0.01), 5, callbacks=[Checkpoints(path, every=3)])
    loaded = load(path)
    assert train(loaded.model, loaded.optimizer, 3, history=loaded.history) == history
    assert numbers(loaded.model) == numbers(whole)


@pytest.mark.parametrize("pause", [1, 2, 4, 7, 9])
def test_early_stopping_goes_on_as_if_there_had_been_no_pause(pause):
    whole, parts = network(), network()
    settings = {"validation": HELD_OUT}
    stopping = EarlyStopping(patience=4)
    history = train(whole, Adam(whole.parameters(), 0.1), 12, callbacks=[stopping], **settings)
    assert history.best < len(history) < 12
    optimizer, stopping = Adam(parts.parameters(), 0.1), EarlyStopping(patience=4)
    settings["callbacks"] = [stopping]
    begun = train(parts, optimizer, pause, **settings)
    assert train(parts, optimizer, 12 - pause, history=begun, **settings) == history
    assert numbers(parts) == numbers(whole)


def test_new_early_stopping_waits_no_longer_than_the_old_would_have():
    model = network()
    optimizer, settings = Adam(model.parameters(), 0.1), {"validation": HELD_OUT}
    history = train(model, optimizer, 6, **settings)
    waited = 6 - history.best
    assert 0 < waited < 6
    again = train(model, optimizer, 9, history=history, callbacks=[EarlyStopping(waited)],
                  **settings)  # fmt: skip
    assert len(again) == 6


def test_an_interrupted_training_goes_on_and_is_interrupted_no_more():
    model, optimizer = network(), None
    optimizer = SGD(model.parameters(), 0.1)

    def interrupt(progress):
        if progress.event == "epoch" and progress.epoch == 2:
            raise KeyboardInterrupt

    with pytest.warns(RuntimeWarning, match="interrupted"):
        history = train(model, optimizer, 4, callbacks=[interrupt])
    assert (history.interrupted, len(history)) == (True, 2)
    train(model, optimizer, 2, history=history)
    whole = network()
    assert train(whole, SGD(whole.parameters(), 0.1), 4) == history
    assert numbers(model) == numbers(whole)


WRONG = {
    "no validation now": (
        {},
        {"validation": HELD_OUT},
        "has a validation_accuracy, which would not",
    ),
    "no validation then": ({"validation": HELD_OUT}, {}, "has no validation_accuracy, which would"),
    "a penalty now": ({"penalty": L2(weights=0.1)}, {}, "has no penalty, which would be measured"),
}


@pytest.mark.parametrize(("now", "then", "message"), WRONG.values(), ids=WRONG)
def test_a_history_of_something_else_is_refused(now, then, message):
    model = network()
    optimizer = SGD(model.parameters(), 0.1)
    history = train(model, optimizer, 1, **then)
    before, epochs = numbers(model), history.state_dict()
    with pytest.raises(ValueError, match=message):
        train(model, optimizer, 1, history=history, **now)
    assert (numbers(model), history.state_dict()) == (before, epochs)


@pytest.mark.parametrize("history", [[0.5], {"loss": [0.5]}, 3])
def test_a_history_is_one(history):
    with pytest.raises(TypeError, match=r"history is what an earlier fit\(\) returned"):
        train(network(), None, 1, history=history)


def test_an_empty_history_is_a_beginning():
    model, history = network(), History()
    assert train(model, None, 1, history=history) is history
    assert len(history) == 1

"""Early stopping gives back parameters of the training that it is told of, and of no other."""

import pickle

import pytest

from nn import MLP, SGD, Adam, EarlyStopping, History, InterruptionWarning, fit, moons

MOONS = moons(40, seed=1)


def numbers(model):
    return [p.data for p in model.parameters()]


def network(width=4):
    return MLP(2, [width, 2], seed=width)


def train(model, callbacks=(), epochs=2, optimizer=None, **settings):
    settings = {"batch_size": 16, "progress": False} | settings
    return fit(model, MOONS.X, MOONS.y, epochs=epochs, callbacks=callbacks,
               optimizer=optimizer, **settings)  # fmt: skip


def keeping(states):
    """A callback that keeps the parameters after each epoch."""

    def keep(progress):
        if progress.event == "epoch":
            states[progress.epoch] = numbers(progress.model)

    return keep


def pressing(progress):
    if progress.event == "begin":
        raise KeyboardInterrupt


@pytest.mark.parametrize("width", [4, 5])
@pytest.mark.parametrize("order", [1, -1])
def test_an_interrupted_beginning_leaves_another_model_as_it_was(width, order):
    stopping = EarlyStopping(watch="loss")
    train(network(), [stopping])
    other = network(width)
    before = numbers(other)
    with pytest.warns(InterruptionWarning):
        history = train(other, [pressing, stopping][::order])
    assert numbers(other) == before
    assert len(history) == 0


@pytest.mark.parametrize("order", [1, -1])
def test_an_interrupted_beginning_is_no_pause_either(order):
    """Before it goes on, it is interrupted once; and is as one that was not."""
    whole, parts = network(), network()
    expected = train(whole, [EarlyStopping(watch="accuracy")], epochs=6)
    optimizer, stopping = Adam(parts.parameters(), 0.01), EarlyStopping(watch="accuracy")
    history = train(parts, [stopping], epochs=3, optimizer=optimizer)
    with pytest.warns(InterruptionWarning):
        train(parts, [pressing, stopping][::order], optimizer=optimizer, history=history)
    train(parts, [stopping], epochs=3, optimizer=optimizer, history=history)
    assert (history, numbers(parts)) == (expected, numbers(whole))


def test_a_beginning_that_another_refuses_is_no_pause_either():
    whole, parts = network(), network()
    expected = train(whole, [EarlyStopping(watch="accuracy")], epochs=6)
    optimizer, stopping = Adam(parts.parameters(), 0.01), EarlyStopping(watch="accuracy")
    history = train(parts, [stopping], epochs=3, optimizer=optimizer)
    before = numbers(parts)
    refusing = EarlyStopping()  # without validation there is nothing to watch
    with pytest.raises(ValueError, match="is to watch 'validation_loss'"):
        train(parts, [refusing, stopping], optimizer=optimizer, history=history)
    assert numbers(parts) == before
    train(parts, [stopping], epochs=3, optimizer=optimizer, history=history)
    assert (history, numbers(parts)) == (expected, numbers(whole))


@pytest.mark.filterwarnings("ignore:the loss was", "ignore:the best loss is that of epoch 6")
def test_of_epochs_that_it_was_not_told_of_it_gives_nothing_back():
    model, states = network(), {}
    optimizer, stopping = SGD(model.parameters(), 0.1), EarlyStopping(watch="loss")
    settings = {"optimizer": optimizer}
    history = train(model, [stopping], epochs=2, **settings)
    train(model, [], epochs=4, history=history, **settings)
    optimizer.learning_rate = 10.0
    train(model, [], epochs=1, history=history, **settings)
    optimizer.learning_rate = 0.001
    train(model, [stopping, keeping(states)], epochs=2, history=history, **settings)
    assert history.best == 6
    assert [*states] == [8, 9]
    assert numbers(model) == states[min(states, key=lambda epoch: history.loss[epoch - 1])]


@pytest.mark.filterwarnings("ignore:the loss was")
def test_one_that_is_new_to_a_history_gives_back_the_best_since_and_says_so():
    model, states = network(), {}
    optimizer = SGD(model.parameters(), 0.1)
    history = train(model, epochs=5, optimizer=optimizer)
    history.loss[2] = 0.0  # There was a better one.
    loaded = History.from_state(history.state_dict())

    def worse(progress):
        if progress.event == "epoch" and progress.epoch == 6:
            progress.optimizer.learning_rate = 30.0

    with pytest.warns(RuntimeWarning, match="that of epoch 3, .* now those of epoch 6") as caught:
        train(model, [EarlyStopping(50, "loss"), keeping(states), worse], epochs=3,
              optimizer=optimizer, history=loaded)  # fmt: skip
    assert caught[0].filename == __file__
    assert loaded.loss[5] < min(loaded.loss[6:])
    assert numbers(model) == states[6]


def test_another_optimizer_begins_anew():
    model, states = network(), {}
    stopping = EarlyStopping(watch="loss")
    history = train(model, [stopping], optimizer=SGD(model.parameters(), 0.1, momentum=0.9))
    train(model, [stopping, keeping(states)], optimizer=Adam(model.parameters(), 0.01),
          history=history)  # fmt: skip
    assert numbers(model) == states[history.best]


@pytest.mark.parametrize("pause", [1, 3, 5])
def test_two_of_them_go_on_as_if_there_had_been_no_pause(pause):
    def both():
        return [EarlyStopping(50, "accuracy"), EarlyStopping(50, "loss", least_change=0.1)]

    whole, parts = network(), network()
    expected = train(whole, both(), epochs=8, optimizer=Adam(whole.parameters(), 0.1))
    optimizer, callbacks = Adam(parts.parameters(), 0.1), both()
    history = train(parts, callbacks, epochs=pause, optimizer=optimizer)
    train(parts, callbacks, epochs=8 - pause, optimizer=optimizer, history=history)
    assert history == expected
    assert numbers(parts) == numbers(whole)


def test_one_that_was_pickled_goes_on_too():
    whole, parts = network(), network()
    expected = train(whole, [EarlyStopping(50, "accuracy")], epochs=6)
    optimizer, stopping = Adam(parts.parameters(), 0.01), EarlyStopping(50, "accuracy")
    history = train(parts, [stopping], epochs=3, optimizer=optimizer)
    stopping = pickle.loads(pickle.dumps(stopping))
    train(parts, [stopping], epochs=3, optimizer=optimizer, history=history)
    assert (history, numbers(parts)) == (expected, numbers(whole))

"""What callbacks see of a training, and what they may do to it."""

import copy
import pickle

import pytest

from nn import (
    L2,
    MLP,
    SGD,
    Adam,
    Checkpoints,
    Dropout,
    EarlyStopping,
    History,
    InterruptionWarning,
    Sequential,
    cross_entropy,
    evaluate,
    fit,
    load,
    moons,
    mse,
    predict,
)
from tests.backends import each_backend

MOONS = moons(40, seed=1)
HELD_OUT = moons(20, seed=2)


def numbers(model):
    return [p.data for p in model.parameters()]


def trained(callbacks=(), model=None, optimizer=None, **settings):
    model = model or MLP(2, [4, 2], seed=0)
    settings = {"epochs": 3, "batch_size": 16, "progress": False} | settings
    history = fit(model, MOONS.X, MOONS.y, callbacks=callbacks, optimizer=optimizer, **settings)
    return model, history


def at(event, work, epoch=None):
    """A callback that does something at an event, of an epoch."""

    def callback(progress):
        if progress.event == event and epoch in (None, progress.epoch):
            work(progress)

    return callback


# ------------------------------------------------------------------------------ what they see


def test_events_come_in_order_and_say_where_training_is():
    seen = []
    trained([lambda p: seen.append((p.event, p.epoch, p.step, len(p.history)))], epochs=2)
    assert seen == [
        ("begin", 1, 0, 0),
        *[("step", 1, step, 0) for step in (1, 2, 3)],
        ("epoch", 1, 3, 1),
        *[("step", 2, step, 1) for step in (1, 2, 3)],
        ("epoch", 2, 3, 2),
        ("end", 2, 3, 2),
    ]


def test_a_callback_sees_what_is_trained():
    model = MLP(2, [4, 2], seed=0)
    optimizer = SGD(model.parameters(), 0.1)
    seen = []
    _, history = trained([seen.append], model, optimizer, penalty=L2(weights=0.1))
    progress = seen[0]
    assert progress.model is model
    assert progress.optimizer is optimizer
    assert progress.history is history
    assert (progress.epochs, progress.steps) == (3, 3)
    assert progress.columns == ["loss", "accuracy", "penalty", "learning_rate"]
    assert repr(progress) == "Progress('end', epoch 3 of 3, step 3 of 3)"


def test_the_loss_of_a_step_is_that_of_its_batch_before_it():
    losses, expected = [], []
    model = MLP(2, [4, 2], seed=0)

    def look(progress):
        losses.append(progress.loss)
        expected.append(evaluate(model, MOONS.X, MOONS.y).loss)

    trained([look], model, batch_size=40, epochs=2)
    steps = [losses[1], losses[3]]  # begin, step, epoch, step, epoch, end
    assert losses[0] is None
    assert steps == pytest.approx([expected[0], expected[2]], rel=1e-12)


def test_a_callback_sees_the_examples_and_what_their_loss_is_for():
    seen = []
    trained([seen.append], loss=cross_entropy)
    examples, task = seen[0].examples, seen[0].task
    assert examples.X.tolist() == MOONS.X.tolist()
    assert examples.y.tolist() == MOONS.y.tolist()
    assert task.decisions is not None


@pytest.mark.parametrize("event", ["begin", "epoch", "end"])
@each_backend
@pytest.mark.parametrize("outputs", [1, 2])
def test_a_callback_may_ask_for_predictions_of_the_model_as_it_is(event, backend, outputs):
    def look(progress):
        found = progress.predict(HELD_OUT.X)
        assert found.shape == ((20,) if outputs == 1 else (20, 2))
        assert found.tolist() == predict(progress.model, HELD_OUT.X, backend=backend).tolist()

    model, y = MLP(2, [2, outputs], seed=0), MOONS.y
    loss = mse if outputs == 1 else cross_entropy
    fit(model, MOONS.X, y, loss=loss, epochs=1, callbacks=[at(event, look)], backend=backend,
        progress=False)  # fmt: skip


def test_predictions_for_a_callback_drop_nothing_out():
    model = Sequential(MLP(2, [4, 2], seed=0), Dropout(0.5, seed=0))

    def look(progress):
        assert progress.predict(HELD_OUT.X).all()

    trained([at("epoch", look)], model)


def test_a_callback_that_shows_the_training_takes_the_place_of_the_progress_bar(capsys):
    def show(progress):
        progress.pictured = True

    trained([at("begin", show)], progress=True)
    assert capsys.readouterr().err == ""


def test_parameters_and_history_belong_together_at_each_event():
    def look(progress):
        measured = evaluate(progress.model, MOONS.X, MOONS.y)
        assert progress.history.loss[-1] == pytest.approx(measured.loss, rel=1e-12)
        assert progress.history.accuracy[-1] == measured.accuracy

    trained([at("epoch", look), at("end", look)])


def test_callbacks_change_nothing_by_being_there():
    assert numbers(trained([lambda progress: None])[0]) == numbers(trained()[0])


# ------------------------------------------------------------------------------ what they do


@pytest.mark.parametrize(
    ("event", "epochs", "steps"), [("begin", 0, 0), ("step", 0, 1), ("epoch", 1, 3)]
)
def test_a_training_that_is_stopped_ends_there(event, epochs, steps):
    model = MLP(2, [4, 2], seed=0)
    optimizer = SGD(model.parameters(), 0.1)
    ended = []
    stop = at(event, lambda progress: progress.stop("enough"))
    _, history = trained([stop, at("end", ended.append)], model, optimizer)
    assert (len(history), optimizer.steps, len(ended)) == (epochs, steps, 1)
    assert (history.stopped, history.interrupted) == ("enough", False)


def test_a_stop_at_the_last_step_of_an_epoch_lets_it_count():
    def stop(progress):
        if progress.step == progress.steps:
            progress.stop()

    _, history = trained([stop])
    assert (len(history), history.stopped) == (1, "stopped by a callback")


def test_a_learning_rate_that_a_callback_sets_is_that_of_the_next_steps():
    model = MLP(2, [4, 2], seed=0)
    optimizer = SGD(model.parameters(), 0.5)

    def slower(progress):
        progress.optimizer.learning_rate /= 10

    _, history = trained([at("epoch", slower)], model, optimizer)
    assert history.learning_rate == pytest.approx([0.5, 0.05, 0.005])


def test_the_rate_of_a_schedule_is_that_of_the_epochs_last_step():
    model = MLP(2, [2], seed=0)
    _, history = trained((), model, SGD(model.parameters(), lambda step: 1.0 / (1 + step)))
    assert history.learning_rate == [1 / 3, 1 / 6, 1 / 9]


@pytest.mark.parametrize(("event", "steps"), [("begin", 0), ("step", 1), ("epoch", 3), ("end", 9)])
def test_an_error_of_a_callback_ends_training_after_a_whole_step(event, steps):
    class Counted(SGD):
        def step(self):
            super().step()
            self.left = self.vector.data.tolist()

    model = MLP(2, [4, 2], seed=0)
    optimizer = Counted(model.parameters(), 0.1)
    before = optimizer.left = numbers(model)

    def fail(progress):
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more") as caught:
        trained([at(event, fail)], model, optimizer)
    assert numbers(model) == optimizer.left
    assert (optimizer.steps, numbers(model) == before) == (steps, steps == 0)
    said = "parameters are as the last step left them" if steps else "nothing has changed"
    assert said in caught.value.__notes__[0]


@pytest.mark.parametrize(("event", "epochs"), [("begin", 0), ("step", 0), ("epoch", 1), ("end", 3)])
def test_an_interrupt_in_a_callback_is_one_as_elsewhere(event, epochs):
    def interrupt(progress):
        if not pressed:
            pressed.append(event)
            raise KeyboardInterrupt

    pressed, ended = [], []
    with pytest.warns(InterruptionWarning):
        _, history = trained([at(event, interrupt), at("end", ended.append)])
    assert (len(history), history.interrupted, len(ended)) == (epochs, True, 1)


def test_an_error_at_the_beginning_has_changed_nothing():
    model = MLP(2, [4, 2], seed=0)
    optimizer = Adam(model.parameters(), 0.1)
    history = History(loss=[0.5], accuracy=[0.5], learning_rate=[0.1], stopped="good enough")

    def prepare(progress):
        progress.optimizer.learning_rate = 0.5
        progress.optimizer.vector.assign(progress.optimizer.vector.data * 2)
        assert not progress.model.training

    def refuse(progress):
        raise RuntimeError("no")

    before = numbers(model), repr(optimizer), history.state_dict()
    callbacks = [at("begin", refuse), at("begin", prepare)]
    with pytest.raises(RuntimeError, match="no"):
        trained(callbacks, model, optimizer, history=history)
    assert (numbers(model), repr(optimizer), history.state_dict()) == before
    assert model.training


def test_an_interrupt_at_the_beginning_has_changed_no_parameter():
    model = MLP(2, [4, 2], seed=0)
    before = numbers(model)
    history = History(loss=[0.5], accuracy=[0.5], learning_rate=[0.1], stopped="good enough")

    def interrupt(progress):
        raise KeyboardInterrupt

    def prepare(progress):
        progress.optimizer.vector.assign(progress.optimizer.vector.data * 2)

    with pytest.warns(InterruptionWarning):
        trained([at("begin", interrupt), at("begin", prepare)], model, history=history)
    assert numbers(model) == before
    assert (history.interrupted, history.stopped, len(history)) == (True, "", 1)


def test_of_the_beginning_the_last_is_told_first_and_of_all_else_the_first():
    told = []

    def teller(name):
        return lambda progress: told.append((progress.event, name))

    trained([teller("a"), teller("b")], epochs=1, batch_size=40)
    assert told == [
        (event, name)
        for event, names in [("begin", "ba"), ("step", "ab"), ("epoch", "ab"), ("end", "ab")]
        for name in names
    ]


def test_who_was_not_told_of_the_beginning_is_told_of_no_end():
    told = []

    def interrupt(progress):
        told.append(("interrupt", progress.event))
        raise KeyboardInterrupt

    callbacks = [lambda p: told.append(("first", p.event)), interrupt,
                 lambda p: told.append(("last", p.event))]  # fmt: skip
    with pytest.warns(InterruptionWarning):
        trained(callbacks)
    assert told == [("last", "begin"), ("interrupt", "begin"), ("last", "end")]


def test_an_error_at_the_end_of_an_interrupted_training_leaves_a_model_to_be_used():
    model = Sequential(MLP(2, [2], seed=0), Dropout(0.5, seed=0))

    def stumble(progress):
        if progress.event in ("step", "end"):
            raise KeyboardInterrupt if progress.event == "step" else RuntimeError("no end")

    with pytest.raises(RuntimeError, match="no end") as caught:
        trained([stumble], model)
    assert not any(module.training for module in model.modules())
    assert "parameters are as the last step left them" in caught.value.__notes__[0]


@pytest.mark.parametrize("reason", [5, None, ""])
def test_a_reason_to_stop_is_a_text(reason):
    with pytest.raises(TypeError, match=r"stop\(\) takes a text that says why, not"):
        trained([at("step", lambda progress: progress.stop(reason))])


WRONG = {
    "one function": (lambda progress: None, r"callbacks are a list of functions"),
    "a number": (3, r"callbacks are a list of functions, as \[EarlyStopping\(\)\], not 3"),
    "no function": ([3], "a callback is a function of one argument, the Progress, .* not 3"),
    "a class": ([EarlyStopping], r"as EarlyStopping\(\), not <class"),
}


@pytest.mark.parametrize(("callbacks", "message"), WRONG.values(), ids=WRONG)
def test_callbacks_are_functions(callbacks, message):
    with pytest.raises(TypeError, match=message):
        trained(callbacks)


# ---------------------------------------------------------------------------- early stopping


def overfitting(epochs=60, patience=3, **settings):
    """A training that soon makes the validation loss worse."""
    model = MLP(2, [8, 2], seed=0)
    stopping = EarlyStopping(patience=patience)
    states = {}

    def keep(progress):
        states[progress.epoch] = numbers(model), progress.optimizer.state_dict()["steps"]

    settings = {"optimizer": Adam(model.parameters(), 0.3)} | settings
    _, history = trained([stopping, at("epoch", keep)], model, epochs=epochs,
                         validation=(HELD_OUT.X[:6], 1 - HELD_OUT.y[:6]), **settings)  # fmt: skip
    return model, history, states, settings["optimizer"], stopping


def test_early_stopping_ends_it_and_gives_back_the_best_parameters():
    model, history, states, optimizer, _ = overfitting()
    assert len(history) == history.best + 3 < 60
    assert (numbers(model), optimizer.steps) == states[history.best]
    assert history.stopped == "the validation_loss has not become better for 3 epochs"
    measured = evaluate(model, HELD_OUT.X[:6], 1 - HELD_OUT.y[:6])
    assert measured.loss == pytest.approx(min(history.validation_loss), rel=1e-12)


def test_the_best_parameters_come_back_though_the_epochs_ran_out():
    model, history, states, _, _ = overfitting(epochs=4, patience=50)
    assert history.best < 4
    assert numbers(model) == states[history.best][0]
    assert history.stopped == ""


def test_the_best_parameters_come_back_after_an_interrupt():
    def interrupt(progress):
        raise KeyboardInterrupt

    model, seen = MLP(2, [4, 2], seed=0), {}
    keep = at("epoch", lambda progress: seen.update({progress.epoch: numbers(model)}))
    with pytest.warns(InterruptionWarning):
        _, history = trained(
            [EarlyStopping(watch="accuracy"), keep, at("step", interrupt, epoch=3)], model
        )
    assert numbers(model) == seen[history.best_by("accuracy")]


def test_a_small_change_counts_as_nothing():
    stopping = EarlyStopping(patience=2, watch="loss", least_change=100.0)
    assert len(trained([stopping], epochs=9)[1]) == 3


def test_early_stopping_can_be_used_again():
    stopping = EarlyStopping(patience=2, watch="loss", least_change=100.0)
    first, again = (trained([stopping], epochs=9) for _ in range(2))
    assert numbers(first[0]) == numbers(again[0])
    assert first[1] == again[1]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EarlyStopping(patience=0), "patience must be a whole number from 1 on, not 0"),
        (lambda: EarlyStopping(least_change=-1.0), "least_change"),
        (lambda: EarlyStopping(watch=5), "watch is the name of a column of the history, not 5"),
        (lambda: EarlyStopping(watch="val_loss"), "watch is one of loss, .*, not 'val_loss'"),
        (lambda: EarlyStopping(monitor="loss"), "EarlyStopping takes no monitor=: say watch="),
        (lambda: EarlyStopping(min_delta=0.1), "say least_change="),
        (lambda: EarlyStopping(restore_best_weights=True), "best parameters are always given back"),
        (lambda: Checkpoints("x", best=5), "best is the name of a column of the history, not 5"),
        (lambda: Checkpoints("x", monitor="loss"), "Checkpoints takes no monitor=: say best="),
        (lambda: Checkpoints(filepath="x"), "say path="),
    ],
)
def test_callbacks_take_what_makes_sense(make, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make()


@pytest.mark.parametrize(
    "callback", [EarlyStopping(), Checkpoints("x.safetensors", best="validation_loss")]
)
def test_what_is_watched_must_be_measured(callback):
    model = MLP(2, [4, 2], seed=0)
    before = numbers(model)
    with pytest.raises(
        ValueError, match=r"watch 'validation_loss', .* without validation=\(X, y\)"
    ):
        trained([callback], model)
    assert numbers(model) == before


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_callbacks_can_be_copied(copied):
    stopping = copied(EarlyStopping(4, "loss", 0.5))
    assert repr(stopping) == "EarlyStopping(4, 'loss', 0.5)"


# ------------------------------------------------------------------------------- checkpoints


def test_checkpoints_keep_the_latest_epoch_that_is_due(tmp_path):
    path = tmp_path / "moons.safetensors"
    states = {}
    keep = at("epoch", lambda p: states.update({p.epoch: numbers(p.model)}))
    _, history = trained([keep, Checkpoints(path, every=2, notes={"of": "moons"})], epochs=5)
    loaded = load(path)
    assert numbers(loaded.model) == states[4]
    assert loaded.history.loss == history.loss[:4]
    assert loaded.optimizer.steps == 4 * 3
    assert loaded.notes == {"of": "moons"}


@pytest.mark.filterwarnings("ignore:the loss was")
def test_checkpoints_keep_the_best(tmp_path):
    path = tmp_path / "moons.safetensors"
    model = MLP(2, [4, 2], seed=0)
    worse = at("epoch", lambda p: setattr(p.optimizer, "learning_rate", 5.0), epoch=2)
    optimizer = SGD(model.parameters(), 0.1)
    _, history = trained([Checkpoints(path, best="loss"), worse], model, optimizer, epochs=4)
    assert history.best < 4
    assert load(path).history.loss == history.loss[: history.best]


def test_checkpoints_need_a_folder_and_a_module(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        trained([Checkpoints(tmp_path / "nowhere" / "x.safetensors")])
    model = MLP(2, [2], seed=0)
    with pytest.raises(TypeError, match="Checkpoints save a Module"):
        trained([Checkpoints(tmp_path / "x")], lambda x: model(x), SGD(model.parameters()))


UNSAVABLE = {
    "notes": ({"notes": {"f": len}}, {}, TypeError, "notes hold what JSON can"),
    "a schedule": ({}, {"optimizer": lambda step: 0.1}, ValueError, "which has no name in a file"),
    "a folder": ({"path": ""}, {}, IsADirectoryError, "is a folder: give the name of a file"),
}


@pytest.mark.parametrize(("of", "settings", "kind", "message"), UNSAVABLE.values(), ids=UNSAVABLE)
def test_what_checkpoints_cannot_save_is_said_before_the_first_step(
    tmp_path, of, settings, kind, message
):
    model = MLP(2, [2], seed=0)
    before = numbers(model)
    optimizer = SGD(model.parameters(), settings.get("optimizer", 0.1))
    keeping = Checkpoints(tmp_path / of.get("path", "x"), notes=of.get("notes"))
    with pytest.raises(kind, match=message):
        trained([keeping], model, optimizer)
    assert numbers(model) == before
    assert not list(tmp_path.iterdir())


def test_early_stopping_knows_an_epoch_that_an_interrupt_kept_from_it():
    def interrupts(progress):
        if progress.event == "epoch" and progress.epoch == 3:
            raise KeyboardInterrupt

    model = MLP(2, [4, 2], seed=0)
    data = moons(40)
    with pytest.warns(InterruptionWarning):
        history = fit(model, data.X, data.y, epochs=9, progress=False,
                      callbacks=[interrupts, EarlyStopping(watch="loss")])  # fmt: skip
    assert history.best == len(history) == 3
    assert evaluate(model, data.X, data.y).loss == pytest.approx(history.loss[-1], rel=1e-12)


def test_checkpoints_save_every_so_often_or_the_best():
    with pytest.raises(ValueError, match="every=3 and best='loss' exclude each other"):
        Checkpoints("x.safetensors", every=3, best="loss")

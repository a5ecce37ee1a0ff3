"""Films are right whatever happens to a training: others before it, beside it, or none after it."""

import copy
import re
import threading

import numpy as np
import pytest

import viz
from nn import MLP, SGD, Adam, History, InterruptionWarning, fit, hinge, moons, mse
from viz.colors import COLORS
from viz.panels.axes import label
from viz.panels.markers import mark
from viz.player.training.reels import Shares

DATA = moons(40, seed=1)
MOVED = DATA.X + np.array([4.0, 0.0])


def filmed(film, model=None, X=DATA.X, y=DATA.y, epochs=2, callbacks=(), **settings):
    model = model or MLP(2, [3, 2], seed=0)
    settings = {"epochs": epochs, "progress": False} | settings
    return fit(model, X, y, callbacks=[film, *callbacks], **settings)


def numbers(model):
    return [p.data for p in model.parameters()]


# --------------------------------------------------------------------- a training that goes on


def test_a_film_begins_anew_where_other_examples_are_to_be_drawn():
    film, model = viz.Film(), MLP(2, [3, 2], seed=0)
    history = filmed(film, model)
    filmed(film, model, MOVED, epochs=1, history=history)
    assert film.epochs == [2, 3]


def test_a_film_of_examples_of_its_own_goes_on_with_others_to_train_on():
    film, model = viz.Film(DATA.X, DATA.y), MLP(2, [3, 2], seed=0)
    history = filmed(film, model)
    filmed(film, model, MOVED, epochs=1, history=history)
    assert film.epochs == [0, 1, 2, 3]


def test_a_film_goes_on_with_the_weights_of_each_epoch_though_others_are_trained():
    film, model, seen = viz.Film(), MLP(2, [3, 2], seed=0), []

    def look(progress):
        if progress.event == "epoch":
            seen.append(numbers(model))

    history = filmed(film, model, callbacks=[look])
    last = Adam(model.layers[-1].parameters())
    filmed(film, model, callbacks=[look], optimizer=last, history=history)
    moments = film.scene().moments
    assert [moment.epoch for moment in moments] == [0, 1, 2, 3, 4]
    assert [moment.weights.tolist() for moment in moments[1:]] == seen
    assert film.page


@pytest.mark.parametrize("other", [MLP(2, [5, 2], seed=1), MLP(2, [30, 2], seed=1)])
def test_a_film_begins_anew_with_a_network_that_looks_otherwise(other):
    film = viz.Film()
    history = filmed(film)
    filmed(film, other, epochs=1, history=history)
    assert film.epochs == [2, 3]
    assert film.page


# ------------------------------------------------------------------------------ what is seen


def test_a_film_that_diverged_shows_the_weights_of_all_epochs():
    layers = [[np.array([[0.5, -1.0, 0.25]])], [np.array([[1e120, 0.0, 5.0]])]]
    assert [Shares(layers).coded(i).tolist() for i in (0, 1)] == [[64, -127, 127], [127, 0, 127]]


def test_biases_that_grow_from_zero_are_shares_of_the_largest_in_the_film():
    layers = [[np.array([[1.0, bias]])] for bias in (0.0, 1e-6, 0.5)]
    assert [Shares(layers).coded(i).tolist()[1] for i in range(3)] == [0, 0, 127]


def test_classes_whose_names_differ_only_at_the_end_are_told_apart():
    film = viz.Film(classes=[f"an animal of the northern {name}" for name in ("hills", "lakes")])
    filmed(film, epochs=1)
    legend = re.findall(r">(an animal[^<]*)<", film.svg)
    assert legend == 2 * ["an animal of…thern hills", "an animal of…thern lakes"]


def test_legends_say_what_the_colours_are_of():
    film = viz.Film()
    filmed(film, MLP(2, [3, 1], seed=0), y=DATA.X[:, 0], loss=mse)
    low, high = (label(end(DATA.X[:, 0])) for end in (min, max))
    for text in (f"target {low}", high, "line: weight", "filling: bias", "below 0", "above 0"):
        assert f">{text}</text>" in film.svg


def test_each_output_has_the_marker_and_the_colour_of_its_class():
    film = viz.Film()
    filmed(film, epochs=1)
    network = film.scene().panels()[-1]
    for kind in (0, 1):
        marked = r'<path class="sample" d="[^"]*' + re.escape(mark(kind, 0, 0)[-12:]) + '" fill="'
        assert re.search(marked + COLORS[kind], network.content)


# -------------------------------------------------------------------------------- who looks


def test_to_look_at_a_film_changes_no_parameter_and_asks_no_model():
    film, asked = viz.Film(frames=2), []

    def look(progress):
        if progress.event == "step" and progress.epoch == 6:
            present = progress.optimizer.vector.data.copy()
            progress.optimizer.vector.assign = progress.predict = asked.append
            assert film.epochs == [0, 2, 5]
            assert repr(film)
            assert film.svg
            del progress.optimizer.vector.assign, progress.predict
            assert (progress.optimizer.vector.data == present).all()

    filmed(film, epochs=6, callbacks=[look])
    assert not asked


def test_a_film_of_two_trainings_at_once_is_of_the_one_that_began_last():
    film, other = viz.Film(), MLP(2, [5, 2], seed=3)
    course = {}

    def begin_another(progress):
        if progress.event == "epoch" and progress.epoch == 1:
            thread = threading.Thread(
                target=lambda: course.update(history=filmed(film, other, epochs=3))
            )
            thread.start()
            thread.join()

    filmed(film, epochs=5, callbacks=[begin_another])
    assert film.epochs == [0, 1, 2, 3]
    assert film.scene().columns["loss"] == course["history"].loss
    assert film.scene().moments[-1].weights.tolist() == numbers(other)


def test_an_interrupt_while_a_picture_is_taken_leaves_those_before():
    film = viz.Film(frames=2)

    def interrupt(progress):
        def predict(X):
            raise KeyboardInterrupt

        if progress.event == "step" and progress.epoch == 4:
            progress.predict = predict

    with pytest.warns(InterruptionWarning):
        filmed(film, epochs=6, callbacks=[interrupt])
    assert film.epochs == [0, 2, 3]
    assert len(film.scene().columns["loss"]) == 3


def test_a_copy_of_a_film_is_one_that_stays_as_it_is():
    film, model = viz.Film(), MLP(2, [3, 2], seed=0)
    history = filmed(film, model)
    copied = copy.deepcopy(film)
    page = film.page
    filmed(film, model, history=history)
    assert copied.page == page != film.page
    assert copied.epochs == [0, 1, 2]


# ------------------------------------------------------------------------- what does not fit


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1.0, np.nan]], [0]), r"X has nan at \[0, 1\]: leave out examples"),
        (([[1.0, 2.0]], [np.inf]), r"y has inf at \[0\]"),
        ((3.0, 2.0), "X is a list, with an entry for each example, not 3.0"),
        (([[1.0, 2.0]], ["no"]), r"y is an array of numbers, as fit\(\) takes it, not \['no'\]"),
    ],
)
@pytest.mark.parametrize("callback", [viz.Film, viz.Live])
def test_what_cannot_be_drawn_is_refused_at_once(callback, arguments, message):
    with pytest.raises(ValueError, match=message):
        callback(*arguments)


@pytest.mark.parametrize("classes", [None, 3, "ab"])
def test_classes_that_are_no_list_are_refused(classes):
    with pytest.raises(TypeError, match="classes are a list of names, as"):
        viz.Film(classes=classes)


@pytest.mark.parametrize("callback", [viz.Film, viz.Live])
@pytest.mark.parametrize(
    ("y", "outputs", "loss", "message"),
    [
        ([-1, 1], 2, None, "y has -1.0 in row 0: the model has 2 outputs, so a class is"),
        ([7, 0], 2, None, "y has 7.0 in row 0"),
        ([0.5, 1], 2, None, "y has 0.5 in row 0"),
        ([5, -1], 1, hinge, "y has 5.0 in row 0"),
        ([[1, 2], [3, 4]], 1, mse, "mse"),
    ],
)
def test_targets_to_draw_that_are_none_of_the_loss_are_refused_before_anything_has_changed(
    callback, y, outputs, loss, message
):
    model, history = MLP(2, [outputs], seed=0), History()
    before = numbers(model)
    settings = {"loss": loss, "y": 2 * DATA.y - 1} if loss else {}
    with pytest.raises(ValueError, match=message) as caught:
        filmed(callback(DATA.X[:2], y), model, history=history, **settings)
    assert "are the examples to draw" in " ".join(caught.value.__notes__)
    assert numbers(model) == before
    assert not len(history)


@pytest.mark.parametrize("rows", [0, 1])
def test_a_film_of_a_large_network_goes_on_if_the_same_parts_are_trained(rows):
    film, model = viz.Film(), MLP(2, [30, 2], seed=0)
    history = filmed(film, model)
    trained = model.layers[rows].parameters() if rows else model.parameters()
    filmed(film, model, epochs=1, history=history, optimizer=SGD(trained, learning_rate=0.1))
    assert film.epochs == ([2, 3] if rows else [0, 1, 2, 3])


def test_a_film_of_a_network_with_other_activations_begins_anew():
    film, data = viz.Film(), moons(20)
    models = [MLP(2, [4, 2], seed=0, activation=name) for name in ("relu", "tanh")]
    quiet = {"epochs": 2, "callbacks": [film], "progress": False}
    history = fit(models[0], data.X, data.y, **quiet)
    fit(models[1], data.X, data.y, history=history, **quiet)
    assert film.epochs == [2, 3, 4]

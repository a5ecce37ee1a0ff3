"""Films: what a callback records of a training, and when."""

import copy
from xml.etree import ElementTree

import numpy as np
import pytest

import viz
from autograd import pick
from nn import (
    MLP,
    SGD,
    DivergenceError,
    EarlyStopping,
    InterruptionWarning,
    Layer,
    Parameter,
    Sequential,
    fit,
    hinge,
    moons,
    mse,
    predict,
    spiral,
)
from viz.panels.regions import UNKNOWN
from viz.svg.allowed import check_svg

MOONS = moons(60, seed=1)
HELD_OUT = (moons(20, seed=2).X, moons(20, seed=2).y)


def recorded(film=None, model=None, y=MOONS.y, **settings):
    film = film or viz.Film()
    model = model or MLP(2, [4, 2], seed=0)
    settings = {"epochs": 3, "progress": False} | settings
    history = fit(model, MOONS.X, y, callbacks=[film], **settings)
    return film, model, history


def numbers(model):
    return [p.data for p in model.parameters()]


def regions(film, index):
    scene = film.scene()
    return scene.view.plane.read(scene.moments[index].outputs)


# ------------------------------------------------------------------------------- which epochs


@pytest.mark.parametrize(
    ("epochs", "frames", "shown"),
    [
        (3, 60, [0, 1, 2, 3]),
        (4, 4, [0, 1, 2, 3, 4]),
        (5, 4, [0, 2, 4, 5]),
        (9, 4, [0, 2, 4, 6, 9]),
        (16, 4, [0, 4, 8, 12, 16]),
        (17, 4, [0, 4, 8, 12, 17]),
        (3, 2, [0, 2, 3]),
    ],
)
def test_a_film_has_the_first_epoch_the_last_and_others_at_equal_distances(epochs, frames, shown):
    film, *_ = recorded(viz.Film(frames=frames), epochs=epochs)
    assert film.epochs == shown


@pytest.mark.parametrize("epochs", [1, 6, 7, 12, 13, 23])
def test_a_film_never_has_more_frames_than_were_asked_for_besides_the_first(epochs):
    film, *_ = recorded(viz.Film(frames=5), epochs=epochs)
    assert len(film.epochs) <= 6
    assert film.epochs[-1] == epochs


def test_each_frame_shows_the_model_as_it_was():
    models = []

    def keep(progress):
        if progress.event in ("begin", "epoch"):
            models.append(copy.deepcopy(progress.model))

    film = viz.Film(frames=3)
    model = MLP(2, [4, 2], seed=0)
    fit(model, MOONS.X, MOONS.y, epochs=5, callbacks=[film, keep], progress=False)
    scene = film.scene()
    assert film.epochs == [0, 2, 4, 5]  # The last of them was not due.
    for moment in scene.moments:
        then = models[moment.epoch]
        expected = predict(then, scene.view.plane.points)
        assert moment.outputs == pytest.approx(expected, rel=1e-12)
        layers = scene.view.network.layers(moment.weights)
        assert layers[0][:, :2] == pytest.approx(then.layers[0].weights)
        assert layers[1][:, -1] == pytest.approx(then.layers[1].biases)


@pytest.mark.parametrize("arguments", [(), (MOONS.X[:9], MOONS.y[:9])])
@pytest.mark.parametrize("frames", [2, 60])
def test_a_film_changes_nothing_by_being_there(frames, arguments):
    _, model, history = recorded(viz.Film(*arguments, frames=frames), epochs=5)
    alone = MLP(2, [4, 2], seed=0)
    assert fit(alone, MOONS.X, MOONS.y, epochs=5, progress=False) == history
    assert numbers(alone) == numbers(model)


# ------------------------------------------------------------------ trainings that end otherwise


def test_an_interrupted_training_is_shown_up_to_its_last_whole_epoch():
    def interrupt(progress):
        if progress.event == "step" and progress.epoch == 3:
            raise KeyboardInterrupt

    film, model = viz.Film(), MLP(2, [4, 2], seed=0)
    with pytest.warns(InterruptionWarning):
        fit(model, MOONS.X, MOONS.y, callbacks=[film, interrupt], progress=False)
    assert film.epochs == [0, 1, 2]
    assert "epoch 2" in film.svg


def test_a_training_that_is_interrupted_in_its_first_epoch_has_a_frame():
    def interrupt(progress):
        if progress.event == "step":
            raise KeyboardInterrupt

    film = viz.Film()
    with pytest.warns(InterruptionWarning):
        fit(MLP(2, [2], seed=0), MOONS.X, MOONS.y, callbacks=[film, interrupt], progress=False)
    assert film.epochs == [0]
    assert ": epoch 0" in film.svg
    assert film.page


def test_a_training_that_diverges_is_shown_up_to_its_last_whole_epoch():
    film, model = viz.Film(frames=2), MLP(2, [4, 2], seed=0)

    def explode(progress):
        if progress.event == "epoch" and progress.epoch == 5:
            progress.optimizer.learning_rate = 1e300

    with pytest.raises(DivergenceError):
        fit(model, MOONS.X, MOONS.y, callbacks=[film, explode], progress=False,
            optimizer=SGD(model.parameters(), 0.1))  # fmt: skip
    before = numbers(model)
    assert film.epochs == [0, 2, 5]
    assert np.isfinite(film.scene().moments[-1].outputs).all()
    assert numbers(model) == before


def test_the_last_frame_is_of_the_last_epoch_though_the_best_parameters_are_given_back():
    film, stopping = viz.Film(frames=2), EarlyStopping(patience=2, watch="accuracy")
    after = {}

    def look(progress):
        if progress.event == "epoch":
            after[progress.epoch] = numbers(progress.model)

    model = MLP(2, [4, 2], seed=0)
    history = fit(model, MOONS.X, MOONS.y, epochs=50, callbacks=[stopping, look, film],
                  progress=False)  # fmt: skip
    scene = film.scene()
    assert film.epochs[-1] == len(history)
    assert numbers(model) == after[history.best_by("accuracy")]
    assert scene.moments[-1].weights.tolist() == after[len(history)]


def test_a_training_that_goes_on_is_the_same_film():
    film, model, history = recorded(epochs=2)
    recorded(film, model, epochs=2, history=history)
    assert film.epochs == [0, 1, 2, 3, 4]
    assert film.scene().columns["loss"] == history.loss


def test_a_film_that_comes_later_begins_with_the_epochs_there_were():
    _, model, history = recorded(epochs=2)
    film, *_ = recorded(None, model, epochs=1, history=history)
    assert film.epochs == [2, 3]
    assert film.scene().columns["loss"] == history.loss


def test_another_training_begins_the_film_anew():
    film, *_ = recorded(epochs=5)
    _, _, history = recorded(film, MLP(2, [3, 2], seed=3), epochs=2)
    assert film.epochs == [0, 1, 2]
    assert film.scene().columns["loss"] == history.loss
    assert film.scene().view.network.sizes == [2, 3, 2]


# ------------------------------------------------------------------------- what is shown of what


def test_scores_of_one_output_are_classes_by_their_sign_under_the_names_of_the_targets():
    film, model, _ = recorded(None, MLP(2, [4, 1], seed=0), 2 * MOONS.y - 1, loss=hinge)
    plane = film.scene().view.plane
    assert plane.names == ["-1", "1"]
    scores = predict(model, plane.points)
    assert (regions(film, -1).classes.ravel() == (scores > 0)).all()
    assert not film.scene().view.network.outputs  # One neuron stands for both.


def test_three_classes_are_three_regions():
    data, film, model = spiral(60), viz.Film(classes=["a", "b"]), MLP(2, [8, 3], seed=0)
    fit(model, data.X, data.y, epochs=2, callbacks=[film], progress=False)
    plane = film.scene().view.plane
    assert plane.names == ["a", "b", "2"]
    assert (regions(film, -1).classes.ravel() == predict(model, plane.points).argmax(1)).all()
    assert film.svg.count('class="examples') == 3


def test_numbers_are_shown_between_the_lowest_target_and_the_highest():
    y = MOONS.X[:, 0] * 2.0
    film, model, _ = recorded(None, MLP(2, [4, 1], seed=0), y, loss=mse)
    plane = film.scene().view.plane
    assert plane.names == []
    middle = (y.min() + y.max()) / 2
    outputs = predict(model, plane.points)
    assert (regions(film, -1).classes.ravel() == (outputs > middle)).all()
    assert "accuracy" not in film.scene().columns


def test_a_loss_of_a_persons_own_for_classes_is_read_as_one():
    from nn import cross_entropy

    film, *_ = recorded(loss=lambda output, target: cross_entropy(output, target))
    assert film.scene().view.plane.names == ["0", "1"]


def test_a_model_of_more_than_two_inputs_has_no_plane():
    X = np.random.default_rng(0).normal(size=(30, 5))
    film = viz.Film()
    fit(MLP(5, [4, 2], seed=0), X, X[:, 0] > 0, epochs=2, callbacks=[film], progress=False)
    assert film.scene().view.plane is None
    assert film.scene().view.network.sizes == [5, 4, 2]
    assert "panel-plane" not in film.page


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (MLP(2, [30, 2], seed=0), ["layers.0", "layers.1"]),
        (
            Sequential(Layer(2, 3, seed=0), lambda xs: [x * x for x in xs], Layer(3, 2, seed=0)),
            None,
        ),
    ],
)
def test_a_network_is_drawn_if_its_neurons_can_be_told_apart_else_the_sizes_of_its_parts(
    model, names
):
    film, *_ = recorded(None, model, epochs=2)
    view = film.scene().view
    assert (view.sizes and view.sizes.names) == names
    assert (view.network is None) == bool(names)


def test_a_model_of_two_indices_has_no_plane():
    rows = [Parameter(float(i)) for i in range(4)]
    X = [[i % 4, i // 4] for i in range(16)]
    film = viz.Film()
    fit(lambda x: pick(rows, x[0]) - pick(rows, x[1]), X, [a - b for a, b in X], loss=mse,
        optimizer=SGD(rows, 0.1), epochs=2, callbacks=[film], progress=False)  # fmt: skip
    assert film.scene().view.plane is None
    assert film.page


def test_a_model_that_is_a_method_is_drawn_as_what_it_is_of():
    model, film = MLP(2, [4, 2], seed=0), viz.Film()
    fit(model.__call__, MOONS.X, MOONS.y, epochs=1, callbacks=[film], progress=False,
        optimizer=SGD(model.parameters(), 0.1))  # fmt: skip
    assert film.scene().view.network.sizes == [2, 4, 2]


def test_examples_that_are_given_are_drawn():
    X = [[5.0, 5.0], [6.0, 6.0]]
    film, *_ = recorded(viz.Film(X, [0, 1]))
    plane = film.scene().view.plane
    assert plane.X.tolist() in (X, X[::-1])
    assert (plane.low < 5.0).all()
    assert (plane.high > 6.0).all()


def test_a_place_where_the_model_gives_nan_is_of_no_class():
    def strange(x):
        return [x[0].log() + MODEL(x)[0], MODEL(x)[1]]

    MODEL = MLP(2, [2], seed=0)
    film, data = viz.Film(), moons(20)
    fit(strange, data.X - data.X.min(axis=0) + 0.01, data.y, epochs=1, callbacks=[film],
        optimizer=SGD(MODEL.parameters(), 0.01), progress=False)  # fmt: skip
    classes = regions(film, -1).classes
    assert (classes[:, 0] == UNKNOWN).all()
    assert (classes[:, -1] != UNKNOWN).all()
    assert film.page


# -------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("arguments", "settings", "message"),
    [
        (([[1.0, 2.0]],), {}, "give the examples to draw as X and y, or neither"),
        (([[1.0, 2.0]], [0, 1]), {}, r"X \(1, 2\) and y \(2,\): give a target for each example"),
        ((), {"frames": 1}, "frames is a whole number from 2 on, not 1"),
        ((), {"frames": 2.5}, "frames is a whole number from 2 on, not 2.5"),
        ((), {"classes": "ab"}, "classes are a list of names"),
    ],
)
def test_arguments_that_make_no_sense_are_errors(arguments, settings, message):
    with pytest.raises((ValueError, TypeError), match=message):
        viz.Film(*arguments, **settings)


def test_examples_of_other_inputs_are_refused_before_anything_has_changed():
    film, model = viz.Film([[1.0, 2.0, 3.0]], [0]), MLP(2, [2], seed=0)
    before = numbers(model)
    with pytest.raises(ValueError, match=r"the examples to draw have the shape \(1, 3\)"):
        recorded(film, model)
    assert numbers(model) == before


def test_an_empty_film_says_what_to_do(tmp_path):
    film = viz.Film()
    assert film._repr_mimebundle_() == {
        "text/plain": "<Film of nothing yet: give it to fit(..., callbacks=[film])>"
    }
    with pytest.raises(ValueError, match=r"the film is empty: record a training with fit\("):
        film.save(tmp_path / "film.html")
    assert not [*tmp_path.iterdir()]


def test_a_film_is_saved_as_a_page_or_as_its_last_picture(tmp_path):
    film, *_ = recorded()
    assert film.save(tmp_path / "film.html").read_text("utf-8") == film.page
    assert film.save(tmp_path / "film.svg").read_text("utf-8") == film.svg
    with pytest.raises(ValueError, match=r"'film.gif': a film is saved as .html"):
        film.save(tmp_path / "film.gif")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        film.save(tmp_path / "none" / "film.html")


# ------------------------------------------------------------------------------------- its size


def test_sixty_frames_of_a_network_and_its_plane_take_less_than_200_kilobytes():
    film, *_ = recorded(None, MLP(2, [16, 16, 2], seed=0), epochs=60, validation=HELD_OUT)
    assert len(film.epochs) == 61
    assert len(film.page.encode()) < 200_000


def test_a_film_shows_itself_in_a_notebook_where_scripts_run_and_where_they_do_not():
    film, *_ = recorded()
    bundle = film._repr_mimebundle_()
    assert bundle.keys() == {"text/html", "image/svg+xml", "text/plain"}
    assert "<iframe srcdoc=" in bundle["text/html"]
    assert bundle["image/svg+xml"] == film.svg
    assert bundle["text/plain"] == "<Film of 4 frames: epochs 0 to 3>"


def test_a_page_whose_script_does_not_run_shows_the_last_picture():
    film, *_ = recorded()
    body = film.page.partition('<div class="film">')[2].partition("</main>")[0]
    assert '<g class="regions"><g' in body
    assert '<g class="edges"><path' in body
    assert body.count('class="dot rim"') == 2


HOSTILE = ['</script><b onload="x">', "&amp;&lt;", "\x00\ud800\u202e", "a" * 100_000]


def test_names_of_classes_are_shown_as_the_texts_they_are():
    data, film = spiral(30), viz.Film(classes=HOSTILE[:3])
    fit(MLP(2, [3], seed=0), data.X, data.y, epochs=1, callbacks=[film], progress=False)
    check_svg(film.svg.encode())
    texts = [text.text for text in ElementTree.fromstring(film.svg).iter() if text.text]
    assert HOSTILE[0] in texts
    assert HOSTILE[1] in texts
    assert film.page.count("</script>") == 2


def test_a_long_name_costs_no_more_than_a_short_one():
    film, *_ = recorded(viz.Film(classes=HOSTILE[3:]))
    assert "a" * 24 + "…" in film.svg
    assert len(film.svg) < 100_000

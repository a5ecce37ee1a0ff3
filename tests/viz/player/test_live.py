"""Live pictures: one output of a notebook, which is drawn anew while a training goes on."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient import NotebookClient

import viz
from nn import MLP, InterruptionWarning, fit, moons
from viz.player.training import live
from viz.svg.allowed import check_svg

ROOT = Path(__file__).parents[3]
MOONS = moons(40, seed=1)


class Notebook:
    """What a kernel's IPython is asked to show."""

    kernel = object()

    def __init__(self):
        self.bundles = []
        self.outputs = 0

    def get_ipython(self):
        return self

    def display(self, bundle, raw, display_id):
        assert raw
        assert display_id
        self.outputs += 1
        self.bundles.append(bundle)
        return SimpleNamespace(update=lambda bundle, raw: self.bundles.append(bundle))

    @property
    def texts(self):
        return [bundle["text/plain"] for bundle in self.bundles]


@pytest.fixture
def notebook(monkeypatch):
    notebook = Notebook()
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    monkeypatch.setitem(sys.modules, "IPython.display", notebook)
    return notebook


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets."""
    clock = SimpleNamespace(now=0.0, monotonic=lambda: clock.now)
    monkeypatch.setattr(live, "time", clock)
    return clock


def trained(*callbacks, model=None, **settings):
    settings = {"epochs": 3, "progress": False} | settings
    model = model or MLP(2, [4, 2], seed=0)
    return fit(model, MOONS.X, MOONS.y, callbacks=[viz.Live(), *callbacks], **settings)


def every(seconds, clock, event="epoch"):
    """A callback that lets time pass."""

    def callback(progress):
        if progress.event == event:
            clock.now += seconds

    return callback


def test_a_training_is_one_output_that_ends_with_its_last_epoch(notebook, clock):
    history = trained(every(0.5, clock))
    assert notebook.outputs == 1
    assert notebook.texts[0] == "epoch 1 of 3, step 0 of 2"
    assert notebook.texts[-1] == f"epoch 3 of 3, {history.latest}"
    for bundle in notebook.bundles:
        assert bundle.keys() == {"image/svg+xml", "text/plain"}
        check_svg(bundle["image/svg+xml"].encode())


def test_all_pictures_have_one_size_and_the_same_panels_so_that_nothing_jumps(notebook, clock):
    trained(every(0.5, clock), validation=(MOONS.X, MOONS.y))
    assert len(notebook.bundles) > 3
    looks = set()
    for bundle in notebook.bundles:
        root = ElementTree.fromstring(bundle["image/svg+xml"])
        panels = [(g.get("class"), g.get("transform")) for g in root if g.get("transform")]
        assert int(root.get("width")) <= 780  # that a cell has
        looks.add((root.get("width"), root.get("height"), *panels))
    assert len(looks) == 1
    names = [panel[0] for panel in next(iter(looks))[2:]]
    assert names == ["panel-plane", "panel-loss", "panel-accuracy", "panel-network"]


@pytest.mark.parametrize(
    ("seconds", "event", "pictures"),
    [
        (0.0, "epoch", 2),
        (0.05, "epoch", 1 + 5 + 1),  # 20 epochs are a second
        (0.15, "step", 1 + 20 + 1),  # 40 steps are 6 seconds
    ],
)
def test_it_is_drawn_at_most_five_times_a_second(notebook, clock, seconds, event, pictures):
    trained(every(seconds, clock, event), epochs=20)
    assert len(notebook.bundles) <= pictures
    assert len(notebook.bundles) >= min(pictures, 2)


def test_pictures_that_take_long_are_drawn_less_often(notebook, clock, monkeypatch):
    def slow(scene, says):
        clock.now += 0.5
        return f"<svg>{says}</svg>"

    monkeypatch.setattr(live.Scene, "picture", slow)
    trained(every(1.0, clock), epochs=20)
    # The first at 0 s and after 0.5 s, then one each 5 seconds, and the last.
    assert 4 <= len(notebook.bundles) <= 2 + 20 / 5 + 1


def test_within_a_long_epoch_the_steps_are_told(notebook, clock):
    trained(every(1.0, clock, "step"), epochs=1, batch_size=10)
    assert "epoch 1 of 1, step 3 of 4" in notebook.texts


def test_an_interrupt_leaves_the_last_picture(notebook, clock):
    def interrupt(progress):
        if progress.event == "step" and progress.epoch == 3:
            raise KeyboardInterrupt

    with pytest.warns(InterruptionWarning):
        trained(interrupt, epochs=20)
    assert notebook.texts[-1].startswith("epoch 2 of 20, loss=")
    assert notebook.texts[-1].endswith(", interrupted")


def test_a_stop_says_why(notebook, clock):
    trained(lambda progress: progress.stop("enough"))
    assert notebook.texts[-1].endswith("enough")


def test_each_training_has_an_output_of_its_own(notebook, clock):
    showing, model = viz.Live(), MLP(2, [4, 2], seed=0)
    history = None
    for _ in range(2):
        history = fit(model, MOONS.X, MOONS.y, epochs=2, callbacks=[showing], history=history,
                      progress=False)  # fmt: skip
    assert notebook.outputs == 2
    assert notebook.texts[-1].startswith("epoch 4 of 4")


def test_beside_it_there_is_no_progress_bar_and_without_it_there_is(notebook, clock, capsys):
    trained(progress=True)
    assert capsys.readouterr().err == ""
    fit(MLP(2, [2], seed=0), MOONS.X, MOONS.y, epochs=1)
    assert "epoch 1/1" in capsys.readouterr().err


@pytest.mark.parametrize("shell", [None, SimpleNamespace()])
def test_in_a_terminal_the_progress_bar_serves(monkeypatch, capsys, shell):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    trained(progress=True)
    assert "epoch 3/3" in capsys.readouterr().err


def test_it_changes_nothing_by_being_there(notebook, clock):
    models = [MLP(2, [4, 2], seed=0) for _ in range(2)]
    history = trained(every(0.5, clock), model=models[0])
    assert fit(models[1], MOONS.X, MOONS.y, epochs=3, progress=False) == history
    one, other = ([p.data for p in model.parameters()] for model in models)
    assert one == other


def test_a_network_of_many_inputs_has_the_sizes_of_its_parts_as_curves(notebook, clock):
    X = [[i % 7 / 7, i % 5 / 5, i % 3 / 3] for i in range(40)]
    fit(MLP(3, [24, 2], seed=0), X, MOONS.y, epochs=4, progress=False,
        callbacks=[every(0.5, clock), viz.Live()])  # fmt: skip
    root = ElementTree.fromstring(notebook.bundles[-1]["image/svg+xml"])
    sizes = next(g for g in root if g.get("class") == "panel-sizes")
    curves = [x.get("points").split() for x in sizes if x.get("class") == "curve"]
    assert list(map(len, curves)) == [5, 5]  # epochs 0 to 4, of two layers


CELL = """
import viz
from nn import MLP, fit, moons
data = moons(60)
history = fit(MLP(2, [4, 2], seed=0), data.X, data.y, epochs=200, callbacks=[viz.Live()])
"""


def test_a_notebook_has_one_output_with_the_last_picture():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    updates = []

    class Watching(NotebookClient):
        def process_message(self, message, cell, cell_index):
            updates.append(message["msg_type"])
            return super().process_message(message, cell, cell_index)

    found = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    Watching(notebook, timeout=60, kernel_name="python3").execute(
        env=os.environ | {"PYTHONPATH": found}
    )
    (output,) = notebook.cells[0].outputs
    assert output.data["text/plain"].startswith("epoch 200 of 200, loss=")
    assert output.data["image/svg+xml"].startswith("<svg")
    assert output.output_type == "display_data"
    assert updates.count("display_data") == 1
    assert updates.count("update_display_data") >= 1

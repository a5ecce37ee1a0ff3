import re

import pytest

from autograd import Value
from nn import MLP, hinge, moons
from viz import RenderingError, display, draw
from viz.svg import rendering

InteractiveShell = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    display.register()
    # A notebook's shell shows everything; a bare one text only.
    shell.display_formatter.active_types = shell.display_formatter.format_types
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


def shown(shell: InteractiveShell, thing: object) -> dict[str, str]:
    return shell.display_formatter.format(thing)[0]


def chain(length: int) -> Value:
    value = Value(0.0)
    for _ in range(length - 1):
        value = value.tanh()
    return value


def fail(*_: object) -> None:
    raise RenderingError("nothing here can draw")


def size(svg: str) -> tuple[float, float]:
    """Width and height in points."""
    width, height = re.findall(r'(?:width|height)="([\d.]+)pt"', svg[: svg.index(">")])
    return float(width), float(height)


@pytest.mark.parametrize(("length", "is_fitted"), [(4, False), (8, True), (40, False)])
def test_what_is_a_little_wider_than_a_notebooks_column_is_made_to_fit(shell, length, is_fitted):
    value = chain(length)
    drawing = draw(value)
    width, height = size(drawing.svg)
    expected = (620.0, height * 620 / width) if is_fitted else (width, height)
    for thing in (value, drawing):
        assert size(shown(shell, thing)["image/svg+xml"]) == pytest.approx(expected, rel=1e-5)
    assert (620 < width <= 620 / 0.7) is is_fitted


def test_a_drawing_shows_itself_as_svg(shell):
    bundle = shown(shell, draw(Value(2.0)))
    assert bundle["image/svg+xml"].startswith("<svg")
    assert bundle["text/plain"] == "<Drawing of 1 node>"
    assert "text/html" not in bundle


def test_a_value_with_a_small_graph_shows_it(shell):
    x = Value(2.0, label="x")
    bundle = shown(shell, x * x)
    assert bundle["image/svg+xml"] == draw(x * x).svg
    assert bundle["text/plain"] == repr(x * x)


def test_a_subclass_of_value_shows_its_graph_too(shell):
    class Parameter(Value):
        __slots__ = ()

    assert "image/svg+xml" in shown(shell, Parameter(1.0))


def test_the_usual_network_of_micrograd_shows_its_neurons(shell):
    output = MLP(3, [4, 4, 1], seed=0)([2.0, 3.0, -1.0])
    bundle = shown(shell, output)
    assert "61 nodes drawn as neurons" in bundle["image/svg+xml"]


@pytest.mark.parametrize("length", [200, 5_000, 200_000])
def test_a_value_with_a_large_graph_shows_the_part_near_it_and_says_so(shell, length):
    value = chain(length)
    svg = shown(shell, value)["image/svg+xml"]
    assert svg.count(">tanh<") == 4
    assert "the end of a larger graph" in svg


def test_a_batch_of_examples_shows_its_layers(shell):
    model, data = MLP(2, [16, 16, 1], seed=0), moons(100)
    outputs = [model(x) for x in data.X.tolist()]
    loss = sum(hinge(f, y) for f, y in zip(outputs, (2 * data.y - 1).tolist(), strict=True))
    svg = shown(shell, loss)["image/svg+xml"]
    assert "2 -&gt; 16, relu, 100 times" in svg


def test_a_value_falls_back_to_text_when_the_renderer_fails(shell, monkeypatch, capsys):
    monkeypatch.setattr(rendering, "_in_sandbox", fail)
    value = Value(2.0)
    assert shown(shell, value) == {"text/plain": repr(value)}
    assert capsys.readouterr() == ("", "")


def test_a_drawing_says_in_text_why_it_is_not_shown(shell, monkeypatch):
    monkeypatch.setattr(rendering, "_in_sandbox", fail)
    [(kind, text)] = shown(shell, draw(Value(2.0))).items()
    assert kind == "text/plain"
    assert "nothing here can draw" in text


def test_a_cell_shows_a_value(shell):
    result = shell.run_cell(
        "from autograd import Value\nimport viz\nx = Value(2.0, label='x')\nx * x"
    )
    assert result.success
    assert "image/svg+xml" in shown(shell, result.result)


def test_without_ipython_registering_does_nothing(monkeypatch):
    import sys

    monkeypatch.delitem(sys.modules, "IPython")
    display.register()
    assert "IPython" not in sys.modules

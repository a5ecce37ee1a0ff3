import os
import shutil
import tempfile
import webbrowser
from pathlib import Path

import pytest

from autograd import Value
from viz import draw
from viz.svg import rendering

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("graph.svg", b"<svg"),
        ("GRAPH.SVG", b"<svg"),
        ("graph.dot", b"digraph"),
        ("graph.gv", b"digraph"),
        pytest.param("graph.png", b"\x89PNG", marks=needs_dot),
        pytest.param("graph.pdf", b"%PDF", marks=needs_dot),
    ],
)
def test_the_suffix_says_the_format(tmp_path, name, start):
    path = draw(Value(1.0, label="π")).save(str(tmp_path / name))
    assert path == tmp_path / name
    assert path.read_bytes().startswith(start)
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("name", ["graph.jpg", "graph", "graph.svg.exe"])
def test_an_unknown_suffix_is_an_error_that_names_the_known_ones(tmp_path, name):
    with pytest.raises(ValueError, match=r"\.svg, \.dot, \.png or \.pdf"):
        draw(Value(1.0)).save(tmp_path / name)
    assert not os.listdir(tmp_path)


def a_file(folder):
    (folder / "file").write_text("here already")


@pytest.mark.parametrize(
    ("prepare", "place", "error", "message"),
    [
        (None, "missing/a.svg", FileNotFoundError, r"no folder '.*missing' to save in: .*a\.svg'"),
        (None, "missing/a.png", FileNotFoundError, "no folder '.*missing' to save in"),
        (a_file, "file/a.svg", FileNotFoundError, "no folder '.*file' to save in"),
        (lambda folder: (folder / "a.svg").mkdir(), "a.svg", OSError, r"directory.*: '.*/a\.svg'$"),
        (None, f"{'a' * 300}.svg", OSError, r"name too long: '.*/a+\.svg'$"),
    ],
    ids=["a folder", "a folder, before rendering", "a file", "a folder of that name", "a name"],
)
def test_what_is_in_the_way_is_named(tmp_path, prepare, place, error, message):
    if prepare:
        prepare(tmp_path)
    before = os.listdir(tmp_path)
    with pytest.raises(error, match=message) as caught:
        draw(Value(1.0)).save(tmp_path / place)
    assert caught.value.filename == str(tmp_path / place)
    assert ".tmp" not in str(caught.value)
    assert os.listdir(tmp_path) == before


def test_a_folder_that_is_not_ours_is_named_by_the_file(tmp_path, monkeypatch):
    def denied(path, mode):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(PermissionError, match=r"Permission denied: '.*/a\.svg'") as caught:
        draw(Value(1.0)).save(tmp_path / "a.svg")
    assert caught.value.filename == str(tmp_path / "a.svg")


def test_a_name_may_be_as_long_as_names_may_be(tmp_path):
    name = "a" * 251 + ".svg"
    draw(Value(1.0)).save(tmp_path / name)
    assert os.listdir(tmp_path) == [name]


def test_an_old_picture_survives_a_failure(tmp_path, monkeypatch):
    path = tmp_path / "graph.svg"
    path.write_text("old")

    def fail(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        draw(Value(1.0)).save(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["graph.svg"]


def test_an_old_picture_is_replaced_and_not_written_into(tmp_path):
    path, other_name = tmp_path / "graph.dot", tmp_path / "other"
    path.write_text("old")
    os.link(path, other_name)
    draw(Value(1.0)).save(path)
    assert path.read_text().startswith("digraph")
    assert other_name.read_text() == "old"


def test_a_failing_renderer_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(rendering, "_new_sandbox", lambda: None)
    monkeypatch.setattr(rendering, "_sandbox", None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(rendering.RenderingError):
        draw(Value(1.0)).save(tmp_path / "graph.svg")
    assert not os.listdir(tmp_path)


def test_a_drawing_is_shown_in_the_browser_from_a_new_file(monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda uri: opened.append(uri) or True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    drawing = draw(Value(1.0))
    path = drawing.show()
    assert path.parent == tmp_path
    assert path.read_text("utf-8") == drawing.svg
    assert opened == [path.as_uri()]


def test_without_a_browser_the_error_says_where_the_drawing_is(monkeypatch, tmp_path):
    monkeypatch.setattr(webbrowser, "open", lambda uri: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(rendering.RenderingError, match=r"no browser .* in .*/graph-\w+\.svg"):
        draw(Value(1.0)).show()
    [path] = tmp_path.iterdir()
    assert path.read_text("utf-8").startswith("<svg")

"""Steps as a file, in a notebook and in a browser."""

import os

import pytest

from autograd import Value
from nn import MLP, hinge
from viz import RenderingError, steps
from viz.player.pages.embedding import frame_height
from viz.svg import rendering
from viz.svg.texts.labels import data_line, grad_line


def network() -> Value:
    model = MLP(2, [3, 1], seed=0)
    return hinge(model([0.5, -0.5]), -1.0)


def test_steps_are_saved_as_a_page_that_is_complete(tmp_path):
    path = steps(network()).save(str(tmp_path / "steps.html"))
    assert path == tmp_path / "steps.html"
    assert path.read_text("utf-8").startswith("<!doctype html>")
    assert path.read_text("utf-8").rstrip().endswith("</html>")
    assert os.listdir(tmp_path) == ["steps.html"]


@pytest.mark.parametrize("name", ["steps.svg", "steps", "steps.html.txt"])
def test_another_suffix_is_an_error_that_names_the_right_one(tmp_path, name):
    with pytest.raises(ValueError, match=r"steps are saved as \.html"):
        steps(Value(1.0)).save(tmp_path / name)
    assert not os.listdir(tmp_path)


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder '.*missing' to save in"):
        steps(Value(1.0)).save(tmp_path / "missing" / "steps.html")


def test_an_old_page_survives_a_failure(tmp_path, monkeypatch):
    path = tmp_path / "steps.html"
    path.write_text("old")

    def fail(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        steps(Value(1.0)).save(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["steps.html"]


def test_a_page_that_others_may_not_read_stays_so(tmp_path):
    path = tmp_path / "steps.html"
    path.touch()
    path.chmod(0o600)
    steps(Value(1.0)).save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size > 0


def test_behind_a_link_it_is_the_page_that_is_replaced(tmp_path):
    page, link = tmp_path / "page.html", tmp_path / "folder" / "link.html"
    link.parent.mkdir()
    page.write_text("old")
    link.symlink_to(page)
    assert steps(Value(1.0)).save(link) == link
    assert link.is_symlink()
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert os.listdir(link.parent) == ["link.html"]


def test_a_notebook_gets_a_player_a_picture_and_a_line_of_text():
    walk = steps(network())
    bundle = walk._repr_mimebundle_()
    assert list(bundle) == ["text/html", "image/svg+xml", "text/plain"]
    assert f'height="{frame_height(walk.svg)}"' in bundle["text/html"]
    assert bundle["image/svg+xml"] == walk.svg
    assert bundle["text/plain"] == repr(walk) == "<Steps of L: 10 forward, 11 backward>"


def test_without_a_renderer_there_are_words(monkeypatch):
    def fail(*_: object) -> None:
        raise RenderingError("nothing here can draw")

    monkeypatch.setattr(rendering, "_in_sandbox", fail)
    [(kind, text)] = steps(network())._repr_mimebundle_().items()
    assert kind == "text/plain"
    assert "not shown: nothing here can draw" in text


def shown(page, id: str) -> list[str]:
    return page.locator(f"#{id} text").all_text_contents()[-2:]


def test_in_a_browser_the_last_step_shows_the_numbers_of_the_graph(page, tmp_path):
    loss = network()
    walk = steps(loss)
    page.goto(walk.save(tmp_path / "steps.html").as_uri())
    loss.backward()
    boxes = {f"n{i}": box.value for i, box in enumerate(walk.picture.boxes)}
    assert "data ?" in page.locator(".picture text").all_text_contents()
    for _ in range(len(walk) - 1):
        page.keyboard.press("ArrowRight")
    assert page.locator(".place").inner_text() == f"Step {len(walk)} of {len(walk)}"
    for id, node in boxes.items():
        if node.kind != "constant":
            assert shown(page, id) == [data_line(node.data), grad_line(node.grad)]
    assert page.locator(".rule").inner_text() == walk[-1].rule

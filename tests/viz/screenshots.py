"""The screenshots in the README: `python -m tests.viz.screenshots` writes them anew."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from autograd import Value
from nn import MLP, fit, moons, split
from viz import Film, steps

DOCS = Path(__file__).parents[2] / "docs"


def neuron() -> Value:
    """The neuron of the README's first lines."""
    x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(6.5, label="b")
    y = (w * x + b).tanh()
    y.label = "y"
    return y


def film() -> Film:
    """The training of the README's second lines, a little longer."""
    film = Film()
    training, test = split(moons(500))
    fit(
        MLP(2, [8, 8, 2], seed=0),
        training.X,
        training.y,
        epochs=30,
        validation=(test.X, test.y),
        callbacks=[film],
        progress=False,
    )
    return film


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = {
            "player": (steps(neuron()).save(Path(folder) / "player.html"), "#step=8", 510),
            "film": (film().save(Path(folder) / "film.html"), "#step=16", 775),
        }
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (path, at, height) in pages.items():
            page = chromium.new_page(viewport={"width": 900, "height": height})
            page.goto(path.as_uri() + at)
            page.wait_for_timeout(500)
            page.screenshot(path=DOCS / f"{name}.png")
        chromium.close()


if __name__ == "__main__":
    main()

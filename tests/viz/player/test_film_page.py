"""The page of a film in a browser: what it shows is what the history says."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe

import viz
from nn import MLP, fit, moons
from viz.svg.mixing import channels
from viz.svg.style import PAPER
from viz.svg.texts.labels import number
from viz.svg.theme import DARK

TRAINING, HELD_OUT = moons(80, seed=1), moons(40, seed=2)


@pytest.fixture(scope="module")
def filmed(tmp_path_factory):
    """A film on a page, and the history of its training."""
    film, model = viz.Film(classes=["<b>no</b>", "yes"]), MLP(2, [6, 2], seed=0)
    history = fit(
        model,
        TRAINING.X,
        TRAINING.y,
        validation=(HELD_OUT.X, HELD_OUT.y),
        epochs=8,
        callbacks=[film],
        progress=False,
    )
    return film.save(tmp_path_factory.mktemp("film") / "film.html"), history


def opened(page, address):
    page.goto(address)
    page.locator(".running").wait_for()


def shown(page):
    """The numbers that stand there, by name."""
    names = page.locator(".numbers dt").all_text_contents()
    return dict(zip(names, page.locator(".numbers dd").all_text_contents(), strict=True))


def expected(history, epoch):
    return {
        name.replace("_", " "): number(numbers[epoch - 1]) if epoch else "not measured"
        for name, numbers in history.columns.items()
    }


def picture(page):
    """The pixels of the plane, the lines of the network and the curves' ends, as texts."""
    return page.evaluate(
        """() => [
            document.querySelector("canvas").toDataURL(),
            document.querySelector(".edges").innerHTML,
            [...document.querySelectorAll(".dot, .mark, .curve")].map((x) => x.outerHTML).join(),
        ]"""
    )


def colors_of(page, places):
    """The colours of the plane at places of the model's inputs."""
    return page.evaluate(
        """(places) => {
            const canvas = document.querySelector("canvas"), context = canvas.getContext("2d");
            const at = (share, length) => Math.round(share * (length - 1));
            return places.map(([x, y]) => [...context.getImageData(
                at(x, canvas.width), at(y, canvas.height), 1, 1).data]);
        }""",
        places,
    )


def test_the_page_plays_a_training_with_the_numbers_of_its_history(page, filmed):
    file, history = filmed
    opened(page, file.as_uri())
    assert shown(page) == expected(history, 0)
    assert page.locator(".place").inner_text() == "epoch 0 of 8"
    pictures = [picture(page)]
    for epoch in range(1, 9):
        page.keyboard.press("ArrowRight")
        assert shown(page) == expected(history, epoch)
        pictures.append(picture(page))
    said = page.locator(".sentence").inner_text().removeprefix("Epoch 8: ").split(", ")
    assert set(said) == {f"{name} {x}" for name, x in expected(history, 8).items()}
    for before, after in itertools.pairwise(pictures):
        assert all(a != b for a, b in zip(before, after, strict=True))  # All of it moves.
    page.keyboard.press("Home")
    assert picture(page) == pictures[0]
    page.locator(".slider").fill("5")
    assert shown(page) == expected(history, 5)
    assert picture(page) == pictures[5]
    page.keyboard.press("ArrowLeft")
    assert picture(page) == pictures[4]
    page.locator(".speed select").select_option("4")
    page.keyboard.press(" ")
    page.get_by_text("epoch 8 of 8").wait_for()
    assert picture(page) == pictures[8]


def test_the_page_keeps_nobody_out_and_has_names_as_texts(page, filmed):
    opened(page, f"{filmed[0].as_uri()}#step=9")
    assert page.locator(".place").inner_text() == "epoch 8 of 8"
    assert page.locator("b").count() == 0
    assert page.locator(".panel.plane text", has_text="<b>no</b>").count() == 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_a_network_on_a_narrow_page_is_not_shrunk_and_is_reached_by_keys(page, filmed):
    page.set_viewport_size({"width": 360, "height": 700})
    opened(page, filmed[0].as_uri())
    letters = page.locator(".panel-network text").evaluate_all(
        "all => all.map((text) => text.getBoundingClientRect().height)"
    )
    assert min(letters) >= 9
    assert page.locator(".panel.network").get_attribute("tabindex") == "0"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_page_fades_where_it_goes_on_below_and_only_there(page, filmed):
    page.set_viewport_size({"width": 900, "height": 600})
    opened(page, filmed[0].as_uri())
    assert page.locator(".picture.more").count() == 1
    page.locator(".picture").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    page.locator(".picture:not(.more)").wait_for()
    page.set_viewport_size({"width": 900, "height": 900})
    page.wait_for_timeout(50)
    assert page.locator(".picture.more").count() == 0


def test_neurons_lie_on_the_ground_of_the_page_light_or_dark(page, filmed):
    opened(page, filmed[0].as_uri())
    for scheme, ground in (("light", [255, 255, 255]), ("dark", channels(DARK[PAPER]))):
        page.emulate_media(color_scheme=scheme)
        beneath = page.locator(".panel-network ellipse.ground").first
        color = beneath.evaluate("x => getComputedStyle(x).fill")
        assert color == f"rgb({', '.join(map(str, ground))})"
    biases = page.locator(".neuron").evaluate_all(
        "all => all.map((x) => x.getAttribute('fill-opacity'))"
    )
    assert set(biases) == {"0"}  # before the first epoch


def test_the_plane_has_the_colour_of_the_class_that_the_model_decides_for(page, filmed, tmp_path):
    model, film, X = MLP(2, [8, 3], seed=1), viz.Film(), TRAINING.X
    y = (X[:, 0] > 0.0).astype(int) + (X[:, 0] > 1.0)
    fit(model, X, y, epochs=30, callbacks=[film], progress=False)
    opened(page, f"{film.save(tmp_path / 'film.html').as_uri()}#step=99")
    plane = film.scene().view.plane
    shares = [(x / 12, y / 12) for x in range(13) for y in range(13)]
    places = [
        plane.low + (plane.high - plane.low) * [across, 1.0 - down] for across, down in shares
    ]
    colors = {}
    edges = 0
    for color, place in zip(colors_of(page, shares), places, strict=True):
        outputs = sorted((z.data, i) for i, z in enumerate(model(list(place))))
        if outputs[-1][0] - outputs[-2][0] < 0.3:
            edges += 1  # It may be on the line.
        else:
            colors.setdefault(outputs[-1][1], set()).add(tuple(color[:3]))
    assert edges < 40
    assert len(colors) == 3
    # Canvases round the colours of what is half transparent.
    for kind, seen in colors.items():
        right = channels(plane.color(kind))
        assert all(max(abs(a - b) for a, b in zip(c, right, strict=True)) < 12 for c in seen)


def test_a_film_of_a_large_network_of_many_inputs_plays_without_a_plane(page, tmp_path):
    X = [[i % 7 / 7, i % 5 / 5, i % 3 / 3] for i in range(40)]
    film = viz.Film(frames=3)
    history = fit(
        MLP(3, [24, 2], seed=0),
        X,
        [i % 2 for i in range(40)],
        epochs=5,
        callbacks=[film],
        progress=False,
    )
    opened(page, film.save(tmp_path / "film.html").as_uri())
    page.keyboard.press("End")
    assert page.locator("canvas").count() == 0
    assert page.locator(".panel-sizes .dot").count() == 2
    assert shown(page) == expected(history, 5)

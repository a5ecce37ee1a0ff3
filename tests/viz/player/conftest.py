"""A forward and a backward pass through one neuron, in the browser."""

import copy

import pytest

from autograd import Value
from viz import steps
from viz.player.pages.page import page as page_of


@pytest.fixture(scope="session")
def walked():
    """Twelve steps: three into the neuron h, L = h * h, the gradient of L, two to h, five back."""
    x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(6.5, label="b")
    h = (w * x + b).tanh()
    h.label = "h"
    loss = h * h
    loss.label = "L"
    loss.backward()
    return steps(loss)


@pytest.fixture
def data(walked):
    """What the page shows, to be changed at will."""
    return copy.deepcopy(walked.data)


@pytest.fixture(scope="session")
def played(walked):
    """The page."""
    return page_of("steps", walked.title, walked.svg, walked.data)


@pytest.fixture(scope="session")
def address(played, tmp_path_factory):
    """The page in a file."""
    file = tmp_path_factory.mktemp("player") / "steps.html"
    file.write_text(played, "utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def tab(watched):
    """One page for all tests of a file: opening another takes longer than most of them."""
    with watched() as page:
        yield page


@pytest.fixture
def opened(tab, address):
    """The browser at that page, as if it had just come."""
    tab.set_viewport_size({"width": 900, "height": 700})
    tab.emulate_media(color_scheme="light", reduced_motion="no-preference")
    tab.mouse.move(0, 0)
    tab.goto(address)
    return tab

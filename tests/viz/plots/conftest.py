import matplotlib
import pytest
from matplotlib.figure import Figure


@pytest.fixture(autouse=True)
def _global_state_of_matplotlib_is_left_alone():
    before = dict(matplotlib.rcParams)
    yield
    assert dict(matplotlib.rcParams) == before


@pytest.fixture
def axes():
    """An Axes of a person's own, in a figure with another."""
    figure = Figure()
    own, _ = figure.subplots(1, 2)
    return own

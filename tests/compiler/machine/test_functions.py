"""The vector functions: within 4 units in the last place of the exact result everywhere."""

import numpy as np
import pytest

from tests.compiler.machine.referees import NAMES, estimated, exact

ALLOWED = 4.0
COUNT = 50_000  # of each kind of points
# Where a text takes another branch, and where results begin to underflow or to overflow.
PLACES = (0.25, 0.3465735902799726, 0.5, 0.625, 0.7071067811865476, 1.0, 1.4142135623730951, 2.0,
          3.0, 5.66, 18.7, 26.6, 30.0, 36.7, 37.5, 38.5, 42.0, 350.0, 354.9, 372.5, 708.4,
          709.782712893384, 745.1332191019411, 2.0**52)  # fmt: skip


def _points() -> np.ndarray:
    """Where networks are, the whole range of an exponential, all magnitudes, and special places."""
    rng = np.random.default_rng(0)
    magnitudes = np.exp2(rng.uniform(-1074, 1024, COUNT)) * rng.choice([-1.0, 1.0], COUNT)
    near = rng.choice(PLACES, COUNT) * rng.choice([-1.0, 1.0], COUNT)
    near = near * (1.0 + rng.integers(-30, 31, COUNT) * 2.0 ** -rng.integers(30, 53, COUNT))
    kinds = [
        rng.normal(size=COUNT),
        5.0 * rng.normal(size=COUNT),
        rng.uniform(-760.0, 760.0, COUNT),
        rng.uniform(0.4, 2.5, COUNT),
        magnitudes,
        near,
        np.arange(-1075.0, 1026.0),
    ]
    return np.concatenate(kinds)


POINTS = _points()


@pytest.mark.parametrize("name", NAMES)
def test_functions_are_within_4_units_in_the_last_place(table, name):
    # What extended precision finds below 2 units is below 4; the rest is for mpmath to say.
    result = table(name, POINTS)
    errors = estimated(table, name, POINTS, result)
    assert np.isfinite(errors).all()
    doubtful = np.flatnonzero(errors > ALLOWED / 2)
    assert all(exact(name, POINTS[i], result[i]) <= ALLOWED for i in doubtful)


@pytest.mark.parametrize("name", NAMES)
def test_extended_precision_agrees_with_mpmath(table, name):
    x = np.random.default_rng(1).choice(POINTS[np.abs(POINTS) < 760.0], 300)
    result = table(name, x)
    there = np.isfinite(result)
    by_mpmath = [exact(name, *each) for each in zip(x[there], result[there], strict=True)]
    # The argument of erfc in gelu is rounded, which may cost half a unit.
    allowed = 0.5 if name == "gelu" else 0.01
    assert np.abs(estimated(table, name, x, result)[there] - by_mpmath).max() < allowed

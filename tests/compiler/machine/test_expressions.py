"""Every operation of the table in C: at the edges the results that it has on arrays."""

from itertools import product

import numpy as np
import pytest

from autograd import Operation
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.expressions import expression
from autograd.operations import TABLE
from tests.compiler.machine.referees import NAMES, estimated

NOT_APPLIED = ("dot", "logsumexp", "pick")  # statements of other kinds do these
EITHER_ZERO = ("maximum", "minimum", "clip")  # of 0.0 and -0.0 NumPy gives now this, now that
MAGNITUDES = (np.inf, 0.0, 5e-324, 1e-310, 2.3e-308, 1e-200, 1e-17, 0.3, 0.5, 1.0, 1.5, 2.0, 2.5,
              3.0, 10.0, 36.7, 709.78, 709.79, 745.1, 745.2, 1e15 + 0.5, 2.0**52 + 1.0, 1e17,
              1e200, 1e308, np.finfo(float).max)  # fmt: skip
EDGES = (np.nan, *(sign * x for x in MAGNITUDES for sign in (1.0, -1.0)))
FEWER = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.3, 5e-324, -1e-310, 709.79, -1e308)


def _same(result: np.ndarray, wanted: np.ndarray, zeros: bool) -> np.ndarray:
    """NaN for NaN, and else within 4 units, with the same sign also if 0 and `zeros` is given."""
    with np.errstate(all="ignore"):
        near = np.abs(result - wanted) <= 4.0 * np.spacing(np.abs(wanted))
    near |= result == wanted
    near &= (result == 0.0) == (wanted == 0.0)
    near &= (np.signbit(result) == np.signbit(wanted)) | ((wanted == 0.0) & (not zeros))
    return near | (np.isnan(result) & np.isnan(wanted))


def _assert_as_on_arrays(table, name: str, operands: np.ndarray) -> None:
    result = table(name, *operands)
    with np.errstate(all="ignore"):
        wanted = TABLE[name].array(*operands)
    same = _same(result, wanted, name not in EITHER_ZERO)
    if name in NAMES:
        # Arrays are not exact either: sigmoid(-709.79) is 0 there, and gelu loses digits.
        same |= np.isfinite(wanted) & (estimated(table, name, operands[0], result) <= 3.5)
    assert same.all(), [(*operands[:, i], wanted[i], result[i]) for i in np.flatnonzero(~same)[:9]]


@pytest.mark.parametrize("name", [name for name in TABLE if name not in NOT_APPLIED])
def test_operations_are_what_they_are_on_arrays(table, name):
    count = TABLE[name].arity or 3
    edges = np.array(list(product(EDGES if count < 3 else FEWER, repeat=count))).T
    _assert_as_on_arrays(table, name, edges)
    rng = np.random.default_rng(0)
    _assert_as_on_arrays(table, name, 3.0 * rng.normal(size=(count, 20_000)))
    wholes = rng.integers(-9, 10, size=(count, 5_000)).astype(float)
    _assert_as_on_arrays(table, name, wholes)


def test_what_is_not_in_the_table_has_no_c():
    twice = Operation("twice", symbol="2", forward=lambda x: x + x, partials=(2.0,))
    with pytest.raises(Uncovered, match="twice is an operation of your own"):
        expression(twice, ["x"])
    twin = Operation("exp", symbol="exp", forward=lambda x: x + x, partials=(2.0,))
    with pytest.raises(Uncovered, match="exp is an operation of your own"):
        expression(twin, ["x"])


@pytest.mark.parametrize("name", NOT_APPLIED)
def test_a_row_without_c_says_so(name):
    with pytest.raises(Uncovered, match=f"{name} has no C yet"):
        expression(TABLE[name], ["x", "y"])

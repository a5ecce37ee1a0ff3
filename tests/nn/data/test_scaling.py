"""Scalers learn from the training part only, are applied to the rest, and can be undone."""

import json
import re

import numpy as np
import pytest

from nn import MinMaxScaler, StandardScaler, moons, split
from nn.data.errors import DataError
from nn.data.scaler import Scaler

SCALERS = [StandardScaler(), MinMaxScaler(), MinMaxScaler(-1, 1), MinMaxScaler(-0.1, 0.2)]
each = pytest.mark.parametrize("scaler", SCALERS, ids=repr)
RNG = np.random.default_rng(3)
X = RNG.normal(size=(50, 4)) * [1.0, 100.0, 1e-6, 1e9] + [0.0, -7.0, 1.0, 1e9]


def test_z_scores_have_mean_0_and_deviation_1():
    scaled = StandardScaler().fit_transform(X)
    assert scaled.mean(axis=0) == pytest.approx(0.0, abs=1e-8)
    assert scaled.std(axis=0) == pytest.approx(1.0)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (-0.1, 0.2), (5, 1000)])
def test_min_max_scaling_reaches_both_ends_to_the_last_bit(low, high):
    scaled = MinMaxScaler(low, high).fit_transform(X)
    assert scaled.min(axis=0).tolist() == [low] * 4
    assert scaled.max(axis=0).tolist() == [high] * 4


def test_both_are_what_scikit_learn_computes():
    from sklearn import preprocessing

    new = RNG.normal(size=(5, 4)) * 1e9
    for ours, theirs in [
        (StandardScaler(), preprocessing.StandardScaler()),
        (MinMaxScaler(-2, 3), preprocessing.MinMaxScaler((-2, 3))),
    ]:
        ours.fit(X), theirs.fit(X)
        for data in (X, new):
            assert ours.transform(data) == pytest.approx(theirs.transform(data), rel=1e-9, abs=1e-9)


@each
def test_only_what_it_was_fitted_on_is_measured(scaler):
    training, testing = split(moons(100))
    scaler.fit(training.X)
    before = json.dumps(scaler.to_dict())
    scaler.transform(testing.X * 100.0)
    assert json.dumps(scaler.to_dict()) == before
    assert scaler.transform(testing.X * 100.0).max() > 2.0


@each
def test_scaling_is_undone(scaler):
    scaler.fit(X)
    new = X * 3.0 - 5.0
    assert scaler.inverse_transform(scaler.transform(new)) == pytest.approx(new, rel=1e-9)


@each
def test_what_is_scaled_stays_as_it_was(scaler):
    given = X.copy()
    scaler.fit(given)
    scaler.transform(given)
    scaler.inverse_transform(given)
    assert (given == X).all()


@pytest.mark.parametrize("constant", [5.0, 0.1, 0.0, -1e300, 1e308])
def test_a_constant_column_is_only_shifted_and_not_blown_up_by_rounding(constant):
    column = np.full((1437, 1), constant)
    assert not StandardScaler().fit_transform(column).any()
    assert (MinMaxScaler(2, 3).fit_transform(column) == 2.0).all()
    for scaler in (StandardScaler().fit(column), MinMaxScaler().fit(column)):
        assert scaler.transform(column[:1] + 1.0)[0, 0] == pytest.approx(
            column[0, 0] + 1 - constant
        )
        assert (scaler.inverse_transform(scaler.transform(column)) == column).all()


@pytest.mark.parametrize("data", [[[1], [3]], np.array([[1], [3]], np.uint8), [(True,), (False,)]])
def test_whole_numbers_are_scaled_as_numbers(data):
    assert np.abs(StandardScaler().fit_transform(data)).tolist() == [[1.0], [1.0]]


@each
def test_it_goes_through_json_to_the_same_bits(scaler):
    scaler.fit(X)
    again = Scaler.from_dict(json.loads(json.dumps(scaler.to_dict())))
    assert (type(again), repr(again)) == (type(scaler), repr(scaler))
    assert (again.transform(X) == scaler.transform(X)).all()


STATE = StandardScaler().fit(X).to_dict()
RANGE = MinMaxScaler().fit(X).to_dict()


@pytest.mark.parametrize(
    "state",
    [
        None,
        [],
        {},
        {"scaler": []},
        {"scaler": "Scaler"},
        {"scaler": "StandardScaler"},
        STATE | {"more": 1},
        STATE | {"mean_": None},
        STATE | {"mean_": [1.0]},
        STATE | {"mean_": "1234"},
        STATE | {"scale_": [0.0] * 4},
        STATE | {"scale_": [float("nan")] * 4},
        RANGE | {"low": 2.0},
        RANGE | {"high": "1"},
        STATE | {"scale_": [float("inf")] * 4},
        RANGE | {"data_min_": [-1e308] * 4, "data_max_": [1e308] * 4},
        RANGE | {"data_min_": RANGE["data_max_"], "data_max_": RANGE["data_min_"]},
    ],
    ids=lambda state: repr(state)[:60],
)
def test_what_is_no_scaler_is_refused(state):
    with pytest.raises(DataError, match="Scaler"):
        Scaler.from_dict(state)


def test_one_kind_of_scaler_is_not_taken_for_another():
    with pytest.raises(DataError, match="the scaler must be one of MinMaxScaler, not"):
        MinMaxScaler.from_dict(STATE)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([1.0, 2.0], r"X must be a matrix, shape \(n, d\), .* not of the shape \(2,\): one column"),
        ([[1.0], [np.nan]], "X has nan in row 1, column 0: all numbers must be finite"),
        ([[1.0, -np.inf]], "X has -inf in row 0, column 1: all numbers must be finite"),
        ([[1.0, None]], "X has nan in row 0, column 1: all numbers must be finite"),
        (
            [[1.0, 2.0], [3.0]],
            r"X\[1\] has 1 numbers and X\[0\] has 2: all examples",
        ),
        ([[1.0, "red"]], "X must hold numbers and nothing else, not 'red'"),
        ([[1j]], "X must hold numbers and nothing else, not 1j"),
        (np.array([["1"]], object), "X must hold numbers and nothing else, not '1'"),
        (None, "X must be a list of examples, not None"),
        (moons(5), "X must hold numbers and nothing else, not <moons"),
        (np.ma.masked_equal([[1.0, 2.0]], 2.0), "X is a masked array: leave out what is masked"),
        (np.zeros((0, 4)), "X is empty: there is nothing to learn from"),
        ([[1e308], [-1e308]], "column 0 cannot be scaled: .* lie too far apart for float64"),
    ],
    ids=lambda x: repr(x)[:30],
)
@each
def test_what_cannot_be_learned_from_is_refused_and_nothing_changes(scaler, data, message):
    before = scaler.fit(X).to_dict()
    with pytest.raises((TypeError, ValueError), match=message):
        scaler.fit(data)
    assert scaler.to_dict() == before


def test_deviations_that_vanish_are_refused():
    with pytest.raises(ValueError, match=r"column 1 cannot be scaled: .* too close together"):
        StandardScaler().fit([[0.0, 0.0], [1.0, 1e-200]])


@pytest.mark.parametrize(
    ("scaler", "learned", "method", "data", "message"),
    [
        (MinMaxScaler(), [0.0, 1e-200], "transform", 1e200, "data_min_ 0.0, data_max_ 1e-200"),
        (MinMaxScaler(), [-1e308, 0.0], "transform", 1e308, "data_min_ -1e[+]308, data_max_ 0.0"),
        (MinMaxScaler(), [0.0, 1e200], "inverse_transform", 1e200, "data_min_ 0.0, data_max_"),
        (StandardScaler(), [0.0, 1e-100], "transform", -1e300, "mean_ 5e-101, scale_ 5e-101"),
        (StandardScaler(), [0.0, 1e100], "inverse_transform", 1e250, r"mean_ 5e\+99, scale_ 5e"),
    ],
)
def test_what_lies_too_far_from_what_was_learned_is_refused(scaler, learned, method, data, message):
    scaler.fit([[1.0, x] for x in learned])
    with pytest.raises(
        ValueError, match=f"X has {re.escape(str(data))} in row 1, column 1, which .*, {message}"
    ):
        getattr(scaler, method)([[1.0, 1.0], [1.0, data]])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: MinMaxScaler(feature_range=(-1, 1)),
            "MinMaxScaler takes no feature_range=: say low=",
        ),
        (lambda: StandardScaler(with_mean=False), "StandardScaler takes no with_mean=: it always"),
        (lambda: StandardScaler(copy=False), "StandardScaler takes no copy=: what comes in is"),
        (lambda: StandardScaler(2), r"StandardScaler\(\) takes no arguments"),
        (lambda: StandardScaler(nonsense=2), r"StandardScaler\(\) takes no arguments"),
        (lambda: MinMaxScaler(nonsense=2), "unexpected keyword argument 'nonsense'"),
    ],
)
def test_an_argument_from_elsewhere_is_told_its_name_here(make, message):
    with pytest.raises(TypeError, match=message):
        make()


@pytest.mark.parametrize("method", ["transform", "inverse_transform"])
@each
def test_other_columns_than_those_learned_from_are_refused(scaler, method):
    with pytest.raises(ValueError, match=r"X has 3 columns, and what fit\(\) learned from had 4"):
        getattr(scaler.fit(X), method)(X[:, :3])


@pytest.mark.parametrize("use", ["transform(X)", "inverse_transform(X)", "to_dict()"])
@pytest.mark.parametrize("kind", [StandardScaler, MinMaxScaler])
def test_before_fit_it_is_said_what_to_do(kind, use):
    with pytest.raises(ValueError, match=r"needs what fit\(X\) learns: call fit\(X\) with the tra"):
        eval(f"scaler.{use}", {"scaler": kind(), "X": X})


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ((1, 0), "low must lie below high, both finite, not 1 and 0"),
        ((1, 1), "low must lie below high"),
        ((0, np.inf), "low must lie below high, both finite, not 0 and inf"),
        ((np.nan, 1), "low must lie below high"),
        (((-1, 1),), r"low must be a number, not \(-1, 1\): MinMaxScaler\(-1, 1\)"),
        ((0, "1"), "high must be a number, not '1'"),
        ((True, 2), "low must be a number, not True"),
        ((0, np.complex128(1)), "high must be a number, not"),
        ((-1e308, 1e308), "low must lie below high, both finite"),
        ((np.float64(-1e308), np.float64(1e308)), "low must lie below high, both finite"),
        ((0, 10**400), "low must lie below high, both finite, not 0 and 1000"),
    ],
)
def test_the_range_must_be_one(ends, message):
    with pytest.raises(ValueError, match=message):
        MinMaxScaler(*ends)

import functools
import math

import numpy as np
import pytest

from autograd import Value, compiled, gradient
from nn import (
    MLP,
    SGD,
    Layer,
    Parameter,
    Sequential,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy,
    fit,
    hinge,
    huber,
    kl_divergence,
    mae,
    moons,
    mse,
    one_hot,
    softmax,
)

LOGITS = [0.3, -1.2, 2.0, 0.0]
PROBABILITIES = [0.1, 0.4, 0.2, 0.3]


@pytest.mark.parametrize(
    "loss", [mse, mae, huber, hinge, binary_cross_entropy, binary_cross_entropy_with_logits]
)
def test_a_bare_value_is_a_list_of_one(loss):
    assert loss(Value(0.25), 1.0).data == loss([Value(0.25)], [1.0]).data


def test_targets_may_be_values():
    assert cross_entropy(LOGITS, Value(2.0)).data == cross_entropy(LOGITS, 2).data
    assert mse([Value(1.0)], [Value(3.0)]).data == 4.0


def test_nested_lists_are_averaged_over_all_their_numbers():
    assert mse([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 0.0]]).data == 4.0


@pytest.mark.parametrize("target", [1, [0.0, 1.0, 0.0]])
def test_the_textbooks_probabilities_give_the_textbooks_loss(target):
    assert categorical_cross_entropy([0.2, 0.7, 0.1], target).data == pytest.approx(-math.log(0.7))


@pytest.mark.parametrize("target", [2, PROBABILITIES])
def test_the_loss_of_a_softmax_is_that_of_its_logits(target):
    ours, expected = [Value(z) for z in LOGITS], [Value(z) for z in LOGITS]
    loss, same = categorical_cross_entropy(softmax(ours), target), cross_entropy(expected, target)
    assert loss.data == pytest.approx(same.data, rel=1e-12)
    assert [g.data for g in gradient(loss, ours)] == pytest.approx(
        [g.data for g in gradient(same, expected)], rel=1e-12
    )


# ------------------------------------------------------------------------ by position


@pytest.mark.parametrize(
    ("loss", "outputs", "targets"),
    [
        (cross_entropy, [LOGITS, [1.0, 2.0, 3.0, 4.0], LOGITS], [2, 0, 1]),
        (cross_entropy, [LOGITS, [1.0, 2.0, 3.0, 4.0]], [PROBABILITIES, [0.0, 0.0, 1.0, 0.0]]),
        (categorical_cross_entropy, [PROBABILITIES, [0.25] * 4], [3, 1]),
        (kl_divergence, [PROBABILITIES, [0.25] * 4], [[0.25] * 4, [0.0, 0.5, 0.5, 0.0]]),
    ],
)
def test_by_position_it_is_the_mean_over_the_positions(loss, outputs, targets):
    each = [loss(xs, t).data for xs, t in zip(outputs, targets, strict=True)]
    assert loss(outputs, targets).data == pytest.approx(np.mean(each), rel=1e-14)
    assert loss(outputs[:1], targets[:1]).data == each[0]
    program = compiled(lambda y: loss([[Value(x) for x in xs] for xs in outputs], y))
    assert program([targets])[0] == pytest.approx(np.mean(each), rel=1e-14)


def test_smoothing_is_a_target_that_is_partly_even():
    one_hot, even = np.array([0.0, 0.0, 1.0, 0.0]), np.full(4, 0.25)
    for loss, outputs in [(cross_entropy, LOGITS), (categorical_cross_entropy, PROBABILITIES)]:
        expected = loss(outputs, 0.8 * one_hot + 0.2 * even).data
        for target in (2, one_hot, one_hot.tolist()):
            found = loss(outputs, target, label_smoothing=0.2).data
            assert found == pytest.approx(expected, rel=1e-14)


# ----------------------------------------------------------------------- softmax taken twice


@pytest.mark.parametrize(
    ("call", "made_by", "instead"),
    [
        (lambda zs: cross_entropy(softmax(zs), 1), "softmax", "categorical_cross_entropy"),
        (lambda zs: cross_entropy([softmax(zs)] * 2, [1, 0]), "softmax", "categorical_cross_en"),
        (lambda zs: cross_entropy([z.sigmoid() for z in zs], 1), "sigmoid", "binary_cross_entropy"),
        (
            lambda zs: binary_cross_entropy_with_logits(zs[0].sigmoid(), 1),
            "sigmoid",
            "binary_cross_entropy",
        ),
    ],
)
def test_a_loss_on_logits_refuses_probabilities_in_a_loop_of_ones_own(call, made_by, instead):
    with pytest.raises(ValueError, match=f"leave out the {made_by}, or take loss={instead}"):
        call([Value(z) for z in LOGITS])


# ------------------------------------------------------------------------- on probabilities

ON_PROBABILITIES = {
    "categorical, smoothed": (
        lambda p, t: categorical_cross_entropy(p, 1, label_smoothing=0.1),
        [0.0, 1.0],
    ),
    "categorical, by position": (
        lambda p, t: categorical_cross_entropy([p, p], [1, t]),
        [0.0, 1.0],
    ),
    "binary": (binary_cross_entropy, [0.0, 1.0]),
    "binary, one": (lambda p, t: binary_cross_entropy(p[0], t[0]), [1.0, 0.0]),
    "categorical, index": (lambda p, t: categorical_cross_entropy(p, 1), [0.0, 1.0]),
    "categorical, probabilities": (categorical_cross_entropy, [0.25, 0.75]),
}
on_probabilities = pytest.mark.parametrize(
    ("loss", "target"), ON_PROBABILITIES.values(), ids=ON_PROBABILITIES
)


@pytest.mark.parametrize(("p", "t"), [(0.0, 1.0), (1.0, 0.0), (1e-300, 1.0)])
def test_a_certain_mistake_costs_100(p, t):
    assert binary_cross_entropy(p, t).data == 100.0
    assert categorical_cross_entropy([p, 1.0 - p], [t, 1.0 - t]).data == 100.0


# -t/p + (1 - t)/(1 - p) and -t/p, but 0 where the logarithm counts as -100.
@pytest.mark.parametrize(
    ("loss", "p", "target", "expected"),
    [
        (binary_cross_entropy, [0.25], [1.0], [-4.0]),
        (binary_cross_entropy, [0.0], [0.0], [1.0]),
        (binary_cross_entropy, [1.0], [1.0], [-1.0]),
        (binary_cross_entropy, [0.0], [1.0], [0.0]),
        (binary_cross_entropy, [1.0], [0.0], [0.0]),
        (categorical_cross_entropy, [0.25, 0.75], 0, [-4.0, 0.0]),
        (categorical_cross_entropy, [1.0, 0.0], 0, [-1.0, 0.0]),
        (categorical_cross_entropy, [1.0, 0.0], 1, [0.0, 0.0]),
        (categorical_cross_entropy, [1.0, 0.0], [0.5, 0.5], [-0.5, 0.0]),
    ],
)
def test_gradients_on_probabilities_are_right_to_the_very_edge(loss, p, target, expected):
    values = [Value(x) for x in p]
    loss(values, target).backward()
    assert [x.grad for x in values] == expected
    ps = [Parameter(x) for x in p]
    compiled(lambda shift: loss([x + shift for x in ps], target)).mean([0.0]).backward()
    assert [x.grad for x in ps] == expected


@on_probabilities
@pytest.mark.parametrize("p", [[-0.01, 0.5], [1.01, 0.5], [math.inf, 0.0], [-math.inf, 0.0]])
def test_what_is_no_probability_is_an_error_that_names_the_loss_on_logits(loss, target, p):
    with pytest.raises(
        ValueError,
        match=r"cross_entropy\(\) of .*, which is no probability from 0 to 1: "
        r"for logits there is (binary_)?cross_entropy(_with_logits)?\(\)",
    ):
        loss([Value(x) for x in p], target)


@on_probabilities
def test_compiled_it_is_nan_where_eager_it_is_an_error(loss, target):
    ps = [Parameter(0.25), Parameter(0.75)]
    program = compiled(lambda x: loss([ps[0] + x[0], ps[1] - x[0]], target))
    shifts = np.array([[0.1], [-0.5], [0.8], [0.75], [-0.25]])  # the last two to 0 and 1 exactly
    inside = [True, False, False, True, True]
    expected = [loss([0.25 + x, 0.75 - x], target).data for (x,) in shifts[inside]]
    assert program(shifts)[inside] == pytest.approx(expected, rel=1e-12)
    assert np.isnan(program(shifts)).tolist() == [not right for right in inside]
    program.mean(shifts).backward()
    assert any(math.isnan(p.grad) for p in ps)


@on_probabilities
def test_nan_is_no_error_but_stays_nan(loss, target):
    assert math.isnan(loss([Value(math.nan), Value(0.5)], target).data)


WRONG_TARGETS = [
    (hinge, 0.5, 0, r"0 is no target: hinge wants -1 and 1 \(from 0 and 1: 2 \* y - 1\)"),
    (hinge, 0.5, np.int64(2), "2 is no target: hinge wants"),
    (hinge, 0.5, np.bool_(False), "False is no target: hinge wants"),
    (hinge, [0.5, 0.5], [1, 0.5], "0.5 is no target: hinge wants"),
    (hinge, 0.5, math.nan, "nan is no target: hinge wants"),
    *[
        (loss, prediction, target, f"{shown} is no target: .* wants numbers from 0 to 1")
        for loss in (binary_cross_entropy, binary_cross_entropy_with_logits)
        for prediction, target, shown in [
            (0.5, -1, "-1"),
            (0.5, 1.5, "1.5"),
            ([0.5, 0.5], np.array([0.0, 7.0]), "7.0"),
            (0.5, math.nan, "nan"),
        ]
    ],
    *[
        (loss, prediction, target, f"^{shown} is .* the probabilities .*, and sum to 1")
        for loss in (cross_entropy, categorical_cross_entropy)
        for prediction, target, shown in [
            ([0.25, 0.75], [-5.0, 3.0], "-5.0"),
            ([0.25, 0.75], np.array([2, -1]), "2"),
            ([0.25, 0.75], [0.0, math.nan], "nan"),
            ([0.25, 0.75], [Value(0.5), 1.5], "1.5"),
            ([0.25, 0.75], [0.5, 0.50001], r"1\.00001"),
            ([0.25, 0.75], [0, 0], "0"),
            ([[0.25, 0.75]] * 2, [[0.5, 0.5], [0.5, 0.25]], r"0\.75"),
        ]
    ],
]


@pytest.mark.parametrize(("loss", "prediction", "target", "message"), WRONG_TARGETS)
def test_a_number_that_is_no_target_is_an_error(loss, prediction, target, message):
    with pytest.raises(ValueError, match=message):
        loss(prediction, target)


@pytest.mark.parametrize("loss", [hinge, binary_cross_entropy, binary_cross_entropy_with_logits])
def test_targets_that_are_values_are_not_looked_at(loss):
    assert math.isfinite(loss(0.5, Value(3.0)).data)
    assert np.isfinite(compiled(lambda t: loss(Value(0.5), t))([3.0])).all()
    assert "Targets" in loss.__doc__, "which is said"


@pytest.mark.parametrize("loss", [cross_entropy, categorical_cross_entropy])
def test_targets_that_are_probabilities_may_be_rounded(loss):
    for target in ([0.5, 0.5000005], [True, False], np.float32([1 / 3, 2 / 3])):
        assert math.isfinite(loss([0.25, 0.75], target).data)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: cross_entropy(LOGITS, 4), ValueError, "a class from 0 to 3, not 4"),
        (lambda: cross_entropy(LOGITS, -1), ValueError, "a class from 0 to 3, not -1"),
        (lambda: cross_entropy(LOGITS, 1.5), ValueError, "a class from 0 to 3, not 1.5"),
        (lambda: cross_entropy(LOGITS, math.nan), ValueError, "not nan"),
        (lambda: cross_entropy(LOGITS, [1.0]), ValueError, "4 predictions and 1 targets"),
        (lambda: cross_entropy([], 0), ValueError, r"cross_entropy\(\) of no logits"),
        (lambda: cross_entropy(Value(1.0), 0), TypeError, "takes a list of logits"),
        (
            lambda: categorical_cross_entropy(PROBABILITIES, 4),
            ValueError,
            "a class from 0 to 3, not 4",
        ),
        (
            lambda: categorical_cross_entropy(PROBABILITIES, [1.0]),
            ValueError,
            "4 predictions and 1 targets",
        ),
        (
            lambda: categorical_cross_entropy(Value(1.0), 0),
            TypeError,
            "takes a list of probabilities",
        ),
        (
            lambda: categorical_cross_entropy([], 0),
            ValueError,
            r"categorical_cross_entropy\(\) of no probabilities",
        ),
        (lambda: binary_cross_entropy([], []), ValueError, "of nothing"),
        (lambda: mse(LOGITS, [1.0]), ValueError, r"mse\(\) of 4 predictions and 1 targets"),
        (lambda: hinge([1.0], [1, 1]), ValueError, r"hinge\(\) of 1 predictions and 2 targets"),
        (lambda: mse([], []), ValueError, r"mse\(\) of nothing"),
        (lambda: mae([1.0], [1, 1]), ValueError, r"mae\(\) of 1 predictions and 2 targets"),
        (lambda: huber([], []), ValueError, r"huber\(\) of nothing"),
        (lambda: huber(1.0, 0.0, delta=0.0), ValueError, "delta must be above 0 and finite, not 0"),
        (lambda: huber(1.0, 0.0, delta="1"), TypeError, "delta must be a number above 0"),
        (lambda: kl_divergence(PROBABILITIES, 2), TypeError, "a probability for each class .* 2"),
        (lambda: kl_divergence([1.0], [0.5, 0.5]), ValueError, "1 predictions and 2 targets"),
        (lambda: kl_divergence([0.5, 0.5], [1.5, -0.5]), ValueError, "of -0.5, which is no prob"),
        (
            lambda: kl_divergence([1.5, 1.0], [0.5, 0.5]),
            ValueError,
            "that sum to 2.5, and not to 1",
        ),
        (
            lambda: cross_entropy(LOGITS, 1, label_smoothing=1.0),
            ValueError,
            "label_smoothing must be from 0 to below 1, not 1.0",
        ),
        (
            lambda: cross_entropy(LOGITS, 1, label_smoothing=None),
            TypeError,
            "label_smoothing must be a number from 0 to below 1, not None",
        ),
        (lambda: cross_entropy([LOGITS] * 2, [1]), ValueError, "2 predictions and 1 targets"),
        (
            lambda: cross_entropy([LOGITS] * 2, 1),
            TypeError,
            "positions takes a target for each, .* 1",
        ),
        (lambda: cross_entropy([LOGITS] * 2, [1, 4]), ValueError, "a class from 0 to 3, not 4"),
        (lambda: cross_entropy(LOGITS, [[1.0]] * 4), ValueError, "one target, not one of lists"),
    ],
)
def test_errors_say_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ------------------------------------------------------------------------------- in training


def test_a_divergence_is_trained_on_distributions_and_measured():
    data = moons(40)
    model = Sequential(Layer(2, 2, nonlin=False, seed=0), softmax)
    y = one_hot(data.y) * 0.8 + 0.1
    optimizer = SGD(model.parameters(), learning_rate=0.5)
    history = fit(
        model, data.X, y, loss=kl_divergence, optimizer=optimizer, epochs=15, progress=False
    )
    assert history.loss[-1] < 0.5 * history.loss[0]
    assert 0.7 < history.accuracy[-1] <= 1.0
    with pytest.raises(ValueError, match=r"y has the shape \(40,\): .* \(40, 2\); .* one_hot"):
        fit(model, data.X, data.y, loss=kl_divergence, progress=False)
    with pytest.raises(ValueError, match="from 0 to 1, and sum to 1"):
        fit(model, data.X, 2 * y, loss=kl_divergence, progress=False)


@pytest.mark.parametrize("loss", [mae, huber])
def test_lines_are_learned_by_every_loss_of_regression(loss):
    X = np.linspace(-1.0, 1.0, 20)[:, None]
    model = Layer(1, 1, nonlin=False, seed=0)
    optimizer, y = SGD(model.parameters(), learning_rate=0.1), 3.0 * X + 1.0
    history = fit(model, X, y, loss=loss, optimizer=optimizer, epochs=60, progress=False)
    assert history.loss[-1] < 0.2 * history.loss[0]


def test_a_smoothed_loss_is_trained_and_measured_as_the_loss_it_is():
    data = moons(40)
    model = MLP(2, [8, 2], seed=0)
    smoothed = functools.partial(cross_entropy, label_smoothing=0.1)
    history = fit(model, data.X, data.y, loss=smoothed, epochs=5, progress=False)
    assert history.loss[-1] < history.loss[0]
    assert history.accuracy

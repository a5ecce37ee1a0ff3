import math

import numpy as np
import pytest

from autograd import Value, compiled
from nn import Parameter, accuracy, log_softmax, softmax

LOGITS = {
    "ordinary": [0.3, -1.2, 2.0],
    "one": [5.0],
    "equal": [1.0, 1.0, 1.0, 1.0],
    "large": [1000.0, 999.0, -1000.0],
    "tiny": [-1e-300, 1e-300],
    "minus infinity": [-math.inf, 0.0],
}


@pytest.mark.parametrize("numbers", LOGITS.values(), ids=LOGITS)
@pytest.mark.parametrize("temperature", [1.0, 0.5, 10.0])
def test_softmax_agrees_with_pytorch(numbers, temperature):
    torch = pytest.importorskip("torch")
    weights = [0.5 + 0.25 * i for i in range(len(numbers))]
    values = [Value(x) for x in numbers]
    probabilities = softmax(values, temperature)
    sum(w * p for w, p in zip(weights, probabilities, strict=True)).backward()
    theirs = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
    expected = torch.softmax(theirs / temperature, dim=0)
    (expected * torch.tensor(weights, dtype=torch.float64)).sum().backward()
    assert [p.data for p in probabilities] == pytest.approx(expected.tolist(), rel=1e-12)
    assert [x.grad for x in values] == pytest.approx(theirs.grad.tolist(), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("numbers", LOGITS.values(), ids=LOGITS)
def test_log_softmax_agrees_with_pytorch(numbers):
    torch = pytest.importorskip("torch")
    values = [Value(x) for x in numbers]
    outputs = log_softmax(values)
    outputs[0].backward()
    theirs = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
    expected = torch.log_softmax(theirs, dim=0)
    expected[0].backward()
    assert [x.data for x in outputs] == pytest.approx(expected.tolist(), rel=1e-12)
    assert [x.grad for x in values] == pytest.approx(theirs.grad.tolist(), rel=1e-12, abs=1e-15)


def test_a_temperature_can_be_learned():
    T = Parameter(2.0)
    expected = [p.data for p in softmax([1.0, 2.0], 2.0)]
    ours = softmax([1.0, 2.0], T)
    assert [p.data for p in ours] == expected
    ours[0].backward()  # p (1 - p) / T**2 of a difference of 1
    assert T.grad == pytest.approx(expected[0] * expected[1] / 4.0, rel=1e-14)
    program = compiled(lambda x: softmax(x, T))
    assert program([[1.0, 2.0]]).ravel().tolist() == pytest.approx(expected, rel=1e-15)
    T.data = -1.0
    assert np.isnan(program([[1.0, 2.0]])).all()
    assert math.isnan(softmax([1.0, 2.0], T)[0].data)


def test_infinite_logits_have_no_softmax():
    for logits in ([math.inf, 0.0], [math.inf, math.inf], [0.0, math.nan]):
        assert [math.isnan(p.data) for p in softmax(logits)] == [True, True]
        assert np.isnan(compiled(softmax)(np.array([logits]))).all()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: softmax([]), ValueError, r"softmax\(\) of no logits"),
        (lambda: log_softmax([]), ValueError, r"log_softmax\(\) of no logits"),
        (lambda: softmax(Value(1.0)), TypeError, r"softmax\(\) takes a list of logits"),
        (
            lambda: softmax([1.0], "x"),
            TypeError,
            r"of softmax\(\) must be a number above 0, not 'x'",
        ),
        (lambda: softmax([1.0], 0.0), ValueError, r"temperature of softmax\(\) must be above 0"),
        (lambda: softmax([1.0], math.nan), ValueError, "must be above 0, not nan"),
        (lambda: accuracy([1.0], [1, 0]), ValueError, "1 predictions for 2 targets"),
        (lambda: accuracy([0.5, 1.5], [2, 0]), ValueError, "one score for each .* a target of 2"),
        (lambda: accuracy([], []), ValueError, r"accuracy\(\) of no examples"),
        (lambda: accuracy(np.eye(2), np.eye(2)), ValueError, r"but \(2, 2\) and \(2, 2\) came"),
        (lambda: accuracy(np.zeros((2, 3, 4)), [0, 1]), ValueError, r"but \(2, 3, 4\) and \(2,\)"),
    ],
)
def test_errors_say_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("predictions", "targets", "expected"),
    [
        ([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]], [0, 1, 1], 2 / 3),
        ([[Value(1.0), Value(0.0)]], [0], 1.0),
        (np.eye(3), np.arange(3), 1.0),
        ([-1.0, 1.0], [-1, 1], 1.0),
        ([-1.0, 1.0], [0, 1], 1.0),
        ([[0.5], [-0.5]], [0, 0], 0.5),
        ([Value(0.0)], [-1], 1.0),
        ([[1.0, 0.0], [1.0, 0.0]], [[0], [1]], 0.5),
    ],
    ids=["logits", "values", "arrays", "signs", "zeros and ones", "one column", "no score",
         "a column of targets"],
)  # fmt: skip
def test_accuracy_is_the_share_of_right_answers(predictions, targets, expected):
    assert accuracy(predictions, targets) == expected


NAN, INFINITY = math.nan, math.inf


@pytest.mark.parametrize(
    ("predictions", "targets", "expected"),
    [
        ([NAN, NAN, NAN], [0, -1, 1], 0.0),
        ([[NAN], [1.0]], [0, 1], 0.5),
        ([[NAN, NAN], [NAN, NAN]], [0, 1], 0.0),
        ([[NAN, 1.0], [1.0, NAN]], [0, 0], 0.0),
        ([[1.0, NAN], [2.0, 1.0]], [0, 0], 0.5),
        ([-1.0, 1.0], [NAN, 1], 0.5),
        ([-INFINITY, INFINITY], [0, 1], 1.0),
        ([[-INFINITY, 0.0], [INFINITY, 0.0]], [1, 0], 1.0),
    ],
    ids=["scores", "a column", "logits", "the largest", "the smaller", "target", "infinite score",
         "infinite logits"],
)  # fmt: skip
def test_nan_is_never_right_and_infinity_may_be(predictions, targets, expected):
    assert accuracy(predictions, targets) == expected


@pytest.mark.parametrize("kind", [list, np.array, lambda classes: np.array(classes, dtype=float)])
def test_predicted_classes_are_compared_with_the_targets(kind):
    assert accuracy(kind([2, 1, 1, 1]), [1, 2, 2, 2]) == 0.0
    assert accuracy(kind([0, 1, 2, 3]), [0, 1, 2, 0]) == 0.75


def test_predicted_classes_need_not_be_among_the_targets():
    assert accuracy([2, 1], [1, 1]) == 0.5
    assert accuracy([2.0, 1.0], [1, 1]) == 1.0  # scores
    assert accuracy([1, 0], [1, -1]) == 1.0  # and so are these, beside -1
    assert accuracy([-5, 3], [0, 1]) == 1.0  # and these, since no class is below 0


@pytest.mark.parametrize("masked", [0, 1])
def test_what_is_masked_has_no_accuracy(masked):
    given = [np.array([0, 1]), np.array([0, 1])]
    given[masked] = np.ma.array(given[masked], mask=[0, 1])
    with pytest.raises(TypeError, match="are a masked array"):
        accuracy(*given)

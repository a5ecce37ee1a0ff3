import math

import pytest

from autograd import Value, check_gradients
from nn import binary_cross_entropy, binary_cross_entropy_with_logits, cross_entropy, hinge, mse

LOGITS = [0.3, -1.2, 2.0, 0.0]
PROBABILITIES = [0.1, 0.4, 0.2, 0.3]


def theirs(torch):
    """The same losses in PyTorch, of tensors."""
    F = torch.nn.functional
    return {
        cross_entropy: F.cross_entropy,
        mse: F.mse_loss,
        hinge: lambda s, t: torch.clamp(1 - t * s, min=0).mean(),
        binary_cross_entropy: F.binary_cross_entropy,
        binary_cross_entropy_with_logits: F.binary_cross_entropy_with_logits,
    }


CASES = [
    (cross_entropy, LOGITS, 2),
    (cross_entropy, LOGITS, PROBABILITIES),
    (cross_entropy, [1000.0, -1000.0], 1),
    (cross_entropy, [5.0], 0),
    (mse, LOGITS, [0.0, 1.0, 2.0, -1.0]),
    (mse, [3.0], [1.0]),
    (hinge, LOGITS, [1.0, -1.0, 1.0, -1.0]),
    (hinge, [-3.0], [1.0]),
    (binary_cross_entropy, PROBABILITIES, [0.0, 1.0, 0.25, 1.0]),
    (binary_cross_entropy_with_logits, LOGITS, [0.0, 1.0, 0.25, 1.0]),
    (binary_cross_entropy_with_logits, [800.0, -800.0], [0.0, 1.0]),
]


@pytest.mark.parametrize(("loss", "outputs", "target"), CASES)
def test_losses_agree_with_pytorch(loss, outputs, target):
    torch = pytest.importorskip("torch")
    values = [Value(x) for x in outputs]
    ours = loss(values, target)
    ours.backward()
    tensor = torch.tensor(outputs, dtype=torch.float64, requires_grad=True)
    kind = torch.int64 if isinstance(target, int) else torch.float64
    expected = theirs(torch)[loss](tensor, torch.tensor(target, dtype=kind))
    expected.backward()
    assert ours.data == pytest.approx(expected.item(), rel=1e-12)
    assert [x.grad for x in values] == pytest.approx(tensor.grad.tolist(), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("loss", "outputs", "target"), [case for case in CASES if len(case[1]) > 2]
)
def test_losses_have_right_first_and_second_derivatives(loss, outputs, target):
    check_gradients(lambda xs: loss(xs, target), outputs)


@pytest.mark.parametrize(
    "loss", [mse, hinge, binary_cross_entropy, binary_cross_entropy_with_logits]
)
def test_a_bare_value_is_a_list_of_one(loss):
    assert loss(Value(0.25), 1.0).data == loss([Value(0.25)], [1.0]).data


def test_targets_may_be_values():
    assert cross_entropy(LOGITS, Value(2.0)).data == cross_entropy(LOGITS, 2).data
    assert mse([Value(1.0)], [Value(3.0)]).data == 4.0


def test_nested_lists_are_averaged_over_all_their_numbers():
    assert mse([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 0.0]]).data == 4.0


@pytest.mark.parametrize(("p", "t"), [(0.0, 1.0), (1.0, 0.0)])
def test_the_binary_cross_entropy_of_a_certain_mistake_is_100(p, t):
    assert binary_cross_entropy(p, t).data == 100.0


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
        (lambda: mse(LOGITS, [1.0]), ValueError, r"mse\(\) of 4 predictions and 1 targets"),
        (lambda: hinge([1.0], [1, 1]), ValueError, r"hinge\(\) of 1 predictions and 2 targets"),
        (lambda: mse([], []), ValueError, r"mse\(\) of nothing"),
    ],
)
def test_errors_say_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call()

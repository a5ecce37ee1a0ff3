"""Normalization: the numbers and gradients of PyTorch's layers."""

import numpy as np
import pytest

from autograd import Value, check_gradients, dot
from nn import LayerNorm, RMSNorm

X = [0.3, -1.2, 2.5, 0.7, -0.4]
GAINS, BIASES = [1.5, -0.5, 2.0, 0.1, 1.0], [0.1, 0.2, -0.3, 0.0, 1.0]
DOWN = [0.5, -1.0, 2.0, 0.25, 3.0]  # what the outputs are multiplied with


def with_numbers(norm):
    numbers = {"gains": GAINS, "biases": BIASES}
    norm.load_state_dict({name: numbers[name] for name in norm.state_dict()})
    return norm


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize(
    ("kind", "theirs"), [(LayerNorm, "LayerNorm"), (RMSNorm, "RMSNorm")], ids=["layer", "rms"]
)
def test_norms_are_pytorchs(kind, theirs, affine):
    torch = pytest.importorskip("torch")
    norm = with_numbers(kind(5, epsilon=1e-3, affine=affine))
    peer = getattr(torch.nn, theirs)(5, 1e-3, affine, dtype=torch.float64)
    for tensor, numbers in zip(peer.parameters(), (GAINS, BIASES), strict=False):
        tensor.data = torch.tensor(numbers, dtype=torch.float64)
    xs, there = [Value(x) for x in X], torch.tensor(X, dtype=torch.float64, requires_grad=True)
    ys, out = norm(xs), peer(there)
    dot(DOWN, ys).backward()
    (out @ torch.tensor(DOWN, dtype=torch.float64)).backward()
    np.testing.assert_allclose([y.data for y in ys], out.detach(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose([x.grad for x in xs], there.grad, rtol=1e-12, atol=1e-15)
    gradients = np.array([p.grad for p in norm.parameters()])
    expected = [p.grad.numpy() for p in peer.parameters()]
    np.testing.assert_allclose(gradients, np.ravel(expected), rtol=1e-12, atol=1e-15)


def test_a_layer_norm_has_the_mean_0_and_the_variance_1():
    ys = [y.data for y in LayerNorm(5, epsilon=0.0)(X)]
    assert np.mean(ys) == pytest.approx(0.0, abs=1e-15)
    assert np.var(ys) == pytest.approx(1.0)


def test_an_rms_norm_has_the_mean_square_1():
    assert np.mean([y.data**2 for y in RMSNorm(5, epsilon=0.0)(X)]) == pytest.approx(1.0)


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("kind", [LayerNorm, RMSNorm])
def test_plain_numbers_become_values(kind, affine):
    assert all(isinstance(y, Value) for y in kind(2, affine=affine)([1.0, 2.0]))


@pytest.mark.parametrize("kind", [LayerNorm, RMSNorm])
def test_derivatives_of_derivatives(kind):
    check_gradients(lambda *xs: dot(DOWN, with_numbers(kind(5))(xs)), *X)


@pytest.mark.parametrize("kind", [LayerNorm, RMSNorm])
def test_equal_numbers_and_zeros_are_normalized_without_a_division_by_zero(kind):
    for xs in ([0.0, 0.0], [3.0, 3.0]):
        assert np.isfinite([y.data for y in kind(2)(xs)]).all()


@pytest.mark.parametrize(
    ("kind", "name"), [(LayerNorm, "LayerNorm"), (RMSNorm, "RMSNorm")], ids=["layer", "rms"]
)
def test_vectors_of_another_width_are_refused(kind, name):
    with pytest.raises(ValueError, match=rf"{name}\(3\) takes a vector of 3 numbers, 2 came"):
        kind(3)([1.0, 2.0])
    with pytest.raises(
        ValueError, match=rf"{name}\(3\) takes one vector of 3 numbers, not several"
    ):
        kind(3)([[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="width must be a whole number from 1 on, not 0"):
        kind(0)

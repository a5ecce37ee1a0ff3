"""Attention: what PyTorch computes, and who sees whom."""

import math

import numpy as np
import pytest

from autograd import Value, check_gradients, compiled, dot, total
from autograd.structure import apply, flatten
from nn import (
    MultiHeadAttention,
    Projection,
    causal_mask,
    scaled_dot_product_attention,
    softmax,
)
from nn.transformer.attention import attention_weights
from tests.backends import each_backend, each_compiled

NORMAL = np.random.default_rng(0).normal
Q, K, V = NORMAL(size=(4, 3)), NORMAL(size=(5, 3)), NORMAL(size=(5, 2))
ALSO_WEIGHED = NORMAL(size=(4, 5))  # a mask that hides nothing
MASKS = {
    "none": None,
    "causal": np.array(causal_mask(5))[:4],
    "added": ALSO_WEIGHED,
    "both": np.where(ALSO_WEIGHED > 1.0, -math.inf, ALSO_WEIGHED),
}


def values(array):
    return apply(Value, array)


def numbers(structure):
    return np.array(apply(lambda x: x.data, structure))


def gradients(structure):
    return np.array(apply(lambda x: x.grad, structure))


def weighed(ys):
    """A sum in which every output has a weight of its own."""
    leaves = flatten(ys)
    return dot(np.linspace(-1.0, 2.0, len(leaves)), leaves)


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_attention_is_pytorchs(mask):
    torch = pytest.importorskip("torch")
    ours, theirs = [values(x) for x in (Q, K, V)], [torch.tensor(x) for x in (Q, K, V)]
    for x in theirs:
        x.requires_grad_()
    ys = scaled_dot_product_attention(*ours, mask)
    there = None if mask is None else torch.tensor(mask)
    out = torch.nn.functional.scaled_dot_product_attention(*theirs, attn_mask=there)
    np.testing.assert_allclose(numbers(ys), out.detach(), rtol=1e-12, atol=1e-15)
    weighed(ys).backward()
    (out.flatten() @ torch.linspace(-1.0, 2.0, out.numel(), dtype=torch.float64)).backward()
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(gradients(mine), other.grad, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("heads", [1, 2, 4])
def test_heads_are_pytorchs(heads, causal):
    torch = pytest.importorskip("torch")
    attention, x = MultiHeadAttention(4, heads, causal=causal, seed=0), NORMAL(size=(5, 4))
    peer = torch.nn.MultiheadAttention(4, heads, bias=False, batch_first=True).double()
    state = {name: torch.tensor(w) for name, w in attention.state_dict().items()}
    parts = [state[f"{name}.weights"] for name in ("query", "key", "value")]
    peer.in_proj_weight.data, peer.out_proj.weight.data = torch.cat(parts), state["out.weights"]
    mask = torch.tensor(causal_mask(5), dtype=torch.float64) if causal else None
    xs, there = values(x), torch.tensor(x[np.newaxis], requires_grad=True)
    ys = attention(xs)
    out, pattern = peer(there, there, there, attn_mask=mask, average_attn_weights=False)
    np.testing.assert_allclose(numbers(ys), out[0].detach(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(attention.pattern(x), pattern[0].detach(), rtol=1e-12, atol=1e-15)
    weighed(ys).backward()
    (out.flatten() @ torch.linspace(-1.0, 2.0, out.numel(), dtype=torch.float64)).backward()
    np.testing.assert_allclose(gradients(xs), there.grad[0], rtol=1e-12, atol=1e-14)
    mine = np.reshape([p.grad for p in attention.parameters()], (4, 4, 4))
    expected = [*peer.in_proj_weight.grad.split(4), peer.out_proj.weight.grad]
    np.testing.assert_allclose(mine, np.array(expected), rtol=1e-12, atol=1e-14)


def test_weights_are_the_softmax_of_scores_that_are_minus_infinity_where_nothing_is_seen():
    for t, row in enumerate(causal_mask(4)):
        scores = [dot(K[t], key) * 3**-0.5 + hidden for key, hidden in zip(K[:4], row, strict=True)]
        assert [score == -math.inf for score in scores] == [k > t for k in range(4)]
        weights = [float(weight) for weight in attention_weights(K[t], K[:4], row)]
        assert weights == [weight.data for weight in softmax(scores)]
        assert math.fsum(weights) == pytest.approx(1.0)


def written_out(xs):
    """Causal attention with minus infinity added to the scores, and nothing left out."""
    rows = [
        softmax([dot(q, k) * len(q) ** -0.5 + hidden for k, hidden in zip(xs, row, strict=True)])
        for q, row in zip(xs, causal_mask(len(xs)), strict=True)
    ]
    return [[dot(weights, column) for column in zip(*xs, strict=True)] for weights in rows]


@each_backend
def test_leaving_out_what_is_hidden_is_the_mask_added_before_the_softmax(backend):
    weights, x = Projection(3, 3, seed=0), NORMAL(size=(2, 5, 3))

    def loss(attention):
        return compiled(
            lambda rows: weighed(attention([weights(r) for r in rows])), backend=backend
        )

    short = loss(lambda xs: scaled_dot_product_attention(xs, xs, xs, causal_mask(len(xs))))
    found, expected = (f.value_and_gradient(x) for f in (short, loss(written_out)))
    assert found[0] == pytest.approx(expected[0], rel=1e-14)
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-12, atol=1e-14)


@each_compiled
@pytest.mark.parametrize("causal", [True, False])
def test_a_compiled_program_has_the_numbers_of_the_eager_engine(causal, backend):
    attention, x = MultiHeadAttention(4, 2, causal=causal, seed=0), NORMAL(size=(3, 5, 4))
    found = []
    for name in (backend, "eager"):
        loss = compiled(lambda xs: total(flatten(attention(xs))), backend=name)
        found.append(loss.value_and_gradient(x))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-13)
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-11, atol=1e-13)


@each_backend
@pytest.mark.parametrize("wrong", [math.inf, math.nan, 1e300])
def test_what_is_hidden_changes_nothing_and_be_it_infinite(wrong, backend):
    attention, x = MultiHeadAttention(4, 2, seed=0), NORMAL(size=(2, 5, 4))
    x[1] = x[0]
    x[1, 3] = wrong
    ys = compiled(lambda xs: attention(xs), backend=backend)(x)
    np.testing.assert_allclose(ys[1, :3], ys[0, :3], rtol=1e-14)
    assert not np.allclose(ys[1, 3:], ys[0, 3:])


def test_an_attention_that_is_not_causal_does_not_know_the_order():
    attention, x = MultiHeadAttention(4, 2, causal=False, seed=0), NORMAL(size=(5, 4))
    np.testing.assert_allclose(numbers(attention(x[::-1])), numbers(attention(x))[::-1], rtol=1e-12)


def test_derivatives_of_derivatives():
    def attended(*numbers):
        rows = [list(numbers[i : i + 2]) for i in (0, 2, 4)]
        return weighed(scaled_dot_product_attention(rows, rows, rows, causal_mask(3)))

    check_gradients(attended, *NORMAL(size=6))


def test_a_pattern_leaves_no_gradient_and_changes_no_weight():
    attention = MultiHeadAttention(4, 2, seed=0)
    before = attention.state_dict()
    attention.pattern(NORMAL(size=(3, 4)))
    assert all(p.grad == 0.0 for p in attention.parameters())
    assert {n: w.tolist() for n, w in attention.state_dict().items()} == {
        n: w.tolist() for n, w in before.items()
    }


ROWS = [[1.0, 2.0], [3.0, 4.0]]
REFUSED = {
    "width and heads": (
        lambda: MultiHeadAttention(6, 4), ValueError, "the width 6 is no multiple of 4 heads"),
    "vectors of another width": (
        lambda: MultiHeadAttention(4, 2)(ROWS), ValueError, "takes a vector of 4 numbers, 2 came"),
    "no vectors": (lambda: MultiHeadAttention(4, 2)([]), ValueError, "none came"),
    "keys without values": (
        lambda: scaled_dot_product_attention(ROWS, ROWS, ROWS[:1]),
        ValueError, "2 keys and 1 values"),
    "keys of another length": (
        lambda: scaled_dot_product_attention(ROWS, [[1.0]], ROWS[:1]),
        ValueError, "queries and keys are vectors of one length, not of 1 and 2"),
    "ragged values": (
        lambda: scaled_dot_product_attention(ROWS, ROWS, [[1.0], [2.0, 3.0]]),
        ValueError, "values are vectors of one length, not of 1 and 2"),
    "vectors without numbers": (
        lambda: scaled_dot_product_attention([[]], [[]], [[1.0]]),
        ValueError, "queries and keys are vectors of one number or more, not of none"),
    "values without numbers": (
        lambda: scaled_dot_product_attention(ROWS, ROWS, [[], []]),
        ValueError, "values are vectors of one number or more, not of none"),
    "a mask of another shape": (
        lambda: scaled_dot_product_attention(ROWS, ROWS, ROWS, [[0.0, 0.0]]),
        ValueError, r"has the shape \(2, 2\), not \(1, 2\)"),
    "a mask of booleans": (
        lambda: scaled_dot_product_attention(ROWS, ROWS, ROWS, np.tri(2, dtype=bool)),
        TypeError, "0 where a key is seen, -inf where it is hidden; this one is of bool"),
    "a mask that hides everything": (
        lambda: scaled_dot_product_attention(ROWS, ROWS, ROWS, [[0, 0], [-math.inf, -math.inf]]),
        ValueError, "row 1 of the mask hides all keys"),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "kind", "message"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused(wrong, kind, message):
    with pytest.raises(kind, match=message):
        wrong()

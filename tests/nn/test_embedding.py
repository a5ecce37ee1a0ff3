"""Embedding: symbols and places as vectors."""

import numpy as np
import pytest

from autograd import Value, compiled, total
from nn import Embedding, LearnedPositions, Projection, SinusoidalPositions


def test_a_symbol_is_its_row_and_only_that_row_learns():
    embedding = Embedding(4, 3, seed=0)
    vector = embedding(2)
    assert [x.data for x in vector] == embedding.state_dict()["weights"][2].tolist()
    total(vector).backward()
    gradients = np.reshape([p.grad for p in embedding.parameters()], (4, 3))
    assert gradients.tolist() == [[0.0] * 3, [0.0] * 3, [1.0] * 3, [0.0] * 3]


def test_symbols_of_a_batch_are_looked_up_by_a_compiled_function():
    embedding = Embedding(4, 3, seed=0)
    rows = compiled(lambda symbol: embedding(symbol))(np.array([3, 0, 3]))
    assert rows.tolist() == embedding.state_dict()["weights"][[3, 0, 3]].tolist()


def test_learned_positions_are_added_in_order():
    positions = LearnedPositions(3, 2, seed=0)
    placed = positions([[1.0, 2.0], [3.0, 4.0]])
    expected = positions.state_dict()["weights"][:2] + np.array([[1.0, 2.0], [3.0, 4.0]])
    assert [[x.data for x in xs] for xs in placed] == expected.tolist()


@pytest.mark.parametrize("width", [1, 4, 5])
def test_sinusoidal_positions_are_those_of_the_paper(width):
    zeros = [[Value(0.0)] * width for _ in range(6)]
    placed = np.array([[x.data for x in xs] for xs in SinusoidalPositions(width)(zeros)])
    place, column = np.meshgrid(np.arange(6), np.arange(width), indexing="ij")
    angles = place / 10_000 ** (2 * (column // 2) / width)
    expected = np.where(column % 2, np.cos(angles), np.sin(angles))
    np.testing.assert_allclose(placed, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("positions", [SinusoidalPositions(2), LearnedPositions(1, 2)])
def test_plain_numbers_with_positions_become_values(positions):
    assert all(isinstance(x, Value) for x in positions([[1.0, 2.0]])[0])


def test_sinusoidal_positions_have_nothing_to_learn():
    assert SinusoidalPositions(4).parameters() == []


def test_a_projection_is_a_matrix_times_a_vector():
    projection = Projection(3, 2, seed=0)
    xs = [0.5, -1.0, 2.0]
    expected = projection.state_dict()["weights"] @ xs
    np.testing.assert_allclose([y.data for y in projection(xs)], expected, rtol=1e-14)


def test_a_projection_keeps_the_size_of_vectors_at_first():
    weights = Projection(100, 100, seed=0).state_dict()["weights"]
    assert weights.std() == pytest.approx(0.1, rel=0.02)


REFUSED = {
    "a vector of another width": (
        lambda: Projection(3, 2)([1.0]),
        r"Projection\(3 -> 2\) takes a vector of 3 numbers, 1 came"),
    "more vectors than places": (
        lambda: LearnedPositions(2, 1)([[1.0]] * 3),
        r"LearnedPositions\(2, 1\) has 2 places, but 3 vectors came"),
    "a narrow vector at a place": (
        lambda: SinusoidalPositions(2)([[1.0]]),
        r"SinusoidalPositions\(2\) takes a vector of 2 numbers, 1 came"),
    "no symbols": (lambda: Embedding(0, 2), "symbols must be a whole number from 1 on, not 0"),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "message"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()

"""A GPT learns words: better than pairs of letters can tell, on words that it has not seen."""

import numpy as np
import pytest

from nn import GPT, Adam, CosineDecay, Vocabulary, fit, windows, words

CONTEXT = 8


@pytest.fixture(scope="module")
def sequences():
    """The vocabulary, and nine tenths of the words and the rest as symbols."""
    shuffled = np.random.default_rng(0).permutation(words()).tolist()
    cut = len(shuffled) * 9 // 10
    texts = ["\n".join(["", *part, ""]) for part in (shuffled[:cut], shuffled[cut:])]
    vocabulary = Vocabulary(texts[0])
    return vocabulary, *map(vocabulary.encode, texts)


def loss_of_pairs(training, X, y, symbols):
    """The mean loss of the shares in which letters followed each letter, 0.1 added to counts."""
    counts = np.full((symbols, symbols), 0.1)
    np.add.at(counts, (training[:-1], training[1:]), 1.0)
    return -np.log(counts / counts.sum(axis=1, keepdims=True))[X, y].mean()


def test_a_gpt_knows_more_than_pairs_of_letters(sequences):
    vocabulary, training, held_out = sequences
    X, y = windows(training, CONTEXT)
    validation = windows(held_out, CONTEXT, stride=CONTEXT)
    model = GPT(vocabulary, context=CONTEXT, seed=0)
    steps = -(-len(X) // 32)
    optimizer = Adam(model.parameters(), learning_rate=CosineDecay(0.02, steps))
    history = fit(model, X, y, optimizer=optimizer, epochs=1, validation=validation, progress=False)
    of_pairs = loss_of_pairs(training, *validation, len(vocabulary))
    assert history.validation_loss[-1] < of_pairs - 0.1


def test_accuracy_is_the_share_of_positions_that_are_right():
    model, (X, y) = GPT(3, context=4, width=4, heads=1), windows([0, 1, 2, 0, 1, 1, 2, 2, 0], 4)
    history = fit(model, X, y, epochs=1, progress=False)
    shares = [
        max(range(3), key=lambda i: logits[i].data) == target
        for row, targets in zip(X.tolist(), y.tolist(), strict=True)
        for logits, target in zip(model(row), targets, strict=True)
    ]
    assert history.accuracy == [np.mean(shares)]


@pytest.mark.parametrize(
    ("wrong", "where"),
    [(3, "X has 3 in row 2, column 1: .* from 0 to 2"), (-1, "X has -1 in row 2, column 1")],
)
@pytest.mark.parametrize("held_out", [False, True])
def test_a_symbol_that_there_is_not_is_found_before_anything_has_changed(wrong, where, held_out):
    model, X = GPT(3, context=4, width=4, heads=1), np.zeros((3, 4), dtype=int)
    before, bad = model.state_dict(), X.copy()
    bad[2, 1] = wrong
    given = (X, X, (bad, X)) if held_out else (bad, X, None)
    with pytest.raises(ValueError, match=f"validation {where}" if held_out else f"^{where}"):
        fit(model, given[0], given[1], validation=given[2], progress=False)
    assert all((model.state_dict()[name] == before[name]).all() for name in before)

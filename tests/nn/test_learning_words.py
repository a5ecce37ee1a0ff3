"""A GPT learns words: better than pairs of letters can tell, on words that it has not seen."""

import numpy as np
import pytest

from autograd import total
from nn import GPT, Adam, CosineDecay, Vocabulary, cross_entropy, fit, windows, words

CONTEXT = 8


def loss(logits, y):
    return total([cross_entropy(z, t) for z, t in zip(logits, y, strict=True)]) / len(y)


@pytest.fixture(scope="module")
def sequences():
    """The vocabulary, and nine tenths of the words and the rest as symbols."""
    shuffled = np.random.default_rng(0).permutation(words()).tolist()
    cut = len(shuffled) * 9 // 10
    texts = ["\n".join(["", *part, ""]) for part in (shuffled[:cut], shuffled[cut:])]
    vocabulary = Vocabulary(texts[0])
    return vocabulary, *map(vocabulary.encode, texts)


def loss_of_pairs(training, X, y, symbols):
    """The mean loss of the shares in which one letter followed another, with 0.1 added to counts."""
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
    history = fit(
        model, X, y, loss=loss, optimizer=optimizer, epochs=1, validation=validation, progress=False
    )
    of_pairs = loss_of_pairs(training, *validation, len(vocabulary))
    assert history.validation_loss[-1] < of_pairs - 0.1

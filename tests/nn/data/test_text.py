"""Text becomes numbers and comes back; windows show what follows what."""

import numpy as np
import pytest

from nn import Vocabulary, windows

TEXT = "Ein Mädchen \n spielt; \U0001f600 naïve.\t"


def test_a_vocabulary_has_each_character_once_in_order():
    vocabulary = Vocabulary("hello world")
    assert vocabulary.symbols == " dehlorw"
    assert len(vocabulary) == 8
    assert "h" in vocabulary
    assert "x" not in vocabulary


def test_what_is_encoded_is_decoded_to_the_same_text():
    vocabulary = Vocabulary(TEXT)
    numbers = vocabulary.encode(TEXT)
    assert (numbers.shape, numbers.dtype) == ((len(TEXT),), np.int64)
    assert sorted(set(numbers.tolist())) == list(range(len(vocabulary)))
    assert vocabulary.decode(numbers) == vocabulary.decode(numbers.tolist()) == TEXT
    assert vocabulary.decode(vocabulary.encode("")) == vocabulary.decode([]) == ""


def test_its_symbols_are_all_there_is_to_keep_of_it():
    vocabulary = Vocabulary(TEXT)
    again = Vocabulary(vocabulary.symbols)
    assert again == vocabulary != Vocabulary("other")
    assert len({again, vocabulary}) == 1
    assert eval(repr(vocabulary)) == vocabulary


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda v: v.encode("cabXc"),
            "'X' at place 3 of 'cabXc' is not one of the 3 characters",
        ),
        (lambda v: v.encode(["a"]), r"encode\(\) takes a text, not \['a'\]"),
        (lambda v: v.decode([0, 3]), r"decode\(\) got 3 at place 1: .* whole numbers from 0 to 2"),
        (lambda v: v.decode([0, -1]), r"decode\(\) got -1 at place 1"),
        (lambda v: v.decode([0.0]), "takes a list of whole numbers from 0 to 2, not"),
        (lambda v: v.decode("abc"), "takes a list of whole numbers from 0 to 2, not 'abc'"),
        (lambda v: v.decode([[0], [1, 0]]), r"whole numbers from 0 to 2, not \[\[0\], \[1, 0\]\]"),
        (lambda v: v.decode(2), "takes a list of whole numbers from 0 to 2, not 2"),
        (lambda v: Vocabulary(""), "a text that is not empty"),
        (lambda v: Vocabulary(["to", "be"]), r"a text, not of \['to', 'be'\]: of words make"),
    ],
)
def test_errors_of_a_vocabulary_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call(Vocabulary("abc"))


@pytest.mark.parametrize("stride", [1, 2, 5, 100])
@pytest.mark.parametrize(("n", "context"), [(20, 5), (21, 1), (6, 5), (101, 10)])
def test_windows_are_all_stretches_and_what_follows_each_of_their_symbols(n, context, stride):
    symbols = np.random.default_rng(0).integers(0, 50, n)
    X, y = windows(symbols, context, stride)
    starts = range(0, n - context, stride)
    assert X.tolist() == [symbols[i : i + context].tolist() for i in starts]
    assert y.tolist() == [symbols[i + 1 : i + context + 1].tolist() for i in starts]
    assert X.dtype == y.dtype == symbols.dtype


def test_windows_neither_change_nor_are_changed():
    symbols = np.arange(5)
    X, _ = windows(symbols, 2)
    symbols[:] = 0
    assert X.tolist() == [[0, 1], [1, 2], [2, 3]]
    with pytest.raises(ValueError, match="read-only"):
        X[0, 0] = 7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2, 3], 3), r"windows\(\) with context=3 needs 4 symbols or more, not 3"),
        (("abc", 1), r"a sequence of whole numbers, not 'abc': Vocabulary\(text\).encode\(text\)"),
        (([[1, 2], [3, 4]], 1), "a sequence of whole numbers"),
        (([[1, 2], [3]], 1), r"a sequence of whole numbers, not \[\[1, 2\], \[3\]\]"),
        (([0.5, 1.0], 1), r"a sequence of whole numbers, not \[0.5, 1.0\]"),
        (([1, 2, 3], 0), "context must be a whole number from 1 on, not 0"),
        (([1, 2, 3], 1, 0), "stride must be a whole number from 1 on, not 0"),
    ],
)
def test_errors_of_windows_say_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        windows(*arguments)

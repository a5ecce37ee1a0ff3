"""Parts for training and testing: nothing is lost, nothing is twice, classes keep their shares."""

import numpy as np
import pytest

from nn import Dataset, circles, k_folds, moons, split


def rows(*parts):
    return [(*x, y) for part in parts for x, y in zip(part.X.tolist(), part.y, strict=True)]


def unbalanced(*counts):
    """A data set with so many examples of each class, in a random order."""
    y = np.random.default_rng(5).permutation(np.repeat(np.arange(len(counts)), counts))
    return Dataset("unbalanced", np.arange(len(y), dtype=float)[:, None], y, len(counts))


@pytest.mark.parametrize(
    ("test", "held_out", "stratify"),
    [(0.2, 20, True), (1 / 3, 33, True), (1 / 3, 33, False), (0.999, 99, False), (0.001, 1, False)],
)
def test_split_parts_the_examples_and_keeps_their_classes(test, held_out, stratify):
    whole = moons(100)
    parts = split(whole, test=test, stratify=stratify)
    assert [len(part) for part in parts] == [100 - held_out, held_out]
    assert sorted(rows(*parts)) == sorted(rows(whole))


@pytest.mark.parametrize("counts", [(60, 30, 10), (97, 3, 5), (4, 4), (13, 17, 19, 51)])
@pytest.mark.parametrize("test", [0.2, 0.5, 0.77])
@pytest.mark.parametrize("seed", range(3))
def test_a_stratified_split_holds_out_the_share_of_each_class(counts, test, seed):
    whole = unbalanced(*counts)
    _, testing = split(whole, test, seed, stratify=True)
    share = len(testing) / len(whole)
    held_out = np.bincount(testing.y, minlength=len(counts))
    assert (np.abs(held_out - share * np.array(counts)) < 1).all()


@pytest.mark.parametrize(
    ("counts", "test"),
    [
        ((98, 2), 0.8),
        ((98, 2), 0.2),
        ((98, 2), 0.02),
        ((98, 2), 0.98),
        ((2,) * 20, 0.5),
        ((80, *(2,) * 10), 0.11),
        ((80, *(2,) * 10), 0.89),
        ((2, 3, 4, 5), 0.3),
        ((1000, 2, 2, 2), 0.4),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_each_class_is_in_both_parts_of_a_stratified_split(counts, test, seed):
    whole = unbalanced(*counts)
    parts = split(whole, test, seed, stratify=True)
    assert len(parts[1]) == round(test * len(whole))
    assert sorted(rows(*parts)) == sorted(rows(whole))
    for part in parts:
        assert np.bincount(part.y, minlength=len(counts)).all()


def test_a_class_of_two_is_parted_by_the_seed():
    whole = unbalanced(98, 2)
    held_out = {split(whole, 0.1, seed, stratify=True)[1].X[:, 0].tobytes() for seed in range(20)}
    rare = {x for seed in range(20) for x in _rare(split(whole, 0.1, seed, stratify=True)[1])}
    assert len(held_out) == 20
    assert len(rare) == 2


def _rare(part):
    return part.X[part.y == 1, 0].tolist()


def test_a_stratified_split_leaves_no_order_in_the_parts():
    for part in split(unbalanced(300, 300), stratify=True):
        changes = np.count_nonzero(np.diff(part.y))
        assert changes > len(part) / 4


@pytest.mark.parametrize(("n", "k"), [(10, 5), (11, 5), (7, 7), (100, 3), (2, 2)])
@pytest.mark.parametrize("given", ["number", "targets"])
def test_each_example_is_in_exactly_one_test_part(n, k, given):
    folds = k_folds(n if given == "number" else np.linspace(0.0, 1.0, n), k)
    assert len(folds) == k
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(n))
    for training, test in folds:
        assert sorted([*training, *test]) == list(range(n))
    sizes = [len(test) for _, test in folds]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("names", [None, ["setosa", "versicolor", "virginica"]])
@pytest.mark.parametrize(("counts", "k"), [((50, 50, 50), 10), ((31, 7, 12), 7), ((5, 6, 9), 5)])
def test_stratified_folds_have_their_share_of_each_class(counts, k, names):
    y = unbalanced(*counts).y
    given = y if names is None else np.array(names)[y]
    folds = k_folds(given, k, stratify=True)
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(len(y)))
    of_class = np.array([np.bincount(y[test], minlength=3) for _, test in folds])
    assert (np.ptp(of_class, axis=0) <= 1).all()
    assert np.ptp(of_class.sum(axis=1)) <= 1


def test_folds_are_drawn_by_the_seed():
    first, again, other = (np.concatenate(k_folds(50, seed=s)[0]).tolist() for s in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: split(moons(10), test=1.0), "above 0 and below 1, not 1.0"),
        (lambda: split(moons(10), test="0.2"), "above 0 and below 1, not '0.2'"),
        (lambda: split(moons(10), test=np.nan), "above 0 and below 1, not nan"),
        (lambda: split(split(moons(2))[0]), r"split\(\) needs 2 examples or more, not 1"),
        (
            lambda: split(unbalanced(9, 1), stratify=True),
            "class 1 has 1 of the 10 examples and needs 2, to be in both parts: leave it out",
        ),
        (
            lambda: split(unbalanced(6, 6, 6, 2), 0.1, stratify=True),
            "with test=0.1 the test part has 2 of the 20 examples, and cannot have one of each of "
            "the 4 classes: say a test from 0.2 to 0.8, or stratify=False",
        ),
        (
            lambda: split(unbalanced(6, 6, 6, 2), 0.9, stratify=True),
            "with test=0.9 the training part has 2 of the 20 examples",
        ),
        (lambda: k_folds(10, k=1), r"k_folds\(\) makes 2 or more folds, not 1"),
        (lambda: k_folds(10, k=2.0), r"k_folds\(\) makes 2 or more folds, not 2.0"),
        (lambda: k_folds(3), r"k_folds\(\) with k=5 needs 5 examples or more, not 3"),
        (lambda: k_folds(-3), r"k_folds\(\) needs 1 examples or more, not -3"),
        (lambda: k_folds("iris"), "the class of each, shape .n,., not 'iris'"),
        (lambda: k_folds(10, stratify=True), "the class of each example, and not their number, 10"),
        (lambda: k_folds([[0], [1]] * 9, stratify=True), "the class of each, shape .n,., not"),
        (lambda: k_folds([*"aab", 1, None], 2, stratify=True), "they must be of one kind: '<' not"),
        (lambda: k_folds([[0], [1, 0]], 2, stratify=True), r"class \[0\] has 1 of the 2 examples"),
        (
            lambda: k_folds(["a"] * 9 + ["b"] * 3, k=4, stratify=True),
            "class 'b' has 3 of the 12 examples and needs 4, to be in each of the 4 test parts: "
            "leave it out, get more of it, or say stratify=False",
        ),
    ],
)
def test_errors_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_masked_classes_are_refused():
    with pytest.raises(TypeError, match="y is a masked array"):
        k_folds(np.ma.masked_equal([0, 1, 0, 1], 1), 2)


@pytest.mark.parametrize("call", [lambda X, y: split(X, y), lambda X, y: split((X, y))])
def test_arrays_are_refused_and_told_how_to_become_a_data_set(call):
    message = r"takes a Dataset, not .*: make one with Dataset\(name, X, y, classes\)"
    with pytest.raises(TypeError, match=message):
        call(np.zeros((5, 2)), np.zeros(5, int))


@pytest.mark.parametrize(
    "call", [lambda y: split(moons(9), stratify=y), lambda y: k_folds(y, 3, 0, y)]
)
def test_scikit_learns_array_of_classes_is_refused_for_stratify(call):
    with pytest.raises(TypeError, match="stratify is True or False, not ndarray: the classes"):
        call(moons(9).y)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: split(moons(9), test_size=0.2), r"^split\(\) takes no test_size=: say test=$"),
        (lambda: split(moons(9), random_state=0), r"^split\(\) takes no random_state=: say seed=$"),
        (lambda: split(moons(9), train_size=0.8), "say test=, the share that is held out"),
        (lambda: split(moons(9), shuffle=True), "drawn at random, by seed="),
        (lambda: k_folds(9, n_splits=3), r"^k_folds\(\) takes no n_splits=: say k=$"),
        (lambda: k_folds(9, 3, random_state=0), r"^k_folds\(\) takes no random_state=: say seed=$"),
        (lambda: moons(n_samples=9), r"^moons\(\) takes no n_samples=: say n=$"),
        (lambda: circles(9, random_state=0), r"^circles\(\) takes no random_state=: say seed=$"),
        (lambda: split(moons(9), nonsense=1), "unexpected keyword argument 'nonsense'"),
    ],
)
def test_an_argument_from_elsewhere_is_told_its_name_here(call, message):
    with pytest.raises(TypeError, match=message):
        call()

"""A history prints as a table, knows its best epoch, and can be kept elsewhere."""

import copy
import json
import pickle

import pytest

from nn import History

LOSSES = [0.7, 0.25, 0.125, 0.5]
WHOLE = History(LOSSES, [0.5, 0.75, 1.0, 0.875], [0.75, 0.5, 0.5, 1.0], [0.5] * 4, [0.1] * 4,
                [0.01] * 4, stopped="enough")  # fmt: skip


def test_it_prints_as_a_table_with_the_best_epoch():
    assert str(WHOLE).splitlines() == [
        "epoch     loss  accuracy  validation_loss  validation_accuracy  penalty  learning_rate",
        "    1   0.7000     50.0%           0.7500                50.0%   0.1000        0.01000",
        "    2*  0.2500     75.0%           0.5000                50.0%   0.1000        0.01000",
        "    3   0.1250    100.0%           0.5000                50.0%   0.1000        0.01000",
        "    4   0.5000     87.5%            1.000                50.0%   0.1000        0.01000",
        "enough",
    ]


def test_a_long_one_shows_its_ends_and_the_best():
    history = History([abs(epoch - 40.0) for epoch in range(1, 101)], interrupted=True)
    epochs = [line.split()[0] for line in str(history).splitlines()]
    ends = [str(epoch) for epoch in [*range(1, 7), *range(95, 101)]]
    assert epochs == ["epoch", *ends[:6], "...", "40*", "...", *ends[6:], "interrupted"]
    assert len({len(line) for line in str(history).splitlines()[:1]}) == 1


def test_one_without_epochs_says_so():
    assert repr(History()) == "History(no epochs)"
    assert History()
    assert len(History()) == 0
    assert History().latest == ""


@pytest.mark.parametrize(
    ("history", "best"),
    [
        (WHOLE, 2),
        (History(LOSSES), 3),
        (History([1.0, 1.0]), 1),
    ],
)
def test_the_best_epoch_is_the_first_with_the_lowest_validation_loss_or_loss(history, best):
    assert history.best == best


@pytest.mark.parametrize(("name", "best"), [("loss", 3), ("accuracy", 3), ("validation_loss", 2)])
def test_the_best_can_be_asked_for_by_any_column(name, best):
    assert WHOLE.best_by(name) == best


@pytest.mark.parametrize("name", ["validation_loss", "stopped", "nothing"])
def test_no_epoch_is_the_best_by_what_was_not_measured(name):
    with pytest.raises(ValueError, match=f"no epoch is the best by '{name}'"):
        History(LOSSES).best_by(name)


def test_no_epoch_is_the_best_of_none():
    with pytest.raises(ValueError, match="no epoch is the best"):
        _ = History().best


def test_columns_are_what_was_measured():
    assert History(LOSSES, penalty=[1.0] * 4).columns == {"loss": LOSSES, "penalty": [1.0] * 4}


@pytest.mark.parametrize(
    "kept",
    [
        copy.copy,
        copy.deepcopy,
        lambda history: pickle.loads(pickle.dumps(history)),
        lambda history: History.from_state(json.loads(json.dumps(history.state_dict()))),
    ],
    ids=["copy", "deepcopy", "pickle", "JSON"],
)
@pytest.mark.parametrize("history", [WHOLE, History(), History([0.5], interrupted=True)])
def test_it_is_kept_whole(kept, history):
    assert kept(history) == history


def test_a_state_shares_nothing_with_the_history():
    history = History([0.5])
    history.state_dict()["loss"].append(0.1)
    assert history.loss == [0.5]


STATE = WHOLE.state_dict()
WRONG = {
    "no dict": (3, "a history has loss, accuracy"),
    "a name missing": ({"loss": [0.5]}, "a history has loss, accuracy"),
    "a name too many": (STATE | {"more": []}, "a history has loss"),
    "text for numbers": (STATE | {"loss": "0.5"}, "a history's loss is not '0.5'"),
    "text among numbers": (STATE | {"penalty": ["a"] * 4}, "a history's penalty is not"),
    "truth among numbers": (STATE | {"penalty": [True] * 4}, "a history's penalty is not"),
    "a number for truth": (STATE | {"interrupted": 1}, "a history's interrupted is not 1"),
    "another length": (
        STATE | {"accuracy": [0.5]},
        "4 epochs has as many of each: {'accuracy': 1}",
    ),
}


@pytest.mark.parametrize(("state", "message"), WRONG.values(), ids=WRONG)
def test_another_state_is_refused(state, message):
    with pytest.raises(ValueError, match=message):
        History.from_state(state)

"""What docs/beyond-one-machine.md shows, on a cluster of two processes that starts once."""

import doctest
import multiprocessing
import pickle
from pathlib import Path

import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

import nn

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/beyond-one-machine.md"


@pytest.fixture(scope="module")
def names():
    """What there is when all examples of the page have run."""
    session = doctest.DocTestParser().get_doctest(PAGE.read_text("utf-8"), {}, PAGE.name, "", 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    result = runner.run(session, out=said.append, clear_globs=False)
    assert result.failed == 0, "".join(said)
    assert result.attempted > 20
    return session.globs


def test_a_search_on_a_cluster_finds_what_one_process_finds(names):
    alone = clone(names["search"]).fit(names["iris"].data, names["species"])
    for score in ("mean_test_score", "std_test_score", "split0_test_score"):
        assert alone.cv_results_[score].tolist() == names["found"].cv_results_[score].tolist()
    assert alone.best_params_ == names["found"].best_params_


def test_folds_on_a_cluster_score_what_they_score_in_one_process(names):
    alone = cross_val_score(names["found"].best_estimator_, names["iris"].data, names["species"])
    assert alone.tolist() == names["folds"]["test_score"].tolist()


def test_any_model_is_cross_validated_on_a_cluster_as_in_one_process(names):
    iris, scaler = names["iris"], nn.StandardScaler()
    alone = nn.cross_validate(
        lambda: nn.MLP(4, [8, 3], seed=0), iris.data, iris.target, scaler=scaler, epochs=30
    )
    assert list(alone.scores) == list(names["ours"].scores)


def test_what_comes_back_from_a_worker_is_the_model_and_no_program(names):
    fitted = names["fitted"]
    assert b"autograd.compiler" not in pickle.dumps(fitted)
    X = names["scaler"].transform(names["iris"].data)
    before = fitted.loss_
    fitted.partial_fit(X, names["species"])
    assert fitted.loss_ != before


def test_no_process_is_left_when_the_cluster_is_closed(names):
    assert names["cluster"].status.name == "closed"
    assert multiprocessing.active_children() == []

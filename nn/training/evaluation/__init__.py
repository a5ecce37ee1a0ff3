"""Evaluation: how good a trained model is, and how good one of its kind would be."""

from nn.training.evaluation.confusion import Confusion, confusion_matrix
from nn.training.evaluation.cross_validation import Scores, cross_validate
from nn.training.evaluation.measuring import Evaluation, evaluate

__all__ = [
    "Confusion",
    "Evaluation",
    "Scores",
    "confusion_matrix",
    "cross_validate",
    "evaluate",
]

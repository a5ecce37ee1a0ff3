"""Training: the loop, what it runs on, a record of how it went, and how good the result is."""

from nn.training.callbacks import Checkpoints, EarlyStopping
from nn.training.divergence import DivergenceError, InterruptionWarning
from nn.training.evaluation import (
    Confusion,
    Evaluation,
    Scores,
    confusion_matrix,
    cross_validate,
    evaluate,
)
from nn.training.fitting import fit
from nn.training.history import History
from nn.training.linting import Finding, Findings, Linter, lint
from nn.training.progress import Progress
from nn.training.rate_range import RateCurve, learning_rate_range
from nn.training.running import predict

__all__ = [
    "Checkpoints",
    "Confusion",
    "DivergenceError",
    "EarlyStopping",
    "Evaluation",
    "Finding",
    "Findings",
    "History",
    "InterruptionWarning",
    "Linter",
    "Progress",
    "RateCurve",
    "Scores",
    "confusion_matrix",
    "cross_validate",
    "evaluate",
    "fit",
    "learning_rate_range",
    "lint",
    "predict",
]

"""Training: the loop, what it runs on, and a record of how it went."""

from nn.training.callbacks import Checkpoints, EarlyStopping
from nn.training.divergence import DivergenceError, InterruptionWarning
from nn.training.fitting import fit
from nn.training.history import History
from nn.training.progress import Progress
from nn.training.running import predict

__all__ = [
    "Checkpoints",
    "DivergenceError",
    "EarlyStopping",
    "History",
    "InterruptionWarning",
    "Progress",
    "fit",
    "predict",
]

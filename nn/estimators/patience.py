"""When to stop: scikit-learn's rule for losses and scores that get no better."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass
class Patience:
    """Counts the epochs in a row that were no better than the best one by `tol`.

    Attributes:
        best: the highest score so far; of losses, which are to be low, give the negatives.
        waited: how many epochs in a row have brought less than `tol`.
    """

    tol: float
    epochs: int
    best: float = -inf
    waited: int = 0

    def see(self, score: float) -> bool:
        """Take note of an epoch's score, and say whether it is the highest so far.

        >>> patience = Patience(tol=0.1, epochs=1)
        >>> [patience.see(score) for score in (0.5, 0.55, 0.4)], patience.exhausted
        ([True, True, False], True)
        """
        self.waited = self.waited + 1 if score < self.best + self.tol else 0
        highest = score > self.best
        self.best = max(self.best, score)
        return highest

    @property
    def exhausted(self) -> bool:
        return self.waited > self.epochs

"""How a training went, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class History:
    """How training went: one number an epoch, measured with the parameters at its end.

    Attributes:
        loss, accuracy: over all training examples.
        validation_loss, validation_accuracy: over the validation examples; empty without them.
        interrupted: whether somebody stopped it (Ctrl-C); the epoch of that is not there.

    Accuracies are shares of the examples, from 0 to 1. They are empty unless the loss is `hinge`
    or one of the cross-entropies.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    interrupted: bool = False

    def record(self, loss: float, **others: float) -> None:
        """Add an epoch: its loss, and the others of its numbers by name."""
        for name, number in others.items():
            getattr(self, name).append(number)
        self.loss.append(loss)  # The last of them: now the epoch is whole.

    def interrupt(self) -> None:
        """Note that training was stopped, maybe while an epoch was recorded: that one goes."""
        for numbers in (self.accuracy, self.validation_loss, self.validation_accuracy):
            del numbers[len(self.loss) :]
        self.interrupted = True

    @property
    def latest(self) -> str:
        """The last epoch's numbers, short enough for a progress bar.

        >>> History(loss=[0.7, 0.25], validation_loss=[0.8, 0.5]).latest
        'loss=0.25, validation=0.5'
        """
        if not self.accuracy:
            losses = {"loss": self.loss, "validation": self.validation_loss}
            return ", ".join(f"{name}={x[-1]:.3g}" for name, x in losses.items() if x)
        accuracies = {"accuracy": self.accuracy, "validation": self.validation_accuracy}
        shares = [f"{name}={x[-1]:.1%}" for name, x in accuracies.items() if x]
        return ", ".join([f"loss={self.loss[-1]:.3g}", *shares])

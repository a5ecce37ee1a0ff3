"""What is wrong with a file that should be a checkpoint."""

from __future__ import annotations


class CheckpointError(ValueError):
    """A file is not what `nn.save` wrote, or not of this model; the message says what is wrong.

    Whoever gets it has lost nothing: no model and no optimizer was changed.
    """

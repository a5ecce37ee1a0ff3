"""What a lint looks for, of which each check gives its findings.

Limits stand beside the checks, with their reasons. In the trainings of the demo, of moons and of
the GPT, before, during and after, nothing comes near them: a finding is no matter of taste. What
a look cannot tell, because it saw too little, it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nn.training.linting import forgetting, neurons
from nn.training.linting.data import targets_out_of_range, unscaled_inputs
from nn.training.linting.findings import Finding
from nn.training.linting.flow import (
    gradients_apart,
    gradients_not_finite,
    losses_not_finite,
    unused_parameters,
)
from nn.training.linting.neurons import dead_relus, saturated
from nn.training.linting.observation import Observation


def check_all(seen: Observation, loss: Any) -> Iterator[Finding]:
    """All findings."""
    yield from unscaled_inputs(seen)
    if not np.isfinite(seen.losses).all():
        yield from losses_not_finite(seen)
        return
    yield from targets_out_of_range(seen, loss)
    yield from unused_parameters(seen)
    blocked = [*gradients_not_finite(seen), *dead_relus(seen), *saturated(seen)]
    yield from blocked
    if not blocked:  # which is why gradients vanish, if they do, or cannot be compared
        yield from gradients_apart(seen)


def unchecked(seen: Observation) -> Iterator[str]:
    """What could not be looked for, and why."""
    yield from forgetting.unchecked(seen)
    yield from neurons.unchecked(seen)

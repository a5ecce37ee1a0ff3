"""Reading the numbers of many parameters at one moment, whoever else may be moving them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.locking import moving
from autograd.structure import flatten
from autograd.value import Value

Array = NDArray[np.float64]


def arrays_of(groups: Mapping[str, Any]) -> dict[str, Array]:
    """Copies of the numbers of Values, or of (nested) lists of them, by name.

    A step of an optimizer in another thread comes before all of them or after all.

    >>> from nn import Parameter
    >>> {name: a.shape for name, a in arrays_of({"w": [Parameter(1.0)] * 2}).items()}
    {'w': (2,)}
    """
    with moving:
        return {name: array_of(group) for name, group in groups.items()}


def array_of(values: Any) -> Array:
    """A copy of the numbers of one (nested) list, in which plain numbers may be, too."""
    with moving:
        numbers = [x.data if isinstance(x, Value) else float(x) for x in flatten(values)]
    return np.array(numbers, dtype=np.float64).reshape(np.shape(values))

"""Random draws as Values: constants to differentiation, drawn anew by compiled programs."""

from __future__ import annotations

import numpy as np

from autograd import context
from autograd.value import Value, constant


def uniform(generator: np.random.Generator) -> Value:
    """A number drawn evenly from [0, 1), as a constant.

    In a compiled function it is drawn anew for every example and every call.

    Parameters:
        generator: a seeded one, `np.random.default_rng(seed)`.

    Raises:
        TypeError: it is something else. A seed itself would give the same number each time.

    >>> round(uniform(np.random.default_rng(0)).data, 3)
    0.637
    """
    if not isinstance(generator, np.random.Generator):
        raise TypeError(
            "uniform() draws from a generator that was made before, such as "
            f"np.random.default_rng(0), not from {generator!r:.80}"
        )
    if context.special and (tracer := context.current().tracer):
        return tracer.leaf("random", generator, "uniform()")  # type: ignore[no-any-return]
    return constant(generator.random())

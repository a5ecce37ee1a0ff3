"""Whether the operands of an operation can be exchanged."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import permutations
from random import Random

from autograd import Operation


def order_matters(op: Operation | None) -> bool:
    """Whether exchanging the operands changes the result.

    The many operands of n-ary operations are not worth numbering on their edges.

    >>> from autograd.operations import add, subtract
    >>> order_matters(add), order_matters(subtract)
    (False, True)
    """
    return op is not None and op.arity is not None and op.arity > 1 and not _symmetric(op)


@lru_cache(maxsize=256)
def _symmetric(op: Operation) -> bool:
    """Found out with numbers, since the table of operations does not say it.

    An operation that fails for them is taken for one whose operands cannot be exchanged.
    """
    operands = op.sample(Random(0))
    # All orders of up to three operands; of more, whose orders are too many, the reversed one.
    orders = permutations(operands) if len(operands) <= 3 else [reversed(operands)]
    try:
        result = op.forward(*operands)
        return all(math.isclose(op.forward(*order), result) for order in orders)
    except Exception:  # a person's function, which may be made for other numbers
        return False

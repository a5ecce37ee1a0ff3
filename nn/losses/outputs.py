"""What the last step of a model is, seen in the graph of its outputs.

Probabilities that go into a loss on logits train a model badly and without a word: the loss takes
their softmax or sigmoid once more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import context
from autograd.operation import Operation
from autograd.operations import add, divide, exp, log, logsumexp, sigmoid, subtract, total
from autograd.structure import flatten
from autograd.value import Value

_LAST_STEPS = (exp, divide, sigmoid)

# What makes probabilities, and the loss that takes them.
_LOSSES = {"softmax": "categorical_cross_entropy", "sigmoid": "binary_cross_entropy"}


def check_logits(output: Any, loss: str) -> None:
    """Raise a ValueError if the output for one example is probabilities, and not logits.

    >>> from nn import softmax
    >>> check_logits(softmax([Value(1.0), Value(2.0)]), "cross_entropy")
    Traceback (most recent call last):
    ...
    ValueError: the model's last step is a softmax, so its outputs are probabilities, but ...
    """
    if isinstance(output, list | tuple) and output and isinstance(output[0], list | tuple):
        output = output[0]  # that of the first position
    if made_by := _last_step([x for x in flatten(output) if isinstance(x, Value)]):
        raise ValueError(
            f"the model's last step is a {made_by}, so its outputs are probabilities, but {loss} "
            f"takes logits: leave out the {made_by}, or take loss={_LOSSES[made_by]}"
        )


def refuse_probabilities(values: Sequence[Value], loss: str) -> None:
    """What `check_logits` does, for a loss that is called on Values; quick if they are logits."""
    if values and values[0].op in _LAST_STEPS and context.current().tracer is None:
        check_logits(list(values), loss)


def _last_step(outputs: list[Value]) -> str:
    """Gives "softmax" or "sigmoid", called or written out in exponentials; "" for all else."""
    if outputs and all(map(_is_sigmoid, outputs)):
        return "sigmoid"
    if outputs and all(map(_is_share, outputs)):
        # They may still be shares of different wholes, or some of a whole's.
        return "softmax" if math.isclose(sum(x.data for x in outputs), 1.0) else ""
    return ""


def _is_sigmoid(value: Value) -> bool:
    """`sigmoid(z)`, `1 / (1 + e)` or `e / (1 + e)`, where e is an exponential."""
    match _operands(divide, value):
        case (numerator, denominator) if _is_one(numerator) or numerator.op is exp:
            match _operands(add, denominator):
                case (a, b):
                    return (_is_one(a) and b.op is exp) or (a.op is exp and _is_one(b))
    return value.op is sigmoid


def _is_share(value: Value) -> bool:
    """`e / (e + e' + ...)`, where e, e', ... are exponentials, or `exp(z - log(e + e' + ...))`."""
    match _operands(divide, value):
        case (e, whole):
            return e.op is exp and _is_sum_of_exponentials(whole)
    match _operands(exp, value):
        case (logarithm,):
            whole_logarithm = _operands(subtract, logarithm)[1:]
            return any(map(_is_logarithm_of_sum, whole_logarithm))
    return False


def _is_logarithm_of_sum(value: Value) -> bool:
    value = next(iter(_operands(add, value)), value)  # `log_softmax` adds a zero to it
    return value.op is logsumexp or any(map(_is_sum_of_exponentials, _operands(log, value)))


def _is_sum_of_exponentials(value: Value) -> bool:
    found, seen, pending = False, {value}, [value]
    while pending:
        term = pending.pop()
        if term.op in (add, total):
            pending += set(term.operands) - seen
            seen.update(term.operands)
        elif term.op is exp:
            found = True
        elif term.kind != "constant":  # `sum()` begins with a zero.
            return False
    return found


def _is_one(value: Value) -> bool:
    return value.kind == "constant" and value.data == 1.0


def _operands(op: Operation, value: Value) -> tuple[Value, ...]:
    """The operands of a node that the operation made; of any other and of a constant, none."""
    return value.operands if value.op is op else ()

"""Programs as statements, and what a test asks of them."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.compiler.folding import folded
from autograd.compiler.graph import Argument
from autograd.compiler.lowering import Lowered, lowered
from autograd.compiler.scheduling import scheduled
from autograd.compiler.statements import Apply, Statement
from autograd.compiler.views import View
from tests.compiler.comparing import record_function


def lower(f: Callable[..., Any], *arguments: Argument, inputs: bool = False) -> Lowered:
    """The statements of a function, which is called `loss`."""
    graph = folded(record_function(f, arguments))
    return lowered(scheduled(graph, "loss", inputs=inputs), inputs)


def made(f: Callable[..., Any], *shapes: tuple[int, ...], inputs: bool = False) -> Lowered:
    arguments = [Argument(name, s, False) for name, s in zip("xyz", shapes, strict=False)]
    return lower(f, *arguments, inputs=inputs)


def steps(statements: Sequence[Statement]) -> list[str]:
    """The names of the kinds; of what is applied the operation's."""
    return [s.op.name if isinstance(s, Apply) else type(s).__name__ for s in statements]


def of(kind: type, statements: Sequence[Statement]) -> list[Any]:
    return [s for s in statements if isinstance(s, kind)]


def only(kind: type, statements: Sequence[Statement]) -> Any:
    (found,) = of(kind, statements)
    return found


def rows(view: View) -> list[int]:
    return view.places().ravel().tolist()


def reads(statement: Statement) -> list[View]:
    return [view for view in statement.views() if view is not statement.out]

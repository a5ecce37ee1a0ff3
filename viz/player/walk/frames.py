"""A step of a computation, to be read in Python or a terminal, and as a frame of the player."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from autograd import Value
from viz.player.walk.passes import Change, Phase
from viz.player.walk.wording import few
from viz.svg.texts.labels import number

WIDTH = 99


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What happens at once: a node is computed, or passes its gradient on to an operand.

    An operation on any number of operands passes to all of them in one step.

    Attributes:
        phase: "forward" or "backward".
        number: of the step in its phase, from 1.
        count: how many steps its phase has.
        node: the node at work.
        title: what it computes, `z = w * x`.
        rule: what happens, in words and numbers; a line for each number that appears.
        question: the rule's first line, as far as it says no result.
        sentence: what comes out, for who listens.
        changes: the numbers that appear: `.node`, `.name` ("data" or "grad"), `.before`, which
            is None if there was none, `.after`, and `.kept`, whether the number before is from
            another pass.
        places: to which of the node's operands it passes.
        unit: the neuron that the node belongs to; "" if to none.
        within: the same, if the names in the rule are to be understood within it.
    """

    phase: Phase
    number: int
    count: int
    node: Value
    title: str
    rule: str
    question: str
    sentence: str
    changes: tuple[Change, ...]
    places: tuple[int, ...]
    unit: str
    within: str

    def __str__(self) -> str:
        """The step in one line or a few, up to 99 characters wide; `rule` has all of them."""
        head = f"{self.phase:8} {self.number:>{len(str(self.count))}}/{self.count}  "
        rules = [*few(self.rule.splitlines())]
        if self.within:
            rules.insert(0, f"in {self.within}")
        lines = [line for rule in rules for line in _wrapped(rule, WIDTH - len(head))]
        return head + f"\n{' ' * len(head)}".join(lines)


def _wrapped(rule: str, width: int) -> list[str]:
    """A long chain of equal things on several lines, the first of them on one of its own.

    >>> _wrapped("y = w * x = 2 * 3 = 6", 15)
    ['y = w * x', '  = 2 * 3 = 6']
    """
    if len(rule) <= width:
        return [rule]
    name, *parts = rule.split(" = ")
    lines = [" = ".join([name, *parts[:1]])]
    for part in parts[1:]:
        if len(lines) > 1 and len(f"{lines[-1]} = {part}") <= width:
            lines[-1] += f" = {part}"
        else:
            lines.append(f"  = {part}")
    return [x for line in lines for x in wrap(line, width, subsequent_indent="    ")]


def frame(
    step: Step,
    ids: Mapping[Value, str],
    edges: Mapping[tuple[Value, int], str],
    line: Callable[[Value, str, float], str],
    unit: int,
) -> dict[str, Any]:
    """A step as the player shows it.

    Parameters:
        ids: the elements of the picture, by node.
        edges: those of the edges, by node and place of the operand.
        line: how a box tells its number or its gradient.
        unit: the number of the neuron; -1 for none.
    """
    places = range(len(step.node.operands)) if step.phase == "forward" else step.places
    texts = {(ids[c.node], c.name): line(c.node, c.name, c.after) for c in step.changes}
    return {
        "phase": step.phase,
        "at": ids[step.node],
        "edges": [edges[step.node, place] for place in places],
        "set": [[*place, text] for place, text in texts.items()],
        "title": step.title,
        "rule": step.rule,
        "say": _sentence(step),
        "unit": unit,
        "ask": _asked(step),
    }


def _sentence(step: Step) -> str:
    place = f", in {step.within}" if step.within else ""
    return f"{step.phase}{place}: {step.sentence}."


def _asked(step: Step) -> dict[str, str] | None:
    if not step.changes or step.question in step.rule.splitlines():
        return None
    shown = number(step.changes[0].after)
    place = f"In {step.within}, " if step.within else ""
    return {"question": f"{place}{step.question}?", "answer": shown}

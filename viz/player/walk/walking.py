"""A graph walked forward and backward: what happens, told step by step."""

from __future__ import annotations

from viz.player.walk.frames import Step
from viz.player.walk.passes import Event, Holdings, backward, forward
from viz.player.walk.rules import Speaker


def walked(speaker: Speaker, held: Holdings) -> list[Step]:
    """All steps of both passes.

    Parameters:
        speaker: knows the graph, and tells of it.
        held: what the leaves hold before.
    """
    phases = forward(speaker.names), backward(speaker.root, held)
    return [
        _step(speaker, event, number, len(events))
        for events in phases
        for number, event in enumerate(events, 1)
    ]


def _step(speaker: Speaker, event: Event, number: int, count: int) -> Step:
    rule = speaker.tell(event)
    return Step(
        phase=event.phase,
        number=number,
        count=count,
        node=event.node,
        title=rule.title,
        rule="\n".join(rule.lines),
        question=rule.question,
        sentence=rule.sentence,
        changes=tuple(change for change in event.changes if change),
        places=event.places,
        unit=speaker.homes.get(event.node, ""),
        within=rule.within,
    )

"""A compiled function: the scalars of one example beside the matrices they became.

The program is drawn as its source reads, from top to bottom, with a box for each instruction and
its lines; the backward pass follows. What flows from one to the next are edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd.compiler.function import Compiled
from viz.graphs.compiled.listing import Lines, Listing, broken, written_by
from viz.graphs.compiled.scalars import Group, grouped
from viz.graphs.picture import Box, Edge, Line, Picture
from viz.graphs.selection import TooManyNodesError

MAX_LINES = 120  # of a program, that can be read in one picture

FRAMES = ["one example, as it is written", "a batch, as it runs", "and its gradients"]
SCALARS, FORWARD, BACKWARD = range(3)


def compose_program(compiled: Compiled) -> Picture:
    """The program of the latest call on batches, beside the scalars that it was made of.

    >>> from autograd import Value, compiled
    >>> w = Value(2.0, label="w")
    >>> f = compiled(lambda x: (w * x).tanh())
    >>> _ = f([1.0, 2.0, 3.0])
    >>> picture = compose_program(f)
    >>> [box.label for box in picture.boxes if box.group == SCALARS]
    ['x', 'neuron 0']
    >>> [box.lines[0].text for box in picture.boxes if box.group == FORWARD][-1]
    'tanh(multiply_1, out=result)  # (1, batch)'

    Raises:
        CompilationError: it has not been compiled yet, runs eagerly, or was last called with plain
            numbers.
        TooManyNodesError: the program has too many lines to be read in one picture.
    """
    listing = Listing(compiled)
    forward, backward = listing.lengths
    if forward > MAX_LINES:
        raise TooManyNodesError(
            f"the program of {compiled.name}() has {forward:,} lines forward, too many to read in "
            f"one picture (at most {MAX_LINES}): print({compiled.name}.source) shows them all, or "
            "draw a compiled function of a part, such as one layer"
        )
    picture = Picture(groups=FRAMES[:BACKWARD], downwards=True)
    groups = grouped(compiled.graph, compiled.program.makers, listing)
    _add_scalars(picture, groups)
    _add_forward(picture, listing, groups)
    if forward + backward > MAX_LINES:
        picture.caption = (
            f"the {backward:,} lines of the backward pass are left out: "
            f"print({compiled.name}.source) shows them"
        )
    elif backward:
        picture.groups.append(FRAMES[BACKWARD])
        _add_backward(picture, listing)
    return picture


def _add_scalars(picture: Picture, groups: Iterable[Group]) -> None:
    for group in groups:
        times = f"\N{MULTIPLICATION SIGN} {group.times:,}" if group.times > 1 else ""
        box = Box("input" if group.is_argument else "operation", group.title, group=SCALARS)
        box.lines = [Line("note", text) for text in (group.formula, times) if text]
        box.edges = [Edge(source) for source in group.reads]
        picture.boxes.append(box)


def _add_forward(picture: Picture, listing: Listing, groups: Sequence[Group]) -> None:
    places = _add_lines(picture, listing.forward, FORWARD)
    for number, place in places.items():
        edges = picture.boxes[place].edges
        made_of = [i for i, group in enumerate(groups) if number in group.makers]
        # Before all others, so that the layout has the scalars on the left.
        result = written_by(listing.forward[number][-1])
        edges[:0] = [
            Edge(i, hover=f"{groups[i].title} → {result}", marks={"becomes"}) for i in made_of
        ]
        for k in listing.reads[number] if number >= 0 else ():
            if k in places:
                edges.append(Edge(places[k], hover=written_by(listing.forward[k][-1])))


def _add_backward(picture: Picture, listing: Listing) -> None:
    """Each gets its gradient from those that read it, the first from the result."""
    result = len(picture.boxes) - 1
    places = _add_lines(picture, listing.backward, BACKWARD)
    for user, sources in enumerate(listing.reads):
        for source in sources:
            if user in places and source in places:
                hover = f"to {written_by(listing.forward[source][-1])}"
                picture.boxes[places[source]].edges.append(Edge(places[user], hover=hover))
    picture.boxes[result + 1].edges = [Edge(result, hover="from the result back")]


def _add_lines(picture: Picture, lines: Lines, group: int) -> dict[int, int]:
    """A box for each instruction, one below the other; the place of each."""
    places: dict[int, int] = {}
    for number, statements in lines.items():
        box = Box("statement", group=group)
        box.lines = [Line("code", part) for line in statements for part in broken(line)]
        if places:
            box.edges.append(Edge(len(picture.boxes) - 1, marks={"order"}))
        places[number] = len(picture.boxes)
        picture.boxes.append(box)
    return places
